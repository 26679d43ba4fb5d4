package storetest

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// Engine has a machine write, change and delete one of everything through an empty log, and
// others follow it: one entry by entry, one at the end, one from a snapshot on, and one that
// takes over. Each has to hold the same, checked whole.
func Engine(t *testing.T, log store.Log) {
	t.Helper()
	leader, term := lead(t, log, filepath.Join(t.TempDir(), "leader.db"))
	beside := follow(t, log)
	for i, write := range everything() {
		must(t, leader.Update(write))
		must(t, beside.CatchUp(t.Context()))
		same(t, fmt.Sprint("after step ", i), leader, beside.DB)
	}
	late := follow(t, log)
	same(t, "from the beginning of the log", leader, late.DB)
	must(t, leader.Keep(t.Context()))
	for _, write := range everything() {
		must(t, leader.Update(write))
	}
	behind := follow(t, log)
	same(t, "from a snapshot", leader, behind.DB)
	must(t, late.CatchUp(t.Context()))
	same(t, "a snapshot in the place of what it had", leader, late.DB)
	must(t, term.Resign(t.Context()))
	next, err := log.Lead(t.Context())
	must(t, err)
	must(t, behind.Lead(t.Context(), next))
	if err := leader.Update(everything()[0]); !errors.Is(err, store.ErrDeposed) {
		t.Errorf("who resigned wrote: %v", err)
	}
	for _, write := range everything() {
		must(t, behind.Update(write))
	}
	must(t, beside.CatchUp(t.Context()))
	same(t, "after another one took over", behind.DB, beside.DB)
	for _, db := range []*store.DB{leader, beside.DB, late.DB, behind.DB} {
		Check(t, db)
	}
	must(t, next.Resign(t.Context()))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func lead(t *testing.T, log store.Log, path string) (*store.DB, store.Term) {
	t.Helper()
	term, err := log.Lead(t.Context())
	must(t, err)
	db, err := store.Open(path, store.Options{Log: log, Term: term})
	must(t, err)
	return db, term
}

func follow(t *testing.T, log store.Log) *store.Replica {
	t.Helper()
	r, err := store.Follow(t.Context(), filepath.Join(t.TempDir(), "follower.db"), log, store.Options{})
	must(t, err)
	return r
}

// same fails the test where two databases of one log do not hold the same, but for the feeds.
func same(t *testing.T, what string, a, b *store.DB) {
	t.Helper()
	if one, other := held(t, a), held(t, b); one != other {
		t.Fatalf("%s: one holds\n%s\nthe other\n%s", what, one, other)
	}
	must(t, b.Check())
}

// held returns what db holds as its readers get it.
func held(t *testing.T, db *store.DB) string {
	t.Helper()
	var out strings.Builder
	say := func(v any, err error) error { fmt.Fprintf(&out, "%+v\n", v); return err }
	must(t, db.View(func(tx *store.Tx) error {
		return errors.Join(
			tx.Events(func(s store.Stored) error { return say(s, nil) }),
			tx.Bases(func(e event.Event) error { return say(e, nil) }),
			tx.Items(func(it notice.Item) error { return say(it, nil) }),
			tx.Tokens(func(k store.FeedToken) error { return say(k, nil) }),
			tx.Heard(func(h store.Heard) error { return say(h, nil) }),
			say(tx.Sources()), say(tx.Changes(0, 1000)), say(tx.Answered()), say(tx.AllHandled()), say(tx.Due(at(1000), 1000)),
			say(tx.Changing()), say(tx.ItemsOf("talks")), say(tx.Moves(1)), say(tx.MovesOf("talks")), say(tx.Meta("rules")),
			say(tx.ChannelNames("C1")), say(tx.LastChange()),
		)
	}))
	return out.String()
}

// at returns an instant so many hours after a fixed one.
func at(hours int) time.Time {
	return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
}

// everything returns updates that write, change and delete, and can be done again and again.
func everything() []func(*store.Tx) error {
	revise := func(tx *store.Tx) error {
		s, _, err := tx.Current("talks")
		n := s.Revision.Number + 1
		e := event.Event{ID: "talks", Title: fmt.Sprint("revision ", n), Zone: "UTC"}
		return errors.Join(err, tx.PutRevision(event.Revision{Event: e, Number: n, At: at(n)}), tx.PutBase(e))
	}
	item := func(key string, kind notice.Kind, s notice.State, due int) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.PutItem(notice.Item{Key: key, Channel: "#dates", State: s, Notice: notice.Notice{Key: key, Event: "talks", Kind: kind, Due: at(due)}})
		}
	}
	window := when.Window{Precision: when.SomeDay, Zone: "UTC", Earliest: when.Bound{Day: civil.Date{Year: 2026, Month: 4, Day: 1}}}
	return []func(*store.Tx) error{
		revise, revise,
		item("reminder", notice.Reminder, notice.Pending, 5), item("change", notice.Changed, notice.Pending, 6),
		item("reminder", notice.Reminder, notice.Sending, 5), item("reminder", notice.Reminder, notice.Sent, 5),
		item("change", notice.Changed, notice.Superseded, 7), item("other", notice.Reminder, notice.Unknown, 8),
		func(tx *store.Tx) error {
			return tx.PutMove(store.Move{Seq: 1, Event: "talks", Revision: 1, Was: window, Is: window})
		},
		func(tx *store.Tx) error {
			return tx.PutSources(map[string]event.Source{"paper": {Title: "A paper"}, "b": {}})
		},
		func(tx *store.Tx) error { return tx.PutSources(map[string]event.Source{"paper": {Title: "The paper"}}) },
		func(tx *store.Tx) error { return tx.PutMeta("rules", strings.Repeat("large ", 400_000)) },
		func(tx *store.Tx) error { return tx.PutMeta("rules", "small") },
		func(tx *store.Tx) error { return tx.PutToken(store.FeedToken{ID: "t1", Feed: "all", Created: at(1)}) },
		func(tx *store.Tx) error { return tx.DeleteToken("t1") },
		func(tx *store.Tx) error { return errors.Join(tx.PutAnswered("talks"), tx.PutAnswered("visit")) },
		func(tx *store.Tx) error {
			return errors.Join(tx.DropAnswered("talks"), tx.PutWindow("talks", 1, window))
		},
		func(tx *store.Tx) error { return tx.PutUnsaid("talks", "#dates", window) },
		func(tx *store.Tx) error {
			return errors.Join(tx.DropUnsaid("talks", "#dates"), tx.Leave(event.Event{ID: "visit"}))
		},
		func(tx *store.Tx) error { return tx.PutFeedBody("all", store.FeedBody{Plain: []byte("a feed")}) },
		func(tx *store.Tx) error {
			return errors.Join(tx.PutFollowed("theirs", store.Followed{Body: []byte("x"), At: at(1)}), revise(tx))
		},
	}
}
