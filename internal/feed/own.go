package feed

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// own writes for programs what iCalendar has no property for, RFC 5545 §3.8.8.2, and for an
// attache that reads this feed which event an entry is of, and what the marks in its title, its
// categories and its dates do not tell. It is nothing that people are not shown.
func (w *writer) own(p *vevent) {
	e := p.Entry
	w.putText("X-ATTACHE-CERTAINTY", prose.CleanLine(string(e.Certainty)))
	w.put("X-ATTACHE-EARLIEST", bound(e.Window.Earliest))
	w.put("X-ATTACHE-LATEST", bound(e.Window.Latest))
	w.putText("X-ATTACHE-EDTF", edtf(e))
	stated := statements(p.Item.Entry)
	if len(stated) == 0 {
		return
	}
	w.putText("X-ATTACHE-EVENT", e.UID)
	if p.part == gone {
		w.put("X-ATTACHE-GONE", p.interval.startText())
	}
	if name := prose.Clip(title(e), titleRoom); name != summary(p, w.layout.feed.Options) {
		w.putText("X-ATTACHE-TITLE", name)
	}
	w.putText("X-ATTACHE-KIND", prose.CleanLine(string(e.Kind)))
	w.putText("X-ATTACHE-STATUS", prose.CleanLine(string(e.Status)))
	w.putText("X-ATTACHE-REASON", prose.Clip(prose.CleanLine(e.Reason), maxSummary))
	w.putText("X-ATTACHE-ZONE", prose.CleanLine(e.Zone))
	for _, s := range stated {
		w.putText("X-ATTACHE-WHEN", s)
	}
	for _, s := range e.Parties {
		w.putText("X-ATTACHE-PARTY", prose.CleanLine(s))
	}
	for _, s := range e.Topics {
		w.putText("X-ATTACHE-TOPIC", prose.CleanLine(s))
	}
}

// startText writes when s begins as its DTSTART does.
func (s interval) startText() string {
	if s.allDay {
		return date(s.start)
	}
	return stamp(s.start)
}

// statements returns the statements in force as they are written, where those alone say when e
// is; else, since others do not have what they lean on, its window as one statement.
func statements(e *agenda.Entry) []string {
	var out []string
	all := when.Unknown(e.Zone)
	for i := range e.When {
		x := e.When[i].Expr
		if e.Series != nil {
			x = x.Spelled(e.Zone, exceptedUntil(e))
		}
		switch {
		case !e.InForce(i) || x.IsTBD():
			continue
		case x.LeansOn() != "" || x.UsesCalendar():
			return windowText(e)
		}
		all, _ = all.Intersect(x.Window(e.Zone, "")) // where they contradict each other it is not that of e
		out = append(out, x.String())
	}
	w := &e.Window
	if len(out) == 0 || !all.Earliest.Same(w.Earliest) || !all.Latest.Same(w.Latest) || !all.EndsEarliest.Same(w.EndsEarliest) || !all.EndsLatest.Same(w.EndsLatest) {
		return windowText(e)
	}
	return out
}

// windowText returns the window of e as a statement, none of what comes again.
func windowText(e *agenda.Entry) []string {
	w := e.Window
	if e.Series != nil {
		return nil
	}
	day := func(b when.Bound) when.Point { return when.Point{Period: civil.Day(b.Day)} }
	x := when.Expr{Form: when.TBD}
	switch {
	case w.Precision == when.Instant:
		at := civil.Wall(w.Earliest.At, w.Location())
		clock := civil.Clock{Hour: at.Hour(), Minute: at.Minute(), Second: at.Second()}
		x = when.Expr{Form: when.At, A: when.Point{Period: civil.Day(civil.DateOf(at, time.UTC)), Timed: true, Clock: clock}, Zone: w.Zone}
		if w.EndsLatest.Timed {
			x.Lasts.Minutes = int(w.EndsLatest.At.Sub(w.Earliest.At) / time.Minute)
		}
	case w.Precision == when.Span && w.EndsLatest.Known():
		x = when.Expr{Form: when.From, A: day(w.Earliest), B: day(w.EndsLatest)}
	case w.Settled():
		x = when.Expr{Form: when.On, A: day(w.Earliest)}
	case w.Earliest.Known() && w.Latest.Known():
		x = when.Expr{Form: when.Between, A: day(w.Earliest), B: day(w.Latest)}
	case w.Earliest.Known():
		x = when.Expr{Form: when.NotBefore, A: day(w.Earliest)}
	case w.Latest.Known():
		x = when.Expr{Form: when.By, A: day(w.Latest)}
	}
	return []string{x.String()}
}
