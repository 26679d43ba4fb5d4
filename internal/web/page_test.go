package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

func TestPages(t *testing.T) {
	changed := sample(t)
	e := changed.list[0].Event
	was := e
	was.When = said(expr(t, when.On, "2025-12-01"), "", 12)
	was.Certainty, was.Note = event.Likely, "as first heard"
	e.Reason = "the report says so"
	changed.list = changed.list[1:]
	changed.add(was, e)
	changed.solve()
	broken := sample(t)
	broken.ready.Errors = []string{`events/us-china.yaml:29:11: "2025-11-31" is not a day: November 2025 has no day 31`}
	tests := []struct {
		file, path string
		cal        *fake
		now        time.Time
		status     int
	}{
		{"home.html", "/", sample(t), october, 200},
		{"home-past.html", "/", broken, november, 200},
		{"home-topic.html", "/?topic=rare-earths", sample(t), october, 200},
		{"home-month.html", "/?view=month&on=2025-11-01", sample(t), october, 200},
		{"home-timeline.html", "/?view=timeline&scale=year", sample(t), october, 200},
		{"home-empty.html", "/", &fake{zone: time.UTC}, october, 200},
		{"event.html", "/events/us-tariffs-100", changed, october, 200},
		{"event-window.html", "/events/xi-g20-visit", sample(t), october, 200},
		{"event-undated.html", "/events/rare-earth-controls", sample(t), october, 200},
		{"changes.html", "/changes", changed, october.Add(2 * time.Hour), 200},
		{"changes.atom", "/changes.atom", changed, october.Add(2 * time.Hour), 200},
		{"status.html", "/status", broken, october, 200},
		{"subscribe.html", "/subscribe", sample(t), october, 200},
		{"notfound.html", "/nowhere", sample(t), october, 404},
		{"readyz.json", "/readyz", broken, october, 200},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			w := ask(handler(tt.cal, tt.now), "GET", tt.path)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			golden(t, tt.file, w.Body.String())
		})
	}
}

// pages are the addresses that answer with HTML.
var pages = []string{"/", "/?topic=tariffs", "/?all", "/subscribe", "/changes", "/status", "/?at=2025-10-25", "/?list=past", "/?on=2025-10-01", "/?view=timeline&group=topic&past=shown", "/?view=month&on=2025-11-01", "/?view=week&on=2030-01-01", "/events/us-tariffs-100", "/events/beijing-visit", "/nowhere"}

func TestPages_Headings(t *testing.T) {
	for _, now := range []time.Time{october, november} {
		for _, path := range pages {
			last := 0
			for i, m := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(ask(handler(sample(t), now), "GET", path).Body.String(), -1) {
				level := int(m[1][0] - '0')
				if level > last+1 || (level == 1) != (i == 0) {
					t.Errorf("%s: heading %d has level %d after %d", path, i+1, level, last)
				}
				last = level
			}
		}
	}
}

// withoutScript takes the one script out of a page that every page has.
func withoutScript(t *testing.T, body string) string {
	t.Helper()
	the := regexp.MustCompile(`<script src="[^"]*/app\.js\?[0-9a-f]{12}" defer></script>`)
	if n := len(the.FindAllString(body, -1)); n != 1 {
		t.Errorf("the page has its script %d times", n)
	}
	data := regexp.MustCompile(`<script type="application/ld\+json">[^<]*</script>`) // no browser runs it
	return data.ReplaceAllString(the.ReplaceAllString(body, ""), "")
}

