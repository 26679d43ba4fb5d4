package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"attache/internal/offline"
	"attache/internal/prose"
	"attache/internal/store"
)

func (a *app) backup() *cobra.Command {
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
			folder, err := a.folder()
			if err != nil {
				return err
			}
			path, err := offline.Backup(cmd.Context(), folder, args[0], keep, a.Now())
			if err != nil {
				return err
			}
			a.printf("backed up to %s: checked, and it holds what the database holds\n", path)
			return nil
		},
	}
	a.dataFlag(c)
	c.Flags().IntVar(&keep, "keep", 0, "in a folder, keep only the newest `N` copies; 0 keeps all")
	return c
}

func (a *app) restore() *cobra.Command {
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace the database by a copy, and keep the old one",
		Long: `Replace the database by the copy FILE. Stop the daemon first. The old database is kept
beside it. What it says was sent is taken over, so that nothing is sent twice. If the old
database cannot be read, attache looks into Slack before it sends anything.`,
		Args: oneArg,
		RunE: func(_ *cobra.Command, args []string) error {
			folder, err := a.folder()
			if err != nil {
				return err
			}
			r, err := offline.Restore(folder, args[0], a.Now)
			if err != nil {
				return err
			}
			a.printf("restored %s\n", store.Path(folder))
			if r.Aside != "" {
				a.printf("  the database that was there is kept as %s\n", r.Aside)
			}
			if r.Doubted {
				a.printf("  nothing could be learnt of what was sent since the backup: what is due is looked for first\n")
				return nil
			}
			a.printf("  learnt from it what became of %s since the backup\n", prose.Count(r.Learnt, "notice"))
			return nil
		},
	}
	a.dataFlag(c)
	return c
}

func (a *app) compact() *cobra.Command {
	c := &cobra.Command{
		Use:   "compact",
		Short: "Make the database file as small as it can be",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := a.folder()
			if err != nil {
				return err
			}
			s, err := offline.Compact(cmd.Context(), folder)
			if err != nil {
				return err
			}
			return a.print(s, func() {
				a.printf("compacted %s from %s to %s\n", store.Path(folder), bytesOf(s.Before), bytesOf(s.After))
			})
		},
	}
	a.dataFlag(c)
	a.jsonFlag(c, oneDocument)
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
