package daemon

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// guard runs fn, logs a panic in it once, counts it, and returns it as an error: what one
// file, one answer or one person does must not end the daemon.
func (d *Daemon) guard(what string, fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.panics.Add(1)
			d.o.Log.Error("caught a panic", "in", what, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("%s failed: %v; this is a mistake in attache, and the log says more", what, p)
		}
	}()
	return fn()
}

// guarded is guard for what gives no error.
func (d *Daemon) guarded(what string, fn func()) {
	_ = d.guard(what, func() error { fn(); return nil }) // it was logged
}

// caught answers by h, and with an error of the server where h panics.
func (d *Daemon) caught(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		abort := false
		err := d.guard("a request", func() error {
			defer func() {
				if p := recover(); p == http.ErrAbortHandler {
					abort = true
				} else if p != nil {
					panic(p) // for guard, which logs it
				}
			}()
			h.ServeHTTP(w, r)
			return nil
		})
		switch {
		case abort:
			panic(http.ErrAbortHandler) // the answer is to be cut off
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}
