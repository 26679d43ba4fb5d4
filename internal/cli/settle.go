package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/config"
)

func (a *app) settleCommand() *cobra.Command {
	var f changeFlags
	var to string
	c := &cobra.Command{
		Use:   "settle [ID…]",
		Short: "Write what was answered in Slack into the files",
		Long: `Write into the files what people answered in Slack and what was changed by command in the
database alone: of the events that you name, or of all. Each new line says who said it and when.
The database holds it already, so that nothing is revised and nobody is told once more.

  attache settle --dry-run`,
		RunE: func(cmd *cobra.Command, ids []string) error { return a.runSettle(cmd.Context(), ids, to, f) },
	}
	c.Flags().StringVar(&to, "to", "", "add events that no file has to this `FILE` (default: as of attache add)")
	f.addWriting(c)
	a.dataFlag(c)
	return c
}

func (a *app) runSettle(ctx context.Context, ids []string, to string, f changeFlags) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	folder, err := a.folder()
	if err != nil {
		return err
	}
	off := a.offline(folder, a.Now())
	list, sources, err := off.Unsettled(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(list, func(u calendar.Unsettled) bool { return u.Event == id }) {
			return fmt.Errorf("%s: its file says all that is said of it", id)
		}
	}
	if len(ids) > 0 {
		list = slices.DeleteFunc(list, func(u calendar.Unsettled) bool { return !slices.Contains(ids, u.Event) })
	}
	if len(list) == 0 {
		a.printf("the files say all that is said\n")
		return nil
	}
	after, err := c.Settled(list, sources, to)
	if err != nil {
		return err
	}
	if err := a.unrevised(ctx, after, ids); err != nil {
		return err
	}
	return a.write(ctx, f, after, nil)
}

// unrevised returns an error where a reading of the files would revise an event that is to be
// settled: they would not say what was said.
func (a *app) unrevised(ctx context.Context, after *config.Config, ids []string) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	plan, err := a.offline(folder, a.Now()).PlanEdit(ctx, after)
	if err != nil {
		return err
	}
	for _, st := range plan.Stories {
		if id := st.Root.New.Event.ID; len(ids) == 0 || slices.Contains(ids, id) {
			return fmt.Errorf("%s: %w: what was said of it can't be written so that it reads as the same", id, config.ErrByHand)
		}
	}
	return nil
}
