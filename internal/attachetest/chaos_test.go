package attachetest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"attache/internal/control"
	"attache/internal/lengthtest"
)

// measured reports whether what a daemon takes of time and memory is held against a
// bound. The race detector takes several times as much of both, and in a short run there
// is nothing to see.
func measured() bool {
	info, ok := debug.ReadBuildInfo()
	raced := ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
	return lengthtest.Of(0, 1) == 1 && !raced
}

// outside is a daemon that runs as a process of its own.
type outside struct {
	t    *testing.T
	a    *Attache // its files and data
	c    *exec.Cmd
	base string // of its pages
	http http.Client
}

// startOutside starts a daemon as a process of its own and waits until it answers.
func startOutside(t *testing.T, files map[string]string) *outside {
	t.Helper()
	o := &outside{t: t, a: New(t, files), http: http.Client{Timeout: 20 * time.Second}}
	o.c = child(t, o.a.folder, o.a.data)
	t.Cleanup(func() {
		if o.c.ProcessState == nil { // the test failed
			_ = o.c.Process.Kill()
			_ = o.c.Wait()
		}
	})
	client := control.NewClient(control.Path(o.a.data))
	o.a.WaitFor("the daemon", func() bool {
		h, err := client.Health(t.Context())
		o.base = h.Address
		return err == nil
	})
	return o
}

// stop stops it as a service manager does.
func (o *outside) stop() {
	o.t.Helper()
	if err := o.c.Process.Signal(os.Interrupt); err != nil {
		o.t.Fatal(err)
	}
	if err := o.c.Wait(); err != nil {
		o.t.Errorf("it ended with %v", err)
	}
}

// get asks for a page and returns the status.
func (o *outside) get(path string, headers ...string) (int, string, error) {
	req, err := http.NewRequest(http.MethodGet, o.base+path, nil)
	if err != nil {
		return 0, "", err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := o.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

// gauge returns a metric without labels.
func (o *outside) gauge(name string) float64 {
	o.t.Helper()
	_, text, err := o.get("/metrics")
	if err != nil {
		o.t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				o.t.Fatal(err)
			}
			return v
		}
	}
	o.t.Fatalf("there is no %s", name)
	return 0
}

// state is how much a process holds.
type state struct{ heap, goroutines, descriptors float64 }

// least returns the least of each over some looks: garbage comes and goes.
func (o *outside) least(during time.Duration) state {
	o.t.Helper()
	out := state{1e18, 1e18, 1e18}
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		out.heap = min(out.heap, o.gauge("go_memstats_heap_alloc_bytes"))
		out.goroutines = min(out.goroutines, o.gauge("go_goroutines"))
		out.descriptors = min(out.descriptors, o.gauge("process_open_fds"))
	}
	return out
}

// TestChaos_Soak lets people read and edit for a while, and looks at what the process holds
// early and at the end.
func TestChaos_Soak(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	o := startOutside(t, map[string]string{"attache.yaml": Settings(t, s), "events/a.yaml": visit("2099-02-03"), "events/us-china.yaml": shipped(t, "config/events/us-china.yaml")})
	paths := []string{"/", "/feeds/all.ics", "/events/visit", "/changes", "/status", "/subscribe", "/api/v1/events", "/nowhere", "/?topic=tariffs", "/feed.ics?kind=visit", "/readyz"}
	stop := make(chan struct{})
	var load sync.WaitGroup
	var asked, wrong atomic.Int64
	every := func(pause time.Duration, do func(i int)) {
		load.Go(func() {
			ticker := time.NewTicker(pause)
			defer ticker.Stop()
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-ticker.C:
					do(i)
				}
			}
		})
	}
	for range 5 {
		every(100*time.Millisecond, func(int) {
			asked.Add(1)
			if code, _, err := o.get(paths[rand.IntN(len(paths))]); err != nil || code >= 500 {
				wrong.Add(1)
				t.Logf("%d, %v", code, err)
			}
		})
	}
	every(3*time.Second, func(i int) { o.a.Write("events/a.yaml", visit(fmt.Sprintf("2099-02-%02d", 3+i%5))) })
	every(7*time.Second, func(i int) { o.a.Write("events/b.yaml", []string{"events: [", "events: []\n"}[i%2]) })

	soak := time.Duration(lengthtest.Of(4, 50)) * time.Second
	time.Sleep(soak / 4)
	early := o.least(soak / 8)
	time.Sleep(soak / 2)
	late := o.least(soak / 8)
	close(stop)
	load.Wait()
	t.Logf("%d requests; early %+v, late %+v, resident %.0f MiB", asked.Load(), early, late, o.gauge("process_resident_memory_bytes")/(1<<20))
	if wrong.Load() > 0 {
		t.Errorf("%d of %d requests failed", wrong.Load(), asked.Load())
	}
	if measured() && (late.heap > early.heap*1.3+8<<20 || late.goroutines > early.goroutines+10 || late.descriptors > early.descriptors+10) {
		t.Errorf("what it holds grew from %+v to %+v", early, late)
	}
	o.stop()
}

