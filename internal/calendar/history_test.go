package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/store"
)

// history tells the changes that q asks for in a line each, the oldest first.
func (w *world) history(q calendar.ChangeQuery) (out []string) {
	w.t.Helper()
	list, err := w.view.Changes(w.t.(*testing.T).Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range list {
		line := fmt.Sprintf("%s %d", v.Event, v.Revision)
		for _, c := range v.Changes {
			line += ", " + strings.TrimPrefix(strings.Join([]string{c.Field, c.Old, c.New}, ": "), "date: ")
		}
		if v.Because != nil {
			line += ", " + v.Because.Words()
		}
		out = append([]string{line}, out...)
	}
	return out
}

func (w *world) sees(name string, q calendar.ChangeQuery, want ...string) {
	w.t.Helper()
	if got := w.history(q); fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func of(id string) calendar.ChangeQuery { return calendar.ChangeQuery{Range: change.Range{Event: id}} }

// TestHistory_Moves has an event moved by another and revised itself in turn, over a restart, and
// then one that follows it in two steps.
func TestHistory_Moves(t *testing.T) {
	w := newWorld(t, march, gazette(t, "2026-03-12"), comments(t, "10 days after event:gazette"), made(t, "reply", event.Deadline, "3 days after event:comments"))
	minute := func() { w.now = w.now.Add(time.Minute) }
	minute()
	w.edit("gazette", set(t, "2026-03-14"))
	minute()
	w.edit("comments", set(t, "20 days after event:gazette"))
	minute()
	w.restart()
	w.edit("gazette", func(e *event.Event) { set(t, "2026-03-20")(e); e.Reason = "the printer is broken" })
	minute()
	w.edit("gazette", func(e *event.Event) { e.Place = "Brussels" })
	minute()
	w.edit("gazette", set(t, "tbd"))
	w.sees("the event that leans on the other", of("comments"),
		"comments 1, : Sun 22 Mar 2026",
		"comments 1, Sun 22 Mar 2026: Tue 24 Mar 2026, because of Gazette",
		"comments 2, Tue 24 Mar 2026: Fri 3 Apr 2026",
		"comments 2, Fri 3 Apr 2026: Thu 9 Apr 2026, because of Gazette",
		"comments 2, Thu 9 Apr 2026: no date yet, because of Gazette")
	w.sees("what follows in two steps", of("reply"),
		"reply 1, : Wed 25 Mar 2026",
		"reply 1, Wed 25 Mar 2026: Fri 27 Mar 2026, because of Gazette",
		"reply 1, Fri 27 Mar 2026: Mon 6 Apr 2026, because of Comments",
		"reply 1, Mon 6 Apr 2026: Sun 12 Apr 2026, because of Gazette",
		"reply 1, Sun 12 Apr 2026: no date yet, because of Gazette")
	w.sees("a list that takes only what follows", calendar.ChangeQuery{Filter: topics("trade"), Range: change.Range{Limit: 3}},
		"comments 2, Tue 24 Mar 2026: Fri 3 Apr 2026",
		"gazette 3, Sat 14 Mar 2026: Fri 20 Mar 2026",
		"gazette 5, Fri 20 Mar 2026: no date yet")
	w.sees("a page of it", calendar.ChangeQuery{Range: change.Range{Event: "reply", Limit: 1, Before: 5}},
		"reply 1, Wed 25 Mar 2026: Fri 27 Mar 2026, because of Gazette")
	if err := w.db.Check(); err != nil {
		t.Error(err)
	}
}

func TestHistory_NewRulesOfAZone(t *testing.T) {
	e := made(t, "call", event.Meeting, "2026-03-12 09:00")
	e.Zone = "Europe/Brussels"
	w := newWorld(t, march, e)
	// What was recorded was worked out by rules that put Brussels an hour elsewhere.
	err := w.db.Update(func(tx *store.Tx) error {
		was := w.list[0].Window
		was.Earliest.At = was.Earliest.At.Add(time.Hour)
		was.Latest, was.EndsEarliest, was.EndsLatest = was.Earliest, was.Earliest, was.Earliest
		return tx.PutWindow("call", 1, was)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.restart()
	moved := "call 1, Thu 12 Mar 2026, 10:00 Brussels time: Thu 12 Mar 2026, 09:00 Brussels time, because the rules of its time zone or of a calendar changed"
	for name, q := range map[string]calendar.ChangeQuery{"its history": of("call"), "all changes": {}} {
		if got := w.history(q); len(got) != 2 || got[1] != moved {
			t.Errorf("%s:\n%s", name, strings.Join(got, "\n"))
		}
	}
	if err := w.db.Check(); err != nil {
		t.Error(err)
	}
}
