package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

// ownerOf returns what names the configuration at path.
func ownerOf(t *testing.T, path string) store.Owner {
	t.Helper()
	o, err := store.OwnerOf(path)
	must(t, err)
	return o
}

func TestOwner_Same(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	must(t, os.MkdirAll("desk", 0o700))
	must(t, os.WriteFile("desk/attache.yaml", nil, 0o600))
	must(t, os.WriteFile("other.yaml", nil, 0o600))
	must(t, os.Symlink("desk", "link"))
	must(t, os.Symlink("desk/attache.yaml", "straight.yaml"))
	desk := ownerOf(t, filepath.Join(folder, "desk", "attache.yaml"))
	for path, want := range map[string]bool{
		"desk/attache.yaml": true, "./desk/../desk/attache.yaml": true, "link/attache.yaml": true, "straight.yaml": true,
		"other.yaml": false, "nowhere.yaml": false, "desk": false,
	} {
		if got := ownerOf(t, path).Same(desk); got != want {
			t.Errorf("%s is the configuration of the desk: %t", path, got)
		}
		told, err := store.ParseOwner(ownerOf(t, path).String())
		if err != nil || told.Same(desk) != want {
			t.Errorf("%s, as another process told it: %v", path, err)
		}
	}
	nowhere := ownerOf(t, "nowhere.yaml")
	if !nowhere.Same(ownerOf(t, "./nowhere.yaml")) || nowhere.Same(ownerOf(t, "neither.yaml")) {
		t.Error("what is not there is not known by its path")
	}
	for _, text := range []string{"", "1", "1:2", "1:2:", "a:2:/x", "1:b:/x"} {
		if _, err := store.ParseOwner(text); err == nil {
			t.Errorf("%q is taken for a name", text)
		}
	}
}

func TestDB_Foreign(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	mine, other := ownerOf(t, "/etc/attache/attache.yaml"), ownerOf(t, "/srv/attache.yaml")
	must(t, errors.Join(db.Foreign(mine), db.Foreign(other))) // it is nobody's yet
	must(t, errors.Join(db.Take(mine), db.Foreign(mine)))
	var foreign *store.OtherError
	if err := db.Foreign(other); !errors.As(err, &foreign) || foreign.Owner != mine.Path || foreign.Asked != other.Path ||
		!strings.Contains(err.Error(), "--data") || !strings.Contains(err.Error(), "--take-over") {
		t.Errorf("Foreign = %v", err)
	}
	must(t, errors.Join(db.Take(other), db.Foreign(other)))
	if err := db.Foreign(mine); !errors.As(err, &foreign) {
		t.Errorf("once another one took it: %v", err)
	}
}

// TestRestore_Owner has the place keep to whom it belongs, whatever is put there.
func TestRestore_Owner(t *testing.T) {
	t.Parallel()
	mine, other := ownerOf(t, "/etc/attache/attache.yaml"), ownerOf(t, "/srv/attache.yaml")
	for name, c := range map[string]struct {
		place  func(path string) // what is there before
		refuse store.Owner       // whose it is not, unless there is none
	}{
		"a database of mine": {func(path string) {
			db, err := store.Open(path, store.Options{})
			must(t, errors.Join(err, db.Take(mine), db.Close()))
		}, other},
		"another machine": {func(string) {}, store.Owner{}},
		"a damaged one":   {func(path string) { must(t, os.WriteFile(path, []byte("garbage"), 0o600)) }, store.Owner{}},
	} {
		from := storetest.Open(t, "")
		must(t, from.Take(other))
		backup := filepath.Join(t.TempDir(), "backup.db")
		must(t, store.SaveCopy(backup, from))
		path := filepath.Join(t.TempDir(), "attache.db")
		c.place(path)
		_, err := store.Restore(path, backup, store.Options{})
		must(t, err)
		db := storetest.Open(t, path)
		must(t, db.Foreign(mine))
		if c.refuse.Path == "" {
			must(t, db.Foreign(other))
		} else if db.Foreign(c.refuse) == nil {
			t.Errorf("%s: the place belongs to whom the backup was made for", name)
		}
	}
}
