package agenda

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Truth is the answer to a condition: it has three values, since most conditions of
// what is being negotiated are not decided yet.
type Truth string

// The answers to a condition.
const (
	True    Truth = "true"
	False   Truth = "false"
	Unknown Truth = "unknown"
)

// Condition is what an event depends on, and whether that is so.
//
// It is decided by the status of another event, stated or computed from that one's
// own conditions. An event of which its own condition is false, or those of all its
// dates, is averted, if it is a deadline, and cancelled otherwise, unless somebody stated
// what became of it. A condition of the event, or of its only date, moves no window: when it
// would be is what was said of it. Of several dates, one whose condition is false is not in
// force.
type Condition struct {
	event.Condition
	Statement string       // name of the statement that it was stated with; "" is the event as a whole
	State     Truth        // whether it holds
	Known     bool         // whether there is such an event
	Title     string       // of the event that decides it
	Status    event.Status // of that event, as it follows
	Decided   time.Time    // UTC, of the revision that decided it; zero while it is unknown
	TooLate   when.Bound   // the first time at which it can come true, where that is after the date that waits for it
	Loop      []string     // the ids that wait for each other, itself among them; nil for none
}

// Condition returns the condition of e that matters most: one that is false, or else one
// that is not decided, or else one that holds. It is false where e has none.
func (e Entry) Condition() (Condition, bool) {
	for _, state := range []Truth{False, Unknown, True} {
		for _, c := range e.Conditions {
			if c.State == state {
				return c, true
			}
		}
	}
	return Condition{}, false
}

// Recorded returns the event as it is recorded. Entry.Status and Entry.Reason are what
// follows from it: they differ where a condition of an open event is false.
func (e Entry) Recorded() event.Event { return e.recorded() }

func (e *Entry) recorded() event.Event {
	if e.stated != nil {
		ev := e.Event
		ev.Status, ev.Reason = e.stated.status, e.stated.reason
		return ev
	}
	return e.Event
}

// outcome is a status with its reason.
type outcome struct {
	status event.Status
	reason string
}

// Premise returns what has to be so, in the words of the person who stated it, without
// the "if" or "only if" that they began with.
func (c Condition) Premise() string {
	if c.Text != "" {
		return withoutIf(c.Text)
	}
	return c.named() + " is " + string(c.Is)
}

// named returns the title of the event that decides c, its id where there is none, in quotes:
// it can be a plural, or a sentence of its own.
func (c Condition) named() string {
	t := title(c.Title, c.Event)
	if strings.ContainsAny(t, "“”\"") {
		return t
	}
	return "“" + t + "”"
}

// leadingIf is an "if" or "only if" with which a condition begins, or several of them.
var leadingIf = regexp.MustCompile(`^(?i:(?:only\s+)?if(?:\s*[:,]\s*|\s+))+`)

// withoutIf returns text as it stands after "only if" within a sentence: without a leading "if"
// or "only if", and without the mark that ends it.
func withoutIf(text string) string {
	bare := strings.TrimRight(leadingIf.ReplaceAllString(text, ""), " ,;")
	if last := bare[strings.LastIndexByte(bare, ' ')+1:]; strings.Count(last, ".") == 1 { // of "U.S." it is part
		bare = strings.TrimSuffix(bare, ".")
	}
	if bare == "" {
		return text
	}
	return bare
}

// Words returns, in one line, what has to be so and whether it is.
func (c Condition) Words() string {
	if c.Text == event.Unseen {
		return c.Text
	}
	return "only if " + c.Premise() + c.verdict()
}

