package phrase

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

const noMidnight = "midnight can begin the day or end it: write at: and 00:00 of the day that it begins"

var clockText = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?(a\.?m|p\.?m|o['’]clock)?$`)

// isClock reports whether w is part of a time of day.
func isClock(w word) bool {
	if w.text == "" || !isDigit(w.text[0]) {
		return slices.Contains([]string{"noon", "midday", "am", "pm", "a.m", "p.m", "o'clock", "o’clock"}, w.text)
	}
	m := clockText.FindStringSubmatch(w.text)
	return m != nil && (m[3] != "" || strings.Contains(w.text, ":"))
}

// hour is a time of day that stands among words, with the zone behind it, "" for that of the event.
type hour struct {
	clock civil.Clock
	half  string // a.m. or p.m. where it says so
	zone  string
	zoned bool // whether it says by whose clock
}

// String writes h as it stands behind a day.
func (h hour) String() string { return strings.TrimSpace(h.clock.String() + " " + h.zone) }

// hour reads a time of day: 12:01 a.m. ET, 5pm, noon Brussels time, 1045 GMT, 9 o'clock in the morning.
func (p *reader) hour() (h hour, ok bool) {
	p.take("at")
	w, next := p.next(), p.peek(1)
	if w.text == "" {
		return h, false
	}
	n := 1
	text := w.text
	switch {
	case w.text == "12" && (next.text == "noon" || next.text == "midday"):
		text, n = "noon", 2
	case isDigit(w.text[0]) && isClock(next) && !isDigit(next.text[0]):
		text, n = w.text+next.text, 2
	case len(w.text) == 4 && isDigit(w.text[0]):
		if _, four := syntax.Digits(w.text, 4); four {
			text = w.text[:2] + ":" + w.text[2:]
		}
	case !isClock(w):
		return h, false
	}
	if h.clock, ok = clockOf(text); !ok {
		return h, false
	}
	if isDigit(text[0]) {
		h.half = strings.TrimLeft(text, "0123456789:.")
	}
	for range n {
		p.skip()
	}
	p.one("sharp", "hours")
	p.zone(&h)
	return h, h.zoned || isClock(w) || n == 2
}

// zone reads the zone behind a time of day: GMT, ET, Asia/Seoul, Brussels time, local time.
func (p *reader) zone(h *hour) {
	start := p.pos
	h.zoned = true
	switch p.one("gmt", "local time", "eastern time", "eastern standard time", "eastern daylight time", "pacific time", "mountain time", "central time", "central european time", "central european summer time") {
	case 0:
	case 1:
		h.zone = "UTC"
		return
	case 2:
		return
	case 3, 4, 5:
		h.zone = "ET"
		return
	case 6:
		h.zone = "America/Los_Angeles"
		return
	case 7:
		h.zone = "America/Denver"
		return
	case 8:
		h.zone = "America/Chicago"
		return
	default:
		h.zone = "Europe/Brussels"
		return
	}
	for _, name := range []string{strings.ToUpper(p.next().text), p.next().text, "AoE"} {
		if name == "" || !strings.EqualFold(name, p.next().text) {
			continue
		}
		if _, err := civil.Zone(name); err == nil {
			p.skip()
			h.zone = civil.ZoneText(name)
			return
		}
	}
	for n := 1; n <= 3; n++ {
		if p.peek(n).text != "time" {
			continue
		}
		if zone, ok := civil.ZoneOfPlace(joined(p.words[p.pos : p.pos+n])); ok {
			h.zone = zone
			for range n + 1 {
				p.skip()
			}
			return
		}
	}
	p.pos, h.zoned = start, false
}

// clockOf reads 12:01 a.m., 5pm, 14:00 or noon.
func clockOf(s string) (civil.Clock, bool) {
	s = strings.ReplaceAll(s, " ", "")
	if s == "noon" || s == "midday" {
		return civil.Clock{Hour: 12}, true
	}
	m := clockText.FindStringSubmatch(s)
	if m == nil {
		return civil.Clock{}, false
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi("0" + m[2])
	if m[3] != "" && m[3][0] != 'o' {
		if h < 1 || h > 12 {
			return civil.Clock{}, false
		}
		h %= 12
		if m[3][0] == 'p' {
			h += 12
		}
	} else if m[3] != "" {
		return civil.Clock{}, false // of which half of the day
	}
	return civil.Clock{Hour: h, Minute: minute}, h < 24 && minute < 60
}

// midnight reads midnight and the words that belong to it.
func (p *reader) midnight() bool {
	start := p.pos
	p.take("at")
	p.take("12")
	if !p.take("midnight") {
		p.pos = start
		return false
	}
	p.one("on", "of")
	return true
}

// timed reads a day with a time of day before or behind it, or a time of day with its zone alone,
// which is that of the dateline. Midnight is where the day begins, or where it ends.
func (p *reader) timed() (Reading, Tense, bool) {
	start := p.pos
	p.one(inForce...)
	here := p.pos
	h, clock := hour{}, false
	midnight := p.midnight()
	if !midnight {
		if h, clock = p.hour(); !clock {
			p.pos = here
		}
	}
	leading := p.pos > here
	here = p.pos
	p.one("on", "of")
	n, ok := p.noun()
	if !ok && (!clock || !h.zoned) {
		if midnight {
			p.fail(start, noMidnight)
		}
		return Reading{}, Unsaid, false
	}
	if !ok {
		p.pos = here
		n = noun{one: oneOn(p.Dateline), unit: oneDay, says: "today"}
	}
	if !leading {
		if midnight = p.midnight(); !midnight {
			h, clock = p.hour()
		}
	}
	if !midnight && (!clock || !h.zoned) || n.unit != oneDay {
		return Reading{}, Unsaid, false
	}
	if midnight {
		return p.edges(n, start)
	}
	s, ok := p.chosen(n)
	if !ok || !s.hard || s.begins.After(s.last) { // the end of a day has its own hour
		return Reading{}, Unsaid, false
	}
	r, ok := p.some(s, n, start)
	r.Timed, r.Clock, r.Zone = true, h.clock, h.zone
	zone := h.zone
	if zone == "" {
		zone = "local time"
	}
	r.Says = h.clock.String() + " " + zone + " " + n.words()
	return r, n.shown, ok
}

// hours reads a time from one hour to another, on the day that stands beside it or beside each:
// from 14:00 to 16:00 CET on Thursday, between 9 and 11 a.m. GMT on 5 March. What is between two
// hours is on that day, by the clock of that zone.
func (p *reader) hours() (Reading, Tense, bool) {
	start := p.pos
	p.one("on")
	n, leading := p.noun()
	if leading = leading && n.unit == oneDay; !leading {
		p.pos = start
	}
	opening := p.one("from", "between")
	a, bare, ok := p.firstHour()
	if !ok {
		return Reading{}, Unsaid, false
	}
	first, named := noun{}, false
	if !leading && bare == "" {
		first, named = p.behindHour()
	}
	joint := p.one("to", "until", "till", "through", "and")
	if joint == 0 || (joint == 5) != (opening == 2) {
		return Reading{}, Unsaid, false
	}
	b, ok := p.hour()
	if bare != "" {
		if bare += b.half; len(bare) == 4 && b.half == "" {
			bare = bare[:2] + ":" + bare[2:]
		}
		if !isClock(word{text: bare}) {
			return Reading{}, Unsaid, false
		}
		var fits bool
		a.clock, fits = clockOf(bare)
		ok = ok && fits
	}
	if !ok || !b.zoned && !p.anyZone || a.zoned && a.zone != b.zone {
		return Reading{}, Unsaid, false
	}
	if !leading {
		n, leading = p.behindHour()
	}
	if !leading {
		n = noun{one: oneOn(p.Dateline), unit: oneDay, says: "today"}
	}
	if !named {
		first = n
	}
	from, okFrom := p.sure(first, start)
	to, okTo := p.sure(n, start)
	if !okFrom || !okTo || !from.isDay() || !to.isDay() || from.begins.After(from.last) || to.begins.After(to.last) || from.first == to.first && !a.clock.Before(b.clock) || to.first.Before(from.first) || opening == 2 && named {
		return Reading{}, Unsaid, false
	}
	r := Reading{First: from.first, Last: to.first, Lasts: true, Timed: true, Clock: a.clock, Until: b.clock, Zone: b.zone}
	r.Says = "from " + a.clock.String() + onDay(first, named) + " to " + b.clock.String() + " " + cmp.Or(b.zone, "local time") + " " + n.words()
	if opening == 2 {
		r.Lasts, r.Timed, r.Clock, r.Until = false, false, civil.Clock{}, civil.Clock{}
		r.Says = "between" + strings.Replace(strings.TrimPrefix(r.Says, "from"), " to ", " and ", 1)
	}
	return r, n.shown, true
}

// onDay writes the day of the first of two hours where it has its own.
func onDay(n noun, named bool) string {
	if !named {
		return ""
	}
	return " " + n.words()
}

// behindHour reads the day behind an hour.
func (p *reader) behindHour() (noun, bool) {
	start := p.pos
	p.one("on", "of")
	n, ok := p.noun()
	if !ok || n.unit != oneDay {
		p.pos = start
		return noun{}, false
	}
	return n, true
}

// firstHour reads the first of two hours, of which the second may say whether it is before noon:
// 9 to 11 a.m., 0900-1700 GMT.
func (p *reader) firstHour() (h hour, bare string, ok bool) {
	start := p.pos
	if h, ok = p.hour(); ok {
		return h, "", true
	}
	p.pos = start
	w := p.next().text
	if _, digits := syntax.Digits(w, len(w)); w == "" || !digits || len(w) > 4 || len(w) == 3 {
		return h, "", false
	}
	p.skip()
	return h, w, true
}

// edges returns both edges of a day, at one of which its midnight is.
func (p *reader) edges(n noun, start int) (Reading, Tense, bool) {
	s, ok := p.sure(n, start)
	if !ok || !s.isDay() || s.begins.After(s.last) {
		p.fail(start, noMidnight)
		return Reading{}, Unsaid, false
	}
	next := s.first.AddDays(1)
	r := Reading{First: s.first, Last: next, Options: []Days{{s.first, s.first}, {next, next}}, Midnight: true, Says: "midnight " + n.words()}
	return r, n.shown, true
}
