package event

import (
	"fmt"
	"slices"
)

// After returns the statuses that may follow s, in the order of [Statuses].
//
// What is still awaited can become anything. What took place did so: it is not
// averted, cancelled or put off afterwards. A measure that is in force goes on to
// live, so it can be suspended, revoked or replaced; a deadline that was met can
// bring a measure into force. What was called off can come back, with its old date
// or a later one. Nothing lapses but what was awaited. Everything can go back to
// open, which is how a mistake is mended, and everything can leave its file, from
// where it comes back as whatever the file then says.
func (s Status) After() []Status {
	switch s {
	case Open, "":
		return []Status{Held, Met, InForce, Deferred, Averted, Cancelled, Lapsed, Superseded, Withdrawn}
	case Deferred:
		return []Status{Open, Held, Met, InForce, Averted, Cancelled, Lapsed, Superseded, Withdrawn}
	case Lapsed: // somebody says after all what became of it
		return []Status{Open, Held, Met, InForce, Deferred, Averted, Cancelled, Superseded, Withdrawn}
	case Held:
		return []Status{Open, Withdrawn}
	case Met:
		return []Status{Open, InForce, Withdrawn}
	case InForce:
		return []Status{Open, Deferred, Cancelled, Superseded, Withdrawn}
	case Averted, Cancelled:
		return []Status{Open, Deferred, Superseded, Withdrawn}
	case Superseded:
		return []Status{Open, Withdrawn}
	case Withdrawn:
		return []Status{Open, Held, Met, InForce, Deferred, Averted, Cancelled, Lapsed, Superseded}
	}
	return nil
}

// CanBecome reports whether to may follow s. To stay what it is, is no change of
// status and always possible: a second deferral moves a date.
func (s Status) CanBecome(to Status) bool {
	return s.known() == to.known() || slices.Contains(s.After(), to.known())
}

// known returns Open for a status that is not set.
func (s Status) known() Status {
	if s == "" {
		return Open
	}
	return s
}

// CheckTransition returns why an event must not go from one status to another, in
// one line: to cannot follow from, or the change has no reason. It is nil
// where the status stays as it is. Commands and buttons refuse what it refuses; of
// a file, which is a person's last word and may mend a mistake, it is told and
// taken.
func CheckTransition(from, to Status, reason string) error {
	from, to = from.known(), to.known()
	switch {
	case from == to:
		return nil
	case !from.CanBecome(to):
		return fmt.Errorf("%s cannot follow %s%s", to, from, mend(from, to))
	case reason == "" && to != Withdrawn && from != Withdrawn:
		return fmt.Errorf("the status goes from %s to %s without a reason: add one, so that people are told why", from, to)
	}
	return nil
}

// mend returns how a status that cannot follow another can be reached.
func mend(from, to Status) string {
	switch {
	case !slices.Contains(Statuses(), to):
		return ": it is no status"
	case !Open.CanBecome(to) || !from.CanBecome(Open):
		return ""
	}
	return fmt.Sprintf(": if %s was a mistake, set it to open first", from)
}
