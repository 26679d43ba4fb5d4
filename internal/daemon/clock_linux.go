package daemon

import "golang.org/x/sys/unix"

// clockKept reports whether a time service keeps the clock right, and false for known where
// the kernel does not say.
func clockKept() (kept, known bool) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return false, false
	}
	return t.Status&unix.STA_UNSYNC == 0, true
}
