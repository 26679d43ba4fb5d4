package story

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// Date returns the date of e in one phrase, as it is possible now.
func (r Reader) Date(e *agenda.Entry) string {
	if e.Window.Precision == when.Instant {
		return r.Window(e.Window).Words()
	}
	if r.Now.IsZero() {
		return e.Words()
	}
	return e.WordsAt(r.Now)
}

// Line returns the date of e with the last safe day of a deadline that leaves only the day before.
func (r Reader) Line(e *agenda.Entry) string {
	if safe := r.lastSafe(e); safe != "" {
		return r.Date(e) + ", " + string(Safe) + " " + safe
	}
	return r.Date(e)
}

// Window returns w as r is told it: an instant in the zone of r. Days stay days of the zone
// in which they were meant.
func (r Reader) Window(w when.Window) when.Window {
	if r.Zone == nil || w.Precision != when.Instant {
		return w
	}
	w.Zone = r.Zone.String()
	for _, b := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		if b.Timed {
			b.Day = civil.DateOf(b.At, r.Zone)
		}
	}
	return w
}

// At writes an instant as its day and hour in a zone: Thu 30 Oct 2025, 09:00 Seoul time.
func At(t time.Time, loc *time.Location) string {
	return civil.Long(civil.DateOf(t, loc)) + ", " + t.In(loc).Format("15:04") + " " + civil.Place(loc.String())
}

// Hours returns the time of day of an instant with its zone: 09:00–10:30 Seoul time.
func Hours(w when.Window) string {
	loc := w.Location()
	out := w.Earliest.At.In(loc).Format("15:04")
	if w.Lasts() && w.EndsLatest.Timed {
		out += "–" + w.EndsLatest.At.In(loc).Format("15:04")
	}
	return out + " " + civil.Place(w.Zone)
}

// Edge writes one end of a window w.
func Edge(w when.Window, b when.Bound) string {
	switch {
	case !b.Known():
		return "open"
	case b.Timed:
		return At(b.At, w.Location())
	}
	return civil.Long(b.Day)
}

// Large is a date set large, in parts that read as one phrase.
type Large struct {
	Before string // Thu, Some day from
	Main   string // 30 Oct, 1 Jan to 16 Feb
	After  string // 2025; 2026, 14:00 Seoul time
}

// head is what a phrase begins with before its first day.
var head = regexp.MustCompile(`^(?:[A-Z][a-z]{2} |.*?\b(?:from|until|before|after|as) )`)

// year is the first year of a phrase, and what follows it.
var year = regexp.MustCompile(`^(.*?\d{1,2} [A-Z][a-z]{2}) (\d{4}(?:,.*)?)$`)

var anyYear = regexp.MustCompile(`\b\d{4}\b`)

// Large returns the date of e in its parts, with the days of the week of what lasts.
func (r Reader) Large(e *agenda.Entry) Large {
	phrase := r.Date(e)
	if strings.Contains(phrase, "(") { // what it was is told with it
		return Large{Main: prose.Capital(phrase)}
	}
	l := Large{Before: head.FindString(phrase)}
	if w := e.Window; l.Before == "" && w.Precision == when.Span {
		phrase = civil.Weekday(w.Earliest.Day) + "–" + civil.Weekday(w.EndsLatest.Day) + " " + phrase
		l.Before = phrase[:strings.Index(phrase, " ")+1]
	}
	if l.Main = phrase[len(l.Before):]; !strings.ContainsAny(l.Main, "0123456789") {
		return Large{Main: prose.Capital(phrase)}
	}
	if m := year.FindStringSubmatch(l.Main); m != nil && !anyYear.MatchString(m[1]) {
		l.Main, l.After = m[1], m[2]
	}
	if l.Before = strings.TrimSpace(prose.Capital(l.Before)); l.Before == "" {
		l.Main = prose.Capital(l.Main)
	}
	return l
}

// lastSafe returns the last day on the whole of which a deadline can be met, "" where that is
// the day of its date, or it has passed.
func (r Reader) lastSafe(e *agenda.Entry) string {
	d, ok := e.LastSafeDay()
	if !ok || e.Status.Over() || r.Now.After(e.Window.Latest.At) {
		return ""
	}
	return civil.Long(d)
}

// stated returns what was said of the date of e, unless date says as much.
func stated(e *agenda.Entry, date string) string {
	if e.Series != nil || e.WasPutOff() || Says(date, e.Stated) {
		return ""
	}
	return e.Stated
}

