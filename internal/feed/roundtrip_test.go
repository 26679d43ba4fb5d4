package feed_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/prose"
	"attache/internal/source/ical"
)

// windowed has windows of every sort, and what is said of them in several ways.
func windowed() []agenda.Entry {
	return []agenda.Entry{
		entryOf(event.Event{ID: "wide", Title: "Wide; a, b\\c", Kind: event.Visit, Zone: "Asia/Shanghai", Parties: []string{"US", "China, P.R."}, Topics: []string{"tariffs", "visit"}}, "loosely between 2026-01-01 and 2026-04-30"),
		entryOf(event.Event{ID: "options", Title: "One of some", Certainty: event.Likely}, "[2026-03-02,2026-03-05,2026-04-01]"),
		entryOf(event.Event{ID: "two", Title: "Two statements"}, "after 2026-03-01", "by 2026-03-20"),
		entryOf(event.Event{ID: "lasts", Title: "Some days in a month", Kind: event.Summit}, "on 2026-07 lasting 3 days"),
		entryOf(event.Event{ID: "late", Title: "By some day"}, "by 2026-03-15"),
		entryOf(event.Event{ID: "early", Title: "Not before some day"}, "not before 2026-01-05"),
		entryOf(event.Event{ID: "named", Title: "[tbc] Cancelled: the talks (likely)", Status: event.Cancelled, Certainty: event.Confirmed}, "2026-03-02"),
		entryOf(event.Event{ID: "named-open", Title: "Cancelled: the talks", Certainty: event.Confirmed}, "2026-03-02"),
		entryOf(event.Event{ID: "elsewhere", Title: "In the zone of another", Zone: "Europe/Brussels"}, "at 2026-03-02 10:00 Asia/Seoul"),
	}
}

// historic has events of which calendars were given other dates before.
func historic() []*feed.Item {
	var out []*feed.Item
	dates := []string{"2026-02-03", "[2026-03-01..2026-05-31]", "at 2026-02-03 10:00 Asia/Seoul", "2026-03-02 recurring FREQ=WEEKLY;COUNT=3", "2026-03-02 recurring FREQ=WEEKLY;COUNT=2", "before 2026-06-01", "tbd"}
	for i, was := range dates {
		for j, is := range dates {
			e := event.Event{ID: fmt.Sprintf("moved-%d-%d", i, j), Title: "Moved", Kind: event.Talks, Zone: "Asia/Seoul"}
			now := entryOf(e, is)
			before := feed.History(entryOf(e, was), nil, written)
			out = append(out, &feed.Item{Entry: &now, Stamp: written, History: feed.History(now, before, written.Add(time.Hour))})
		}
	}
	return out
}

// identity is what has to come back of an event.
func identity(e event.Event) string {
	var says []string
	for _, st := range e.When {
		says = append(says, st.Expr.String())
	}
	if len(says) == 0 {
		says = []string{"tbd"}
	}
	return fmt.Sprintf("%s: %q %s, %s, %s, %q, %s, %q in %q, parties %q, topics %q", e.ID, e.Title, e.Kind, e.Certainty, e.Status, e.Reason, says, e.Zone, e.Place, e.Parties, e.Topics)
}

// TestRender_ReadByAttache reads feeds as others import them, and as they follow them.
func TestRender_ReadByAttache(t *testing.T) {
	items := historic()
	for _, list := range [][]agenda.Entry{report(), lifecycle(), oddities(), recurring(), windowed()} {
		items = append(items, itemsOf(list...)...)
	}
	alarm, _ := feed.AlarmOf(1, "d")
	for _, how := range feed.AllWindows() {
		for _, off := range feed.AllCancelled() {
			t.Run(fmt.Sprintf("%s, %s", how, off), func(t *testing.T) {
				o := feed.Options{Windows: how, Cancelled: off, Alarms: []feed.Alarm{alarm}}
				b, problems := feed.Render(feed.Feed{Name: "all", Options: o}, items, world())
				if len(problems) > 0 {
					t.Error(problems)
				}
				sound(t, b.Plain)
				for _, prefix := range []string{"", "theirs"} {
					readBack(t, items, string(b.Plain), prefix)
				}
			})
		}
	}
}

// readBack holds that each of items that the feed has an entry of is read as one event, the same.
func readBack(t *testing.T, items []*feed.Item, text, prefix string) {
	t.Helper()
	got, found, err := ical.Parse([]byte(text), ical.Options{Source: "theirs", Prefix: prefix, Zone: "America/New_York"})
	if err != nil || len(found) > 0 || len(got.Unread) > 0 || len(got.Shared) > 0 {
		t.Errorf("it is read with %v, %v", found, err)
	}
	read := make(map[string][]event.Event)
	for _, e := range got.Events {
		if e.Foreign.Occurrence != "" || e.Foreign.Lacks != "" {
			t.Errorf("%s: it is known as %+v", e.ID, e.Foreign)
		}
		read[e.Foreign.UID] = append(read[e.Foreign.UID], e)
	}
	for _, it := range items {
		want := it.Entry.Event
		want.Title = prose.Clip(cmp.Or(prose.CleanLine(want.Title), want.ID), 300)
		want.Place = prose.Clip(prose.CleanLine(want.Place), 300)
		if want.Reason = prose.CleanLine(want.Reason); want.Reason == "" && want.Status.CalledOff() {
			want.Reason = string(want.Status) + " in the calendar it was taken from"
		}
		want.Kind = cmp.Or(want.Kind, event.Other)
		there := strings.Contains(text, "UID:"+it.Entry.UID)
		of := read[it.Entry.UID]
		switch {
		case !there && len(of) == 0:
		case len(of) != 1:
			t.Errorf("%s is read as %d events", want.ID, len(of))
		default:
			of[0].ID = strings.TrimPrefix(of[0].ID, prefix+"-")
			if identity(of[0]) != identity(want) {
				t.Errorf("read is\n%s\nof\n%s", identity(of[0]), identity(want))
			}
		}
		delete(read, it.Entry.UID)
	}
	for uid := range read {
		t.Errorf("there is an event %s besides", uid)
	}
}
