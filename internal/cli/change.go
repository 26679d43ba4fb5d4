package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/offline"
	"attache/internal/prose"
)

// changeFlags are those of every command that writes into a file of events.
type changeFlags struct {
	reason, published string
	cite              calendar.Cited
	dry, yes          bool
}

func (f *changeFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.reason, "reason", "", "say `WHY`, for those who are told")
	flags.StringVar(&f.cite.Key, "source", "", "name the source that says so by its `KEY`")
	flags.StringVar(&f.cite.Quote, "quote", "", "give its exact `WORDS`")
	flags.StringVar(&f.cite.Publisher, "publisher", "", "of a new source: `WHO` published it")
	flags.StringVar(&f.cite.URL, "url", "", "of a new source: the `ADDRESS` where it can be read")
	flags.StringVar(&f.published, "published", "", "of a new source: the `DAY` on which it was published (default: today)")
	f.addWriting(c)
}

// addWriting adds the flags of a command that writes something else than one field.
func (f *changeFlags) addWriting(c *cobra.Command) {
	flags := c.Flags()
	flags.BoolVar(&f.dry, "dry-run", false, "show the change and what follows, and write nothing")
	flags.BoolVar(&f.yes, "yes", false, "write without asking")
}

// set makes the command that gives fields of an event other values.
func (a *app) set() *cobra.Command {
	var f changeFlags
	var match []string
	c := &cobra.Command{
		Use:   "set ID FIELD=VALUE… FIELD+=VALUE…",
		Short: "Change an event in its file",
		Long: `Change fields of an event in its file, and nothing else in it: comments and the rest stay
as they are. FIELD+=VALUE adds to what is there, which is right for a date: what was said
before stays, and the later report holds. FIELD=VALUE replaces it, and FIELD= takes it out.
A value is text, or YAML in one line such as {between: [2026-01-01, 2026-02-16]} or
[tariffs, rare-earths]. Words such as "in April" are read against the day on which their
source was published, or today.

  attache set beijing-visit when+=2026-04 --source wire --quote "in April"
  attache set --match topic=tariffs certainty=likely

An event that no file has, since it was made in Slack or comes from a calendar that is
followed, is changed in the database.`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(match) == 0 {
				id, args = args[0], args[1:]
			}
			return a.runSet(cmd.Context(), id, match, args, f)
		},
	}
	c.Flags().StringArrayVar(&match, "match", nil, "change every event of the files that has `KEY=VALUE`: topic, party, kind, status or certainty; may be repeated")
	f.add(c)
	c.ValidArgsFunction = a.completed(assignments)
	return c
}

// runSet sets fields of the event id, or of all that match chooses.
func (a *app) runSet(ctx context.Context, id string, match, args []string, f changeFlags) error {
	ch := config.Change{ID: id}
	for _, arg := range args {
		as, err := assignment(arg)
		if err != nil {
			return usageError{err}
		}
		ch.Fields = append(ch.Fields, as)
	}
	if len(args) == 0 {
		return usageError{errors.New("say what to set: FIELD=VALUE")}
	}
	if len(match) == 0 {
		return a.runChange(ctx, ch, f)
	}
	var words filterFlags
	lists := map[string]*[]string{"topic": &words.topics, "party": &words.parties, "kind": &words.kinds, "status": &words.statuses, "certainty": &words.certain}
	for _, m := range match {
		key, value, _ := strings.Cut(m, "=")
		if lists[key] == nil || value == "" {
			return usageError{fmt.Errorf("--match %s: write topic=, party=, kind=, status= or certainty= and a value", m)}
		}
		*lists[key] = append(*lists[key], value)
	}
	filter, err := words.filter()
	if err != nil {
		return err
	}
	return a.changeAll(ctx, filter, ch, f)
}

// assigned is FIELD=VALUE or FIELD+=VALUE.
var assigned = regexp.MustCompile(`^([a-z_]+)(\+?)=((?s).*)$`)

func assignment(arg string) (calendar.Assignment, error) {
	m := assigned.FindStringSubmatch(arg)
	if m == nil {
		return calendar.Assignment{}, fmt.Errorf("%q is not FIELD=VALUE or FIELD+=VALUE", arg)
	}
	return calendar.Assignment{Field: m[1], Value: m[3], Add: m[2] != ""}, nil
}

func (a *app) outcome() *cobra.Command {
	c := a.status("outcome ID STATUS", "Record what became of an event",
		`Record what became of an event: held, met, in force, averted, deferred, cancelled, lapsed or
superseded.

  attache outcome trump-xi-meeting held --reason "they met as planned"`,
		usage(cobra.MinimumNArgs(2)), func(args []string) []calendar.Assignment {
			return []calendar.Assignment{{Field: "status", Value: strings.Join(args[1:], " ")}}
		})
	c.ValidArgsFunction = a.completed(nextStatuses)
	return c
}

