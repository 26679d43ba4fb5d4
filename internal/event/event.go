package event

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/when"
	"attache/internal/workday"
)

// Event is what holds of one event.
type Event struct {
	ID        string // a slug chosen by a person, for ever; never a date
	Title     string
	Kind      Kind
	Zone      string      // IANA name: the zone of civil dates that name none
	Calendar  string      // name of that by which its business days are counted, or ""
	When      []Statement // all hold together; empty means nothing was said
	Certainty Certainty
	Status    Status
	Reason    string     // why it has this status or date, in a person's words
	If        *Condition // nil unless it is conditional
	Place     string
	Parties   []string
	People    []string
	Topics    []string
	Note      string
	Remind    *[]string // leads such as 7d that replace its kind's; nil is the kind's, empty is none
	Links     []Link
	Sources   []Citation
	Audience  string   // who may see it: the name of an audience, Everybody, or "" for what the configuration says
	Origin    Position // where its file has it; no part of the event itself
	Foreign   Foreign  // how the calendar that declares it knows it; no part of the event itself
	Veiled    bool     // what it leans on is left out, since its reader may not see that; never recorded
}

// Everybody is the audience of what anybody may see.
const Everybody = "everybody"

// Statement is one thing that a source said about the date.
type Statement struct {
	ID           string // chosen by a person, or ""
	Expr         when.Expr
	Phrase       string // what was said, where Expr is a reading of it
	Source       string // key of a Source, or ""
	Quote        string // the exact words
	Certainty    Certainty
	Priority     int        // a greater one is set aside later
	SupersededBy string     // name of the statement that took its place: kept, no longer in force
	If           Condition  // what has to be so for it to hold; the zero Condition is nothing
	Said         civil.Date // the day on which it was said; zero where neither it nor its source tells
	Joint        bool       // it was said together with the one before it, in one map
	Line         int        // in the event's file, from 1; no part of the statement itself
}

// Citation is a place in a source that supports some of an event.
type Citation struct {
	Source   string   // key of a Source
	Quote    string   // the exact words
	Supports []string // names of the fields
	Seen     civil.Date
}

// Source is something published that statements rest on.
type Source struct {
	Key       string
	Title     string
	Publisher string
	URL       string // absolute http or https, or ""
	Published civil.Date
	Timezone  string // the dateline that its phrases are read against, IANA name
	Own       bool   // it came with an answer, and no file has it
}

// Words names s in one line: title, publisher, day of publication; "" where none is known.
func (s Source) Words() string {
	parts := []string{s.Title, s.Publisher, ""}
	if !s.Published.IsZero() {
		parts[2] = civil.Short(s.Published)
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// Condition is what an event, or a date of it, depends on. It never moves its
// window. The zero Condition asks for nothing.
type Condition struct {
	Text  string
	Event string // id of the event that decides it, or ""
	Is    Status // what that one must become for this one to hold
}

// Foreign is how a calendar of somebody else knows an event. The zero Foreign is of an event
// that a person here declares.
type Foreign struct {
	UID        string // of its entry, "" where the entry has none
	Occurrence string // which one of the series with that UID it is, as the calendar writes it, or ""
	Lacks      string // words for the parts of its entry that could not be read, such as "end series"
}

// Link relates an event to another.
type Link struct {
	Rel Relation
	To  string // id
}

// FollowOrigin begins the file of an event that another calendar declares, which is
// followed: its name comes behind it.
const FollowOrigin = "follow:"

// Followed returns the name of the calendar that declares e, "" where a person here does.
func (e Event) Followed() string {
	name, ok := strings.CutPrefix(e.Origin.File, FollowOrigin)
	if !ok {
		return ""
	}
	return name
}

// AwaitsOutcome reports whether somebody here has to say what became of e once it has
// passed: not of a holiday, and not of what another calendar declares.
func (e Event) AwaitsOutcome() bool { return e.Kind.AwaitsOutcome() && e.Followed() == "" }

// Position is a place in a file that a person wrote.
type Position struct {
	File string
	Line int // from 1; 0 is unknown
}

// String writes p as file:line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// StatementName names the i-th statement of e, counted from 0: its own id, or
// EVENT#N with N counted from 1.
func (e *Event) StatementName(i int) string {
	if id := e.When[i].ID; id != "" {
		return id
	}
	return e.ID + "#" + strconv.Itoa(i+1)
}

// StatementAt returns the place at which the i-th statement of e was written, counted from 0.
func (e *Event) StatementAt(i int) Position {
	return Position{File: e.Origin.File, Line: e.When[i].Line}
}

// Dated returns e with the day on which each of its statements was said. Where one does not
// tell by itself, it is the day on which its source was published, else that on which e has
// its source as last seen.
func (e Event) Dated(sources map[string]Source) Event {
	if !slices.ContainsFunc(e.When, func(s Statement) bool { return s.Said.IsZero() && s.Source != "" }) {
		return e
	}
	e.When = slices.Clone(e.When)
	for i := range e.When {
		if st := &e.When[i]; st.Said.IsZero() && st.Source != "" {
			st.Said = sources[st.Source].Published
			for _, c := range e.Sources {
				if sources[st.Source].Published.IsZero() && c.Source == st.Source && c.Seen.After(st.Said) {
					st.Said = c.Seen
				}
			}
		}
	}
	return e
}

// Counted returns e with the calendars that its dates are counted by: what is recorded has
// their names alone. A calendar or a holiday that is not among c bounds nothing.
func (e Event) Counted(c workday.Calendars) Event {
	if !slices.ContainsFunc(e.When, func(s Statement) bool { return s.Expr.UsesCalendar() }) {
		return e
	}
	e.When = slices.Clone(e.When)
	for i := range e.When {
		e.When[i].Expr, _ = e.When[i].Expr.With(c)
	}
	return e
}

// MaxIDLength is the greatest length of an id in bytes, so that a UID with its
// domain stays within 255 octets.
const MaxIDLength = 128

// CheckID returns what is wrong with an id that a person chose: it has to be a slug
// of lower-case letters, digits and inner hyphens, since it stands in addresses,
// file names and UIDs, and no date, month or year, since it outlives the date.
func CheckID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("an id is missing: write one as beijing-visit")
	case len(id) > MaxIDLength:
		return fmt.Errorf("the id is %d bytes long: %d are the most", len(id), MaxIDLength)
	}
	for i, c := range []byte(id) {
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (c != '-' || i == 0 || i == len(id)-1) {
			return fmt.Errorf("%q is not an id: use lower-case letters, digits and inner hyphens", id)
		}
	}
	if _, err := civil.ParsePeriod(id); err == nil {
		return fmt.Errorf("%q is a date: an id stays when the date moves, so name the event", id)
	}
	return nil
}
