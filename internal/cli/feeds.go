package cli

import (
	"fmt"
	"io"
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

func (a *app) feedsList() *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "List the feeds, their secret addresses and who reads them",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.askDaemon(func(c *control.Client) error {
				list, err := c.Feeds(cmd.Context())
				if err != nil {
					return err
				}
				return printList(a, list, writeFeed)
			})
		},
	}
	a.dataFlag(c)
	a.jsonFlag(c, oneALine)
	return c
}

// writeFeed says in lines what a feed is and who reads it.
func writeFeed(w io.Writer, f control.FeedView) {
	where := f.Address
	if f.Private {
		where = "private, " + prose.Count(len(f.Addresses), "address")
	}
	entries := fmt.Sprintf("%d entries", f.Entries)
	if f.Entries == 1 {
		entries = "1 entry"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, entries, where)
	if f.CutPast > 0 {
		fmt.Fprintf(w, "\tleft out for room, having passed: %d\n", f.CutPast)
	}
	if f.Complete != "" {
		fmt.Fprintf(w, "\t%s\n", f.Complete)
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
	var note string
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a secret address for a private feed",
		Long: `Make a secret address for the private feed NAME and show it. It cannot be shown again,
since only a hash of its secret is kept. Make one for each reader, so that you can revoke
it without the others.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askDaemon(func(c *control.Client) error {
				got, err := c.NewAddress(cmd.Context(), args[0], note)
				if err != nil {
					return err
				}
				return a.print(got, func() {
					a.printf("%s\nIts id is %s: attache feeds revoke %s makes it lead nowhere.\n", got.URL, got.ID, got.ID)
				})
			})
		},
	}
	a.dataFlag(c)
	c.Flags().StringVar(&note, "note", "", "who gets it; `NOTE` is shown in the list")
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) feedsRevoke() *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "Revoke a secret address, at once",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askDaemon(func(c *control.Client) error {
				t, err := c.RevokeAddress(cmd.Context(), args[0])
				if err == nil {
					a.printf("revoked: %s opens the feed %s no more\n", t.ID, t.Feed)
				}
				return err
			})
		},
	}
	a.dataFlag(c)
	return c
}
