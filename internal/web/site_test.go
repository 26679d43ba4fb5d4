package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
)

func TestSite_Addresses(t *testing.T) {
	h := handler(sample(t), october)
	css, icon := assets()["/app.css"].version, assets()["/icon.svg"].version
	tests := []struct {
		target, kind, cache string
		status              int
	}{
		{"/", "text/html; charset=utf-8", "no-cache", 200},
		{"/?topic=nothing", "text/html; charset=utf-8", "no-cache", 200},
		{"/subscribe", "text/html; charset=utf-8", "no-cache", 200},
		{"/events/beijing-visit", "text/html; charset=utf-8", "no-cache", 200},
		{"/events/nobody", "text/html; charset=utf-8", "no-cache", 404},
		{"/events/", "text/html; charset=utf-8", "no-cache", 404},
		{"/events/beijing-visit/", "text/html; charset=utf-8", "no-cache", 404},
		{"/../etc/passwd", "text/html; charset=utf-8", "no-cache", 404},
		{"/templates/layout.html", "text/html; charset=utf-8", "no-cache", 404},
		{"/feeds/all.ics", "text/calendar; charset=utf-8", "public, max-age=300", 200},
		{"/feeds/none.ics", "application/problem+json", "no-store", 404},
		{"/livez", "text/plain; charset=utf-8", "no-store", 200},
		{"/readyz", "application/json", "no-store", 200},
		{"/robots.txt", "text/plain; charset=utf-8", "no-store", 200},
		{"/app.css", "text/css; charset=utf-8", "no-cache", 200},
		{"/app.css?" + css, "text/css; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"/app.css?old", "text/css; charset=utf-8", "no-cache", 200},
		{"/icon.svg?" + icon, "image/svg+xml", "public, max-age=31536000, immutable", 200},
	}
	for _, tt := range tests {
		w := ask(h, "GET", tt.target)
		got := w.Header()
		if w.Code != tt.status || got.Get("Content-Type") != tt.kind || got.Get("Cache-Control") != tt.cache {
			t.Errorf("%s: %d %q %q", tt.target, w.Code, got.Get("Content-Type"), got.Get("Cache-Control"))
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "no-referrer", "Set-Cookie": "",
			"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got.Get(name) != want {
				t.Errorf("%s: %s: %q", tt.target, name, got.Get(name))
			}
		}
		if head := ask(h, "HEAD", tt.target); head.Code != tt.status || head.Header().Get("Content-Length") != got.Get("Content-Length") {
			t.Errorf("HEAD %s answers otherwise than GET", tt.target)
		}
	}
}

func TestSite_Methods(t *testing.T) {
	h := handler(sample(t), october)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "REPORT", "MKCALENDAR", "X", "get"} {
		for _, path := range []string{"/", "/feeds/all.ics", "/feed.ics", "/f/a.b/all.ics", "/api/v1/events", "/readyz", "/nowhere", "/app.css"} {
			w := ask(h, method, path)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD, OPTIONS" || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d %v", method, path, w.Code, w.Header())
			}
		}
	}
}

