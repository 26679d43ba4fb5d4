package calendar_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/store"
)

func body(t *testing.T, v *calendar.View, name string) string {
	t.Helper()
	f, ok := v.Feed(name)
	if !ok {
		t.Fatalf("there is no feed %s", name)
	}
	return string(f.Plain)
}

func TestPublish_Sequence(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "talks", event.Talks, "2026-06-13"))
	first := body(t, w.view, "all")
	w.restart()
	if again := body(t, w.view, "all"); again != first {
		t.Error("a restart changed the feed")
	}
	w.now = w.now.Add(time.Hour)
	w.edit("visit", set(t, "2026-06-19"))
	if got := body(t, w.view, "all"); strings.Count(got, "SEQUENCE:1\r\n") != 1 || strings.Count(got, "SEQUENCE:0\r\n") != 1 {
		t.Errorf("one of two was edited once\n%s", got)
	}
}

func TestPublish_FeedsMoveWithTheDay(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	v, _, err := w.calendar.Publish(march.AddDate(0, 0, 200))
	if err != nil || strings.Contains(body(t, v, "all"), "Visit") {
		t.Errorf("half a year later the visit is still there, %v", err)
	}
	if v, _, err = w.calendar.Publish(march); err != nil || !strings.Contains(body(t, v, "all"), "Visit") {
		t.Errorf("on its day it is not there, %v", err)
	}
}

func TestPublish_FullFeed(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"), made(t, "talks", event.Talks, "2026-03-13"))
	w.s.Feeds[0].MaxEntries = 1
	r, err := w.calendar.Apply(w.s, march, nil)
	if err != nil || len(r.Notes) != 1 || !r.Notes[0].Warning || !strings.Contains(fmt.Sprint(r.Notes[0].Args...), "all") {
		t.Errorf("%+v, %v", r.Notes, err)
	}
	if f, _ := r.View.Feed("all"); f.CutAhead != 1 || f.Entries != 1 {
		t.Errorf("%d entries, %d cut", f.Entries, f.CutAhead)
	}
}

func TestQuery(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-06-12 and 2026-07-30"), made(t, "talks", event.Talks, "2026-06-13"))
	named := calendar.DefaultFeed()
	named.Name, named.Title, named.Match = "talks", "Talks", agenda.Filter{Kinds: []event.Kind{event.Talks}}
	w.s.Feeds = append(w.s.Feeds, named)
	w.read()
	for name, c := range map[string]struct {
		q     calendar.FeedQuery
		holds string
		not   string
	}{
		"by kind":           {calendar.FeedQuery{Key: "kind=talks", Words: "kind talks", Filter: agenda.Filter{Kinds: []event.Kind{event.Talks}}}, "SUMMARY:Talks", "Visit"},
		"nothing has it":    {calendar.FeedQuery{Key: "kind=zzz", None: true}, "X-WR-CALNAME", "SUMMARY:"},
		"windows as spans":  {calendar.FeedQuery{Key: "windows=span", Options: feed.Options{Windows: feed.Spans}}, "DTEND;VALUE=DATE:20260731", "nothing of this kind"},
		"another named one": {calendar.FeedQuery{Key: "feed talks?alarms=1d", Feed: "talks", Options: feed.Options{Windows: feed.Hidden}}, "SUMMARY:Talks", "Visit"},
	} {
		f, ok := w.view.Query(c.q)
		if !ok || !strings.Contains(string(f.Plain), c.holds) || strings.Contains(string(f.Plain), c.not) {
			t.Errorf("%s: %t\n%s", name, ok, f.Plain)
		}
		if again, _ := w.view.Query(c.q); !bytes.Equal(again.Plain, f.Plain) {
			t.Errorf("%s: asked again it is another", name)
		}
	}
	for i := range 100 { // more than are kept
		if _, ok := w.view.Query(calendar.FeedQuery{Key: fmt.Sprint(i), Filter: topics("fish")}); !ok {
			t.Fatal(i)
		}
	}
}

// theirs is a calendar of somebody else, with entries of the titles and days.
func theirs(title string, entries map[string]string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nX-WR-CALNAME:" + title + "\r\n")
	for name, day := range entries {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%s@x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:%s\r\nSUMMARY:%s\r\nEND:VEVENT\r\n", name, day, name)
	}
	return []byte(b.String() + "END:VCALENDAR\r\n")
}

func TestFollow(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	f := calendar.Follow{Name: "wto"}
	f.Reading.Source, f.Reading.Prefix = "wto", "wto"
	w.s.Follow = []calendar.Follow{f}
	w.s.Sources["wto"] = event.Source{Key: "wto", Title: "wto"}
	fetch := func(entries map[string]string) {
		err := w.db.Update(func(tx *store.Tx) error {
			return tx.PutFollowed("wto", store.Followed{Body: theirs("Their calendar", entries), At: w.now})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.read()
	}
	ids := func() string {
		var out []string
		for _, e := range w.list {
			out = append(out, e.ID+" "+string(e.Status))
		}
		return strings.Join(out, ", ")
	}
	fetch(map[string]string{"council": "20260615", "old": "20250101"})
	if got := ids(); !strings.HasPrefix(got, "visit open, wto-council") || strings.Contains(got, "old") {
		t.Errorf("followed for the first time: %s", got)
	}
	if title := w.view.Sources()["wto"].Title; title != "Their calendar" {
		t.Errorf("its source is called %q", title)
	}
	n := len(w.told)
	w.pass(time.Hour)
	if got := w.says(n); got != "" {
		t.Errorf("what is followed for the first time is no news:\n%s", got)
	}
	fetch(map[string]string{"council": "20260616", "panel": "20260701"})
	w.pass(time.Hour)
	if got := w.says(n); !strings.Contains(got, "Council") && !strings.Contains(got, "council") {
		t.Errorf("it moved and nobody is told:\n%s", got)
	}
	fetch(map[string]string{"panel": "20260701"})
	if got := ids(); !strings.Contains(got, "withdrawn") {
		t.Errorf("what left their calendar: %s", got)
	}
	w.s.Follow = nil
	w.read()
	if got := w.list[len(w.list)-1]; got.Status != event.Withdrawn || got.Reason != "the calendar wto is not followed any more" {
		t.Errorf("its calendar is not followed any more: %s, %s", got.Status, got.Reason)
	}
	if w.s.Sources["wto"].Title != "wto" {
		t.Error("a reading changed the settings that it was given")
	}
}
