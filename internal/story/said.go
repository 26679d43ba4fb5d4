package story

import (
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
)

// certainty returns how sure e is, "" once that is of no interest.
func certainty(e *agenda.Entry) string {
	if e.Status.Over() || e.WasPutOff() {
		return ""
	}
	return string(e.Certainty)
}

// NoOutcome is the status of what has passed while nobody has said what became of it.
const NoOutcome = "no outcome recorded"

// Status returns what became of e, "" while nothing has to be said of it.
func (r Reader) Status(e *agenda.Entry) string {
	switch {
	case e.Status != event.Open && e.Status != "":
		return string(e.Status)
	case !r.Now.IsZero() && e.Phase(r.Now) == agenda.AwaitingOutcome:
		return NoOutcome
	}
	return ""
}

// OnlyIf returns what has to be so for e, with whether it is; "" where nothing has to be, or it
// is so.
func OnlyIf(e *agenda.Entry) string {
	if c, ok := e.Condition(); ok && c.State != agenda.True {
		return condition(c)
	}
	return ""
}

// condition returns the words of c, "" where its reader may not see them, which is a fact of its
// own.
func condition(c agenda.Condition) string {
	if c.Text == event.Unseen {
		return ""
	}
	return strings.TrimPrefix(c.Words(), "only if ")
}

// was returns the date of e before it last moved.
func (r Reader) was(e *agenda.Entry) string {
	p := e.Past
	if p.Was == "" || e.WasPutOff() { // that is its date
		return ""
	}
	words := p.Was
	if !p.Moved.IsZero() {
		words += ", until " + civil.Short(civil.DateOf(p.Moved, r.location(e)))
	}
	if p.Why != "" {
		words += " (" + strings.TrimSuffix(prose.OneLine(p.Why), ".") + ")"
	}
	return words
}

func (r Reader) location(e *agenda.Entry) *time.Location {
	if r.Zone != nil {
		return r.Zone
	}
	return e.Window.Location()
}

// mostReplaced is how many of the dates that were stated before are told.
const mostReplaced = 3

// replaced returns what was stated of e before later reports came in its place, the last first.
func (r Reader) replaced(e *agenda.Entry) (out []string) {
	for i := len(e.SetAside) - 1; i >= 0 && len(out) < mostReplaced; i-- {
		if x := e.SetAside[i]; x.By != "" {
			out = append(out, r.Claim(x.Says, x.Quote, x.Source))
		}
	}
	return out
}

// disputes returns, for each contradiction of e, what was stated that cannot all hold, and what
// is set aside for now.
func (r Reader) disputes(e *agenda.Entry) (out []string) {
	for _, c := range e.Conflicts {
		var sides []string
		for _, st := range c.Steps {
			says := st.Says
			if st.Owner != e.ID {
				says = st.Claim()
			}
			if side := r.Claim(says, st.Quote, st.Source); st.Statement == c.SetAside {
				sides = append(sides, side+", set aside for now")
			} else {
				sides = append(sides, side)
			}
		}
		out = append(out, strings.Join(sides, "; "))
	}
	return out
}

// Claim returns what was said, in whose words and where.
func (r Reader) Claim(says, quote, source string) string {
	if quote = prose.CleanLine(quote); quote != "" && quote != says {
		says += ", “" + quote + "”"
	}
	if where := r.Source(source); where != "" {
		says += " (" + where + ")"
	}
	return says
}

// Source names the source of that key, by which people do not know it: its title, who published
// it and when. It is "" where none of them is known.
func (r Reader) Source(key string) string { return prose.CleanLine(r.Sources[key].Words()) }

// Quote is what a source says of an event.
type Quote struct {
	Words  string // the exact ones, in a line; "" where it is only named
	Source string // its title, publisher and day
	URL    string // as it was written
}

// Quotes returns what every source says, those that give the date first, each once.
func (r Reader) Quotes(e *agenda.Entry) (out []Quote) {
	type said struct{ source, words string }
	seen := map[said]bool{{}: true}
	add := func(source, words string) {
		if s := (said{source, words}); !seen[s] {
			seen[s] = true
			out = append(out, Quote{prose.CleanLine(words), r.Source(source), r.Sources[source].URL})
		}
	}
	for _, b := range e.Because {
		add(b.Source, b.Quote)
	}
	for _, c := range e.Sources {
		add(c.Source, c.Quote)
	}
	return out
}
