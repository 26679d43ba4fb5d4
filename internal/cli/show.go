package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
)

// shown is all that is known of one event, as programs read it: the objects of list,
// why and changes. Its names are a promise.
type shown struct {
	Event   agenda.View    `json:"event"`
	Why     agenda.WhyView `json:"why"`
	Changes []change.View  `json:"changes"` // the newest first
}

func (a *app) show() *cobra.Command {
	var asJSON bool
	var data, now string
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one event: what was said, what follows, and all its changes",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.look(cmd.Context(), args[0], data, now)
			if err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(a.Stdout)
				enc.SetEscapeHTML(false)
				return enc.Encode(s)
			}
			return a.printShown(s)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	c.Flags().StringVar(&now, "now", "", "as it is at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z")
	c.Flags().StringVar(&data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
	return c
}

// look gathers what is known of the event id. The error is calendar.ErrNoEvent where
// there is none.
func (a *app) look(ctx context.Context, id, data, at string) (shown, error) {
	var s shown
	c, err := a.settings()
	if err != nil {
		return s, err
	}
	now, err := a.instant(at, c)
	if err != nil {
		return s, err
	}
	err = a.ask(data, now, func(r calendar.Reader) error {
		s, err = read(ctx, r, id, now)
		return err
	})
	return s, err
}

func read(ctx context.Context, r calendar.Reader, id string, now time.Time) (s shown, err error) {
	if s.Why, err = r.Why(ctx, id); err != nil {
		return s, err
	}
	list, err := r.List(ctx, calendar.Query{Now: now})
	if err != nil {
		return s, err
	}
	i := slices.IndexFunc(list, func(v agenda.View) bool { return v.ID == id })
	if i < 0 { // it left between the two questions
		return s, fmt.Errorf("event %q: %w", id, calendar.ErrNoEvent)
	}
	s.Event = list[i]
	s.Changes, err = r.Changes(ctx, agenda.Filter{}, change.Range{Event: id})
	s.Changes = append([]change.View{}, s.Changes...)
	return s, err
}

func (a *app) printShown(s shown) error {
	var b strings.Builder
	e := s.Event
	fmt.Fprintf(&b, "%s: %s\n%s\n\n", e.ID, e.Title, e.Date)
	for _, f := range [][2]string{
		{"stated", e.Stated}, {"kind", e.Kind}, {"certainty", e.Certainty}, {"status", e.Status}, {"phase", e.Phase},
		{"zone", e.Zone}, {"place", e.Place}, {"parties", strings.Join(e.Parties, ", ")},
		{"people", strings.Join(e.People, ", ")}, {"topics", strings.Join(e.Topics, ", ")}, {"uid", e.UID},
	} {
		if f[1] != "" {
			fmt.Fprintf(&b, "%-10s %s\n", f[0], f[1])
		}
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(&b, "%-10s %s: %s\n", "warning", w.Code, w.Words)
	}
	if len(e.Because) > 0 {
		b.WriteString("\nbecause\n")
	}
	for _, r := range e.Because {
		writeReason(&b, r)
	}
	if len(s.Changes) > 0 {
		b.WriteString("\nchanges\n")
	}
	for _, v := range s.Changes {
		writeChange(&b, v)
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return err
}

func writeReason(b *strings.Builder, r agenda.ReasonView) {
	fmt.Fprintf(b, "  %s\n", r.Says)
	if r.Quote != "" {
		fmt.Fprintf(b, "    “%s”", r.Quote)
		if r.Source != "" {
			fmt.Fprintf(b, " (%s)", r.Source)
		}
		b.WriteString("\n")
	}
	if r.File != "" {
		fmt.Fprintf(b, "    %s:%d\n", r.File, r.Line)
	}
}
