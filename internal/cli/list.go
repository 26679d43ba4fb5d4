package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
)

// listFlags are what list can be asked for.
type listFlags struct {
	filterFlags
	json                      bool
	now, data, from, to, sort string
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
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	c.Flags().StringVar(&f.now, "now", "", "as it is at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z")
	c.Flags().StringVar(&f.data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
	f.add(c)
	c.Flags().StringVar(&f.from, "from", "", "only events that can come on this `DATE` or later")
	c.Flags().StringVar(&f.to, "to", "", "only events that can come on this `DATE` or earlier")
	c.Flags().StringVar(&f.sort, "sort", string(agenda.ByDay), "`ORDER` is day, the first day on which each can come, or latest, the last")
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
	q := calendar.Query{Now: now}
	if err := f.choose(&q); err != nil {
		return err
	}
	list, err := a.views(ctx, f.data, q)
	if err != nil {
		return err
	}
	if f.json {
		return a.printJSON(list)
	}
	return a.printTable(list)
}

// choose reads which events are asked for, and in which order.
func (f *listFlags) choose(q *calendar.Query) (err error) {
	if q.Filter, err = f.filter(); err != nil {
		return err
	}
	order, err := oneOf("sort", []string{f.sort}, agenda.Orders())
	if err != nil {
		return err
	}
	q.Order = order[0]
	for text, to := range map[string]*civil.Date{f.from: &q.Filter.From, f.to: &q.Filter.To} {
		if text == "" {
			continue
		}
		if *to, err = civil.ParseDate(text); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// views returns the events that q chooses.
func (a *app) views(ctx context.Context, data string, q calendar.Query) (list []agenda.View, err error) {
	err = a.ask(data, q.Now, func(r calendar.Reader) error {
		list, err = r.List(ctx, q)
		return err
	})
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
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return time.Time{}, err
	}
	d, err := civil.ParseDate(s)
	if err != nil {
		return time.Time{}, usageError{fmt.Errorf("%q is not a time: write it as 2025-10-26 or 2025-10-26T14:00:00Z", s)}
	}
	return d.Start(loc), nil
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
	if d, err := civil.ParseDate(v.LastSafeDay); err == nil {
		words = append(words, "last safe day "+civil.Short(d))
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
