package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/prose"
)

func (a *app) simulate() *cobra.Command {
	var from, to, edit string
	var asJSON bool
	c := &cobra.Command{
		Use:   "simulate --from TIME --to TIME",
		Short: "Show every message that would be sent from one day to another",
		Long: `Show every notice that would be sent from one time to another, if attache first read the
files at --from and nobody changed them. Notices are planned as serve plans them; nothing
is sent. With --from a day counts from its beginning, with --to to its end.

With --edit the files do change. FILE is a list of edits, each with its time, such as
  - {at: 2025-10-30, id: us-tariffs-100, set: {status: averted}, reason: a deal}`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.runSimulate(from, to, edit, asJSON) },
	}
	c.Flags().StringVar(&from, "from", "", "begin at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z (default: now)")
	c.Flags().StringVar(&to, "to", "", "end at this `TIME` (default: a year after --from)")
	c.Flags().StringVar(&edit, "edit", "", "rehearse the timed edits in this `FILE`")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

func (a *app) runSimulate(from, to, edit string, asJSON bool) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	start, err := a.instant(from, c)
	if err != nil {
		return err
	}
	end, err := a.until(to, start, c)
	if err != nil {
		return err
	}
	if end.Before(start) {
		return usageError{fmt.Errorf("--to %s lies before --from %s", to, from)}
	}
	var edits []calendar.Edit
	if edit != "" {
		if edits, err = c.Edits(edit); err != nil {
			return err
		}
	}
	s, err := c.CalendarSettings()
	if err != nil {
		return err
	}
	list, err := calendar.Simulate(s, start, end, edits)
	if err != nil {
		return err
	}
	if asJSON {
		return a.plannedJSON(list)
	}
	return a.plannedText(list, c)
}

// until reads --to: a date means to the end of it.
func (a *app) until(to string, start time.Time, c *config.Config) (time.Time, error) {
	if to == "" {
		return start.AddDate(1, 0, 0), nil
	}
	if d, err := civil.ParseDate(to); err == nil {
		to = d.AddDays(1).String()
	}
	return a.instant(to, c)
}

// planned is a notice as programs read it. Its names are a promise.
type planned struct {
	Due    time.Time `json:"due"`
	Event  string    `json:"event"`
	Notice string    `json:"notice"`
	Lead   string    `json:"lead"`
	Key    string    `json:"key"`
	To     []string  `json:"to"`
	Text   string    `json:"text"`
}

func plannedOf(p calendar.Planned) planned {
	return planned{p.Due, p.Event, string(p.Notice), p.Lead, p.Key, p.To, p.Text}
}

func (a *app) plannedJSON(list []calendar.Planned) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	for _, p := range list {
		if err := enc.Encode(plannedOf(p)); err != nil {
			return err
		}
	}
	return nil
}

// dueLayout is how plan and simulate write when a notice is due.
const dueLayout = "Mon 2 Jan 2006 15:04 MST"

func (a *app) plannedText(list []calendar.Planned, c *config.Config) error {
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return err
	}
	for _, p := range list {
		what := strings.TrimSpace(string(p.Notice) + " " + p.Lead)
		fmt.Fprintf(a.Stdout, "%s  %-13s %-14s %s\n", p.Due.In(loc).Format(dueLayout), what, strings.Join(p.To, ","), p.Text)
	}
	_, err = fmt.Fprintf(a.Stdout, "%s\n", prose.Count(len(list), "notice"))
	return err
}