func TestPages_ContentSecurityPolicy(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)<script|<style|\sstyle=|\son[a-z]+=|javascript:|data:|src=`)
	for _, path := range pages {
		body := withoutScript(t, ask(handler(sample(t), october), "GET", path).Body.String())
		if m := forbidden.FindString(body); m != "" {
			t.Errorf("%s holds %q", path, m)
		}
		if strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: a template refused a value", path)
		}
	}
}

func TestPages_UniqueIDs(t *testing.T) {
	for _, path := range pages {
		var ids []string
		for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(ask(handler(sample(t), november), "GET", path).Body.String(), -1) {
			if slices.Contains(ids, m[1]) {
				t.Errorf("%s: two elements have the id %q", path, m[1])
			}
			ids = append(ids, m[1])
		}
	}
}

func TestPages_NoTextBecomesMarkup(t *testing.T) {
	evil := `"><script>alert(1)</script><img src=x onerror='alert(2)'>` + "\x00\u202e"
	f := sample(t)
	f.sources["evil"] = event.Source{Key: "evil", Title: evil, Publisher: evil, URL: "javascript:alert(3)"}
	f.sources["data"] = event.Source{Key: "data", Title: "data", URL: "data:text/html,<script>alert(4)</script>"}
	f.sources["good"] = event.Source{Key: "good", Title: "good", URL: `https://example.org/?a="onclick=alert(5)`}
	e := event.Event{
		ID: "evil", Title: evil, Kind: event.Kind(evil), Zone: "UTC", Certainty: event.Certainty(evil), Status: event.Status(evil),
		Reason: evil, Place: evil, Parties: []string{evil}, People: []string{evil}, Topics: []string{evil}, Note: evil,
		If:     &event.Condition{Text: evil, Event: "us-tariffs-100", Is: event.Status(evil)},
		When:   []event.Statement{{ID: evil, Expr: expr(t, when.On, "2025-11-05"), Phrase: evil, Quote: evil, Source: "evil"}},
		Origin: event.Position{File: evil, Line: 3},
		Sources: []event.Citation{
			{Source: "data", Quote: evil + "1", Supports: []string{evil}}, {Source: "good", Quote: evil + "2"}, {Source: evil, Quote: evil},
		},
	}
	other := e
	other.Title, other.Note = "before", evil+evil
	f.add(other, e)
	f.names = append([]calendar.Feed{{Name: evil, Title: evil}}, f.names...)
	f.notices["evil"] = []calendar.EventNotice{{At: entered, Kind: "reminder", Lead: evil, Channel: evil, State: notice.State(evil)}, {At: entered, Kind: "reminder", Lead: evil, Channel: evil, State: notice.Pending}}
	f.ready.Errors = []string{evil}
	h := New(Config{Calendar: shows(f), Readiness: func() Readiness { return f.ready }, Now: func() time.Time { return october }, PublicURL: func() string { return "https://x.example/" + evil }})
	active := regexp.MustCompile(`(?i)<script|<img|\sonerror=[^&]|href="(javascript|data):|"onclick`)
	for _, path := range append(slices.Clone(pages), "/events/evil", "/?topic=%22%3E%3Cscript%3E") {
		body := withoutScript(t, ask(h, "GET", path).Body.String())
		for _, m := range active.FindAllStringIndex(body, -1) {
			around := body[max(0, m[0]-60):min(len(body), m[1]+60)]
			if !strings.Contains(around, "&#39;") || strings.Contains(body[m[0]:m[1]], "<") {
				t.Errorf("%s: text became markup: %s", path, around)
			}
		}
		if strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: an unsafe address reached a link", path)
		}
	}
}

func TestPages_ReflectNothing(t *testing.T) {
	h := handler(sample(t), october)
	for _, target := range []string{"/?topic=marker", "/?party=marker&kind=marker&status=marker&certainty=marker&all=marker", "/marker", "/events/marker", "/feeds/marker.ics", "/livez?marker"} {
		w := ask(h, "GET", target, "User-Agent", "marker", "Referer", "marker", "X-Forwarded-Host", "marker")
		if strings.Contains(w.Body.String(), "marker") {
			t.Errorf("%s repeats what was asked", target)
		}
		for name, v := range w.Header() {
			if strings.Contains(strings.Join(v, ""), "marker") {
				t.Errorf("%s repeats what was asked in %s", target, name)
			}
		}
	}
}

