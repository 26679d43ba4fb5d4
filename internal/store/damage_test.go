package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/store"
)

// filled makes a database with trees of several pages, lists of free pages and
// everything else that can be damaged, and returns its bytes and what it holds.
func filled(t testing.TB, path string) (image []byte, held []string) {
	t.Helper()
	db, err := store.Open(path, store.Options{Install: "damaged"})
	must(t, err)
	for i := range 120 {
		r := event.First(synthetic(t, i), event.Author{Via: "cli", Name: "someone"}, time.Unix(int64(i), 0))
		must(t, db.Update(func(tx *store.Tx) error { return edit(tx, r, 3) }))
	}
	must(t, db.Update(func(tx *store.Tx) error {
		body := bytes.Repeat([]byte("BEGIN:VEVENT\r\n"), 2000)
		return errors.Join(
			tx.PutFeedBody("all", store.FeedBody{Plain: body, Gzip: body[:9000], ETag: "a", GzipETag: "b"}),
			tx.PutSources(map[string]event.Source{"source": {Title: "A title"}}),
			tx.PutPublication(store.Publication{Event: "event-000000", Sequence: 1, Hash: "hash"}),
		)
	}))
	must(t, db.SetChannelID("#channel", "C0123"))
	must(t, db.Check())
	held, err = store.Dump(db)
	must(t, err)
	must(t, db.Close())
	image, err = os.ReadFile(path)
	must(t, err)
	return image, held
}

// harms lists ways in which a disk hurts a file: each changes a copy of it.
func harms(image []byte) map[string]func(r *rand.Rand, b []byte) []byte {
	const page = 4096
	used := len(bytes.TrimRight(image, "\x00"))
	at := func(r *rand.Rand) int { return r.IntN(used) }
	pageAt := func(r *rand.Rand, b []byte) []byte { n := at(r) / page * page; return b[n:min(n+page, len(b))] }
	return map[string]func(*rand.Rand, []byte) []byte{
		"a bit flipped": func(r *rand.Rand, b []byte) []byte { b[at(r)] ^= 1 << r.IntN(8); return b },
		"a bit of the head of a page flipped": func(r *rand.Rand, b []byte) []byte {
			b[at(r)/page*page+r.IntN(96)] ^= 1 << r.IntN(8)
			return b
		},
		"a byte replaced":   func(r *rand.Rand, b []byte) []byte { b[at(r)] = byte(r.Uint32()); return b },
		"a page zeroed":     func(r *rand.Rand, b []byte) []byte { clear(pageAt(r, b)); return b },
		"a sector zeroed":   func(r *rand.Rand, b []byte) []byte { n := at(r) / 512 * 512; clear(b[n:min(n+512, len(b))]); return b },
		"a page in another": func(r *rand.Rand, b []byte) []byte { copy(pageAt(r, b), bytes.Clone(pageAt(r, b))); return b },
		"cut off":           func(r *rand.Rand, b []byte) []byte { return b[:at(r)] },
		"garbage in a page": func(r *rand.Rand, b []byte) []byte {
			for i, p := 0, pageAt(r, b); i < len(p); i++ {
				p[i] = byte(r.Uint32())
			}
			return b
		},
		"garbage altogether": func(r *rand.Rand, b []byte) []byte {
			b = b[:at(r)]
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			return b
		},
	}
}

// TestDamage_NeverSilent hurts a database in many ways. It either opens with all
// that it held, the damage having hit what is not used, or is refused as damaged.
func TestDamage_NeverSilent(t *testing.T) {
	t.Parallel()
	cases := lengthtest.Of(8, 25)
	image, held := filled(t, filepath.Join(t.TempDir(), "attache.db"))
	path := filepath.Join(t.TempDir(), "attache.db")
	for name, harm := range harms(image) {
		r := rand.New(rand.NewPCG(1, uint64(len(name))))
		refused := 0
		for i := range cases {
			hurt := harm(r, bytes.Clone(image))
			must(t, os.WriteFile(path, hurt, 0o600))
			if !intact(t, fmt.Sprintf("%s, case %d", name, i), path, i%5 != 0, held) {
				refused++
			}
			after, err := os.ReadFile(path)
			must(t, err)
			if !bytes.Equal(after, hurt) {
				t.Fatalf("%s, case %d: the file was changed", name, i)
			}
		}
		t.Logf("%s: %d of %d refused", name, refused, cases)
	}
}

// intact reports whether the database opens; then it has to hold what it held.
func intact(t *testing.T, name, path string, readOnly bool, held []string) bool {
	t.Helper()
	db, err := store.Open(path, store.Options{ReadOnly: readOnly})
	if err != nil {
		var damaged *store.DamagedError
		if !errors.As(err, &damaged) {
			t.Errorf("%s: %v is no damage", name, err)
		}
		return false
	}
	defer db.Close()
	got, err := store.Dump(db)
	if err != nil || !slices.Equal(got, held) {
		t.Errorf("%s: it opens with %d records of %d, %v", name, len(got), len(held), err)
	}
	if err := db.Check(); err != nil {
		t.Errorf("%s: it opens, but %v", name, err)
	}
	return true
}

// TestDamage_LostRecord takes each record out of a store behind its back.
func TestDamage_LostRecord(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	_, held := filled(t, path)
	e, err := store.OpenBolt(path, store.Writing, time.Second)
	must(t, err)
	defer e.Close()
	undo := errors.New("undo")
	lost := 0
	for _, bucket := range store.Buckets() {
		var keys [][]byte
		must(t, e.View(func(r *store.Raw) error {
			return r.Scan(bucket, nil, func(k, _ []byte) (bool, error) {
				keys = append(keys, bytes.Clone(k))
				return len(keys) < 4, nil
			})
		}))
		for _, k := range keys {
			lost++
			err := e.Update(func(w *store.Raw) error {
				must(t, w.Delete(bucket, k))
				if err := store.Verify(w); err == nil {
					t.Errorf("the loss of %q from %s is not noticed", k, bucket)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
		}
	}
	if lost < 30 {
		t.Errorf("only %d of %d records were taken out", lost, len(held))
	}
}

// TestDamage_RecordUnderAnotherKey moves a record, as a page that points to the
// wrong place does.
func TestDamage_RecordUnderAnotherKey(t *testing.T) {
	t.Parallel()
	e := bolt(t)
	db, err := store.New(e, store.Options{})
	must(t, err)
	must(t, db.Update(func(tx *store.Tx) error { return errors.Join(tx.PutMeta("a", "1"), tx.PutMeta("b", "2")) }))
	must(t, e.Update(func(w *store.Raw) error {
		b, err := w.Get("meta", []byte("b"))
		return errors.Join(err, w.Put("meta", []byte("a"), b))
	}))
	err = db.View(func(tx *store.Tx) error { _, err := tx.Meta("a"); return err })
	var damaged *store.DamagedError
	if !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
	if err := db.Check(); !errors.As(err, &damaged) {
		t.Errorf("Check: %v", err)
	}
	if err := db.Update(func(tx *store.Tx) error { return tx.PutMeta("a", "3") }); !errors.As(err, &damaged) {
		t.Errorf("writing over it: %v", err)
	}
}
