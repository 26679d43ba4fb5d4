package daemon

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// patience is how long a file may take to be read. On a mount that is dead it takes for
// ever, and nothing can call a reading back that hangs there.
const patience = 10 * time.Second

// readings has at most one reading of each file under way, so that no more than one can
// hang there.
type readings struct {
	mu   sync.Mutex
	busy map[string]chan struct{} // by path; holds one while it is read
}

// of returns what is full while the file at path is read.
func (r *readings) of(path string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy == nil {
		r.busy = make(map[string]chan struct{})
	}
	if r.busy[path] == nil {
		r.busy[path] = make(chan struct{}, 1)
	}
	return r.busy[path]
}

// read returns what do reads of the file at path, and an error where that takes longer than
// patience, or where ctx ends. do may go on then.
func (r *readings) read(ctx context.Context, path string, do func() ([]byte, error)) (body []byte, err error) {
	busy, late := r.of(path), time.NewTimer(patience)
	defer late.Stop()
	select {
	case busy <- struct{}{}:
	case <-late.C:
		return nil, hangs(path)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	type result struct {
		body []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-busy }()
		body, err := do()
		done <- result{body, err}
	}()
	select {
	case got := <-done:
		return got.body, got.err
	case <-late.C:
		return nil, hangs(path)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func hangs(path string) error {
	return fmt.Errorf("read %s: it does not answer for %s: look at the disk or the mount", path, patience)
}

// await waits for what is to end, and for no longer than ctx allows: what hangs in the
// system is left behind then, and named in the log.
func (d *Daemon) await(ctx context.Context, what string, end func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		end()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		d.o.Log.Error("stopped without waiting any longer", "for", what)
	}
}
