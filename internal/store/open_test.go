package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

// shut opens the database at path, writes something, and closes it.
func shut(t *testing.T, path string, o store.Options) (install, domain string) {
	t.Helper()
	db, err := store.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	must(t, db.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "kept") }))
	must(t, db.Check())
	must(t, db.Close())
	return db.Install(), db.Domain()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func inFolder(t *testing.T) string { return filepath.Join(t.TempDir(), "state", "attache.db") }

func noteOf(t *testing.T, db *store.DB) (s string) {
	t.Helper()
	must(t, db.View(func(tx *store.Tx) (err error) { s, err = tx.Meta("note"); return err }))
	return s
}

func TestOpen_FirstStartIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	storetest.Open(t, path)
	for name, want := range map[string]fs.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + ".id": 0o600, path + ".lock": 0o600} {
		info, err := os.Stat(name)
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	left, _ := filepath.Glob(path + "*.new")
	if len(left) > 0 {
		t.Errorf("%q is left over", left)
	}
}

func TestOpen_DraftsOfWhatWasKilled(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	shut(t, path, store.Options{})
	mine := filepath.Join(filepath.Dir(path), "other.db.compact.new") // no draft of ours
	for _, draft := range []string{mine, path + ".compact.new", path + ".restore.new", path + ".keep.new", path + ".snapshot.new", path + ".id.new"} {
		must(t, os.WriteFile(draft, []byte("cut"), 0o600))
	}
	if got := noteOf(t, storetest.Open(t, path)); got != "kept" {
		t.Errorf("the note is %q", got)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.new"))
	must(t, err)
	if !slices.Equal(left, []string{mine}) {
		t.Errorf("%q is left over", left)
	}
}

func TestInstall_StaysTheSame(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	install, domain := shut(t, path, store.Options{})
	db := storetest.Open(t, path)
	if db.Install() != install || db.Domain() != domain || install == "" || domain == "" {
		t.Errorf("it was %q, %q and is %q, %q", install, domain, db.Install(), db.Domain())
	}
	if got := noteOf(t, db); got != "kept" {
		t.Errorf("the note is %q", got)
	}
	if other, _ := shut(t, inFolder(t), store.Options{}); other == install {
		t.Error("two installations have one name")
	}
}

func TestOpen_SecondIsKeptOut(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	first := storetest.Open(t, path)
	for _, readOnly := range []bool{false, true} {
		_, err := store.Open(path, store.Options{LockWait: 50 * time.Millisecond, ReadOnly: readOnly})
		if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), path+".lock") {
			t.Errorf("read only %v: %v", readOnly, err)
		}
	}
	_, err := store.Open(path, store.Options{LockWait: time.Millisecond, Fresh: true})
	if !errors.Is(err, store.ErrLocked) {
		t.Errorf("starting anew: %v", err)
	}
	must(t, first.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "undisturbed") }))
}

func TestOpen_TwoFirstStarts(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	type result struct {
		db  *store.DB
		err error
	}
	const n = 8
	results := make(chan result, n)
	for range n {
		go func() {
			db, err := store.Open(path, store.Options{LockWait: 10 * time.Millisecond})
			results <- result{db, err}
		}()
	}
	var got []*store.DB
	for range n {
		switch r := <-results; {
		case r.err == nil:
			got = append(got, r.db)
		case !errors.Is(r.err, store.ErrLocked):
			t.Error(r.err)
		}
	}
	if len(got) != 1 {
		t.Fatalf("%d have it open", len(got))
	}
	must(t, got[0].Close())
}

func TestOpen_Waiting(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	first, err := store.Open(path, store.Options{})
	must(t, err)
	waited := make(chan error)
	go func() {
		db, err := store.Open(path, store.Options{LockWait: time.Minute})
		if err == nil {
			err = db.Close()
		}
		waited <- err
	}()
	must(t, first.Close())
	must(t, <-waited)
}

func TestOpen_ReadersShare(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	if _, err := store.Open(path, store.Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("with no database: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a reader made the folder")
	}
	shut(t, path, store.Options{})
	for range 2 {
		db, err := store.Open(path, store.Options{ReadOnly: true})
		must(t, err)
		defer db.Close()
		if got := noteOf(t, db); got != "kept" {
			t.Errorf("the note is %q", got)
		}
		if err := db.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "changed") }); err == nil {
			t.Error("a reader wrote")
		}
	}
}

func TestOpen_Missing(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	install, domain := shut(t, path, store.Options{})
	must(t, os.Remove(path))
	for _, o := range []store.Options{{}, {ReadOnly: true}} {
		_, err := store.Open(path, o)
		if !errors.Is(err, store.ErrGone) || !strings.Contains(err.Error(), path) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	anew, newDomain := shut(t, path, store.Options{Fresh: true})
	if anew != install || newDomain != domain {
		t.Errorf("it became another installation: %q at %q", anew, newDomain)
	}
}

func TestOpen_EmptyFile(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, nil, 0o600))
	refused(t, path, "empty")
	shut(t, path, store.Options{Fresh: true})
}

