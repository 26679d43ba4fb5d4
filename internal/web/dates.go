package web

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/prose"
	"attache/internal/story"
	"attache/internal/when"
)

// reader is whom the pages are written for.
func (req request) reader() story.Reader {
	r := story.Reader{Now: req.now, Sources: req.cal.Sources()}
	if !req.own() {
		r.Zone = req.loc
	}
	return r
}

// dateWords is a date set large, in parts that read as one phrase.
type dateWords struct {
	story.Large
	ISO  string // for a time element; "" where the day is not known
	Away string // how far off
}

// setDate returns the date of e to be set large.
func (req request) setDate(e *agenda.Entry) dateWords {
	d := dateWords{Large: req.reader().Large(e), Away: req.away(e)}
	if w := req.reader().Window(e.Window); w.Settled() {
		d.ISO = iso(w)
	}
	return d
}

// away returns how far off e is, in days of the calendar of the page.
func (req request) away(e *agenda.Entry) string { return req.reader().Away(e, req.today) }

// date returns the date of e in one phrase, with its last safe day.
func (req request) date(e *agenda.Entry) string { return prose.Capital(req.reader().Line(e)) }

// iso returns the start of w for programs.
func iso(w when.Window) string {
	if w.Earliest.Timed {
		return w.Earliest.At.In(w.Location()).Format(time.RFC3339)
	}
	return w.Earliest.Day.String()
}
