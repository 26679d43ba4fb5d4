package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/store"
)

// bolt returns an empty file.
func bolt(t testing.TB) *store.File {
	t.Helper()
	e, err := store.OpenBolt(filepath.Join(t.TempDir(), "test.db"), store.Scratched, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() }) // the test may have closed it
	return e
}

func TestRaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		test func(*testing.T, *store.File)
	}{
		{"an empty bucket has nothing", emptyBucket},
		{"what was put is there afterwards", putAndGet},
		{"an empty value is not an absent one", emptyValue},
		{"a transaction reads what it wrote", readsOwnWrites},
		{"a view does not see what is written meanwhile", isolation},
		{"an error undoes everything", rollback},
		{"a panic undoes everything and goes on", panics},
		{"a panic in a view leaves the file usable", panicInView},
		{"a scan goes in the order of bytes", scanOrder},
		{"a scan stops when told", scanStops},
		{"keys can be deleted while scanning", deleteWhileScanning},
		{"keys put ahead of a scan are met", putWhileScanning},
		{"a scan of a bucket that is emptied ends", emptiedWhileScanning},
		{"deleting what is not there is no error", deleteAbsent},
		{"keys are checked", badKeys},
		{"long keys and values come back", long},
		{"the slices put may be reused afterwards", reuse},
		{"views run side by side with updates", concurrent},
		{"nothing works after closing", closed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, bolt(t)) })
	}
}

const bucket = "bucket"

func put(t *testing.T, e *store.File, pairs ...string) {
	t.Helper()
	err := e.Update(func(w *store.Raw) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := w.Put(bucket, []byte(pairs[i]), []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// scanned returns what a bucket holds from a key on, as "k=v k=v".
func scanned(t *testing.T, r *store.Raw, from string) string {
	t.Helper()
	var out []string
	err := r.Scan(bucket, []byte(from), func(k, v []byte) (bool, error) {
		out = append(out, string(k)+"="+string(v))
		return true, nil
	})
	if err != nil {
		t.Error(err)
	}
	return strings.Join(out, " ")
}

// holds says what the file has to hold.
func holds(t *testing.T, e *store.File, want string) {
	t.Helper()
	err := e.View(func(r *store.Raw) error {
		if got := scanned(t, r, ""); got != want {
			t.Errorf("it holds %q, want %q", got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func updated(t *testing.T, e *store.File, fn func(w *store.Raw)) {
	t.Helper()
	if err := e.Update(func(w *store.Raw) error { fn(w); return nil }); err != nil {
		t.Fatal(err)
	}
}

// noError fails the test where err is one. Unlike must it may be called in any goroutine.
func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func emptyBucket(t *testing.T, e *store.File) {
	holds(t, e, "")
	updated(t, e, func(w *store.Raw) {
		if v, err := w.Get(bucket, []byte("a")); v != nil || err != nil {
			t.Errorf("Get = %q, %v", v, err)
		}
		if got := scanned(t, w, "a"); got != "" {
			t.Errorf("Scan = %q", got)
		}
	})
}

func putAndGet(t *testing.T, e *store.File) {
	put(t, e, "a", "1", "b", "2")
	put(t, e, "a", "3")
	holds(t, e, "a=3 b=2")
	noError(t, e.View(func(r *store.Raw) error {
		v, err := r.Get(bucket, []byte("a"))
		if string(v) != "3" || err != nil {
			t.Errorf("Get = %q, %v", v, err)
		}
		if v, _ := r.Get("another", []byte("a")); v != nil {
			t.Errorf("another bucket has %q", v)
		}
		return nil
	}))
}

func emptyValue(t *testing.T, e *store.File) {
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Put(bucket, []byte("a"), nil))
		noError(t, w.Put(bucket, []byte("b"), []byte{}))
		for _, k := range []string{"a", "b"} {
			if v, err := w.Get(bucket, []byte(k)); v == nil || len(v) != 0 || err != nil {
				t.Errorf("%s in the update: %v, %v", k, v, err)
			}
		}
	})
	noError(t, e.View(func(r *store.Raw) error {
		for _, k := range []string{"a", "b"} {
			if v, err := r.Get(bucket, []byte(k)); v == nil || len(v) != 0 || err != nil {
				t.Errorf("%s afterwards: %v, %v", k, v, err)
			}
		}
		return nil
	}))
	holds(t, e, "a= b=")
}

func readsOwnWrites(t *testing.T, e *store.File) {
	put(t, e, "a", "1", "b", "2")
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Put(bucket, []byte("c"), []byte("3")))
		noError(t, w.Delete(bucket, []byte("a")))
		noError(t, w.Put(bucket, []byte("b"), []byte("4")))
		if got := scanned(t, w, ""); got != "b=4 c=3" {
			t.Errorf("the update sees %q", got)
		}
		if v, err := w.Get(bucket, []byte("a")); v != nil || err != nil {
			t.Errorf("what was deleted is %q, %v", v, err)
		}
	})
	holds(t, e, "b=4 c=3")
}

func isolation(t *testing.T, e *store.File) {
	put(t, e, "a", "1")
	begun, written := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		noError(t, e.View(func(r *store.Raw) error {
			close(begun)
			<-written
			if got := scanned(t, r, ""); got != "a=1" {
				t.Errorf("the view sees %q", got)
			}
			return nil
		}))
	})
	<-begun
	put(t, e, "a", "2", "b", "3")
	close(written)
	wg.Wait()
	holds(t, e, "a=2 b=3")
}

