package feed_test

import (
	"strings"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/feed"
)

// shownAs returns what calendars show of an entry with its history, as title and start.
func shownAs(t *testing.T, f feed.Feed, it *feed.Item) string {
	t.Helper()
	body, problems := feed.Render(f, []*feed.Item{it}, world())
	if len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	sound(t, body.Plain)
	var out []string
	for _, r := range table(t, body.Plain) {
		out = append(out, strings.TrimSpace(r.summary+" | "+r.start+" "+r.status))
	}
	return strings.Join(out, "\n")
}

func TestHistory(t *testing.T) {
	visit := event.Event{ID: "visit", Title: "Visit", Kind: event.Visit}
	for _, c := range []struct {
		name, was, is string
		status        event.Status
		gone          string // the date that ceased to hold, as Edges shows it; "" where none did
	}{
		{"a day that moved keeps its entry", "2026-02-03", "2026-02-10", event.Open, ""},
		{"a day became a long window", "2026-02-03", "[2026-03-01..2026-05-31]", event.Open, "Moved: Visit"},
		{"a day became a long window around it", "2026-02-03", "[2026-01-01..2026-05-31]", event.Open, "Date open: Visit"},
		{"a short window moved and grew", "[2026-02-03..2026-02-05]", "[2026-03-01..2026-05-31]", event.Open, "Moved: Visit"},
		{"one of the days is none any more", "[2026-02-03,2026-02-10,2026-02-17]", "[2026-02-03,2026-02-17]", event.Open, "Not on this day: Visit"},
		{"a long window became a day", "[2026-03-01..2026-05-31]", "2026-04-07", event.Open, "Date set: Visit"},
		{"a day was deferred to none yet", "2026-02-03", "", event.Deferred, "Deferred: Visit"},
		{"a long window, and it was held", "[2026-03-01..2026-05-31]", "2026-04-07", event.Held, "Held: Visit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := feed.History(entryOf(visit, c.was), nil, written)
			next := visit
			if next.Status = c.status; c.is == "" {
				next.When = nil
			}
			now := entryOf(next, strings.Fields(c.is)...)
			it := &feed.Item{Entry: now, Stamp: written, History: feed.History(now, before, written.Add(time.Hour))}
			got := shownAs(t, feed.Feed{Name: "all"}, it)
			if c.gone == "" && strings.Count(got, "Visit") != 1 || !strings.Contains(got, c.gone) {
				t.Errorf("calendars show\n%s\nwant %q", got, c.gone)
			}
			for _, p := range feed.History(now, it.History, written.AddDate(2, 0, 0)) {
				if !p.Gone.IsZero() {
					t.Errorf("it is remembered for ever: %+v", p)
				}
			}
		})
	}
}

func TestAlarmOf(t *testing.T) {
	for _, c := range []struct {
		n    int
		unit string
		want feed.Alarm
		ok   bool
	}{
		{1, "d", feed.Alarm{Name: "1d", Days: 1}, true},
		{2, "w", feed.Alarm{Name: "2w", Days: 14}, true},
		{3, "h", feed.Alarm{Name: "3h", Before: 3 * time.Hour}, true},
		{15, "m", feed.Alarm{Name: "15m", Before: 15 * time.Minute}, true},
		{1, "mo", feed.Alarm{}, false},
		{1, "bd", feed.Alarm{}, false},
		{1, "", feed.Alarm{}, false},
	} {
		if got, ok := feed.AlarmOf(c.n, c.unit); got != c.want || ok != c.ok {
			t.Errorf("%d%s: %+v, %t", c.n, c.unit, got, ok)
		}
	}
}

func TestOptions_Busy(t *testing.T) {
	for _, c := range []struct {
		kind event.Kind
		busy []event.Kind
		want string
	}{
		{event.Meeting, nil, "OPAQUE"}, {event.Talks, nil, "OPAQUE"}, {event.Visit, nil, "TRANSPARENT"},
		{event.Visit, []event.Kind{event.Visit}, "OPAQUE"}, {event.Meeting, []event.Kind{event.Visit}, "TRANSPARENT"},
		{event.Meeting, []event.Kind{}, "TRANSPARENT"},
	} {
		e := entryOf(event.Event{ID: "x", Title: "X", Kind: c.kind, Certainty: event.Confirmed}, "2026-02-03 14:00")
		body, _ := feed.Render(feed.Feed{Name: "all", Options: feed.Options{Busy: c.busy}}, itemsOf(e), world())
		if !strings.Contains(string(body.Plain), "TRANSP:"+c.want+"\r\n") {
			t.Errorf("%s with %v is not %s:\n%s", c.kind, c.busy, c.want, body.Plain)
		}
	}
}
