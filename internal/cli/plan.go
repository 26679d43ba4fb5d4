package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/daemon"
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
	folder, err := daemon.DataFolder(data, c.Data, a.Getenv)
	if err != nil {
		return err
	}
	o, err := daemon.Look(ctx, c, folder, at)
	if err != nil {
		return err
	}
	if asJSON {
		err = a.outlookJSON(o)
	} else {
		err = a.outlookText(o, c)
	}
	if err == nil && len(o.Contradictions) > 0 {
		return errFindings
	}
	return err
}

// outlook is what a reading would do, as programs read it. Its names are a promise.
type outlook struct {
	OK             bool        `json:"ok"` // nothing contradicts itself
	Events         []storyView `json:"events"`
	Notices        []deedView  `json:"notices"`
	Contradictions [][]string  `json:"contradictions"`
}

type storyView struct {
	Event   string            `json:"event"`
	Title   string            `json:"title"`
	Changes []change.MoveView `json:"changes"`
	Follows []followView      `json:"follows"`
}

type followView struct {
	Event    string `json:"event"`
	Title    string `json:"title"`
	Old      string `json:"old"`
	New      string `json:"new"`
	Squeezed bool   `json:"squeezed"` // fewer days are left than it needs
}

type deedView struct {
	Do string `json:"do"` // send, move or withdraw
	planned
	Was *time.Time `json:"was,omitempty"` // when it was due
}

func (a *app) outlookJSON(o daemon.Outlook) error {
	v := outlook{OK: len(o.Contradictions) == 0, Events: []storyView{}, Notices: []deedView{}, Contradictions: [][]string{}}
	for _, st := range o.Stories {
		s := storyView{st.Root.New.Event.ID, st.Root.New.Event.Title, change.Views(st.Changes), []followView{}}
		for _, f := range st.Follows {
			s.Follows = append(s.Follows, followView{f.New.Event.ID, f.New.Event.Title, f.Old.Window.Words(), f.New.Window.Words(), f.Squeezed})
		}
		v.Events = append(v.Events, s)
	}
	for _, n := range o.Notices {
		d := deedView{Do: string(n.Do), planned: plannedOf(n.Planned)}
		if !n.Was.IsZero() {
			d.Was = &n.Was
		}
		v.Notices = append(v.Notices, d)
	}
	for _, t := range o.Contradictions {
		v.Contradictions = append(v.Contradictions, t.Statements)
	}
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (a *app) outlookText(o daemon.Outlook, c *config.Config) error {
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return err
	}
	for _, st := range o.Stories {
		fmt.Fprintf(a.Stdout, "%s: %s\n", st.Root.New.Event.ID, orNone(strings.Join(change.Words(st.Changes), ", "), "moves others"))
		for _, m := range st.Changes {
			fmt.Fprintf(a.Stdout, "  %s: %s\n", m.Field, strings.TrimPrefix(m.Old+" → "+m.New, " → "))
		}
		for _, f := range st.Follows {
			fmt.Fprintf(a.Stdout, "  follows: %s %s\n", f.New.Event.ID, f.Words())
		}
	}
	for _, n := range o.Notices {
		due := n.Due.In(loc).Format(dueLayout)
		if n.Do == daemon.Move {
			due += ", was " + n.Was.In(loc).Format(dueLayout)
		}
		fmt.Fprintf(a.Stdout, "%-8s  %s  %s  %s  %s\n", n.Do, due, n.Event, strings.TrimSpace(string(n.Notice)+" "+n.Lead), strings.Join(n.To, ","))
		if n.Text != "" && n.Do == daemon.Send {
			fmt.Fprintf(a.Stdout, "          %s\n", n.Text)
		}
	}
	for _, t := range o.Contradictions {
		fmt.Fprintf(a.Stdout, "contradiction: %s: %s cannot all hold\n", t.Event, strings.Join(t.Statements, ", "))
	}
	_, err = fmt.Fprintf(a.Stdout, "%s, %s, %s\n", prose.Count(len(o.Stories), "change"), prose.Count(len(o.Notices), "notice"), prose.Count(len(o.Contradictions), "contradiction"))
	return err
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}
