package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// ownPrefix begins the names of the properties that attache writes beside those of iCalendar.
const ownPrefix = "X-ATTACHE-"

// own is what a feed of attache says of the event that an entry is of. An entry may stand for
// the first day of its window, one of its days, or a date that holds no more.
type own struct {
	uid       string // of the event; that of the entry begins with it
	gone      bool   // the date of the entry holds no more
	title     string
	kind      event.Kind
	certainty event.Certainty
	status    event.Status
	reason    string
	zone      string
	when      []when.Expr // one at least
	parties   []string
	topics    []string
}

// mostOwn is how many statements, parties or topics are read of an event.
const mostOwn = 50

// ownOf reads what attache wrote of c, nil where it did not. The error says why it can't be
// used: others may have changed the entry since.
func ownOf(c *goical.Component) (*own, error) {
	list := func(name string) (out []string) {
		for _, v := range c.Props.Values(ownPrefix + name) {
			if s := prose.CleanLine(unescape(v.Value)); s != "" && len(out) < mostOwn {
				out = append(out, s)
			}
		}
		return out
	}
	one := func(name string) string { return strings.Join(list(name), " ") }
	o := &own{
		uid: one("EVENT"), gone: one("GONE") != "", title: cmp.Or(one("TITLE"), prose.CleanLine(text(c, goical.PropSummary))), kind: event.Kind(one("KIND")), certainty: event.Certainty(one("CERTAINTY")),
		status: event.Status(one("STATUS")), reason: one("REASON"), zone: one("ZONE"), parties: list("PARTY"), topics: list("TOPIC"),
	}
	for _, s := range list("WHEN") {
		x, err := when.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("its %sWHEN can't be read: %w", ownPrefix, err)
		}
		o.when = append(o.when, x)
	}
	if o.uid == "" {
		return nil, nil
	}
	if err := o.check(c); err != nil {
		return nil, err
	}
	return o, nil
}

// check reports why o can't be used of c.
func (o *own) check(c *goical.Component) error {
	_, err := civil.Zone(cmp.Or(o.zone, "UTC"))
	summary, _ := event.CutCancelled(o.title) // a feed leaves out what its mark says too
	switch {
	case !strings.HasPrefix(unescape(valueOf(c, goical.PropUID)), o.uid):
		return errors.New("its UID is that of another event")
	case c.Props.Get(goical.PropRecurrenceID) != nil:
		return errors.New("it is one of a series")
	case o.title == "" || !strings.Contains(prose.CleanLine(text(c, goical.PropSummary)), summary):
		return errors.New("its title is another")
	case o.kind != "" && !slices.Contains(event.Kinds(), o.kind):
		return fmt.Errorf("%q is no kind", short(string(o.kind)))
	case o.certainty != "" && !slices.Contains(event.Certainties(), o.certainty):
		return fmt.Errorf("%q is no certainty", short(string(o.certainty)))
	case !slices.Contains(event.Statuses(), o.status):
		return fmt.Errorf("%q is no status", short(string(o.status)))
	case err != nil:
		return err
	case len(o.when) == 0:
		return errors.New("it has no statement")
	}
	return o.agrees(c)
}

// agrees reports why what is stated is not of the date that the entry has.
func (o *own) agrees(c *goical.Component) error {
	value := valueOf(c, goical.PropDateTimeStart)
	if o.gone {
		if value != valueOf(c, ownPrefix+"GONE") {
			return errors.New("its date is another")
		}
		return nil
	}
	at, dated, err := ownStart(c.Props.Get(goical.PropDateTimeStart))
	if err != nil {
		return err
	}
	is := func(b when.Bound) bool { return dated && b.Day == dayOf(at) || !dated && b.Timed && b.At.Equal(at) }
	w := when.Unknown(cmp.Or(o.zone, "UTC"))
	for _, x := range o.when {
		if s, ok := x.Series(o.zone, ""); ok && comes(s, at, is) {
			return nil
		}
		if dated && slices.Contains(x.Options(), at.Format(time.DateOnly)) {
			return nil
		}
		w, _ = w.Intersect(x.Window(o.zone, "")) // an empty one has no such day
	}
	if is(w.Earliest) || dated && is(w.Latest) {
		return nil
	}
	return errors.New("its date is another")
}

// comes reports whether s has an occurrence that is said to begin about at.
func comes(s when.Series, at time.Time, begins func(when.Bound) bool) bool {
	for d := range s.From(at.Add(-48 * time.Hour)) {
		if start, _ := d.Window.Start(); begins(d.Window.Earliest) || start.After(at.Add(48*time.Hour)) {
			return begins(d.Window.Earliest)
		}
	}
	return false
}

// ownStart reads a DTSTART as attache writes it.
func ownStart(p *goical.Prop) (at time.Time, dated bool, err error) {
	if p == nil {
		return at, false, errors.New("it has no DTSTART")
	}
	if at, err = time.Parse("20060102", p.Value); err == nil {
		return at, true, inCalendar(at)
	}
	loc, err := civil.Zone(cmp.Or(p.Params.Get(goical.PropTimezoneID), "UTC"))
	if err != nil {
		return at, false, err
	}
	at, err = time.ParseInLocation("20060102T150405", strings.TrimSuffix(p.Value, "Z"), loc)
	return at, false, cmp.Or(err, inCalendar(at))
}

// oneOfOwn returns list, the entries with one UID, with one for all that attache wrote of an
// event: one whose date holds, if there is such.
func oneOfOwn(list []vevent) []vevent {
	var out []vevent
	var best *vevent
	for i := range list {
		e := &list[i]
		switch {
		case e.own == nil:
			out = append(out, *e)
		case best == nil, best.own.gone && !e.own.gone, best.own.gone == e.own.gone && age(e, best) > 0:
			best = e
		}
	}
	if best != nil && (!best.own.gone || len(out) == 0) {
		out = append(out, *best)
	}
	return out
}

// ours returns the event of an entry that attache wrote. What the options say of all events
// goes before what it says.
func (p *parser) ours(e vevent) event.Event {
	o := e.own
	got := p.dated(e, said{expr: o.when[0], zone: o.zone}, nil)
	first := got.When[0]
	for _, x := range o.when[1:] {
		first.Expr = x
		got.When = append(got.When, first)
	}
	got.Title, got.Parties = prose.Clip(o.title, maxTitle), o.parties
	got.Kind = cmp.Or(p.options.Kind, o.kind, event.Other)
	got.Certainty = cmp.Or(p.options.Certainty, o.certainty, got.Certainty)
	if got.Status == event.Cancelled && !e.cancelled && (o.gone || o.status.CalledOff()) || got.Status == event.Open {
		if got.Status, got.Reason = o.status, o.reason; o.status.CalledOff() && o.reason == "" {
			got.Reason = string(o.status) + " in the calendar it was taken from"
		}
	}
	if facts, rest, ok := strings.Cut(got.Note, "\n\n"); ok && strings.Contains(facts, "\nLast change: ") {
		got.Note = rest // the others are read already
	}
	categories := got.Topics[len(p.options.Topics):]
	got.Topics = slices.Clone(p.options.Topics)
	for _, s := range append(slices.Clone(o.topics), categories...) {
		marks := []string{string(o.kind), string(o.certainty), string(o.status)}
		if s = prose.Clip(s, maxTopic); !slices.Contains(got.Topics, s) && (slices.Contains(o.topics, s) || !slices.Contains(marks, s)) && len(got.Topics) < maxTopics {
			got.Topics = append(got.Topics, s)
		}
	}
	return got
}
