package control

import (
	"net"
	"os"
	"os/user"
	"slices"
	"strconv"
)

// socketMode lets the owner of the socket and its group connect.
const socketMode = 0o660

// local is the listener of the socket. It lets in whom the daemon's own credentials
// allow, whatever the mode of the socket and of its folder has come to be: root, the
// user that the daemon runs as, and the members of its group.
type local struct{ net.Listener }

// Accept waits for the next connection of one who is allowed in.
func (l local) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if p, known := peerOf(c); known && !p.allowed(os.Geteuid(), os.Getegid()) {
			_ = c.Close() // nothing was said yet
			continue
		}
		return c, nil
	}
}

// peer is who is at the other end, as the kernel knows it.
type peer struct{ uid, gid int }

// allowed reports whether p may administer a daemon with this user and group.
func (p peer) allowed(uid, gid int) bool {
	return p.uid == 0 || p.uid == uid || p.gid == gid || slices.Contains(p.groups(), strconv.Itoa(gid))
}

// groups returns the groups that the user is a member of besides.
func (p peer) groups() []string {
	u, err := user.LookupId(strconv.Itoa(p.uid))
	if err != nil {
		return nil
	}
	ids, err := u.GroupIds()
	if err != nil {
		return nil
	}
	return ids
}