func rollback(t *testing.T, e *store.File) {
	put(t, e, "a", "1")
	wrong := errors.New("wrong")
	err := e.Update(func(w *store.Raw) error {
		noError(t, w.Put(bucket, []byte("a"), []byte("2")))
		noError(t, w.Put("another", []byte("a"), []byte("2")))
		noError(t, w.Delete(bucket, []byte("a")))
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Errorf("Update = %v", err)
	}
	holds(t, e, "a=1")
	if err := e.View(func(*store.Raw) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("View = %v", err)
	}
}

func panics(t *testing.T, e *store.File) {
	put(t, e, "a", "1")
	func() {
		defer func() {
			if r := recover(); r != "oops" {
				t.Errorf("the panic became %v", r)
			}
		}()
		_ = e.Update(func(w *store.Raw) error { // it panics, and returns nothing
			noError(t, w.Put(bucket, []byte("a"), []byte("2")))
			panic("oops") // it is what is tested
		})
	}()
	holds(t, e, "a=1")
	put(t, e, "b", "2")
	holds(t, e, "a=1 b=2")
}

func panicInView(t *testing.T, e *store.File) {
	func() {
		defer func() { recover() }()
		_ = e.View(func(*store.Raw) error { panic("oops") }) // it panics, and returns nothing
	}()
	put(t, e, "a", "1")
	holds(t, e, "a=1")
}

func scanOrder(t *testing.T, e *store.File) {
	put(t, e, "b", "4", "a\xff", "3", "a", "1", "\x00", "0", "a\x00", "2", "\xff", "5")
	holds(t, e, "\x00=0 a=1 a\x00=2 a\xff=3 b=4 \xff=5")
	noError(t, e.View(func(r *store.Raw) error {
		for from, want := range map[string]string{"a\x00": "a\x00=2 a\xff=3 b=4 \xff=5", "a\x01": "a\xff=3 b=4 \xff=5", "\xff\x00": ""} {
			if got := scanned(t, r, from); got != want {
				t.Errorf("from %q: %q, want %q", from, got, want)
			}
		}
		return nil
	}))
}

func scanStops(t *testing.T, e *store.File) {
	put(t, e, "a", "1", "b", "2", "c", "3")
	wrong := errors.New("wrong")
	noError(t, e.View(func(r *store.Raw) error {
		seen := 0
		noError(t, r.Scan(bucket, nil, func(k, v []byte) (bool, error) { seen++; return seen < 2, nil }))
		err := r.Scan(bucket, nil, func(k, v []byte) (bool, error) { seen++; return true, wrong })
		if seen != 3 || !errors.Is(err, wrong) {
			t.Errorf("%d keys seen, %v", seen, err)
		}
		return nil
	}))
}

// many puts n keys 00000, 00001, …, so many that they need more than one page.
func many(t *testing.T, e *store.File, n int) {
	t.Helper()
	updated(t, e, func(w *store.Raw) {
		for i := range n {
			noError(t, w.Put(bucket, fmt.Appendf(nil, "%05d", i), []byte("a value that takes its place")))
		}
	})
}

func deleteWhileScanning(t *testing.T, e *store.File) {
	const n = 2000
	many(t, e, n)
	var seen []string
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Scan(bucket, nil, func(k, v []byte) (bool, error) {
			seen = append(seen, string(k))
			if len(seen)%3 == 0 {
				return true, nil
			}
			return true, w.Delete(bucket, k)
		}))
	})
	if len(seen) != n || !slices.IsSorted(seen) {
		t.Errorf("%d keys seen, want %d", len(seen), n)
	}
	left := 0
	noError(t, e.View(func(r *store.Raw) error {
		return r.Scan(bucket, nil, func(k, v []byte) (bool, error) { left++; return true, nil })
	}))
	if left != n/3 {
		t.Errorf("%d keys left, want %d", left, n/3)
	}
}

