package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	shipped "attache/config"
)

//go:embed starter.yaml
var starter []byte

// starterFile is where the first dates stand in a new folder.
const starterFile = "events/dates.yaml"

// configFolder is where attache looks first.
const configFolder = "config"

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a folder to start from",
		Long: `Write attache.yaml, events/dates.yaml with a few examples, and the schemas for editors
into DIR. Without DIR they go into config, where attache looks first. Files that are there
already are left alone.`,
		Args: atMostOneArg,
		RunE: func(_ *cobra.Command, args []string) error {
			dir := configFolder
			if len(args) > 0 {
				dir = args[0]
			}
			return a.runInit(dir)
		},
	}
}

func (a *app) runInit(dir string) error {
	files, err := startingFiles()
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already: nothing was written", filepath.Join(dir, name))
		}
	}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := writeNew(path, files[name]); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		a.printf("wrote %s\n", path)
	}
	command := "attache"
	if dir != configFolder {
		command += " --config " + filepath.Join(dir, "attache.yaml")
	}
	a.printf("\nnow: edit %s, then\n  %s check\n  %[2]s serve\n", filepath.Join(dir, starterFile), command)
	return nil
}

// startingFiles returns what a new folder holds, by path. The example calendar that comes
// with attache stays behind: whoever starts has dates of their own.
func startingFiles() (map[string][]byte, error) {
	files := map[string][]byte{starterFile: starter}
	err := fs.WalkDir(shipped.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(name) != "." {
			return err
		}
		files[name], err = fs.ReadFile(shipped.FS, name)
		return err
	})
	return files, err
}

func writeNew(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
