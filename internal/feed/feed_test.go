package feed_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/feed"
)

func TestRender_Golden(t *testing.T) {
	tests := []struct {
		file    string
		feed    feed.Feed
		entries []agenda.Entry
		count   int // of entries
		undated int
	}{
		{"report.ics", feed.Feed{
			Name: "all", Title: "Diplomatic calendar", Zone: "Europe/Brussels", PublicURL: "https://attache.example/feeds/all.ics",
		}, report(), 5, 1},
		{"lifecycle.ics", feed.Feed{Name: "lifecycle", Refresh: 90 * time.Minute}, lifecycle(), 13, 2},
		{"oddities.ics", feed.Feed{Name: "odd", Title: "a\r\nBEGIN:VEVENT, b;c", Zone: "+08:00", PublicURL: "javascript:x"}, oddities(), 10, 0},
		{"empty.ics", feed.Feed{Name: "empty", Zone: "UTC"}, nil, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			b, problems := feed.Render(tt.feed, itemsOf(tt.entries...), world())
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if b.Undated != tt.undated || b.Entries != tt.count {
				t.Errorf("%d entries and %d undated, want %d and %d", b.Entries, b.Undated, tt.count, tt.undated)
			}
			sound(t, b.Plain)
			golden(t, tt.file, b.Plain)
		})
	}
}

func TestRender_Order(t *testing.T) {
	list := append(report(), lifecycle()...)
	c := world()
	items := itemsOf(list...)
	one, _ := feed.Render(feed.Feed{Name: "all"}, items, c)
	slices.Reverse(items)
	two, _ := feed.Render(feed.Feed{Name: "all"}, items, c)
	if !bytes.Equal(one.Plain, two.Plain) || !bytes.Equal(one.Gzip, two.Gzip) || one.ETag != two.ETag || one.GzipETag != two.GzipETag {
		t.Error("the same events gave two feeds")
	}
}

func TestRender_Gzip(t *testing.T) {
	list := report()
	b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(list...), world())
	in := bytes.NewReader(b.Gzip)
	r, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, b.Plain) || in.Len() != 0 {
		t.Errorf("the first member holds %d of %d octets, %d are left, %v", len(got), len(b.Plain), in.Len(), err)
	}
	if mtime := binary.LittleEndian.Uint32(b.Gzip[4:]); mtime != 0 {
		t.Errorf("MTIME is %d", mtime)
	}
	for _, tag := range []string{b.ETag, b.GzipETag} {
		if len(tag) < 3 || !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) {
			t.Errorf("%s is no strong entity tag", tag)
		}
	}
	if b.ETag == b.GzipETag {
		t.Error("both representations have one entity tag")
	}
}

func TestRender_Modified(t *testing.T) {
	list := report()
	items := itemsOf(list...)
	items[1].Stamp = written.Add(time.Hour + time.Millisecond)
	b, _ := feed.Render(feed.Feed{Name: "all"}, items, world())
	if want := written.Add(time.Hour); !b.Modified.Equal(want) {
		t.Errorf("modified %s, want %s", b.Modified, want)
	}
}

