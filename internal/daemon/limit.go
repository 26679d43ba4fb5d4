package daemon

import "syscall"

// maxConnections is how many connections the pages take at once.
const maxConnections = 512

// ownDescriptors is how many descriptors are kept for the database, files, Slack and the
// control socket: whoever holds connections must not keep alerts from leaving.
const ownDescriptors = 40

// connections returns how many connections the pages take, by how many descriptors the
// system lets the process have.
func connections() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return maxConnections
	}
	if limit.Cur >= maxConnections+ownDescriptors {
		return maxConnections
	}
	return max(int(limit.Cur)-ownDescriptors, 8)
}
