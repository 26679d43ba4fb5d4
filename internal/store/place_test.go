//go:build unix

package store_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

func TestOpen_NoFile(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(path string) error{
		"a pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "attache.db")
			must(t, make(path))
			for _, o := range []store.Options{{}, {ReadOnly: true}} {
				_, err := store.Open(path, o)
				var damaged *store.DamagedError
				if err == nil || errors.As(err, &damaged) || !strings.Contains(err.Error(), path+" is not a file") {
					t.Errorf("Open = %v", err)
				}
			}
		})
	}
}

func TestMark_NotLegible(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\x00\x00\x00\x00", "../../etc", strings.Repeat("a", 65)} {
		path := filepath.Join(t.TempDir(), "attache.db")
		must(t, os.WriteFile(path+".id", []byte(text), 0o600))
		if _, err := store.Open(path, store.Options{}); !errors.Is(err, store.ErrGone) {
			t.Errorf("the mark %q: Open = %v", text, err)
		}
		db, err := store.Open(path, store.Options{Fresh: true})
		must(t, err)
		mark, err := os.ReadFile(path + ".id")
		if err != nil || len(db.Install()) < 26 || string(mark) != db.Install()+"\n" {
			t.Errorf("after %q the installation is %q and the mark %q, %v", text, db.Install(), mark, err)
		}
		storetest.Check(t, db)
	}
}

func TestInstall_NameIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Upper", "with space", "a@b", "a.b", strings.Repeat("a", 65)} {
		path := filepath.Join(t.TempDir(), "attache.db")
		if _, err := store.Open(path, store.Options{Install: name}); err == nil {
			t.Errorf("%q is taken", name)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%q is refused, but the database was made", name)
		}
	}
}

func TestInstall_NamesDiffer(t *testing.T) {
	t.Parallel()
	domains := make(map[string]bool)
	letters := make(map[rune]bool)
	for range 200 {
		db, err := store.Temporary("")
		must(t, err)
		domains[db.Domain()] = true
		for _, r := range strings.TrimSuffix(db.Domain(), ".attache") {
			letters[r] = true
		}
	}
	if len(domains) != 200 || len(letters) != 32 {
		t.Errorf("200 installations have %d domains of %d letters", len(domains), len(letters))
	}
}

// TestDamage_PagesInUse has pages damaged under an open
// database, of which a check has to come back.
func TestDamage_PagesInUse(t *testing.T) {
	t.Parallel()
	reported := 0
	whole := filepath.Join(t.TempDir(), "attache.db")
	db, err := store.Open(whole, store.Options{})
	must(t, err)
	for n := 1; n <= 30; n++ {
		putRevisions(t, db, revision("talks", n))
	}
	must(t, db.Close())
	for seed := range uint64(60) {
		path := filepath.Join(t.TempDir(), "attache.db")
		must(t, os.WriteFile(path, image(t, whole), 0o600))
		db, err := store.Open(path, store.Options{ReadOnly: true})
		must(t, err)
		rot(t, path, rand.New(rand.NewPCG(seed, 1)))
		var damaged *store.DamagedError
		if err := db.Check(); errors.As(err, &damaged) {
			reported++
		} else if err != nil {
			t.Errorf("Check = %v", err)
		}
		must(t, db.Close())
		must(t, os.Remove(path))
	}
	if reported < 40 {
		t.Errorf("%d of 60 are reported", reported)
	}
}

// rot changes the beginnings of some pages, but not of the two heads.
func rot(t *testing.T, path string, r *rand.Rand) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	for page := int64(2); page < 40; page++ {
		if r.IntN(3) > 0 {
			continue
		}
		b := make([]byte, 1+r.IntN(16))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		_, err := f.WriteAt(b, page*int64(os.Getpagesize())+r.Int64N(48))
		must(t, err)
	}
}

// A command that root runs leaves nothing behind that the service, another user, can't open.
func TestOwner_OfWhatRootMakes(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	const service = 61000
	folder := t.TempDir()
	path := store.Path(folder)
	must(t, os.Chown(folder, service, service))
	db, err := store.Open(path, store.Options{})
	must(t, err)
	copied := filepath.Join(t.TempDir(), "copy.db")
	must(t, store.SaveCopy(copied, db))
	_, err = db.Compact()
	must(t, errors.Join(err, db.Close()))
	_, err = store.Restore(path, copied, store.Options{})
	must(t, err)
	files, err := os.ReadDir(folder)
	must(t, err)
	for _, f := range append(files, nil) {
		at, want := copied, uint32(0)
		if f != nil {
			at, want = filepath.Join(folder, f.Name()), service
		}
		info, err := os.Stat(at)
		must(t, err)
		if got := info.Sys().(*syscall.Stat_t).Uid; got != want {
			t.Errorf("%s belongs to %d, not to %d", at, got, want)
		}
	}
}
