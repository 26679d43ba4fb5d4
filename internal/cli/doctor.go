package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"attache/internal/doctor"
)

func (a *app) doctor() *cobra.Command {
	var in doctor.Installation
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
			in.ConfigPath, in.Data, in.Env, in.Now = path, a.flags.data, a.Getenv, a.Now
			return a.printFindings(doctor.Examine(cmd.Context(), in))
		},
	}
	a.dataFlag(c)
	c.Flags().BoolVar(&in.AskSlack, "slack", false, "ask Slack about the token, its scopes and the channels")
	a.jsonFlag(c, oneDocument)
	return c
}

// doctorView is what doctor found, as programs read it. Its names are a promise.
type doctorView struct {
	OK     bool             `json:"ok"`
	Checks []doctor.Finding `json:"checks"`
}

func (a *app) printFindings(list []doctor.Finding) error {
	ok := !slices.ContainsFunc(list, func(d doctor.Finding) bool { return d.State == doctor.Trouble })
	if a.flags.json {
		return findings(!ok, a.print(doctorView{ok, list}, nil))
	}
	return findings(!ok, printList(a, list, writeFinding))
}

func writeFinding(w io.Writer, d doctor.Finding) {
	state := string(d.State)
	if d.State == doctor.Trouble {
		state = "PROBLEM"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", state, d.Check, d.Words)
	if d.Advice != "" {
		fmt.Fprintf(w, "\t\t→ %s\n", d.Advice)
	}
}
