package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"attache/internal/cluster"
	"attache/internal/lengthtest"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// What machines do to a log, and what came of it.
type (
	leads   struct{ epoch uint64 }
	appends struct {
		epoch, seq uint64
		value      string
	}
	outcome int // of an append
	reads   struct{}
)

const (
	written outcome = iota
	unknown
	turnedDown
)

// state is what a log has to be: who leads, how many entries there are, and what they are.
type state struct{ epoch, last, sum uint64 }

func (s state) with(value string) state {
	h := fnv.New64a()
	fmt.Fprint(h, s.sum, value)
	return state{s.epoch, s.last + 1, h.Sum64()}
}

// logModel is how a log has to behave, as package porcupine checks it: one machine leads at a time, only it
// adds, each number once, and what was added stays.
var logModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{state{}} },
	Step: func(was, did, came any) []any {
		s := was.(state)
		switch did := did.(type) {
		case leads:
			if did.epoch <= s.epoch {
				return nil
			}
			s.epoch = did.epoch
			return []any{s}
		case reads:
			if read := came.(state); read.last != s.last || read.sum != s.sum {
				return nil
			}
			return []any{s}
		case appends:
			fits := did.epoch == s.epoch && did.seq == s.last+1
			switch came.(outcome) {
			case turnedDown:
				return []any{s}
			case unknown:
				if fits {
					return []any{s, s.with(did.value)}
				}
				return []any{s}
			}
			if fits {
				return []any{s.with(did.value)}
			}
		}
		return nil
	},
}

// history is what machines did at the same time.
type history struct {
	mu    sync.Mutex
	start time.Time
	all   []porcupine.Operation
}

func (h *history) now() int64 { return int64(time.Since(h.start)) }

func (h *history) note(client int, began int64, did, came any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ended := h.now()
	if came == unknown {
		ended = math.MaxInt64 // it may still be on its way
	}
	h.all = append(h.all, porcupine.Operation{ClientId: client, Input: did, Call: began, Output: came, Return: ended})
}

// read notes all that a log has.
func (h *history) read(ctx context.Context, client int, l store.Log) (state, error) {
	began, s := h.now(), state{}
	err := l.Read(ctx, 1, func(_ uint64, e []byte) error { s = s.with(string(e)); return nil })
	if err == nil {
		h.note(client, began, reads{}, s)
	}
	return s, err
}

// machine leads and writes, again and again, until ctx ends.
func (h *history) machine(ctx context.Context, client int, l store.Log, progress *atomic.Int64) {
	for n := 0; ctx.Err() == nil; {
		began := h.now()
		term, err := l.Lead(ctx)
		if err != nil {
			continue
		}
		h.note(client, began, leads{term.Epoch()}, nil)
		s, err := h.read(ctx, client, l)
		for seq := s.last + 1; err == nil && ctx.Err() == nil; seq++ {
			n++
			value, began := fmt.Sprintf("%d-%d", client, n), h.now()
			err = term.Append(ctx, seq, []byte(value))
			came := written
			switch {
			case errors.Is(err, cluster.ErrUnsure):
				came = unknown
			case err != nil:
				came = turnedDown
			default:
				progress.Add(1)
			}
			h.note(client, began, appends{term.Epoch(), seq, value}, came)
			time.Sleep(10 * time.Millisecond) // else a history has more than can be checked
			if rand.IntN(200) == 0 {
				break
			}
		}
		_ = term.Resign(ctx) // the lead may be lost
	}
}

// site is three etcds, and machines that reach them through proxies of their own.
type site struct {
	nodes    []*node
	machines [3][]*proxy
	logs     [3]*cluster.Etcd
}

func newSite(t testing.TB) *site {
	s := &site{nodes: etcds(t, 3)}
	prefix := prefixes.Add(1)
	for i := range s.machines {
		var endpoints []string
		s.machines[i], endpoints = through(t, s.nodes)
		s.logs[i] = logAt(t, endpoints, fmt.Sprint("machine ", i), prefix, short)
	}
	return s
}

// turmoil has things go wrong, one after the other, and ends with all of it well.
func (s *site) turmoil(t testing.TB, progress *atomic.Int64) {
	t.Helper()
	waitFor(t, "they begin", func() bool { return progress.Load() > 5 })
	for round := range lengthtest.Of(3, 9) {
		who := s.leader(t)
		switch round % 3 {
		case 0: // the machine that leads is cut off beyond its lease
			cut(s.machines[who], true)
			time.Sleep(short + short/2)
			cut(s.machines[who], false)
		case 1: // the etcd that leads the others dies, and comes back
			n := s.first(t)
			n.kill()
			time.Sleep(short / 2)
			n.start(t)
		case 2: // answers are lost
			mute(s.machines[who], true)
			time.Sleep(short / 4)
			drop(s.machines[who])
		}
		time.Sleep(short / 3)
	}
}

// leader returns the number of the machine that leads, or led last as far as is known.
func (s *site) leader(t testing.TB) int {
	for _, l := range s.logs {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		name, err := l.Leader(ctx)
		stop()
		var n int
		if _, scanned := fmt.Sscanf(name, "machine %d", &n); err == nil && scanned == nil {
			return n
		}

	}
	return rand.IntN(len(s.logs))
}

// first returns the etcd that leads the others.
func (s *site) first(t testing.TB) *node {
	c := direct(t, s.nodes)
	for _, n := range s.nodes {
		r, err := c.Status(limited(t, 5*time.Second), n.url)
		if err == nil && r.Leader == r.Header.MemberId {
			return n
		}
	}
	return s.nodes[0]
}

