package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"attache/internal/control"
	"attache/internal/prose"
)

func (a *app) health() *cobra.Command {
	var asJSON bool
	var data string
	c := &cobra.Command{
		Use:   "health",
		Short: "Say how the running daemon is",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := a.folder(data)
			if err != nil {
				return err
			}
			h, err := control.NewClient(control.Path(folder)).Health(cmd.Context())
			if errors.Is(err, control.ErrNoDaemon) {
				return fmt.Errorf("no daemon runs on %s", folder)
			}
			if err != nil {
				return err
			}
			return a.printHealth(h, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	c.Flags().StringVar(&data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
	return c
}

func (a *app) printHealth(h control.Health, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(a.Stdout).Encode(h); err != nil {
			return err
		}
	} else {
		a.healthText(h)
	}
	if !h.Ready || !h.Reload.OK {
		return errFindings
	}
	return nil
}

func (a *app) healthText(h control.Health) {
	fmt.Fprintf(a.Stdout, "%s, %s, %d notices planned, %d in doubt, %d dead\n",
		h.Address, prose.Count(h.Events, "event"), h.Pending, h.InDoubt, h.Dead)
	for _, c := range h.Checks {
		state := "ok"
		if !c.OK {
			state = "NOT OK"
		}
		fmt.Fprintf(a.Stdout, "%-9s %s: %s\n", c.Name, state, c.Words)
	}
	if h.Reload.OK {
		fmt.Fprintf(a.Stdout, "files     ok: read %s\n", h.Reload.At)
		return
	}
	fmt.Fprintf(a.Stdout, "files     NOT OK: refused %s, the last good state stays\n", h.Reload.At)
	for _, e := range h.Reload.Errors {
		fmt.Fprintln(a.Stdout, " ", e)
	}
}
