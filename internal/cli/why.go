package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/civil"
)

func (a *app) why() *cobra.Command {
	c := &cobra.Command{
		Use:   "why ID",
		Short: "Say why an event is where it is",
		Long: `Say which statements give the earliest and the latest day of an event, with their words
and their file and line, and which statements exclude each other.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := ask(a, func(s source, _ time.Time) (agenda.WhyView, error) { return s.Why(cmd.Context(), args[0]) })
			if err != nil {
				return err
			}
			return a.print(v, func() { a.whyText(v) })
		},
	}
	a.jsonFlag(c, oneDocument)
	a.dataFlag(c)
	return c
}

// boundWords says what each bound means.
var boundWords = map[string]string{
	"earliest": "not before", "latest": "not after", "ends_earliest": "does not end before", "ends_latest": "ends by",
}

func (a *app) whyText(v agenda.WhyView) {
	a.printf("%s: %s\n", v.ID, v.Date)
	for i := 0; i < len(v.Bounds); i++ {
		bound := v.Bounds[i]
		words := boundWords[bound.Bound]
		if i+1 < len(v.Bounds) && sameBound(bound, v.Bounds[i+1]) { // both ends of a single day
			i++
			words += " and " + boundWords[v.Bounds[i].Bound]
		}
		a.printf("\n%s %s, because\n", words, dateWords(bound.At))
		for _, s := range bound.Steps {
			a.stepText(s)
		}
	}
	if len(v.Bounds) == 0 {
		a.printf("\nnothing that was stated gives a date: %s\n", v.Stated)
	}
	if d, err := civil.ParseDate(v.LastSafeDay); err == nil {
		a.printf("\nthe last safe day is %s\n", civil.Long(d))
	}
	for _, c := range v.Conditions {
		a.printf("\n%s\n", c.Says)
	}
	for i, c := range v.Contradictions {
		a.printf("\nthese cannot all hold:\n")
		for _, s := range c {
			a.stepText(s)
		}
		if i < len(v.Conflicts) { // an older daemon tells none
			a.printf("%s\n", strings.Join(v.Conflicts[i].Words, "\n"))
		}
	}
	for _, s := range v.SetAside {
		if s.By != "" {
			a.printf("\n%s\n", supersededWords(s))
			a.stepText(agenda.StepView{Owner: v.ID, Says: s.Says, Source: s.Source, Quote: s.Quote})
			continue
		}
		a.printf("\nset aside: %s, %s\n", s.Statement, s.Why)
	}
	for _, w := range v.Warnings {
		a.printf("\nwarning: %s (%s)\n", w.Words, w.Code)
	}
}

// sameBound reports whether two bounds lie at the same place for the same reasons.
func sameBound(a, b agenda.BoundView) bool {
	return a.At == b.At && slices.EqualFunc(a.Steps, b.Steps, func(x, y agenda.StepView) bool { return x.Statement == y.Statement })
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

func (a *app) stepText(s agenda.StepView) {
	a.printf("  %s is %s\n", s.Owner, s.Says)
	switch {
	case s.Quote != "" && s.Source != "":
		a.printf("    “%s” (%s)\n", s.Quote, s.Source)
	case s.Quote != "":
		a.printf("    “%s”\n", s.Quote)
	case s.Source != "":
		a.printf("    says %s\n", s.Source)
	}
	if s.File != "" {
		a.printf("    %s:%d\n", s.File, s.Line)
	}
}
