package calendar_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/store"
)

// crowd returns n events in clusters of ten, each of which leans on the first of them.
func crowd(b *testing.B, n int) []event.Event {
	b.Helper()
	var out []event.Event
	for i := range n {
		id := fmt.Sprintf("event-%05d", i)
		date := "2099-03-12"
		if i%10 != 0 {
			date = fmt.Sprintf("%d days after event:event-%05d", i%10, i-i%10)
		}
		out = append(out, made(b, id, event.Talks, date))
	}
	return out
}

// BenchmarkOneEdit reads files of 10,000 events of which one changed, again and again: its
// title, or its date with nine that follow.
func BenchmarkOneEdit(b *testing.B) {
	for name, edit := range map[string]func(e *event.Event, i int){
		"title": func(e *event.Event, i int) { e.Title = fmt.Sprint("Title ", i) },
		"date":  func(e *event.Event, i int) { set(b, []string{"2099-04-12", "2099-05-12"}[i%2])(e) },
	} {
		b.Run(name, func(b *testing.B) {
			w := newCrowd(b, 10_000)
			for i := 0; b.Loop(); i++ {
				w.s.Events = slices.Clone(w.s.Events)
				edit(&w.s.Events[0], i)
				r, err := w.calendar.Apply(w.s, march.Add(time.Duration(i)*time.Hour), nil)
				if err != nil || r.Replanned() > 10 {
					b.Fatal(r.Replanned(), err)
				}
			}
		})
	}
}

func newCrowd(b *testing.B, n int) *world {
	b.Helper()
	return newWorldOf(b, crowd(b, n))
}

func newWorldOf(b *testing.B, events []event.Event) *world {
	b.Helper()
	c := config.Default()
	c.Calendar.Events = events
	s, err := c.CalendarSettings()
	if err != nil {
		b.Fatal(err)
	}
	db, err := store.Temporary("")
	if err != nil {
		b.Fatal(err)
	}
	w := &world{t: b, c: c, s: s, db: db, calendar: calendar.New(db), now: march}
	if _, err := w.calendar.Apply(s, march, nil); err != nil {
		b.Fatal(err)
	}
	return w
}

// BenchmarkRestart reads files of 10,000 events that say what they said before, as the
// first reading of a process.
func BenchmarkRestart(b *testing.B) {
	w := newCrowd(b, 10_000)
	for b.Loop() {
		again := calendar.New(w.db)
		if r, err := again.Apply(w.s, march, nil); err != nil || r.Replanned() > 0 {
			b.Fatal(r.Replanned(), err)
		}
	}
}

// BenchmarkSeries reads a thousand weekly series without an end: for the first time, and
// again with one title changed.
func BenchmarkSeries(b *testing.B) {
	var series []event.Event
	for i := range 1000 {
		series = append(series, made(b, fmt.Sprintf("series-%04d", i), event.Talks, "2026-03-12 09:00 recurring FREQ=WEEKLY"))
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			newWorldOf(b, series)
		}
	})
	b.Run("edit", func(b *testing.B) {
		w := newWorldOf(b, series)
		for i := 0; b.Loop(); i++ {
			w.s.Events = slices.Clone(w.s.Events)
			w.s.Events[0].Title = fmt.Sprint("Title ", i)
			if _, err := w.calendar.Apply(w.s, march.Add(time.Duration(i)*time.Minute), nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFirstReading reads files of 10,000 events into an empty store.
func BenchmarkFirstReading(b *testing.B) {
	events := crowd(b, 10_000)
	for b.Loop() {
		newWorldOf(b, events)
	}
}
