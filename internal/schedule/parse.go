package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/prose"
)

// shortest is the least time between two firings. What people read is planned
// in minutes, and anything quicker is a mistake that floods a channel.
const shortest = time.Minute

// longest bounds the length of a spec; five fields that list every value one
// by one stay below it.
const longest = 512

// fieldNames and fieldBounds describe the five fields in their order.
var (
	fieldNames  = [5]string{"minute", "hour", "day of month", "month", "day of week"}
	fieldBounds = [5]string{"0-59", "0-23", "1-31", "1-12 or JAN-DEC", "0-6 or SUN-SAT"}
)

// Parse reads a recurring schedule: the five fields of crontab(5), minute,
// hour, day of month, month and day of week; one of @hourly, @daily,
// @weekly, @monthly and @yearly; or "@every" with a Go duration, as in
// "@every 2h". The zone is loc, UTC when nil.
//
// As in crontab(5), a spec that restricts both days fires when either matches.
//
// An error is one line that names the spec. These are refused: an empty spec;
// a zone inside the spec (TZ=, CRON_TZ=), since it belongs to the
// configuration; a seconds field, or an interval of less than a minute or not
// of whole seconds; @reboot; and a spec that can never fire, like the 30th of
// February.
func Parse(spec string, loc *time.Location) (Spec, error) {
	if loc == nil {
		loc = time.UTC
	}
	text := strings.Join(strings.Fields(spec), " ")
	if err := refuse(text); err != nil {
		return Spec{}, err
	}
	if rest, ok := strings.CutPrefix(text, "@every "); ok {
		every, err := parseEvery(text, rest)
		if err != nil {
			return Spec{}, err
		}
		return Spec{text: text, zone: loc, every: every}, nil
	}
	fields, err := parseFields(text)
	if err != nil {
		return Spec{}, err
	}
	s := Spec{text: text, zone: loc, fields: fields}
	if s.neverFires() {
		return Spec{}, errorf(text, "never fires: there is no such day")
	}
	return s, nil
}

// refuse names what must not reach cron's parser, which panics on a bare
// "TZ=", or what deserves a plainer message than its own.
func refuse(text string) error {
	switch {
	case text == "":
		return errorf(text, `empty; write five fields like "0 9 * * MON", or @daily`)
	case len(text) > longest:
		return errorf(text, "longer than %d characters", longest)
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
		return errorf(text, "has characters that no schedule has")
	case strings.Contains(strings.ToUpper(text), "TZ="):
		return errorf(text, "leave the zone out: it comes from the configuration")
	case strings.EqualFold(text, "@reboot"):
		return errorf(text, "@reboot is not a time; name one, or use @daily")
	case text == "@every":
		return errorf(text, `@every wants an interval, as in "@every 2h"`)
	}
	return nil
}

// parseEvery reads the interval of "@every".
func parseEvery(text, interval string) (time.Duration, error) {
	every, err := time.ParseDuration(interval)
	switch {
	case err != nil:
		return 0, errorf(text, `interval %q is not understood; write it like "2h" or "1h30m"`, interval)
	case every <= 0:
		return 0, errorf(text, "the interval must be positive")
	case every < shortest:
		return 0, errorf(text, "more often than once a minute")
	case every%time.Second != 0:
		return 0, errorf(text, "the interval must be whole seconds")
	}
	return every, nil
}

// parseFields reads five fields or a descriptor.
func parseFields(text string) (*cron.SpecSchedule, error) {
	if !strings.HasPrefix(text, "@") {
		if err := checkFields(text); err != nil {
			return nil, err
		}
	}
	fields, err := cronParse(text)
	if err != nil {
		return nil, errorf(text, "not understood; known are @hourly, @daily, @weekly, @monthly, @yearly and @every")
	}
	return fields, nil
}

// checkFields tells which of the fields cron would refuse: it says neither
// the field's name nor what may stand there.
func checkFields(text string) error {
	given := strings.Fields(text)
	switch n := len(given); {
	case n == 6:
		return errorf(text, "six fields: seconds are not offered, leave the first out")
	case n != 5:
		return errorf(text, "has %s; five are wanted: minute, hour, day of month, month, day of week", prose.Count(n, "field"))
	}
	for i, f := range given {
		alone := [5]string{"*", "*", "*", "*", "*"}
		alone[i] = f
		parsed, err := cronParse(strings.Join(alone[:], " "))
		if err != nil || empty(parsed) {
			return errorf(text, "%s %q is not understood; it takes %s, *, ranges, lists and steps", fieldNames[i], f, fieldBounds[i])
		}
	}
	return nil
}

// cronParse is cron's parser behind a guard. The schedule it returns is asked
// in UTC only.
func cronParse(text string) (fields *cron.SpecSchedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			fields, err = nil, fmt.Errorf("%v", r)
		}
	}()
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return nil, err
	}
	fields, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("unexpected kind of schedule %T", parsed)
	}
	fields.Location = time.UTC
	return fields, nil
}

// empty reports whether a field allows no value at all, as cron lets "," do.
func empty(f *cron.SpecSchedule) bool {
	const star = 1 << 63
	for _, bits := range []uint64{f.Minute, f.Hour, f.Dom, f.Month, f.Dow} {
		if bits&^star == 0 {
			return true
		}
	}
	return false
}

// neverFires asks over a span that begins with a leap year.
func (s Spec) neverFires() bool {
	return s.nextReading(time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero()
}
