package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/control"
	"attache/internal/prose"
)

func (a *app) feeds() *cobra.Command {
	c := &cobra.Command{
		Use:   "feeds",
		Short: "List, share and check feeds",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.feedsList(), a.feedsNew(), a.feedsRevoke(), a.feedsCheck())
	return c
}

// askFeeds asks the running daemon.
func (a *app) askFeeds(data string, ask func(*control.Client) error) error {
	folder, err := a.folder(data)
	if err != nil {
		return err
	}
	err = ask(control.NewClient(control.Path(folder)))
	if errors.Is(err, control.ErrNoDaemon) {
		return fmt.Errorf("no daemon runs on %s", folder)
	}
	return err
}

func (a *app) feedsList() *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the feeds, their secret addresses and who reads them",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.askFeeds(data, func(c *control.Client) error { return a.listFeeds(cmd.Context(), c, asJSON) })
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

func (a *app) listFeeds(ctx context.Context, c *control.Client, asJSON bool) error {
	list, err := c.Feeds(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	for _, f := range list {
		if asJSON {
			if err := enc.Encode(f); err != nil {
				return err
			}
			continue
		}
		feedText(w, f)
	}
	return w.Flush()
}

// feedText says in lines what a feed is and who reads it.
func feedText(w *tabwriter.Writer, f control.FeedView) {
	where := f.Address
	if f.Private {
		where = "private, " + prose.Count(len(f.Addresses), "address")
		if len(f.Addresses) != 1 {
			where = fmt.Sprintf("private, %d addresses", len(f.Addresses))
		}
	}
	entries := fmt.Sprintf("%d entries", f.Entries)
	if f.Entries == 1 {
		entries = "1 entry"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, entries, where)
	if n := f.CutPast + f.CutAhead; n > 0 {
		fmt.Fprintf(w, "\t%d left out for room, %d of them yet to come\n", n, f.CutAhead)
	}
	for _, bad := range f.LeftOut {
		fmt.Fprintf(w, "\tleft out: %s\n", bad)
	}
	for _, t := range f.Addresses {
		used := "never used"
		if t.Used != nil {
			used = "last used " + t.Used.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "\t%s\t%s\t%s\n", t.ID, used, t.Note)
	}
	for _, p := range f.Polls {
		fmt.Fprintf(w, "\t%s\t%d sent, %d unchanged\tlast %s\n", p.Client, p.Full, p.Unchanged, p.Last.Format(time.RFC3339))
	}
}

func (a *app) feedsNew() *cobra.Command {
	var data, note string
	var asJSON bool
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a secret address for a private feed",
		Long: `Make a secret address for the private feed NAME and show it. It cannot be shown again,
since only a hash of its secret is kept. Make one for each reader, so that you can revoke
it without the others.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askFeeds(data, func(c *control.Client) error {
				got, err := c.NewAddress(cmd.Context(), args[0], note)
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(a.Stdout).Encode(got)
				}
				_, err = fmt.Fprintf(a.Stdout, "%s\nIts id is %s: attache feeds revoke %s makes it lead nowhere.\n", got.URL, got.ID, got.ID)
				return err
			})
		},
	}
	dataFlag(c, &data)
	c.Flags().StringVar(&note, "note", "", "who gets it; `NOTE` is shown in the list")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func (a *app) feedsRevoke() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "Revoke a secret address, at once",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askFeeds(data, func(c *control.Client) error {
				t, err := c.RevokeAddress(cmd.Context(), args[0])
				if err == nil {
					_, err = fmt.Fprintf(a.Stdout, "revoked: %s opens the feed %s no more\n", t.ID, t.Feed)
				}
				return err
			})
		},
	}
	dataFlag(c, &data)
	return c
}
