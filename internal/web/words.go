package web

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

// relative says how far off e is at now, in days of the calendar of its own
// zone; "" where it has no date.
func relative(e agenda.Entry, now time.Time) string {
	w, today := e.Window, e.Today(now)
	switch {
	case w.Precision == when.None:
		return ""
	case !w.Settled():
		return windowAway(w, today)
	}
	start, _ := w.Start()
	end, _ := w.End()
	days := w.EndsLatest.Day.Sub(w.Earliest.Day) + 1
	switch {
	case now.Before(start) || days == 1:
		return notice.Until(e, now)
	case now.Before(end):
		return fmt.Sprintf("day %d of %d", today.Sub(w.Earliest.Day)+1, days)
	}
	return "ended " + ago(today.Sub(w.EndsLatest.Day))
}

// windowAway says when something whose day is not known can come.
func windowAway(w when.Window, today when.Date) string {
	lo, hi := w.Earliest, w.Latest
	ahead := lo.Known() && lo.Day.After(today)
	if !hi.Known() {
		if ahead {
			return "not within " + count(lo.Day.Sub(today), "day")
		}
		return "any day now"
	}
	left := hi.Day.Sub(today)
	switch {
	case left < 0:
		return "its last day was " + ago(-left)
	case ahead:
		return fmt.Sprintf("in %d to %d days", lo.Day.Sub(today), left)
	case left == 0:
		return "today at the latest"
	case left == 1:
		return "tomorrow at the latest"
	}
	return fmt.Sprintf("any day, within %d days", left)
}

// ago says how many days have passed.
func ago(days int) string {
	switch days {
	case 0:
		return "today"
	case 1:
		return "yesterday"
	}
	return count(days, "day") + " ago"
}

// count writes a number of things: 1 event, 2 events.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// dateWords is a date set large, in parts that read as one phrase.
type dateWords struct {
	Before string // "Thu", "some day"
	Main   string // "30 Oct", "1 Jan – 16 Feb"
	After  string // "2025", "2026, 14:00 Seoul time"
	ISO    string // for a time element; "" where the day is not known
	Away   string // how far off
}

// setDate gives the date of e to be set large.
func setDate(e agenda.Entry, now time.Time) dateWords {
	d := parts(e.Window)
	d.Away = relative(e, now)
	return d
}

func parts(w when.Window) dateWords {
	lo, hi := w.Earliest, w.Latest
	switch {
	case w.Precision == when.None:
		return dateWords{Main: "No date yet"}
	case w.Settled() && w.EndsLatest.Known() && w.EndsLatest.Day != lo.Day:
		d := stretch(lo.Day, w.EndsLatest.Day)
		d.Before, d.ISO = weekday(lo.Day)+"–"+weekday(w.EndsLatest.Day), iso(w)
		return d
	case w.Settled():
		d := dateWords{Before: weekday(lo.Day), Main: dayMonth(lo.Day), After: fmt.Sprint(lo.Day.Year), ISO: iso(w)}
		if w.Precision == when.Instant {
			d.After += ", " + hours(w)
		}
		return d
	case lo.Known() && hi.Known():
		d := stretch(lo.Day, hi.Day)
		d.Before = "Some day"
		return d
	case hi.Known():
		return dateWords{Before: "No later than", Main: dayMonth(hi.Day), After: fmt.Sprint(hi.Day.Year)}
	}
	return dateWords{Before: "Not before", Main: dayMonth(lo.Day), After: fmt.Sprint(lo.Day.Year)}
}

// stretch gives two days as one phrase: 26–30 Oct, 1 Jan – 16 Feb.
func stretch(a, b when.Date) dateWords {
	words := when.Range(a, b, "–")
	if a.Year == b.Year {
		year := fmt.Sprintf(" %d", b.Year)
		return dateWords{Main: strings.TrimSuffix(words, year), After: strings.TrimSpace(year)}
	}
	return dateWords{Main: words}
}

