package web

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// timed puts a call at nine in Seoul on 31 October into the calendar: the evening before
// in Washington.
func timed(t *testing.T) *fake {
	f := sample(t)
	f.add(event.Event{
		ID: "call", Title: "Call at nine", Kind: event.Talks, Zone: "Asia/Seoul", Certainty: event.Confirmed, Status: event.Open,
		When: []event.Statement{{Expr: when.Expr{Form: when.At, A: when.Point{
			Period: civil.Day(civil.Date{Year: 2025, Month: 10, Day: 31}), Timed: true, Clock: civil.Clock{Hour: 9}}}}},
	})
	return f
}

func TestRequest_ZoneOfTimes(t *testing.T) {
	h := handler(timed(t), october)
	for _, c := range []struct{ query, want string }{
		{"", "Fri 31 Oct 2025, 09:00 Seoul time"},
		{"?tz=America/New_York", "Thu 30 Oct 2025, 20:00 New York time"},
		{"?tz=Europe/Brussels", "Fri 31 Oct 2025, 01:00 Brussels time"},
		{"?tz=UTC", "Fri 31 Oct 2025, 00:00 UTC"},
		{"?tz=%2B05:30", "Fri 31 Oct 2025, 05:30 +05:30"},
	} {
		body := html.UnescapeString(ask(h, "GET", "/events/call"+c.query).Body.String())
		if !strings.Contains(body, "<dt>Date</dt><dd>"+c.want+"</dd>") {
			t.Errorf("with %q the page has no %q", c.query, c.want)
		}
		if q := strings.TrimPrefix(c.query, "?"); q != "" && !strings.Contains(q, "%") {
			if !strings.Contains(ask(h, "GET", "/"+c.query).Body.String(), `href="/events/call?`+strings.ReplaceAll(q, "/", "%2F")+`"`) {
				t.Errorf("links of the page do not carry %q on", c.query)
			}
		}
	}
}

func TestRequest_ZoneLeavesDays(t *testing.T) {
	h := handler(timed(t), october)
	for _, query := range []string{"", "?tz=America/New_York", "?tz=Pacific/Auckland", "?tz=UTC"} {
		body := ask(h, "GET", "/?view=timeline"+strings.Replace(query, "?", "&", 1)).Body.String()
		for _, want := range []string{"<small>Thu 30 Oct 2025<", "<small>Sat 1 Nov 2025<", "<small>26–30 Oct 2025<"} {
			if !strings.Contains(body, want) {
				t.Errorf("with %q the page has no %q", query, want)
			}
		}
	}
}

func TestRequest_ZoneOfDaysAway(t *testing.T) {
	h := handler(timed(t), october) // 27 October in Seoul and Auckland
	for query, want := range map[string]string{"": "in 4 days", "?tz=Asia/Seoul": "in 3 days", "?tz=Pacific/Auckland": "in 3 days", "?tz=UTC": "in 4 days"} {
		body := ask(h, "GET", "/events/trump-xi-meeting"+query).Body.String()
		if !strings.Contains(body, `<span class="away">`+want+`</span>`) {
			t.Errorf("with %q the meeting is not %s", query, want)
		}
	}
}

func TestFilter_FeedOfPage(t *testing.T) {
	h := handler(sample(t), october)
	for query, want := range map[string]string{
		"":                               "https://dates.example.org/feeds/all.ics",
		"?tz=UTC":                        "https://dates.example.org/feeds/all.ics",
		"?topic=tariffs&topic=nothing":   "https://dates.example.org/feed.ics?topic=tariffs",
		"?kind=visit&q=Xi&from=&party=":  "https://dates.example.org/feed.ics?kind=visit&amp;q=Xi",
		"?from=2025-11-01&at=2025-10-26": "https://dates.example.org/feed.ics?at=2025-10-26&amp;from=2025-11-01",
		"?at=2025-10-26":                 "https://dates.example.org/feeds/all.ics?at=2025-10-26",
	} {
		body := ask(h, "GET", "/"+query).Body.String()
		if !strings.Contains(body, `<code>`+want+`</code>`) {
			t.Errorf("the page of %q does not offer %s", query, want)
		}
		webcal := "webcal" + strings.TrimPrefix(strings.ReplaceAll(want, "&amp;", "&"), "https")
		if cid := `cid=` + strings.NewReplacer(":", "%3A", "/", "%2F", "?", "%3F", "=", "%3D", "&", "%26").Replace(webcal); !strings.Contains(body, cid) {
			t.Errorf("the page of %q does not offer Google %s", query, cid)
		}
	}
}

func TestFilter_NoMatchNoFeed(t *testing.T) {
	h := handler(sample(t), october)
	for _, query := range []string{"?topic=nothing", "?q=nothing-has-this", "?kind=visit&party=nobody"} {
		if body := ask(h, "GET", "/"+query).Body.String(); strings.Contains(body, "webcal:") || !strings.Contains(body, "so there is no feed") {
			t.Errorf("the page of %s leads to a feed of other events", query)
		}
	}
}

