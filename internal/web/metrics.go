package web

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is how the daemon is, in numbers. Counts run since the start.
type Metrics struct {
	Version  string
	Events   int
	Notices  map[string]int // in the outbox, by state
	Channels []ChannelMetrics
	Checks   []Check // as in Readiness

	Late, Found, Resent, Copies, Limited int // see the help of each metric
	Tries, Shown, Renewed, Missing       int
	Panics                               int // in jobs and in sending
	Scans                                int
	LastScan, NextDue                    time.Time // zero is none
	Reloads, Refused                     int       // readings of the files that were taken, and that were not
	ReloadOK                             bool      // whether the last one was taken
	ReloadedAt                           time.Time // the last one that was taken; zero is none
	Heartbeats, HeartbeatsFailed         int
	StoreBytes, StoreFree, DiskFree      int64 // of the database file, within it, and where it lies
}

// ChannelMetrics is how sending to one channel goes.
type ChannelMetrics struct {
	Channel  string
	Flowing  bool
	Due      int            // items that are due
	Doubtful int            // items that may or may not have arrived
	Held     int            // those of them that wait for a person
	Oldest   time.Time      // since when the oldest one is due; zero is none
	Counts   map[string]int // how often an item became that, by state
	LastSent time.Time      // zero is never
}

// meter counts requests, and shows them with what the daemon knows of itself. Each site
// has its own registry: two of them run in one process.
type meter struct {
	handler  http.Handler
	requests *prometheus.CounterVec
	feeds    *prometheus.CounterVec
	took     *prometheus.HistogramVec
	open     prometheus.Gauge
	panics   prometheus.Counter
}

const namespace = "attache"

// newMeter makes a meter. read gives the numbers of the daemon; nil is none.
func newMeter(read func() Metrics) *meter {
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
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Name: "http_requests_in_flight", Help: "Requests that are being answered.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_panics_total", Help: "Requests that ended in a panic, which was caught.",
		}),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.feeds, m.took, m.open, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if read != nil {
		registry.MustRegister(&reporter{read})
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
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
	m.open.Inc()
	defer func() {
		m.open.Dec()
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

// handlerOf says what is asked for at a path, in one of a few words: whoever asks must
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
type reporter struct{ read func() Metrics }

// Describe sends nothing: which metrics there are depends on the channels.
func (*reporter) Describe(chan<- *prometheus.Desc) {}

// Collect sends the numbers as they are.
func (r *reporter) Collect(out chan<- prometheus.Metric) {
	n := r.read()
	c := collection{out}
	c.gauge("build_info", "The version that runs; always 1.", 1, "version", n.Version, "goversion", runtime.Version())
	c.gauge("events", "Events in the calendar.", float64(n.Events))
	for state, count := range n.Notices {
		c.gauge("notices", "Notices in the outbox, by state.", float64(count), "state", state)
	}
	for _, check := range n.Checks {
		c.gauge("check_ok", "Whether a part does its work: 1 if so.", truth(check.OK), "check", check.Name)
	}
	c.delivery(n)
	c.gauge("last_scan_timestamp_seconds", "When it was last looked for what is due.", seconds(n.LastScan))
	c.gauge("next_due_timestamp_seconds", "When something is due next; 0 where nothing is.", seconds(n.NextDue))
	c.counter("scans_total", "How often it was looked for what is due.", n.Scans)
	c.counter("panics_total", "Panics in jobs and in sending, which were caught.", n.Panics)
	c.counter("config_reloads_total", "Readings of the files, by whether they were taken.", n.Reloads, "result", "taken")
	c.counter("config_reloads_total", "Readings of the files, by whether they were taken.", n.Refused, "result", "refused")
	c.gauge("config_last_reload_successful", "Whether the last reading of the files was taken: 1 if so.", truth(n.ReloadOK))
	c.gauge("config_last_reload_success_timestamp_seconds", "When files were last read that were taken.", seconds(n.ReloadedAt))
	c.counter("heartbeats_total", "Heartbeats sent, by whether they were answered.", n.Heartbeats, "result", "ok")
	c.counter("heartbeats_total", "Heartbeats sent, by whether they were answered.", n.HeartbeatsFailed, "result", "failed")
	c.gauge("store_size_bytes", "Size of the database file.", float64(n.StoreBytes))
	c.gauge("store_free_bytes", "Room within the database file that is free; compact gives it back.", float64(n.StoreFree))
	c.gauge("store_disk_free_bytes", "Room on the disk where the database lies.", float64(n.DiskFree))
}

// collection names and sends metrics.
type collection struct{ out chan<- prometheus.Metric }

// delivery sends how sending goes.
func (c collection) delivery(n Metrics) {
	for _, ch := range n.Channels {
		c.gauge("channel_up", "Whether a channel takes messages: 1 if so.", truth(ch.Flowing), "channel", ch.Channel)
		c.gauge("channel_due", "Notices that are due in a channel.", float64(ch.Due), "channel", ch.Channel)
		c.gauge("channel_doubtful", "Notices in a channel that may or may not have arrived.", float64(ch.Doubtful), "channel", ch.Channel)
		c.gauge("channel_held", "Notices in a channel that may have arrived and wait for a person.", float64(ch.Held), "channel", ch.Channel)
		c.gauge("channel_oldest_due_timestamp_seconds", "Since when the oldest notice in a channel is due; 0 where none is.", seconds(ch.Oldest), "channel", ch.Channel)
		c.gauge("channel_last_sent_timestamp_seconds", "When a message last arrived in a channel.", seconds(ch.LastSent), "channel", ch.Channel)
		for state, count := range ch.Counts {
			c.counter("notices_processed_total", "How often a notice came into a state.", count, "channel", ch.Channel, "state", state)
		}
	}
	c.counter("notices_late_total", "Notices that went out later than the catch-up time.", n.Late)
	c.counter("notices_found_total", "Notices in doubt that had arrived.", n.Found)
	c.counter("notices_resent_total", "Notices in doubt that had not arrived and were sent again.", n.Resent)
	c.counter("notice_copies_deleted_total", "Second copies of notices that were deleted.", n.Copies)
	c.counter("send_attempts_total", "Posts, and changes of cards, that were begun.", n.Tries)
	c.counter("cards_shown_total", "Cards that were changed in place or posted anew.", n.Shown)
	c.counter("cards_gone_total", "Messages found gone that were to be changed or replied to.", n.Renewed)
	c.counter("notices_missing_total", "Messages that had arrived and were not there some time later.", n.Missing)
	c.counter("slack_rate_limited_total", "Calls that Slack turned away for being too many.", n.Limited)
}

func (c collection) gauge(name, help string, v float64, labels ...string) {
	c.send(prometheus.GaugeValue, name, help, v, labels)
}

func (c collection) counter(name, help string, n int, labels ...string) {
	c.send(prometheus.CounterValue, name, help, float64(n), labels)
}

// send sends one metric; labels are names and values in turn.
func (c collection) send(t prometheus.ValueType, name, help string, v float64, labels []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	desc := prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, names, nil)
	m, err := prometheus.NewConstMetric(desc, t, v, values...)
	if err != nil {
		m = prometheus.NewInvalidMetric(desc, err) // a label that is no UTF-8
	}
	c.out <- m
}

func truth(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// seconds returns an instant as Prometheus has it; 0 is none.
func seconds(t time.Time) float64 {
	if t.IsZero() || t.Unix() <= 0 {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
