package cluster_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"attache/internal/cluster"
	"attache/internal/lengthtest"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// lead has a machine lead.
func lead(t testing.TB, l store.Log) store.Term {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for {
		term, err := l.Lead(ctx)
		if err == nil {
			return term
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// waitFor waits until it holds.
func waitFor(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("after a minute still not: %s", what)
		}
	}
}

// has fails the test where the log does not have just these entries.
func has(t testing.TB, l store.Log, want ...string) {
	t.Helper()
	var got []string
	must(t, l.Read(t.Context(), 1, func(_ uint64, e []byte) error { got = append(got, string(e)); return nil }))
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the log has %q, want %q", got, want)
	}
}

// TestEtcd_CutOff holds back what a machine sends while it writes: it starts nothing after half
// of its lease, and what arrives once another one leads is refused.
func TestEtcd_CutOff(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	prefix := prefixes.Add(1)
	proxies, endpoints := through(t, nodes)
	a, b := logAt(t, endpoints, "a", prefix, short), log(t, nodes, "b", prefix)
	first := lead(t, a)
	must(t, first.Append(t.Context(), 1, []byte("one")))
	cut(proxies, true)
	writing := make(chan error, 1)
	go func() { writing <- first.Append(t.Context(), 2, []byte("held")) }()
	waitFor(t, "it knows that it is cut off", func() bool { return !first.Fresh() })
	second := lead(t, b)
	if first.Fresh() {
		t.Error("two are fresh")
	}
	must(t, second.Append(t.Context(), 2, []byte("two")))
	cut(proxies, false)
	if err := <-writing; !errors.Is(err, store.ErrDeposed) {
		t.Errorf("Append = %v", err)
	}
	<-first.Done()
	must(t, second.Append(t.Context(), 3, []byte("three")))
	has(t, b, "one", "two", "three")
	must(t, second.Resign(t.Context()))
}

// TestEtcd_AnswerLost holds back answers alone: what was written is not written twice, and
// not given up.
func TestEtcd_AnswerLost(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	prefix := prefixes.Add(1)
	proxies, endpoints := through(t, nodes)
	a, b := logAt(t, endpoints, "a", prefix, long), log(t, nodes, "b", prefix)
	term := lead(t, a)
	for round := range 3 {
		seq := uint64(2*round + 1)
		must(t, term.Append(t.Context(), seq, fmt.Append(nil, seq)))
		waitFor(t, "it is sure", term.Fresh)
		mute(proxies, true)
		writing := make(chan error, 1)
		go func() { writing <- term.Append(t.Context(), seq+1, fmt.Append(nil, seq+1)) }()
		must(t, b.Wait(t.Context(), seq)) // it is there, and the one who wrote it is not told
		if round == 0 {
			mute(proxies, false)
		} else {
			drop(proxies)
		}
		must(t, <-writing)
	}
	has(t, b, "1", "2", "3", "4", "5", "6")
	must(t, term.Resign(t.Context()))
}

// TestEtcd_Restarted stops etcd for a shorter time than the lease while a machine writes.
func TestEtcd_Restarted(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	a := log(t, nodes, "a", 0)
	term := lead(t, a)
	must(t, term.Append(t.Context(), 1, []byte("one")))
	nodes[0].kill()
	writing := make(chan error, 1)
	go func() { writing <- term.Append(t.Context(), 2, []byte("two")) }()
	nodes[0].start(t)
	err := <-writing
	if errors.Is(err, store.ErrDeposed) { // on a machine so slow that the lease was over
		term = lead(t, a)
		want := []string{"one", "two"}
		if a.Wait(limited(t, time.Second), 1) != nil {
			want = want[:1]
		}
		has(t, a, want...)
		return
	}
	must(t, err)
	must(t, term.Append(t.Context(), 3, []byte("three")))
	has(t, a, "one", "two", "three")
	must(t, term.Resign(t.Context()))
}

func limited(t testing.TB, d time.Duration) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), d)
	t.Cleanup(stop)
	return ctx
}

// direct returns a client of etcd without any of ours.
func direct(t testing.TB, nodes []*node) *clientv3.Client {
	t.Helper()
	c, err := clientv3.New(clientv3.Config{Endpoints: []string{nodes[0].url}, Logger: zap.NewNop()})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() }) // the test is over
	return c
}

