package store_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/store/storetest"
	"attache/internal/when"
)

var (
	anyText  = rapid.String()
	anyTexts = rapid.OneOf(rapid.Just([]string(nil)), rapid.Just([]string{}), rapid.SliceOfN(anyText, 1, 3))
	anyID    = rapid.StringMatching(`[a-z]{1,8}(-[a-z]{1,8}){0,2}`)
	anyZone  = rapid.SampledFrom([]string{"", "UTC", "Asia/Shanghai", "America/New_York"})
	anySays  = rapid.SampledFrom([]string{
		"tbd", "2026-02-17", "2026-02", "2026-23", "2026", "at 2025-11-10 00:01 America/New_York", "2026-01-01/2026-02-16",
		"[2026-01-01..2026-02-16]", "from 2025-10-26 lasting 5 days", "by 2026-05-01", "after 2026-05", "not before 2026-05-01",
	})
)

// anyTime draws an instant that JSON can hold, in some zone, or none at all.
var anyTime = rapid.Custom(func(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "none") {
		return time.Time{}
	}
	at := time.Unix(rapid.Int64Range(-1e10, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
	return at.In(time.FixedZone("somewhere", rapid.IntRange(-12, 14).Draw(t, "offset")*3600))
})

var anyDate = rapid.Custom(func(t *rapid.T) civil.Date {
	if rapid.Bool().Draw(t, "none") {
		return civil.Date{}
	}
	return civil.Date{Year: 1000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3_000_000).Draw(t, "days"))
})

// anyStruct draws values for the fields of v that are of a type that is drawn here;
// what v holds already stays.
func anyStruct[T any](t *rapid.T, v *T) {
	s := reflect.ValueOf(v).Elem()
	for i := range s.NumField() {
		f, name := s.Field(i), s.Type().Field(i).Name
		switch p := f.Addr().Interface().(type) {
		case *string:
			*p = anyText.Draw(t, name)
		case *int:
			*p = rapid.IntRange(-5, 1<<40).Draw(t, name)
		case *[]string:
			*p = anyTexts.Draw(t, name)
		case *[]byte:
			*p = rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOf(rapid.Byte())).Draw(t, name)
		case *time.Time:
			*p = anyTime.Draw(t, name)
		case *civil.Date:
			*p = anyDate.Draw(t, name)
		default:
			if f.Kind() == reflect.String {
				f.SetString(anyText.Draw(t, name))
			}
		}
	}
}

func drawn[T any](t *rapid.T) (v T) {
	anyStruct(t, &v)
	return v
}

// several draws nil, an empty list, or one of some elements.
func several[T any](t *rapid.T, what string, one func(*rapid.T) T) []T {
	n := rapid.IntRange(-1, 3).Draw(t, what)
	if n < 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = one(t)
	}
	return out
}

func anyEvent(t *rapid.T) event.Event {
	e := drawn[event.Event](t)
	e.ID, e.Zone = anyID.Draw(t, "ID"), anyZone.Draw(t, "Zone")
	e.When = several(t, "When", func(t *rapid.T) event.Statement {
		s := drawn[event.Statement](t)
		var err error
		if s.Expr, err = when.Parse(anySays.Draw(t, "says")); err != nil {
			t.Fatal(err)
		}
		return s
	})
	e.Links = several(t, "Links", drawn[event.Link])
	e.Sources = several(t, "Sources", drawn[event.Citation])
	if rapid.Bool().Draw(t, "conditional") {
		e.If = new(event.Condition)
		if rapid.Bool().Draw(t, "on something") {
			*e.If = drawn[event.Condition](t)
		}
	}
	if rapid.Bool().Draw(t, "own leads") {
		leads := anyTexts.Draw(t, "Remind")
		e.Remind = &leads
	}
	e.Origin = drawn[event.Position](t)
	return e
}

func anyItem(t *rapid.T) notice.Item {
	it := drawn[notice.Item](t)
	it.Key = rapid.StringN(1, 20, 60).Draw(t, "Key")
	it.State = rapid.SampledFrom([]notice.State{
		notice.Pending, notice.Sending, notice.Unknown, notice.Sent, notice.Merged, notice.Dead, notice.Superseded,
	}).Draw(t, "State")
	it.Notice = drawn[notice.Notice](t)
	it.Notice.Event = rapid.OneOf(rapid.Just(""), anyID).Draw(t, "Event")
	it.Audit = anyTime.Draw(t, "audit")
	it.Sweep = several(t, "Sweep", func(t *rapid.T) time.Time { return anyTime.Draw(t, "sweep") })
	it.History = several(t, "History", drawn[notice.Attempt])
	return it
}