func (a *app) deferCommand() *cobra.Command {
	return a.status("defer ID [WHEN]", "Record that an event is put off",
		`Record that an event is put off, and until when if that is known.

  attache defer beijing-visit 2026-04 --reason "both sides need more time"`,
		usage(cobra.RangeArgs(1, 2)), func(args []string) []calendar.Assignment {
			list := []calendar.Assignment{{Field: "status", Value: string(event.Deferred)}}
			for _, date := range args[1:] {
				list = append(list, calendar.Assignment{Field: "when", Value: date, Add: true})
			}
			return list
		})
}

func (a *app) cancel() *cobra.Command {
	return a.status("cancel ID", "Record that an event is called off",
		`Record that an event does not take place.

  attache cancel washington-follow-up --reason "no longer planned"`,
		oneArg, func([]string) []calendar.Assignment {
			return []calendar.Assignment{{Field: "status", Value: string(event.Cancelled)}}
		})
}

// status makes a command that records what became of an event.
func (a *app) status(use, short, long string, args cobra.PositionalArgs, fields func(args []string) []calendar.Assignment) *cobra.Command {
	var f changeFlags
	c := &cobra.Command{Use: use, Short: short, Long: long, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		return a.runChange(cmd.Context(), config.Change{ID: args[0], Fields: fields(args)}, f)
	}}
	f.add(c)
	return c
}

// cited returns the source that the flags name or describe.
func (f *changeFlags) cited() (calendar.Cited, error) {
	cite := f.cite
	if f.published != "" {
		var err error
		if cite.Published, err = civil.ParseDate(f.published); err != nil {
			return cite, usageError{fmt.Errorf("--published: %w", err)}
		}
	}
	return cite, nil
}

// complete adds to changes what the flags say of each, and the day.
func (a *app) complete(f *changeFlags, list ...*config.Change) error {
	cite, err := f.cited()
	if err != nil {
		return err
	}
	loc, err := a.zone()
	if err != nil {
		return err
	}
	for _, ch := range list {
		if f.reason != "" {
			ch.Fields = append(ch.Fields, calendar.Assignment{Field: "reason", Value: f.reason})
		}
		ch.Cite, ch.Today = cite, civil.DateOf(a.Now(), loc)
	}
	return nil
}

func (a *app) runChange(ctx context.Context, ch config.Change, f changeFlags) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	if e, inFile := c.Calendar.Event(ch.ID); inFile && a.Ask && f.reason == "" && unexplained(e, ch.Fields) {
		f.reason = a.answer("Why? ")
	}
	if err := a.complete(&f, &ch); err != nil {
		return err
	}
	after, err := changed(c, ch)
	if _, inFile := c.Calendar.Event(ch.ID); err != nil && !inFile {
		said := calendar.Said{ID: ch.ID, Fields: ch.Fields, Cite: ch.Cite, Stands: ch.Stands, By: a.author()}
		if stored := a.say(ctx, said, f); !errors.Is(stored, calendar.ErrNoEvent) {
			return stored
		}
	}
	if err != nil {
		return err
	}
	return a.write(ctx, f, after, c.Undo(after, ch))
}

// changed returns the files as they would be after changes that are allowed.
func changed(c *config.Config, list ...config.Change) (*config.Config, error) {
	for _, ch := range list {
		if err := allowed(c, ch.ID, ch.Fields); err != nil {
			if len(list) > 1 {
				err = fmt.Errorf("%s: %w", ch.ID, err)
			}
			return c, err
		}
	}
	return c.Changed(list...)
}

// changeAll makes the same change to every event of the files that match chooses, and shows it as
// one.
func (a *app) changeAll(ctx context.Context, match agenda.Filter, ch config.Change, f changeFlags) error {
	if err := a.complete(&f, &ch); err != nil {
		return err
	}
	c, err := a.load()
	if err != nil {
		return err
	}
	var list []config.Change
	for _, e := range c.Calendar.Events {
		if match.Match(&agenda.Entry{Event: e}) {
			ch.ID = e.ID
			list = append(list, ch)
		}
	}
	if len(list) == 0 {
		return errors.New("no event of the files is chosen by --match")
	}
	after, err := changed(c, list...)
	if err != nil {
		return err
	}
	return a.write(ctx, f, after, c.Undo(after, list...))
}

// author returns who gives the command.
func (a *app) author() event.Author {
	return event.Author{Via: "cli", Name: cmp.Or(a.Getenv("USER"), a.Getenv("LOGNAME"), "somebody")}
}

// say changes an event that no file has: the store does, through its daemon where one runs. The
// error is calendar.ErrNoEvent where it has no such event.
func (a *app) say(ctx context.Context, said calendar.Said, f changeFlags) error {
	return a.act(f, act{
		plan: func(c *offline.Calendar) (calendar.Plan, error) {
			plan, err := c.PlanAnswer(ctx, said)
			if err == nil {
				a.printf("no file has %s: the database does\n", said.ID)
			}
			return plan, err
		},
		question: "Record this?", not: "nothing was recorded",
		do: func() error {
			v, err := ask(a, func(s source, _ time.Time) (calendar.AnswerView, error) { return s.Answer(ctx, said) })
			if err == nil {
				a.printf("recorded revision %d of %s\n", v.Revision, v.Event)
			}
			return err
		},
	})
}

