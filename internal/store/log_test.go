package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/cluster"
	"attache/internal/lengthtest"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// leading opens the database at path as that of the machine that leads.
func leading(t testing.TB, path string, log store.Log) (*store.DB, store.Term) {
	t.Helper()
	term, err := log.Lead(t.Context())
	must(t, err)
	db, err := store.Open(path, store.Options{Log: log, Term: term})
	must(t, err)
	return db, term
}

func following(t testing.TB, path string, log store.Log) *store.Replica {
	t.Helper()
	r, err := store.Follow(t.Context(), path, log, store.Options{})
	must(t, err)
	return r
}

// said returns all that db holds but for what each machine has for itself: the feeds, their sum
// among the others, and its place in the log.
func said(t testing.TB, db *store.DB) string {
	t.Helper()
	lines, err := store.Dump(db)
	must(t, err)
	var out []string
	for _, l := range lines {
		if !strings.HasPrefix(l, "feeds ") && !strings.HasPrefix(l, `meta "store.tallies"`) && !strings.HasPrefix(l, `meta "store.log"`) {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// stop closes what is open without resigning, as a process does that is killed.
func stop(t testing.TB, db interface{ Close() error }) {
	t.Helper()
	must(t, db.Close())
}

func acting(t testing.TB, db *store.DB, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		must(t, db.Update(func(tx *store.Tx) error { return act(tx, n) }))
	}
}

// TestLog_EngineSuite has a leader write one of everything, change and delete of it, and a
// follower hold the same with its indexes, whether by entries alone or from a snapshot on.
func TestLog_EngineSuite(t *testing.T) {
	t.Parallel()
	storetest.Engine(t, cluster.NewMemory())
}

func TestLog_BeginsWithWhatIsThere(t *testing.T) {
	t.Parallel()
	path, log := inFolder(t), cluster.NewMemory()
	alone, err := store.Open(path, store.Options{})
	must(t, err)
	acting(t, alone, 1, 3)
	want := said(t, alone)
	stop(t, alone)
	if _, err := store.Follow(t.Context(), inFolder(t), log, store.Options{}); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("Follow of an empty log = %v", err)
	}
	leader, _ := leading(t, path, log)
	follower := following(t, inFolder(t), log)
	if got := said(t, follower.DB); got != want || follower.Install() != leader.Install() {
		t.Errorf("the follower has\n%s\nwant\n%s", got, want)
	}
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

func TestLog_WithoutATermNothingIsWrittenDifferently(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	acting(t, db, 1, 3)
	if got := dump(t, db); strings.Contains(got, "store.log") {
		t.Errorf("it has a place in a log:\n%s", got)
	}
}

func TestLog_FollowerDoesNotWrite(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, _ := leading(t, inFolder(t), log)
	follower := following(t, inFolder(t), log)
	before := dump(t, follower.DB)
	if err := follower.Update(func(tx *store.Tx) error { return act(tx, 1) }); !errors.Is(err, store.ErrFollows) || dump(t, follower.DB) != before {
		t.Errorf("Update = %v", err)
	}
	must(t, follower.Update(func(*store.Tx) error { return nil }))
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

func TestLog_RunFollowsUntilItLeads(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, term := leading(t, inFolder(t), log)
	follower := following(t, inFolder(t), log)
	ctx, cancel := context.WithCancel(t.Context())
	steps, ended := make(chan uint64), make(chan error)
	go func() { ended <- follower.Run(ctx, func(seq uint64) { steps <- seq }) }()
	last := <-steps
	for n := 1; n <= 20; n++ {
		acting(t, leader, n, n)
		for last < uint64(n)+1 {
			last = <-steps
		}
		if got, want := said(t, follower.DB), said(t, leader); got != want {
			t.Fatalf("after %d acts the follower has\n%s\nwant\n%s", n, got, want)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
	must(t, term.Resign(t.Context()))
	next, err := log.Lead(t.Context())
	must(t, err)
	must(t, follower.Lead(t.Context(), next))
	if err := leader.Update(func(tx *store.Tx) error { return act(tx, 21) }); !errors.Is(err, store.ErrDeposed) {
		t.Errorf("the one that resigned wrote: %v", err)
	}
	acting(t, follower.DB, 21, 25)
	if e := follower.Epoch(); e != next.Epoch() || e <= term.Epoch() {
		t.Errorf("epoch %d", e)
	}
	path := leader.Path()
	stop(t, leader)
	back := following(t, path, log)
	if got, want := said(t, back.DB), said(t, follower.DB); got != want {
		t.Errorf("the one that led has\n%s\nwant\n%s", got, want)
	}
	storetest.Check(t, back.DB)
	storetest.Check(t, follower.DB)
}

// TestLog_KilledBetweenLogAndFile puts the file back to before an update that is in the log, as a
// kill between the two leaves it, and the other way about has the log refuse it.
func TestLog_KilledBetweenLogAndFile(t *testing.T) {
	t.Parallel()
	path, log := inFolder(t), cluster.NewMemory()
	for n := 1; n <= 8; n++ {
		db, _ := leading(t, path, log)
		acting(t, db, n*3-2, n*3-2)
		before := image(t, path)
		acting(t, db, n*3-1, n*3)
		want := said(t, db)
		log.Refuse(errors.New("the log is full"))
		if err := db.Update(func(tx *store.Tx) error { return act(tx, n*3+1) }); err == nil || !strings.Contains(err.Error(), "full") {
			t.Fatalf("Update = %v", err)
		}
		log.Refuse(nil)
		if got := said(t, db); got != want {
			t.Fatal("an update that the log refused left something behind")
		}
		stop(t, db)
		must(t, os.WriteFile(path, before, 0o600))
		log.Depose()
		db, _ = leading(t, path, log)
		if got := said(t, db); got != want {
			t.Fatalf("round %d: after the kill it has\n%s\nwant\n%s", n, got, want)
		}
		storetest.Check(t, db)
		log.Depose()
	}
}

// cutOff is a log whose reading ends with an error after some entries.
type cutOff struct {
	store.Log
	after int
}

func (c *cutOff) Read(ctx context.Context, from uint64, fn func(uint64, []byte) error) error {
	return c.Log.Read(ctx, from, func(seq uint64, e []byte) error {
		if c.after--; c.after < 0 {
			return io.ErrUnexpectedEOF
		}
		return fn(seq, e)
	})
}

// TestLog_KilledWhileItCatchesUp ends a start in the middle of what it takes from the log, again
// and again, after the file was put back.
func TestLog_KilledWhileItCatchesUp(t *testing.T) {
	t.Parallel()
	path, log := inFolder(t), cluster.NewMemory()
	db, _ := leading(t, path, log)
	acting(t, db, 1, 5)
	before := image(t, path)
	acting(t, db, 6, 30)
	want := said(t, db)
	stop(t, db)
	must(t, os.WriteFile(path, before, 0o600))
	for after := range 25 {
		log.Depose()
		faulty := &cutOff{log, after}
		term, err := faulty.Lead(t.Context())
		must(t, err)
		if _, err := store.Open(path, store.Options{Log: faulty, Term: term}); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("Open = %v", err)
		}
	}
	log.Depose()
	db, _ = leading(t, path, log)
	if got := said(t, db); got != want {
		t.Errorf("it has\n%s\nwant\n%s", got, want)
	}
	storetest.Check(t, db)
}

func TestLog_SnapshotForWhoIsTooFarBehind(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, _ := leading(t, inFolder(t), log)
	acting(t, leader, 1, 5)
	behind := inFolder(t)
	follower := following(t, behind, log)
	acting(t, leader, 6, 9)
	must(t, leader.Keep(t.Context()))
	acting(t, leader, 10, 12)
	must(t, follower.CatchUp(t.Context())) // while it is open
	if said(t, follower.DB) != said(t, leader) {
		t.Error("after a snapshot the follower has something else")
	}
	acting(t, leader, 13, 13)
	must(t, leader.Keep(t.Context()))
	acting(t, leader, 14, 14)
	stop(t, follower)
	follower = following(t, behind, log) // as it opens
	if said(t, follower.DB) != said(t, leader) {
		t.Error("after a start from a snapshot the follower has something else")
	}
	if aside, _ := filepath.Glob(behind + ".old-*"); len(aside) > 0 {
		t.Errorf("what is in the log was put aside as %v", aside)
	}
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

// TestLog_WrittenWithoutIt tells which of two states goes on where a database was written to
// while it was not in the log.
func TestLog_WrittenWithoutIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		moved bool // the log went on meanwhile
		leads bool // the machine leads next
		stays bool // what was written without the log holds
	}{
		{"and leads where the log did not move", false, true, true},
		{"and leads where the log moved", true, true, false},
		{"and follows", false, false, false},
		{"and follows where the log moved", true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := cluster.NewMemory()
			path, other := inFolder(t), inFolder(t)
			db, _ := leading(t, path, log)
			acting(t, db, 1, 3)
			stop(t, db)
			alone, err := store.Open(path, store.Options{})
			must(t, err)
			acting(t, alone, 4, 6)
			without := said(t, alone)
			stop(t, alone)
			log.Depose()
			with, term := leading(t, other, log)
			if c.moved {
				must(t, with.Update(func(tx *store.Tx) error { return act(tx, 4) }))
			}
			var back *store.DB
			want := said(t, with)
			if c.stays {
				want = without
			}
			if c.leads {
				must(t, term.Resign(t.Context()))
				back, _ = leading(t, path, log)
			} else {
				back = following(t, path, log).DB
			}
			if got := said(t, back); got != want {
				t.Errorf("it has\n%s\nwant\n%s", got, want)
			}
			if aside, _ := filepath.Glob(path + ".old-*"); len(aside) == 0 != c.stays {
				t.Errorf("put aside: %v", aside)
			}
			storetest.Check(t, back)
			stop(t, with)
			third := following(t, other, log)
			if got := said(t, third.DB); got != want {
				t.Errorf("the other machine has\n%s\nwant\n%s", got, want)
			}
			storetest.Check(t, third.DB)
		})
	}
}

// TestLog_SnapshotThatWasNotKept has a machine fail to put what it has into the log, and another one
// put something else under that number: the first one goes by the log, and keeps its own beside it.
func TestLog_SnapshotThatWasNotKept(t *testing.T) {
	t.Parallel()
	for _, leads := range []bool{false, true} {
		log := cluster.NewMemory()
		path, other := inFolder(t), inFolder(t)
		db, _ := leading(t, path, log)
		acting(t, db, 1, 2)
		stop(t, db)
		log.Depose()
		with, _ := leading(t, other, log)
		stop(t, with)
		alone, err := store.Open(path, store.Options{})
		must(t, err)
		acting(t, alone, 3, 3)
		stop(t, alone)
		log.Depose()
		term, err := log.Lead(t.Context())
		must(t, err)
		log.Refuse(errors.New("the log is full"))
		if _, err := store.Open(path, store.Options{Log: log, Term: term}); err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("Open = %v", err)
		}
		log.Refuse(nil)
		log.Depose()
		with, _ = leading(t, other, log)
		must(t, with.Update(func(tx *store.Tx) error { return tx.PutMeta("other", "one") }))
		must(t, with.Keep(t.Context()))
		want := said(t, with)
		storetest.Check(t, with)
		log.Depose()
		var back *store.DB
		if leads {
			back, _ = leading(t, path, log)
		} else {
			back = following(t, path, log).DB
		}
		if got := said(t, back); got != want {
			t.Errorf("it has\n%s\nwant\n%s", got, want)
		}
		if aside, _ := filepath.Glob(path + ".old-*"); len(aside) != 1 {
			t.Errorf("put aside: %v", aside)
		}
		storetest.Check(t, back)
	}
}

func TestLog_RestoredGoesOn(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	path, backup := inFolder(t), filepath.Join(t.TempDir(), "backup.db")
	db, _ := leading(t, path, log)
	acting(t, db, 1, 3)
	_, err := db.Copy(backup)
	must(t, err)
	acting(t, db, 4, 6)
	stop(t, db)
	_, err = store.Restore(path, backup, store.Options{})
	must(t, err)
	log.Depose()
	db, _ = leading(t, path, log)
	if n := acts(t, db); n != 3 {
		t.Errorf("after the backup was restored there are %d acts", n)
	}
	follower := following(t, inFolder(t), log)
	if said(t, follower.DB) != said(t, db) {
		t.Error("the follower has something else")
	}
	storetest.Check(t, db)
	storetest.Check(t, follower.DB)
}

// TestLog_LostItsEnd has a log that knows less than the machine that leads, as after etcd was
// restored from a backup: what is there is put into it.
func TestLog_LostItsEnd(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	first, second := cluster.NewMemory(), cluster.NewMemory()
	db, _ := leading(t, path, first)
	must(t, copied(t, first, second))
	acting(t, db, 1, 3)
	want := said(t, db)
	stop(t, db)
	db, _ = leading(t, path, second)
	follower := following(t, inFolder(t), second)
	if said(t, db) != want || said(t, follower.DB) != want {
		t.Error("what was acknowledged is lost")
	}
	storetest.Check(t, db)
	storetest.Check(t, follower.DB)
}

// copied puts the snapshot of one log into another.
func copied(t *testing.T, from, to store.Log) error {
	seq, body, err := from.Snapshot(t.Context())
	must(t, err)
	term, err := to.Lead(t.Context())
	must(t, err)
	return errors.Join(term.Keep(t.Context(), seq, body), term.Resign(t.Context()))
}

func TestLog_OfAnotherInstallation(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, _ := leading(t, inFolder(t), log)
	path := inFolder(t)
	other, err := store.Open(path, store.Options{})
	must(t, err)
	stop(t, other)
	before := image(t, path)
	var install *store.InstallError
	if _, err := store.Follow(t.Context(), path, log, store.Options{}); !errors.As(err, &install) || !bytes.Equal(image(t, path), before) {
		t.Errorf("Follow = %v", err)
	}
	follower, err := store.Follow(t.Context(), path, log, store.Options{Fresh: true})
	must(t, err)
	if follower.Install() != leader.Install() {
		t.Error("it is still another installation")
	}
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

// tampered is a log in which one entry is not what was written.
type tampered struct {
	store.Log
	seq   uint64
	spoil func([]byte) []byte
}

func (l *tampered) Read(ctx context.Context, from uint64, fn func(uint64, []byte) error) error {
	return l.Log.Read(ctx, from, func(seq uint64, e []byte) error {
		if seq == l.seq {
			e = l.spoil(e)
		}
		return fn(seq, e)
	})
}

// TestLog_DamagedEntry: nothing of it is taken, it is named, and the next snapshot leads past it.
func TestLog_DamagedEntry(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func([]byte) []byte{
		"a bit flipped":   func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"its end cut off": func(b []byte) []byte { return b[:len(b)-1] },
		"empty":           func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			log := cluster.NewMemory()
			leader, _ := leading(t, inFolder(t), log)
			follower := following(t, inFolder(t), &tampered{log, 5, spoil})
			acting(t, leader, 1, 9)
			err := follower.CatchUp(t.Context())
			var damaged *store.DamagedError
			if !errors.As(err, &damaged) || !strings.Contains(err.Error(), "entry 5") {
				t.Errorf("CatchUp = %v", err)
			}
			must(t, leader.Keep(t.Context()))
			must(t, follower.CatchUp(t.Context()))
			if said(t, follower.DB) != said(t, leader) {
				t.Error("the follower has something else")
			}
			storetest.Check(t, leader)
			storetest.Check(t, follower.DB)
		})
	}
}