// alike reports whether a and b say the same: instants in whatever zone, and a list
// without elements and none, are the same.
func alike(a, b reflect.Value) bool {
	if at, ok := a.Interface().(time.Time); ok {
		return at.Equal(b.Interface().(time.Time)) && b.Interface().(time.Time).Location() == time.UTC
	}
	if x, ok := a.Interface().(when.Expr); ok {
		return x == b.Interface().(when.Expr)
	}
	switch a.Kind() {
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !alike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		return reflect.DeepEqual(a.Interface(), b.Interface())
	case reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || alike(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() && !alike(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// comesBack writes v and reads it again, in a database of its own.
func comesBack[T any](t *rapid.T, v T, put func(*store.Tx) error, get func(*store.Tx) (T, bool, error)) T {
	db, err := store.Temporary("")
	if err == nil {
		err = db.Update(put)
	}
	if err != nil {
		t.Fatalf("%+v is not taken: %v", v, err)
	}
	var back T
	err = db.View(func(tx *store.Tx) error {
		var ok bool
		if back, ok, err = get(tx); err == nil && !ok {
			t.Fatalf("%+v is not there", v)
		}
		return err
	})
	if err == nil {
		err = db.Check()
	}
	if err != nil {
		t.Fatalf("%+v is kept as what can't be read: %v", v, err)
	}
	if !alike(reflect.ValueOf(v), reflect.ValueOf(back)) {
		t.Fatalf("%+v\ncomes back as\n%+v", v, back)
	}
	return back
}

func TestRoundTrip_Events(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		back := comesBack(t, e, func(tx *store.Tx) error { return tx.PutBase(e) }, func(tx *store.Tx) (event.Event, bool, error) { return tx.Base(e.ID) })
		if changed := event.Changed(e, back); len(changed) > 0 {
			t.Fatalf("%q changed in %+v", changed, back)
		}
	})
}

func TestRoundTrip_Revisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawn[event.Revision](t)
		r.Event, r.Number, r.Author = anyEvent(t), 1, drawn[event.Author](t)
		comesBack(t, r, func(tx *store.Tx) error { return tx.PutRevision(r) }, func(tx *store.Tx) (event.Revision, bool, error) {
			s, ok, err := tx.Current(r.Event.ID)
			return s.Revision, ok, err
		})
	})
}

func TestRoundTrip_Items(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		comesBack(t, it, func(tx *store.Tx) error { return tx.PutItem(it) }, func(tx *store.Tx) (notice.Item, bool, error) { return tx.Item(it.Key) })
	})
}

func TestRoundTrip_SourcesPublicationsAndFeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawn[event.Source](t)
		src.Key = rapid.StringN(1, 10, 40).Draw(t, "Key")
		comesBack(t, src, func(tx *store.Tx) error { return tx.PutSources(map[string]event.Source{src.Key: src}) },
			func(tx *store.Tx) (event.Source, bool, error) {
				all, err := tx.Sources()
				got, ok := all[src.Key]
				return got, ok, err
			})
		p := drawn[store.Publication](t)
		p.Event = anyID.Draw(t, "Event")
		comesBack(t, p, func(tx *store.Tx) error { return tx.PutPublication(p) },
			func(tx *store.Tx) (store.Publication, bool, error) { return tx.Publication(p.Event) })
		f, name := drawn[store.FeedBody](t), anyText.Draw(t, "name")
		comesBack(t, f, func(tx *store.Tx) error { return tx.PutFeedBody(name, f) },
			func(tx *store.Tx) (store.FeedBody, bool, error) { return tx.FeedBody(name) })
		theirs := drawn[store.Followed](t)
		comesBack(t, theirs, func(tx *store.Tx) error { return tx.PutFollowed(name, theirs) },
			func(tx *store.Tx) (store.Followed, bool, error) { return tx.Followed(name) })
	})
}

func TestRoundTrip_OwnLeads(t *testing.T) {
	t.Parallel()
	none, some := []string{}, []string{"7d"}
	var null []string
	for name, c := range map[string]struct{ put, want *[]string }{
		"those of its kind":  {nil, nil},
		"an empty list":      {&none, &none},
		"a list that is not": {&null, &none},
		"leads of its own":   {&some, &some},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Temporary(t)
			must(t, db.Update(func(tx *store.Tx) error { return tx.PutBase(event.Event{ID: "talks", Remind: c.put}) }))
			must(t, db.View(func(tx *store.Tx) error {
				e, _, err := tx.Base("talks")
				if !reflect.DeepEqual(e.Remind, c.want) {
					t.Errorf("Remind = %v, want %v", e.Remind, c.want)
				}
				return err
			}))
		})
	}
}

func TestPut_WhatCouldNotBeReadAgain(t *testing.T) {
	t.Parallel()
	early := civil.Date{Year: 999, Month: 1, Day: 1}
	for name, put := range map[string]func(*store.Tx) error{
		"a source of a year that no date has": func(tx *store.Tx) error {
			return tx.PutSources(map[string]event.Source{"annals": {Published: early}})
		},
		"a citation seen then": func(tx *store.Tx) error {
			return tx.PutBase(event.Event{ID: "talks", Sources: []event.Citation{{Seen: early}}})
		},
		"a statement that says nothing": func(tx *store.Tx) error {
			return tx.PutRevision(event.Revision{Event: event.Event{ID: "talks", When: []event.Statement{{}}}, Number: 1})
		},
		"an id with a zero byte":     func(tx *store.Tx) error { return tx.PutBase(event.Event{ID: "talks\x00"}) },
		"an instant that JSON lacks": func(tx *store.Tx) error { return tx.PutItem(itemAt("a", "", notice.Pending, time.Unix(1<<40, 0))) },
		"an item with no key":        func(tx *store.Tx) error { return tx.PutItem(itemAt("", "talks", notice.Pending, hour(0))) },
		"an event with a zero byte":  func(tx *store.Tx) error { return tx.PutItem(itemAt("a", "b\x00c", notice.Pending, hour(0))) },
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Temporary(t)
			if err := db.Update(put); err == nil {
				t.Error("it is taken")
			}
		})
	}
}
