//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package store

import (
	"errors"
	"os"
	"syscall"
	"time"
)

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
