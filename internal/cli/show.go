package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/store"
	"attache/internal/story"
)

// eventView is all that is known of one event, as programs read it: the objects of list,
// why and changes. Its names are a promise.
type eventView struct {
	Event   story.View     `json:"event"`
	Why     agenda.WhyView `json:"why"`
	Changes []change.View  `json:"changes"` // the newest first
}

func (a *app) show() *cobra.Command {
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one event: what was said, what follows, and all its changes",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := ask(a, func(s source, now time.Time) (eventView, error) { return lookUp(cmd.Context(), s, args[0], now) })
			if err != nil {
				return err
			}
			return a.print(all, func() { a.eventText(all) })
		},
	}
	a.jsonFlag(c, oneDocument)
	a.nowFlag(c)
	a.dataFlag(c)
	return c
}

// lookUp gathers what is known of the event id. The error is calendar.ErrNoEvent where
// there is none.
func lookUp(ctx context.Context, r calendar.Reader, id string, now time.Time) (s eventView, err error) {
	if s.Why, err = r.Why(ctx, id); err != nil {
		return s, err
	}
	list, err := r.List(ctx, calendar.Query{Now: now})
	if err != nil {
		return s, err
	}
	i := slices.IndexFunc(list, func(v story.View) bool { return v.ID == id })
	if i < 0 { // it left between the two questions
		return s, fmt.Errorf("event %q: %w", id, calendar.ErrNoEvent)
	}
	s.Event = list[i]
	s.Changes, err = r.Changes(ctx, calendar.ChangeQuery{Range: change.Range{Event: id}})
	s.Changes = append([]change.View{}, s.Changes...)
	if other := new(store.OtherError); errors.As(err, &other) {
		err = nil // nothing was recorded of this one
	}
	return s, err
}

func (a *app) eventText(s eventView) {
	e := s.Event
	a.printf("%s: %s\n\n", e.ID, e.Title)
	line := func(about, words string) {
		if words != "" {
			a.printf("%-16s %s\n", about, words)
		}
	}
	for _, f := range e.Facts {
		if f.About != story.Title { // it stands above
			line(string(f.About), f.Words)
		}
	}
	line("people", strings.Join(e.People, ", "))
	line("topics", strings.Join(e.Topics, ", "))
	line("zone", e.Zone)
	line("uid", e.UID)
	for _, w := range e.Warnings {
		line("warning", w.Code+": "+w.Words)
	}
	if len(e.Because) > 0 {
		a.printf("\nbecause\n")
	}
	for _, r := range e.Because {
		writeReason(a.out, r)
	}
	if len(s.Changes) > 0 {
		a.printf("\nchanges\n")
	}
	for _, v := range s.Changes {
		writeChange(a.out, v)
	}
}

func writeReason(w io.Writer, r agenda.ReasonView) {
	fmt.Fprintf(w, "  %s\n", r.Says)
	if r.Quote != "" {
		fmt.Fprintf(w, "    “%s”", r.Quote)
		if r.Source != "" {
			fmt.Fprintf(w, " (%s)", r.Source)
		}
		fmt.Fprintln(w)
	}
	if r.File != "" {
		fmt.Fprintf(w, "    %s:%d\n", r.File, r.Line)
	}
}
