package agenda

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/event"
)

func idsOf(list []Entry) string {
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestSort_ByLatestDay(t *testing.T) {
	list := []Entry{
		entry(t, "none", event.Visit, "tbd"),
		entry(t, "window", event.Visit, "[2026-01-01..2026-02-16]"),
		entry(t, "open", event.Visit, "not before 2026-01-01"),
		entry(t, "day", event.Visit, "2026-02-10"),
		entry(t, "deadline", event.Deadline, "by 2026-02-16"),
		entry(t, "past", event.Visit, "2025-11-01"),
	}
	today := civil.Date{Year: 2026, Month: 2, Day: 3}
	ByLatest.Sort(list, today)
	if got := idsOf(list); got != "past day window deadline open none" {
		t.Errorf("by latest: %s", got)
	}
	ByDay.Sort(list, today)
	if got := idsOf(list); got != "past window open day deadline none" {
		t.Errorf("by day: %s", got)
	}
}

func TestSort_UnderWayIsToday(t *testing.T) {
	e := entry(t, "tour", event.Visit, "from 2026-02-01 to 2026-02-05")
	for day, want := range map[int]int{31: 1, 3: 3, 5: 5, 6: 1} {
		today := civil.Date{Year: 2026, Month: 2, Day: day}
		if day == 31 {
			today.Month = 1
		}
		if got := e.Shows(today); got.Day != want || got.Month != 2 {
			t.Errorf("on %s it is shown under %s", today, got)
		}
	}
}

// TestSort_TotalAndStable draws entries that are the same in all but a few of the
// things that are sorted by.
func TestSort_TotalAndStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []Entry
		for i := range rapid.IntRange(2, 12).Draw(t, "n") {
			in := anyEvent(t, string(rune('a'+i)), 1)
			list = append(list, Compute(in.Revision, "", time.Time{}))
		}
		today := civil.Date{Year: 2026, Month: time.Month(rapid.IntRange(1, 6).Draw(t, "month")), Day: 10}
		for _, o := range Orders() {
			a, b := slices.Clone(list), rapid.Permutation(list).Draw(t, "order")
			o.Sort(a, today)
			o.Sort(b, today)
			if idsOf(a) != idsOf(b) {
				t.Fatalf("%s: %s and %s", o, idsOf(a), idsOf(b))
			}
			compare := map[Order]func(a, b *Entry, today civil.Date) int{ByDay: Compare, ByLatest: ByLatest.compare}[o]
			for i := range a {
				for j := range a {
					if c := compare(&a[i], &a[j], today); (c < 0) != (i < j) || (c == 0) != (i == j) {
						t.Fatalf("%s: %s and %s compare as %d", o, a[i].ID, a[j].ID, c)
					}
				}
			}
		}
	})
}
