package store_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample fills a store with one of everything.
func sample(t testing.TB, e *store.File) *store.DB {
	t.Helper()
	db, err := store.New(e, store.Options{Install: "abcdefghijklmnopqrstuvwxy"})
	must(t, err)
	next := wholeRevision(t)
	next.Number, next.At, next.Event.Reason = 2, at(10, 0), "confirmed"
	bare := event.Revision{Event: event.Event{ID: "bare-event"}, Number: 1, At: at(11, 0)}
	pending := wholeItem()
	pending.Key, pending.State, pending.Notice.Event = "digestkey", "pending", ""
	sending := wholeItem()
	sending.Key, sending.State = "sendingkey", "sending"
	must(t, db.Update(func(tx *store.Tx) error {
		return errors.Join(
			tx.PutRevision(wholeRevision(t)), tx.PutRevision(next), tx.PutRevision(bare),
			tx.PutBase(whole(t)), tx.PutSources(map[string]event.Source{"paper": wholeSource()}),
			tx.PutItem(wholeItem()), tx.PutItem(pending), tx.PutItem(sending),
			tx.PutWindow("whole-event", 2, wholeWindow()), tx.PutMove(wholeMove()),
			tx.PutUnsaid("whole-event", "#dates", wholeWindow()), tx.Leave(event.Event{ID: "left-event", Title: "Gone"}),
			tx.PutAnswered("whole-event"), tx.PutPress("T1/U1", store.Press{At: at(9, 0), Event: "whole-event", Revision: 2}), tx.PutHandled(wholeHandled()),
			tx.PutPublication(wholePublication()), tx.PutFeedBody("all", wholeFeed()), tx.PutFollowed("theirs", wholeFollowed()), tx.PutMeta("rules", "0123"),
		)
	}))
	must(t, db.SetChannelID("#dates", "C0123"))
	must(t, db.Check())
	return db
}

// TestLayout prints every record of a small store. Where the golden
// file changes, databases that exist can't be read any more: add a step to a new
// schema.
func TestLayout(t *testing.T) {
	t.Parallel()
	lines, err := store.Dump(sample(t, bolt(t)))
	must(t, err)
	golden(t, "testdata/layout.golden", strings.Join(lines, "\n")+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	must(t, err)
	if got != string(want) {
		t.Errorf("%s differs; it has become:\n%s", name, got)
	}
}

// TestSchema puts the records of the golden file of each schema into an engine and reads
// them as what they meant. These files are never written again: a new schema gets one of
// its own.
func TestSchema(t *testing.T) {
	t.Parallel()
	for file, then := range map[string]struct {
		event       func(event.Event) event.Event
		item        func(notice.Item) notice.Item
		publication store.Publication
		putOff      bool // there was a place for it
		answers     bool // likewise, and for who they are from
	}{
		"testdata/schema-1.golden": {
			earlier, earlierItem, store.Publication{Event: "whole-event", Sequence: 3, Stamp: at(9, 0), Hash: "0123abcd"}, false, false,
		},
		"testdata/schema-2.golden": {
			unfollowed, unmissed, wholePublication(), false, false,
		},
		"testdata/schema-3.golden": {
			open, untold, wholePublication(), true, false,
		},
		"testdata/schema-4.golden": {
			func(e event.Event) event.Event { return e }, func(it notice.Item) notice.Item { return it }, wholePublication(), true, true,
		},
	} {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".golden"), func(t *testing.T) {
			if _, err := os.Stat(file); *update && errors.Is(err, os.ErrNotExist) {
				lines, err := store.Dump(sample(t, bolt(t)))
				must(t, err)
				must(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
			}
			text, err := os.ReadFile(file)
			must(t, err)
			e := bolt(t)
			must(t, store.Load(e, string(text)))
			db, err := store.New(e, store.Options{})
			must(t, err)
			must(t, db.Check())
			by, paper := wholeAuthor(), wholeSource()
			if paper.Own = then.answers; !then.answers {
				by = event.Author{Via: "file", Name: "events/whole.yaml:3"}
			}
			must(t, db.View(func(tx *store.Tx) error {
				s, _, err := tx.Current("whole-event")
				must(t, err)
				second := wholeRevision(t)
				second.Event, second.PutOff, second.Author = then.event(second.Event), then.putOff, by
				second.Number, second.At, second.Event.Reason = 2, at(10, 0), "confirmed"
				same(t, s, store.Stored{Revision: second, Created: at(9, 0)})
				first, _, err := tx.Revision("whole-event", 1)
				before := wholeRevision(t)
				before.Event, before.PutOff, before.Author = then.event(before.Event), then.putOff, by
				same(t, first, before, err)
				bare, _, err := tx.Current("bare-event")
				same(t, bare.Revision.Event, event.Event{ID: "bare-event"}, err)
				base, _, err := tx.Base("whole-event")
				same(t, base, then.event(whole(t)), err)
				if then.answers {
					left, _, err := tx.Left("left-event")
					same(t, left, event.Event{ID: "left-event", Title: "Gone"}, err)
					press, _, err := tx.Press("T1/U1")
					same(t, press, store.Press{At: at(9, 0), Event: "whole-event", Revision: 2}, err)
					handled, err := tx.AllHandled()
					same(t, handled, []store.Handled{wholeHandled()}, err)
				}
				item, _, err := tx.Item("itemkey")
				same(t, item, then.item(wholeItem()), err)
				sources, err := tx.Sources()
				same(t, sources, map[string]event.Source{"paper": paper}, err)
				p, _, err := tx.Publication("whole-event")
				same(t, p, then.publication, err)
				f, _, err := tx.FeedBody("all")
				same(t, f, wholeFeed(), err)
				changes, err := tx.Changes(1, 1)
				same(t, changes, []store.ChangeRecord{{
					Seq: 2, Event: "whole-event", Revision: 2, At: at(10, 0),
					Author: by, Fields: []string{"when", "status"},
				}}, err)
				due, err := tx.Due(at(9, 0).Add(time.Hour), 5)
				if len(due) != 2 || err != nil {
					t.Errorf("%d are due, %v", len(due), err)
				}
				return nil
			}))
			id, _, err := db.ChannelID("#dates")
			same(t, id, "C0123", err)
		})
	}
}

// same says where got is not want, or there was an error.
func same(t *testing.T, got, want any, errs ...error) {
	t.Helper()
	must(t, errors.Join(errs...))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// earlierItem returns an item as the first schema kept it.
func earlierItem(it notice.Item) notice.Item {
	it = unmissed(it)
	it.Thread, it.Root = "", "" // there were no replies and no cards yet
	it.Notice.Moved, it.Notice.Rearmed, it.Notice.Dropped, it.Notice.Follows = false, 0, 0, nil
	it.Result, it.Refused, it.Resent = "", false, false
	it.Claimed, it.Doubt = it.History[0].At, it.NextTry // as its history and its state tell
	return it
}

// untold returns an item as it was kept before a card kept its first words, what arrived was
// looked for once more after a restart, too, and a notice named the other events that it is about.
func untold(it notice.Item) notice.Item {
	it.Told, it.Audit, it.Notice.With = nil, time.Time{}, nil
	return it
}

// unmissed returns an item as it was kept before any was told as missed.
func unmissed(it notice.Item) notice.Item {
	it = untold(it)
	it.Notice.Missed = ""
	it.Notice.Was, it.Notice.Cause = when.Window{}, "" // nor what a receiver was told before
	return it
}
