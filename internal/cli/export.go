package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/feed"
	"attache/internal/story"
)

// exportFlags are what export can be asked for.
type exportFlags struct {
	listFlags
	format, windows, cancelled string
}

func (a *app) export() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export",
		Short: "Print the events as a calendar, as JSON or as a table",
		Long: `Print the events as an iCalendar file (ics), as JSON with one event a line (json, the
same as list --json), or as a table for spreadsheets (csv). A calendar holds only events
with a date, the others hold all. The answer comes from the running daemon, or without
one from the files.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runExport(cmd.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "ics", "`FORMAT` is ics, json or csv")
	flags.StringVar(&f.windows, "windows", "", "for ics: `HOW` a window is shown: by its edges, as a span, or none")
	flags.StringVar(&f.cancelled, "cancelled", "", "for ics: `HOW` a cancelled event is shown: by status, title or both")
	a.nowFlag(c)
	a.dataFlag(c)
	f.add(c)
	f.sort = string(agenda.ByDay)
	return c
}

func (a *app) runExport(ctx context.Context, f exportFlags) error {
	err := errors.Join(
		known("format", f.format, []string{"ics", "json", "csv"}),
		known("windows", feed.Windows(f.windows), feed.AllWindows()),
		known("cancelled", feed.Cancelled(f.cancelled), feed.AllCancelled()),
	)
	if err != nil {
		return usageError{err}
	}
	q, err := f.query()
	if err != nil {
		return err
	}
	if f.format == "ics" {
		return a.printCalendar(ctx, calendar.Export{Query: q, Windows: f.windows, Cancelled: f.cancelled})
	}
	list, err := a.views(ctx, q)
	if err != nil {
		return err
	}
	if f.format == "json" {
		a.flags.json = true
		return printList(a, list, writeEvent)
	}
	_, err = a.out.Write(story.Table(list, nil, nil))
	return err
}

// printCalendar prints events as an iCalendar text.
func (a *app) printCalendar(ctx context.Context, x calendar.Export) error {
	text, err := ask(a, func(s source, now time.Time) ([]byte, error) {
		x.Now = now
		return s.Export(ctx, x)
	})
	if err == nil {
		_, err = a.out.Write(text)
	}
	return err
}
