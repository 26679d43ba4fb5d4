// Package story says what is known of an event: one statement of it, as facts in the order of
// their importance, that every output prints. Pages, feeds, messages, digests, the command
// line and the API choose which facts they have room for; none of them puts one in words of
// its own, so that whoever reads two of them reads the same.
//
//	told := story.Reader{Now: now, Sources: sources}.Of(&entry)
//	told.Get(story.Date) // 14 or 21 Mar 2027
//	told.Get(story.Safe) // Wed 9 Dec 2026
//
// Invariants: a day has no hour, and a zone stands only beside an hour; what is not known is
// never told more finely than it is; no fact names an event, a statement or a file by its id; a
// fact stands alone, so that a person who was not there understands it. Where Reader.Now is
// zero, no fact becomes wrong because time passes.
package story

import (
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// About names what a fact is about.
type About string

// What facts are about, in the order of their importance, which is that in which they are told.
const (
	Title     About = "title"
	Date      About = "date"             // when it is, as far as that is possible now
	Safe      About = "last safe day"    // of a deadline that leaves only the day before
	Stated    About = "as stated"        // what was said, where the date says it otherwise
	Bounds    About = "window"           // the first and the last possible day
	Hour      About = "time of day"      // that none was stated, of what people come together for
	UTC       About = "in UTC"           // the same instant, for whoever reads in another zone
	Series    About = "comes again"      // how
	Certainty About = "certainty"        // while it is not over
	Status    About = "status"           // what became of it, or that nobody said so
	Since     About = "since"            // its status
	Reason    About = "reason"           // of its status
	Condition About = "only if"          // what has to be so, and whether it is
	Unseen    About = "not shown"        // that it depends on what its reader may not see
	Was       About = "was"              // its date before it last moved, when that was, and why
	Replaced  About = "said before"      // what a later report came in the place of
	Disputed  About = "sources disagree" // both sides, and which of them is set aside
	Kind      About = "kind"
	Place     About = "place"
	Parties   About = "parties"
)

// Fact is one thing that is known of an event, in words that stand alone.
type Fact struct {
	About About  `json:"about"`
	Words string `json:"words"`
}

// Label names what f is about, as it stands before its words.
func (f Fact) Label() string { return prose.Capital(string(f.About)) }

// String writes f as a line: "Last safe day: Wed 9 Dec 2026".
func (f Fact) String() string { return f.Label() + ": " + f.Words }

// Facts are what is known of an event, in the order of importance.
type Facts []Fact

// Get returns the words of the first fact about a, "" where there is none.
func (f Facts) Get(a About) string {
	for _, x := range f {
		if x.About == a {
			return x.Words
		}
	}
	return ""
}

// Only returns the facts about some things.
func (f Facts) Only(about ...About) (out Facts) {
	for _, x := range f {
		if slices.Contains(about, x.About) {
			out = append(out, x)
		}
	}
	return out
}

// Reader is whom an event is told to.
type Reader struct {
	Now     time.Time               // zero for what is read at any time, such as a feed
	Zone    *time.Location          // in which instants are told; nil is that of each event
	Sources map[string]event.Source // by key
}

// Of returns what is known of e.
func (r Reader) Of(e *agenda.Entry) Facts {
	var out Facts
	add := func(a About, list ...string) {
		for _, words := range list {
			if words != "" {
				out = append(out, Fact{a, words})
			}
		}
	}
	add(Title, e.Title)
	date := r.Date(e)
	add(Date, date)
	add(Safe, r.lastSafe(e))
	add(Stated, stated(e, date))
	add(Bounds, bounds(e))
	if NoHour(e) {
		add(Hour, "not stated")
	}
	add(UTC, utc(e))
	if e.Series != nil {
		add(Series, e.Series.Words())
	}
	add(Certainty, certainty(e))
	add(Status, r.Status(e))
	if e.Status != event.Open && !e.Past.Since.IsZero() {
		add(Since, civil.Short(civil.DateOf(e.Past.Since, r.location(e))))
	}
	add(Reason, e.Reason)
	for _, c := range e.Conditions {
		if c.State != agenda.True {
			add(Condition, condition(c))
		}
	}
	if e.Veiled {
		add(Unseen, event.Unseen)
	}
	add(Was, r.was(e))
	add(Replaced, r.replaced(e)...)
	add(Disputed, r.disputes(e)...)
	add(Kind, string(e.Kind))
	add(Place, e.Place)
	add(Parties, strings.Join(e.Parties, ", "))
	return out
}

// NoHour reports whether e has a day and no time of day was stated of it, which people need who
// come together or have to be in time.
func NoHour(e *agenda.Entry) bool {
	needs := e.Kind == event.Deadline || e.Kind == event.Meeting || e.Kind == event.Talks
	return e.Window.Precision == when.OneDay && needs && !e.Status.Over()
}
