package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/notice"
	"attache/internal/prose"
)

func (a *app) notices() *cobra.Command {
	var q calendar.NoticeQuery
	c := &cobra.Command{
		Use:   "notices",
		Short: "List what was said and what will be: to whom, when, and why not",
		Long: `List notices with their state and the reason for it:
  planned     it is sent when it is due
  sending     it is being sent
  unknown     it may have arrived, and attache is looking
  held        it may have arrived, and attache cannot look: see notices retry and drop
  in digest   it is part of a message about several
  sent        it arrived
  dead        it was refused, or came too late
  superseded  it no longer applies; listed only with --state superseded
The cards of events are listed only with --kind card.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := ask(a, func(s source, _ time.Time) ([]calendar.NoticeView, error) { return s.Notices(cmd.Context(), q) })
			if err != nil {
				return err
			}
			return printList(a, list, writeNotice)
		},
	}
	c.Flags().StringSliceVar(&q.States, "state", nil, "only those in this `STATE`")
	c.Flags().StringSliceVar(&q.Channels, "channel", nil, "only those to this `CHANNEL`")
	c.Flags().StringSliceVar(&q.Kinds, "kind", nil, "only notices of this `KIND`, such as reminder or change")
	c.Flags().StringVar(&q.Event, "event", "", "only those about the event `ID`")
	c.Flags().IntVar(&q.Limit, "limit", 0, "show only the last `N`; 0 shows all")
	a.jsonFlag(c, oneALine)
	a.dataFlag(c)
	c.AddCommand(
		a.noticeAct("retry", "Send a dead or held notice, after a look whether it arrived", source.RetryNotice),
		a.noticeAct("drop", "Do not send a notice that is planned or in doubt, or put a dead one away", source.DropNotice))
	return c
}

func writeNotice(w io.Writer, v calendar.NoticeView) {
	at := v.Due
	if v.Sent != nil {
		at = *v.Sent
	}
	about := v.Event
	if about == "" {
		about = prose.Count(len(v.Members), "event")
	}
	what := rung(notice.Kind(v.Notice), v.Lead)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", v.State, at.UTC().Format("2006-01-02 15:04 UTC"), v.Channel, what, about, v.Key)
	if v.Why != "" {
		fmt.Fprintf(w, "\t%s\n", v.Why)
	}
	if v.NextTry != nil {
		fmt.Fprintf(w, "\ttried %s, again at %s\n", times(v.Attempts), v.NextTry.UTC().Format(time.RFC3339))
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// noticeAct makes a command that does something with one notice.
func (a *app) noticeAct(name, short string, do func(source, context.Context, string) (calendar.NoticeView, error)) *cobra.Command {
	c := &cobra.Command{
		Use:   name + " KEY",
		Short: short,
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := ask(a, func(s source, _ time.Time) (calendar.NoticeView, error) { return do(s, cmd.Context(), args[0]) })
			if err != nil {
				return err
			}
			return a.print(v, func() { a.printf("%s is %s\n", v.Key, v.State) })
		},
	}
	a.jsonFlag(c, oneDocument)
	a.dataFlag(c)
	return c
}
