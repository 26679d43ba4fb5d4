package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Lost returns an error, which wraps ErrGone, where the file that is open does not lie at
// the path of the database any more: what is written to it then, nobody will ever see.
// Updates are refused with it; reading and copying go on, so that it can be saved.
func (db *DB) Lost() error {
	db.swap.RLock()
	defer db.swap.RUnlock()
	return db.lost()
}

func (db *DB) lost() error {
	if db.bolt.access == scratched {
		return nil
	}
	have, err := db.bolt.file.Stat()
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	what := "it was removed"
	switch there, err := os.Stat(db.path); {
	case err == nil && os.SameFile(have, there):
		return nil
	case err == nil:
		what = "another file was put in its place"
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
		return nil // nobody can tell now
	}
	return fmt.Errorf("%s: %w: %s while attache runs, so nothing is sent or recorded: run attache backup FILE now, stop attache, then run attache restore FILE",
		db.path, ErrGone, what)
}

// Mark leaves the name of the installation where the database was, in a folder that is made
// anew where it has to be: so the next start does not take itself for a first one, which
// would send again all that was sent.
func (db *DB) Mark() error {
	if err := os.MkdirAll(filepath.Dir(db.path), folderMode); err != nil {
		return fmt.Errorf("mark the database: %w", err)
	}
	return writeMark(db.path, db.install)
}

// Path returns where the database lies.
func (db *DB) Path() string { return db.path }
