package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"attache/internal/store"
)

// Machines are logs of machines that share what is kept: each that Open makes is of one more.
type Machines struct {
	Open    func(t *testing.T) store.Log
	Promote func(store.Log) error // what a person does so that a machine leads; nil where one that resigns is enough
}

// Log has logs keep the contract of [store.Log]. empty returns machines with a log that is empty.
func Log(t *testing.T, empty func(t *testing.T) Machines) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Machines)
	}{
		{"an empty one has nothing", emptyLog},
		{"entries are read as they were written", readsBack},
		{"a number is taken once", takenOnce},
		{"who does not lead any more adds nothing", deposed},
		{"who waits leads after the one that resigned", waitsToLead},
		{"a snapshot cuts what it holds", cutBySnapshot},
		{"who waits is told of what is new", waitsForNew},
		{"a reading ends with its function", readingEnds},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, empty(t)) })
	}
}

func (m Machines) next(t *testing.T, log store.Log) store.Term {
	t.Helper()
	if m.Promote != nil {
		must(t, m.Promote(log))
	}
	term, err := log.Lead(t.Context())
	must(t, err)
	t.Cleanup(func() { _ = term.Resign(context.Background()) }) // the test may have done so
	return term
}

// noise returns n bytes that can't be compressed.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b) // it never fails
	return b
}

// entriesFrom returns the entries of log from a number on, named by number, length and sum.
func entriesFrom(t *testing.T, log store.Log, from uint64) (out []string) {
	t.Helper()
	must(t, log.Read(t.Context(), from, func(seq uint64, e []byte) error {
		out = append(out, named(seq, e))
		return nil
	}))
	return out
}

func named(seq uint64, e []byte) string {
	return fmt.Sprintf("%d: %d bytes %.20x…%x", seq, len(e), e, e[max(0, len(e)-20):])
}

func emptyLog(t *testing.T, m Machines) {
	log := m.Open(t)
	if got := entriesFrom(t, log, 1); got != nil {
		t.Errorf("it has %v", got)
	}
	if seq, body, err := log.Snapshot(t.Context()); seq != 0 || body != nil || err != nil {
		t.Errorf("Snapshot = %d, %v, %v", seq, body, err)
	}
}

func readsBack(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	term := m.next(t, a)
	var want []string
	for i, e := range [][]byte{[]byte("one"), {}, noise(1 << 10), noise(1<<20 + 7), noise(3 << 20), []byte("six")} {
		seq := uint64(i + 1)
		must(t, term.Append(t.Context(), seq, e))
		want = append(want, named(seq, e))
	}
	for from := range want {
		for _, log := range []store.Log{a, b} {
			if got := entriesFrom(t, log, uint64(from+1)); fmt.Sprint(got) != fmt.Sprint(want[from:]) {
				t.Errorf("from %d it has %v, want %v", from+1, got, want[from:])
			}
		}
	}
	if got := entriesFrom(t, b, 99); got != nil {
		t.Errorf("from 99 it has %v", got)
	}
	if size, err := b.Size(t.Context()); err != nil || size < 4<<20 {
		t.Errorf("Size = %d, %v", size, err)
	}
}

func takenOnce(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	term := m.next(t, a)
	must(t, term.Append(t.Context(), 1, []byte("first")))
	if err := term.Append(t.Context(), 1, []byte("second")); !errors.Is(err, store.ErrDeposed) {
		t.Errorf("Append of a number that is taken = %v", err)
	}
	if got := entriesFrom(t, b, 1); fmt.Sprint(got) != fmt.Sprint([]string{named(1, []byte("first"))}) {
		t.Errorf("it has %v", got)
	}
}

func deposed(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	first := m.next(t, a)
	if !first.Fresh() {
		t.Error("a term that began now is not fresh")
	}
	must(t, first.Append(t.Context(), 1, []byte("one")))
	must(t, first.Resign(t.Context()))
	second := m.next(t, b)
	if second.Epoch() <= first.Epoch() {
		t.Errorf("epoch %d follows %d", second.Epoch(), first.Epoch())
	}
	must(t, second.Append(t.Context(), 2, []byte("two")))
	for what, err := range map[string]error{
		"Append of a free number":  first.Append(t.Context(), 3, []byte("three")),
		"Append of a taken number": first.Append(t.Context(), 2, []byte("two")),
		"Append of what is long":   first.Append(t.Context(), 3, noise(2<<20)),
		"Keep":                     first.Keep(t.Context(), 2, bytes.NewReader(noise(10))),
	} {
		if !errors.Is(err, store.ErrDeposed) {
			t.Errorf("%s = %v", what, err)
		}
	}
	if first.Fresh() {
		t.Error("a term that is over is fresh")
	}
	<-first.Done()
	if got := entriesFrom(t, a, 1); len(got) != 2 || got[1] != named(2, []byte("two")) {
		t.Errorf("it has %v", got)
	}
}

