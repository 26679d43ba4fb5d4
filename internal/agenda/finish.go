package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// The bounds of an event, in the order of its variables.
const (
	earliest = iota
	latest
	endsEarliest
	endsLatest
	bounds
)

var boundNames = [bounds]string{"earliest", "latest", "ends_earliest", "ends_latest"}

// variableOf returns the variable of a bound of node i.
func (s *solver) variableOf(i int32, bound int) int32 {
	return s.variable(i, bound >= endsEarliest, bound == earliest || bound == endsEarliest)
}

// bound returns the bound of a variable, and none where it follows from the horizon alone.
func (s *solver) bound(variable int32) when.Bound {
	r := s.causes[variable]
	if r < 0 || s.derivations[r].open {
		return when.Bound{}
	}
	m := s.values[variable]
	b := when.Bound{Day: civil.DateOfNumber(int(m.day)), Timed: m.timed, Soft: m.soft, By: s.by(r)}
	if m.timed {
		b.At = time.Unix(m.at, 0).UTC()
	}
	return b
}

// by names the statement behind a derivation.
func (s *solver) by(r int32) string {
	for ; r >= 0; r = s.derivations[r].prev {
		if f := s.derivations[r].statement; f >= 0 {
			return s.statement(s.refs[f]).name
		}
	}
	return ""
}

// window returns when node i can be, by what holds.
func (s *solver) window(i int32) when.Window {
	w := s.nodes[i].empty
	for b, to := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		if b >= endsEarliest && !s.shape[i].lasts {
			w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
			break
		}
		*to = s.bound(s.variableOf(i, b))
	}
	if s.nodes[i].Revision.Event.Kind == deadline && w.Latest.Known() && !w.Latest.Soft && !w.Refined().Settled() && !s.several(i) {
		// Its last possible day is when it is due, from whenever on it can be met.
		w.Earliest, w.EndsEarliest, w.EndsLatest = w.Latest, w.Latest, w.Latest
	}
	return s.zoned(i, w.Refined())
}

// several reports whether node i is on one of several days, which stay possible until it is
// said which.
func (s *solver) several(i int32) bool {
	return slices.ContainsFunc(s.nodes[i].statements, func(st statement) bool { return len(st.options) > 1 })
}

// zoned returns an instant of node i that follows from another event in the zone in which that
// one was stated, unless i names one itself.
func (s *solver) zoned(i int32, w when.Window) when.Window {
	names := func(st event.Statement) bool { return st.Expr.Zone != "" }
	r := s.causes[s.variableOf(i, earliest)]
	if r < 0 { // a deadline, which is due on its limit
		r = s.causes[s.variableOf(i, latest)]
	}
	if w.Precision != when.Instant || s.shape[i].timed || r < 0 || slices.ContainsFunc(s.nodes[i].Revision.Event.When, names) {
		return w
	}
	for s.derivations[r].prev >= 0 {
		r = s.derivations[r].prev
	}
	return w.InZoneOf(s.nodes[s.node(s.derivations[r].variable)].empty)
}

// fill returns the entry of node i.
func (s *solver) fill(i int32, e *Entry, out map[ref]*aside) {
	p := s.nodes[i]
	e.Window, e.Was, e.Had = s.window(i), p.was, p.had
	var words, unknown, leaning []string // unknown is said only where nothing else is
	for k := range p.statements {
		st := &p.statements[k]
		a := out[ref{i, int32(k)}]
		if st.superseded != nil {
			a = &aside{by: st.superseded}
		}
		if a != nil {
			s.putAside(e, k, st, a)
			continue
		}
		e.Warnings = append(e.Warnings, st.warnings...)
		if words := e.When[k].Expr.Unpublished(e.Window, st.name); st.dependsOn != "" && words != "" {
			e.Warnings = append(e.Warnings, Warning{when.WarnUnpublished, st.name + ": " + words, e.StatementAt(k)})
		}
		if says := s.stating(st); says != "" && e.When[k].Expr.IsTBD() {
			unknown = append(unknown, says)
		} else if says != "" {
			words = append(words, says)
		}
		if st.dependsOn != "" && e.Window.Precision == when.None {
			leaning = append(leaning, s.titled(st))
		}
		if e.Series == nil {
			e.Series = st.series
		}
	}
	if e.Stated = cmp.Or(strings.Join(words, ", "), strings.Join(unknown, ", ")); e.Stated == "" {
		e.Stated = e.Window.Words()
	}
	e.Leaning = strings.Join(leaning, ", ")
	s.because(i, e)
}

