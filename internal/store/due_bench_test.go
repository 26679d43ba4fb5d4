package store_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
)

// dueSizes are how many notices wait in these benchmarks.
var dueSizes = []int{1_000, 100_000, 1_000_000}

// waiting fills a database with notices that are all due at one instant, in the order of
// their keys, some thousands in each update.
func waiting(b *testing.B, n int, due time.Time) *store.DB {
	b.Helper()
	if testing.Short() && n > 100_000 {
		b.Skip("it takes a minute to fill the database")
	}
	const batch = 5_000
	db := onDisk(b)
	for first := 0; first < n; first += batch {
		err := db.Update(func(tx *store.Tx) error {
			for i := first; i < min(first+batch, n); i++ {
				it := notice.Item{
					Key: fmt.Sprintf("%026d", i), Channel: "console", State: notice.Pending,
					Notice: notice.Notice{Key: "key", Event: fmt.Sprintf("event-%07d", i), Kind: notice.Reminder, Lead: "7d", Due: due},
				}
				if err := tx.PutItem(it); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// BenchmarkIdleTick asks what is due next: it must not depend on how much waits.
func BenchmarkIdleTick(b *testing.B) {
	for _, n := range dueSizes {
		b.Run(fmt.Sprintf("waiting=%d", n), func(b *testing.B) {
			db := waiting(b, n, time.Unix(1_900_000_000, 0))
			for b.Loop() {
				if _, ok, err := db.Next(); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

// BenchmarkArmAnew moves one notice to another instant, as an edit does, and asks what is
// due next.
func BenchmarkArmAnew(b *testing.B) {
	for _, n := range dueSizes {
		b.Run(fmt.Sprintf("waiting=%d", n), func(b *testing.B) {
			at := time.Unix(1_900_000_000, 0)
			db := waiting(b, n, at)
			for i := 0; b.Loop(); i++ {
				err := db.Edit([]string{fmt.Sprintf("%026d", i%n)}, func(items []*notice.Item) ([]notice.Item, error) {
					items[0].Notice.Due = at.Add(time.Duration(1+i%3600) * time.Second)
					return nil, nil
				})
				if err != nil {
					b.Fatal(err)
				}
				if _, _, err := db.Next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDueAtOnce claims durably all notices that are due in the same second: a few
// first, so that those leave at once, then four times as many each time. It tells how
// long the first and the last took, and the memory that stays.
func BenchmarkDueAtOnce(b *testing.B) {
	for _, n := range dueSizes {
		b.Run(fmt.Sprintf("due=%d", n), func(b *testing.B) {
			now := time.Unix(1_700_000_000, 0).UTC()
			var first, all time.Duration
			var heap uint64
			for b.Loop() {
				b.StopTimer()
				db := waiting(b, n, now)
				b.StartTimer()
				began := time.Now()
				for claimed, batch := 0, 64; claimed < n; batch = min(4*batch, 10_000) {
					due, err := db.Due(now, batch)
					if err != nil || len(due) == 0 {
						b.Fatal(len(due), err)
					}
					keys := make([]string, len(due))
					for i, it := range due {
						keys[i] = it.Key
					}
					become(b, db, keys, notice.Sending, now)
					if claimed == 0 {
						first += time.Since(began)
					}
					claimed += len(due)
				}
				all += time.Since(began)
				b.StopTimer()
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				heap = max(heap, m.HeapAlloc)
				b.StartTimer()
			}
			b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "first-ms")
			b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "all-ms")
			b.ReportMetric(float64(heap)/(1<<20), "heap-MiB")
		})
	}
}
