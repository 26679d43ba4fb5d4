package daemon

import (
	"fmt"
	"net"

	"github.com/coreos/go-systemd/v22/activation"
)

// Activated returns the address that the service manager holds for the daemon, nil where it
// holds none: connections to it wait while the daemon is started again. The descriptors
// are not passed on to programs that the daemon starts.
func Activated() (net.Listener, error) {
	list, err := activation.Listeners()
	if err != nil {
		return nil, fmt.Errorf("take the address over from the service manager: %w", err)
	}
	for _, l := range list {
		if l != nil {
			return l, nil
		}
	}
	return nil, nil
}
