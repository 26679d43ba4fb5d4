package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

func TestCopy_OneStateWhileItIsWritten(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 1) }))
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 2; ; n++ {
			select {
			case <-stop:
				return
			default:
				if err := db.Update(func(tx *store.Tx) error { return act(tx, n) }); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for i := range 5 {
		path := filepath.Join(t.TempDir(), fmt.Sprint("copy-", i))
		sum, err := db.Copy(path)
		must(t, err)
		if err := store.Prove(path, sum); err != nil {
			t.Fatalf("the copy: %v", err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("it has mode %v, %v", info.Mode(), err)
		}
		if err := store.Prove(path, strings.Repeat("0", 64)); err == nil {
			t.Error("another sum is taken for its own")
		}
		again, err := store.Open(path, store.Options{})
		must(t, err)
		must(t, again.Update(func(tx *store.Tx) error { return tx.PutMeta("written", "to the copy") }))
		must(t, again.Close())
		if err := store.Prove(path, ""); err != nil {
			t.Fatalf("the copy, after it was written to: %v", err)
		}
	}
	close(stop)
	writer.Wait()
}

func TestSave_OnlyAWholeCopy(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 1) }))
	folder := t.TempDir()
	source, target := filepath.Join(folder, "source"), filepath.Join(folder, "backup.db")
	sum, err := db.Copy(source)
	must(t, err)
	whole := image(t, source)
	must(t, store.Save(target, bytes.NewReader(whole), sum))
	must(t, store.Save(target, bytes.NewReader(whole), sum)) // an older copy gives way
	hurt := bytes.Clone(whole)
	hurt[20] ^= 1
	for name, b := range map[string][]byte{"cut": whole[:len(whole)/2], "hurt": hurt, "nothing": nil} {
		if err := store.Save(target, bytes.NewReader(b), sum); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	if !bytes.Equal(image(t, target), whole) {
		t.Error("the older copy is gone")
	}
	notes := filepath.Join(folder, "notes")
	must(t, os.WriteFile(notes, []byte("my own"), 0o600))
	if err := store.Save(notes, bytes.NewReader(whole), sum); err == nil || string(image(t, notes)) != "my own" {
		t.Errorf("a file that is no database is written over: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(folder, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q is left over", left)
	}
}

func TestSave_DraftsOfKilledCopies(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	source := filepath.Join(t.TempDir(), "source")
	sum, err := db.Copy(source)
	must(t, err)
	whole := image(t, source)
	folder := t.TempDir()
	mine := []string{".a.db.tmp.new", ".b.db.7.new", ".new", "a.db.7.new", ".a.db.new"} // no draft of ours
	for _, name := range append(mine, ".a.db.7.new", ".a.db.8123.new", ".attache-20260216T090000Z.db.12.new") {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte("cut"), 0o600))
	}

	slow, content := io.Pipe() // a copy that goes on while others begin and end
	done := make(chan error, 1)
	go func() { done <- store.Save(filepath.Join(folder, "a.db"), slow, sum) }()
	_, err = content.Write(whole[:1])
	must(t, err)
	must(t, store.SaveCopy(filepath.Join(folder, "a.db"), db))
	must(t, store.SaveCopy(filepath.Join(folder, "attache-20260217T090000Z.db"), db))
	_, err = content.Write(whole[1:])
	must(t, errors.Join(err, content.Close(), <-done))

	var left []string
	entries, err := os.ReadDir(folder)
	must(t, err)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := append([]string{"a.db", "attache-20260217T090000Z.db"}, mine...)
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("in the folder are %q, not %q", left, want)
	}
}

func TestSave_DatabaseInUse(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	db := storetest.Open(t, path)
	source := filepath.Join(t.TempDir(), "source")
	sum, err := db.Copy(source)
	must(t, err)
	if err := store.Save(path, bytes.NewReader(image(t, source)), sum); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("%v", err)
	}
}

