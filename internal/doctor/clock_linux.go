package doctor

import "syscall"

// clockKept reports whether a time service keeps the clock right, and false for known where
// the kernel does not say.
func clockKept() (kept, known bool) {
	const unsynchronised = 0x40 // STA_UNSYNC of adjtimex(2)
	var t syscall.Timex
	if _, err := syscall.Adjtimex(&t); err != nil {
		return false, false
	}
	return t.Status&unsynchronised == 0, true
}
