package cli

import (
	"cmp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/notice"
	"attache/internal/prose"
)

func (a *app) simulate() *cobra.Command {
	var from, to, edit string
	c := &cobra.Command{
		Use:   "simulate --from TIME --to TIME",
		Short: "Show every message that would be sent from one day to another",
		Long: `Show every notice that would be sent from one time to another, if attache first read the
files at --from and nobody changed them. Notices are planned as serve plans them; nothing
is sent. With --from a day counts from its beginning, with --to to its end.

With --edit the files do change. FILE is a list of edits, each with its time, such as
  - {at: 2025-10-30, id: us-tariffs-100, set: {status: averted}, reason: a deal}`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return a.runSimulate(from, to, edit) },
	}
	c.Flags().StringVar(&from, "from", "", "begin at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z (default: now)")
	c.Flags().StringVar(&to, "to", "", "end at this `TIME` (default: a year after --from)")
	c.Flags().StringVar(&edit, "edit", "", "rehearse the timed edits in this `FILE`")
	a.jsonFlag(c, oneALine)
	return c
}

func (a *app) runSimulate(from, to, edit string) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	start, end, err := a.between(cmp.Or(from, a.Now().Format(time.RFC3339)), to)
	if err != nil {
		return err
	}
	if to == "" {
		end = start.AddDate(1, 0, 0)
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
	loc, err := a.zone()
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := a.print(plannedOf(p), func() { a.plannedText(p, loc) }); err != nil {
			return err
		}
	}
	if !a.flags.json {
		a.printf("%s\n", prose.Count(len(list), "notice"))
	}
	return nil
}

// planned is a notice as programs read it. Its names are a promise.
type planned struct {
	Due    time.Time `json:"due"`
	Event  string    `json:"event"`
	Notice string    `json:"notice"`
	Lead   string    `json:"lead"`
	Key    string    `json:"key"`
	To     []string  `json:"to"`
	With   []string  `json:"with,omitempty"` // kinds of what else the message tells, of a change that brought it about
	Text   string    `json:"text"`
}

func plannedOf(p calendar.Planned) planned {
	v := planned{p.Due, p.Event, string(p.Notice), p.Lead, p.Key, p.To, nil, p.Text}
	for _, k := range p.With {
		v.With = append(v.With, string(k))
	}
	return v
}

// dueLayout is how plan and simulate write when a notice is due.
const dueLayout = "Mon 2 Jan 2006 15:04 MST"

func (a *app) plannedText(p calendar.Planned, loc *time.Location) {
	what := rung(p.Notice, p.Lead)
	a.printf("%s  %-13s %-14s %s\n", p.Due.In(loc).Format(dueLayout), what, strings.Join(p.To, ","), p.Text)
}

// rung returns the kind of a notice with its lead, where that says when it goes out: that of a
// question whether a date still stands only counts how often it was asked.
func rung(kind notice.Kind, lead string) string {
	if lead == "" || kind == notice.Stale {
		return string(kind)
	}
	return string(kind) + " " + lead
}
