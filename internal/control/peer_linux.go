package control

import (
	"net"
	"syscall"
)

// peerOf returns who is at the other end of a unix socket, and false where the kernel
// does not say.
func peerOf(c net.Conn) (p peer, known bool) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return p, false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return p, false
	}
	err = raw.Control(func(fd uintptr) {
		cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		if err == nil {
			p, known = peer{int(cred.Uid), int(cred.Gid)}, true
		}
	})
	return p, known && err == nil
}
