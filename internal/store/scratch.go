package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Scratch opens a private copy of the database at path, to try out what is not to be
// kept: whatever is written to it is gone once it is closed. Where there is no database it
// is an empty one in memory, of the installation that had one there. The copy is as sound
// and as new as what Open returns, and so are the errors: ErrLocked where an attache has
// the database open, a *DamagedError or *NewerError where it can't be used.
func Scratch(path string) (*DB, error) {
	unlock, err := takeLock(path, Options{ReadOnly: true, LockWait: lockWait})
	if err != nil {
		return nil, err
	}
	db, err := scratch(path)
	if errors.Is(err, fs.ErrNotExist) {
		db, err = New(Memory(), Options{Install: readMark(path)})
	}
	return db, errors.Join(err, unlock())
}

// scratch copies the file at path, which nobody writes, and opens the copy.
func scratch(path string) (*DB, error) {
	draft, err := copyAside(path)
	if err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	err = inspect(draft)
	var db *DB
	if err == nil {
		db, err = openWriting(draft, scratched, func(*DB) error { return nil })
	}
	if err != nil {
		return nil, errors.Join(named(err, path), drop(draft))
	}
	db.unlock = func() error { return drop(draft) }
	return db, nil
}

// copyAside copies the file at path into one for temporary files and returns its name.
func copyAside(path string) (draft string, err error) {
	f, err := os.CreateTemp("", "attache-*.db") // of mode 0600
	if err != nil {
		return "", err
	}
	if err := errors.Join(f.Close(), copyFile(f.Name(), path)); err != nil {
		return "", errors.Join(err, drop(f.Name()))
	}
	return f.Name(), nil
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
