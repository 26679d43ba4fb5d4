package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"attache/internal/config"
	"attache/internal/draft"
	"attache/internal/event"
)

// acceptAll walks through the candidates of a draft with the person at the terminal, and
// writes those that they accept by the rules of every change of a file.
func (a *app) acceptAll(ctx context.Context, o drafting, source event.Source, got draft.Draft) error {
	path, err := a.path()
	if err != nil {
		return err
	}
	var left []string
	for n, e := range got.Candidates {
		c, err := config.Load(path) // with what was accepted before
		if err != nil {
			return err
		}
		fmt.Fprintf(a.Stderr, "\n%d of %d, %s: %s\n", n+1, len(got.Candidates), e.At, e.Title)
		later, err := a.acceptOne(ctx, c, o.to, source, e)
		if err != nil {
			return err
		}
		if later {
			left = append(left, e.Title)
		}
	}
	if len(left) > 0 {
		fmt.Fprintf(a.Stderr, "left for later: %s\n", strings.Join(left, "; "))
	}
	return nil
}

// acceptOne asks about one candidate, and reports whether it is left for later.
func (a *app) acceptOne(ctx context.Context, c *config.Config, to string, source event.Source, e draft.Candidate) (later bool, err error) {
	ch := config.DraftChange(source, e)
	after, err := c, error(nil)
	if e.Perhaps != "" {
		fmt.Fprintf(a.Stderr, "it may be %s, to which its date is added\n", e.Perhaps)
		after, err = c.Changed(ch)
	} else {
		after, err = c.Added(to, ch)
	}
	if err != nil {
		a.warn(fmt.Sprintf("it can't be written: %v", err))
		return true, nil
	}
	drafts, err := after.Drafts()
	if err != nil {
		return true, err
	}
	d := drafts[len(drafts)-1] // all of it is in one file
	if e.Unsure != "" {
		fmt.Fprintf(a.Stderr, "it is not clear where it looks: %s\n", e.Unsure)
	}
	a.printChange(d)
	for {
		switch answer := strings.ToLower(a.answer("Write this to " + d.File + "? [y]es, [n]o, [e]dit first, [s]kip for now ")); {
		case strings.HasPrefix(answer, "y"):
			return false, a.keep(d)
		case strings.HasPrefix(answer, "n"):
			return false, nil
		case strings.HasPrefix(answer, "e"):
			d.Line = 1 + bytes.Count(d.New[:max(0, bytes.Index(d.New, []byte("id: "+ch.ID)))], []byte("\n"))
			return false, a.editDrafted(ctx, c, d)
		case answer == "", strings.HasPrefix(answer, "s"):
			return true, nil
		}
	}
}

// editDrafted opens the file as it would be in the editor, and writes what the person makes of it.
func (a *app) editDrafted(ctx context.Context, c *config.Config, d config.Draft) error {
	folder, err := os.MkdirTemp("", "attache-draft-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if d, err = a.edited(ctx, c, d, filepath.Join(folder, filepath.Base(d.File))); err != nil {
		return err
	}
	return a.keep(d)
}
