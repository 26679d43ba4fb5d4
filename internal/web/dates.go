package web

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// relative returns how far off e is, in days of the calendar of the page: from today as
// the page has it to the day that it shows; "" where e has no date.
func (req request) relative(e *agenda.Entry) string {
	w := req.window(e.Window)
	switch {
	case w.Precision == when.None:
		return ""
	case !w.Settled():
		return windowAway(w, req.today)
	}
	start, _ := w.Start()
	end, _ := w.End()
	days := w.EndsLatest.Day.Sub(w.Earliest.Day) + 1
	switch {
	case req.now.Before(start):
		return req.until(w, start)
	case days == 1 && w.Earliest.Timed && req.now.Before(end) && end.After(start):
		return "now"
	case days == 1:
		return prose.Away(w.Earliest.Day.Sub(req.today))
	case req.now.Before(end):
		return fmt.Sprintf("day %d of %d", min(max(req.today.Sub(w.Earliest.Day)+1, 1), days), days)
	}
	return "ended " + prose.Away(min(w.EndsLatest.Day.Sub(req.today), 0))
}

// until returns how far off the beginning of w is.
func (req request) until(w when.Window, start time.Time) string {
	left := start.Sub(req.now)
	switch {
	case !w.Earliest.Timed || left >= prose.Soon:
		return prose.Away(max(w.Earliest.Day.Sub(req.today), 0))
	case left >= 4*time.Hour: // the page is read some time after it was made
		left = left.Truncate(time.Hour)
	}
	return "in " + prose.Duration(left)
}

// windowAway returns when something whose day is not known can come.
func windowAway(w when.Window, today civil.Date) string {
	lo, hi := w.Earliest, w.Latest
	if lo.Known() && lo.Day.After(today) {
		return "opens " + prose.Away(lo.Day.Sub(today))
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
		return fmt.Sprintf("any day, within %d days", left)
	}
}

// dateWords is a date set large, in parts that read as one phrase.
type dateWords struct {
	Before string // "Thu", "some day"
	Main   string // "30 Oct", "1 Jan – 16 Feb"
	After  string // "2025", "2026, 14:00 Seoul time"
	ISO    string // for a time element; "" where the day is not known
	Away   string // how far off
}

// setDate returns the date of e to be set large.
func (req request) setDate(e *agenda.Entry) dateWords {
	d := parts(req.window(e.Window))
	switch {
	case e.Unrecorded():
		return dateWords{Main: prose.Capital(e.Words())}
	case e.Leaning != "" || e.Was != "":
		d.Main = prose.Capital(e.Words())
	}
	if last := e.Window.EndsLatest.Day; e.HasBegun(req.now) {
		d.Before, d.Main, d.After = "Any day to", civil.DayMonth(last), fmt.Sprint(last.Year)
	}
	d.Away = req.relative(e)
	return d
}

// dayWords returns the date of e in one phrase, with the place where its days are
// counted: "Thu 30 Oct 2025, Seoul".
func (req request) dayWords(e *agenda.Entry) string {
	w := req.window(e.Window)
	if w.Precision == when.None || w.Precision == when.Instant {
		return req.dateWords(e)
	}
	return req.dateWords(e) + ", " + civil.City(w.Zone)
}

// dateWords returns the date of e in one phrase. Only an instant names its zone.
func (req request) dateWords(e *agenda.Entry) string {
	w := req.window(e.Window)
	words := w.Words()
	if w.Precision != when.Instant {
		words = e.WordsAt(req.now)
	}
	if w.Precision == when.Instant {
		words = strings.Replace(words, civil.Place(w.Zone), civil.City(w.Zone), 1)
	}
	return prose.Capital(words)
}

func parts(w when.Window) dateWords {
	lo, hi := w.Earliest, w.Latest
	switch {
	case w.Precision == when.None:
		return dateWords{Main: "No date yet"}
	case w.Settled() && w.EndsLatest.Known() && w.EndsLatest.Day != lo.Day:
		d := stretch(lo.Day, w.EndsLatest.Day)
		d.Before, d.ISO = civil.Weekday(lo.Day)+"–"+civil.Weekday(w.EndsLatest.Day), iso(w)
		return d
	case w.Settled():
		d := dateWords{Before: civil.Weekday(lo.Day), Main: civil.DayMonth(lo.Day), After: fmt.Sprint(lo.Day.Year), ISO: iso(w)}
		if w.Precision == when.Instant {
			d.After += ", " + hours(w)
		}
		return d
	case lo.Known() && hi.Known():
		d := stretch(lo.Day, w.EndsLatest.Day)
		if d.Before = "Some day"; w.Days() > 0 {
			d.Before = prose.Count(w.Days(), "day") + " in"
		}
		return d
	case hi.Known():
		return dateWords{Before: "No later than", Main: civil.DayMonth(hi.Day), After: fmt.Sprint(hi.Day.Year)}
	}
	return dateWords{Before: "Not before", Main: civil.DayMonth(lo.Day), After: fmt.Sprint(lo.Day.Year)}
}

// stretch returns two days as one phrase: 26–30 Oct, 1 Jan – 16 Feb.
func stretch(a, b civil.Date) dateWords {
	words := civil.Range(a, b, "–")
	if a.Year == b.Year {
		year := fmt.Sprintf(" %d", b.Year)
		return dateWords{Main: strings.TrimSuffix(words, year), After: strings.TrimSpace(year)}
	}
	return dateWords{Main: words}
}

// hours returns the time of day of w with its place.
func hours(w when.Window) string {
	loc := w.Location()
	out := w.Earliest.At.In(loc).Format("15:04")
	if w.Lasts() && w.EndsLatest.Timed {
		out += "–" + w.EndsLatest.At.In(loc).Format("15:04")
	}
	return out + " " + civil.City(w.Zone)
}

// instantWords writes an instant in a zone: Thu 30 Oct 2025, 09:00 Seoul.
func instantWords(t time.Time, loc *time.Location) string {
	return civil.Long(civil.DateOf(t, loc)) + ", " + t.In(loc).Format("15:04") + " " + civil.City(loc.String())
}

// iso returns the start of w for programs.
func iso(w when.Window) string {
	if w.Earliest.Timed {
		return w.Earliest.At.In(w.Location()).Format(time.RFC3339)
	}
	return w.Earliest.Day.String()
}
