package access

import (
	"net/http"
	"sync"
	"time"
)

// Whoever tries wrong links is answered the slower the more they try. A secret has 128 bits, so
// that this spares the machine, not the secret.
const (
	freeWrong   = 10              // wrong links of a peer in a minute that cost nothing
	slow        = time.Second     // what each more costs
	mostWaiting = 16              // who wait at a time: more are answered at once, so that waiting takes up no room
	mostPeers   = 10_000          // that are counted at a time
	countedFor  = 1 * time.Minute // how long
)

// wrong counts wrong links by peer.
type wrong struct {
	mu    sync.Mutex
	since time.Time
	peers map[string]int
	limit chan struct{} // holds one for each that waits
}

// add counts a wrong link of a peer, and returns how many it tried lately.
func (x *wrong) add(peer string, now time.Time) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	if now.Sub(x.since).Abs() > countedFor || len(x.peers) >= mostPeers {
		x.since, x.peers = now, make(map[string]int)
	}
	x.peers[peer]++
	return x.peers[peer]
}

// Slow counts a wrong secret, and waits where its peer tried many.
func (g *Guard) Slow(r *http.Request) {
	if g.wrong.add(Peer(r), g.Now()) <= freeWrong {
		return
	}
	select {
	case g.wrong.limit <- struct{}{}:
	default:
		return
	}
	defer func() { <-g.wrong.limit }()
	select {
	case <-time.After(slow):
	case <-r.Context().Done():
	}
}

// refuse answers that there is nothing at an address, whatever is wrong with it.
func (g *Guard) refuse(w http.ResponseWriter, r *http.Request) {
	g.Slow(r)
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "There is nothing at this address.", http.StatusNotFound)
}
