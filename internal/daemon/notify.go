package daemon

import (
	"fmt"

	systemd "github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"
)

// Notify tells the service manager a state such as READY=1, and does nothing
// where there is none.
func Notify(state string) { _, _ = systemd.SdNotify(false, state) } // nobody is left to tell of a failure

// reloadingState is what the service manager wants to hear before a reload, with
// the instant on the monotonic clock in microseconds.
func reloadingState() string {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return systemd.SdNotifyReloading
	}
	return fmt.Sprintf("%s\nMONOTONIC_USEC=%d", systemd.SdNotifyReloading, ts.Nano()/1000)
}