// titled returns what st says, with the title of the event that it depends on in place of its id:
// people know events by their titles.
func (s *solver) titled(st *statement) string {
	on, ok := s.index[st.dependsOn]
	if !ok || s.nodes[on].Revision.Event.Title == "" {
		return st.round[0] + st.dependsOn + st.round[1]
	}
	return st.round[0] + prose.Within(s.nodes[on].Revision.Event.Title) + st.round[1]
}

// WordsAt returns Words as one would say it at now: of a window that has begun, what is left.
func (e Entry) WordsAt(now time.Time) string {
	if e.HasBegun(now) {
		return "could happen any day until " + civil.Short(e.Window.EndsLatest.Day)
	}
	return e.Words()
}

// HasBegun reports whether the window of e has begun at now, so that a part of it is over and
// the others are left: it can be any of them.
func (e Entry) HasBegun(now time.Time) bool {
	first, last, today := e.Window.Earliest, e.Window.EndsLatest, e.Today(now)
	return e.Window.Precision == when.SomeDay && e.Window.Days() == 0 && !e.Status.Over() && len(e.Options()) == 0 &&
		first.Known() && last.Known() && first.Day.Before(today) && !last.Day.Before(today)
}

// WasPutOff reports whether e is deferred, and nothing tells to when.
func (e Entry) WasPutOff() bool { return e.Was != "" && e.Status == event.Deferred }

// Unrecorded reports whether e took place, and nothing tells on which day.
func (e Entry) Unrecorded() bool { return e.Status.TookPlace() && !e.Window.Settled() }

// WarnUnrecorded warns that an event took place on a day that is not recorded.
const WarnUnrecorded = "day-not-recorded"

// unrecorded adds a warning where e took place, and nothing tells on which day. Where another
// calendar declares it, nobody here can mend that.
func (e *Entry) unrecorded() {
	if e.Unrecorded() && e.Followed() == "" {
		words := fmt.Sprintf("%s, but on which day is not recorded: add that day to its dates", e.Status)
		e.Warnings = append(e.Warnings, Warning{WarnUnrecorded, words, e.Origin})
	}
}

// Words returns the date of e as one would say it. Where it leans on an event with no date
// yet, that is what is known; where it was deferred to no date, the one that it had; where it
// took place on a day that is not recorded, the days on which it can have been; and of what is
// on one of some days, those.
func (e Entry) Words() string {
	switch {
	case e.Unrecorded():
		words := string(e.Status) + ", day not recorded"
		if within := cmp.Or(e.Leaning, e.Was); within != "" {
			return words + " (was " + within + ")"
		}
		if e.Window.Precision == when.None {
			return words
		}
		return words + " (" + e.Window.Words() + ")"
	case e.WasPutOff():
		return "deferred (was " + e.Was + ")"
	case e.Was != "":
		return "was " + e.Was
	}
	if e.Leaning != "" {
		return e.Leaning
	}
	if e.Series != nil && e.Window.Precision == when.None {
		return "no date left"
	}
	if e.Window.Precision == when.SomeDay {
		if days := when.Either(e.Options()); days != "" {
			return days
		}
	}
	return e.Window.Words()
}

// stating returns the words of st: those of the source, where it had some.
func (s *solver) stating(st *statement) string {
	if st.of.Phrase != "" || st.dependsOn == "" {
		return st.words
	}
	return s.titled(st)
}

