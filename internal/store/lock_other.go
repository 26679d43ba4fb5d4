//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import (
	"os"
	"time"
)

// flock does nothing where the system has no such lock: that of bbolt on the
// database itself is all there is then.
func flock(*os.File, bool, time.Duration) error { return nil }