// TestEtcd_HistoriesAreThoseOfOneLog runs three machines that all want to lead while etcds die, machines are
// cut off and answers are lost, and has what they saw checked against the model.
func TestEtcd_HistoriesAreThoseOfOneLog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, stop := context.WithCancel(t.Context())
	h := &history{start: time.Now()}
	var progress atomic.Int64
	var running sync.WaitGroup
	for i, l := range s.logs {
		running.Go(func() { h.machine(ctx, i, l, &progress) })
	}
	s.turmoil(t, &progress)
	at := progress.Load()
	waitFor(t, "they go on once all is well", func() bool { return progress.Load() > at+20 })
	stop()
	running.Wait()
	for i, l := range s.logs {
		if _, err := h.read(t.Context(), i, l); err != nil {
			t.Error(err)
		}
	}
	lead, unsure := 0, 0
	for _, o := range h.all {
		if _, ok := o.Input.(leads); ok {
			lead++
		}
		if o.Output == unknown {
			unsure++
		}
	}
	t.Logf("%d operations, %d terms, %d entries, %d answers unknown", len(h.all), lead, progress.Load(), unsure)
	if r := porcupine.CheckOperationsTimeout(logModel.ToModel(), h.all, time.Minute); r != porcupine.Ok {
		t.Errorf("the history is %s", r)
	}
}

// TestLogModel shows that the model finds what must not be.
func TestLogModel(t *testing.T) {
	t.Parallel()
	add := func(epoch, seq uint64, value string) appends { return appends{epoch, seq, value} }
	of := func(values ...string) (s state) {
		for _, v := range values {
			s = s.with(v)
		}
		return s
	}
	for _, c := range []struct {
		name string
		want bool
		did  []any // and what came of each
	}{
		{"all is well", true, []any{leads{1}, nil, add(1, 1, "a"), written, leads{2}, nil, add(1, 2, "b"), turnedDown, add(2, 2, "c"), written, reads{}, of("a", "c")}},
		{"unknown and there", true, []any{leads{1}, nil, add(1, 1, "a"), unknown, leads{2}, nil, add(2, 2, "b"), written, reads{}, of("a", "b")}},
		{"two leaders", false, []any{leads{1}, nil, leads{2}, nil, add(2, 1, "b"), written, add(1, 2, "a"), written}},
		{"one number twice", false, []any{leads{1}, nil, add(1, 1, "a"), written, leads{2}, nil, add(2, 1, "b"), written}},
		{"an older epoch", false, []any{leads{2}, nil, leads{1}, nil}},
		{"lost", false, []any{leads{1}, nil, add(1, 1, "a"), written, reads{}, of()}},
		{"refused and there", false, []any{leads{1}, nil, add(1, 1, "a"), turnedDown, reads{}, of("a")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &history{start: time.Now()}
			for i := 0; i < len(c.did); i += 2 {
				h.note(0, h.now(), c.did[i], c.did[i+1])
				time.Sleep(time.Microsecond)
			}
			if got := porcupine.CheckOperations(logModel.ToModel(), h.all); got != c.want {
				t.Errorf("it is taken for %v", got)
			}
		})
	}
}

// recorder is a machine with a database, which leads where it can, and follows else.
type recorder struct {
	path string
	log  store.Log
	name string

	acknowledged []string
}

// run records, again and again, until ctx ends.
func (r *recorder) run(ctx context.Context, t *testing.T, progress *atomic.Int64) {
	for n := 0; ctx.Err() == nil; {
		term, err := r.log.Lead(ctx)
		if err != nil {
			continue
		}
		db, err := store.Open(r.path, store.Options{Log: r.log, Term: term})
		for err == nil && ctx.Err() == nil {
			n++
			key := fmt.Sprintf("%s-%d", r.name, n)
			if err = db.Update(func(tx *store.Tx) error { return tx.PutMeta(key, key) }); err == nil {
				r.acknowledged = append(r.acknowledged, key)
				progress.Add(1)
			}
			if n%50 == 0 {
				_ = db.Keep(ctx) // it fails where etcd is away
			}
			time.Sleep(5 * time.Millisecond)
			if rand.IntN(200) == 0 {
				break
			}
		}
		if db != nil {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
		_ = term.Resign(ctx) // the lead may be lost
	}
}

// TestEtcd_NothingAcknowledgedIsLost runs three machines with databases through the same, and
// looks for all that an update said was recorded.
func TestEtcd_NothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, stop := context.WithCancel(t.Context())
	var progress atomic.Int64
	var running sync.WaitGroup
	var machines []*recorder
	for i, l := range s.logs {
		r := &recorder{path: filepath.Join(t.TempDir(), "attache.db"), log: l, name: fmt.Sprint("m", i)}
		machines = append(machines, r)
		running.Go(func() { r.run(ctx, t, &progress) })
	}
	s.turmoil(t, &progress)
	at := progress.Load()
	waitFor(t, "they go on once all is well", func() bool { return progress.Load() > at+20 })
	stop()
	running.Wait()
	for _, r := range machines {
		db, err := store.Follow(t.Context(), r.path, r.log, store.Options{})
		must(t, err)
		must(t, db.View(func(tx *store.Tx) error {
			for _, m := range machines {
				for _, key := range m.acknowledged {
					if got, err := tx.Meta(key); got != key || err != nil {
						t.Errorf("%s has lost %s: %q, %v", r.name, key, got, err)
					}
				}
			}
			return nil
		}))
		storetest.Check(t, db.DB)
		t.Logf("%s acknowledged %d", r.name, len(r.acknowledged))
	}
}