// TestEtcd_Full fills the quota of etcd: an update is refused and leaves nothing, the machine
// leads on, and records again once a person made room.
func TestEtcd_Full(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1, "--quota-backend-bytes", fmt.Sprint(8<<20))
	l, c := log(t, nodes, "a", 0), direct(t, nodes)
	term := lead(t, l)
	db, err := store.Open(filepath.Join(t.TempDir(), "attache.db"), store.Options{Log: l, Term: term})
	must(t, err)
	for n := 0; ; n++ {
		_, err := c.Put(t.Context(), "filler", strings.Repeat("x", 1<<20))
		if err != nil {
			break
		}
	}
	err = db.Update(func(tx *store.Tx) error { return tx.PutMeta("n", "full") })
	if err == nil || errors.Is(err, store.ErrDeposed) || !strings.Contains(err.Error(), "etcd is full") {
		t.Errorf("Update = %v", err)
	}
	waitFor(t, "it leads on", term.Fresh)
	r, err := c.Delete(t.Context(), "filler")
	must(t, err)
	_, err = c.Compact(t.Context(), r.Header.Revision, clientv3.WithCompactPhysical())
	must(t, err)
	_, err = c.Defragment(t.Context(), nodes[0].url)
	must(t, err)
	_, err = c.AlarmDisarm(t.Context(), &clientv3.AlarmMember{})
	must(t, err)
	must(t, db.Update(func(tx *store.Tx) error {
		if was, err := tx.Meta("n"); was != "" || err != nil {
			t.Errorf("what was refused is there: %q, %v", was, err)
		}
		return tx.PutMeta("n", "room")
	}))
	storetest.Check(t, db)
	must(t, term.Resign(t.Context()))
}

// TestEtcd_Damaged spoils what lies in etcd: who reads it says which entry, and takes nothing of
// it; the next snapshot leads past it.
func TestEtcd_Damaged(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	c := direct(t, nodes)
	for name, spoil := range map[string]func(key, value string) error{
		"another byte": func(key, value string) error {
			b := []byte(value)
			b[len(b)/2] ^= 1
			_, err := c.Put(t.Context(), key, string(b))
			return err
		},
		"of another form": func(key, _ string) error { _, err := c.Put(t.Context(), key, "?"); return err },
		"gone":            func(key, _ string) error { _, err := c.Delete(t.Context(), key); return err },
	} {
		t.Run(name, func(t *testing.T) {
			prefix := prefixes.Add(1)
			l := log(t, nodes, "a", prefix)
			term := lead(t, l)
			db, err := store.Open(filepath.Join(t.TempDir(), "attache.db"), store.Options{Log: l, Term: term})
			must(t, err)
			follower, err := store.Follow(t.Context(), filepath.Join(t.TempDir(), "attache.db"), l, store.Options{})
			must(t, err)
			for n := range 5 {
				must(t, db.Update(func(tx *store.Tx) error { return tx.PutMeta("n", fmt.Sprint(n)) }))
			}
			key := fmt.Sprintf("test%d/entry/%016x", prefix, 4)
			r, err := c.Get(t.Context(), key)
			must(t, err)
			must(t, spoil(key, string(r.Kvs[0].Value)))
			var damaged *store.DamagedError
			if err := follower.CatchUp(t.Context()); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "entry 4") {
				t.Errorf("CatchUp = %v", err)
			}
			must(t, db.Keep(t.Context()))
			must(t, follower.CatchUp(t.Context()))
			must(t, follower.View(func(tx *store.Tx) error {
				if n, err := tx.Meta("n"); n != "4" || err != nil {
					t.Errorf("n is %q, %v", n, err)
				}
				return nil
			}))
			storetest.Check(t, db)
			storetest.Check(t, follower.DB)
			must(t, term.Resign(t.Context()))
		})
	}
}

