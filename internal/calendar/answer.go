package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/store"
)

// Said is what a person says of an event elsewhere than in its file, as they wrote it.
type Said struct {
	ID       string // of the event
	Revision int    // that they looked at; 0 is whichever holds
	New      bool   // there is no such event yet: it is made, and no file has it
	Fields   []Assignment
	Cite     Cited // what the fields rest on
	Stands   bool  // it still stands as it is
	By       event.Author
	Press    string // names the act, so that it has one effect however often it is reported; "" is never reported again
}

// Assignment gives a field of an event a value.
type Assignment struct {
	Field string
	Value string // text, or YAML that begins with { or [
	Add   bool   // what was said before stays; the value is added to it
}

// String returns a as people write it: when+=2026-04.
func (a Assignment) String() string {
	if a.Add {
		return a.Field + "+=" + a.Value
	}
	return a.Field + "=" + a.Value
}

// Cited is a source with its exact words. The fields beside Key and Quote describe a source
// that nobody knows yet.
type Cited struct {
	Key, Quote     string
	URL, Publisher string
	Published      civil.Date
}

// IsNew reports whether c describes a source that nobody knows yet.
func (c Cited) IsNew() bool {
	return c.URL != "" || c.Publisher != "" || !c.Published.IsZero()
}

// Answer is what a person says of an event elsewhere than in its file, as it was read.
type Answer struct {
	ID         string
	Revision   int // see Said
	New        bool
	Apply      func(*event.Event) // what it changes
	Statements []event.Statement  // that it adds to the date, to be shown before it is given
	Sources    []event.Source     // that it rests on and nobody knew
	By         event.Author
	Press      string
}

// Answered is what an answer changed.
type Answered struct {
	Applied
	Revision event.Revision // the one that the answer made
	Again    bool           // the same act had this effect before; nothing was changed now
}

// AnswerView is what an answer changed, as programs read it.
type AnswerView struct {
	Event    string   `json:"event"`
	Revision int      `json:"revision"`
	By       string   `json:"by"`
	Via      string   `json:"via"`
	Fields   []string `json:"fields"` // that changed; empty for a new event
	Again    bool     `json:"again,omitempty"`
}

// InBrief returns a as programs read it.
func (a Answered) InBrief() AnswerView {
	r := a.Revision
	return AnswerView{r.Event.ID, r.Number, r.Author.Name, r.Author.Via, append([]string{}, r.Changed...), a.Again}
}

// ErrGone says that an event left its file, so that nothing can be said of it.
var ErrGone = errors.New("the event was taken out of its file: put it back there first")

// StaleError says that an event is not any more what a person looked at who said something of it.
type StaleError struct {
	Event string
	Since []event.Revision // what was made of it since, the oldest first
}

// Error returns in one line what happened since.
func (e *StaleError) Error() string {
	var out []string
	for _, r := range e.Since {
		out = append(out, fmt.Sprintf("%s (%s)", made(r), r.Author))
	}
	return fmt.Sprintf("event %q changed since: %s", e.Event, strings.Join(out, "; "))
}

// made returns what a revision changed, in words.
func made(r event.Revision) string {
	if slices.Contains(r.Changed, "status") {
		return string(r.Event.Status)
	}
	return prose.List(r.Changed, "and") + " changed"
}

// TransitionError says that the status of an event can't become another.
type TransitionError struct {
	Event    string
	From, To event.Status
	Allowed  []event.Status // what it can become
	Err      error          // why not, as event.CheckTransition has it
}

// Error returns in one line why not.
func (e *TransitionError) Error() string { return fmt.Sprintf("event %q: %v", e.Event, e.Err) }

// Unwrap returns why not.
func (e *TransitionError) Unwrap() error { return e.Err }

// AlreadyError says that an event is already as somebody says that it is.
type AlreadyError struct {
	Event string
	By    event.Author // who said so
	At    time.Time
}

// Error returns in one line who said so.
func (e *AlreadyError) Error() string {
	return fmt.Sprintf("event %q is so already: %s said so at %s", e.Event, e.By, e.At.Format(time.RFC3339))
}

// errAgain says that an act had its effect before.
var errAgain = errors.New("it had its effect before")

// Answer records what a person says of an event elsewhere than in its file: the revision, what
// follows, the notices and the feeds, in one transaction with the act, so that this has one
// effect. The files that are read later keep it: see event.Merge. The error is of type
// *StaleError, *TransitionError or *AlreadyError, ErrNoEvent or ErrGone, where that is why
// nothing is recorded.
func (c *Calendar) Answer(a Answer, now time.Time) (Answered, error) {
	var out Answered
	read := func(tx *store.Tx, s *Settings, now time.Time) (reading, error) {
		p, again, err := tx.Press(a.Press)
		if err == nil && again {
			out.Revision, _, err = tx.Revision(p.Event, p.Revision)
			return reading{}, errors.Join(errAgain, err)
		}
		if err != nil {
			return reading{}, err
		}
		out.Revision, err = a.record(tx, s, now)
		return reading{Applied: Applied{Revised: []event.Revision{out.Revision}}}, err
	}
	applied, err := c.record(c.view.settings, now, read, nil)
	if errors.Is(err, errAgain) && out.Revision.Number > 0 {
		out.View, out.Again = c.view, true
		return out, nil
	}
	if err != nil {
		return Answered{}, fmt.Errorf("record what %s said: %w", a.By, err)
	}
	out.Applied = applied
	return out, nil
}

