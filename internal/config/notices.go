package config

import (
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/workday"
)

// Remind says how long before a date reminders go out.
type Remind struct {
	Ladders map[event.Kind][]notice.Lead `yaml:",inline"` // by kind
	// Of kinds without a ladder of their own
	Default []notice.Lead `yaml:"default"`
	// When in the day a reminder goes out whose lead counts in days, as in "09:00"
	At civil.Clock `yaml:"at"` // in the zone of its readers
	// For events that take place on some day of a window
	Window Window `yaml:"window"`
	// After how long it is asked whether a date still stands
	Recheck Recheck `yaml:"recheck"`
	// Whose business days are counted, as in US; left out, Monday to Friday
	Days *workday.Calendar `yaml:"calendar"`
}

// Window says when reminders of a date go out of which only a window is known.
type Window struct {
	// Before its first day, while no date is known
	Opens []notice.Lead `yaml:"opens"`
	// Before its last day, while no date is known
	Closes []notice.Lead `yaml:"closes"`
}

// Recheck says after how long it is asked whether a date still stands; zero is never.
type Recheck struct {
	// Of dates that are settled: a time such as 60d, or never
	Settled notice.Lead `yaml:"settled" as:"never or a lead"`
	// Of dates that are not: a time such as 30d, or never
	Unsettled notice.Lead `yaml:"unsettled" as:"never or a lead"`
}

// check lets ladders that are written replace the shipped ones all together, so that a
// default applies to every kind that is not named.
func (m *Remind) check(r *reader, _ field, written fieldList) {
	own, replaced := map[event.Kind][]notice.Lead{}, false
	for _, f := range written {
		ladder, ok := m.Ladders[event.Kind(f.key)]
		if r.null(f.v) || !ok && f.key != "default" {
			continue
		}
		if replaced = true; ok {
			own[event.Kind(f.key)] = ladder
		}
	}
	if replaced {
		m.Ladders = own
	}
}

// Digest is a message about all that is coming.
type Digest struct {
	// What the digest is called
	Name string `yaml:"name" required:""`
	// When, in five fields, as in "0 8 * * MON"
	Cron string `yaml:"cron" as:"cron" required:""` // in the configuration's Timezone
	// The channel, by name or id
	To string `yaml:"to" as:"channel" required:""`
	// How far ahead it looks, as in 7d
	Covers notice.Lead `yaml:"covers" default:"7d"`
	// Which events; left out, all of them
	Match agenda.Filter `yaml:"match"`
	// Whether it goes out even where there is nothing to say
	Empty bool `yaml:"empty"`
	// The audiences whose events the channel may carry, besides what is for everybody
	Audiences []string `yaml:"audiences" as:"audiences"`
}

func (d *Digest) check(r *reader, _ field, written fieldList) {
	if d.Covers.N == 0 || d.Covers.Elapsed() {
		r.fail(written.get("covers").v, "covers is a number of days, weeks or months, as in 7d")
	}
}

// QuietHours is when nothing is sent that can wait.
type QuietHours struct {
	// When quiet hours begin, as in "20:00"
	From civil.Clock `yaml:"from"` // the later one where the night lies between
	// When they end, as in "07:00"
	To civil.Clock `yaml:"to"`
	// Whether Saturday and Sunday are quiet as a whole
	Weekends bool `yaml:"weekends"`
	// Calendars such as US whose holidays are quiet as a whole
	Holidays []*workday.Calendar `yaml:"holidays"`
	// The IANA zone of from and to
	Timezone string `yaml:"timezone" as:"named zone"`
	// What is not held back
	Except []notice.Exempt `yaml:"except" as:"one or more"`
}

func (q *QuietHours) check(r *reader, f field, written fieldList) {
	n, from, to := r.resolve(f.v), written.has("from"), written.has("to")
	switch {
	case from != to:
		r.fail(n, "quiet_hours needs both from and to")
	case !from && !q.Weekends && len(q.Holidays) == 0:
		r.fail(n, "quiet_hours is never: add from and to, or weekends: true")
	case from && q.From == q.To && r.resolve(written.get("from").v).Value == r.resolve(written.get("to").v).Value:
		r.fail(n, "quiet_hours from %s to %s is either never or always", q.From, q.To)
	}
}

// filter is the shape of an [agenda.Filter].
type filter struct {
	IDs []string
	// Only events of one of these topics
	Topics []string `yaml:"topics"`
	// Only events with one of these parties
	Parties []string `yaml:"parties"`
	// Only events of one of these kinds
	Kinds []event.Kind `yaml:"kinds"`
	// Only events with one of these statuses
	Statuses []event.Status `yaml:"statuses"`
	// Only events with one of these certainties
	Certainties []event.Certainty `yaml:"certainties"`
	// Only events that are at least this certain
	MinCertainty event.Certainty `yaml:"min_certainty"`
	From, To     civil.Date
	Text         string
}

func (*filter) check(r *reader, _ field, written fieldList) {
	for _, f := range written {
		if f.key != "topics" && f.key != "parties" {
			continue
		}
		for _, item := range r.resolve(f.v).Content {
			n := r.resolve(item)
			r.all.wanted = append(r.all.wanted, wanted{f.key, strings.TrimSpace(n.Value), r.at(n)})
		}
	}
}

// limited is a filter that also says how close the date has to be.
type limited struct {
	filter
	// Only this close to the date, as in 24h
	Within time.Duration `yaml:"within"`
}

// route is the shape of a [notice.Route].
type route struct {
	// The channel, by name or id, as in "#trade-desk"
	To string `yaml:"to" as:"channel" required:"add the channel, as in to: \"#trade-desk\""`
	// The IANA zone of its readers; left out, the desk's timezone
	Timezone string `yaml:"timezone" as:"named zone"`
	// Which events; left out, all of them
	Match agenda.Filter `yaml:"match"`
	// Which notices; left out, all of them
	Notices []notice.Kind `yaml:"notices"`
	// Whom to mention, and when: @here, @channel, or the id of a user or of a user group
	Mentions []notice.Mention `yaml:"mention"`
	// The audiences whose events the channel may carry, besides what is for everybody
	Audiences []string `yaml:"audiences" as:"audiences"`
}

func (r *reader) exempt(f field) notice.Exempt {
	var l limited
	r.read(f, &l)
	return notice.Exempt{Match: agenda.Filter(l.filter), Within: l.Within}
}

var mentionsKnown = []string{"@here", "@channel", "@everyone"}

// mentions reads whom a route addresses: a map from each to when.
func (r *reader) mentions(f field) []notice.Mention {
	var out []notice.Mention
	fields, _ := r.fields(f)
	for _, one := range fields {
		if !mentionable(one.key) {
			r.found.fail(r.at(one.k).mending(one.key, nearest(one.key, mentionsKnown)), "%s cannot be mentioned: write @here, @channel, or the id of a user (U…) or of a user group (S…)%s",
				quoted(one.key), didYouMean(one.key, mentionsKnown))
			continue
		}
		x := r.exempt(one.called("a mention"))
		out = append(out, notice.Mention{Who: one.key, Match: x.Match, Within: x.Within})
	}
	return out
}

// mentionable reports whether who is a broadcast or an id. Names are not: Slack
// takes @anna for plain text.
func mentionable(who string) bool {
	if slices.Contains(mentionsKnown, who) {
		return true
	}
	if len(who) < 2 || !strings.ContainsAny(who[:1], "UWS") {
		return false
	}
	return !strings.ContainsFunc(who, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') })
}
