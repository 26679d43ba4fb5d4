package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/story"
)

// listFlags are what list can be asked for.
type listFlags struct {
	filterFlags
	from, to, sort string
}

func (a *app) list() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:   "list",
		Short: "List the events in the order of their dates",
		Long: `List the events in the order of their dates. The answer comes from the running daemon,
or without one from the files.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runList(cmd.Context(), f) },
	}
	a.jsonFlag(c, oneALine)
	a.nowFlag(c)
	a.dataFlag(c)
	f.add(c)
	c.Flags().StringVar(&f.sort, "sort", string(agenda.ByDay), "`ORDER` is day, the first day on which each can come, or latest, the last")
	return c
}

func (f *listFlags) add(c *cobra.Command) {
	f.filterFlags.add(c)
	c.Flags().StringVar(&f.from, "from", "", "only events that can come on this `DATE` or later")
	c.Flags().StringVar(&f.to, "to", "", "only events that can come on this `DATE` or earlier")
}

func (a *app) runList(ctx context.Context, f listFlags) error {
	q, err := f.query()
	if err != nil {
		return err
	}
	list, err := a.views(ctx, q)
	if err != nil {
		return err
	}
	return printList(a, list, writeEvent)
}

// query reads which events are asked for, and in which order.
func (f *listFlags) query() (q calendar.Query, err error) {
	if q.Filter, err = f.filter(); err != nil {
		return q, err
	}
	order, err := oneOf("sort", []string{f.sort}, agenda.Orders())
	if err != nil {
		return q, err
	}
	q.Order = order[0]
	if q.Filter.From, err = date(f.from); err != nil {
		return q, err
	}
	if q.Filter.To, err = date(f.to); err != nil {
		return q, err
	}
	if !q.Filter.To.IsZero() && q.Filter.From.After(q.Filter.To) {
		return q, backwards(f.from, f.to)
	}
	return q, nil
}

// date reads a date, which may be left out.
func date(text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, usageError{err}
	}
	return d, nil
}

// views returns the events that q chooses, as they are at the time of --now.
func (a *app) views(ctx context.Context, q calendar.Query) ([]story.View, error) {
	return ask(a, func(s source, now time.Time) ([]story.View, error) {
		q.Now = now
		return s.List(ctx, q)
	})
}

func writeEvent(w io.Writer, v story.View) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Date, mark(v), v.ID, v.Title)
}

// mark returns in a few words how settled an event is.
func mark(v story.View) string {
	var words []string
	for _, f := range v.Facts {
		switch f.About {
		case story.Certainty, story.Status:
			words = append(words, f.Words)
		case story.Safe:
			words = append(words, strings.ToLower(f.Label())+" "+f.Words)
		case story.Series:
			words = append(words, "recurs")
		}
	}
	if v.Facts.Get(story.Condition) != "" && !event.Status(v.Status).Over() {
		words = append(words, "conditional")
	}
	if v.Phase == string(agenda.UnderWay) {
		words = append(words, v.Phase)
	}
	return strings.Join(words, ", ")
}