// spoilt is a log whose snapshot is not what was kept.
type spoilt struct {
	store.Log
	spoil func([]byte) []byte
}

func (l *spoilt) Snapshot(ctx context.Context) (uint64, io.ReadCloser, error) {
	seq, body, err := l.Log.Snapshot(ctx)
	if err != nil || body == nil {
		return seq, body, err
	}
	b, err := io.ReadAll(body)
	return seq, io.NopCloser(bytes.NewReader(l.spoil(b))), err
}

// TestLog_DamagedSnapshot: whoever needs it says so and keeps what it has; the next one is taken.
func TestLog_DamagedSnapshot(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func([]byte) []byte{
		"a bit of its head flipped":  func(b []byte) []byte { b[3] ^= 4; return b },
		"a bit flipped":              func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"a bit of its sum flipped":   func(b []byte) []byte { b[len(b)-6] ^= 4; return b },
		"its end cut off":            func(b []byte) []byte { return b[:len(b)-9] },
		"cut off behind the head":    func(b []byte) []byte { return b[:bytes.IndexByte(b, 10)+1] },
		"of another position inside": func(b []byte) []byte { return bytes.Replace(b, []byte(`"epoch":1`), []byte(`"epoch":7`), 1) },
		"empty":                      func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			log, path := cluster.NewMemory(), inFolder(t)
			leader, _ := leading(t, inFolder(t), log)
			follower := following(t, path, log)
			acting(t, leader, 1, 3)
			must(t, leader.Keep(t.Context()))
			before := said(t, follower.DB)
			stop(t, follower)
			_, err := store.Follow(t.Context(), path, &spoilt{log, spoil}, store.Options{})
			if err == nil || !strings.Contains(err.Error(), "snapshot") {
				t.Errorf("Follow = %v", err)
			}
			alone, err := store.Open(path, store.Options{ReadOnly: true})
			must(t, err)
			if said(t, alone) != before {
				t.Error("what was there is not there any more")
			}
			stop(t, alone)
			follower = following(t, path, log)
			if said(t, follower.DB) != said(t, leader) {
				t.Error("the follower has something else")
			}
			storetest.Check(t, leader)
			storetest.Check(t, follower.DB)
		})
	}
}

