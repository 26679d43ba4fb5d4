package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/daemon"
	"attache/internal/store"
	"attache/internal/when"
)

// listFlags are what list can be asked for.
type listFlags struct {
	json                                      bool
	now, data                                 string
	topics, parties, kinds, statuses, certain []string
	from, to                                  string
}

func (a *app) list() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:   "list",
		Short: "List the events with their dates, in the order in which they come",
		Long: `List the events with their dates, in the order in which they come. A running
daemon is asked; without one the files are read.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runList(cmd.Context(), f) },
	}
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	c.Flags().StringVar(&f.now, "now", "", "as it stands at this `TIME`, 2025-10-26 or 2025-10-26T14:00:00Z")
	c.Flags().StringVar(&f.data, "data", "", "the `FOLDER` of the database instead of the configuration's")
	c.Flags().StringSliceVar(&f.topics, "topic", nil, "only events of this `TOPIC`")
	c.Flags().StringSliceVar(&f.parties, "party", nil, "only events with this `PARTY`")
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only events of this `KIND`")
	c.Flags().StringSliceVar(&f.statuses, "status", nil, "only events with this `STATUS`")
	c.Flags().StringSliceVar(&f.certain, "certainty", nil, "only events of this `CERTAINTY`")
	c.Flags().StringVar(&f.from, "from", "", "only what can come on this `DATE` or later")
	c.Flags().StringVar(&f.to, "to", "", "only what can come on this `DATE` or earlier")
	return c
}

func (a *app) runList(ctx context.Context, f listFlags) error {
	c, err := a.settings()
	if err != nil {
		return err
	}
	now, err := a.instant(f.now, c)
	if err != nil {
		return err
	}
	keep, err := f.filter()
	if err != nil {
		return err
	}
	list, err := a.views(ctx, c, f.data, now)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(v agenda.View) bool { return !keep(v) })
	if f.json {
		return a.printJSON(list)
	}
	return a.printTable(list)
}

// views asks the running daemon, and reads the files where there is none.
func (a *app) views(ctx context.Context, c *config.Config, data string, now time.Time) ([]agenda.View, error) {
	folder, err := daemon.DataFolder(data, c.Data, a.Getenv)
	if err != nil {
		return nil, err
	}
	list, err := control.NewClient(control.Path(folder)).Views(ctx, now)
	if !errors.Is(err, control.ErrNoDaemon) {
		return list, err
	}
	if c, err = a.load(); err != nil {
		return nil, err
	}
	entries, err := preview(c, folder, now)
	list = nil
	for _, e := range entries {
		list = append(list, e.View(now))
	}
	return list, err
}

// preview reads the files where no daemon answers.
func preview(c *config.Config, folder string, now time.Time) ([]agenda.Entry, error) {
	list, err := daemon.Preview(c, folder, now)
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("the daemon has the database and does not answer: %w", err)
	}
	return list, err
}

// instant reads the value of a --now, --from or --to: an instant, or a date,
// which is its beginning in the zone of the configuration. Empty is now.
func (a *app) instant(s string, c *config.Config) (time.Time, error) {
	if s == "" {
		return a.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	loc, err := when.Zone(c.Timezone)
	if err != nil {
		return time.Time{}, err
	}
	d, err := when.ParseDate(s)
	if err != nil {
		return time.Time{}, usageError{fmt.Errorf("%q is not a time: write it as 2025-10-26 or 2025-10-26T14:00:00Z", s)}
	}
	return d.Start(loc), nil
}

// filter gives what the flags let through.
func (f listFlags) filter() (func(agenda.View) bool, error) {
	for _, d := range []string{f.from, f.to} {
		if d == "" {
			continue
		}
		if _, err := when.ParseDate(d); err != nil {
			return nil, usageError{err}
		}
	}
	return func(v agenda.View) bool {
		return anyOf(f.topics, v.Topics...) && anyOf(f.parties, v.Parties...) && anyOf(f.kinds, v.Kind) &&
			anyOf(f.statuses, v.Status) && anyOf(f.certain, v.Certainty) && f.within(v)
	}, nil
}

// within compares civil dates as text, which ISO 8601 orders by time.
func (f listFlags) within(v agenda.View) bool {
	if f.from == "" && f.to == "" {
		return true
	}
	if n := len(v.Occurrences); n > 0 { // more than are shown may come
		after := day(v.Occurrences[n-1]) < f.from
		return after || slices.ContainsFunc(v.Occurrences, func(o string) bool {
			return day(o) >= f.from && (f.to == "" || day(o) <= f.to)
		})
	}
	latest := v.Latest
	if v.EndsLatest != nil {
		latest = v.EndsLatest
	}
	if v.Earliest == nil && latest == nil {
		return false
	}
	return (f.from == "" || latest == nil || day(*latest) >= f.from) && (f.to == "" || v.Earliest == nil || day(*v.Earliest) <= f.to)
}

func day(s string) string { return s[:min(len(s), len("2006-01-02"))] }

func anyOf(want []string, have ...string) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(w string) bool { return slices.Contains(have, w) })
}

func (a *app) printJSON(list []agenda.View) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printTable(list []agenda.View) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, v := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Date, mark(v), v.ID, v.Title)
	}
	return w.Flush()
}

// mark says in a few words how settled an event is.
func mark(v agenda.View) string {
	words := []string{v.Certainty}
	if d, err := when.ParseDate(v.LastSafeDay); err == nil {
		words = append(words, "last safe day "+when.Short(d))
	}
	if v.Recurs != "" {
		words = append(words, "recurs")
	}
	if v.Condition != nil && v.Condition.State == string(agenda.Unknown) {
		words = append(words, "conditional")
	}
	if v.Status != "open" {
		words = append(words, v.Status)
	} else if v.Phase != string(agenda.Ahead) {
		words = append(words, v.Phase)
	}
	return strings.Join(words, ", ")
}
