package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockWait is how long to wait for another attache to let go of the database.
const lockWait = time.Second

// checkTime is how long the pages of a file may take to be checked: damage can send
// a walk anywhere.
const checkTime = 15 * time.Second

// Open opens the database at path, and makes one where there never was any. The
// error wraps ErrLocked where another attache has it and ErrGone where it is
// missing, and is a *DamagedError or *NewerError where it can't be used.
func Open(path string, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockWait == 0 {
		o.LockWait = lockWait
	}
	if !o.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	if err := prepare(path, &o); err != nil {
		return nil, err
	}
	e, err := openBolt(path, o.ReadOnly, o.LockWait)
	if err != nil {
		return nil, named(path, err)
	}
	db, err := newDB(e, path, Options{ReadOnly: true})
	if err == nil && !o.ReadOnly {
		err = writeMark(path, db.install)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return db, nil
}

// prepare sees to it that a sound database lies at path.
func prepare(path string, o *Options) error {
	_, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return fmt.Errorf("look for the database: %w", err)
	}
	mark, err := readMark(path)
	if err != nil {
		return err
	}
	if o.Install == "" {
		o.Install = mark // whoever starts anew stays who they were to Slack and to calendars
	}
	switch {
	case missing && mark != "" && !o.Fresh:
		return fmt.Errorf("%s: %w: restore a backup, or start anew with --fresh, which may repeat what was sent already", path, ErrGone)
	case missing && o.ReadOnly:
		return fmt.Errorf("open the database: %w", err)
	case missing:
		return create(path, *o)
	case o.Fresh:
		if err := putAside(path, *o); err != nil {
			return err
		}
		return create(path, *o)
	}
	return inspect(path, *o)
}

// create makes an empty database at path. It is whole before it bears the name.
func create(path string, o Options) error {
	draft := path + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make the database: %w", err)
	}
	e, err := openBolt(draft, false, o.LockWait)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	_, err = newDB(e, draft, o)
	if err := errors.Join(err, e.Close()); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make the database durable: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// putAside gives the database at path another name, unless somebody has it.
func putAside(path string, o Options) error {
	f, err := lock(path, o)
	if err != nil {
		return err
	}
	defer f.Close()
	aside := path + ".old-" + o.Now().UTC().Format("20060102T150405")
	if err := os.Rename(path, aside); err != nil {
		return fmt.Errorf("put the database aside: %w", err)
	}
	return nil
}

// inspect checks the pages of the file at path while nobody writes them.
func inspect(path string, o Options) error {
	f, err := lock(path, o)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("look at the database: %w", err)
	case !info.Mode().IsRegular():
		return &DamagedError{Path: path, What: "it is not a file"}
	case info.Size() == 0:
		return &DamagedError{Path: path, What: "it is empty"}
	}
	done := make(chan error, 1)
	go func() { done <- guarded(path, func() error { return checkPages(f, info.Size()) }) }()
	select {
	case err = <-done:
	case <-time.After(checkTime):
		err = fmt.Errorf("its pages could not be checked in %s", checkTime)
	}
	if err != nil {
		return &DamagedError{Path: path, What: "its pages", Err: err}
	}
	return nil
}

// lock opens the file at path with the lock that bbolt uses, which ends when the
// file is closed.
func lock(path string, o Options) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	how := unix.LOCK_EX
	if o.ReadOnly {
		f, err = os.Open(path)
		how = unix.LOCK_SH
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	for end := time.Now().Add(o.LockWait); ; time.Sleep(lockRetry) {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
		case time.Now().After(end):
			return nil, errors.Join(locked(path), f.Close())
		}
	}
}

// lockRetry is the pause between two attempts to take the lock.
const lockRetry = 20 * time.Millisecond

// named makes the error of a file that can't be opened say which it is.
func named(path string, err error) error {
	var damaged *DamagedError
	if errors.Is(err, ErrLocked) || errors.As(err, &damaged) {
		return err
	}
	return fmt.Errorf("open the database %s: %w", path, err)
}

// markName is the name of the file beside the database that says that there is one.
func markName(path string) string { return path + ".id" }

// readMark gives the name of the installation that the mark beside path holds, ""
// where there is no mark.
func readMark(path string) (string, error) {
	b, err := os.ReadFile(markName(path))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the mark of the database: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// writeMark puts the mark beside path, if it is not there.
func writeMark(path, install string) error {
	if have, err := readMark(path); err != nil || have == install {
		return err
	}
	if err := os.WriteFile(markName(path), []byte(install+"\n"), fileMode); err != nil {
		return fmt.Errorf("write the mark of the database: %w", err)
	}
	return nil
}
