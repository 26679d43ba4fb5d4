package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/change"
)

// changesFlags are what changes can be asked for.
type changesFlags struct {
	filterFlags
	from, to string
	limit    int
}

// changesShown is how many changes are shown unless another number is asked for.
const changesShown = 100

func (a *app) changes() *cobra.Command {
	var f changesFlags
	c := &cobra.Command{
		Use:   "changes",
		Short: "List what changed, newest first",
		Long: `List what changed, newest first: what slipped, was pulled in, firmed or was averted, who
changed it and why, and what moved with it. The filters look at an event as it was after
the change, and at those that moved with it. --from and --to are the days on which
somebody made the change.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runChanges(cmd.Context(), f) },
	}
	a.jsonFlag(c, oneALine)
	a.dataFlag(c)
	c.Flags().StringVar(&f.from, "from", "", "only changes made at this `TIME` or later: 2025-10-26 or 2025-10-26T14:00:00Z")
	c.Flags().StringVar(&f.to, "to", "", "only changes made at this `TIME` or earlier; a day counts to its end")
	c.Flags().IntVar(&f.limit, "limit", changesShown, "show only the newest `N`; 0 shows all")
	f.add(c)
	return c
}

func (a *app) runChanges(ctx context.Context, f changesFlags) (err error) {
	q := calendar.ChangeQuery{Range: change.Range{Limit: f.limit}}
	if q.Range.From, q.Range.To, err = a.between(f.from, f.to); err != nil {
		return err
	}
	if q.Filter, err = f.filter(); err != nil {
		return err
	}
	list, err := ask(a, func(s source, _ time.Time) ([]change.View, error) { return s.Changes(ctx, q) })
	if err != nil {
		return err
	}
	return printList(a, list, writeChange)
}

// writeChange tells of one change: a line for the whole, one for each thing that
// changed, and the reason.
func writeChange(w io.Writer, v change.View) {
	what := fmt.Sprintf("revision %d", v.Revision)
	if v.Because != nil {
		what = "moved"
	}
	fmt.Fprintf(w, "%s  %s  %s (%s, %s)\n", v.At.UTC().Format("2006-01-02 15:04Z"), v.Event, v.Title, what, v.By)
	for _, line := range v.Lines() {
		fmt.Fprintf(w, "    %s\n", line)
	}
}
