package slacktest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// handler returns the workspace as a handler; the Web API stands below /api/.
func (s *Server) handler() http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, linkPath) {
			s.link(out, r)
			return
		}
		w, err := s.serve(r.Context(), r)
		if err != nil || w.kind == dropped {
			panic(http.ErrAbortHandler) // how a handler drops the connection
		}
		if w.kind == reset {
			resetConn(out)
			panic(http.ErrAbortHandler) // the connection is gone
		}
		send(out, w)
	})
}

// send writes an answer, the first half of it when it is cut.
func send(out http.ResponseWriter, w wire) {
	for name, values := range w.header {
		out.Header()[name] = values
	}
	out.Header().Set("Content-Length", strconv.Itoa(len(w.body)))
	out.WriteHeader(w.status)
	if w.kind != cut {
		io.WriteString(out, w.body)
		return
	}
	io.WriteString(out, w.body[:len(w.body)/2])
	http.NewResponseController(out).Flush()
	panic(http.ErrAbortHandler) // else the server would add the half that is missing
}

// resetConn ends the connection with a reset where it can.
func resetConn(out http.ResponseWriter) {
	conn, _, err := http.NewResponseController(out).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// RoundTripper returns a transport that answers in process, for the Transport
// of an [http.Client]. It keeps to the request's deadline, reports how far
// the request got to an [httptrace.ClientTrace], and fails with the errors that
// a real connection gives: a refused dial when unplugged, EOF, a reset, an
// unexpected EOF within the body.
func (s *Server) RoundTripper() http.RoundTripper { return inProcess{s} }

type inProcess struct{ server *Server }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := t.connect(r.Context()); err != nil {
		return nil, err
	}
	w, err := t.server.serve(r.Context(), r.Clone(r.Context()))
	switch {
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case errors.Is(err, errClosed):
		return nil, io.EOF
	case err != nil:
		return nil, err
	case w.kind == dropped:
		return nil, io.EOF
	case w.kind == reset:
		return nil, opError("read", "read", syscall.ECONNRESET)
	}
	return response(r, w), nil
}

// connect is everything up to the last byte of the request.
func (t inProcess) connect(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.server.mu.Lock()
	up := t.server.plugged && !t.server.closed
	t.server.mu.Unlock()
	if !up {
		return opError("dial", "connect", syscall.ECONNREFUSED)
	}
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil {
		return nil
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	return nil
}

func opError(op, call string, errno syscall.Errno) error {
	return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(call, errno)}
}

func response(r *http.Request, w wire) *http.Response {
	var content io.Reader = strings.NewReader(w.body)
	if w.kind == cut {
		content = io.MultiReader(strings.NewReader(w.body[:len(w.body)/2]), broken{})
	}
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.header,
		Body:          io.NopCloser(content),
		ContentLength: int64(len(w.body)),
		Request:       r,
	}
}

// broken is the end of a connection in the middle of a body.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