func putWhileScanning(t *testing.T, e *store.File) {
	put(t, e, "a", "1", "c", "1")
	var seen []string
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Scan(bucket, nil, func(k, v []byte) (bool, error) {
			seen = append(seen, string(k))
			if string(k) == "a" {
				noError(t, w.Put(bucket, []byte("A"), []byte("behind")))
				noError(t, w.Put(bucket, []byte("b"), []byte("ahead")))
				noError(t, w.Delete(bucket, []byte("c")))
			}
			return true, nil
		}))
	})
	if !slices.Equal(seen, []string{"a", "b"}) {
		t.Errorf("the scan met %q", seen)
	}
	holds(t, e, "A=behind a=1 b=ahead")
}

func emptiedWhileScanning(t *testing.T, e *store.File) {
	many(t, e, 500)
	seen := 0
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Scan(bucket, nil, func(k, v []byte) (bool, error) {
			seen++
			for i := range 500 {
				noError(t, w.Delete(bucket, fmt.Appendf(nil, "%05d", i)))
			}
			return true, nil
		}))
	})
	if seen != 1 {
		t.Errorf("%d keys seen", seen)
	}
	holds(t, e, "")
}

func deleteAbsent(t *testing.T, e *store.File) {
	updated(t, e, func(w *store.Raw) {
		noError(t, w.Delete("never", []byte("a")))
		noError(t, w.Put(bucket, []byte("b"), nil))
		noError(t, w.Delete(bucket, []byte("a")))
		noError(t, w.Delete(bucket, nil))
	})
	holds(t, e, "b=")
}

func badKeys(t *testing.T, e *store.File) {
	updated(t, e, func(w *store.Raw) {
		for _, k := range [][]byte{nil, {}, bytes.Repeat([]byte("k"), store.MaxKeyLength+1)} {
			if err := w.Put(bucket, k, []byte("v")); err == nil {
				t.Errorf("a key of %d bytes is taken", len(k))
			}
		}
		if err := w.Put("", []byte("k"), nil); err == nil {
			t.Error("a bucket with no name is taken")
		}
		if v, err := w.Get(bucket, nil); v != nil || err != nil {
			t.Errorf("no key gives %q, %v", v, err)
		}
	})
	holds(t, e, "")
}

func long(t *testing.T, e *store.File) {
	key, value := bytes.Repeat([]byte("k"), store.MaxKeyLength), bytes.Repeat([]byte("v"), 3<<20)
	updated(t, e, func(w *store.Raw) { noError(t, w.Put(bucket, key, value)) })
	noError(t, e.View(func(r *store.Raw) error {
		if v, err := r.Get(bucket, key); !bytes.Equal(v, value) || err != nil {
			t.Errorf("%d bytes come back, %v", len(v), err)
		}
		return nil
	}))
}

func reuse(t *testing.T, e *store.File) {
	key, value := []byte("a"), []byte("1")
	updated(t, e, func(w *store.Raw) { noError(t, w.Put(bucket, key, value)) })
	key[0], value[0] = 'x', 'x'
	holds(t, e, "a=1")
}

// concurrent has readers see, while a writer moves an amount from one key to the
// other, that the sum stays the same.
func concurrent(t *testing.T, e *store.File) {
	const total = 40
	put(t, e, "a", strings.Repeat("x", total), "b", "")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				noError(t, e.View(func(r *store.Raw) error {
					a, _ := r.Get(bucket, []byte("a"))
					b, _ := r.Get(bucket, []byte("b"))
					if len(a)+len(b) != total {
						t.Errorf("a view sees %d and %d", len(a), len(b))
					}
					return nil
				}))
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range total / 2 {
				updated(t, e, func(w *store.Raw) {
					a, _ := w.Get(bucket, []byte("a"))
					b, _ := w.Get(bucket, []byte("b"))
					noError(t, w.Put(bucket, []byte("a"), a[:len(a)-1]))
					noError(t, w.Put(bucket, []byte("b"), append(bytes.Clone(b), 'x')))
				})
			}
		})
	}
	wg.Wait()
	holds(t, e, "a= b="+strings.Repeat("x", total))
}

func closed(t *testing.T, e *store.File) {
	put(t, e, "a", "1")
	noError(t, e.Close())
	ran := false
	if err := e.View(func(*store.Raw) error { ran = true; return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View = %v", err)
	}
	if err := e.Update(func(*store.Raw) error { ran = true; return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Update = %v", err)
	}
	if ran {
		t.Error("a transaction ran")
	}
	noError(t, e.Close())
}
