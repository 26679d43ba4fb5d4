package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/feed/lint"
	"attache/internal/fetch"
)

func (a *app) feedsCheck() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "check [FILE|URL|-]",
		Short: "Check a feed, yours or that of others",
		Long: `Check an iCalendar file or feed, or without an argument the feeds of the running daemon.
The rules are those of RFC 5545 and RFC 7986, and what common calendar programs misread
although the standards allow it. Each finding has its line. The exit status is 1 if there
are any.`,
		Args: atMostOneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.checkOwnFeeds(cmd.Context())
			}
			o.from = args[0]
			text, err := a.foreign(cmd.Context(), o.from, fetch.Client{Local: o.local}, maxForeign)
			if err != nil {
				return err
			}
			return a.tellFindings(checkedFeed{calendarName(o.from), text})
		},
	}
	a.dataFlag(c)
	c.Flags().BoolVar(&o.local, "local", false, "allow http, and addresses of this machine and its network")
	a.jsonFlag(c, "print one JSON document for each feed, one a line")
	return c
}

// checkedFeed is a feed with the name that it is spoken of by.
type checkedFeed struct {
	name string
	text []byte
}

// checkOwnFeeds checks the feeds of the running daemon.
func (a *app) checkOwnFeeds(ctx context.Context) error {
	return a.askDaemon(func(c *control.Client) error {
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
		return a.tellFindings(feeds...)
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

// tellFindings reports what is wrong with feeds.
func (a *app) tellFindings(feeds ...checkedFeed) error {
	bad := false
	for _, f := range feeds {
		v := verdict{Feed: f.name, Findings: []feedProblem{}}
		for _, x := range lint.Check(f.text) {
			v.Findings = append(v.Findings, feedProblem{x.Line, x.What})
		}
		v.OK = len(v.Findings) == 0
		bad = bad || !v.OK
		if err := a.print(v, func() { a.verdictText(v) }); err != nil {
			return err
		}
	}
	return findings(bad, nil)
}

func (a *app) verdictText(v verdict) {
	for _, x := range v.Findings {
		place := v.Feed + ":"
		if x.Line > 0 {
			place += fmt.Sprintf("%d:", x.Line)
		}
		a.printf("%s %s\n", place, strings.TrimSpace(x.Message))
	}
	if v.OK {
		a.printf("%s: ok\n", v.Feed)
	}
}