func TestRender_Problems(t *testing.T) {
	good := entryOf(event.Event{ID: "good", Title: "Good", Links: []event.Link{{Rel: event.RelatedTo, To: "bad"}}}, "2026-01-01")
	day := "2026-01-02"
	tests := []struct {
		name string
		item func(*feed.Item)
		date string
		want string
	}{
		{"no UID", func(i *feed.Item) { i.Entry.UID = "" }, day, "it has no UID"},
		{"UID too long", func(i *feed.Item) { i.Entry.UID = strings.Repeat("x", 256) }, day, "its UID has 256 octets: 255 is the most"},
		{"UID of two lines", func(i *feed.Item) { i.Entry.UID = "a\nb" }, day, `its UID "a\nb" is not one line of text`},
		{"UID taken", func(i *feed.Item) { i.Entry.UID = good.UID }, day, `its UID "good@attache.example" is that of event "good"`},
		{"no stamp", func(i *feed.Item) { i.Stamp = time.Time{} }, day, "it does not say when it was last changed"},
		{"negative sequence", func(i *feed.Item) { i.Sequence = -1 }, day, "its SEQUENCE -1 is below 0"},
		{"after the last year", func(i *feed.Item) {}, "9999-12-31", "its date does not fit: iCalendar has the years 1 to 9999"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := entryOf(event.Event{ID: "bad", Title: "Bad"}, tt.date)
			items := itemsOf(good, bad)
			tt.item(items[1])
			b, problems := feed.Render(feed.Feed{Name: "all"}, items, world())
			if len(problems) != 1 || problems[0] != (feed.Problem{Event: "bad", What: tt.want}) {
				t.Errorf("problems %v, want bad: %s", problems, tt.want)
			}
			sound(t, b.Plain)
			if b.Entries != 1 || !bytes.Contains(b.Plain, []byte("SUMMARY:[tbc] Good (")) || bytes.Contains(b.Plain, []byte("RELATED-TO")) {
				t.Errorf("the other event is not as it was:\n%s", b.Plain)
			}
		})
	}
}

func TestDescription_Cut(t *testing.T) {
	list := []agenda.Entry{entryOf(event.Event{ID: "long", Title: "Long", Note: strings.Repeat("条約の署名。", 2000)}, "2026-01-01")}
	b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(list...), world())
	sound(t, b.Plain)
	got := table(t, b.Plain)[0].description
	if len(got) > 4096 || len(got) < 4000 || !strings.HasSuffix(got, "…\n\nhttps://attache.example/events/long") {
		t.Errorf("%d octets ending in %q", len(got), got[len(got)-60:])
	}
}

func TestDescription_Superseded(t *testing.T) {
	e := entryOf(event.Event{ID: "x", Title: "X"}, "2026-03-01", "2026-03-15", "2026-03-29")
	b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(e), world())
	got := table(t, b.Plain)[0].description
	if !strings.Contains(got, "Date: Sun 29 Mar 2026") || !strings.Contains(got, "Said before: Sun 15 Mar 2026\nSaid before: Sun 1 Mar 2026\n") {
		t.Errorf("%s", got)
	}
}

func TestRender_Undated(t *testing.T) {
	for _, date := range []string{"tbd", "before event:y"} {
		e := entryOf(event.Event{ID: "x", Title: "X"}, date)
		b, _ := feed.Render(feed.Feed{}, itemsOf(e), world())
		if got := fingerprint(feed.Feed{}, e); got != "" || b.Entries != 0 || b.Undated != 1 {
			t.Errorf("%s: fingerprint %q, %d entries, %d undated", date, got, b.Entries, b.Undated)
		}
	}
}

// A moment has no length, and a meeting of which no end is known that of the calendar.
func TestRender_InstantWithoutEnd(t *testing.T) {
	hour := world()
	hour.Length = time.Hour
	for _, c := range []struct {
		kind event.Kind
		in   feed.Context
		want string
	}{
		{event.Deadline, hour, "DTSTART:20251101T040100Z SUMMARY"},
		{event.Measure, hour, "DTSTART:20251101T040100Z SUMMARY"},
		{event.Meeting, world(), "DTSTART:20251101T040100Z DTEND:20251101T043100Z SUMMARY"},
		{event.Talks, hour, "DTSTART:20251101T040100Z DTEND:20251101T050100Z SUMMARY"},
	} {
		e := entryOf(event.Event{ID: "d", Title: "Due", Kind: c.kind}, "2025-11-01 00:01 America/New_York")
		b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(e), c.in)
		sound(t, b.Plain)
		if !strings.Contains(strings.ReplaceAll(string(b.Plain), "\r\n", " "), c.want) {
			t.Errorf("of a %s there is no %s in\n%s", c.kind, c.want, b.Plain)
		}
	}
}

