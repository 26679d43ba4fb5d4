package web

import (
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
)

// changeLine is one change as it stands in a list.
type changeLine struct {
	Seq    uint64
	At     moment
	Title  string
	Href   string
	Family string
	Moves  []move
	Also   string // fields that changed besides
	By     string
	Reason string
}

// move is one thing that changed.
type move struct{ What, Field, Old, New string }

// changeLine gives a change as it is shown.
func (a asking) changeLine(v change.View) changeLine {
	c := changeLine{
		Seq: v.Seq, At: a.moment(v.At), Title: v.Title, Href: a.event(v.Event), By: v.By, Reason: v.Reason,
		Also: strings.Join(untold(v), ", "), Family: "other",
	}
	if e, ok := a.index.byID[v.Event]; ok {
		c.Family = family(e.Kind)
	}
	if v.Via != "" && v.Via != "file" {
		c.By += " (" + v.Via + ")"
	}
	for _, m := range v.Changes {
		c.Moves = append(c.Moves, move{m.Type, m.Field, m.Old, m.New})
	}
	return c
}

// untold names the fields that changed and are not told of otherwise, as the reason is.
func untold(v change.View) []string {
	told := []string{"reason"}
	for _, m := range v.Changes {
		if told = append(told, m.Field); m.Field == "date" {
			told = append(told, "when")
		}
	}
	return slices.DeleteFunc(slices.Clone(v.Fields), func(f string) bool { return slices.Contains(told, f) })
}

// latelyShown is how many of the last changes the first page tells of.
const latelyShown = 5

// lately gives the last changes that are more than the entering of an event.
func (s *site) lately(a asking) []changeLine {
	list, err := a.cal.Changes(agenda.Filter{}, change.Range{Limit: 8 * latelyShown, To: a.now})
	if err != nil {
		s.log.Error("read the last changes", "err", err)
		return nil
	}
	var out []changeLine
	for _, v := range list {
		if v.Revision > 1 && len(v.Changes) > 0 && len(out) < latelyShown {
			out = append(out, a.changeLine(v))
		}
	}
	return out
}
