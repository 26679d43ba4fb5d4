package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"

	shipped "attache/config"
	"attache/internal/config"
	"attache/internal/daemon"
)

func (a *app) demo() *cobra.Command {
	var o daemon.Options
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run the daemon on an example calendar, apart from yours",
		Long: `Run the daemon on the calendar that comes with attache. Its files and its database lie in
a folder of their own, demo in the usual one of databases, so that nothing of it gets into
a calendar of yours. Edit the files and see what happens: they are yours to play with.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runDemo(cmd.Context(), o) },
	}
	c.Flags().StringVar(&o.Listen, "listen", "", "serve on this `ADDRESS`, host:port or unix:/path")
	return c
}

func (a *app) runDemo(ctx context.Context, o daemon.Options) error {
	usual, err := config.DataFolder("", "", a.Getenv)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(filepath.Join(usual, "demo"))
	if err != nil {
		return err
	}
	if err := writeDemo(folder); err != nil {
		return err
	}
	a.flags.config = filepath.Join(folder, "attache.yaml")
	a.printf("The files of the demo are in %s\n", folder)
	return a.runServe(ctx, o, logAuto)
}

// dataLine is the line of the shipped attache.yaml that would say where the database is.
var dataLine = regexp.MustCompile(`(?m)^# data: .*$`)

// writeDemo writes the example calendar into folder, with its database below it. What is
// there already stays.
func writeDemo(folder string) error {
	return fs.WalkDir(shipped.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(shipped.FS, name)
		if err != nil {
			return err
		}
		if name == "attache.yaml" {
			content = dataLine.ReplaceAllLiteral(content, []byte("data: "+strconv.Quote(filepath.Join(folder, "data"))))
		}
		if err := writeNew(filepath.Join(folder, name), content); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
}
