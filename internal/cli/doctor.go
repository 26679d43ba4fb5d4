package cli

import (
	"attache/internal/doctor"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (a *app) doctor() *cobra.Command {
	var in doctor.Installation
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong, and say what to do",
		Long: `Look at the configuration, the clock, the time zones, the disk, the database, the running
daemon with its feeds, and the Slack token, and say what is wrong and what to do. With
--slack ask Slack too. Nothing is changed and nothing is posted. The exit status is 1 if
something does not work.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := a.path()
			if err != nil {
				return err
			}
			in.ConfigPath, in.Env, in.Now = path, a.Getenv, a.Now
			return a.printFindings(doctor.Examine(cmd.Context(), in), asJSON)
		},
	}
	dataFlag(c, &in.Data)
	c.Flags().BoolVar(&in.AskSlack, "slack", false, "ask Slack about the token, its scopes and the channels")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func (a *app) printFindings(list []doctor.Finding, asJSON bool) error {
	ok := !slices.ContainsFunc(list, func(d doctor.Finding) bool { return d.State == doctor.Trouble })
	var err error
	if !asJSON {
		err = a.findingsText(list)
	} else {
		err = json.NewEncoder(a.Stdout).Encode(struct {
			OK     bool             `json:"ok"`
			Checks []doctor.Finding `json:"checks"`
		}{ok, list})
	}
	if err == nil && !ok {
		return errFindings
	}
	return err
}

func (a *app) findingsText(list []doctor.Finding) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range list {
		state := string(d.State)
		if d.State == doctor.Trouble {
			state = "PROBLEM"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", state, d.Check, d.Words)
		if d.Advice != "" {
			fmt.Fprintf(w, "\t\t→ %s\n", d.Advice)
		}
	}
	return w.Flush()
}
