package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
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
	return writeCSV(a.out, list)
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

// csvColumns are the columns of a table.
var csvColumns = []string{
	"id", "uid", "title", "kind", "certainty", "status", "date", "last_safe_day", "stated", "earliest", "latest", "ends_earliest", "ends_latest",
	"precision", "zone", "place", "parties", "people", "topics", "revision",
}

// csvRow returns what stands in the columns of an event.
func csvRow(v story.View) []string {
	row := []string{
		v.ID, v.UID, v.Title, v.Kind, v.Certainty, v.Status, v.Date, v.LastSafeDay, v.Stated, orEmpty(v.Earliest), orEmpty(v.Latest),
		orEmpty(v.EndsEarliest), orEmpty(v.EndsLatest), v.Precision, v.Zone, v.Place, strings.Join(v.Parties, "; "),
		strings.Join(v.People, "; "), strings.Join(v.Topics, "; "), strconv.Itoa(v.Revision),
	}
	for i, c := range row {
		row[i] = inert(c)
	}
	return row
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// writeCSV writes a table, RFC 4180.
func writeCSV(to io.Writer, list []story.View) error {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	rows := [][]string{csvColumns}
	for _, v := range list {
		rows = append(rows, csvRow(v))
	}
	return w.WriteAll(rows)
}

// inert keeps a spreadsheet from taking a text for a formula, which could fetch and send.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
