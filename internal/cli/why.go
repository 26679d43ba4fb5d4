package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
)

func (a *app) why() *cobra.Command {
	var asJSON bool
	var data string
	c := &cobra.Command{
		Use:   "why ID",
		Short: "Say why an event is where it is",
		Long: `Say which statements give the earliest and the latest day of an event, with their words
and their file and line, and which statements exclude each other.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var v agenda.WhyView
			err := a.ask(data, a.Now(), func(r calendar.Reader) (err error) {
				v, err = r.Why(cmd.Context(), args[0])
				return err
			})
			if err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(a.Stdout)
				enc.SetEscapeHTML(false)
				return enc.Encode(v)
			}
			return a.printWhy(v)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	c.Flags().StringVar(&data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
	return c
}

// boundWords says what each bound means.
var boundWords = map[string]string{
	"earliest": "not before", "latest": "not after", "ends_earliest": "does not end before", "ends_latest": "ends by",
}

func (a *app) printWhy(v agenda.WhyView) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", v.ID, v.Date)
	for i := 0; i < len(v.Bounds); i++ {
		bound := v.Bounds[i]
		words := boundWords[bound.Bound]
		if i+1 < len(v.Bounds) && sameBound(bound, v.Bounds[i+1]) { // both ends of a single day
			i++
			words += " and " + boundWords[v.Bounds[i].Bound]
		}
		fmt.Fprintf(&b, "\n%s %s, because\n", words, dateWords(bound.At))
		for _, s := range bound.Steps {
			writeStep(&b, s)
		}
	}
	if len(v.Bounds) == 0 {
		fmt.Fprintf(&b, "\nnothing that was stated gives a date: %s\n", v.Stated)
	}
	if d, err := civil.ParseDate(v.LastSafeDay); err == nil {
		fmt.Fprintf(&b, "\nthe last safe day is %s\n", civil.Long(d))
	}
	for _, c := range v.Conditions {
		fmt.Fprintf(&b, "\n%s\n", c.Says)
	}
	for i, c := range v.Contradictions {
		b.WriteString("\nthese cannot all hold:\n")
		for _, s := range c {
			writeStep(&b, s)
		}
		if i < len(v.Conflicts) { // an older daemon tells none
			b.WriteString(strings.Join(v.Conflicts[i].Words, "\n") + "\n")
		}
	}
	for _, s := range v.SetAside {
		fmt.Fprintf(&b, "\nset aside: %s, %s\n", s.Statement, s.Why)
	}
	for _, w := range v.Warnings {
		fmt.Fprintf(&b, "\nwarning: %s (%s)\n", w.Words, w.Code)
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return err
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

func writeStep(b *strings.Builder, s agenda.StepView) {
	fmt.Fprintf(b, "  %s is %s\n", s.Owner, s.Says)
	switch {
	case s.Quote != "" && s.Source != "":
		fmt.Fprintf(b, "    “%s” (%s)\n", s.Quote, s.Source)
	case s.Quote != "":
		fmt.Fprintf(b, "    “%s”\n", s.Quote)
	case s.Source != "":
		fmt.Fprintf(b, "    says %s\n", s.Source)
	}
	if s.File != "" {
		fmt.Fprintf(b, "    %s:%d\n", s.File, s.Line)
	}
}
