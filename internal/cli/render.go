package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/notice"
	"attache/internal/slack"
)

func (a *app) render() *cobra.Command {
	var ics, asSlack bool
	var x calendar.Rendering
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
			if asSlack {
				return a.renderSlack(cmd.Context(), x)
			}
			return a.printCalendar(cmd.Context(), calendar.Export{ID: x.ID})
		},
	}
	c.Flags().BoolVar(&asSlack, "slack", false, "as Slack gets it")
	c.Flags().StringVar(&x.Notice, "notice", "", "with --slack: a notice of this `KIND`, such as reminder or change, instead of the card")
	c.Flags().StringVar(&x.Channel, "channel", "", "with --slack: as it is in this `CHANNEL`")
	c.Flags().BoolVar(&ics, "ics", false, "as an iCalendar file with this event alone")
	a.nowFlag(c)
	a.dataFlag(c)
	return c
}

// renderSlack prints what Slack is given.
func (a *app) renderSlack(ctx context.Context, x calendar.Rendering) error {
	if x.Notice != "" && !slices.Contains(notice.Kinds(), notice.Kind(x.Notice)) {
		return usageError{fmt.Errorf("--notice: %q is no kind of notice: reminder, change, window, outcome, stale, condition or contradiction", x.Notice)}
	}
	p, err := ask(a, func(s source, now time.Time) (notice.Post, error) {
		x.Now = now
		return s.Render(ctx, x)
	})
	if err != nil {
		return err
	}
	body, err := slack.JSON(p)
	if err != nil {
		return err
	}
	a.printf("%s\n", body)
	return nil
}
