package cluster_test

import (
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy stands between a machine and an etcd, and holds back what goes through it.
type proxy struct {
	url string

	mu     sync.Mutex
	change *sync.Cond
	cut    bool // nothing goes through, in either direction
	mute   bool // what etcd answers does not
	drops  int  // how often all connections were dropped, with what is held
}

// between returns a proxy before n.
func between(t testing.TB, n *node) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{url: "http://" + l.Addr().String()}
	p.change = sync.NewCond(&p.mu)
	target := strings.TrimPrefix(n.url, "http://")
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", target)
			if err != nil {
				_ = from.Close() // as one that nobody listens at
				continue
			}
			p.mu.Lock()
			drops := p.drops
			p.mu.Unlock()
			go p.pass(to, from, drops, func() bool { return p.cut })
			go p.pass(from, to, drops, func() bool { return p.cut || p.mute })
		}
	}()
	t.Cleanup(func() {
		p.set(func() { p.drops++ })
		_ = l.Close() // the test is over
	})
	return p
}

// pass copies what comes, while it is not held, until connections are dropped.
func (p *proxy) pass(to, from net.Conn, drops int, held func() bool) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		p.mu.Lock()
		for held() && p.drops == drops {
			p.change.Wait()
		}
		dropped := p.drops != drops
		p.mu.Unlock()
		if dropped {
			return
		}
		if n > 0 {
			if _, failed := to.Write(b[:n]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.change.Broadcast()
}

// through returns proxies before all nodes, and where they are reached.
func through(t testing.TB, nodes []*node) (all []*proxy, endpoints []string) {
	for _, n := range nodes {
		p := between(t, n)
		all, endpoints = append(all, p), append(endpoints, p.url)
	}
	return all, endpoints
}

// cut holds all that goes through, or lets it go on.
func cut(all []*proxy, held bool) {
	for _, p := range all {
		p.set(func() { p.cut = held })
	}
}

// mute holds what is answered, or lets it go on.
func mute(all []*proxy, held bool) {
	for _, p := range all {
		p.set(func() { p.mute = held })
	}
}

// drop ends all connections. What was held is lost, what comes after is not held.
func drop(all []*proxy) {
	for _, p := range all {
		p.set(func() { p.drops++; p.cut, p.mute = false, false })
	}
}
