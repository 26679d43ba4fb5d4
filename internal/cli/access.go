package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/control"
)

func (a *app) access() *cobra.Command {
	c := &cobra.Command{
		Use:   "access",
		Short: "Personal links, and who may see what",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.accessList(), a.accessNew(), a.accessRevoke(), a.accessWho())
	return c
}

func (a *app) accessList() *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "List the personal links, and when each was last used",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.askDaemon(func(c *control.Client) error {
				list, err := c.Links(cmd.Context())
				if err != nil {
					return err
				}
				return printList(a, list, writeLink)
			})
		},
	}
	a.dataFlag(c)
	a.jsonFlag(c, oneALine)
	return c
}

func writeLink(w io.Writer, l calendar.LinkView) {
	used := "never used"
	if l.Used != nil {
		used = "last used " + l.Used.Format(time.RFC3339)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.ID, l.Name, shows(l), used, l.Note)
}

// shows says what a link shows.
func shows(l calendar.LinkView) string {
	if l.Everything {
		return "everything"
	}
	return strings.Join(l.Audiences, ", ")
}

func (a *app) accessNew() *cobra.Command {
	var x calendar.LinkFor
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a personal link",
		Long: `Make a link for the person NAME and show it. Whoever opens it sees the pages as the
audiences do that it is for; a program sends what stands behind /a/ as a bearer token. It
cannot be shown again, since only a hash of its secret is kept. Make one for each person, so
that you can revoke it without the others.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			x.Name = args[0]
			return a.askDaemon(func(c *control.Client) error {
				got, err := c.NewLink(cmd.Context(), x)
				if err != nil {
					return err
				}
				return a.print(got, func() {
					a.printf("%s\nIt shows %s. Its id is %s: attache access revoke %s makes it show nothing.\n", got.URL, shows(got.LinkView), got.ID, got.ID)
				})
			})
		},
	}
	a.dataFlag(c)
	c.Flags().StringSliceVar(&x.Audiences, "audience", nil, "an `AUDIENCE` that the person is among; repeat it for more")
	c.Flags().BoolVar(&x.Everything, "everything", false, "the link shows everything")
	c.Flags().StringVar(&x.Note, "note", "", "who gets it; `NOTE` is shown in the list")
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) accessRevoke() *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "Revoke a personal link, at once",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askDaemon(func(c *control.Client) error {
				l, err := c.RevokeLink(cmd.Context(), args[0])
				if err == nil {
					a.printf("revoked: the link of %s shows nothing any more\n", l.Name)
				}
				return err
			})
		},
	}
	a.dataFlag(c)
	return c
}

func (a *app) accessWho() *cobra.Command {
	c := &cobra.Command{
		Use:   "who ID",
		Short: "Say who can see an event, and by which rule",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askDaemon(func(c *control.Client) error {
				v, err := c.Who(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return a.print(v, func() {
					a.printf("%s is for %s: %s\n", v.Event, strings.Join(v.Audiences, ", "), v.Why)
					for _, x := range []struct {
						name string
						list []string
					}{{"feeds", v.Feeds}, {"channels", v.Channels}, {"links", v.Links}} {
						a.printf("%-9s %s\n", x.name, cmp.Or(strings.Join(x.list, ", "), "none"))
					}
				})
			})
		},
	}
	a.dataFlag(c)
	a.jsonFlag(c, oneDocument)
	return c
}