// Says reports whether the words of a date say all that a statement does: an instant is stated
// without its zone, and a bound with a word of its own.
func Says(date, stated string) bool {
	for _, same := range [][2]string{{"by ", "on or before "}, {"not before ", "on or after "}} {
		if day, ok := strings.CutPrefix(stated, same[0]); ok && date == same[1]+day {
			return true
		}
	}
	return strings.HasPrefix(date, stated) || strings.Contains(date, "("+stated+")")
}

// bounds returns the first and the last day that are possible for what has no day yet, with
// their weekdays, and how many there are: nothing where only one is known, which its date says.
// The end of a season is no limit that anybody stated.
func bounds(e *agenda.Entry) string {
	w := e.Window
	oneSided := w.Earliest.Known() != w.Latest.Known() && !w.Lasts() && !w.Earliest.Soft && !w.Latest.Soft
	if w.Precision != when.SomeDay || e.Status.Over() || oneSided {
		return ""
	}
	if options := e.Options(); len(options) > 1 {
		if when.Either(options) != "" { // its date names them
			return ""
		}
		return "one of " + prose.Count(len(options), "date")
	}
	var parts []string
	add := func(name string, b when.Bound) {
		switch {
		case b.Soft:
			parts = append(parts, name+" "+civil.Long(b.Day)+" (by convention)")
		case b.Known():
			parts = append(parts, name+" "+civil.Long(b.Day))
		}
	}
	add("first possible day", w.Earliest)
	if w.Lasts() {
		add("over by", w.EndsLatest)
		return strings.Join(parts, ", ")
	}
	add("last possible day", w.Latest)
	if len(parts) == 2 {
		parts = append(parts, prose.Count(w.Latest.Day.Sub(w.Earliest.Day)+1, "day")+" in all")
	}
	return strings.Join(parts, ", ")
}

// utc returns when e begins by the clock that all zones are counted from, "" where that is its own.
func utc(e *agenda.Entry) string {
	if e.Window.Precision != when.Instant || e.Window.Zone == "UTC" {
		return ""
	}
	at := e.Window.Earliest.At.UTC()
	return civil.Long(civil.DateOf(at, time.UTC)) + ", " + at.Format("15:04")
}

// Away returns how far off e is, in days of the reader's calendar: today is the day there.
// It is "" where there is no date.
func (r Reader) Away(e *agenda.Entry, today civil.Date) string {
	w := r.Window(e.Window)
	start, _ := w.Start()
	end, _ := w.End()
	days := w.EndsLatest.Day.Sub(w.Earliest.Day) + 1
	switch {
	case w.Precision == when.None:
		return ""
	case !w.Settled():
		return windowAway(w, today)
	case r.Now.Before(start):
		return r.until(w, start, today)
	case days == 1 && w.Earliest.Timed && r.Now.Before(end) && end.After(start):
		return "now"
	case days == 1:
		return prose.Away(w.Earliest.Day.Sub(today))
	case r.Now.Before(end):
		return fmt.Sprintf("day %d of %d", min(max(today.Sub(w.Earliest.Day)+1, 1), days), days)
	}
	return "ended " + prose.Away(min(w.EndsLatest.Day.Sub(today), 0))
}

// until returns how far off the beginning of w is.
func (r Reader) until(w when.Window, start time.Time, today civil.Date) string {
	left := start.Sub(r.Now)
	switch {
	case !w.Earliest.Timed || left >= prose.Soon:
		return prose.Away(max(w.Earliest.Day.Sub(today), 0))
	case left >= 4*time.Hour: // it is read some time after it was made
		left = left.Truncate(time.Hour)
	}
	return "in " + prose.Duration(left)
}

// windowAway returns when something whose day is not known can come.
func windowAway(w when.Window, today civil.Date) string {
	lo, hi := w.Earliest, w.Latest
	if lo.Known() && lo.Day.After(today) {
		return "first possible day " + prose.Away(lo.Day.Sub(today))
	}
	if !hi.Known() {
		return "any day now"
	}
	switch left := hi.Day.Sub(today); {
	case left < 0:
		return "its last possible day was " + prose.Away(left)
	case left == 0:
		return "today at the latest"
	case left == 1:
		return "tomorrow at the latest"
	default:
		return "within " + prose.Count(left, "day")
	}
}
