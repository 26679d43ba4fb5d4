package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/config"
	"attache/internal/prose"
)

func (a *app) plan() *cobra.Command {
	var format, base string
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what your edits would change, and who would be told",
		Long: `Show what would happen if the daemon read the files now: which events change, what
follows, and every notice that would be sent, moved or withdrawn, and to whom. Nothing is
recorded and nothing is sent. With another --config you see what those files would do.

The exit status is 1 if statements would contradict each other.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != formatText && format != formatMarkdown {
				return usageError{fmt.Errorf("--format is text or markdown, not %q", format)}
			}
			return a.runPlan(cmd.Context(), format, base)
		},
	}
	c.Flags().StringVar(&format, "format", formatText, "`FORM` of the plan: text, or markdown for the summary of a pull request")
	c.Flags().StringVar(&base, "base", "", "what changes against this other configuration `FILE`, such as that of the branch that a pull request is for")
	a.dataFlag(c)
	a.nowFlag(c)
	c.Flag("now").Usage = "as if the files were read at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z"
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) runPlan(ctx context.Context, format, base string) error {
	c, err := a.load()
	if err != nil { // what is wrong in the files is told with its place
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
	off := a.offline(folder, at)
	plan := off.Plan
	if base != "" {
		off.Load = func() (*config.Config, error) { return config.Load(base) }
		plan = func(ctx context.Context) (calendar.Plan, error) { return off.PlanEdit(ctx, c) }
	}
	p, err := plan(ctx)
	if err != nil {
		return err
	}
	return findings(len(p.Contradictions) > 0, a.print(viewOf(p), func() {
		if format == formatMarkdown {
			a.planMarkdown(p, loc)
			return
		}
		a.planText(p, loc)
		if words := calendar.UnsettledWords(p.Unsettled); words != "" {
			a.printf("%s: attache settle writes them down\n", words)
		}
	}))
}

// formatMarkdown is the form of a plan for the summary of a pull request.
const formatMarkdown = "markdown"

// planMarkdown prints a plan as a heading, a table of what changes, and lists.
func (a *app) planMarkdown(p calendar.Plan, loc *time.Location) {
	a.printf("### %s, %s, %s\n", prose.Count(len(p.Stories), "change"), prose.Count(len(p.Notices), "notice"), prose.Count(len(p.Contradictions), "contradiction"))
	if len(p.Stories) > 0 {
		a.printf("\n| event | change | was | becomes |\n|---|---|---|---|\n")
	}
	for _, st := range p.Stories {
		name, what := markdown(st.Root.New.Event.Title), change.Words(st.Changes)
		for _, m := range st.Changes {
			a.printf("| %s | %s: %s | %s | %s |\n", name, what, m.Field, markdown(m.Old), markdown(m.New))
		}
		for _, f := range st.Follows {
			a.printf("| %s | follows from %s | %s | %s |\n", markdown(f.New.Event.Title), name, f.Old.Words(), f.New.Words())
		}
	}
	for i, n := range p.Notices {
		if i == 0 {
			a.printf("\n")
		}
		a.printf("- %s %s to %s: %s\n", n.Do, n.Due.In(loc).Format(dueLayout), strings.Join(n.To, ", "), markdown(cmp.Or(n.Text, rung(n.Notice, n.Lead)+" of "+n.Event)))
	}
	for _, t := range p.Contradictions {
		a.printf("\n**Contradiction** in %s: %s cannot all hold.\n", markdown(t.Event), strings.Join(t.Statements, ", "))
	}
}

// markdown writes text so that Markdown shows it as it is, in a cell of a table too.
func markdown(text string) string { return markdownMarks.Replace(prose.Clean(text)) }

var markdownMarks = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "[", "\\[", "~", "\\~", "\n", " ", "@", "@\u2060", "#", "\\#")

// planView is what a reading would do, as programs read it. Its names are a promise.
type planView struct {
	OK             bool         `json:"ok"` // nothing contradicts itself
	Events         []storyView  `json:"events"`
	Notices        []actionView `json:"notices"`
	Contradictions [][]string   `json:"contradictions"`
	Unsettled      int          `json:"unsettled"` // how many answers are not in the files
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
	v := planView{OK: len(p.Contradictions) == 0, Events: []storyView{}, Notices: []actionView{}, Contradictions: [][]string{}, Unsettled: len(p.Unsettled)}
	for _, st := range p.Stories {
		s := storyView{st.Root.New.Event.ID, st.Root.New.Event.Title, st.Changes, []followView{}}
		for _, f := range st.Follows {
			s.Follows = append(s.Follows, followView{f.New.Event.ID, f.New.Event.Title, f.Old.Words(), f.New.Words(), f.Squeezed})
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
		a.printf("%s: %s\n", st.Root.New.Event.ID, change.Words(st.Changes))
		for _, m := range st.Changes {
			a.printf("  %s\n", m)
		}
		for _, f := range st.Follows {
			a.printf("  follows: %s %s\n", f.New.Event.ID, change.NowWas(f.New.Words(), f.Old.Words()))
		}
	}
	for _, n := range p.Notices {
		due := n.Due.In(loc).Format(dueLayout)
		if n.Do == calendar.Move {
			due += ", was " + n.Was.In(loc).Format(dueLayout)
		}
		a.printf("%-8s  %s  %s  %s  %s\n", n.Do, due, n.Event, rung(n.Notice, n.Lead), strings.Join(n.To, ","))
		if n.Text != "" && n.Do == calendar.Send {
			a.printf("          %s\n", n.Text)
		}
	}
	for _, t := range p.Contradictions {
		a.printf("contradiction: %s: %s cannot all hold\n", t.Event, strings.Join(t.Statements, ", "))
	}
	a.printf("%s, %s, %s\n", prose.Count(len(p.Stories), "change"), prose.Count(len(p.Notices), "notice"), prose.Count(len(p.Contradictions), "contradiction"))
}
