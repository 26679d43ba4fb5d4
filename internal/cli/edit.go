package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/config"
)

func (a *app) edit() *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use:   "edit ID",
		Short: "Open an event in your editor",
		Long: `Open the file of an event in $VISUAL or $EDITOR, at its line. You edit a copy. It is checked when
you leave the editor, and only what can be read takes the place of the file; else the editor
opens again with what is wrong at the top.`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runEdit(cmd.Context(), args[0], f) },
	}
	c.Flags().BoolVar(&f.yes, "yes", false, "write without asking")
	return c
}

func (a *app) runEdit(ctx context.Context, id string, f changeFlags) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	d, err := c.Draft(id)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "attache-edit-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	draft := filepath.Join(folder, filepath.Base(d.File))
	if d, err = a.edited(ctx, c, d, draft); err != nil {
		return err
	}
	return a.write(ctx, f, d.After, nil)
}

// edited returns what a person makes of a file, once it can be read.
func (a *app) edited(ctx context.Context, c *config.Config, d config.Draft, draft string) (config.Draft, error) {
	line, text := d.Line, d.New
	var wrong config.Errors
	for {
		head := told(wrong)
		if err := os.WriteFile(draft, append(slices.Clone(head), text...), 0o600); err != nil {
			return d, err
		}
		if err := a.openEditor(ctx, draft, line+bytes.Count(head, []byte("\n"))); err != nil {
			return d, err
		}
		got, err := os.ReadFile(draft)
		if err != nil {
			return d, err
		}
		if text = bytes.TrimPrefix(got, head); bytes.Equal(text, d.Old) {
			return d, nil
		}
		d.New = text
		d.After, err = config.Load(c.File, config.Document{Name: d.File, Data: text})
		again := errors.As(err, &wrong) && a.Ask
		if !again {
			return d, err
		}
		line = max(wrong[0].Line, 1)
	}
}

// told returns comments for the top of a file that say what is wrong with it.
func told(wrong config.Errors) []byte {
	if len(wrong) == 0 {
		return nil
	}
	var b bytes.Buffer
	for _, e := range wrong {
		fmt.Fprintf(&b, "# line %d, column %d: %s\n", e.Line+len(wrong)+1, e.Column, e.Message)
	}
	b.WriteString("# Leave these lines where they are: they go by themselves.\n")
	return b.Bytes()
}

// openEditor waits until the person has left the editor.
func (a *app) openEditor(ctx context.Context, file string, line int) error {
	editor := cmp.Or(a.Getenv("VISUAL"), a.Getenv("EDITOR"), "vi")
	args := []string{"+" + strconv.Itoa(line), file}
	program, _, _ := strings.Cut(editor, " ")
	if name := filepath.Base(program); name == "code" || name == "codium" {
		args = []string{"-w", "-g", file + ":" + strconv.Itoa(line)}
	}
	// As git does: what stands in the variable is a command line.
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", editor + ` "$@"`, editor}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.Stdin, a.Stdout, a.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the editor %s: %w", editor, err)
	}
	return nil
}