// verdict returns what decides c and how, in words.
func (c Condition) verdict() string {
	switch {
	case c.Event == "":
		return ""
	case !c.Known:
		return fmt.Sprintf("; there is no event %s that could decide it", c.Event)
	case c.State == True && c.Text == "":
		return ", and it is"
	case c.State == True:
		return fmt.Sprintf("; %s is %s, so it is met", c.named(), c.Status)
	case c.State == False && c.Text == "":
		return "; it is " + string(c.Status)
	case c.State == False:
		return fmt.Sprintf("; %s is %s, so it is not met", c.named(), c.Status)
	case c.Loop != nil:
		return "; nothing decides it: " + strings.Join(c.Loop, ", ") + " wait for each other"
	case c.Text == "":
		return "; so far it is " + string(c.Status)
	case c.Status == event.Open:
		return "; " + c.named() + " decides that"
	}
	return fmt.Sprintf("; %s decides that, and is %s so far", c.named(), c.Status)
}

// answer reports whether an event with the status s is, or can no longer become, what a
// condition asks for. What left its file decides nothing: it says nothing of the
// world.
func answer(s, is event.Status) Truth {
	switch {
	case s == is:
		return True
	case !s.Over(), s == event.Lapsed, s == event.Withdrawn:
		return Unknown
	case s.TookPlace() && is != event.Open && is != event.Withdrawn && s.CanBecome(is):
		return Unknown // what is in force may still be suspended
	}
	return False
}

// decide answers the conditions of all entries and works out what becomes of those
// whose condition is false. Every answer is final once it is known, and what is not
// known changes nothing, so the order of the entries makes no difference.
func decide(list []Entry) {
	byID := make(map[string]int, len(list))
	for i := range list {
		byID[list[i].ID] = i
	}
	waiting := make(map[int][]int) // by event, those that it decides
	var todo []int
	for i := range list {
		list[i].conditions()
		for _, c := range list[i].Conditions {
			if on, ok := byID[c.Event]; ok && !slices.Contains(waiting[on], i) {
				waiting[on] = append(waiting[on], i)
			}
		}
		if len(list[i].Conditions) > 0 {
			todo = append(todo, i)
		}
	}
	tell := slices.Clone(todo)
	for ; len(todo) > 0; todo = todo[1:] {
		if i := todo[0]; list[i].follow(list, byID) {
			todo = append(todo, waiting[i]...)
		}
	}
	loops(list, byID, tell)
}

// conditions collects what was stated: of e, and with those of its dates that nobody marked as
// superseded.
func (e *Entry) conditions() {
	if e.If != nil {
		e.Conditions = append(e.Conditions, Condition{Condition: *e.If, State: Unknown})
	}
	for k, st := range e.When {
		if st.If != (event.Condition{}) && st.SupersededBy == "" {
			e.Conditions = append(e.Conditions, Condition{Condition: st.If, Statement: e.StatementName(k), State: Unknown})
		}
	}
}

// InForce reports whether the k-th statement of e is in force, counted from 0: whether nothing
// came in its place, and it does not contradict what is.
func (e *Entry) InForce(k int) bool { return len(e.SetAside) == 0 || !e.isAside(e.StatementName(k)) }

func (e *Entry) isAside(name string) bool {
	return slices.ContainsFunc(e.SetAside, func(s SetAside) bool { return s.Statement == name })
}

// follow answers the conditions of e by the events that decide them. It reports whether
// the status of e changed by that.
func (e *Entry) follow(list []Entry, byID map[string]int) bool {
	for i := range e.Conditions {
		if on, ok := byID[e.Conditions[i].Event]; ok {
			e.Conditions[i].answerBy(&list[on])
		}
	}
	c, failed := e.failed()
	if !failed || e.Status.Over() {
		return false
	}
	e.stated = &outcome{e.Status, e.Reason}
	e.Status, e.Reason = event.Cancelled, fmt.Sprintf("it was to happen only if %s, and %s is %s", c.Premise(), c.named(), c.Status)
	if e.Kind == event.Deadline {
		e.Status = event.Averted
	}
	return true
}

// answerBy answers c by the event that decides it.
func (c *Condition) answerBy(on *Entry) {
	c.Known, c.Title, c.Status = true, on.Title, on.Status
	c.State = answer(on.Status, c.Is)
	switch {
	case c.State == Unknown:
	case on.stated != nil: // it follows itself
		by, _ := on.Condition()
		c.Decided = by.Decided
	default:
		c.Decided = on.Modified
	}
}
