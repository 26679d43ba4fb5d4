package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
)

// boundMeans says what each bound means.
var boundMeans = map[string]string{
	"earliest": "not before", "latest": "not after", "ends_earliest": "does not end before", "ends_latest": "ends by",
}

// Text returns v as people read it, in lines.
func (v WhyView) Text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s", v.ID, v.Date)
	if d, err := civil.ParseDate(v.LastSafeDay); err == nil {
		fmt.Fprintf(&out, ", last safe day %s", civil.Long(d))
	}
	out.WriteByte('\n')
	for i := 0; i < len(v.Bounds); i++ {
		bound := v.Bounds[i]
		words := boundMeans[bound.Bound]
		if i+1 < len(v.Bounds) && sameBound(bound, v.Bounds[i+1]) { // both ends of a single day
			i++
			words += " and " + boundMeans[v.Bounds[i].Bound]
		}
		fmt.Fprintf(&out, "\n%s %s, because\n", words, dateWords(bound.At))
		for _, s := range bound.Steps {
			s.text(&out)
		}
	}
	if len(v.Bounds) == 0 {
		fmt.Fprintf(&out, "\nnothing that was stated gives a date: %s\n", v.Stated)
	}
	for _, c := range v.Conditions {
		fmt.Fprintf(&out, "\n%s\n", c.Says)
	}
	for i, c := range v.Contradictions {
		fmt.Fprintf(&out, "\nthese cannot all hold:\n")
		for _, s := range c {
			s.text(&out)
		}
		if i < len(v.Conflicts) { // an older daemon tells none
			fmt.Fprintf(&out, "%s\n", strings.Join(v.Conflicts[i].Words, "\n"))
		}
	}
	for _, s := range v.SetAside {
		if s.By != "" {
			fmt.Fprintf(&out, "\n%s\n", s.Words())
			StepView{Owner: v.ID, Says: s.Says, Source: s.Source, Quote: s.Quote}.text(&out)
			continue
		}
		fmt.Fprintf(&out, "\nset aside: %s, %s\n", s.Statement, s.Why)
	}
	for _, w := range v.Warnings {
		fmt.Fprintf(&out, "\nwarning: %s (%s)\n", w.Words, w.Code)
	}
	return out.String()
}

// Words returns in one line what became of the statement.
func (s SetAside) Words() string {
	if s.By != "" {
		return s.Statement + " is " + strings.TrimPrefix(s.Why, "it is ")
	}
	return "set aside " + s.Statement + ", " + s.Why
}

// sameBound reports whether two bounds lie at the same place for the same reasons.
func sameBound(a, b BoundView) bool {
	return a.At == b.At && slices.EqualFunc(a.Steps, b.Steps, func(x, y StepView) bool { return x.Statement == y.Statement })
}

// dateWords writes a bound as people read it.
func dateWords(at string) string {
	if d, err := civil.ParseDate(at); err == nil {
		return civil.Long(d)
	}
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return t.Format("Mon 2 Jan 2006, 15:04 UTC-07:00")
	}
	return at
}

func (s StepView) text(out *strings.Builder) {
	fmt.Fprintf(out, "  %s is %s\n", s.Owner, s.Says)
	switch {
	case s.Quote != "" && s.Source != "":
		fmt.Fprintf(out, "    “%s” (%s)\n", s.Quote, s.Source)
	case s.Quote != "":
		fmt.Fprintf(out, "    “%s”\n", s.Quote)
	case s.Source != "":
		fmt.Fprintf(out, "    says %s\n", s.Source)
	}
	if s.File != "" {
		fmt.Fprintf(out, "    %s:%d\n", s.File, s.Line)
	}
}
