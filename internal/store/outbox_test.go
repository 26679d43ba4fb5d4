package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// hour returns an instant of a fixed day, so many hours after its beginning.
func hour(n int) time.Time {
	return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour)
}

func itemAt(key, event string, state notice.State, due time.Time) notice.Item {
	return notice.Item{Key: key, Notice: notice.Notice{Event: event, Due: due}, Channel: "console", State: state}
}

// dump returns everything that db holds.
func dump(t testing.TB, db *store.DB) string {
	t.Helper()
	lines, err := store.Dump(db)
	must(t, err)
	return strings.Join(lines, "\n")
}

func putItems(t testing.TB, db *store.DB, items ...notice.Item) {
	t.Helper()
	must(t, db.Update(func(tx *store.Tx) error {
		for _, it := range items {
			if err := tx.PutItem(it); err != nil {
				return err
			}
		}
		return nil
	}))
}

// keys names items in one line.
func keysOf(items []notice.Item) string {
	var out []string
	for _, it := range items {
		out = append(out, it.Key)
	}
	return strings.Join(out, " ")
}

func itemsOf(t testing.TB, db *store.DB, event string) string {
	t.Helper()
	var out []notice.Item
	must(t, db.View(func(tx *store.Tx) (err error) { out, err = tx.ItemsOf(event); return err }))
	return keysOf(out)
}

func TestDue_EachState(t *testing.T) {
	t.Parallel()
	due, next, sweep := hour(10), hour(20), hour(30)
	for _, c := range []struct {
		state   notice.State
		nextTry time.Time
		sweep   []time.Time
		want    time.Time // zero is never
		sending bool
	}{
		{state: notice.Pending, want: due},
		{state: notice.Pending, nextTry: hour(1), want: due},
		{state: notice.Pending, nextTry: next, want: next},
		{state: notice.Sending, nextTry: next, sending: true},
		{state: notice.Unknown, nextTry: next, want: next},
		{state: notice.Sent},
		{state: notice.Sent, sweep: []time.Time{sweep, hour(40)}, want: sweep},
		{state: notice.Merged},
		{state: notice.Dead},
		{state: notice.Superseded},
	} {
		t.Run(fmt.Sprint(c.state, c.nextTry.IsZero(), len(c.sweep)), func(t *testing.T) {
			db := storetest.Temporary(t)
			it := itemAt("a", "talks", c.state, due)
			it.NextTry, it.Sweep = c.nextTry, c.sweep
			putItems(t, db, itemAt("a", "talks", notice.Pending, hour(5)), it) // it was elsewhere before
			got, ok, err := db.Next()
			if err != nil || ok == c.want.IsZero() || !got.Equal(c.want) {
				t.Errorf("Next = %v, %v, %v, want %v", got, ok, err, c.want)
			}
			list, err := db.Sending()
			if err != nil || (keysOf(list) == "a") != c.sending {
				t.Errorf("Sending = %q, %v", keysOf(list), err)
			}
		})
	}
}

func TestDue_InTheOrderOfTime(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	early := time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC) // beyond what nanoseconds can count
	late := time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)
	putItems(t, db,
		itemAt("c", "talks", notice.Pending, hour(2)), itemAt("b", "talks", notice.Pending, hour(2)), itemAt("z", "talks", notice.Pending, hour(1)),
		itemAt("old", "talks", notice.Pending, early), itemAt("far", "talks", notice.Pending, late), itemAt("y", "talks", notice.Pending, time.Unix(-1, 0)),
	)
	for _, c := range []struct {
		now   time.Time
		limit int
		want  string
	}{
		{hour(2), 10, "old y z b c"},
		{hour(2), 3, "old y z"},
		{hour(2), 0, ""},
		{hour(2).Add(-time.Nanosecond), 10, "old y z"},
		{hour(0), 10, "old y"},
		{late, 10, "old y z b c far"},
	} {
		if got, err := db.Due(c.now, c.limit); err != nil || keysOf(got) != c.want {
			t.Errorf("Due(%v, %d) = %q, %v, want %q", c.now, c.limit, keysOf(got), err, c.want)
		}
	}
}

func TestDue_BeyondTheEndsOfTheIndex(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1, 1677, 1678, 2261, 2262, 9999} {
		t.Run(fmt.Sprint(year), func(t *testing.T) {
			db := storetest.Temporary(t)
			putItems(t, db, itemAt("a", "", notice.Pending, time.Date(year, 6, 30, 0, 0, 0, 0, time.UTC)))
			got, err := db.Due(hour(0), 10)
			if err != nil || (len(got) == 1) != (year < 2026) {
				t.Errorf("Due = %q, %v", keysOf(got), err)
			}
		})
	}
}

func TestDue_EmptyOutbox(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	if at, ok, err := db.Next(); ok || err != nil {
		t.Errorf("Next = %v, %v, %v", at, ok, err)
	}
	if list, err := db.Due(hour(1000), 10); len(list) > 0 || err != nil {
		t.Errorf("Due = %v, %v", list, err)
	}
}

