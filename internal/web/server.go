package web

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server returns a server for h that gives up on clients that are slow to ask or
// slow to read, so that they cannot keep others from being answered.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
}

// Limit returns a listener that holds at most n connections of l at once; others
// wait to be accepted until one of them closes. With n below 1 there is no limit.
func Limit(l net.Listener, n int) net.Listener {
	if n < 1 {
		return l
	}
	return &limited{Listener: l, slots: make(chan struct{}, n), closed: make(chan struct{})}
}

type limited struct {
	net.Listener
	slots  chan struct{} // one for each connection that is open
	paused atomic.Bool
	closed chan struct{}
	once   sync.Once
}

// Accept waits for a free slot and then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		if l.paused.Load() {
			<-l.closed
			return nil, net.ErrClosed
		}
		return nil, err
	}
	return &counted{Conn: c, free: sync.OnceFunc(func() { <-l.slots })}, nil
}

// Close ends the listener and whoever waits in Accept.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// pause takes no more connections. They wait for whoever listens next where the service
// manager holds the address.
func (l *limited) pause() {
	l.paused.Store(true)
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		_ = d.SetDeadline(time.Unix(1, 0)) // who waits in Accept waits on, which is no worse
	}
}

// grace is how long Drain waits for those who were let in to be answered.
const grace = time.Second

// Drain lets those who are connected to s, which serves what Limit gave as l, be answered,
// and lets nobody else in. It is to come before s.Shutdown, which answers nothing to a
// request that arrives after it.
func Drain(ctx context.Context, s *http.Server, l net.Listener) {
	s.SetKeepAlivesEnabled(false)
	p, ok := l.(*limited)
	if !ok {
		return
	}
	p.pause()
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	for len(p.slots) > 0 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// counted is a connection that gives its slot back once, however often it is closed.
type counted struct {
	net.Conn
	free func()
}

func (c *counted) Close() error {
	defer c.free()
	return c.Conn.Close()
}
