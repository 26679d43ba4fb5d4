package cli

import (
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"attache/internal/lsp"
)

func (a *app) lsp() *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: "Help an editor with the files, by the Language Server Protocol",
		Long: `Speak the Language Server Protocol with an editor on standard input and output: what check
says, as you type; what can be written at a place; why an event is where it is; where an id is
used. No file is written. How to tell your editor stands in attache help editors.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			named := a.flags.config
			if named == "" {
				named = a.Getenv("ATTACHE_CONFIG")
			}
			return lsp.Serve(cmd.Context(), lsp.Config{
				Check: a.checkWith, Path: named, Version: a.Version, Log: a.Stderr, Alive: alive,
			}, a.Stdin, a.Stdout)
		},
	}
}

// alive reports whether there is a process.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || os.IsPermission(err)
}