// TestEtcd_DamagedSnapshot spoils the snapshot in etcd: who needs it says so, and the next one leads on.
func TestEtcd_DamagedSnapshot(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	c, prefix := direct(t, nodes), prefixes.Add(1)
	l := log(t, nodes, "a", prefix)
	term := lead(t, l)
	db, err := store.Open(filepath.Join(t.TempDir(), "attache.db"), store.Options{Log: l, Term: term})
	must(t, err)
	pieces := fmt.Sprintf("test%d/piece/", prefix)
	for n, spoil := range []func(key string, value []byte) error{
		func(key string, value []byte) error {
			value[len(value)/2] ^= 1
			_, err := c.Put(t.Context(), key, string(value))
			return err
		},
		func(key string, _ []byte) error { _, err := c.Delete(t.Context(), key); return err },
	} {
		r, err := c.Get(t.Context(), pieces, clientv3.WithPrefix())
		must(t, err)
		if len(r.Kvs) != 1 {
			t.Fatalf("the snapshot is in %d parts", len(r.Kvs))
		}
		must(t, spoil(string(r.Kvs[0].Key), r.Kvs[0].Value))
		path := filepath.Join(t.TempDir(), "attache.db")
		if _, err := store.Follow(t.Context(), path, l, store.Options{}); err == nil || !strings.Contains(err.Error(), "snapshot") {
			t.Errorf("Follow = %v", err)
		}
		must(t, db.Update(func(tx *store.Tx) error { return tx.PutMeta("n", fmt.Sprint(n)) }))
		must(t, db.Keep(t.Context()))
		follower, err := store.Follow(t.Context(), path, l, store.Options{})
		must(t, err)
		storetest.Check(t, follower.DB)
	}
	storetest.Check(t, db)
	must(t, term.Resign(t.Context()))
}

// TestEtcd_StaysSmall writes and keeps again and again: what is cut takes no room.
func TestEtcd_StaysSmall(t *testing.T) {
	t.Parallel()
	l := log(t, etcds(t, 1), "a", 0)
	term := lead(t, l)
	seq, most := uint64(0), int64(0)
	for range lengthtest.Of(3, 5) {
		for range 20 {
			seq++
			must(t, term.Append(t.Context(), seq, make([]byte, 1<<20)))
		}
		must(t, term.Keep(t.Context(), seq, bytes.NewReader(make([]byte, 4<<20))))
		size, err := l.Size(t.Context())
		must(t, err)
		most = max(most, size)
	}
	if most > 48<<20 { // what was there last may still be counted
		t.Errorf("after turns of 24 MB, it took %d bytes", most)
	}
	must(t, term.Resign(t.Context()))
}

// frozenAt is what tells a test that it is a process of its own, and where its etcd is.
const frozenAt = "ATTACHE_CLUSTER_TEST_FROZEN"

// TestProcess_Leads is the process that the next test freezes.
func TestProcess_Leads(t *testing.T) {
	at := os.Getenv(frozenAt)
	if at == "" {
		t.Skip("it runs in a process of its own")
	}
	endpoint, prefix, _ := strings.Cut(at, " ")
	l, err := cluster.NewEtcd(cluster.EtcdConfig{Endpoints: []string{endpoint}, Prefix: prefix, Name: "frozen", Lease: short})
	must(t, err)
	term := lead(t, l)
	for seq := uint64(1); ; seq++ {
		fresh := term.Fresh()
		if err := term.Append(t.Context(), seq, fmt.Append(nil, seq)); err != nil {
			fmt.Println("refused", fresh, errors.Is(err, store.ErrDeposed), term.Fresh())
			return
		}
		fmt.Println("wrote", seq)
	}
}

// TestEtcd_Frozen stops the process that leads beyond its lease: another leads, and what the first
// one goes on to write is refused.
func TestEtcd_Frozen(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	prefix := prefixes.Add(1)
	l := log(t, nodes, "b", prefix)
	cmd := exec.Command(os.Args[0], "-test.run=^TestProcess_Leads$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s test%d/", frozenAt, nodes[0].url, prefix))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(out)
	for n := 0; n < 20 && lines.Scan(); n++ {
	}
	must(t, cmd.Process.Signal(syscall.SIGSTOP))
	second := lead(t, l)
	last := uint64(0)
	must(t, l.Read(t.Context(), 1, func(seq uint64, _ []byte) error { last = seq; return nil }))
	must(t, second.Append(t.Context(), last+1, []byte("mine")))
	must(t, cmd.Process.Signal(syscall.SIGCONT))
	acknowledged, end := uint64(0), ""
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "wrote %d", &acknowledged); err != nil {
			end = lines.Text()
			break
		}
	}
	if !strings.HasSuffix(end, "true false") || acknowledged > last {
		t.Errorf("it ended with %q, and wrote up to %d; %d were there as it was stopped", end, acknowledged, last)
	}
	must(t, second.Append(t.Context(), last+2, []byte("mine too")))
	must(t, second.Resign(t.Context()))
}
