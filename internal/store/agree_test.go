package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/store"
)

// step is one thing done in an update; it gives what was seen by it.
type step func(w store.Writer) string

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
			return func(w store.Writer) string { return outcome("put", w.Put(b, k, v) == nil) }
		case 2:
			return func(w store.Writer) string { return outcome("delete", w.Delete(b, k)) }
		case 3:
			return func(w store.Writer) string { v, err := w.Get(b, k); return outcome("get", v, v == nil, err) }
		}
		every := rapid.IntRange(1, 3).Draw(t, "every")
		return func(w store.Writer) string { return thin(w, b, k, every) }
	})
	return rapid.SliceOfN(one, 1, 30).Draw(t, "steps")
}

// thin deletes every n-th key from from on while it scans.
func thin(w store.Writer, bucket string, from []byte, n int) string {
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

func TestEngine_AgreeWhateverIsDone(t *testing.T) {
	undo := errors.New("undo")
	disk, memory := bolt(t), store.Memory()
	rapid.Check(t, func(t *rapid.T) {
		todo, back := steps(t), rapid.Bool().Draw(t, "undone")
		apply := func(e store.Engine) (seen []string) {
			err := e.Update(func(w store.Writer) error {
				for _, s := range todo {
					seen = append(seen, s(w))
				}
				if back {
					return undo
				}
				return nil
			})
			return append(seen, outcome(err))
		}
		if a, b := apply(disk), apply(memory); !slices.Equal(a, b) {
			t.Fatalf("on disk:\n%s\nin memory:\n%s", a, b)
		}
		if a, b := all(t, disk), all(t, memory); !slices.Equal(a, b) {
			t.Fatalf("on disk:\n%s\nin memory:\n%s", a, b)
		}
	})
}

func all(t *rapid.T, e store.Engine) (out []string) {
	err := e.View(func(r store.Reader) error {
		for _, b := range []string{"x", "y"} {
			err := r.Scan(b, nil, func(k, v []byte) (bool, error) {
				out = append(out, fmt.Sprintf("%s %x=%x", b, k, v))
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
