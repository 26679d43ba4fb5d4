package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meter counts requests, and shows them with what the daemon knows of itself. Each site
// has its own registry: two of them run in one process.
type meter struct {
	whole    http.Handler // all numbers
	open     http.Handler // those that tell nothing of what is not for everybody
	requests *prometheus.CounterVec
	feeds    *prometheus.CounterVec
	took     *prometheus.HistogramVec
	inFlight prometheus.Gauge
	panics   prometheus.Counter
}

const namespace = "attache"

// newMeter makes a meter. read shows the numbers of the daemon; nil is none.
func newMeter(read func(Metrics, bool)) *meter {
	m := &meter{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_requests_total", Help: "Requests that were answered, by what was asked for and the status.",
		}, []string{"handler", "code"}),
		feeds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "feed_polls_total", Help: "Requests for a feed, by whether it had changed (200) or not (304).",
		}, []string{"feed", "code"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "http_request_duration_seconds", Help: "How long answering took.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"handler"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Name: "http_requests_in_flight", Help: "Requests that are being answered.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_panics_total", Help: "Requests that ended in a panic, which was caught.",
		}),
	}
	m.whole, m.open = m.shows(read, true), m.shows(read, false)
	return m
}

// shows returns what shows all numbers, or those that tell nothing of what is not for everybody.
func (m *meter) shows(read func(Metrics, bool), all bool) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.feeds, m.took, m.inFlight, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if read != nil {
		registry.MustRegister(reporter(func(to Metrics) { read(to, all) }))
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// show answers with the numbers: all of them where who asks may see everything.
func (m *meter) show(w http.ResponseWriter, r *http.Request, all bool) {
	if all {
		m.whole.ServeHTTP(w, r)
		return
	}
	m.open.ServeHTTP(w, r)
}

// measured is a response whose status is noted.
type measured struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (m *measured) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
	m.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the connection.
func (m *measured) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// around answers by h and counts.
func (m *meter) around(w http.ResponseWriter, r *http.Request, h func(http.ResponseWriter, *http.Request)) {
	began, out := time.Now(), &measured{ResponseWriter: w}
	m.inFlight.Inc()
	defer func() {
		m.inFlight.Dec()
		if out.status == 0 {
			out.status = http.StatusOK
		}
		code, handler := strconv.Itoa(out.status), handlerOf(r.URL.Path)
		m.requests.WithLabelValues(handler, code).Inc()
		m.took.WithLabelValues(handler).Observe(time.Since(began).Seconds())
	}()
	h(out, r)
}

// feedLabel returns the name by which requests for a feed are counted. Anybody can read the
// metrics: what a private feed is called is not for everybody.
func feedLabel(r *http.Request, name string) string {
	if strings.HasPrefix(r.URL.Path, privatePrefix) {
		return "(private)"
	}
	return name
}

// handlerOf returns what is asked for at a path, in one of a few words: whoever asks must
// not be able to make new ones.
func handlerOf(path string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case first == "feeds", first == "f", path == "/feed.ics":
		return "feed"
	case first == "api":
		return "api"
	case path == "/livez", path == "/readyz", path == "/metrics":
		return first
	case first == "static" && rest != "":
		return "static"
	}
	return "page"
}

// reporter shows the numbers of the daemon as they are when they are asked for.
type reporter func(Metrics)

// Describe sends nothing: which metrics there are depends on the channels.
func (reporter) Describe(chan<- *prometheus.Desc) {}

// Collect sends the numbers as they are.
func (r reporter) Collect(out chan<- prometheus.Metric) { r(Metrics{out}) }

// Metrics takes numbers for /metrics, one by one. Labels are names and values in turn.
type Metrics struct{ out chan<- prometheus.Metric }

// Gauge takes a number that goes up and down.
func (m Metrics) Gauge(name, help string, v float64, labels ...string) {
	m.send(prometheus.GaugeValue, name, help, v, labels)
}

// Counter takes a number that only goes up from the start on.
func (m Metrics) Counter(name, help string, n int64, labels ...string) {
	m.send(prometheus.CounterValue, name, help, float64(n), labels)
}

func (m Metrics) send(t prometheus.ValueType, name, help string, v float64, labels []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	desc := prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, names, nil)
	one, err := prometheus.NewConstMetric(desc, t, v, values...)
	if err != nil {
		one = prometheus.NewInvalidMetric(desc, err) // a label that is no UTF-8
	}
	m.out <- one
}
