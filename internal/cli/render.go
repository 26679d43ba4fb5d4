package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"attache/internal/control"
)

func (a *app) render() *cobra.Command {
	var data, now string
	var ics bool
	c := &cobra.Command{
		Use:   "render ID",
		Short: "Show one event as it is published: with --ics as calendars get it",
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !ics {
				return usageError{errors.New("say as what: --ics")}
			}
			c, err := a.settings()
			if err != nil {
				return err
			}
			x := control.Export{ID: args[0]}
			if x.Now, err = a.instant(now, c); err != nil {
				return err
			}
			return a.printCalendar(cmd.Context(), c, data, x)
		},
	}
	c.Flags().BoolVar(&ics, "ics", false, "as an iCalendar file with this event alone")
	c.Flags().StringVar(&now, "now", "", "as it stands at this `TIME`, 2025-10-26 or 2025-10-26T14:00:00Z")
	dataFlag(c, &data)
	return c
}