func TestItemsOf_Event(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	putItems(t, db,
		itemAt("b", "talks", notice.Pending, hour(1)), itemAt("a", "talks", notice.Sent, hour(1)), itemAt("c", "talks-in-geneva", notice.Pending, hour(1)),
		itemAt("d", "", notice.Pending, hour(1)), itemAt("e", "talk", notice.Pending, hour(1)),
	)
	for event, want := range map[string]string{"talks": "a b", "talks-in-geneva": "c", "": "d", "talk": "e", "tal": "", "never": ""} {
		if got := itemsOf(t, db, event); got != want {
			t.Errorf("ItemsOf(%q) = %q, want %q", event, got, want)
		}
	}
	putItems(t, db, itemAt("b", "talks-in-geneva", notice.Pending, hour(1)))
	if a, b := itemsOf(t, db, "talks"), itemsOf(t, db, "talks-in-geneva"); a != "a" || b != "b c" {
		t.Errorf("after b went from one to the other: %q and %q", a, b)
	}
}

func TestEdit_ChangedAndAdded(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	putItems(t, db, itemAt("a", "talks", notice.Pending, hour(1)), itemAt("b", "talks", notice.Pending, hour(2)))
	must(t, db.Edit([]string{"b", "none", "a", "b"}, func(items []*notice.Item) ([]notice.Item, error) {
		if len(items) != 2 || items[0].Key != "b" || items[1].Key != "a" {
			t.Errorf("%d items are given", len(items))
		}
		items[0].Become(notice.Sending, hour(3), "due")
		return []notice.Item{itemAt("c", "visit", notice.Pending, hour(3))}, nil
	}))
	due, err := db.Due(hour(9), 9)
	sending, err2 := db.Sending()
	if keysOf(due) != "a c" || keysOf(sending) != "b" || errors.Join(err, err2) != nil {
		t.Errorf("due are %q, on their way %q; %v, %v", keysOf(due), keysOf(sending), err, err2)
	}
}

func TestEdit_FailureStoresNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	putItems(t, db, itemAt("a", "talks", notice.Pending, hour(1)))
	wrong := errors.New("wrong")
	for name, c := range map[string]struct {
		fn   func(items []*notice.Item) ([]notice.Item, error)
		want error // nil is any
	}{
		"an error": {func(items []*notice.Item) ([]notice.Item, error) {
			items[0].State = notice.Dead
			return []notice.Item{itemAt("c", "talks", notice.Pending, hour(1))}, wrong
		}, wrong},
		"another key": {func(items []*notice.Item) ([]notice.Item, error) { items[0].Key = "b"; return nil, nil }, nil},
		"no key": {func(items []*notice.Item) ([]notice.Item, error) {
			items[0].State = notice.Dead
			return []notice.Item{{}}, nil
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := dump(t, db)
			if err := db.Edit([]string{"a"}, c.fn); err == nil || c.want != nil && err != c.want {
				t.Errorf("Edit = %v", err)
			}
			if after := dump(t, db); after != before {
				t.Errorf("it was\n%s\nand is\n%s", before, after)
			}
		})
	}
}

// counted returns t as the index by time counts it: all that lies before 1678 is one
// instant there, and so is all that lies after 2261.
func counted(t time.Time) time.Time {
	switch {
	case t.Year() < 1678:
		return time.Date(1677, 12, 31, 0, 0, 0, 0, time.UTC)
	case t.Year() > 2261:
		return time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}

// TestIndexes_FollowWhateverIsDone draws edits and has each of them checked.
func TestIndexes_FollowWhateverIsDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db, err := store.Temporary("")
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[string]notice.Item)
		for range rapid.IntRange(1, 20).Draw(t, "edits") {
			it := anyItem(t)
			it.Key = rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key")
			it.Notice.Event = rapid.SampledFrom([]string{"", "talks", "visit"}).Draw(t, "event")
			want[it.Key] = it
			if err := errors.Join(db.Update(func(tx *store.Tx) error { return tx.PutItem(it) }), db.Check()); err != nil {
				t.Fatal(err)
			}
		}
		end := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		got, err := db.Due(end, 100)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, it := range want {
			if _, ok := it.NextAction(); ok {
				n++
			}
		}
		sorted := slices.IsSortedFunc(got, func(a, b notice.Item) int {
			x, _ := a.NextAction()
			y, _ := b.NextAction()
			return counted(x).Compare(counted(y))
		})
		if len(got) != n || !sorted {
			t.Fatalf("%d items are due, want %d, sorted: %v", len(got), n, sorted)
		}
	})
}

func TestChannelID_IsKept(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	if id, ok, err := db.ChannelID("#diary"); id != "" || ok || err != nil {
		t.Errorf("ChannelID = %q, %v, %v", id, ok, err)
	}
	must(t, db.SetChannelID("#diary", "C1"))
	must(t, db.SetChannelID("#diary", "C2"))
	if id, ok, err := db.ChannelID("#diary"); id != "C2" || !ok || err != nil {
		t.Errorf("ChannelID = %q, %v, %v", id, ok, err)
	}
}

func TestUpdate_ChangingNothingWritesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attache.db")
	db := storetest.Open(t, path)
	write := func() {
		must(t, db.Update(func(tx *store.Tx) error {
			return errors.Join(
				tx.PutBase(event.Event{ID: "talks", Title: "Talks"}), tx.PutMeta("rules", "7a"), tx.DropUnsaid("never", "#dates"),
				tx.PutItem(itemAt("a", "talks", notice.Pending, hour(1))),
			)
		}))
	}
	write()
	before, err := os.ReadFile(path)
	must(t, err)
	write()
	must(t, db.Edit([]string{"a", "none"}, func([]*notice.Item) ([]notice.Item, error) { return nil, nil }))
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
}
