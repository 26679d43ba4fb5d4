package feed_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/feed/lint"
	"attache/internal/when"
)

var update = flag.Bool("update", false, "write the golden files")

// written is when the fixtures were first written and last changed.
var written = time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)

// entryOf returns the entry of e, whose date is said by the expressions.
func entryOf(e event.Event, exprs ...string) agenda.Entry {
	for _, s := range exprs {
		x, err := when.Parse(s)
		if err != nil {
			panic(err)
		}
		e.When = append(e.When, event.Statement{Expr: x})
	}
	if e.Zone == "" {
		e.Zone = "UTC"
	}
	if e.Certainty == "" {
		e.Certainty = event.Possible
	}
	if e.Status == "" {
		e.Status = event.Open
	}
	r := event.First(e, event.Author{Via: "file"}, written)
	return agenda.Compute(r, e.ID+"@attache.example", written)
}

// itemsOf returns entries as they are first published.
func itemsOf(list ...agenda.Entry) []*feed.Item {
	var out []*feed.Item
	for _, e := range list {
		out = append(out, &feed.Item{Entry: &e, Stamp: written})
	}
	return out
}

// world is what the texts refer to.
func world() feed.Context {
	return feed.Context{Sources: sources, PageBase: "https://attache.example", AlarmAt: 9 * time.Hour}
}

// fingerprint returns that of the first of list in a feed that has all of it.
func fingerprint(f feed.Feed, list ...agenda.Entry) string {
	items := itemsOf(list...)
	return feed.NewLayout(f, items, world(), nil).Fingerprint(items[0])
}

var sources = map[string]event.Source{
	"report": {
		Key: "report", Title: "US–China talks in Kuala Lumpur: 'very substantial framework'",
		Published: civil.Date{Year: 2025, Month: 10, Day: 26},
	},
	"page": {Key: "page", Title: "A page", Publisher: "A publisher", URL: "https://example.org/page?a=1,2;b"},
}

// report is the calendar of one news report.
func report() []agenda.Entry {
	cite := func(quote string) []event.Citation { return []event.Citation{{Source: "report", Quote: quote}} }
	return []agenda.Entry{
		entryOf(event.Event{
			ID: "us-tariffs", Title: "US tariffs of 100% on Chinese goods", Kind: event.Deadline, Zone: "America/New_York",
			Parties: []string{"US", "China"},
			If:      &event.Condition{Text: "Beijing moves forward with restrictions on rare earth exports"},
			Sources: cite("the sweeping tariffs President Trump has threatened to implement on 1 November if Beijing moves forward with restrictions on rare earth exports"),
		}, "2025-11-01"),
		entryOf(event.Event{
			ID: "asia-tour", Title: "Trump's tour of Asia", Kind: event.Visit, Zone: "Asia/Kuala_Lumpur", Certainty: event.Confirmed,
			Sources: cite("President Trump arrived in Malaysia on Sunday for the ASEAN summit, the first stop of a five-day Asia tour"),
		}, "from 2025-10-26 lasting 5 days"),
		entryOf(event.Event{
			ID: "trump-xi", Title: "Trump and Xi meet", Kind: event.Meeting, Zone: "Asia/Seoul", Certainty: event.Likely, Place: "South Korea",
			Links:   []event.Link{{Rel: event.PartOf, To: "asia-tour"}, {Rel: event.Precedes, To: "beijing-visit"}, {Rel: event.Follows, To: "elsewhere"}},
			Sources: cite("expected to culminate in a face-to-face meeting with Xi in South Korea on Thursday"),
		}, "2025-10-30"),
		entryOf(event.Event{
			ID: "beijing-visit", Title: "Trump to Beijing", Kind: event.Visit, Zone: "Asia/Shanghai", Place: "Beijing",
			Sources: cite("Trump may also travel to Beijing early next year, ahead of the Lunar New Year on 17 February"),
		}, "between 2026-01-01 and 2026-02-16"),
		entryOf(event.Event{ID: "rare-earths", Title: "Deferral of China's export controls on rare earths", Kind: event.Measure,
			Sources: cite("I’m also anticipating that we will get some kind of a deferral on the rare earth export controls that the Chinese had discussed")}, "tbd"),
	}
}

// lifecycle has an event of every fate.
func lifecycle() []agenda.Entry {
	var out []agenda.Entry
	for _, s := range event.Statuses() {
		out = append(out, entryOf(event.Event{
			ID: "talks-" + strings.ReplaceAll(string(s), " ", "-"), Title: "Example talks", Kind: event.Talks, Status: s, Reason: "as was said", Zone: "Asia/Seoul", Certainty: event.Confirmed,
		}, "2026-03-02 10:00"))
	}
	out = append(out,
		entryOf(event.Event{ID: "lasting", Title: "Talks of two hours", Kind: event.Talks, Zone: "Asia/Seoul", Certainty: event.Likely}, "at 2026-03-02 10:00 lasting 2 hours"),
		entryOf(event.Event{ID: "due", Title: "Deadline at an instant", Kind: event.Deadline, Zone: "America/New_York", Certainty: event.Confirmed}, "2025-11-01 00:01"),
		entryOf(event.Event{ID: "put-off", Title: "Put off with no date", Status: event.Deferred}, "tbd"),
		entryOf(event.Event{ID: "one-bound", Title: "Before some day"}, "before 2026-03-01"),
		entryOf(event.Event{ID: "was-held", Title: "Held on some day", Kind: event.Visit, Status: event.Held}, "between 2026-01-05 and 2026-01-07"),
	)
	return out
}

// oddities has texts that feeds have choked on.
func oddities() []agenda.Entry {
	long := make([]rune, 200)
	for i := range long {
		long[i] = []rune("条約の署名、")[i%6]
	}
	titles := map[string]string{
		"cjk":       "中美经贸磋商，吉隆坡；第二轮",
		"rtl":       "قمة شرم الشيخ للسلام, הפגישה בירושלים",
		"emoji":     "👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈 family, in; one line 👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈 and another 👩🏽‍🚀👨‍👩‍👧‍👦",
		"long":      string(long),
		"lines":     "first\r\nsecond\rthird\nfourth\u2028fifth",
		"injection": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged",
		"controls":  "bell\a nul\x00 delete\x7f bad\xff\xfe\xed\xa0\x80 next\u0085line",
		"escapes":   `a\b;c,d\n"e" ^f ` + `\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\`,
		"markup":    "<b>bold</b> & 1<2 <script>",
		"blank":     " \t\r\n",
	}
	var out []agenda.Entry
	for id, title := range titles {
		out = append(out, entryOf(event.Event{
			ID: id, Title: title, Kind: event.Other, Place: title, Note: title, Reason: title,
			Sources: []event.Citation{{Source: "page", Quote: title}, {Source: "nowhere", Quote: title}},
		}, "2026-05-01"))
	}
	return out
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; run with -update and look at the difference. Got:\n%s", path, got)
	}
}

func sound(t *testing.T, data []byte) {
	t.Helper()
	for _, f := range lint.Check(data) {
		t.Errorf("%s", f)
	}
}