func TestSite_OtherOrigins(t *testing.T) {
	h := handler(sample(t), october)
	for path, open := range map[string]bool{
		"/feeds/all.ics": true, "/feeds/none.ics": true, "/feed.ics?topic=tariffs": true, "/changes.atom": true, "/api/v1/events": true, "/api/nothing": true, "/api/openapi.json": true,
		"/f/id.secret/all.ics": false, "/": false, "/changes": false, "/status": false, "/metrics": false, "/readyz": false, "/feeds": false,
	} {
		origin, preflight := "", ""
		if open {
			origin, preflight = "*", "GET, HEAD"
		}
		for _, method := range []string{"GET", "HEAD", "POST"} {
			if w := ask(h, method, path, "Origin", "https://elsewhere.example"); w.Header().Get("Access-Control-Allow-Origin") != origin {
				t.Errorf("%s %s: %v", method, path, w.Header())
			}
		}
		w := ask(h, "OPTIONS", path, "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "If-None-Match")
		got := w.Header()
		if w.Code != http.StatusNoContent || w.Body.Len() > 0 || got.Get("Allow") != "GET, HEAD, OPTIONS" || got.Get("Access-Control-Allow-Origin") != origin || got.Get("Access-Control-Allow-Methods") != preflight {
			t.Errorf("OPTIONS %s: %d %v", path, w.Code, got)
		}
		if got.Get("Access-Control-Allow-Credentials") != "" || got.Get("Access-Control-Allow-Private-Network") != "" {
			t.Errorf("OPTIONS %s lets other sites in further than to what anybody may read: %v", path, got)
		}
	}
}

func TestSite_Readiness(t *testing.T) {
	f := sample(t)
	f.ready.Errors = []string{"events/a.yaml:1:2: no"}
	if w := ask(handler(f, october), "GET", "/readyz"); w.Code != 200 {
		t.Errorf("a reload that failed makes it %d", w.Code)
	}
	f.ready.Ready = false
	f.ready.Checks = append(f.ready.Checks, Check{"store", false, "disk full"})
	w := ask(handler(f, october), "GET", "/readyz")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"words": "disk full"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// panics is a calendar that fails.
type panics struct{ *fake }

func (panics) Entries() []*agenda.Entry               { panic("secret cause") }
func (panics) Feed(string) (calendar.Published, bool) { panic("secret cause") }

func TestSite_Panic(t *testing.T) {
	for path, said := range map[string]string{"/": "Something went wrong", "/events/x": "Something went wrong", "/feeds/all.ics": `"status":500`, "/api/v1/events": `"status":500`} {
		var log bytes.Buffer
		h := New(Config{Calendar: shows(panics{sample(t)}), Log: slog.New(slog.NewTextHandler(&log, nil))})
		w := ask(h, "GET", path)
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), said) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), ".go") {
			t.Errorf("%s: the page tells what only the log should", path)
		}
		if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "secret cause") {
			t.Errorf("%s: %d log lines: %s", path, n, &log)
		}
	}
}

func TestSite_AbortHandler(t *testing.T) {
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the abort was swallowed")
		}
	}()
	s := New(Config{Calendar: shows(sample(t))}).(*site)
	func() {
		defer s.recover(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		panic(http.ErrAbortHandler)
	}()
}

func TestPages_Gzip(t *testing.T) {
	h := handler(sample(t), october)
	plain := ask(h, "GET", "/").Body.String()
	w := ask(h, "GET", "/", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != plain {
		t.Errorf("the compressed page is another: %v", err)
	}
}

func TestStatic_NotModified(t *testing.T) {
	h := handler(sample(t), october)
	tag := ask(h, "GET", "/app.css").Header().Get("ETag")
	if w := ask(h, "GET", "/app.css", "If-None-Match", tag); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("%d with %d octets", w.Code, w.Body.Len())
	}
}

func TestFeed_DebugLog(t *testing.T) {
	var log bytes.Buffer
	h := New(Config{Calendar: shows(sample(t)), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	ask(h, "GET", "/feeds/all.ics", "User-Agent", "calendar\nforged")
	if got := log.String(); !strings.Contains(got, `name=all status=200 bytes=32 client="calendar\nforged"`) {
		t.Error(got)
	}
}

func FuzzRequests(f *testing.F) {
	for _, s := range []string{"/", "/?topic=tariffs&all", "/events/x", "/feeds/all.ics", "/feeds/%00.ics", "/%2e%2e/x", "/?%zz=%", "/app.css?x", "//", "/events/%2F"} {
		f.Add("GET", s, "gzip", `"x"`)
	}
	h := handler(sample(f), october)
	f.Fuzz(func(t *testing.T, method, target, encoding, match string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: method, URL: u, Header: http.Header{"Accept-Encoding": {encoding}, "If-None-Match": {match}}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code >= 300 && w.Code < 400 && w.Code != 304 {
			t.Errorf("%s %q: %d", method, target, w.Code)
		}
		for name, values := range w.Header() {
			if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("%q: a header is broken: %s: %q", target, name, values)
			}
		}
	})
}

func TestServer_Timeouts(t *testing.T) {
	s := Server(http.NotFoundHandler())
	got := []time.Duration{s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout}
	for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute} {
		if got[i] != want {
			t.Errorf("timeout %d is %s, want %s", i, got[i], want)
		}
	}
	if s.MaxHeaderBytes != 16<<10 || s.Handler == nil {
		t.Errorf("%d bytes of headers", s.MaxHeaderBytes)
	}
}

func TestServer_HugeHeaders(t *testing.T) {
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = Server(handler(sample(t), october))
	srv.Start()
	defer srv.Close()
	r, _ := http.NewRequest("GET", srv.URL+"/livez", nil)
	r.Header.Set("X-Long", strings.Repeat("x", 64<<10))
	res, err := srv.Client().Do(r)
	if err != nil {
		var broken *url.Error
		if !errors.As(err, &broken) {
			t.Fatal(err)
		}
		return // the server hung up while it was still being told
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}
