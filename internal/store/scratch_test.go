package store_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

// tempFiles has the temporary files of the test lie in a folder of their own, and returns
// a function that lists them.
func tempFiles(t *testing.T) (list func() []string) {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	return func() []string {
		names, err := filepath.Glob(filepath.Join(folder, "*"))
		must(t, err)
		return names
	}
}

func TestScratch(t *testing.T) {
	left := tempFiles(t)
	path := inFolder(t)
	install, _ := shut(t, path, store.Options{})
	before := image(t, path)

	db, err := store.Scratch(path)
	must(t, err)
	if names := left(); len(names) > 0 {
		t.Errorf("%q would be left over by a process that is killed", names)
	}
	if db.Install() != install || noteOf(t, db) != "kept" {
		t.Errorf("it is of %q and notes %q", db.Install(), noteOf(t, db))
	}
	must(t, db.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "tried") }))
	if got := noteOf(t, db); got != "tried" {
		t.Errorf("it notes %q", got)
	}
	must(t, db.Check())
	storetest.Open(t, path) // a daemon may start meanwhile
	if _, err := store.Scratch(path); !errors.Is(err, store.ErrLocked) {
		t.Errorf("while it is open: %v", err)
	}
	must(t, db.Close())
	if string(image(t, path)) != string(before) {
		t.Error("the database was changed")
	}
	if names := left(); len(names) > 0 {
		t.Errorf("%q is left over", names)
	}
}

func TestScratchOf(t *testing.T) {
	left := tempFiles(t)
	of := storetest.Open(t, "")
	must(t, of.Update(func(tx *store.Tx) error { return tx.PutMeta("note", "kept") }))
	copied := func() (io.Reader, string) {
		f, sum, err := of.Snapshot(os.TempDir())
		must(t, err)
		t.Cleanup(func() { f.Close() })
		return f, sum
	}
	f, sum := copied()
	db, err := store.ScratchOf(f, sum)
	must(t, err)
	if got := noteOf(t, db); got != "kept" {
		t.Errorf("it notes %q", got)
	}
	must(t, errors.Join(db.Check(), db.Close()))
	f, _ = copied()
	if _, err := store.ScratchOf(f, strings.Repeat("0", 64)); err == nil {
		t.Error("another sum is taken for its own")
	}
	f, sum = copied()
	if _, err := store.ScratchOf(io.LimitReader(f, 9000), sum); err == nil {
		t.Error("a copy that is cut off is taken")
	}
	if names := left(); len(names) > 0 {
		t.Errorf("%q is left over", names)
	}
}

func TestScratch_NoDatabase(t *testing.T) {
	t.Parallel()
	path := inFolder(t)
	install, _ := shut(t, path, store.Options{})
	must(t, os.Remove(path))
	for name, c := range map[string]struct{ path, install string }{
		"it is gone":    {path, install},
		"none ever was": {filepath.Join(t.TempDir(), "no", "attache.db"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Scratch(c.path)
			must(t, err)
			defer db.Close()
			if got := noteOf(t, db); got != "" || c.install != "" && db.Install() != c.install {
				t.Errorf("it is of %q and notes %q", db.Install(), got)
			}
			if _, err := os.Stat(c.path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it was made: %v", err)
			}
		})
	}
}

func TestScratch_Damaged(t *testing.T) {
	left := tempFiles(t)
	path := inFolder(t)
	shut(t, path, store.Options{})
	b := image(t, path)
	b[20] ^= 1
	must(t, os.WriteFile(path, b, 0o600))
	var damaged *store.DamagedError
	if _, err := store.Scratch(path); !errors.As(err, &damaged) || damaged.Path != path {
		t.Errorf("%v", err)
	}
	if names := left(); len(names) > 0 {
		t.Errorf("%q is left over", names)
	}
}