// hours gives the time of day of w with its place.
func hours(w when.Window) string {
	loc := w.Location()
	out := w.Earliest.At.In(loc).Format("15:04")
	if w.Lasts() && w.EndsLatest.Timed {
		out += "–" + w.EndsLatest.At.In(loc).Format("15:04")
	}
	return out + " " + when.Place(w.Zone)
}

// iso gives the start of w for programs.
func iso(w when.Window) string {
	if w.Earliest.Timed {
		return w.Earliest.At.In(w.Location()).Format(time.RFC3339)
	}
	return w.Earliest.Day.String()
}

func weekday(d when.Date) string { return d.Weekday().String()[:3] }

func dayMonth(d when.Date) string { return fmt.Sprintf("%d %s", d.Day, d.Month.String()[:3]) }

// sentence begins the English words s with a capital letter.
func sentence(s string) string {
	if s == "" || s[0] >= utf8.RuneSelf {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// badge is a word on how things stand.
type badge struct {
	About string // what it is about, for those who do not see its place
	Text  string
	Tone  string // ok, info, warn, off
}

// badges gives how certain e is and what became of it.
func badges(e agenda.Entry, now time.Time) []badge {
	out := []badge{{"Certainty", sentence(string(e.Certainty)), certaintyTone(e.Certainty)}}
	if b := standing(e, now); b.Text != "" {
		out = append(out, b)
	}
	if len(e.Contradictions) > 0 {
		out = append(out, badge{"Statements", "Contradiction", "warn"})
	}
	return out
}

func certaintyTone(c event.Certainty) string {
	switch {
	case c.AtLeast(event.Confirmed):
		return "ok"
	case c.AtLeast(event.Planned):
		return "info"
	}
	return "warn"
}

// standing gives the status of e, or the phase it is in while it has none.
func standing(e agenda.Entry, now time.Time) badge {
	b := badge{About: "Status", Text: sentence(string(e.Status)), Tone: "off"}
	switch {
	case e.Status.TookPlace():
		b.Tone = "ok"
	case e.Status == event.Deferred || e.Status == event.Lapsed:
		b.Tone = "warn"
	}
	if e.Status != event.Open {
		return b
	}
	switch e.Phase(now) {
	case agenda.AwaitingOutcome:
		b.Text, b.Tone = "No outcome recorded", "warn"
	case agenda.UnderWay:
		b.Text, b.Tone = "Under way", "info"
	case agenda.WindowOpen:
		b.Text, b.Tone = "Can come any day", "info"
	case agenda.Closing:
		b.Text, b.Tone = "Window closing", "warn"
	case agenda.Over:
		b.Text = "Passed"
	default:
		b.Text = ""
	}
	return b
}

// unsettled says what is not known about e, a sentence each.
func unsettled(e agenda.Entry) []string {
	var out []string
	w := e.Window
	switch {
	case w.Precision == when.None: // that is said where its date would be
	case !w.Settled():
		out = append(out, sentence(w.Words())+"; which day is not known.")
		if w.Earliest.Soft || w.Latest.Soft {
			out = append(out, softWords(e))
		}
	case w.Precision == when.OneDay && (e.Kind == event.Deadline || e.Kind == event.Meeting):
		out = append(out, "No time of day was stated.")
	}
	for _, names := range e.Contradictions {
		out = append(out, "These statements cannot all hold: "+strings.Join(names, ", ")+".")
	}
	return out
}

// softWords says which ends of a window nobody stated.
func softWords(e agenda.Entry) string {
	ends := "the first and the last day are"
	switch {
	case !e.Window.Latest.Soft:
		ends = "the first day is"
	case !e.Window.Earliest.Soft:
		ends = "the last day is"
	}
	return "What was said is “" + e.Stated + "”; " + ends + " only how that is usually counted."
}

// outcomes names what can be recorded of an event of kind k once it has passed.
func outcomes(k event.Kind) string {
	switch k {
	case event.Deadline:
		return "met, in force, averted, deferred or cancelled"
	case event.Measure:
		return "in force, averted, deferred or cancelled"
	}
	return "held, deferred or cancelled"
}
