package feed

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
)

// part says what an entry of a calendar stands for.
type part int

const (
	whole  part = iota // the event itself
	opens              // the first day of a window
	latest             // the last day of a window
	option             // a day of which the event takes place on one
	gone               // what was shown before and holds no more
)

// optionSuffix comes behind the UID of an event, and before the day, in the entry of one of the
// days on which it can be.
const optionSuffix = "-opt-"

// entry is one entry that a calendar has of an event.
type entry struct {
	suffix   string // behind the UID of the event
	part     part
	interval interval
	gone     time.Time     // when it ceased to hold; zero unless part is gone
	of       *agenda.Entry // the event on one day of a series; nil is the event as it stands
	series   bool          // the whole series, with its rule
}

// widest is how many days a window has at most that is one entry over all of them.
const widest = 14

// mostOptions is how many days a set of which one holds has at most as entries.
const mostOptions = 31

// entriesOf returns the entries of e, none where it has no date or a window that is not to
// be shown.
func entriesOf(e *agenda.Entry, how Windows) []entry {
	if e.Series != nil {
		return seriesEntries(e)
	}
	s, ok := intervalOf(e.Window)
	switch {
	case !ok:
		return oneSided(e, how)
	case e.Window.Settled():
		return []entry{{interval: s}}
	case how == Hidden:
		return nil
	}
	if days := options(e); len(days) > 0 && !e.Unrecorded() {
		out := make([]entry, 0, len(days))
		for _, d := range days {
			out = append(out, entry{suffix: optionSuffix + d.String(), part: option, interval: dayInterval(d)})
		}
		return out
	}
	first, last := e.Window.Earliest.Day, e.Window.Latest.Day
	if how == Spans || first.AddDays(widest-1).Compare(last) >= 0 {
		return []entry{{interval: s}}
	}
	edges := []entry{
		{suffix: "-opens", part: opens, interval: dayInterval(first)},
		{suffix: "-latest", part: latest, interval: dayInterval(last)},
	}
	if e.Unrecorded() { // it took place: one that still lies ahead would be wrong
		return edges[:1]
	}
	return edges
}

// oneSided returns the entry of an event of which one end alone is known, on that edge. What
// took place did so when that was recorded, at the latest.
func oneSided(e *agenda.Entry, how Windows) []entry {
	w := e.Window
	switch {
	case how == Hidden:
		return nil
	case w.Latest.Known():
		return []entry{{suffix: "-latest", part: latest, interval: dayInterval(lastDay(e))}}
	case w.Earliest.Known():
		return []entry{{suffix: "-opens", part: opens, interval: dayInterval(w.Earliest.Day)}}
	}
	return nil
}

// lastDay returns the last day on which e can be, or can have been.
func lastDay(e *agenda.Entry) civil.Date {
	last := e.Window.Latest.Day
	if recorded := civil.DateOf(e.Modified, e.Window.Location()); e.Unrecorded() && recorded.Before(last) {
		return recorded
	}
	return last
}

// options returns the days of which e takes place on one, as far as they are still
// possible; none where that was not what was stated.
func options(e *agenda.Entry) []civil.Date {
	for i := range e.When {
		st := &e.When[i]
		if st.Expr.EDTF == "" || !e.InForce(i) {
			continue
		}
		var out []civil.Date
		for _, o := range st.Expr.Options() {
			d, err := civil.ParseDate(o)
			if err != nil {
				return nil // a set of months: its window says all
			}
			if d.Compare(e.Window.Earliest.Day) >= 0 && d.Compare(e.Window.Latest.Day) <= 0 {
				out = append(out, d)
			}
		}
		if len(out) > 0 && len(out) <= mostOptions {
			slices.SortFunc(out, civil.Date.Compare)
			return slices.Compact(out)
		}
	}
	return nil
}

// Modes are ways to show windows, one bit each.
type Modes uint8

func modeOf(w Windows) Modes {
	switch w {
	case Spans:
		return 2
	case Hidden:
		return 4
	}
	return 1
}

// Published is an entry that calendars were given of an event, as it has to be remembered:
// one that holds no more is shown as cancelled for some time, since calendars otherwise
// keep or silently lose it.
type Published struct {
	Modes  Modes     // the ways to show windows in which it was given
	Suffix string    // behind the UID of the event
	Start  time.Time // UTC; of an all-day entry the midnight of its civil date
	End    time.Time // likewise, excluded
	AllDay bool
	Gone   time.Time // UTC, when it ceased to hold; zero while it holds
}

