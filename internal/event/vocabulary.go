package event

import (
	"slices"
	"strings"
)

// Word returns the word of a vocabulary that somebody wrote, and false where it has none
// such. Case makes no difference, nor whether two words are joined by a blank, a hyphen or
// an underscore.
func Word[W ~string](text string, all []W) (W, bool) {
	w := W(strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" -_", r) }), " "))
	return w, slices.Contains(all, w)
}

// Kind is what sort of thing an event is.
type Kind string

// The kinds of event.
const (
	Deadline     Kind = "deadline"
	Meeting      Kind = "meeting"
	Summit       Kind = "summit"
	Visit        Kind = "visit"
	Talks        Kind = "talks"
	Measure      Kind = "measure"
	Announcement Kind = "announcement"
	Holiday      Kind = "holiday"
	Other        Kind = "other"
)

// Kinds lists every kind, in the order in which people are shown them.
func Kinds() []Kind {
	return []Kind{Deadline, Meeting, Summit, Visit, Talks, Measure, Announcement, Holiday, Other}
}

// AwaitsOutcome reports whether somebody has to say what became of an event of
// this kind once it has passed. Holidays simply pass.
func (k Kind) AwaitsOutcome() bool { return k != Holiday }

// Outcomes returns what people are asked to choose from once an event of this kind has
// passed.
func (k Kind) Outcomes() []Status {
	switch k {
	case Deadline:
		return []Status{Met, InForce, Averted, Deferred, Cancelled}
	case Measure:
		return []Status{InForce, Averted, Deferred, Cancelled}
	}
	return []Status{Held, Deferred, Cancelled}
}

// Certainty is how sure it is that an event takes place as stated. The
// grades follow the IPTC event occurrence status.
type Certainty string

// The grades of certainty.
const (
	Confirmed   Certainty = "confirmed"
	Likely      Certainty = "likely"
	Possible    Certainty = "possible" // the default: an over-claim is worse than an under-claim
	Planned     Certainty = "planned"  // planned, no arrangements known
	Rumoured    Certainty = "rumoured"
	Unscheduled Certainty = "unscheduled" // it happened unannounced
)

// Certainties lists every grade, the surest first.
func Certainties() []Certainty {
	return []Certainty{Confirmed, Unscheduled, Likely, Planned, Possible, Rumoured}
}

// AtLeast reports whether c is as sure as least or surer. An empty least asks for
// nothing. What was planned is surer than what is merely possible: somebody
// means to do it. What happened unannounced is as sure as what was confirmed.
func (c Certainty) AtLeast(least Certainty) bool {
	return least == "" || c.rank() >= least.rank()
}

func (c Certainty) rank() int {
	if c == Unscheduled {
		c = Confirmed
	}
	return slices.Index([]Certainty{Rumoured, Possible, Planned, Likely, Confirmed}, c) + 1 // 0 for none
}

// Status is what became of an event.
type Status string

// The statuses of an event.
const (
	Open       Status = "open" // nothing yet, the default
	Held       Status = "held"
	Met        Status = "met"
	InForce    Status = "in force"
	Deferred   Status = "deferred" // put off, to the date stated or to none yet
	Averted    Status = "averted"  // a deadline that no longer bites
	Cancelled  Status = "cancelled"
	Lapsed     Status = "lapsed" // its latest date passed and nobody said what became of it
	Superseded Status = "superseded"
	Withdrawn  Status = "withdrawn" // taken out of its file
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{Open, Held, Met, InForce, Deferred, Averted, Cancelled, Lapsed, Superseded, Withdrawn}
}

// Over reports whether nothing more is to be expected: the event took place or
// will not. A status that is not set is as good as Open.
func (s Status) Over() bool { return s != "" && s != Open && s != Deferred }

// TookPlace reports whether the event did what was stated of it.
func (s Status) TookPlace() bool { return s == Held || s == Met || s == InForce }

// CalledOff reports whether the event will not take place as stated.
func (s Status) CalledOff() bool {
	return s == Averted || s == Cancelled || s == Superseded || s == Withdrawn
}

// Relation is how one event stands to another.
type Relation string

// The relations between events. Each reads "this event … that one".
const (
	PartOf    Relation = "part of"
	Follows   Relation = "follows"
	Precedes  Relation = "precedes"
	Decides   Relation = "decides"
	DependsOn Relation = "depends on"
	Replaces  Relation = "replaces"
	RelatedTo Relation = "related to"
)

// Relations lists every relation.
func Relations() []Relation {
	return []Relation{PartOf, Follows, Precedes, Decides, DependsOn, Replaces, RelatedTo}
}
