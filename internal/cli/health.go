package cli

import (
	"github.com/spf13/cobra"

	"attache/internal/control"
	"attache/internal/prose"
)

func (a *app) health() *cobra.Command {
	c := &cobra.Command{
		Use:   "health",
		Short: "Say how the running daemon is",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.askDaemon(func(c *control.Client) error {
				h, err := c.Health(cmd.Context())
				if err != nil {
					return err
				}
				return findings(!h.Ready || !h.Reload.OK, a.print(h, func() { a.healthText(h) }))
			})
		},
	}
	a.jsonFlag(c, oneDocument)
	a.dataFlag(c)
	return c
}

func (a *app) healthText(h control.Health) {
	a.printf("%s, %s, %d notices planned, %d in doubt, %d dead\n",
		h.Address, prose.Count(h.Events, "event"), h.Pending, h.InDoubt, h.Dead)
	for _, c := range h.Checks {
		state := "ok"
		switch {
		case !c.OK:
			state = "NOT OK"
		case c.Mend:
			state = "to be put right"
		}
		a.printf("%-9s %s: %s\n", c.Name, state, c.Words)
	}
	for _, w := range h.Reload.Restart {
		a.printf("restart   %s\n", w)
	}
	if h.Reload.OK {
		a.printf("files     ok: read %s\n", h.Reload.At)
		return
	}
	a.printf("files     NOT OK: refused %s, the last good state stays\n", h.Reload.At)
	for _, e := range h.Reload.Errors {
		a.printf("  %s\n", e)
	}
}
