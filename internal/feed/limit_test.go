package feed_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
)

// On 1 June: a session that runs all year, meetings that are over, one that is over since
// this morning, and meetings ahead.
func crowded() []*feed.Item {
	var list []*feed.Item
	add := func(id, date string) {
		list = append(list, itemsOf(entryOf(event.Event{ID: id, Title: id}, date))...)
	}
	add("session", "2026-01-05/2026-12-20")
	for m := 2; m <= 5; m++ {
		add(fmt.Sprintf("past-%d", m), fmt.Sprintf("2026-%02d-10", m))
	}
	add("today", "2026-06-01 08:00 Europe/Brussels")
	for m := 7; m <= 10; m++ {
		add(fmt.Sprintf("ahead-%d", m), fmt.Sprintf("2026-%02d-10", m))
	}
	return list
}

var summary = regexp.MustCompile(`(?m)^SUMMARY:.*?((?:session|today|past|ahead)[-0-9]*)`)

// held returns what a feed of list holds, in order.
func held(t *testing.T, f feed.Feed, list []*feed.Item) (string, feed.Body) {
	t.Helper()
	f.Name, f.Span = "all", feed.Span{Today: civil.Date{Year: 2026, Month: 6, Day: 1}, Zone: time.UTC}
	b, problems := feed.Render(f, list, world())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var ids []string
	for _, m := range summary.FindAllStringSubmatch(string(b.Plain), -1) {
		ids = append(ids, m[1])
	}
	return strings.Join(ids, " "), b
}

func TestFeed_FullByEntries(t *testing.T) {
	for _, c := range []struct {
		most       int
		want       string
		past       int
		incomplete string
	}{
		{0, "session past-2 past-3 past-4 past-5 today ahead-7 ahead-8 ahead-9 ahead-10", 0, ""},
		{8, "session past-4 past-5 today ahead-7 ahead-8 ahead-9 ahead-10", 2, ""},
		{6, "session today ahead-7 ahead-8 ahead-9 ahead-10", 4, ""},
		{4, "session today ahead-7 ahead-8", 4, "Complete until 9 Sep 2026: it has no room for 2 later entries."},
		{1, "session", 4, "Complete until 31 May 2026: it has no room for 5 later entries."},
	} {
		got, b := held(t, feed.Feed{MaxEntries: c.most}, crowded())
		if got != c.want || b.CutPast != c.past || b.Incomplete() != c.incomplete {
			t.Errorf("at most %d: %s, %d that passed are left out, %q", c.most, got, b.CutPast, b.Incomplete())
		}
		if text := strings.ReplaceAll(string(b.Plain), "\r\n ", ""); strings.Contains(text, "X-WR-CALDESC:Complete until") != (c.incomplete != "") {
			t.Errorf("at most %d: its readers are told otherwise than %q", c.most, c.incomplete)
		}
	}
}

func TestFeed_FullByBytes(t *testing.T) {
	_, all := held(t, feed.Feed{}, crowded())
	got, b := held(t, feed.Feed{MaxBytes: len(all.Plain) * 3 / 4}, crowded())
	if !strings.HasPrefix(got, "session ") || strings.Contains(got, "past-2") || !strings.HasSuffix(got, "ahead-10") || b.CutAhead != 0 {
		t.Errorf("at three quarters: %s", got)
	}
	got, b = held(t, feed.Feed{MaxBytes: len(all.Plain) / 2}, crowded())
	if !strings.HasPrefix(got, "session today") || strings.Contains(got, "ahead-10") || b.Incomplete() == "" || len(b.Plain) > len(all.Plain)/2 {
		t.Errorf("at half: %s, %d bytes, %q", got, len(b.Plain), b.Incomplete())
	}
}

func TestFeed_FullWithSeries(t *testing.T) {
	list := crowded()
	for _, e := range recurring() {
		list = append(list, itemsOf(e)...)
	}
	got, _ := held(t, feed.Feed{MaxEntries: 3}, list)
	if !strings.Contains(got, "session") || strings.Contains(got, "past-") {
		t.Error(got)
	}
}
