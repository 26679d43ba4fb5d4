package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"attache/internal/config"
	"attache/internal/offline"
	"attache/internal/prose"
	"attache/internal/store"
)

// folder returns the folder of the database: that of the flag, or the configuration's.
func (a *app) folder(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	c, err := a.settings()
	if err != nil {
		return "", err
	}
	return config.DataFolder("", c.Data, a.Getenv)
}

// dataFlag adds the flag that names the folder of the database.
func dataFlag(c *cobra.Command, data *string) {
	c.Flags().StringVar(data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
}

// oneArg refuses anything but one argument as an error of usage.
func oneArg(cmd *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}

func (a *app) backup() *cobra.Command {
	var data string
	var keep int
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database to a file, and check the copy",
		Long: `Copy the database to FILE, which only its owner can read. It works with or without a
running daemon, which goes on meanwhile. The copy is opened and compared before it
replaces an older FILE. If FILE is a folder, the copy gets a name with the time in it.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			if keep < 0 {
				return usageError{fmt.Errorf("--keep is a number of copies, not %d", keep)}
			}
			folder, err := a.folder(data)
			if err != nil {
				return err
			}
			path, err := offline.Backup(cmd.Context(), folder, args[0], keep, a.Now())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.Stdout, "backed up to %s: checked, and it holds what the database holds\n", path)
			return err
		},
	}
	dataFlag(c, &data)
	c.Flags().IntVar(&keep, "keep", 0, "in a folder, keep only the newest `N` copies; 0 keeps all")
	return c
}

func (a *app) restore() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace the database by a copy, and keep the old one",
		Long: `Replace the database by the copy FILE. Stop the daemon first. The old database is kept
beside it. What it says was sent is taken over, so that nothing is sent twice. If the old
database cannot be read, attache looks into Slack before it sends anything.`,
		Args: oneArg,
		RunE: func(_ *cobra.Command, args []string) error {
			folder, err := a.folder(data)
			if err != nil {
				return err
			}
			r, err := offline.Restore(folder, args[0], a.Now)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.Stdout, "restored %s\n", store.Path(folder))
			if r.Aside != "" {
				fmt.Fprintf(a.Stdout, "  the database that was there is kept as %s\n", r.Aside)
			}
			if r.Doubted {
				fmt.Fprintln(a.Stdout, "  nothing could be learnt of what was sent since the backup: what is due is looked for first")
				return nil
			}
			_, err = fmt.Fprintf(a.Stdout, "  learnt from it what became of %s since the backup\n", prose.Count(r.Learnt, "notice"))
			return err
		},
	}
	dataFlag(c, &data)
	return c
}

func (a *app) compact() *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "compact",
		Short: "Make the database file as small as it can be",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := a.folder(data)
			if err != nil {
				return err
			}
			s, err := offline.Compact(cmd.Context(), folder)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(a.Stdout).Encode(s)
			}
			_, err = fmt.Fprintf(a.Stdout, "compacted %s from %s to %s\n", store.Path(folder), bytesOf(s.Before), bytesOf(s.After))
			return err
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

// bytesOf writes a number of bytes for people.
func bytesOf(n int64) string {
	const kib, mib = 1 << 10, 1 << 20
	switch {
	case n >= 10*mib:
		return fmt.Sprintf("%d MiB", n/mib)
	case n >= kib:
		return fmt.Sprintf("%d KiB", n/kib)
	}
	return fmt.Sprintf("%d bytes", n)
}