func TestEventPage_SchemaOrg(t *testing.T) {
	f := sample(t)
	e := f.list[3].Event // the meeting that is likely
	e.ID, e.Title = "moved", `</script><script>alert(1)</script>`
	e.People = []string{"Donald Trump"}
	later := e
	later.Status, later.Reason = event.Deferred, "not ready"
	later.When = said(expr(t, when.On, "2025-11-05"), "", 41)
	f.add(e, later)
	h := handler(f, october)
	body := ask(h, "GET", "/events/moved").Body.String()
	m := regexp.MustCompile(`<script type="application/ld\+json">([^<]*)</script>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("there is nothing for them")
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(m[1]), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"@type": "Event", "eventStatus": "https://schema.org/EventRescheduled", "startDate": "2025-11-05",
		"previousStartDate": "2025-10-30", "name": later.Title, "url": "https://dates.example.org/events/moved",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	for _, id := range []string{"beijing-visit", "us-tariffs-100", "rare-earth-controls"} { // a window, a possible day, no date
		if strings.Contains(ask(h, "GET", "/events/"+id).Body.String(), "ld+json") {
			t.Errorf("%s is not settled and is told as if it were", id)
		}
	}
}

// Readers see what was said before, and which report came in its place: no names of statements.
func TestEventPage_Superseded(t *testing.T) {
	f := sample(t)
	e := f.list[3].Event
	e.ID, e.Title = "moved", "Moved"
	e.When = append(said(expr(t, when.On, "2025-11-03"), "on the 3rd", 41), said(expr(t, when.On, "2025-11-05"), "on the 5th", 42)...)
	f.add(e)
	body := ask(handler(f, october), "GET", "/events/moved").Body.String()
	want := "Not in force: superseded by the later report: Wed 5 Nov 2025, US–China talks in Kuala Lumpur"
	if !strings.Contains(body, want) || !strings.Contains(body, "on the 3rd") {
		t.Errorf("it does not say %q", want)
	}
}

func TestEventPage_UnreadableHistory(t *testing.T) {
	f := sample(t)
	f.err = errors.New("read revision 3: checksum")
	w := ask(handler(f, october), "GET", "/events/beijing-visit")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "The history could not be read.") {
		t.Errorf("status %d, and the page does not say it", w.Code)
	}
	if strings.Contains(w.Body.String(), "checksum") {
		t.Error("the page tells what only the log should")
	}
}

func TestEventPage_AnswersInNoFile(t *testing.T) {
	f := sample(t)
	const line = "For its editors</h2><p>1 answer from Slack is not in the files: <code>attache settle beijing-visit</code> writes it down.</p>"
	for n, want := range []bool{false, true} {
		f.unsettled = map[string][]calendar.Unsettled{"beijing-visit": make([]calendar.Unsettled, n)}
		for i := range n {
			f.unsettled["beijing-visit"][i].By.Via = "slack"
		}
		if body := ask(handler(f, october), "GET", "/events/beijing-visit").Body.String(); strings.Contains(body, line) != want {
			t.Errorf("%d answers: it says so: %t", n, !want)
		}
	}
}

func TestHome_LongList(t *testing.T) {
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	for i := range 400 {
		f.add(event.Event{
			ID: "e" + string(rune('a'+i/26/26)) + string(rune('a'+i/26%26)) + string(rune('a'+i%26)), Title: "One of many", Kind: event.Talks, Zone: "UTC",
			Certainty: event.Possible, Status: event.Open, When: []event.Statement{{Expr: when.Expr{
				Form: when.On, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1}.AddDays(i))}}}},
		})
	}
	h := handler(f, october)
	seen := make(map[string]bool)
	at, pages := "/", 0
	for ; at != "" && pages < 20; pages++ {
		body := ask(h, "GET", at).Body.String()
		for _, m := range regexp.MustCompile(`<article [^>]*id="e-([a-z]+)"`).FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s is shown twice", m[1])
			}
			seen[m[1]] = true
		}
		next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`).FindStringSubmatch(body)
		if at = ""; next != nil {
			at = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if len(seen) != 400 || pages != 10 {
		t.Errorf("%d pages show %d events, want 10 and 400", pages, len(seen))
	}
	if body := ask(h, "GET", "/").Body.String(); !strings.Contains(body, `<a href="/?on=2026-03-01">March 2026</a> <span class="fine">31</span>`) {
		t.Error("the page does not lead to the months")
	}
	if last := ask(h, "GET", "/?offset=900").Body.String(); !strings.Contains(last, "400 to 400 of 400") {
		t.Error("behind the last page comes another one")
	}
}

func TestPages_PublicURL(t *testing.T) {
	tests := []struct {
		public string
		want   []string
		never  string
	}{
		{"https://dates.example.org", []string{
			`href="webcal://dates.example.org/feeds/all.ics"`, `<code>https://dates.example.org/feeds/all.ics</code>`,
			`https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fdates.example.org%2Ffeeds%2Fall.ics`,
			`https://outlook.live.com/calendar/0/addfromweb?name=Diplomatic%20calendar&amp;url=https%3A%2F%2Fdates.example.org%2Ffeeds%2Fall.ics`,
		}, "cannot reach"},
		{"https://example.org/attache", []string{`href="webcal://example.org/attache/feeds/all.ics"`, `href="/attache/app.css?`, `href="/attache/events/beijing-visit"`}, `href="/events`},
		{"http://127.0.0.1:8080", []string{"cannot reach 127.0.0.1:8080"}, "127.0.0.1:8080//"},
		{"", []string{`href="/feeds/all.ics"`}, "webcal:"},
		{"ftp://example.org", []string{`href="/feeds/all.ics"`}, "webcal:"},
	}
	for _, tt := range tests {
		h := New(Config{Calendar: shows(sample(t)), Now: func() time.Time { return october }, PublicURL: func() string { return tt.public }})
		body := ask(h, "GET", "/").Body.String()
		for _, want := range tt.want {
			if !strings.Contains(body, want) {
				t.Errorf("with %q the page has no %s", tt.public, want)
			}
		}
		if strings.Contains(body, tt.never) {
			t.Errorf("with %q the page has %s", tt.public, tt.never)
		}
	}
}
