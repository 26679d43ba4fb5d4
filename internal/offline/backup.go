package offline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"attache/internal/control"
	"attache/internal/store"
)

// Backup writes a copy of the database in folder to the file to, from the running
// daemon where there is one. The copy is opened, checked and compared before it is given
// its name. If to is a folder, the copy gets a name from now in it; keep, unless it is 0,
// is how many such copies stay. It returns the path of the copy.
func Backup(ctx context.Context, folder, to string, keep int, now time.Time) (string, error) {
	into := ""
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		into, to = to, filepath.Join(to, copyName(now))
	}
	if err := backUp(ctx, folder, to); err != nil {
		return "", err
	}
	if into == "" || keep == 0 {
		return to, nil
	}
	return to, prune(into, keep)
}

func backUp(ctx context.Context, folder, to string) error {
	c, err := control.NewClient(control.Path(folder)).Backup(ctx)
	if err == nil {
		defer c.Content.Close()
		return store.Save(to, c.Content, c.Sum)
	}
	if !errors.Is(err, control.ErrNoDaemon) {
		return err
	}
	db, err := store.Open(store.Path(folder), store.Options{ReadOnly: true})
	if err != nil {
		return silent(err)
	}
	defer db.Close()
	return store.SaveCopy(to, db)
}

// The names of copies in a folder: attache-20260216T090000Z.db.
const (
	copyStart  = "attache-"
	copyEnd    = ".db"
	copyLayout = "20060102T150405Z"
)

func copyName(now time.Time) string { return copyStart + now.UTC().Format(copyLayout) + copyEnd }

// prune removes all but the newest keep copies from a folder. What has another name
// stays.
func prune(folder string, keep int) error {
	all, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("remove old copies: %w", err)
	}
	var copies []string
	for _, e := range all {
		at, ok := strings.CutPrefix(e.Name(), copyStart)
		at, ends := strings.CutSuffix(at, copyEnd)
		if _, err := time.Parse(copyLayout, at); ok && ends && err == nil {
			copies = append(copies, e.Name())
		}
	}
	slices.Sort(copies)
	for _, name := range copies[:max(0, len(copies)-keep)] {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("remove old copies: %w", err)
		}
	}
	return nil
}

// Restore puts the backup from in the place of the database in folder, which is kept
// beside it. It is refused with store.ErrLocked while a daemon runs.
func Restore(folder, from string, now func() time.Time) (store.Restored, error) {
	return store.Restore(store.Path(folder), from, store.Options{Now: now})
}

// Compact returns the room that the database file in folder no longer needs back to the
// disk, by the running daemon where there is one.
func Compact(ctx context.Context, folder string) (store.Sizes, error) {
	s, err := control.NewClient(control.Path(folder)).Compact(ctx)
	if !errors.Is(err, control.ErrNoDaemon) {
		return store.Sizes(s), err
	}
	if _, err := os.Stat(store.Path(folder)); err != nil {
		return store.Sizes{}, fmt.Errorf("compact: %w", err)
	}
	db, err := store.Open(store.Path(folder), store.Options{})
	if err != nil {
		return store.Sizes{}, silent(err)
	}
	sizes, err := db.Compact()
	return sizes, errors.Join(err, db.Close())
}