// TestLog_UpdatedOneAfterTheOther brings the attache of the machine that leads to a newer schema:
// it goes on with all that there is, and so do the others. One that is updated first says what it waits for.
func TestLog_UpdatedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	path, beside := inFolder(t), inFolder(t)
	leader, _ := leading(t, path, log)
	acting(t, leader, 1, 3)
	follower := following(t, beside, log)
	of := func(n int) *spoilt {
		return &spoilt{log, func(b []byte) []byte {
			return regexp.MustCompile(`"schema":\d+`).ReplaceAll(b, fmt.Appendf(nil, `"schema":%d`, n))
		}}
	}
	var older *store.OlderLogError
	if _, err := store.Follow(t.Context(), inFolder(t), of(1), store.Options{}); !errors.As(err, &older) {
		t.Errorf("Follow of a log of an older attache = %v", err)
	}
	var newer *store.NewerError
	if _, err := store.Follow(t.Context(), inFolder(t), of(99), store.Options{}); !errors.As(err, &newer) {
		t.Errorf("Follow of a log of a newer attache = %v", err)
	}
	must(t, store.PutSchema(leader, 3))
	stop(t, leader)
	log.Depose()
	leader, _ = leading(t, path, log)
	if n := acts(t, leader); n != 3 {
		t.Errorf("after it was updated %d acts are there", n)
	}
	must(t, follower.CatchUp(t.Context()))
	acting(t, leader, 4, 5)
	must(t, follower.CatchUp(t.Context()))
	if said(t, follower.DB) != said(t, leader) {
		t.Error("who follows has something else")
	}
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

