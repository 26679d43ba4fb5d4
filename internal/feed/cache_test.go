package feed

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/maphash"
	"io"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// TestState_EveryPart changes each field of an entry and sees that its
// state changes with it, so that nothing stale is published.
func TestState_EveryPart(t *testing.T) {
	unpublished := []string{"Origin", "Foreign", "People", "Remind", "If", "Revision", "Modified", "Series", "Contradictions", "Warnings", "Event", "Calendar", "Duplicates", "Had", "Audience"}
	seed := maphash.MakeSeed()
	of := func(e agenda.Entry) uint64 { return maphash.Bytes(seed, appendState(nil, &e)) }
	var e agenda.Entry
	before := of(e)
	try := func(v reflect.Value) {
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if !v.Type().Field(i).IsExported() || slices.Contains(unpublished, name) {
				continue
			}
			old := reflect.New(v.Field(i).Type()).Elem()
			old.Set(v.Field(i))
			change(v.Field(i))
			if of(e) == before {
				t.Errorf("a change of %s is not seen", name)
			}
			v.Field(i).Set(old)
		}
	}
	try(reflect.ValueOf(&e).Elem())
	try(reflect.ValueOf(&e.Event).Elem())
	try(reflect.ValueOf(&e.Window).Elem())
}

// change makes v something else.
func change(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Unix(1, 0)
	case *when.Bound:
		*x = when.Bound{Day: civil.Date{Year: 2026, Month: 1, Day: 1}}
	case *bool:
		*x = !*x
	case *[]string:
		*x = []string{"x"}
	case *[]agenda.Conflict:
		*x = []agenda.Conflict{{Steps: []agenda.Step{{Says: "x"}}}}
	case *agenda.Past:
		x.Was = "x"
	case *when.Window:
		x.Zone = "UTC"
	case *[]event.Statement:
		*x = make([]event.Statement, 1)
	default:
		switch v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		case reflect.Int:
			v.SetInt(7)
		}
	}
}

func TestCache_SameOctets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, c := many(rapid.IntRange(0, 200).Draw(t, "events"))
		f := Feed{Name: "all", Options: Options{Windows: rapid.SampledFrom([]Windows{Edges, Spans}).Draw(t, "windows")}}
		cache := NewCache()
		for i := range rapid.IntRange(1, 6).Draw(t, "edits") {
			if len(items) > 0 {
				k := rapid.IntRange(0, len(items)-1).Draw(t, fmt.Sprint("event of edit ", i))
				switch rapid.IntRange(0, 3).Draw(t, fmt.Sprint("edit ", i)) {
				case 0:
					items = slices.Delete(items, k, k+1)
				case 1:
					items[k].Entry.Title += "!"
					items[k].Sequence++
				case 2:
					items[k].Entry.Window.Earliest.Day = items[k].Entry.Window.Earliest.Day.AddDays(-40)
				case 3:
					items[k].Entry.Links = []event.Link{{Rel: event.Follows, To: items[len(items)-1].Entry.ID}}
				}
			}
			anew, _ := NewLayout(f, items, c, cache).Render()
			once, _ := NewLayout(f, items, c, nil).Render()
			if !bytes.Equal(anew.Plain, once.Plain) || !bytes.Equal(anew.Gzip, once.Gzip) || anew.ETag != once.ETag || anew.GzipETag != once.GzipETag {
				t.Fatal("the feeds differ")
			}
			r, err := gzip.NewReader(bytes.NewReader(anew.Gzip))
			if err != nil {
				t.Fatal(err)
			}
			r.Multistream(false)
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, anew.Plain) {
				t.Fatalf("compressed it is another: %v", err)
			}
		}
	})
}

// BenchmarkOneChange publishes a feed of which one event changed, beside making it at once.
func BenchmarkOneChange(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000, 100_000} {
		items, c := many(n)
		list := items
		f := Feed{Name: "all", Title: "Diplomatic calendar", Options: Options{Windows: Spans}}
		b.Run(fmt.Sprint("one/", n), func(b *testing.B) {
			cache := NewCache()
			body, _ := NewLayout(f, list, c, cache).Render()
			b.SetBytes(int64(len(body.Plain)))
			for i := 0; b.Loop(); i++ {
				items[n/2].Entry.Title = fmt.Sprint("Example talks, edit ", i)
				items[n/2].Sequence++
				l := NewLayout(f, list, c, cache)
				l.Fingerprint(list[n/2])
				l.Render()
			}
		})
		b.Run(fmt.Sprint("all/", n), func(b *testing.B) {
			for b.Loop() {
				l := NewLayout(f, list, c, nil)
				for _, it := range list {
					l.Fingerprint(it)
				}
				l.Render()
			}
		})
	}
}
