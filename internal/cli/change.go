package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
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
	flags.StringVar(&f.published, "published", "", "of a new source: the `DAY` on which it was published")
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
before stays, and the later report holds. FIELD=VALUE replaces it. A value is text, or YAML
in one line such as {between: [2026-01-01, 2026-02-16]} or [tariffs, rare-earths].

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
	c := a.becomes("outcome ID STATUS", "Record what became of an event",
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
	return a.becomes("defer ID [WHEN]", "Record that an event is put off",
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
	return a.becomes("cancel ID", "Record that an event is called off",
		`Record that an event does not take place.

  attache cancel washington-follow-up --reason "no longer planned"`,
		oneArg, func([]string) []calendar.Assignment {
			return []calendar.Assignment{{Field: "status", Value: string(event.Cancelled)}}
		})
}

// becomes makes a command that records what became of an event.
func (a *app) becomes(use, short, long string, args cobra.PositionalArgs, fields func(args []string) []calendar.Assignment) *cobra.Command {
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

func (a *app) runChange(ctx context.Context, ch config.Change, f changeFlags) (err error) {
	if f.reason != "" {
		ch.Fields = append(ch.Fields, calendar.Assignment{Field: "reason", Value: f.reason})
	}
	if ch.Cite, err = f.cited(); err != nil {
		return err
	}
	c, err := a.load()
	if err != nil {
		return err
	}
	d, err := a.draft(c, ch)
	if _, inFile := c.Calendar.Event(ch.ID); err != nil && !inFile {
		said := calendar.Said{ID: ch.ID, Fields: ch.Fields, Cite: ch.Cite, Stands: !ch.Seen.IsZero(), By: a.author()}
		if stored := a.say(ctx, said, f); !errors.Is(stored, calendar.ErrNoEvent) {
			return stored
		}
	}
	if err != nil {
		return err
	}
	return a.write(ctx, f, d)
}

// draft returns the file of an event as it would be after a change that is allowed.
func (a *app) draft(c *config.Config, ch config.Change) (config.Draft, error) {
	if err := allowed(c, ch.ID, ch.Fields); err != nil {
		return config.Draft{}, err
	}
	return c.Draft(ch)
}

// changeAll makes the same change to every event of the files that match chooses, and shows it as
// one.
func (a *app) changeAll(ctx context.Context, match agenda.Filter, ch config.Change, f changeFlags) (err error) {
	if ch.Cite, err = f.cited(); err != nil {
		return err
	}
	if f.reason != "" {
		ch.Fields = append(ch.Fields, calendar.Assignment{Field: "reason", Value: f.reason})
	}
	c, err := a.load()
	if err != nil {
		return err
	}
	chosen := 0
	for _, e := range c.Calendar.Events {
		if !match.Match(&agenda.Entry{Event: e}) {
			continue
		}
		chosen++
		ch.ID = e.ID
		d, err := a.draft(c, ch)
		if err != nil {
			return fmt.Errorf("%s: %w", e.ID, err)
		}
		c, ch.Cite = d.After, calendar.Cited{Key: ch.Cite.Key, Quote: ch.Cite.Quote} // the source is there by now
	}
	if chosen == 0 {
		return errors.New("no event of the files is chosen by --match")
	}
	drafts, err := c.Drafts()
	if err != nil {
		return err
	}
	return a.write(ctx, f, drafts...)
}

// author returns who gives the command.
func (a *app) author() event.Author {
	return event.Author{Via: "cli", Name: cmp.Or(a.Getenv("USER"), a.Getenv("LOGNAME"), "somebody")}
}

// say changes an event that no file has: the store does, through its daemon where one runs. The
// error is calendar.ErrNoEvent where it has no such event.
func (a *app) say(ctx context.Context, said calendar.Said, f changeFlags) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	loc, err := a.zone()
	if err != nil {
		return err
	}
	plan, err := a.offline(folder, a.Now()).PlanAnswer(ctx, said)
	if err != nil {
		return err
	}
	a.printf("no file has %s: the database does\n", said.ID)
	a.planText(plan, loc)
	switch {
	case f.dry:
		return nil
	case a.Ask && !f.yes && !a.agreed("Record this? [y/N] "):
		a.printf("nothing was recorded\n")
		return nil
	}
	v, err := ask(a, func(s source, _ time.Time) (calendar.AnswerView, error) { return s.Answer(ctx, said) })
	if err != nil {
		return err
	}
	a.printf("recorded revision %d of %s\n", v.Revision, v.Event)
	return nil
}

// allowed reports why the status of an event may not become another.
func allowed(c *config.Config, id string, fields []calendar.Assignment) error {
	e, ok := c.Calendar.Event(id)
	if !ok {
		return nil // which is told where it is looked for
	}
	var status, reason string
	for _, as := range fields {
		switch as.Field {
		case "status":
			status = as.Value
		case "reason":
			reason = as.Value
		}
	}
	if !slices.Contains(event.Statuses(), event.Status(status)) {
		return nil // none is set, or the reader of the file says which there are
	}
	return event.CheckTransition(e.Status, event.Status(status), reason)
}

// write shows what changes and what follows from it, asks a person, and writes. The last draft
// was made to what the others leave.
func (a *app) write(ctx context.Context, f changeFlags, drafts ...config.Draft) error {
	all := drafts
	drafts = slices.DeleteFunc(slices.Clone(drafts), func(d config.Draft) bool { return bytes.Equal(d.Old, d.New) })
	if len(drafts) == 0 {
		for _, d := range all {
			a.printf("%s says so already\n", d.File)
		}
		return nil
	}
	if f.dry || a.Ask {
		for _, d := range drafts {
			a.printChange(d)
		}
	}
	if err := a.follows(ctx, drafts[len(drafts)-1].After); err != nil {
		return err
	}
	if f.dry {
		return nil
	}
	var names []string
	for _, d := range drafts {
		names = append(names, d.File)
	}
	if a.Ask && !f.yes && !a.agreed("Write this to "+prose.List(names, "and")+"? [y/N] ") {
		a.printf("nothing was written\n")
		return nil
	}
	for _, d := range drafts {
		if err := a.keep(d); err != nil {
			return err
		}
	}
	return nil
}

// keep writes a draft of a file.
func (a *app) keep(d config.Draft) error {
	if err := d.Write(); err != nil {
		return err
	}
	a.printf("wrote %s\n", d.File)
	return nil
}

// printChange prints what a draft of a file changes, as git apply takes it.
func (a *app) printChange(d config.Draft) {
	name := filepath.ToSlash(filepath.Clean(d.File))
	_, changed, _ := strings.Cut(string(diff.Diff("a/"+name, d.Old, "b/"+name, d.New)), "\n")
	a.printf("%s", changed)
}

// follows prints what would follow from the files as edited, as plan does.
func (a *app) follows(ctx context.Context, edited *config.Config) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	loc, err := a.zone()
	if err != nil {
		return err
	}
	plan, err := a.offline(folder, a.Now()).PlanEdit(ctx, edited)
	if err == nil {
		a.planText(plan, loc)
	}
	return err
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
			loc, err := a.zone()
			if err != nil {
				return err
			}
			return a.runChange(cmd.Context(), config.Change{ID: args[0], Seen: civil.DateOf(a.Now(), loc)}, f)
		},
	}
	f.add(c)
	return c
}