// refused says that the file at path is not taken, and stays as it is.
func refused(t *testing.T, path, because string) {
	t.Helper()
	before, err := os.ReadFile(path)
	must(t, err)
	for _, readOnly := range []bool{true, false} {
		_, err := store.Open(path, store.Options{ReadOnly: readOnly})
		var damaged *store.DamagedError
		if !errors.As(err, &damaged) || !strings.Contains(err.Error(), because) || !strings.Contains(err.Error(), path) {
			t.Errorf("read only %v: %v, want a word of %q", readOnly, err, because)
		}
	}
	after, err := os.ReadFile(path)
	must(t, err)
	if string(before) != string(after) {
		t.Error("the file was changed")
	}
}

func TestOpen_FreshPutsAside(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	install, _ := shut(t, path, store.Options{})
	must(t, os.WriteFile(path, []byte("garbage"), 0o600))
	refused(t, path, "")
	now := func() time.Time { return time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC) }
	anew, _ := shut(t, path, store.Options{Fresh: true, Now: now})
	if anew != install {
		t.Errorf("the installation became %q", anew)
	}
	shut(t, path, store.Options{Fresh: true, Now: now})
	for name, want := range map[string]string{".old-20260216T090000": "garbage", ".old-20260216T090000-2": ""} {
		b, err := os.ReadFile(path + name)
		must(t, err)
		if want != "" && string(b) != want {
			t.Errorf("%s holds %q", name, b)
		}
	}
}

func TestOpen_FolderCanNotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	_, err := store.Open(filepath.Join(file, "state", "attache.db"), store.Options{})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(file, "state")) {
		t.Errorf("%v", err)
	}
	must(t, os.Mkdir(file+".db", 0o700))
	if _, err := store.Open(file+".db", store.Options{}); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("a folder in its place: %v", err)
	}
	must(t, os.Symlink(filepath.Join(file, "state"), file+".link"))
	_, err = store.Open(filepath.Join(file+".link", "attache.db"), store.Options{})
	if err == nil || errors.Is(err, fs.ErrExist) {
		t.Errorf("a link that leads nowhere: %v", err)
	}
}

func TestMark_LostIsMadeAgain(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	install, _ := shut(t, path, store.Options{})
	must(t, os.Remove(path+".id"))
	shut(t, path, store.Options{})
	if b, err := os.ReadFile(path + ".id"); err != nil || strings.TrimSpace(string(b)) != install {
		t.Errorf("the mark is %q, %v", b, err)
	}
}

func TestInstall_CanBeNamed(t *testing.T) {
	t.Parallel()
	db, err := store.Temporary("named")
	must(t, err)
	if db.Install() != "named" || !strings.HasPrefix(db.Domain(), "named") {
		t.Errorf("it is %q at %q", db.Install(), db.Domain())
	}
}

func TestOpen_NewerIsRefused(t *testing.T) {
	t.Parallel()
	e := bolt(t)
	db, err := store.New(e, store.Options{})
	must(t, err)
	must(t, store.PutSchema(db, 5))
	_, err = store.New(e, store.Options{})
	var newer *store.NewerError
	if !errors.As(err, &newer) || newer.Found != 5 || newer.Known != 4 || !strings.Contains(err.Error(), "newer attache") {
		t.Errorf("%v", err)
	}
	must(t, store.PutSchema(db, 0))
	var damaged *store.DamagedError
	if _, err = store.New(e, store.Options{}); !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
}

func TestLost(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	db, err := store.Open(path, store.Options{})
	must(t, err)
	put := func() error {
		return db.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "kept") })
	}
	must(t, errors.Join(db.Lost(), put()))
	_, err = db.Compact()
	must(t, errors.Join(err, db.Lost(), put()))

	must(t, os.RemoveAll(filepath.Dir(path)))
	_, err = db.Compact()
	for what, err := range map[string]error{"Lost": db.Lost(), "Update": put(), "Compact": err} {
		if !errors.Is(err, store.ErrGone) {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, sum, err := db.Snapshot(t.TempDir())
	must(t, err)
	defer f.Close()
	again, err := store.ScratchOf(f, sum)
	must(t, err)
	if got := noteOf(t, again); got != "kept" {
		t.Errorf("what is open notes %q", got)
	}
	must(t, errors.Join(again.Close(), db.Mark(), db.Close()))
	if _, err := store.Open(path, store.Options{}); !errors.Is(err, store.ErrGone) {
		t.Errorf("the next start: %v", err)
	}
}
