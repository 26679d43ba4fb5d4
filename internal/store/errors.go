package store

import (
	"errors"
	"fmt"
)

// ErrLocked says that another attache has the database open. The error that
// wraps it names the lock file. The exit code is 75.
var ErrLocked = errors.New("another attache has it open")

// locked reports that the database at path can't be had since file is locked.
func locked(path, file string) error {
	return fmt.Errorf("%s is locked: %w (the lock is on %s)", path, ErrLocked, file)
}

// ErrClosed says that the store was closed before it was used.
var ErrClosed = errors.New("the store is closed")

// ErrGone says that there is no database where one once was. The error that
// wraps it names it and says what to do.
var ErrGone = errors.New("the database is gone")

// errReadOnly says that something was to be written where nothing may be.
var errReadOnly = errors.New("opened for reading only")

// DamagedError says that the database, or a record in it, is not what was
// written. The file is left as it was found. The exit code is 65.
type DamagedError struct {
	Path string // the file
	What string // what is wrong with what, for people
	Err  error  // the cause, or nil
}

// Error returns in one line what is damaged and what to do about it.
func (e *DamagedError) Error() string {
	s := e.Path + " is damaged: " + e.What
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s + "; the file was kept as it is: restore a backup, or start anew with --fresh, which puts it aside"
}

// Unwrap returns the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// NewerError says that a later version of attache wrote the database. Nothing
// was changed.
type NewerError struct {
	Path  string
	Found int // the schema of the database
	Known int // the newest schema that this version reads
}

// Error returns in one line which versions meet.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%s was written by a newer attache (schema %d, this one knows up to %d): use that one, or restore an older backup",
		e.Path, e.Found, e.Known)
}