// putAside notes that statement k is not in force.
func (s *solver) putAside(e *Entry, k int, is *statement, a *aside) {
	st, name := &e.When[k], is.name
	x := SetAside{Statement: name, Why: "it contradicts " + a.against, Says: s.stating(is), Source: st.Source, Quote: st.Quote}
	switch {
	case a.by != nil:
		x.Why, x.By = a.by.words(), a.by.name
		if a.by.list {
			e.Warnings = append(e.Warnings, Warning{WarnListOrder, name + ": " + listOrderWords(a.by.name), e.StatementAt(k)})
		}
	case a.conflict == nil:
		x.Why = "it is only a soft limit and does not fit " + a.against
		e.Warnings = append(e.Warnings, Warning{"soft-set-aside", name + ": " + x.Why, e.StatementAt(k)})
	default:
		e.Contradictions = append(e.Contradictions, a.conflict.names())
		e.Conflicts = append(e.Conflicts, *a.conflict)
	}
	e.SetAside = append(e.SetAside, x)
}

// because adds the statement next to each bound, once.
func (s *solver) because(i int32, e *Entry) {
	for b := range bounds {
		if b >= endsEarliest && !s.shape[i].lasts {
			break
		}
		f, ok := s.next(s.variableOf(i, b))
		if !ok || !boundOf(e.Window, b).Known() {
			continue
		}
		name := s.statement(f).name
		if slices.ContainsFunc(e.Because, func(have Reason) bool { return have.By == name }) {
			continue
		}
		if e.Because == nil {
			e.Because = make([]Reason, 0, 2)
		}
		e.Because = append(e.Because, s.reasonFor(f, e.ID))
	}
	for k, st := range e.When {
		if len(e.Because) == 0 && st.Expr.IsTBD() && e.InForce(k) {
			e.Because = append(e.Because, s.reasonFor(ref{i, int32(k)}, e.ID))
		}
	}
}

// reasonFor returns a statement as a reason for a bound of the event id.
func (s *solver) reasonFor(f ref, id string) Reason {
	st := s.step(f)
	r := Reason{Says: st.Says, By: st.Statement, At: st.At, Source: st.Source, Quote: st.Quote}
	if st.Owner != id {
		r.Says = st.Claim()
	}
	return r
}

// next returns the statement next to the bound of a variable, and false where it follows from
// the horizon alone.
func (s *solver) next(variable int32) (ref, bool) {
	r := s.causes[variable]
	if r < 0 || s.derivations[r].open {
		return ref{}, false
	}
	for ; r >= 0; r = s.derivations[r].prev {
		if f := s.derivations[r].statement; f >= 0 {
			return s.refs[f], true
		}
	}
	return ref{}, false
}

// mostSteps is how many steps are told of a long chain.
const mostSteps = 32

// steps returns the statements that lead to the bound of a variable, from the one next to it to
// the one that stands alone, or the first of them where they are many.
func (s *solver) steps(variable int32) []Step {
	var out []Step
	for r := s.causes[variable]; r >= 0 && len(out) < mostSteps; r = s.derivations[r].prev {
		rec := &s.derivations[r]
		if rec.statement < 0 {
			continue
		}
		st := s.step(s.refs[rec.statement])
		p := s.nodes[s.node(rec.variable)]
		st.Event, st.Gives = p.id, when.Bound{Day: civil.DateOfNumber(int(rec.day)), By: st.Statement}
		if rec.prev == none {
			st.Gives = s.stated(rec)
		}
		out = append(out, st)
	}
	return out
}

// stated returns the bound that a statement that stands alone set.
func (s *solver) stated(rec *derivation) when.Bound {
	f := s.refs[rec.statement]
	w := s.statement(f).window
	list := [bounds]when.Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest}
	b := list[rec.variable-s.firstVariable[f.node]]
	if !b.Known() { // a deadline is due on its last day
		b = w.Latest
	}
	return b
}

// step returns a statement as a step that bounds its own event.
func (s *solver) step(f ref) Step {
	e := &s.nodes[f.node].Revision.Event
	st, k := &s.nodes[f.node].statements[f.k], f.k
	return Step{
		Event: e.ID, Owner: e.ID, Title: e.Title, Statement: st.name, Says: s.stating(st),
		At:     event.Position{File: e.Origin.File, Line: e.When[k].Line},
		Source: e.When[k].Source, Quote: e.When[k].Quote,
	}
}
