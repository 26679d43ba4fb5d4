package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/offline"
	"attache/internal/prose"
)

func (a *app) notices() *cobra.Command {
	var q calendar.NoticeQuery
	var data string
	var asJSON bool
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
			return a.ask(data, a.Now(), func(r calendar.Reader) error {
				list, err := r.Notices(cmd.Context(), q)
				switch {
				case err != nil:
					return err
				case asJSON:
					return a.noticesJSON(list)
				}
				return a.noticesText(list)
			})
		},
	}
	c.Flags().StringSliceVar(&q.States, "state", nil, "only those in this `STATE`")
	c.Flags().StringSliceVar(&q.Channels, "channel", nil, "only those to this `CHANNEL`")
	c.Flags().StringSliceVar(&q.Kinds, "kind", nil, "only notices of this `KIND`, such as reminder or change")
	c.Flags().StringVar(&q.Event, "event", "", "only those about the event `ID`")
	c.Flags().IntVar(&q.Limit, "limit", 0, "show only the last `N`; 0 shows all")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	dataFlag(c, &data)
	c.AddCommand(
		a.noticeAct("retry", "Send a dead or held notice, after a look whether it arrived",
			(*control.Client).RetryNotice, (*offline.Calendar).RetryNotice),
		a.noticeAct("drop", "Do not send a notice that is planned or in doubt, or put a dead one away",
			(*control.Client).DropNotice, (*offline.Calendar).DropNotice))
	return c
}

func (a *app) noticesJSON(list []calendar.NoticeView) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) noticesText(list []calendar.NoticeView) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, v := range list {
		at := v.Due
		if v.Sent != nil {
			at = *v.Sent
		}
		about := v.Event
		if about == "" {
			about = prose.Count(len(v.Members), "event")
		}
		what := v.Notice
		if v.Lead != "" {
			what += " " + v.Lead
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", v.State, at.UTC().Format("2006-01-02 15:04 UTC"), v.Channel, what, about, v.Key)
		if v.Why != "" {
			fmt.Fprintf(w, "\t%s\n", v.Why)
		}
		if v.NextTry != nil {
			fmt.Fprintf(w, "\ttried %s, again at %s\n", times(v.Attempts), v.NextTry.UTC().Format(time.RFC3339))
		}
	}
	return w.Flush()
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// noticeAct makes a command that does something with one notice, through the running
// daemon or, where there is none, in the database.
func (a *app) noticeAct(name, short string,
	ask func(*control.Client, context.Context, string) (calendar.NoticeView, error),
	do func(*offline.Calendar, string) (calendar.NoticeView, error),
) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   name + " KEY",
		Short: short,
		Args:  oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := a.folder(data)
			if err != nil {
				return err
			}
			v, err := ask(control.NewClient(control.Path(folder)), cmd.Context(), args[0])
			if errors.Is(err, control.ErrNoDaemon) {
				v, err = do(a.offline(folder, a.Now()), args[0])
			}
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.noticesJSON([]calendar.NoticeView{v})
			}
			_, err = fmt.Fprintf(a.Stdout, "%s is %s\n", v.Key, v.State)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	dataFlag(c, &data)
	return c
}