func TestColor(t *testing.T) {
	var list []agenda.Entry
	for _, k := range event.Kinds() {
		list = append(list, entryOf(event.Event{ID: string(k), Title: "X", Kind: k}, "2026-01-01"))
	}
	b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(list...), world())
	sound(t, b.Plain) // which looks for names of CSS
	if n := bytes.Count(b.Plain, []byte("\r\nCOLOR:")); n != len(list) {
		t.Errorf("%d colours for %d kinds", n, len(list))
	}
}

// What lasts some days of a longer time is said with its length, and begins and ends within it.
func TestRender_LengthInAWindow(t *testing.T) {
	e := entryOf(event.Event{ID: "summit", Title: "Summit", Certainty: event.Likely}, "between 2026-03-16 and 2026-03-31 lasting 2 days")
	b, _ := feed.Render(feed.Feed{Name: "all", Options: feed.Options{Windows: feed.Spans}}, itemsOf(e), world())
	text := strings.ReplaceAll(string(b.Plain), "\r\n ", "")
	for _, want := range []string{"DTSTART;VALUE=DATE:20260316", "DTEND;VALUE=DATE:20260401", `Summit (2 days\, some time from 16 to 31 Mar 2026\, likely)`, `Date: 2 days\, some time from 16 to 31 Mar 2026`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	b, _ = feed.Render(feed.Feed{Name: "all", Options: feed.Options{Windows: feed.Edges}}, itemsOf(e), world())
	text = strings.ReplaceAll(string(b.Plain), "\r\n ", "")
	for _, want := range []string{"the first day on which it can begin.", "DTSTART;VALUE=DATE:20260330", "the last day on which it can begin."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// What is for programs stands in a description only where a feed asks for it.
func TestRender_Technical(t *testing.T) {
	e := entryOf(event.Event{ID: "visit", Title: "Visit"}, "between 2026-03-16 and 2026-03-31")
	for _, technical := range []bool{false, true} {
		b, _ := feed.Render(feed.Feed{Name: "all", Options: feed.Options{Technical: technical}}, itemsOf(e), world())
		text := strings.ReplaceAll(string(b.Plain), "\r\n ", "")
		if told := strings.Contains(text, `\nEDTF: [2026-03-16..2026-03-31]`); told != technical || !strings.Contains(text, "\r\nX-ATTACHE-EDTF:[2026-03-16..2026-03-31]\r\n") {
			t.Errorf("technical %t: %s", technical, text)
		}
	}
}

// What is known on one side only stands on that day.
func TestRender_OneSided(t *testing.T) {
	for date, want := range map[string]string{
		"by 2026-03-15":         `DTSTART;VALUE=DATE:20260315 SUMMARY:[window] Last possible day: Vote (on or before 15 Mar 2026\, possible)`,
		"not before 2026-01-05": `DTSTART;VALUE=DATE:20260105 SUMMARY:[window] First possible day: Vote (on or after 5 Jan 2026\, possible)`,
	} {
		e := entryOf(event.Event{ID: "vote", Title: "Vote", Certainty: event.Possible}, date)
		b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(e), world())
		text := strings.ReplaceAll(string(b.Plain), "\r\n ", "")
		for _, line := range append(strings.SplitN(want, " ", 2), "STATUS:TENTATIVE", "TRANSP:TRANSPARENT") {
			if !strings.Contains(text, "\r\n"+line+"\r\n") {
				t.Errorf("%s: no %q in\n%s", date, line, text)
			}
		}
		if b.Undated != 0 || b.Entries != 1 {
			t.Errorf("%s: %d entries, %d undated", date, b.Entries, b.Undated)
		}
		if b, _ := feed.Render(feed.Feed{Name: "all", Options: feed.Options{Windows: feed.Hidden}}, itemsOf(e), world()); b.Entries != 0 {
			t.Errorf("%s: %d entries where windows are hidden", date, b.Entries)
		}
	}
}