// longestKept bounds for how long what is gone is remembered, whatever a feed keeps.
const longestKept = 400 * 24 * time.Hour

// History returns what calendars were given of e once they have it as it is at now. before is
// what History gave the last time. What had been deferred to no date when it was first read is
// shown as if it had been published with the date that it had.
func History(e agenda.Entry, before []Published, now time.Time) []Published {
	var out []Published
	if e.WasPutOff() && len(before) == 0 && e.Had != nil {
		had := e
		had.Window, had.Was, had.Status = *e.Had, "", event.Open
		for _, how := range AllWindows() {
			for _, s := range entriesOf(&had, how) {
				before = merge(before, Published{modeOf(how), s.suffix, s.interval.start, s.interval.end, s.interval.allDay, e.Created.UTC().Truncate(time.Second)})
			}
		}
	}
	now = now.UTC().Truncate(time.Second)
	for _, how := range AllWindows() {
		current := entriesOf(&e, how)
		for _, s := range current {
			out = merge(out, Published{modeOf(how), s.suffix, s.interval.start, s.interval.end, s.interval.allDay, time.Time{}})
		}
		for _, b := range before {
			held := slices.ContainsFunc(current, func(s entry) bool { return s.suffix == b.Suffix })
			if b.Modes&modeOf(how) == 0 || held {
				continue
			}
			if b.Modes = modeOf(how); b.Gone.IsZero() {
				b.Gone = now
			}
			if now.Sub(b.Gone) < longestKept {
				out = merge(out, b)
			}
		}
	}
	return out
}

// merge adds s to list, or its modes to what is the same otherwise.
func merge(list []Published, s Published) []Published {
	for i, have := range list {
		if have.Suffix == s.Suffix && have.Start.Equal(s.Start) && have.End.Equal(s.End) && have.AllDay == s.AllDay && have.Gone.Equal(s.Gone) {
			list[i].Modes |= s.Modes
			return list
		}
	}
	return append(list, s)
}

// goneEntries returns what was shown of it in the way of how and holds no more.
func goneEntries(it *Item, how Windows) []entry {
	var out []entry
	for _, s := range it.History {
		if s.Modes&modeOf(how) != 0 && !s.Gone.IsZero() {
			out = append(out, entry{suffix: s.Suffix, part: gone, interval: interval{s.Start.UTC(), s.End.UTC(), s.AllDay}, gone: s.Gone})
		}
	}
	return out
}

// Span says which entries a feed has by their days. It moves with the day, not with the
// second, so that a feed stays the same all day. The zero Span has all.
type Span struct {
	Today civil.Date     // in Zone
	From  civil.Date     // what ended before this day, and was last revised before it too, is left out
	To    civil.Date     // what begins after this day is left out; zero is no limit
	Kept  civil.Date     // what was called off, or ceased to hold, before this day is left out
	Zone  *time.Location // of all these days; nil is UTC
}

// has reports whether an entry of it belongs into a feed.
func (p Span) has(it *Item, s entry) bool {
	if p.Today.IsZero() {
		return true
	}
	off := s.gone
	if it.Entry.Status.CalledOff() && (off.IsZero() || !it.Off.IsZero() && it.Off.Before(off)) {
		off = it.Off
	}
	if !off.IsZero() && civil.DateOf(off, p.zone()).Before(p.Kept) {
		return false
	}
	first, end := civil.DateOf(s.interval.start, time.UTC), civil.DateOf(s.interval.end, time.UTC)
	if s.series {
		last, ends := it.Entry.Series.End()
		if !ends {
			return p.To.IsZero() || !first.After(p.To)
		}
		end = last.Window.EndsLatest.Day
	}
	old := end.Before(p.From) && civil.DateOf(it.Entry.Modified, p.zone()).Before(p.From)
	return !old && (p.To.IsZero() || !first.After(p.To))
}

// passed reports whether what ends at end, and never where that is zero, was over when
// today began.
func (p Span) passed(end time.Time, allDay bool) bool {
	if p.Today.IsZero() || end.IsZero() {
		return false
	}
	loc := p.zone()
	if allDay {
		loc = time.UTC // where the days of entries are kept
	}
	return !end.After(p.Today.Start(loc))
}

func (p Span) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}
