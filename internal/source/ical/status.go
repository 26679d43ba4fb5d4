package ical

import (
	"strings"

	goical "github.com/emersion/go-ical"

	"attache/internal/event"
)

// status returns STATUS in capitals, "" for none.
func (e vevent) status() string { return strings.ToUpper(valueOf(e.Component, goical.PropStatus)) }

// status says of got whether e is cancelled: by its STATUS, in either spelling, or by the
// METHOD of its calendar. Some programs say so in the title alone, which is told, and may be
// no more than a title.
func (p *parser) status(e vevent, got *event.Event) {
	got.Status = event.Open
	rest, says := event.CutCancelled(got.Title)
	switch status := e.status(); {
	case e.done():
		got.Status, got.Reason = event.Met, "done in the calendar it was taken from"
	case e.cancelled, status == "CANCELLED", status == "CANCELED":
		got.Status, got.Reason = event.Cancelled, "cancelled in the calendar it was taken from"
		got.Title = rest
	case says && e.own == nil:
		p.found.Add(e.line, "the title %q says that it is cancelled, and STATUS does not: it is taken as it stands", got.Title)
	}
}

// done reports whether e is a task that is done, RFC 5545 §3.8.2.1 and §3.8.1.8.
func (e vevent) done() bool {
	return e.Name == goical.CompToDo && (e.status() == "COMPLETED" || e.Props.Get(goical.PropCompleted) != nil || valueOf(e.Component, goical.PropPercentComplete) == "100")
}
