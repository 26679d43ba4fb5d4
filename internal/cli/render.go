package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/daemon"
	"attache/internal/notice"
)

func (a *app) render() *cobra.Command {
	var data, now string
	var ics, asSlack bool
	var x control.Rendering
	c := &cobra.Command{
		Use:   "render ID",
		Short: "Print one event as calendars or Slack get it",
		Long: `Print one event as it is published. With --ics you see what calendars get. With --slack
you see the JSON that Slack gets for its card or, with --notice, for a notice about it.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			if ics == asSlack {
				return usageError{errors.New("say as what: --ics or --slack")}
			}
			x.ID = args[0]
			c, err := a.settings()
			if err != nil {
				return err
			}
			if x.Now, err = a.instant(now, c); err != nil {
				return err
			}
			if asSlack {
				return a.renderSlack(cmd.Context(), c, data, x)
			}
			return a.printCalendar(cmd.Context(), c, data, control.Export{Query: control.Query{Now: x.Now}, ID: x.ID})
		},
	}
	c.Flags().BoolVar(&asSlack, "slack", false, "as Slack gets it")
	c.Flags().StringVar(&x.Notice, "notice", "", "with --slack: a notice of this `KIND`, such as reminder or change, instead of the card")
	c.Flags().StringVar(&x.Channel, "channel", "", "with --slack: as it is in this `CHANNEL`")
	c.Flags().BoolVar(&ics, "ics", false, "as an iCalendar file with this event alone")
	c.Flags().StringVar(&now, "now", "", "as it is at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z")
	dataFlag(c, &data)
	return c
}

// renderSlack asks the running daemon, and reads the files where there is none.
func (a *app) renderSlack(ctx context.Context, c *config.Config, data string, x control.Rendering) error {
	if x.Notice != "" && !slices.Contains(notice.Kinds(), notice.Kind(x.Notice)) {
		return usageError{fmt.Errorf("--notice: %q is no kind of notice: reminder, change, window, outcome, stale, condition or contradiction", x.Notice)}
	}
	folder, err := daemon.DataFolder(data, c.Data, a.Getenv)
	if err != nil {
		return err
	}
	body, err := control.NewClient(control.Path(folder)).Render(ctx, x)
	if errors.Is(err, control.ErrNoDaemon) {
		if c, err = a.load(); err != nil {
			return err
		}
		var read []byte
		read, err = daemon.Render(c, folder, x)
		body = string(read)
	}
	if err == nil {
		_, err = fmt.Fprintln(a.Stdout, body)
	}
	return err
}
