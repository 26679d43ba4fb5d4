package control

import (
	"net"
	"os"
	"testing"
)

func TestListen_Peer(t *testing.T) {
	path := Path(t.TempDir())
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	other, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if p, known := peerOf(other); !known || p.uid != os.Geteuid() || p.gid != os.Getegid() {
		t.Errorf("%+v, %v", p, known)
	}
}

func TestListen_WhoMay(t *testing.T) {
	const uid, gid = 54321, 54322
	for p, want := range map[peer]bool{
		{0, 0}: true, {uid, 1}: true, {65000, gid}: true, {65000, 65000}: false, {uid + 1, 0}: false,
	} {
		if got := p.allowed(uid, gid); got != want {
			t.Errorf("%+v: %v", p, got)
		}
	}
}
