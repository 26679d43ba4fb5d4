//go:build unix

package store_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// childPath is what tells a test that it is a process of its own, and where its
// database lies.
const childPath = "ATTACHE_STORE_TEST_CHILD"

// child runs the test called name of this binary as a process of its own.
func child(name, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^"+name+"$")
	cmd.Env = append(os.Environ(), childPath+"="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

// act does all of one act: a revision, an item for it, an item that moves on, and the
// number of the act.
func act(tx *store.Tx, n int) error {
	old := itemAt(fmt.Sprintf("item-%d", n-n%7), "talks", notice.Sent, hour(n))
	old.Payload = bytes.Repeat([]byte{byte(n)}, n*37%9000)
	return errors.Join(
		tx.PutRevision(revision("talks", n)),
		tx.PutItem(itemAt(fmt.Sprintf("item-%d", n), "talks", notice.Pending, hour(n))),
		tx.PutItem(old),
		tx.PutMeta("acts", strconv.Itoa(n)),
	)
}

// acts returns the number of the last act, and fails where a part of it is missing.
func acts(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	must(t, db.View(func(tx *store.Tx) error {
		text, err := tx.Meta("acts")
		if err != nil || text == "" {
			return err
		}
		if n, err = strconv.Atoi(text); err != nil {
			return err
		}
		s, _, err := tx.Current("talks")
		if s.Revision.Number != n {
			t.Errorf("after %d acts the revision is %d", n, s.Revision.Number)
		}
		_, ok, err2 := tx.Item(fmt.Sprintf("item-%d", n))
		if !ok {
			t.Errorf("after %d acts the item of the last one is missing", n)
		}
		return errors.Join(err, err2)
	}))
	return n
}

// TestProcess_ActsUntilItIsKilled is the process that the next test kills.
func TestProcess_ActsUntilItIsKilled(t *testing.T) {
	path := os.Getenv(childPath)
	if path == "" {
		t.Skip("it runs in a process of its own")
	}
	db, err := store.Open(path, store.Options{})
	must(t, err)
	for n := acts(t, db) + 1; ; n++ {
		must(t, db.Update(func(tx *store.Tx) error { return act(tx, n) }))
		fmt.Printf("acted %d\n", n)
	}
}

func TestCrash_AcknowledgedOutlivesAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 10 {
		acknowledged := killed(t, "TestProcess_ActsUntilItIsKilled", path, 1+r.IntN(60))
		db, err := store.Open(path, store.Options{})
		if err != nil {
			t.Fatalf("round %d, after %d acts: %v", round, acknowledged, err)
		}
		if n := acts(t, db); n != acknowledged && n != acknowledged+1 {
			t.Errorf("round %d: %d acts are there, %d were acknowledged", round, n, acknowledged)
		}
		storetest.Check(t, db)
	}
}

// killed lets the process that is the test called name act some times, kills it while it goes
// on, and returns the number of the last act that it had done.
func killed(t *testing.T, name, path string, times int) (last int) {
	t.Helper()
	cmd := child(name, path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() { // to the end of what it wrote, also after it was killed
		if n, ok := strings.CutPrefix(lines.Text(), "acted "); ok {
			last, err = strconv.Atoi(n)
			must(t, err)
			if times--; times == 0 {
				must(t, cmd.Process.Kill())
			}
		}
	}
	if err := cmd.Wait(); err == nil || times > 0 {
		t.Fatalf("the process ended by itself, %d acts early: %v", times, err)
	}
	return last
}

// TestCrash_LossOfPower takes what a transaction writes, and
// has only some of it reach the disk, in sectors and in any order. Until the head is
// written, which comes last, the file has to be sound and say what it said before.
func TestCrash_LossOfPower(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	db, err := store.Open(path, store.Options{})
	must(t, err)
	defer db.Close()
	r := rand.New(rand.NewPCG(7, 8))
	for n := 1; n <= 25; n++ {
		before, said := image(t, path), dump(t, db)
		must(t, db.Update(func(tx *store.Tx) error { return act(tx, n) }))
		after := image(t, path)
		heads := 2 * os.Getpagesize()
		for range 6 {
			torn := append(bytes.Clone(before), make([]byte, max(0, len(after)-len(before)))...)
			for at := heads; at < len(after); at += 512 {
				if end := min(at+512, len(after)); r.IntN(2) == 0 {
					copy(torn[at:end], after[at:end])
				}
			}
			if got := reopened(t, torn); got != said {
				t.Fatalf("act %d: it says\n%s\nand said\n%s", n, got, said)
			}
		}
		copy(before, after[:heads])
		if whole := append(before[:heads:heads], after[heads:]...); reopened(t, whole) != dump(t, db) {
			t.Fatalf("act %d: with its head it is not what was acknowledged", n)
		}
	}
}

func image(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

// reopened returns what a database says whose file holds b.
func reopened(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "attache.db")
	must(t, os.WriteFile(path, b, 0o600))
	defer os.Remove(path)
	db, err := store.Open(path, store.Options{ReadOnly: true})
	must(t, err)
	defer storetest.Check(t, db)
	return dump(t, db)
}

// TestProcess_FullDisk is the process that the next test starts: in it no file
// may grow beyond what the database has.
func TestProcess_FullDisk(t *testing.T) {
	path := os.Getenv(childPath)
	if path == "" {
		t.Skip("it runs in a process of its own")
	}
	db := storetest.Open(t, path)
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 1) }))
	signal.Ignore(syscall.SIGXFSZ)
	var free, full syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &free))
	full = syscall.Rlimit{Cur: uint64(len(image(t, path))), Max: free.Max}
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full))
	large := store.FeedBody{Plain: bytes.Repeat([]byte("x"), 9<<20)}
	for range 3 {
		said := dump(t, db)
		err := db.Update(func(tx *store.Tx) error { return errors.Join(act(tx, 2), tx.PutFeedBody("all", large)) })
		var damaged *store.DamagedError
		if err == nil || errors.As(err, &damaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("Update = %v", err)
		}
		if dump(t, db) != said {
			t.Error("an update that failed left something behind")
		}
		must(t, db.Check())
	}
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &free))
	must(t, db.Update(func(tx *store.Tx) error { return errors.Join(act(tx, 2), tx.PutFeedBody("all", large)) }))
	if n := acts(t, db); n != 2 {
		t.Errorf("once there is room again %d acts are there", n)
	}
	fmt.Println("room again")
}

func TestCrash_FullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attache.db")
	out, err := child("TestProcess_FullDisk", path).Output()
	if err != nil || !strings.Contains(string(out), "room again") {
		t.Fatalf("%v\n%s", err, out)
	}
	db := storetest.Open(t, path)
	if n := acts(t, db); n != 2 {
		t.Errorf("afterwards %d acts are there", n)
	}
}
