package agenda

import (
	"fmt"
	"strings"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// Words describes a contradiction: what it is, by how much, what is done about it for now and what
// a person can do, a sentence each.
func (c Conflict) Words() []string {
	out := []string{c.claim()}
	if c.Event != "" {
		out = append(out, c.gap())
	}
	aside := "Set aside for now: " + c.SetAside
	for _, st := range c.Steps {
		if st.Statement == c.SetAside && st.Source != "" {
			aside += ", from " + st.Source
		}
	}
	return append(out, aside+" ("+c.Why+").", c.remedy())
}

// claim returns the sentence about what cannot be.
func (c Conflict) claim() string {
	switch {
	case c.Endless:
		return fmt.Sprintf("%s depend on each other without end: attache gave up after many steps.", c.owners())
	case c.Event == "" && len(c.Steps) == 1:
		return c.owners() + " waits for itself."
	case c.Event == "":
		return fmt.Sprintf("%s wait for each other: none can come first.", c.owners())
	}
	return fmt.Sprintf("No day fits %s: it is not before %s (%s), and not after %s (%s).",
		title(c.Title, c.Event), boundWords(c.Lower.At), reasons(c.Lower.Steps), boundWords(c.Upper.At), reasons(c.Upper.Steps))
}

func title(title, id string) string {
	if title == "" {
		return id
	}
	return title
}

// owners names the events of the statements, each once.
func (c Conflict) owners() string {
	var names []string
	seen := make(map[string]bool)
	for _, st := range c.Steps {
		if !seen[st.Owner] {
			seen[st.Owner] = true
			names = append(names, title(st.Title, st.Owner))
		}
	}
	return prose.List(names, "and")
}

// boundWords writes a bound as people read it.
func boundWords(b when.Bound) string {
	if b.Timed {
		return b.At.UTC().Format("2 Jan 2006, 15:04 UTC")
	}
	return civil.Short(b.Day)
}

// Claim returns what was stated of which event, in words: "Beijing trip is by 1 Mar 2026".
func (s Step) Claim() string { return title(s.Title, s.Owner) + " is " + s.Says }

// Disputes returns, for each contradiction of e, what was stated that cannot all hold.
func (e Entry) Disputes() []string {
	var out []string
	for _, c := range e.Conflicts {
		claims := make([]string, len(c.Steps))
		for i, st := range c.Steps {
			claims[i] = st.Claim()
		}
		out = append(out, strings.Join(claims, "; "))
	}
	return out
}

// reasons returns the statements that lead to a bound, with their sources.
func reasons(steps []Step) string {
	var out []string
	for _, st := range steps {
		words := st.Claim()
		if st.Quote != "" {
			words += ", “" + st.Quote + "”"
		}
		if st.Source != "" {
			words += ", " + st.Source
		}
		out = append(out, words)
	}
	return strings.Join(out, "; ")
}

func (c Conflict) gap() string {
	switch c.Days {
	case 0:
		return "The two limits are less than a day apart."
	case 1:
		return "The two limits are 1 day apart."
	}
	return fmt.Sprintf("The two limits are %d days apart.", c.Days)
}

func (c Conflict) remedy() string {
	switch {
	case len(c.Steps) == 1:
		return "To resolve it, drop or change this statement."
	case !c.Shift || c.Days == 0:
		return "To resolve it, drop or change one of these statements."
	case c.Days == 1:
		return "To resolve it, drop one of these statements, or move one by 1 day."
	}
	return fmt.Sprintf("To resolve it, drop one of these statements, or move one by %d days.", c.Days)
}
