package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/prose"
)

func (a *app) plan() *cobra.Command {
	var data, now string
	var asJSON bool
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what your edits would change, and who would be told",
		Long: `Show what would happen if the daemon read the files now: which events change, what
follows, and every notice that would be sent, moved or withdrawn, and to whom. Nothing is
recorded and nothing is sent. With another --config you see what those files would do.

The exit status is 1 if statements would contradict each other.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPlan(cmd.Context(), data, now, asJSON) },
	}
	dataFlag(c, &data)
	c.Flags().StringVar(&now, "now", "", "as if the files were read at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func (a *app) runPlan(ctx context.Context, data, now string, asJSON bool) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	at, err := a.instant(now, c)
	if err != nil {
		return err
	}
	folder, err := a.folder(data)
	if err != nil {
		return err
	}
	p, err := a.offline(folder, at).Plan(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		err = a.planJSON(p)
	} else {
		err = a.planText(p, c)
	}
	if err == nil && len(p.Contradictions) > 0 {
		return errFindings
	}
	return err
}

// planView is what a reading would do, as programs read it. Its names are a promise.
type planView struct {
	OK             bool         `json:"ok"` // nothing contradicts itself
	Events         []storyView  `json:"events"`
	Notices        []actionView `json:"notices"`
	Contradictions [][]string   `json:"contradictions"`
}

type storyView struct {
	Event   string          `json:"event"`
	Title   string          `json:"title"`
	Changes []change.Change `json:"changes"`
	Follows []followView    `json:"follows"`
}

type followView struct {
	Event    string `json:"event"`
	Title    string `json:"title"`
	Old      string `json:"old"`
	New      string `json:"new"`
	Squeezed bool   `json:"squeezed"` // fewer days are left than it needs
}

type actionView struct {
	Do string `json:"do"` // send, move or withdraw
	planned
	Was *time.Time `json:"was,omitempty"` // when it was due
}

func (a *app) planJSON(p calendar.Plan) error {
	v := planView{OK: len(p.Contradictions) == 0, Events: []storyView{}, Notices: []actionView{}, Contradictions: [][]string{}}
	for _, st := range p.Stories {
		s := storyView{st.Root.New.Event.ID, st.Root.New.Event.Title, st.Changes, []followView{}}
		for _, f := range st.Follows {
			s.Follows = append(s.Follows, followView{f.New.Event.ID, f.New.Event.Title, f.Old.Window.Words(), f.New.Window.Words(), f.Squeezed})
		}
		v.Events = append(v.Events, s)
	}
	for _, n := range p.Notices {
		d := actionView{Do: string(n.Do), planned: plannedOf(n.Planned)}
		if !n.Was.IsZero() {
			d.Was = &n.Was
		}
		v.Notices = append(v.Notices, d)
	}
	for _, t := range p.Contradictions {
		v.Contradictions = append(v.Contradictions, t.Statements)
	}
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (a *app) planText(p calendar.Plan, c *config.Config) error {
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return err
	}
	for _, st := range p.Stories {
		fmt.Fprintf(a.Stdout, "%s: %s\n", st.Root.New.Event.ID, orNone(strings.Join(change.Words(st.Changes), ", "), "moves others"))
		for _, m := range st.Changes {
			fmt.Fprintf(a.Stdout, "  %s: %s\n", m.Field, strings.TrimPrefix(m.Old+" → "+m.New, " → "))
		}
		for _, f := range st.Follows {
			fmt.Fprintf(a.Stdout, "  follows: %s %s\n", f.New.Event.ID, change.MovedWords(f.Old.Window, f.New.Window))
		}
	}
	for _, n := range p.Notices {
		due := n.Due.In(loc).Format(dueLayout)
		if n.Do == calendar.Move {
			due += ", was " + n.Was.In(loc).Format(dueLayout)
		}
		fmt.Fprintf(a.Stdout, "%-8s  %s  %s  %s  %s\n", n.Do, due, n.Event, strings.TrimSpace(string(n.Notice)+" "+n.Lead), strings.Join(n.To, ","))
		if n.Text != "" && n.Do == calendar.Send {
			fmt.Fprintf(a.Stdout, "          %s\n", n.Text)
		}
	}
	for _, t := range p.Contradictions {
		fmt.Fprintf(a.Stdout, "contradiction: %s: %s cannot all hold\n", t.Event, strings.Join(t.Statements, ", "))
	}
	_, err = fmt.Fprintf(a.Stdout, "%s, %s, %s\n", prose.Count(len(p.Stories), "change"), prose.Count(len(p.Notices), "notice"), prose.Count(len(p.Contradictions), "contradiction"))
	return err
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}
