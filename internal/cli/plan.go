package cli

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/prose"
)

func (a *app) plan() *cobra.Command {
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what your edits would change, and who would be told",
		Long: `Show what would happen if the daemon read the files now: which events change, what
follows, and every notice that would be sent, moved or withdrawn, and to whom. Nothing is
recorded and nothing is sent. With another --config you see what those files would do.

The exit status is 1 if statements would contradict each other.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPlan(cmd.Context()) },
	}
	a.dataFlag(c)
	a.nowFlag(c)
	c.Flag("now").Usage = "as if the files were read at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z"
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) runPlan(ctx context.Context) error {
	if _, err := a.load(); err != nil { // what is wrong in the files is told with its place
		return err
	}
	at, err := a.instant(a.flags.now)
	if err != nil {
		return err
	}
	loc, err := a.zone()
	if err != nil {
		return err
	}
	folder, err := a.folder()
	if err != nil {
		return err
	}
	p, err := a.offline(folder, at).Plan(ctx)
	if err != nil {
		return err
	}
	return findings(len(p.Contradictions) > 0, a.print(viewOf(p), func() { a.planText(p, loc) }))
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

func viewOf(p calendar.Plan) planView {
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
	return v
}

func (a *app) planText(p calendar.Plan, loc *time.Location) {
	for _, st := range p.Stories {
		a.printf("%s: %s\n", st.Root.New.Event.ID, cmp.Or(strings.Join(change.Words(st.Changes), ", "), "moves others"))
		for _, m := range st.Changes {
			a.printf("  %s: %s\n", m.Field, strings.TrimPrefix(m.Old+" → "+m.New, " → "))
		}
		for _, f := range st.Follows {
			a.printf("  follows: %s %s\n", f.New.Event.ID, change.MovedWords(f.Old.Window, f.New.Window))
		}
	}
	for _, n := range p.Notices {
		due := n.Due.In(loc).Format(dueLayout)
		if n.Do == calendar.Move {
			due += ", was " + n.Was.In(loc).Format(dueLayout)
		}
		a.printf("%-8s  %s  %s  %s  %s\n", n.Do, due, n.Event, strings.TrimSpace(string(n.Notice)+" "+n.Lead), strings.Join(n.To, ","))
		if n.Text != "" && n.Do == calendar.Send {
			a.printf("          %s\n", n.Text)
		}
	}
	for _, t := range p.Contradictions {
		a.printf("contradiction: %s: %s cannot all hold\n", t.Event, strings.Join(t.Statements, ", "))
	}
	a.printf("%s, %s, %s\n", prose.Count(len(p.Stories), "change"), prose.Count(len(p.Notices), "notice"), prose.Count(len(p.Contradictions), "contradiction"))
}
