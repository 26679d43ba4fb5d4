package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"attache/internal/event"
	"attache/internal/when"
)

// BenchmarkFeed measures a feed request over a connection that stays open,
// beside a handler that does nothing but write the same octets, of the head as
// of the body.
func BenchmarkFeed(b *testing.B) {
	body := bytes.Repeat([]byte("DESCRIPTION:an event of ordinary length, folded or not\r\n"), 1000)
	f := sample(b)
	f.feeds["all"] = Feed{Plain: body, Gzip: body[:len(body)/5], ETag: `"plain"`, GzipETag: `"gzip"`, Modified: entered}
	for _, c := range []struct{ name, encoding, match string }{
		{"plain", "identity", ""}, {"gzip", "gzip", ""}, {"304", "identity", `"plain"`},
	} {
		h := handler(f, october)
		answer := ask(h, "GET", "/feeds/all.ics", "Accept-Encoding", c.encoding, "If-None-Match", c.match)
		b.Run(c.name+"/attache", func(b *testing.B) { poll(b, h, c.encoding, c.match) })
		b.Run(c.name+"/bare", func(b *testing.B) { poll(b, bare(answer), c.encoding, c.match) })
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
	r.Header.Set("Accept-Encoding", encoding)
	if match != "" {
		r.Header.Set("If-None-Match", match)
	}
	client := srv.Client()
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
		f.feeds["all"] = Feed{Plain: make([]byte, kib<<10), ETag: `"plain"`, Modified: entered}
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

// BenchmarkHome measures the first page.
func BenchmarkHome(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		f := &fake{zone: october.Location(), history: map[string][]event.Revision{}}
		for i := range n {
			f.add(event.Event{
				ID: fmt.Sprint("e", i), Title: "Talks", Kind: event.Talks, Zone: "Asia/Shanghai", Certainty: event.Possible, Status: event.Open,
				When: []event.Statement{{Expr: when.Expr{Form: when.On, A: when.Point{Period: when.Day(when.Date{Year: 2025, Month: 6, Day: 1}.AddDays(i % 700))}}}},
			})
		}
		h := handler(f, october)
		r := httptest.NewRequest("GET", "/", nil)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				b.ReportMetric(float64(w.Body.Len()), "octets")
				b.ReportMetric(float64(len(compressed(w.Body.Bytes()))), "gzipped")
			}
		})
	}
}
