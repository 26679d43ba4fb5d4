package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/source/ical"
)

func (a *app) addCommand() *cobra.Command {
	var f changeFlags
	var title, date, to string
	c := &cobra.Command{
		Use:   "add [ID] [FIELD=VALUE…]",
		Short: "Add an event to a file",
		Long: `Add an event to a file of events. Its id is a name that it keeps for ever, never a date: left
out, it is made of the title. On a terminal you are asked for what you leave out, and told how
the date is understood. With - events are read from standard input, as files have them.

Without --to it comes to the file that has events of the same topics, where there is one only,
else to the only file of events, else to a new file of its name.

  attache add paris-talks --title "Talks in Paris" --when "in March" kind=talks parties=US,EU
  attache add - < drafted.yaml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Equal(args, []string{"-"}) {
				return a.addRead(cmd.Context(), to, f)
			}
			var ch config.Change
			if len(args) > 0 && !strings.Contains(args[0], "=") {
				ch.ID, args = args[0], args[1:]
			}
			for _, arg := range args {
				as, err := assignment(arg)
				if err != nil || as.Add {
					return usageError{cmp.Or(err, fmt.Errorf("%q: a new event has nothing to add to: write FIELD=VALUE", arg))}
				}
				ch.Fields = append(ch.Fields, as)
			}
			for _, as := range []calendar.Assignment{{Field: "title", Value: title}, {Field: "when", Value: date}} {
				if as.Value != "" {
					ch.Fields = append(ch.Fields, as)
				}
			}
			return a.runAdd(cmd.Context(), to, ch, f)
		},
	}
	c.Flags().StringVar(&title, "title", "", "call it `THAT`")
	c.Flags().StringVar(&date, "when", "", "its `DATE`, such as 2026-04-01, \"in April\", or {between: [2026-01-01, 2026-02-16]}")
	c.Flags().StringVar(&to, "to", "", "add it to this `FILE`")
	f.add(c)
	return c
}

func (a *app) runAdd(ctx context.Context, to string, ch config.Change, f changeFlags) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	if err := a.complete(&f, &ch); err != nil {
		return err
	}
	if a.Ask {
		ch = a.asked(c, to, ch)
	}
	title := valueIn(ch, "title")
	if title == "" {
		return usageError{errors.New("say what it is called with --title")}
	}
	if ch.ID == "" {
		if ch.ID = ical.Slug(title); event.CheckID(ch.ID) != nil {
			return usageError{fmt.Errorf("no id can be made of %q: write attache add ID --title …", title)}
		}
	}
	after, err := c.Added(to, ch)
	if err != nil {
		return err
	}
	return a.write(ctx, f, after, nil)
}

// valueIn returns what a change sets a field to, "" for nothing.
func valueIn(ch config.Change, field string) string {
	for _, as := range ch.Fields {
		if as.Field == field {
			return as.Value
		}
	}
	return ""
}

// asked returns a new event with what the person at the terminal adds to it. A date is asked for
// until it can be read, and then it is said how; no answer leaves it open.
func (a *app) asked(c *config.Config, to string, ch config.Change) config.Change {
	if valueIn(ch, "title") == "" {
		ch.Fields = append(slices.Clip(ch.Fields), calendar.Assignment{Field: "title", Value: a.answer("Title: ")})
	}
	if id := ical.Slug(valueIn(ch, "title")); ch.ID == "" && id != "" {
		ch.ID = cmp.Or(a.answer("Id, which it keeps for ever ["+id+"]: "), id)
	}
	for valueIn(ch, "when") == "" {
		date := a.answer("When: ")
		if date == "" {
			break
		}
		with := ch
		with.Fields = append(slices.Clip(ch.Fields), calendar.Assignment{Field: "when", Value: date})
		after, err := c.Added(to, with)
		if err != nil {
			fmt.Fprintln(a.Stderr, err)
			continue
		}
		for _, e := range solved(config.Checked{Calendar: after.Calendar, Calendars: after.Calendars}) {
			if e.ID == ch.ID {
				fmt.Fprintln(a.Stderr, understood(e))
			}
		}
		ch = with
	}
	return ch
}

// addRead adds the events of standard input.
func (a *app) addRead(ctx context.Context, to string, f changeFlags) error {
	data, err := io.ReadAll(io.LimitReader(a.Stdin, maxStdin))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	c, err := a.load()
	if err != nil {
		return err
	}
	after, err := c.AddedFrom(to, config.Document{Name: "<stdin>", Data: data})
	if err != nil {
		return err
	}
	return a.write(ctx, f, after, nil)
}