// TestLog_EpochWithinAnUpdate: who claims something notes for which term, in the middle of it.
func TestLog_EpochWithinAnUpdate(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	db, term := leading(t, inFolder(t), log)
	must(t, db.Update(func(tx *store.Tx) error {
		if e := db.Epoch(); e != term.Epoch() || db.KeepDue() {
			t.Errorf("epoch %d", e)
		}
		return act(tx, 1)
	}))
	storetest.Check(t, db)
}

// TestLog_AnyItems puts any items and moves under few keys, so that they give way to each other,
// and has a follower make the same indexes.
func TestLog_AnyItems(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, _ := leading(t, inFolder(t), log)
	follower := following(t, inFolder(t), log)
	acting(t, leader, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(anyItem), 1, 5).Draw(t, "items")
		for i, it := range items {
			it.Key, it.Notice.Event = fmt.Sprint("key-", i%3), strings.ReplaceAll(it.Notice.Event, "\x00", "")
			items[i] = it
		}
		err := leader.Update(func(tx *store.Tx) error {
			for _, it := range items {
				if err := tx.PutItem(it); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = follower.CatchUp(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	if said(t, leader) != said(t, follower.DB) {
		t.Error("the follower has something else")
	}
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

func TestLog_FeedsOfAFollowerAreNotOlderThanTheRest(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	path := inFolder(t)
	leader, _ := leading(t, path, log)
	must(t, leader.Update(func(tx *store.Tx) error { return tx.PutFeedBody("all", wholeFeed()) }))
	must(t, leader.Keep(t.Context()))
	follower := following(t, inFolder(t), log)
	acting(t, leader, 1, 1)
	must(t, follower.CatchUp(t.Context()))
	must(t, follower.View(func(tx *store.Tx) error {
		_, known, err := tx.FeedBody("all")
		if known {
			t.Error("a feed is kept that nobody knows to be the newest")
		}
		return err
	}))
	storetest.Check(t, leader)
	storetest.Check(t, follower.DB)
}

func TestLog_KeepDue(t *testing.T) {
	t.Parallel()
	log := cluster.NewMemory()
	leader, _ := leading(t, inFolder(t), log)
	if leader.KeepDue() {
		t.Error("a snapshot is due after the first one")
	}
	store.Appended(leader, 999)
	acting(t, leader, 1, 1)
	if !leader.KeepDue() {
		t.Error("after 1000 entries no snapshot is due")
	}
	must(t, leader.Keep(t.Context()))
	if leader.KeepDue() {
		t.Error("a snapshot is due after one")
	}
	storetest.Check(t, leader)
}

// TestProcess_FullDiskOfALeader is the process that the next test starts: in it no file may grow
// beyond what the database has, while the log takes what it is given.
func TestProcess_FullDiskOfALeader(t *testing.T) {
	path := os.Getenv(childPath)
	if path == "" {
		t.Skip("it runs in a process of its own")
	}
	log := cluster.NewMemory()
	db, _ := leading(t, path, log)
	acting(t, db, 1, 1)
	signal.Ignore(syscall.SIGXFSZ)
	var free, full syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &free))
	full = syscall.Rlimit{Cur: uint64(len(image(t, path))), Max: free.Max}
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full))
	large := strings.Repeat("x", 9<<20)
	for range 3 {
		err := db.Update(func(tx *store.Tx) error { return errors.Join(act(tx, 2), tx.PutMeta("large", large)) })
		if err == nil || errors.Is(err, store.ErrDeposed) || acts(t, db) != 1 {
			t.Errorf("Update = %v", err)
		}
	}
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &free))
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 3) }))
	if n := acts(t, db); n != 3 {
		t.Errorf("once there is room %d acts are there", n)
	}
	follower := following(t, inFolder(t), log)
	if said(t, follower.DB) != said(t, db) {
		t.Error("the follower has something else")
	}
	storetest.Check(t, follower.DB)
	storetest.Check(t, db)
	fmt.Println("room again")
}

