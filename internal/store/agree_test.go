package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/store"
)

// raw is what a transaction on a file can do.
type raw interface {
	Get(bucket string, key []byte) ([]byte, error)
	Put(bucket string, key, value []byte) error
	Delete(bucket string, key []byte) error
	Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) error
}

// model does as a file is to do, in the plainest way: a value under the bucket and the key.
type model map[[2]string][]byte

func (m model) Get(bucket string, key []byte) ([]byte, error) {
	return m[[2]string{bucket, string(key)}], nil
}

func (m model) Put(bucket string, key, value []byte) error {
	if len(key) == 0 {
		return errors.New("a key is missing")
	}
	m[[2]string{bucket, string(key)}] = append([]byte{}, value...)
	return nil
}

func (m model) Delete(bucket string, key []byte) error {
	delete(m, [2]string{bucket, string(key)})
	return nil
}

func (m model) Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) error {
	for next := string(from); ; {
		var key string
		found := false
		for k := range m {
			if k[0] == bucket && k[1] >= next && (!found || k[1] < key) {
				key, found = k[1], true
			}
		}
		if !found {
			return nil
		}
		if more, err := fn([]byte(key), m[[2]string{bucket, key}]); err != nil || !more {
			return err
		}
		next = key + "\x00"
	}
}

// step is one thing done in an update; it gives what was seen by it.
type step func(w raw) string

func outcome(parts ...any) string { return fmt.Sprintln(parts...) }

// steps draws what one update does.
func steps(t *rapid.T) []step {
	bucket := rapid.SampledFrom([]string{"x", "y"})
	key := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', 'b', 0xff}), 0, 4)
	value := rapid.SliceOfN(rapid.Byte(), 0, 300)
	one := rapid.Custom(func(t *rapid.T) step {
		b, k, v := bucket.Draw(t, "bucket"), key.Draw(t, "key"), value.Draw(t, "value")
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0, 1:
			return func(w raw) string { return outcome("put", w.Put(b, k, v) == nil) }
		case 2:
			return func(w raw) string { return outcome("delete", w.Delete(b, k)) }
		case 3:
			return func(w raw) string { v, err := w.Get(b, k); return outcome("get", v, v == nil, err) }
		}
		every := rapid.IntRange(1, 3).Draw(t, "every")
		return func(w raw) string { return thin(w, b, k, every) }
	})
	return rapid.SliceOfN(one, 1, 30).Draw(t, "steps")
}

// thin deletes every n-th key from from on while it scans.
func thin(w raw, bucket string, from []byte, n int) string {
	var seen []string
	err := w.Scan(bucket, from, func(k, v []byte) (bool, error) {
		seen = append(seen, fmt.Sprintf("%x=%x", k, v))
		if len(seen)%n == 0 {
			return true, w.Delete(bucket, k)
		}
		return len(seen) < 10, nil
	})
	return outcome("thin", seen, err)
}

func TestRaw_DoesAsTheModel(t *testing.T) {
	undo := errors.New("undo")
	file, plain := bolt(t), model{}
	rapid.Check(t, func(t *rapid.T) {
		todo, back := steps(t), rapid.Bool().Draw(t, "undone")
		do := func(w raw) (seen []string) {
			for _, s := range todo {
				seen = append(seen, s(w))
			}
			return seen
		}
		var seen []string
		err := file.Update(func(w *store.Raw) error {
			if seen = do(w); back {
				return undo
			}
			return nil
		})
		if back != errors.Is(err, undo) || !back && err != nil {
			t.Fatal(err)
		}
		next := maps.Clone(plain)
		if want := do(next); !slices.Equal(seen, want) {
			t.Fatalf("in the file:\n%s\nin the model:\n%s", seen, want)
		}
		if !back {
			plain = next
		}
		var have []string
		if err := file.View(func(r *store.Raw) error { have = all(t, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if want := all(t, plain); !slices.Equal(have, want) {
			t.Fatalf("in the file:\n%s\nin the model:\n%s", have, want)
		}
	})
}

func all(t *rapid.T, r raw) (out []string) {
	for _, b := range []string{"x", "y"} {
		err := r.Scan(b, nil, func(k, v []byte) (bool, error) {
			out = append(out, fmt.Sprintf("%s %x=%x", b, k, v))
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}
