package web

import (
	"strconv"

	"attache/internal/agenda"
	"attache/internal/story"
)

// bound is one end of what is possible, and why it is there.
type bound struct {
	Name  string // "Not before"
	Is    string // the day
	Soft  bool   // whether it is a convention rather than a limit that somebody stated
	Steps []step
}

// step is one statement on the way to a bound.
type step struct {
	Title  string // of the event that it was stated of; "" where that is this one
	Says   string
	Gives  string // the day that follows; "" where that says nothing new
	Href   string // of the statement
	Name   string
	Words  string // the exact words
	Source string
	URL    string
}

// boundNames names the ends of what is possible.
var boundNames = map[string]string{
	"earliest": "Not before", "latest": "Not after", "ends_earliest": "Does not end before", "ends_latest": "Ends by",
}

// bounds reports why e is where it is. What the same statement gives is told once.
func (req request) bounds(e *agenda.Entry) []bound {
	var out []bound
	for _, w := range e.Why() {
		b := bound{Name: boundNames[w.Bound], Is: story.Edge(e.Window, w.At), Soft: w.At.Soft, Steps: req.steps(e, w.Steps)}
		if e.Window.Settled() {
			b.Name = map[string]string{"earliest": "Begins", "latest": "Begins", "ends_earliest": "Ends", "ends_latest": "Ends"}[w.Bound]
		}
		if n := len(out); n > 0 && out[n-1].Is == b.Is && out[n-1].Name == b.Name && sameSteps(out[n-1].Steps, b.Steps) {
			continue
		}
		out = append(out, b)
	}
	return out
}

func sameSteps(a, b []step) bool {
	return len(a) == len(b) && (len(a) == 0 || a[0].Href == b[0].Href)
}

// steps returns statements with links to where they are shown in full.
func (req request) steps(e *agenda.Entry, list []agenda.Step) []step {
	var out []step
	for _, s := range list {
		st := step{Name: s.Statement, Says: s.Says, Words: s.Quote, Href: "#" + req.anchorOf(s)}
		st.Source, st.URL = req.source(s.Source)
		if s.Owner != e.ID {
			st.Title, st.Href = s.Title, req.event(s.Owner)+st.Href
		}
		if s.Gives.Known() && len(list) > 1 {
			st.Gives = story.Edge(e.Window, s.Gives)
		}
		out = append(out, st)
	}
	return out
}

// anchorOf names the place of a statement on the page of its event.
func (req request) anchorOf(s agenda.Step) string {
	if e, ok := req.index.byID[s.Owner]; ok {
		for i := range e.When {
			if e.StatementName(i) == s.Statement {
				return anchor(i)
			}
		}
	}
	return "said"
}

// anchor names the place of the i-th statement on the page of its event.
func anchor(i int) string { return "said-" + strconv.Itoa(i+1) }