func (a *app) addCommand() *cobra.Command {
	var f changeFlags
	var title, date, to string
	c := &cobra.Command{
		Use:   "add ID [FIELD=VALUE…]",
		Short: "Add an event to a file",
		Long: `Add an event to a file of events. Its id is a name that it keeps for ever, never a date. On a
terminal you are asked for what you leave out.

  attache add paris-talks --title "Talks in Paris" --when "in March" kind=talks parties=[US, EU]`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ch := config.Change{ID: args[0]}
			for _, arg := range args[1:] {
				as, err := assignment(arg)
				if err != nil || as.Add {
					return usageError{cmp.Or(err, fmt.Errorf("%q: a new event has nothing to add to: write FIELD=VALUE", arg))}
				}
				ch.Fields = append(ch.Fields, as)
			}
			for _, as := range []calendar.Assignment{{Field: "title", Value: title}, {Field: "when", Value: date}} {
				if as.Value == "" && a.Ask {
					as.Value = a.answer(prose.Capital(as.Field) + ": ")
				}
				if as.Value != "" {
					ch.Fields = append(ch.Fields, as)
				}
			}
			return a.runAdd(cmd.Context(), to, ch, f)
		},
	}
	c.Flags().StringVar(&title, "title", "", "call it `THAT`")
	c.Flags().StringVar(&date, "when", "", "its `DATE`, such as 2026-04-01, \"in April\", or {between: [2026-01-01, 2026-02-16]}")
	c.Flags().StringVar(&to, "to", "", "add it to this `FILE` (default: the only one that has events)")
	f.add(c)
	return c
}

func (a *app) runAdd(ctx context.Context, to string, ch config.Change, f changeFlags) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	if ch.Cite, err = f.cited(); err != nil {
		return err
	}
	d, err := c.DraftEvent(to, ch)
	if err != nil {
		return err
	}
	return a.write(ctx, f, d)
}
