package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// takeLock makes the folder of the database at path and locks the file beside it, so
// that no other process makes, moves or writes the database until unlock. Readers
// share the lock and make nothing: where there is no lock file nobody ever wrote.
func takeLock(path string, o Options) (unlock func() error, err error) {
	how := os.O_RDWR | os.O_CREATE
	if o.ReadOnly {
		how = os.O_RDONLY
	} else if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		if _, hidden := os.Stat(filepath.Dir(path)); hidden != nil && errors.Is(err, fs.ErrExist) {
			err = hidden // a link there whose end is missing or may not be read
		}
		return nil, fmt.Errorf("make the data folder %s: %w", filepath.Dir(path), err)
	}
	f, err := os.OpenFile(path+lockEnding, how, fileMode)
	switch {
	case o.ReadOnly && errors.Is(err, fs.ErrNotExist):
		return func() error { return nil }, nil
	case err != nil:
		return nil, fmt.Errorf("lock the database in the data folder %s: %w", filepath.Dir(path), err)
	}
	if !o.ReadOnly {
		handOver(f.Name())
	}
	err = flock(f, o.ReadOnly, o.LockWait)
	if errors.Is(err, ErrLocked) {
		err = locked(path, f.Name())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// lockPause is how long to wait before a lock is tried again.
const lockPause = 20 * time.Millisecond

// flock takes the lock of f, shared with others or not, and waits for at most
// wait, then it returns ErrLocked. The lock ends with the file or the process, however that ends.
func flock(f *os.File, shared bool, wait time.Duration) error {
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		case wait <= 0:
			return ErrLocked
		}
		time.Sleep(min(lockPause, wait))
		wait -= lockPause
	}
}
