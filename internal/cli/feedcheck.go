package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/feed"
)

func (a *app) feedsCheck() *cobra.Command {
	var data string
	var o importing
	var asJSON bool
	c := &cobra.Command{
		Use:   "check [FILE|URL|-]",
		Short: "Check a feed, yours or that of others",
		Long: `Check an iCalendar file or feed, or without an argument the feeds of the running daemon.
The rules are those of RFC 5545 and RFC 7986, and what common calendar programs misread
although the standards allow it. Each finding has its line. The exit status is 1 if there
are any.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{errors.New("feeds check takes one file, one address, or - for standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.checkOwnFeeds(cmd.Context(), data, asJSON)
			}
			o.from = args[0]
			text, err := a.foreign(cmd.Context(), o)
			if err != nil {
				return err
			}
			return a.tellFindings(asJSON, checkedFeed{calendarName(o.from), text})
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&o.local, "local", false, "allow http, and addresses of this machine and its network")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document for each feed, one a line")
	return c
}

// checkedFeed is a feed with the name that it is spoken of by.
type checkedFeed struct {
	name string
	text []byte
}

// checkOwnFeeds checks the feeds of the running daemon.
func (a *app) checkOwnFeeds(ctx context.Context, data string, asJSON bool) error {
	return a.askFeeds(data, func(c *control.Client) error {
		list, err := c.Feeds(ctx)
		if err != nil {
			return err
		}
		var feeds []checkedFeed
		for _, f := range list {
			text, err := c.Export(ctx, calendar.Export{Feed: f.Name})
			if err != nil {
				return fmt.Errorf("feed %q: %w", f.Name, err)
			}
			feeds = append(feeds, checkedFeed{f.Name + ".ics", text})
		}
		return a.tellFindings(asJSON, feeds...)
	})
}

// verdict is what was found in a feed. Its names are a promise.
type verdict struct {
	Feed     string        `json:"feed"`
	OK       bool          `json:"ok"`
	Findings []feedProblem `json:"findings"`
}

// feedProblem is one finding.
type feedProblem struct {
	Line    int    `json:"line"` // 0 is the feed as a whole
	Message string `json:"message"`
}

// tellFindings says what is wrong with feeds.
func (a *app) tellFindings(asJSON bool, feeds ...checkedFeed) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	bad := false
	for _, f := range feeds {
		found := feed.Check(f.text)
		bad = bad || len(found) > 0
		if asJSON {
			v := verdict{f.name, len(found) == 0, []feedProblem{}}
			for _, x := range found {
				v.Findings = append(v.Findings, feedProblem{x.Line, x.What})
			}
			if err := enc.Encode(v); err != nil {
				return err
			}
			continue
		}
		for _, x := range found {
			place := f.name + ":"
			if x.Line > 0 {
				place += fmt.Sprintf("%d:", x.Line)
			}
			fmt.Fprintln(a.Stdout, place, strings.TrimSpace(x.What))
		}
		if len(found) == 0 {
			fmt.Fprintf(a.Stdout, "%s: ok\n", f.name)
		}
	}
	if bad {
		return errFindings
	}
	return nil
}