// act is what a command is about to do: what follows from it, what a person is asked, and what is
// said when they do not want it.
type act struct {
	plan          func(*offline.Calendar) (calendar.Plan, error)
	question, not string
	do            func() error
}

// act shows what follows, asks a person, and does it.
func (a *app) act(f changeFlags, what act) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	loc, err := a.zone()
	if err != nil {
		return err
	}
	plan, err := what.plan(a.offline(folder, a.Now()))
	if err != nil {
		return err
	}
	a.planText(plan, loc)
	switch {
	case f.dry:
		return nil
	case a.Ask && !f.yes && !a.agreed(what.question+" [y/N] "):
		a.printf("%s\n", what.not)
		return nil
	}
	return what.do()
}

// unexplained reports whether fields give an event a status that it gets for a reason only, and none
// is among them.
func unexplained(e event.Event, fields []calendar.Assignment) bool {
	status, reason := becomes(fields)
	return reason == "" && event.CheckTransition(e.Status, status, "") != nil && event.CheckTransition(e.Status, status, "a reason") == nil
}

// becomes returns the status that fields set, and why.
func becomes(fields []calendar.Assignment) (status event.Status, reason string) {
	for _, as := range fields {
		switch as.Field {
		case "status":
			status = event.Status(as.Value)
		case "reason":
			reason = as.Value
		}
	}
	return status, reason
}

// allowed reports why the status of an event may not become another.
func allowed(c *config.Config, id string, fields []calendar.Assignment) error {
	e, ok := c.Calendar.Event(id)
	status, reason := becomes(fields)
	if !ok || !slices.Contains(event.Statuses(), status) {
		return nil // which is told where it is looked for, and where it is read
	}
	err := event.CheckTransition(e.Status, status, reason)
	if unexplained(e, fields) {
		return fmt.Errorf("%w: --reason WHY", err)
	}
	return err
}

// write shows what changes in the files and what follows from it, asks a person, and writes. undo are
// the commands that put it back.
func (a *app) write(ctx context.Context, f changeFlags, after *config.Config, undo []string) error {
	all, err := after.Drafts()
	if err != nil {
		return err
	}
	drafts := slices.DeleteFunc(slices.Clone(all), func(d config.Draft) bool { return d.Old != nil && bytes.Equal(d.Old, d.New) })
	if len(drafts) == 0 {
		for _, d := range all {
			a.printf("%s says so already\n", d.File)
		}
		if len(all) == 0 {
			a.printf("the file says so already\n")
		}
		return nil
	}
	var names []string
	for _, d := range drafts {
		names = append(names, d.File)
		if f.dry || a.Ask {
			a.printChange(d)
		}
	}
	return a.act(f, act{
		plan:     func(c *offline.Calendar) (calendar.Plan, error) { return c.PlanEdit(ctx, after) },
		question: "Write this to " + prose.List(names, "and") + "?", not: "nothing was written",
		do: func() error {
			if err := a.keep(drafts...); err != nil {
				return err
			}
			for _, command := range undo {
				if !slices.ContainsFunc(drafts, func(d config.Draft) bool { return inGit(d.File) }) {
					a.printf("to put it back: %s\n", command)
				}
			}
			return nil
		},
	})
}

// inGit reports whether a file lies in a working tree of git, which can put it back.
func inGit(file string) bool {
	folder, err := filepath.Abs(filepath.Dir(file))
	for err == nil {
		if _, err := os.Lstat(filepath.Join(folder, ".git")); err == nil {
			return true
		}
		if folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	return false
}

// keep writes drafts of files, all of them or none.
func (a *app) keep(drafts ...config.Draft) error {
	if err := config.Save(drafts...); err != nil {
		return err
	}
	for _, d := range drafts {
		a.printf("wrote %s\n", d.File)
	}
	return nil
}

// printChange prints what a draft of a file changes, as git apply takes it.
func (a *app) printChange(d config.Draft) {
	name := filepath.ToSlash(filepath.Clean(d.File))
	_, changed, _ := strings.Cut(string(diff.Diff("a/"+name, d.Old, "b/"+name, d.New)), "\n")
	a.printf("%s", changed)
}

// agreed asks the person at the terminal.
func (a *app) agreed(question string) bool {
	return strings.HasPrefix(strings.ToLower(a.answer(question)), "y")
}

// answer asks the person at the terminal, and returns one line without the blanks around it.
func (a *app) answer(question string) string {
	fmt.Fprint(a.Stderr, question)
	if a.lines == nil {
		a.lines = bufio.NewReader(a.Stdin)
	}
	line, _ := a.lines.ReadString('\n') // no answer is an empty one
	return strings.TrimSpace(line)
}

func (a *app) seen() *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use:   "seen ID",
		Short: "Record that an event still stands as it is",
		Long: `Record that you looked, and an event still stands as it is. The day goes to the source that
you name, or to the latest that the event rests on.

  attache seen xi-g20-visit --source wire --quote "still planned for the autumn"`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runChange(cmd.Context(), config.Change{ID: args[0], Stands: true}, f)
		},
	}
	f.add(c)
	return c
}
