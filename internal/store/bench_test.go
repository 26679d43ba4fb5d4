package store_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

func onDisk(b *testing.B) *store.DB {
	b.Helper()
	db, err := store.Open(filepath.Join(b.TempDir(), "attache.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// synthetic returns an event of about 700 bytes.
func synthetic(b testing.TB, i int) event.Event {
	says, err := when.Parse("between 2026-01-01 and 2026-02-16")
	if err != nil {
		b.Fatal(err)
	}
	return event.Event{
		ID: fmt.Sprintf("event-%06d", i*7919%1_000_003), Title: "A title of the usual length for an event", Kind: event.Talks, Zone: "UTC",
		When:    []event.Statement{{Expr: says, Source: "source", Quote: strings.Repeat("quoted ", 20)}},
		Parties: []string{"one", "another"}, Note: strings.Repeat("noted ", 40),
	}
}

func itemFor(id string, n int, due time.Time) notice.Item {
	return notice.Item{
		Key: fmt.Sprintf("%.26x", sha256.Sum256(fmt.Append(nil, id, n))), Channel: "console", State: notice.Pending,
		Notice: notice.Notice{Key: "key", Event: id, Kind: notice.Reminder, Lead: "7d", Due: due},
	}
}

// edit writes one revision of e with what follows from it.
func edit(tx *store.Tx, r event.Revision, items int) error {
	if err := tx.PutRevision(r); err != nil {
		return err
	}
	if err := tx.PutBase(r.Event); err != nil {
		return err
	}
	for i := range items {
		due := r.At.Add(time.Duration(i) * time.Hour)
		if err := tx.PutItem(itemFor(r.Event.ID, i, due)); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkEdit is one edit of a person in one update; compare BenchmarkDataSync.
func BenchmarkEdit(b *testing.B) {
	db, r := onDisk(b), event.First(synthetic(b, 1), event.Author{Via: "cli", Name: "someone"}, time.Unix(0, 0))
	for n := 1; b.Loop(); n++ {
		r.Number, r.At, r.Event.Note = n, r.At.Add(time.Second), fmt.Sprint(n)
		if err := db.Update(func(tx *store.Tx) error { return edit(tx, r, 3) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstReading reads a calendar into an empty store in one update.
func BenchmarkFirstReading(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("%d events", n), func(b *testing.B) {
			for b.Loop() {
				db := onDisk(b)
				err := db.Update(func(tx *store.Tx) error {
					for i := range n {
						if err := edit(tx, event.First(synthetic(b, i), event.Author{}, time.Unix(0, 0)), 4); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDeliver takes 100,000 items that are due at once, a thousand in each
// update, first as being sent and then as sent.
func BenchmarkDeliver(b *testing.B) {
	const total, batch = 100_000, 1_000
	now := time.Unix(1_700_000_000, 0).UTC()
	for b.Loop() {
		b.StopTimer()
		db := onDisk(b)
		fill(b, db, total, now)
		b.StartTimer()
		for range total / batch {
			due, err := db.Due(now, batch)
			if err != nil || len(due) != batch {
				b.Fatal(len(due), err)
			}
			keys := make([]string, len(due))
			for i, it := range due {
				keys[i] = it.Key
			}
			become(b, db, keys, notice.Sending, now)
			become(b, db, keys, notice.Sent, now)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/total, "ns/item")
}

func fill(b *testing.B, db *store.DB, total int, now time.Time) {
	b.Helper()
	err := db.Update(func(tx *store.Tx) error {
		for i := range total {
			if err := tx.PutItem(itemFor(fmt.Sprintf("event-%06d", i), 0, now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func become(b *testing.B, db *store.DB, keys []string, s notice.State, now time.Time) {
	b.Helper()
	err := db.Edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		for _, it := range items {
			it.Become(s, now, "")
		}
		return nil, nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