func TestCompact_KeepsEverything(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	db := storetest.Open(t, path)
	large := store.FeedBody{Plain: bytes.Repeat([]byte("x"), 6<<20)}
	must(t, db.Update(func(tx *store.Tx) error { return errors.Join(act(tx, 1), tx.PutFeedBody("all", large)) }))
	must(t, db.Update(func(tx *store.Tx) error { return tx.PutFeedBody("all", store.FeedBody{Plain: []byte("x")}) }))
	before := dump(t, db)
	sizes, err := db.Compact()
	must(t, err)
	if sizes.Before < 6<<20 || sizes.After > 2<<20 {
		t.Errorf("%+v", sizes)
	}
	if dump(t, db) != before {
		t.Error("it does not hold what it held")
	}
	must(t, db.Check())
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 2) }))
	if _, err := store.Open(path, store.Options{LockWait: time.Millisecond}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("after compacting others are let in: %v", err)
	}
	must(t, db.Close())
	db, err = store.Open(path, store.Options{})
	must(t, err)
	if n := acts(t, db); n != 2 {
		t.Errorf("what was written after compacting is lost: %d acts", n)
	}
	must(t, db.Close())
}

func TestCompact_BesideReadersAndWriters(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	must(t, db.Update(func(tx *store.Tx) error { return act(tx, 1) }))
	var others sync.WaitGroup
	for range 2 {
		others.Go(func() {
			for range 50 {
				if err := db.View(func(tx *store.Tx) error { _, err := tx.Sources(); return err }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	others.Go(func() {
		for n := range 30 {
			if err := db.Update(func(tx *store.Tx) error { return act(tx, n+2) }); err != nil {
				t.Error(err)
			}
		}
	})
	for range 4 {
		if _, err := db.Compact(); err != nil {
			t.Fatal(err)
		}
	}
	others.Wait()
	if n := acts(t, db); n != 31 {
		t.Errorf("%d acts", n)
	}
}

// backedUp returns a database with three pending items, and a backup of it.
func backedUp(t *testing.T) (path, backup string) {
	t.Helper()
	path, backup = inFolder(t), filepath.Join(t.TempDir(), "backup.db")
	db, err := store.Open(path, store.Options{})
	must(t, err)
	must(t, db.Update(func(tx *store.Tx) error {
		for i := range 3 {
			if err := tx.PutItem(itemAt(fmt.Sprint("item-", i), "talks", notice.Pending, hour(i))); err != nil {
				return err
			}
		}
		return nil
	}))
	sum, err := db.Copy(backup)
	must(t, err)
	err = store.Prove(backup, sum)
	must(t, err)
	must(t, db.Close())
	return path, backup
}

func TestRestore_SentAfterTheBackup(t *testing.T) {
	t.Parallel()
	path, backup := backedUp(t)
	file := event.Event{ID: "talks", Title: "Talks", Kind: event.Talks, Zone: "UTC", Certainty: event.Planned, Status: event.Open}
	db, err := store.Open(path, store.Options{})
	must(t, err)
	must(t, db.Update(func(tx *store.Tx) error {
		return errors.Join(
			tx.PutItem(itemAt("item-0", "talks", notice.Sent, hour(0))),
			tx.PutItem(itemAt("item-9", "talks", notice.Sent, hour(9))),
			tx.PutBase(file),
		)
	}))
	must(t, db.Close())
	r, err := store.Restore(path, backup, store.Options{})
	must(t, err)
	if r.Doubted || r.Learnt != 2 || r.Aside == "" {
		t.Errorf("%+v", r)
	}
	err = store.Prove(r.Aside, "")
	must(t, err)
	db = storetest.Open(t, path)
	must(t, db.View(func(tx *store.Tx) error {
		for key, want := range map[string]notice.State{"item-0": notice.Sent, "item-1": notice.Pending, "item-9": notice.Sent} {
			if it, _, err := tx.Item(key); err != nil || it.State != want {
				t.Errorf("%s is %s, %v", key, it.State, err)
			}
		}
		after, ok, err := tx.Aftermath()
		moved, other := file, file
		moved.Origin.Line, other.Title = 99, "Other talks"
		if !ok || !after.Told("talks", &moved) || after.Told("talks", &other) || after.Told("talks", nil) || !after.Told("gone", nil) {
			t.Errorf("what the files had said is not known: %+v", after)
		}
		return err
	}))
}

func TestRestore_NothingKnown(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]func(path string) error{
		"gone":    os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"damaged": func(path string) error { return os.WriteFile(path, []byte("garbage"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			path, backup := backedUp(t)
			must(t, hurt(path))
			r, err := store.Restore(path, backup, store.Options{})
			must(t, err)
			if !r.Doubted || (r.Aside == "") != (name == "gone") {
				t.Errorf("%+v", r)
			}
			db := storetest.Open(t, path)
			must(t, db.Update(func(tx *store.Tx) error {
				if after, ok, err := tx.Aftermath(); err != nil || !ok || !after.Doubted || after.Told("talks", nil) {
					t.Errorf("%+v, %v, %v", after, ok, err)
				}
				return tx.EndAftermath()
			}))
		})
	}
}

func TestRestore_UnsoundBackup(t *testing.T) {
	t.Parallel()
	path, backup := backedUp(t)
	before := image(t, path)
	hurt := image(t, backup)
	hurt[20] ^= 1
	must(t, os.WriteFile(backup, hurt, 0o600))
	var damaged *store.DamagedError
	if _, err := store.Restore(path, backup, store.Options{}); !errors.As(err, &damaged) || damaged.Path != backup {
		t.Errorf("%v", err)
	}
	if _, err := store.Restore(path, filepath.Join(t.TempDir(), "none"), store.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if !bytes.Equal(image(t, path), before) {
		t.Error("the database was changed")
	}
}

func TestRestore_RunningAttache(t *testing.T) {
	t.Parallel()
	path, backup := backedUp(t)
	storetest.Open(t, path)
	if _, err := store.Restore(path, backup, store.Options{}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("%v", err)
	}
	names, err := filepath.Glob(path + "*")
	must(t, err)
	if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, ".old-") || strings.HasSuffix(n, ".new") }) {
		t.Errorf("%q", names)
	}
}

func TestCompact_AfterManyEdits(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	db := storetest.Open(t, path)
	events, edits := 100, lengthtest.Of(25, 60)
	for n := 1; n <= edits; n++ {
		must(t, db.Update(func(tx *store.Tx) error {
			for i := range events {
				id := fmt.Sprintf("event-%03d", i)
				r := revision(id, n)
				it := itemAt(fmt.Sprintf("%s-%d", id, n%3), id, notice.Pending, hour(n))
				it.Payload = bytes.Repeat([]byte{byte(n)}, 3000)
				if err := errors.Join(tx.PutRevision(r), tx.PutItem(it)); err != nil {
					return err
				}
			}
			return tx.PutFeedBody("all", store.FeedBody{Plain: bytes.Repeat([]byte{byte(n)}, n*20_000)})
		}))
	}
	live := 0
	lines, err := store.Dump(db)
	must(t, err)
	for _, line := range lines {
		live += len(line)
	}
	if _, free := db.Size(); free == 0 {
		t.Error("nothing in it is free")
	}
	sizes, err := db.Compact()
	must(t, err)
	t.Logf("%d bytes are held; the file had %d and has %d", live, sizes.Before, sizes.After)
	if sizes.After > 2*int64(live)+1<<20 { // it grows by a MiB at a time
		t.Errorf("the file has %d bytes for %d", sizes.After, live)
	}
	if file, free := db.Size(); file != sizes.After || free > file/2 {
		t.Errorf("of %d bytes %d are free", file, free)
	}
}
