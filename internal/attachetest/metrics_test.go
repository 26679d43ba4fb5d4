package attachetest

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func TestMetrics_ShippedMonitoring(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.Feed()
	a.Get("/")
	there := a.Get("/metrics").Body
	problems, err := promlint.New(strings.NewReader(there)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	name := regexp.MustCompile(`\b(attache|process|go)_[a-z_]+`)
	shown := map[string]bool{}
	for _, file := range []string{"config/monitoring/alerts.yaml", "config/monitoring/grafana.json"} {
		for _, m := range name.FindAllString(shipped(t, file), -1) {
			shown[m] = true
			if !strings.Contains(there, "\n"+m+"{") && !strings.Contains(there, "\n"+m+" ") {
				t.Errorf("%s asks for %s, which is not exported", file, m)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (attache_[a-z_]+) `).FindAllStringSubmatch(there, -1) {
		if !shown[m[1]] && !shown[m[1]+"_bucket"] && !strings.HasSuffix(m[1], "_info") &&
			m[1] != "attache_scans_total" && m[1] != "attache_http_requests_in_flight" &&
			m[1] != "attache_channel_last_sent_timestamp_seconds" && m[1] != "attache_config_last_reload_success_timestamp_seconds" {
			t.Errorf("%s is exported and neither a rule nor the dashboard uses it", m[1])
		}
	}
}

func TestMetrics_Values(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	for range 2 {
		a.Feed()
	}
	a.Get("/feeds/all.ics", "If-None-Match", a.Get("/feeds/all.ics").Header.Get("Etag"))
	a.Write("events/a.yaml", "events: [{id: x}]\n")
	a.WaitFor("the refusal", func() bool { return strings.Contains(a.Log(), "last good state stays") })
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "→") })
	a.WaitFor("the count", func() bool { return strings.Contains(a.Get("/metrics").Body, `{channel="console",state="sent"} 1`) })
	text := a.Get("/metrics").Body
	for _, want := range []string{
		`attache_feed_polls_total{code="200",feed="all"} 3`, `attache_feed_polls_total{code="304",feed="all"} 1`,
		`attache_config_reloads_total{result="refused"} 1`, `attache_config_reloads_total{result="taken"} 2`, "attache_config_last_reload_successful 1",
		`attache_notices_processed_total{channel="console",state="sent"} 1`, "attache_events 1\n", `attache_notices{state="dead"} 0`, `attache_build_info{goversion="go1.`, `attache_check_ok{check="store"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	for _, gauge := range []string{"attache_store_size_bytes", "attache_store_disk_free_bytes", "attache_last_scan_timestamp_seconds"} {
		if !regexp.MustCompile("(?m)^" + gauge + " [1-9]").MatchString(text) {
			t.Errorf("%s is not above 0", gauge)
		}
	}
	if strings.Contains(text, "failed to collect") {
		t.Error(text)
	}
}

func TestHeartbeat_NotTooOften(t *testing.T) {
	t.Parallel()
	var beats atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/secret-beat" {
			beats.Add(1)
		}
	}))
	t.Cleanup(server.Close)
	beat := []string{"heartbeat: {url: \"" + server.URL + "/secret-beat\", every: 10s, local: true}"}
	a := Start(t, files(Settings(t, nil, beat...), visit("2099-02-03")))
	a.WaitFor("a heartbeat", func() bool { return beats.Load() == 1 })
	before := a.scans()
	a.WaitFor("more scans", func() bool { return a.scans() >= before+3 })
	if n := beats.Load(); n != 1 {
		t.Errorf("%d heartbeats in a few seconds", n)
	}
	a.WaitFor("the count", func() bool {
		return strings.Contains(a.Get("/metrics").Body, `attache_heartbeats_total{result="ok"} 1`)
	})
	if strings.Contains(a.Log(), "secret-beat") || strings.Contains(a.Get("/metrics").Body, "secret-beat") {
		t.Error("its address is told")
	}
}

func TestHeartbeat_Fails(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	beat := []string{"heartbeat: {url: \"" + server.URL + "/secret-beat\", every: 10s, local: true}"}
	a := Start(t, files(Settings(t, nil, beat...), visit("2099-02-03")))
	a.WaitFor("the warning", func() bool { return strings.Contains(a.Log(), "heartbeat") })
	if strings.Contains(a.Log(), "secret-beat") {
		t.Errorf("its address is told:\n%s", a.Log())
	}
}

// scans returns how often it was looked for what is due.
func (a *Attache) scans() (n int) {
	text := regexp.MustCompile(`(?m)^attache_scans_total ([0-9]+)`).FindStringSubmatch(a.Get("/metrics").Body)
	if text == nil {
		return 0
	}
	for _, c := range text[1] {
		n = n*10 + int(c-'0')
	}
	return n
}