// TestLog_FullDiskOfALeader: what is in the log holds, and comes into the file once there is room.
func TestLog_FullDiskOfALeader(t *testing.T) {
	t.Parallel()
	out, err := child("TestProcess_FullDiskOfALeader", inFolder(t)).Output()
	if err != nil || !strings.Contains(string(out), "room again") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestProcess_LeadsUntilItIsKilled is the process that the next test kills.
func TestProcess_LeadsUntilItIsKilled(t *testing.T) {
	path := os.Getenv(childPath)
	if path == "" {
		t.Skip("it runs in a process of its own")
	}
	db, _ := leading(t, path, shared(t, path))
	for n := acts(t, db) + 1; ; n++ {
		must(t, db.Update(func(tx *store.Tx) error { return act(tx, n) }))
		fmt.Printf("acted %d\n", n)
		if n%20 == 0 {
			must(t, db.Keep(t.Context()))
		}
	}
}

// shared returns a log in a folder beside the database at path.
func shared(t *testing.T, path string) store.Log {
	t.Helper()
	log, err := cluster.NewFolder(filepath.Join(filepath.Dir(path), "log"), "one", 0)
	must(t, err)
	return log
}

// TestLog_AcknowledgedOutlivesAKill kills a process that leads, again and again, wherever it is: what
// it acknowledged is in its own file and in that of who follows, and they hold the same.
func TestLog_AcknowledgedOutlivesAKill(t *testing.T) {
	t.Parallel()
	path, beside := filepath.Join(t.TempDir(), "attache.db"), inFolder(t)
	r := rand.New(rand.NewPCG(9, 10))
	for round := range lengthtest.Of(4, 12) {
		acknowledged := killed(t, "TestProcess_LeadsUntilItIsKilled", path, 1+r.IntN(60))
		log := shared(t, path)
		if round%2 == 0 { // else the next process finds it as it was left
			db, term := leading(t, path, log)
			if n := acts(t, db); n != acknowledged && n != acknowledged+1 {
				t.Errorf("round %d: %d acts are there, %d were acknowledged", round, n, acknowledged)
			}
			follower := following(t, beside, log)
			if said(t, follower.DB) != said(t, db) {
				t.Fatalf("round %d: who follows has something else", round)
			}
			storetest.Check(t, follower.DB)
			storetest.Check(t, db)
			must(t, term.Resign(t.Context()))
		}
	}
}
