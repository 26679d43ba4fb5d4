package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

// numbers shows numbers as a daemon does.
func numbers(m Metrics, _ bool) {
	m.Gauge("channel_up", "Whether a channel takes messages: 1 if so.", 1, "channel", "#trade-desk")
	m.Counter("notices_processed_total", "How often a notice came into a state.", 4, "channel", "#trade-desk", "state", "sent")
}

func metricsOf(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("it answers %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestMetrics_Names(t *testing.T) {
	h := New(Config{Calendar: shows(sample(t)), Metrics: numbers})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	text := metricsOf(t, h)
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, want := range []string{
		`attache_channel_up{channel="#trade-desk"} 1`, `attache_notices_processed_total{channel="#trade-desk",state="sent"} 4`,
		`attache_http_requests_total{code="200",handler="page"} 1`, "process_open_fds", "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s:\n%s", want, text)
		}
	}
}

func TestMetrics_NoLabelsFromRequests(t *testing.T) {
	h := New(Config{Calendar: shows(sample(t)), Metrics: numbers})
	for _, path := range []string{"/feeds/made-up.ics", "/made/up", "/events/made-up", "/%0amade-up"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	if text := metricsOf(t, h); strings.Contains(text, "made") {
		t.Errorf("%s", text)
	}
}

func TestMetrics_Panic(t *testing.T) {
	var lines atomic.Int32
	log := slog.New(slog.NewTextHandler(counter{&lines}, nil))
	h := New(Config{Log: log}) // without a calendar
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || lines.Load() != 1 {
		t.Errorf("it answers %d and logs %d lines", w.Code, lines.Load())
	}
	if text := metricsOf(t, h); !strings.Contains(text, "attache_http_panics_total 1") {
		t.Errorf("%s", text)
	}
}

// counter counts the lines that are logged.
type counter struct{ n *atomic.Int32 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(1)
	return len(p), nil
}
