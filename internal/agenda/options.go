package agenda

import (
	"slices"
	"strings"

	"attache/internal/when"
)

// Options returns the days or periods of which e takes place on one, as EDTF writes them:
// those that its other statements and the events around it leave. It is nil where nothing
// was stated so, or no more than one is left.
func (e Entry) Options() []string {
	var out []string
	add := func(text string, w when.Window, known bool) {
		if known {
			if _, fits := e.Window.Intersect(w); !fits {
				return
			}
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for k := range e.When {
		st := &e.When[k]
		texts := st.Expr.Options()
		if !e.InForce(k) || st.SupersededBy != "" {
			continue
		}
		windows := st.Expr.OptionWindows(e.Zone, "")
		for i, text := range texts {
			if len(windows) == len(texts) {
				add(text, windows[i], true)
			} else {
				add(text, when.Window{}, false)
			}
		}
		if len(texts) > 0 || e.cluster == nil || len(e.Conditions) == 0 {
			continue
		}
		for _, w := range e.cluster.solver().nodes[e.node].statements[k].options { // its conditions are open
			add(period(w), w, true)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// either returns the days of which an event takes place on one, in words, or else those of its
// statements.
func either(options []when.Window, words []string) string {
	days := make([]string, len(options))
	for i, w := range options {
		days[i] = period(w)
	}
	if text := when.Either(days); text != "" {
		return text
	}
	return strings.Join(words, " or ")
}

// period writes when w can be as EDTF does.
func period(w when.Window) string {
	if w.Earliest.Day == w.Latest.Day {
		return w.Earliest.Day.String()
	}
	return w.Earliest.Day.String() + ".." + w.Latest.Day.String()
}
