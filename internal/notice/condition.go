package notice

import (
	"strings"
	"time"

	"attache/internal/agenda"
)

// Conditions returns the notice that what e depends on was decided, or that it is open
// again. at is the instant of the decision at the latest: one that was known before is
// not told. items are those that there are of e.
func Conditions(e agenda.Entry, items []Item, at time.Time, r Rules) []Notice {
	c, ok := e.Condition()
	if !ok {
		return nil
	}
	told, waiting := decisions(items)
	state := string(c.State) + " " + c.Event
	for _, last := range []*Notice{waiting, told} {
		if last != nil && last.Target == state {
			return []Notice{*last} // it still stands
		}
	}
	open := c.State == agenda.Unknown
	if open && (told == nil || strings.HasPrefix(told.Target, string(agenda.Unknown))) ||
		!open && c.Decided.Before(at.Truncate(time.Second)) {
		return nil
	}
	n := Notice{Event: e.ID, Kind: Condition, About: Decided, Target: state, With: []string{c.Event}, Due: r.settled(items, at)}
	n.Key = key(n.Event, string(n.Kind), state, at.UTC().Format(time.RFC3339))
	return []Notice{r.wait(n, e)}
}

// Late returns a notice for each condition of e that cannot be decided in time, once for each
// first time at which it can. items are those that there are of e.
func Late(e agenda.Entry, items []Item, now time.Time, r Rules) []Notice {
	var out []Notice
	for _, c := range e.Conditions {
		if !c.TooLate.Known() {
			continue
		}
		n := Notice{Event: e.ID, Kind: Condition, About: TooLate, With: []string{c.Event}, Target: c.Event + " " + string(c.Is) + " " + target(c.TooLate)}
		n.Key = key(n.Event, string(n.Kind), string(n.About), n.Target)
		out = append(out, r.wait(dueAt(n, items, r.settled(items, now)), e))
	}
	return out
}

// tooLate says that a condition cannot be decided in time. No status follows from that.
func (s Details) tooLate(m *Message) {
	m.Headline = "Its condition cannot be decided in time: " + s.Entry.Title
	for _, w := range s.Entry.Warnings {
		if w.Code == agenda.WarnTooLate {
			m.Text = appendNew(m.Text, w.Words)
		}
	}
	m.Text = append(m.Text, "Its status stays as it is: either date may still move")
}

// decisions returns the newest of the notices that a condition was decided, one that was
// told and one that waits; nil where there is none.
func decisions(items []Item) (told, waiting *Notice) {
	for _, it := range items {
		n, to := it.Notice, &told
		if it.State == Pending {
			to = &waiting
		}
		if n.Kind == Condition && n.About == Decided && it.State != Superseded && it.State != Dead && (*to == nil || (*to).Due.Before(n.Due)) {
			*to = &n
		}
	}
	return told, waiting
}
