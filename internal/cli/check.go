package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/event"
	"attache/internal/lsp"
	"attache/internal/prose"
	"attache/internal/story"
)

func (a *app) check() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "check [FILE…|-]",
		Short: "Check the files, and say how each date was read",
		Long: `Check the configuration and its event files, or the files you name, or with - standard
input. Every error is shown with its line. The exit status is 1 if there is one.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(formats, format) {
				return usageError{fmt.Errorf("--format is %s, not %q", prose.List(formats, "or"), format)}
			}
			a.flags.json = a.flags.json || format == formatJSON
			return a.runCheck(cmd.Context(), args, format)
		},
	}
	c.Flags().StringVar(&format, "format", formatText, "`FORM` of what was found: text, json, github, or sarif")
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) runCheck(ctx context.Context, args []string, format string) error {
	var found lsp.Found
	var err error
	if len(args) > 0 {
		found, err = a.checkFiles(args)
	} else {
		found, err = a.checkConfiguration(ctx)
	}
	if err != nil {
		return err
	}
	view := checkView{
		OK: len(found.Errors) == 0, Events: len(found.Calendar.Events),
		Errors: append(config.Errors{}, found.Errors...), Warnings: append(config.Errors{}, found.Warnings...),
	}
	switch {
	case a.flags.json:
		err = a.print(view, nil)
	case format == formatGitHub:
		annotate(a.out, view)
	case format == formatSARIF:
		err = sarif(a.out, view, a.Version)
	default:
		a.checkText(view, found.Entries)
		if view.OK && found.Public != "" {
			a.printf("%s\n", found.Public)
		}
		if view.OK && found.Answers != "" {
			fmt.Fprintln(a.Stderr, found.Answers)
		}
	}
	return findings(!view.OK, err)
}

// checkConfiguration checks the files of the configuration.
func (a *app) checkConfiguration(ctx context.Context) (lsp.Found, error) {
	p, err := a.path()
	if err != nil {
		return lsp.Found{}, err
	}
	return a.checkWith(ctx, &config.Checker{Path: p})
}

// checkWith checks what c does, with drafts in the place of files.
func (a *app) checkWith(ctx context.Context, c *config.Checker, drafts ...config.Document) (lsp.Found, error) {
	found := lsp.Found{Checked: c.Check(drafts...)}
	if c.Path != "" && len(found.Errors) == 0 {
		of := *a
		of.flags.config = c.Path
		if err := of.refused(ctx, &found, drafts); err != nil {
			return found, err
		}
		restart, answers := of.running(ctx, c.Settings(drafts...))
		found.Warnings, found.Answers = append(found.Warnings, restart...), answers
	}
	follow(&found)
	return found, nil
}

// follow adds to what was found what follows from the events.
func follow(found *lsp.Found) {
	if len(found.Errors) == 0 { // else nothing follows
		found.Entries = solved(found.Checked)
		found.Warnings = append(found.Warnings, doubts(found.Entries)...)
	}
}

// refused adds to what was found why a daemon would not take the files all the same.
func (a *app) refused(ctx context.Context, found *lsp.Found, drafts []config.Document) error {
	folder, err := a.folder()
	if err != nil || !found.NoFiles {
		return nil // there is no database, or it knows nothing that the files don't
	}
	c := a.offline(folder, a.Now())
	c.Load = func() (*config.Config, error) { return config.Load(a.flags.config, drafts...) }
	err = c.Refused(ctx)
	var wrong config.Errors
	if errors.As(err, &wrong) {
		found.Errors, err = append(found.Errors, wrong...), nil
	}
	return err
}

// running returns what the files change and the running daemon takes only when it starts again,
// and words for the answers that it has and the files don't. Where none answers there is nothing
// to say.
func (a *app) running(ctx context.Context, settings *config.Config) (restart config.Errors, answers string) {
	folder, err := a.folder()
	if err != nil {
		return nil, ""
	}
	_ = a.askOn(folder, func(c *control.Client) error { // a check needs no daemon
		h, err := c.Health(ctx)
		if err == nil {
			restart = settings.Restart(h.Starts)
		}
		for _, c := range h.Checks {
			if c.Name == control.AnswersCheck {
				answers = c.Words
			}
		}
		return err
	})
	return restart, answers
}

// checkFiles checks the files that were named, and with - standard input.
func (a *app) checkFiles(args []string) (lsp.Found, error) {
	var docs []config.Document
	var files []string
	for _, arg := range args {
		if arg != "-" {
			files = append(files, arg)
			continue
		}
		if len(docs) > 0 {
			continue // there is only one standard input
		}
		data, err := io.ReadAll(io.LimitReader(a.Stdin, maxStdin))
		if err != nil {
			return lsp.Found{}, fmt.Errorf("read standard input: %w", err)
		}
		docs = append(docs, config.Document{Name: "<stdin>", Data: data})
	}
	found := lsp.Found{Checked: config.CheckFiles(files, docs...)}
	follow(&found)
	return found, nil
}

// maxStdin is how much of standard input is read: a little more than the largest
// file that is taken, so that a larger one is refused as such.
const maxStdin = 16 << 20

// checkView is what check found, as programs read it. Its names are a promise.
type checkView struct {
	OK       bool          `json:"ok"`
	Errors   config.Errors `json:"errors"`
	Warnings config.Errors `json:"warnings"`
	Events   int           `json:"events"`
}

func (a *app) checkText(v checkView, entries []*agenda.Entry) {
	if !v.OK {
		_ = config.Format(a.Stderr, v.Errors) // the exit status says it too
		fmt.Fprintf(a.Stderr, "%s, so nothing of this is taken\n", prose.Count(v.Errors.Count(), "error"))
		return
	}
	for _, e := range entries {
		a.printf("%s\n", understood(e))
	}
	for _, w := range v.Warnings {
		fmt.Fprintln(a.Stderr, "warning:", w.Error())
	}
	a.printf("ok: %s, %s\n", prose.Count(v.Events, "event"), prose.Count(len(v.Warnings), "warning"))
}

// solved returns what follows from the events, in their order.
func solved(found config.Checked) []*agenda.Entry {
	var in []agenda.Input
	for _, e := range found.Calendar.Events {
		in = append(in, agenda.Input{Revision: event.First(e.Counted(found.Calendars), event.Author{}, time.Time{})})
	}
	list := agenda.Solve(in)
	out := make([]*agenda.Entry, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return agenda.Duplicates(out)
}

// warnContradiction is the code of a warning that statements cannot all hold.
const warnContradiction = "contradiction"

// doubts returns what the authors of the events should look at, with its place.
func doubts(list []*agenda.Entry) config.Errors {
	var out config.Errors
	for _, e := range list {
		for _, c := range e.Conflicts {
			at := c.Place()
			out = append(out, &config.Error{File: at.File, Line: at.Line, Column: 1, Code: warnContradiction, Message: strings.Join(c.Words(), " ")})
		}
		for _, w := range e.Warnings {
			if w.Code == agenda.WarnLoop { // the reader of the files has told of it
				continue
			}
			out = append(out, &config.Error{File: w.At.File, Line: w.At.Line, Column: 1, Code: w.Code, Message: w.Words})
		}
	}
	return out
}

// understood returns in one line what an event's dates were taken to be, and why.
func understood(e *agenda.Entry) string {
	words := story.Reader{}.Line(e)
	if e.Series != nil {
		words = e.Stated
	}
	line := e.ID + ": " + words
	var because []string
	for _, r := range e.Because {
		if !story.Says(words, r.Says) {
			because = append(because, r.Says)
		}
	}
	if len(because) > 0 {
		line += " (because " + strings.Join(because, ", and ") + ")"
	}
	for _, c := range e.Conditions {
		line += "; " + c.Words()
	}
	for _, s := range e.SetAside {
		line += "; " + s.Words()
	}
	return line
}