func TestChanges_FewAmongMany(t *testing.T) {
	f := sample(t)
	f.changed = nil
	for seq := uint64(12000); seq > 0; seq-- {
		id := "beijing-visit"
		if seq%1000 == 0 {
			id = "us-tariffs-100"
		}
		f.changed = append(f.changed, change.View{Seq: seq, At: entered, Event: id, Title: id, Revision: 2})
	}
	h := handler(f, october)
	next, found, asked := "/api/v1/changes?topic=tariffs&limit=1000", 0, 0
	for ; next != "" && asked < 20; asked++ {
		var got struct {
			Changes []change.View
			Next    *string
		}
		if err := json.Unmarshal(ask(h, "GET", next).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		found += len(got.Changes)
		if next = ""; got.Next != nil {
			next = strings.TrimPrefix(*got.Next, "https://dates.example.org")
		}
	}
	if found != 12 || asked != 3 {
		t.Errorf("%d changes in %d answers", found, asked)
	}
	if body := ask(h, "GET", "/changes?topic=tariffs&before=3").Body.String(); strings.Contains(body, "Older changes") {
		t.Error("there is something older than the first")
	}
}

func TestFilter_Words(t *testing.T) {
	h := handler(sample(t), october)
	for query, want := range map[string]int{"q=TARIFFS": 1, "q=sweeping+threatened": 1, "q=xi+g20": 1, "q=xi": 2, "q=nothing-has-this": 0, "q=beijing&kind=visit": 1} {
		if n := strings.Count(ask(h, "GET", "/?"+query).Body.String(), "<article"); n != want {
			t.Errorf("%s: %d events, want %d", query, n, want)
		}
	}
}

func TestHome_Cache(t *testing.T) {
	f := &edition{fake: sample(t)}
	now := october
	h := New(Config{Calendar: shows(f), Now: func() time.Time { return now }})
	site := h.(*site)
	for i := range 300 {
		ask(h, "GET", fmt.Sprintf("/?q=x%d", i))
	}
	if len(site.homes.pages) != 300 || site.homes.size > mostCached {
		t.Errorf("%d pages of %d octets are kept", len(site.homes.pages), site.homes.size)
	}
	ask(h, "GET", "/?q="+strings.Repeat("x", mostQuery))
	ask(h, "GET", "/?at=2025-10-26")
	if len(site.homes.pages) != 300 {
		t.Errorf("%d pages are kept: a long query or another day is among them", len(site.homes.pages))
	}
	before := ask(h, "GET", "/").Body.String()
	f.list = f.list[1:]
	if ask(h, "GET", "/").Body.String() != before {
		t.Error("the page is made anew although nothing says that it changed")
	}
	f.n++
	if ask(h, "GET", "/").Body.String() == before {
		t.Error("the page stays although the calendar changed")
	}
	now = now.Add(time.Minute)
	if !strings.Contains(ask(h, "GET", "/").Body.String(), "14:01 New York time") || len(site.homes.pages) != 1 {
		t.Error("the page stays although a minute passed")
	}
}

// slow is a calendar whose events come once they are let.
type slow struct {
	*fake
	begun, let chan bool
}

func (s slow) Entries() []*agenda.Entry { s.begun <- true; <-s.let; return s.fake.Entries() }
func (s slow) Version() any             { return s.let }

func TestIndexes_OthersDoNotWait(t *testing.T) {
	var x indexes
	f := sample(t)
	one, got := slow{f, make(chan bool, 2), make(chan bool)}, make(chan *index, 2)
	for range 2 {
		go func() { got <- x.of(one) }()
	}
	<-one.begun
	if n := len(x.of(f).all); n != len(f.list) {
		t.Errorf("%d events", n)
	}
	close(one.let)
	if a, b := <-got, <-got; a != b || len(a.all) != len(f.list) || len(one.begun) > 0 {
		t.Error("it is made twice for those who ask at once")
	}
}

// deskAsks is an Access by which the header X-Desk says that somebody is of the desk, and X-Name who.
type deskAsks struct{ everybody }

func (deskAsks) Guarded() bool  { return true }
func (deskAsks) Vary() []string { return []string{"X-Desk"} }
func (deskAsks) Reader(r *http.Request) calendar.Sight {
	if r.Header.Get("X-Desk") != "" {
		return calendar.SightOf("desk")
	}
	return calendar.Sight{}
}

// The page that is kept is that of all readers of the same audiences, and of no others.
func TestHome_CacheByAudiences(t *testing.T) {
	seen := map[calendar.Sight]*fake{{}: sample(t), calendar.SightOf("desk"): sample(t)}
	seen[calendar.Sight{}].list = seen[calendar.Sight{}].list[1:]
	h := New(Config{Access: deskAsks{}, Now: func() time.Time { return october }, Calendar: func(s calendar.Sight) (Calendar, error) { return seen[s], nil }})
	pages := map[string]int{}
	for _, headers := range [][]string{{}, {"X-Name", "ann"}, {"X-Desk", "yes"}, {"X-Desk", "yes", "X-Name", "bob"}, {"X-Desk", "yes", "Cookie", "a=b"}} {
		w := ask(h, "GET", "/", headers...)
		pages[w.Header().Get("ETag")]++
		if got := w.Header(); got.Get("Cache-Control") != "private, no-cache" || got.Get("Vary") != "Accept-Encoding, Accept-Language, X-Desk" {
			t.Errorf("%v: %v", headers, got)
		}
		headers = append(headers, "If-None-Match", w.Header().Get("ETag"))
		if again := ask(h, "GET", "/", headers...); again.Code != http.StatusNotModified || again.Header().Get("Cache-Control") != "private, no-cache" || again.Header().Get("Vary") != w.Header().Get("Vary") {
			t.Errorf("%v: %d %v", headers, again.Code, again.Header())
		}
	}
	if kept := len(h.(*site).homes.pages); kept != 2 || len(pages) != 2 {
		t.Errorf("%d pages are kept, %d are seen", kept, len(pages))
	}
	if w := ask(h, "GET", "/", "If-None-Match", ask(h, "GET", "/", "X-Desk", "yes").Header().Get("ETag")); w.Code != http.StatusOK {
		t.Errorf("the public has what the desk has: %d", w.Code)
	}
}
