package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"attache/internal/access"
	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// BenchmarkFeed measures a feed request over a connection that stays open, also where some events
// are not for everybody, beside a handler that does nothing but write the same octets, of the head
// as of the body.
func BenchmarkFeed(b *testing.B) {
	for _, events := range []int{100, 1000, 10_000} {
		body := bytes.Repeat([]byte("DESCRIPTION:an event of ordinary length, folded or not\r\n"), events*13) // 730 octets each
		f := sample(b)
		f.feeds["all"] = calendar.Published{Plain: body, Gzip: body[:len(body)/5], ETag: `"plain"`, GzipETag: `"gzip"`, Modified: entered}
		for _, c := range []struct{ name, encoding, match string }{
			{"plain", "identity", ""}, {"gzip", "gzip", ""}, {"304", "identity", `"plain"`},
		} {
			h := New(Config{Calendar: shows(f), FeedStats: new(FeedStats), Now: func() time.Time { return october }})
			guarded := New(Config{Calendar: shows(f), FeedStats: new(FeedStats), Now: func() time.Time { return october }, Access: access.New(access.Config{
				Settings: func() access.Settings { return access.Settings{PublicURL: "https://dates.example.org", Guarded: true} },
			})})
			answer := ask(h, "GET", "/feeds/all.ics", "Accept-Encoding", c.encoding, "If-None-Match", c.match)
			name := fmt.Sprint(c.name, "/", events)
			b.Run(name+"/attache", func(b *testing.B) { poll(b, h, c.encoding, c.match) })
			b.Run(name+"/guarded", func(b *testing.B) { poll(b, guarded, c.encoding, c.match) })
			b.Run(name+"/bare", func(b *testing.B) { poll(b, bare(answer), c.encoding, c.match) })
		}
	}
}

// bare writes what was answered once.
func bare(answer *httptest.ResponseRecorder) http.Handler {
	status, head, body := answer.Code, answer.Header(), answer.Body.Bytes()
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range head {
			w.Header().Set(name, values[0])
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

func poll(b *testing.B, h http.Handler, encoding, match string) {
	srv := httptest.NewServer(h)
	defer srv.Close()
	r, err := http.NewRequest("GET", srv.URL+"/feeds/all.ics", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Host = "dates.example.org"
	r.Header.Set("Accept-Encoding", encoding)
	if match != "" {
		r.Header.Set("If-None-Match", match)
	}
	client := srv.Client()
	b.ReportAllocs()
	for b.Loop() {
		res, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
}

// discards is a response nobody reads.
type discards struct{ h http.Header }

func (d discards) Header() http.Header         { return d.h }
func (d discards) WriteHeader(int)             {}
func (d discards) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkFeedHandler measures the handler alone: its cost does not grow with
// the feed.
func BenchmarkFeedHandler(b *testing.B) {
	for _, kib := range []int{1, 100, 10_000} {
		f := sample(b)
		f.feeds["all"] = calendar.Published{Plain: make([]byte, kib<<10), ETag: `"plain"`, Modified: entered}
		h := handler(f, october)
		r := httptest.NewRequest("GET", "/feeds/all.ics", nil)
		b.Run(fmt.Sprintf("%dKiB", kib), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(discards{http.Header{}}, r)
			}
		})
	}
}

// many returns a calendar of n events over four years, of every kind and precision, each
// with its words.
func many(b testing.TB, n int) *fake {
	f := sample(b)
	kinds, certain := event.Kinds(), event.Certainties()
	zones := []string{"Asia/Shanghai", "America/New_York", "Europe/Brussels", "Asia/Seoul"}
	first := civil.Date{Year: 2024, Month: 6, Day: 1}
	for i := range n - len(f.list) {
		day := first.AddDays(i * 7919 % 1460)
		x := when.Expr{Form: when.On, A: when.Point{Period: civil.Day(day)}}
		if i%3 == 0 {
			x = when.Expr{Form: when.Between, A: when.Point{Period: civil.Day(day)}, B: when.Point{Period: civil.Day(day.AddDays(i % 90))}}
		}
		quote := fmt.Sprintf("officials said that round %d of the talks would deal with export controls, tariffs and the schedule of visits", i)
		e := event.Event{
			ID: fmt.Sprint("talks-", i), Title: fmt.Sprintf("Round %d of talks on export controls", i), Kind: kinds[i%len(kinds)],
			When: said(x, quote, i), Zone: zones[i%len(zones)], Certainty: certain[i%len(certain)], Status: event.Open,
			Place: "Geneva", Parties: []string{"US", "China"}, Topics: []string{fmt.Sprint("topic-", i%40), "tariffs"},
			Note: "The delegations have not been named.", Origin: event.Position{File: "events/many.yaml", Line: i},
		}
		r := event.First(e, event.Author{Via: "file", Name: "events/many.yaml"}, entered)
		f.list = append(f.list, agenda.Compute(r, e.ID+"@attache.invalid", entered))
	}
	return f
}

// edition is a calendar that says of itself which version it is.
type edition struct {
	*fake
	n int
}

func (e *edition) Version() any { return e.n }

// BenchmarkHome measures the first page: as it is kept, made anew since a minute has
// passed, and made anew since something was edited. What is looked for is not kept.
func BenchmarkHome(b *testing.B) {
	for _, n := range []int{10, 300, 5_000} {
		cal := &edition{fake: many(b, n)}
		now := october
		h := New(Config{Calendar: shows(cal), Now: func() time.Time { return now }, PublicURL: func() string { return "https://dates.example.org" }})
		for _, c := range []struct {
			name, target string
			before       func()
		}{
			{"kept", "/", func() {}},
			{"minute", "/", func() { now = now.Add(time.Minute) }},
			{"edit", "/", func() { cal.n++ }},
			{"topic", "/?topic=topic-7", func() { now = now.Add(time.Minute) }},
			{"words", "/?q=round+77", func() { now = now.Add(time.Minute) }},
			{"month", "/?from=2026-02-01&to=2026-02-28", func() { now = now.Add(time.Minute) }},
			{"grid", "/?view=month", func() { now = now.Add(time.Minute) }},
			{"week", "/?view=week", func() { now = now.Add(time.Minute) }},
			{"timeline", "/?view=timeline&group=topic", func() { now = now.Add(time.Minute) }},
			{"day", "/?on=2026-02-01", func() { now = now.Add(time.Minute) }},
			{"print", "/?view=print", func() { now = now.Add(time.Minute) }},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, c.name), func(b *testing.B) {
				r := httptest.NewRequest("GET", c.target, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				var size int
				for b.Loop() {
					c.before()
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					size = w.Body.Len()
				}
				b.ReportMetric(float64(size), "octets-sent")
			})
		}
	}
}

// However many events there are, no view of them weighs more than a page should.
func TestHome_Weight(t *testing.T) {
	h := handler(many(t, 1500), october)
	for _, path := range []string{"/", "/?view=month", "/?view=week", "/?view=timeline&scale=year&group=topic&past=shown", "/?view=print", "/?on=2025-01-01", "/changes"} {
		if n := ask(h, "GET", path, "Accept-Encoding", "gzip").Body.Len(); n > 60<<10 {
			t.Errorf("%s takes %d octets on the wire", path, n)
		}
	}
}
