package web

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
)

// pipes is a listener of connections in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return nil }

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{conns: make(chan net.Conn, 10), closed: make(chan struct{})}
		for range 4 {
			_, server := net.Pipe()
			p.conns <- server
		}
		l := Limit(p, 2)
		got := make(chan net.Conn, 10)
		ended := make(chan error, 1)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					ended <- err
					return
				}
				got <- c
			}
		}()
		synctest.Wait()
		if len(got) != 2 {
			t.Fatalf("%d connections at once, want 2", len(got))
		}
		first := <-got
		first.Close()
		first.Close() // gives its slot back once
		synctest.Wait()
		if len(got) != 2 {
			t.Errorf("%d connections after one closed, want 2", len(got))
		}
		l.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("after Close, Accept gives %v", err)
		}
	})
}

func TestLimit_None(t *testing.T) {
	p := &pipes{}
	if Limit(p, 0) != net.Listener(p) {
		t.Error("a listener without a limit is wrapped")
	}
}
