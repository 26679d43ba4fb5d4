package daemon

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

// Backup returns a copy of the database as it is at one instant. It lies, without a name,
// in the data folder until it is closed: who asks may be slow to read, and nobody who
// writes is to wait for that.
func (d *Daemon) Backup(context.Context) (control.Copy, error) {
	f, err := os.CreateTemp(d.folder, databaseName+".backup.*.new")
	if err != nil {
		return control.Copy{}, fmt.Errorf("back up: %w", err)
	}
	sum, err := d.db.Copy(f.Name())
	if err != nil {
		return control.Copy{}, errors.Join(fmt.Errorf("back up: %w", err), f.Close())
	}
	info, err := f.Stat()
	if err = errors.Join(err, os.Remove(f.Name())); err != nil {
		return control.Copy{}, errors.Join(fmt.Errorf("back up: %w", err), f.Close())
	}
	d.o.Log.Info("backed up", "bytes", info.Size(), "sum", sum)
	return control.Copy{Content: f, Size: info.Size(), Sum: sum}, nil
}

// A database is compacted at the start where it is large and most of it is free: a file
// of bbolt never shrinks by itself, and while it runs people decide.
const (
	largeFile = 64 << 20
	freeShare = 2 // of that many parts one is free
)

// shrink compacts the database where that is worth it.
func (d *Daemon) shrink() {
	if file, free := d.db.Size(); file > largeFile && free > file/freeShare {
		_, _ = d.Compact(context.Background()) // it has told of its error, and goes on without
	}
}

// Compact returns the room that the database file no longer needs back to the disk.
func (d *Daemon) Compact(context.Context) (control.Sizes, error) {
	s, err := d.db.Compact()
	if err != nil {
		d.o.Log.Error("compact the database", "err", err)
		return control.Sizes{}, err
	}
	d.o.Log.Info("compacted the database", "before", s.Before, "after", s.After)
	return control.Sizes(s), nil
}

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
	db, err := store.Open(Database(folder), store.Options{ReadOnly: true})
	if err != nil {
		return silent(err)
	}
	defer db.Close()
	return store.SaveCopy(to, db)
}

// silent says of a locked database that its daemon does not answer.
func silent(err error) error {
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("the daemon has the database and does not answer: %w", err)
	}
	return err
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
	return store.Restore(Database(folder), from, store.Options{Now: now})
}

// Compact returns the room that the database file in folder no longer needs back to the
// disk, by the running daemon where there is one.
func Compact(ctx context.Context, folder string) (store.Sizes, error) {
	s, err := control.NewClient(control.Path(folder)).Compact(ctx)
	if !errors.Is(err, control.ErrNoDaemon) {
		return store.Sizes(s), err
	}
	if _, err := os.Stat(Database(folder)); err != nil {
		return store.Sizes{}, fmt.Errorf("compact: %w", err)
	}
	db, err := store.Open(Database(folder), store.Options{})
	if err != nil {
		return store.Sizes{}, silent(err)
	}
	sizes, err := db.Compact()
	return sizes, errors.Join(err, db.Close())
}

// NextDue returns when something is due next, UTC, and false where nothing is.
func (d *Daemon) NextDue() (time.Time, bool, error) { return d.db.Next() }