// record writes the revision that a makes, and what belongs to it.
func (a Answer) record(tx *store.Tx, s *Settings, now time.Time) (event.Revision, error) {
	for _, src := range a.Sources {
		src.Own = true
		s.Sources[src.Key] = src
	}
	rev, err := a.revise(tx, s, now)
	if err == nil {
		err = tx.PutRevision(rev)
	}
	if err == nil {
		err = tx.PutAnswered(a.ID)
	}
	if err == nil && a.Press != "" {
		err = tx.PutPress(a.Press, store.Press{At: now, Event: a.ID, Revision: rev.Number})
	}
	return rev, err
}

// revise returns the revision that a makes.
func (a Answer) revise(tx *store.Tx, s *Settings, now time.Time) (event.Revision, error) {
	current, known, err := tx.Current(a.ID)
	switch {
	case err != nil:
		return current.Revision, err
	case a.New && known:
		return current.Revision, fmt.Errorf("the event %q is there already", a.ID)
	case a.New:
		e := event.Event{ID: a.ID}
		a.Apply(&e)
		return event.First(e.Dated(s.Sources), a.By, now), nil
	case !known:
		return current.Revision, fmt.Errorf("event %q: %w", a.ID, ErrNoEvent)
	}
	if err := a.refuse(tx, current.Revision); err != nil {
		return current.Revision, err
	}
	was := current.Revision
	e := was.Event
	a.Apply(&e)
	if err := event.CheckTransition(was.Event.Status, e.Status, e.Reason); err != nil {
		return was, &TransitionError{a.ID, was.Event.Status, e.Status, was.Event.Status.After(), err}
	}
	rev, changed := was.Next(e.Dated(s.Sources), a.By, now)
	if !changed {
		return was, &AlreadyError{a.ID, was.Author, was.At}
	}
	if rev.PutOff && !was.PutOff {
		rev.PutOff, err = putOff(tx, s, rev)
	}
	return rev, err
}

// refuse returns why nothing can be said of an event of which current is what holds.
func (a Answer) refuse(tx *store.Tx, current event.Revision) error {
	_, left, err := tx.Left(a.ID)
	switch {
	case err != nil:
		return err
	case left && current.Event.Status == event.Withdrawn:
		return fmt.Errorf("event %q: %w", a.ID, ErrGone)
	case a.Revision == 0 || a.Revision == current.Number:
		return nil
	}
	stale := &StaleError{Event: a.ID}
	for n := a.Revision + 1; n <= current.Number; n++ {
		rev, ok, err := tx.Revision(a.ID, n)
		if err != nil {
			return err
		}
		if ok {
			stale.Since = append(stale.Since, rev)
		}
	}
	return stale
}

// ownSources adds the sources that came with answers and that no file has.
func (s *Settings) ownSources(tx *store.Tx) error {
	all, err := tx.Sources()
	for key, src := range all {
		if _, has := s.Sources[key]; src.Own && !has {
			s.Sources[key] = src
		}
	}
	return err
}

// Overruled is something that a person said elsewhere than in the file of an event, and that the
// file says otherwise since it was read.
type Overruled struct {
	Event string
	Field string // its name
	Was   string // what they said, in words
	By    event.Author
	At    time.Time
	File  event.Position // of the event
}

// overrule notes in r what m, by which the file of e is read, takes from those who said
// something elsewhere.
func (r *reading) overrule(tx *store.Tx, m merged, e event.Event) error {
	if !m.declared {
		return nil
	}
	fields := event.Overruled(m.base, e, m.before.Event)
	for _, field := range fields {
		if field == "reason" && slices.Contains(fields, "status") { // which it is one with
			continue
		}
		said, err := lastSaid(tx, m.before, field)
		if err != nil {
			return err
		}
		if said.Author != byAttache {
			r.Overruled = append(r.Overruled, Overruled{e.ID, field, fieldWords(said.Event, field), said.Author, said.At, e.Origin})
		}
	}
	return nil
}

// lastSaid returns the revision, up to rev, by which a field became what it is in rev.
func lastSaid(tx *store.Tx, rev event.Revision, field string) (event.Revision, error) {
	for rev.Number > 1 && !slices.Contains(rev.Changed, field) {
		before, ok, err := tx.Revision(rev.Event.ID, rev.Number-1)
		if err != nil || !ok {
			return rev, err
		}
		rev = before
	}
	return rev, nil
}

// fieldWords returns what e says in a field, in words.
func fieldWords(e event.Event, field string) string {
	switch field {
	case "status":
		return cmp.Or(string(e.Status), string(event.Open))
	case "certainty":
		return string(e.Certainty)
	case "title":
		return e.Title
	case "place":
		return e.Place
	case "when":
		var out []string
		for _, st := range e.When {
			out = append(out, st.Expr.String())
		}
		return strings.Join(out, "; ")
	}
	return field
}
