//go:build !linux

package control

import "net"

// peerOf knows nothing here: the mode of the socket and of its folder have to do.
func peerOf(net.Conn) (peer, bool) { return peer{}, false }