// TestChaos_SlowClients holds three hundred connections that say nothing, or say it slowly.
func TestChaos_SlowClients(t *testing.T) {
	t.Parallel()
	o := startOutside(t, files(Settings(t, nil), visit("2099-02-03")))
	address := strings.TrimPrefix(o.base, "http://")
	var open atomic.Int64
	var clients sync.WaitGroup
	say := []string{"", "GET /feeds/all.ics HTTP/1.1\r\nHost: x\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"}
	for i := range 300 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		open.Add(1)
		clients.Go(func() {
			defer open.Add(-1)
			defer conn.Close()
			fmt.Fprint(conn, say[i%3]) // it may be closed at any time
			if i%3 > 0 {
				go func() {
					for { // a byte a second, for ever
						if _, err := conn.Write([]byte("a")); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				}()
			}
			_, _ = io.Copy(io.Discard, conn) // to the end
		})
	}
	began, slowest, most := time.Now(), time.Duration(0), 0.0
	for open.Load() > 0 && time.Since(began) < 60*time.Second && (measured() || time.Since(began) < 2*time.Second) {
		asked := time.Now()
		if code, _, err := o.get("/feeds/all.ics"); err != nil || code != http.StatusOK {
			t.Fatalf("the feed is answered with %d, %v", code, err)
		}
		slowest = max(slowest, time.Since(asked))
		most = max(most, o.gauge("process_resident_memory_bytes"))
		time.Sleep(250 * time.Millisecond)
	}
	if !measured() {
		o.stop() // which closes them
		clients.Wait()
		return
	}
	t.Logf("all are closed after %s; the slowest feed took %s; %.0f MiB resident", time.Since(began).Round(time.Second), slowest, most/(1<<20))
	if n := open.Load(); n > 0 || time.Since(began) > 40*time.Second {
		t.Errorf("%d connections are still open after %s", n, time.Since(began).Round(time.Second))
	}
	if slowest > time.Second || most > 150<<20 {
		t.Errorf("meanwhile the feed took %s, and the process %.0f MiB", slowest, most/(1<<20))
	}
	clients.Wait()
	o.stop()
}

// TestChaos_KillsWhileEdited kills and freezes a daemon that is asked, edited and backed up
// all the while. It comes up each time with all that it had said, and tells of each edit
// that settled once.
func TestChaos_KillsWhileEdited(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	o := startOutside(t, files(Settings(t, s), visit("2099-02-03")))
	day := 3
	for round := range lengthtest.Of(2, 15) {
		day = 3 + round%20
		o.a.Write("events/a.yaml", visit(fmt.Sprintf("2099-02-%02d", day)))
		time.Sleep(time.Duration(rand.IntN(700)) * time.Millisecond)
		if err := o.c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = o.c.Wait() // it was killed
		began := time.Now()
		o.c = child(t, o.a.folder, o.a.data)
		client := control.NewClient(control.Path(o.a.data))
		o.a.WaitFor("it to be ready again", func() bool {
			h, err := client.Health(t.Context())
			o.base = h.Address
			return err == nil
		})
		if took := time.Since(began); measured() && took > 5*time.Second {
			t.Errorf("round %d: it was ready after %s", round, took)
		}
		if round%5 == 1 {
			if _, err := os.Stat(o.a.backup()); err != nil {
				t.Error(err)
			}
		}
	}
	want := fmt.Sprintf("DTSTART;VALUE=DATE:209902%02d", day)
	o.a.WaitFor("the last edit", func() bool {
		_, body, err := o.get("/feeds/all.ics")
		return err == nil && strings.Contains(body, want)
	})
	client := control.NewClient(control.Path(o.a.data))
	o.a.WaitFor("everything to be sent", func() bool { h, err := client.Health(t.Context()); return err == nil && h.InDoubt == 0 })
	o.stop()
	seen := map[string]int{}
	for _, m := range s.Messages("trade-desk") {
		seen[m.Metadata.EventPayload["k"].(string)]++
	}
	for key, n := range seen {
		if n > 1 {
			t.Errorf("the message %s is there %d times", key, n)
		}
	}
	left, err := filepath.Glob(filepath.Join(o.a.data, "*.new"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q is left over", left)
	}
}
