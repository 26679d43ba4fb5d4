package cli

import (
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
)

func (a *app) why() *cobra.Command {
	c := &cobra.Command{
		Use:   "why ID",
		Short: "Say why an event is where it is",
		Long: `Say which statements give the earliest and the latest day of an event, with their words
and their file and line, and which statements exclude each other.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := ask(a, func(s source, _ time.Time) (agenda.WhyView, error) { return s.Why(cmd.Context(), args[0]) })
			if err != nil {
				return err
			}
			return a.print(v, func() { a.printf("%s", v.Text()) })
		},
	}
	a.jsonFlag(c, oneDocument)
	a.dataFlag(c)
	return c
}
