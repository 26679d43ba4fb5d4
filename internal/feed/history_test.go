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
			it := &feed.Item{Entry: &now, Stamp: written, History: feed.History(now, before, written.Add(time.Hour))}
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

// What took place on a day that nobody recorded is one entry, which claims none of its days.
func TestHistory_Unrecorded(t *testing.T) {
	held := event.Event{ID: "visit", Title: "Visit", Kind: event.Visit, Status: event.Held}
	open := held
	open.Status = event.Open
	for _, c := range []struct {
		name, when string
		windows    feed.Windows
		want       string
	}{
		{"a long window", "[2026-03-01..2026-05-31]", feed.Edges, "[held, day not recorded] Visit (1 Mar – 31 May 2026) | 2026-03-01"},
		{"as a span", "[2026-03-01..2026-05-31]", feed.Spans, "[held, day not recorded] Visit (1 Mar – 31 May 2026) | 2026-03-01"},
		{"a short window", "[2026-03-01..2026-03-09]", feed.Edges, "[held, day not recorded] Visit (1–9 Mar 2026) | 2026-03-01"},
		{"one of two days", "[2026-03-03,2026-04-05]", feed.Edges, "[held, day not recorded] Visit (3 Mar – 5 Apr 2026) | 2026-03-03"},
		{"not before a day", "not before 2026-03-03", feed.Edges, "[held, day not recorded] Visit (on or after 3 Mar 2026) | 2026-03-03"},
		{"by a day to come", "[..2026-12-31]", feed.Edges, "[held, day not recorded] Visit (on or before 31 Dec 2026) | 2025-10-26"},
		{"only days that are known", "[2026-03-01..2026-05-31]", feed.Hidden, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := feed.Feed{Name: "all", Options: feed.Options{Windows: c.windows}}
			now := entryOf(held, c.when)
			for _, before := range [][]feed.Published{nil, feed.History(entryOf(open, c.when), nil, written)} {
				it := &feed.Item{Entry: &now, Stamp: written, History: feed.History(now, before, written.Add(time.Hour))}
				var live []string
				for line := range strings.Lines(shownAs(t, f, it)) {
					if line = strings.TrimSpace(line); !strings.HasSuffix(line, event.ICalCancelled) {
						live = append(live, line)
					}
				}
				got := strings.Join(live, "\n")
				if c.want == "" && got == "" || c.want != "" && len(live) == 1 && strings.HasPrefix(got, c.want) && strings.HasSuffix(got, event.ICalTentative) {
					continue
				}
				t.Errorf("calendars show %q, want %q", got, c.want)
			}
		})
	}
}

// What was deferred before it was first read is shown as any other that was deferred.
func TestHistory_DeferredAtFirst(t *testing.T) {
	visit := event.Event{ID: "visit", Title: "Visit", Kind: event.Visit, Status: event.Deferred}
	for _, c := range []struct{ when, want string }{
		{"2026-02-03", "Deferred: Visit (no date yet) | 2026-02-03T00:00:00Z CANCELLED"},
		{"[2026-03-01..2026-05-31]", "Deferred: Visit (no date yet) | 2026-03-01T00:00:00Z CANCELLED\nDeferred: Visit (no date yet) | 2026-05-31T00:00:00Z CANCELLED"},
		{"", ""},
	} {
		e := visit
		now := entryOf(e, strings.Fields(c.when)...)
		now.Created = written
		history := feed.History(now, nil, written)
		if got := shownAs(t, feed.Feed{Name: "all"}, &feed.Item{Entry: &now, Stamp: written, History: history}); got != c.want {
			t.Errorf("%s: calendars show\n%s\nwant\n%s", c.when, got, c.want)
		}
		for _, later := range []time.Time{written.AddDate(0, 1, 0), written.AddDate(2, 0, 0), written.AddDate(2, 0, 1)} {
			history = feed.History(now, history, later)
			if len(history) > 0 && later.Sub(written) > 400*24*time.Hour {
				t.Errorf("%s: it is remembered for ever", c.when)
			}
		}
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