func waitsToLead(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	first := m.next(t, a)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Lead(ctx); err == nil {
		t.Error("two lead")
	}
	ended := make(chan error, 1)
	go func() {
		term, err := b.Lead(t.Context())
		if err == nil {
			err = errors.Join(term.Append(t.Context(), 2, []byte("two")), term.Resign(t.Context()))
		}
		ended <- err
	}()
	must(t, first.Append(t.Context(), 1, []byte("one")))
	must(t, first.Resign(t.Context()))
	if m.Promote != nil {
		must(t, m.Promote(b))
	}
	must(t, <-ended)
}

func cutBySnapshot(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	term := m.next(t, a)
	kept := func(seq uint64, body []byte) {
		t.Helper()
		must(t, term.Keep(t.Context(), seq, bytes.NewReader(body)))
	}
	holds := func(seq uint64, body []byte) {
		t.Helper()
		got, r, err := b.Snapshot(t.Context())
		must(t, err)
		defer r.Close()
		if all, err := io.ReadAll(r); got != seq || err != nil || !bytes.Equal(all, body) {
			t.Errorf("Snapshot = %d, %d bytes, %v, want %d, %d bytes", got, len(all), err, seq, len(body))
		}
	}
	small, large := []byte("a snapshot"), noise(3<<20+1)
	kept(4, small) // that no entries lead to
	holds(4, small)
	for seq := uint64(5); seq <= 9; seq++ {
		must(t, term.Append(t.Context(), seq, noise(int(seq)<<17)))
	}
	kept(7, large)
	holds(7, large)
	for _, from := range []uint64{1, 4, 5, 7} {
		if err := b.Read(t.Context(), from, func(uint64, []byte) error { return nil }); !errors.Is(err, store.ErrCut) {
			t.Errorf("Read from %d = %v", from, err)
		}
	}
	if got := entriesFrom(t, b, 8); len(got) != 2 || got[0] != named(8, noise(8<<17)) {
		t.Errorf("it has %v", got)
	}
	kept(6, small)
	holds(7, large)
	before, err := b.Size(t.Context())
	must(t, err)
	must(t, term.Append(t.Context(), 10, []byte("ten")))
	kept(10, small)
	holds(10, small)
	if got := entriesFrom(t, b, 11); got != nil {
		t.Errorf("it has %v", got)
	}
	if after, err := b.Size(t.Context()); err != nil || after > before {
		t.Errorf("after a smaller snapshot it takes %d bytes, before %d, %v", after, before, err)
	}
}

func waitsForNew(t *testing.T, m Machines) {
	a, b := m.Open(t), m.Open(t)
	term := m.next(t, a)
	told := make(chan error)
	wait := func(after uint64) { go func() { told <- b.Wait(t.Context(), after) }() }
	wait(0)
	must(t, term.Append(t.Context(), 1, []byte("one")))
	must(t, <-told)
	wait(0)
	must(t, <-told)
	wait(1)
	must(t, term.Keep(t.Context(), 5, bytes.NewReader([]byte("a snapshot"))))
	must(t, <-told)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { told <- b.Wait(ctx, 5) }()
	cancel()
	if err := <-told; err == nil {
		t.Error("Wait returned, and there was nothing new")
	}
}

func readingEnds(t *testing.T, m Machines) {
	log := m.Open(t)
	term := m.next(t, log)
	for seq := uint64(1); seq <= 3; seq++ {
		must(t, term.Append(t.Context(), seq, nil))
	}
	enough := errors.New("enough")
	n := 0
	if err := log.Read(t.Context(), 1, func(uint64, []byte) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
		t.Errorf("Read = %v after %d", err, n)
	}
}
