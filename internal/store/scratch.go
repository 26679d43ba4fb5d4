package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Scratch opens a private copy of the database at path, to try out what is not to be
// kept: whatever is written to it is gone once it is closed. Where there is no database it
// is an empty one, of the installation that had one there. The copy is as sound
// and as new as what Open returns, and so are the errors: ErrLocked where an attache has
// the database open, a *DamagedError or *NewerError where it can't be used.
func Scratch(path string) (*DB, error) {
	unlock, err := takeLock(path, Options{ReadOnly: true, LockWait: lockWait})
	if err != nil {
		return nil, err
	}
	db, err := scratch(path)
	if errors.Is(err, fs.ErrNotExist) {
		db, err = Temporary(readMark(path))
	}
	return db, errors.Join(err, unlock())
}

// Temporary makes an empty database of the installation called install, "" makes up a name:
// whatever is written to it is gone once it is closed.
func Temporary(install string) (*DB, error) {
	f, err := nameless("")
	if err != nil {
		return nil, fmt.Errorf("make a temporary database: %w", err)
	}
	defer f.Close()
	e, err := openFile(f.Name(), scratched, lockWait, again(f))
	if err != nil {
		return nil, err
	}
	db, err := newDB(e, Options{Install: install})
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return db, nil
}

// ScratchOf is Scratch of what from gives, a database with the sum.
func ScratchOf(from io.Reader, sum string) (*DB, error) {
	db, err := private(func(f *os.File) error {
		_, err := io.Copy(f, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	got, err := db.Sum()
	if err == nil && got != sum {
		err = errors.New("the copy does not hold what was copied")
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// scratch copies the file at path, which nobody writes, and opens the copy.
func scratch(path string) (*DB, error) {
	db, err := private(func(f *os.File) error {
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(f, in)
		return err
	})
	if err != nil {
		return nil, named(err, path)
	}
	db.path = path // people are told of that one
	return db, nil
}

// private opens a file without a name, once fill has written a database into it.
func private(fill func(*os.File) error) (*DB, error) {
	f, err := nameless("")
	if err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	defer f.Close()
	if err := fill(f); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	if err := inspectFile(f.Name(), f); err != nil {
		return nil, err
	}
	e, err := openFile(f.Name(), scratched, lockWait, again(f))
	if err != nil {
		return nil, err
	}
	return brought(e, func(*DB) error { return nil })
}

// nameless makes a file in folder, "" is that for temporary files, and takes its name away
// at once: so it is gone when it is closed, however the process ends.
func nameless(folder string) (*os.File, error) {
	f, err := os.CreateTemp(folder, "attache-*.db") // of mode 0600
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// named makes an error about a copy one about the database at path.
func named(err error, path string) error {
	var damaged *DamagedError
	var newer *NewerError
	switch {
	case errors.As(err, &damaged):
		return &DamagedError{Path: path, What: damaged.What, Err: damaged.Err}
	case errors.As(err, &newer):
		return &NewerError{Path: path, Found: newer.Found, Known: newer.Known}
	}
	return err
}
