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
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"attache/internal/lengthtest"
	"attache/internal/slack/slacktest"
)

// etcd runs one until the test ends, and returns its address.
func etcd(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("etcd"); err != nil {
		t.Skip("there is no etcd on this machine: apt-get install etcd-server")
	}
	// None of the ports that the system gives to who asks for any.
	client, peer := fmt.Sprint("http://127.0.0.1:", 15000+rand.IntN(7000)), fmt.Sprint("http://127.0.0.1:", 22000+rand.IntN(7000))
	c := exec.Command("etcd", "--data-dir", filepath.Join(t.TempDir(), "etcd"), "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()         // it was killed
	})
	address := strings.TrimPrefix(client, "http://")
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close() // nothing was said
			return client
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// machine is one of several that keep a calendar, as a process of its own.
type machine struct {
	t       *testing.T
	name    string
	folder  string // of the configuration
	data    string
	command *exec.Cmd
	log     string
}

// machines makes machines of one calendar, which do not run yet, and see etcd through endpoint.
func machines(t *testing.T, endpoint func(i int) string, n int, settings string, events string) []*machine {
	var out []*machine
	for i := range n {
		m := &machine{t: t, name: fmt.Sprint("machine-", i), folder: t.TempDir(), data: t.TempDir()}
		m.log = filepath.Join(m.data, "log")
		m.write("attache.yaml", settings+fmt.Sprintf("cluster: {etcd: [%q], name: %s, lease: 3s}\n", endpoint(i), m.name))
		m.write("events/a.yaml", events)
		out = append(out, m)
	}
	return out
}

func (m *machine) write(name, text string) {
	m.t.Helper()
	path := filepath.Join(m.folder, name)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// start runs the machine by a command, serve or standby.
func (m *machine) start(command string) {
	m.t.Helper()
	log, err := os.OpenFile(m.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		m.t.Fatal(err)
	}
	defer log.Close()
	args := []string{"--config", filepath.Join(m.folder, "attache.yaml"), command, "--data", m.data, "--listen", "127.0.0.1:0"}
	m.command = exec.Command(os.Args[0])
	m.command.Env = append(os.Environ(), asDaemon+"="+strings.Join(args, "\n"))
	m.command.Stdout, m.command.Stderr = log, log
	if err := m.command.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = m.command.Process.Kill() }) // where the test failed it still runs
}

func (m *machine) signal(s os.Signal) {
	m.t.Helper()
	if err := m.command.Process.Signal(s); err != nil {
		m.t.Fatal(err)
	}
}

// said waits until the machine said a text n times.
func (m *machine) said(text string, n int) {
	m.t.Helper()
	within(m.t, time.Minute, fmt.Sprintf("%s to say %q", m.name, text), func() bool { return m.count(text) >= n })
}

func (m *machine) count(text string) int {
	b, err := os.ReadFile(m.log)
	if err != nil {
		m.t.Fatal(err)
	}
	return strings.Count(string(b), text)
}

// What machines say of themselves.
const (
	saysStandsBy = "attache stands by at"
	saysLeads    = "attache is running at"
)

// TestCluster_LeaderIsKilled kills the machine that leads while it sends: the other one takes over,
// and every notice stands in Slack once.
func TestCluster_LeaderIsKilled(t *testing.T) {
	t.Parallel()
	clusterOrdeal(t, func(leader *machine, _ *line) {
		leader.signal(syscall.SIGKILL)
		_ = leader.command.Wait() // it was killed
	})
}

// TestCluster_LeaderIsFrozen stops the machine that leads while it sends beyond its lease, and lets
// it go on once the other one leads.
func TestCluster_LeaderIsFrozen(t *testing.T) {
	if lengthtest.Of(0, 1) == 0 {
		t.Skip("at full length")
	}
	t.Parallel()
	clusterOrdeal(t, func(leader *machine, _ *line) {
		leader.signal(syscall.SIGSTOP)
		time.AfterFunc(8*time.Second, func() { _ = leader.command.Process.Signal(syscall.SIGCONT) }) // it may have ended
	})
}

// TestCluster_LeaderIsCutOff cuts the machine that leads off from etcd while it sends, and goes on to
// see Slack: it stops by itself, and once the line is there again it follows.
func TestCluster_LeaderIsCutOff(t *testing.T) {
	if lengthtest.Of(0, 1) == 0 {
		t.Skip("at full length")
	}
	t.Parallel()
	clusterOrdeal(t, func(leader *machine, to *line) {
		to.cut(true)
		leader.said(saysStandsBy, 1)
		time.AfterFunc(5*time.Second, func() { to.cut(false) })
	})
}

// line is the way of a machine to etcd, which may be cut.
type line struct {
	endpoint string

	mu    sync.Mutex
	isCut bool
	open  map[net.Conn]bool
}

// newLine returns a line to etcd at address, until the test ends.
func newLine(t *testing.T, address string) *line {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out := &line{endpoint: "http://" + l.Addr().String(), open: make(map[net.Conn]bool)}
	t.Cleanup(func() {
		_ = l.Close() // it is only read from
		out.cut(true)
	})
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", address)
			if err != nil || !out.carries(near, far) {
				_ = near.Close() // whoever dialled is told
				continue
			}
			for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
				go func() {
					_, _ = io.Copy(way[0], way[1]) // until the line ends, however it does
					_ = way[0].Close()             // the other way ends, too
				}()
			}
		}
	}()
	return out
}

// carries notes two ends that are to be joined, and reports whether they may be.
func (l *line) carries(ends ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range ends {
		if l.isCut {
			_ = c.Close() // as above
		}
		l.open[c] = true
	}
	return !l.isCut
}

func (l *line) cut(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = cut
	for c := range l.open {
		if cut {
			_ = c.Close() // as above
		}
	}
}

// feed returns the feed of everything as the machine shows it, "" where it shows none.
func (m *machine) feed() string {
	b, err := os.ReadFile(m.log)
	if err != nil {
		m.t.Fatal(err)
	}
	found := regexp.MustCompile(`attache (?:is running|stands by) at (\S+)`).FindSubmatch(b)
	if found == nil {
		return ""
	}
	res, err := http.Get(string(found[1]) + "/feeds/all.ics")
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return ""
	}
	return string(text)
}

func clusterOrdeal(t *testing.T, blow func(leader *machine, to *line)) {
	s := Slack(t)
	s.SetChannel(slacktest.Channel{ID: "C0TOPIC0", Name: "topic-0", Member: true})
	slow := func(c slacktest.Call) slacktest.Fault { // so that something is under way at the blow
		if strings.HasPrefix(c.Method, "chat.") {
			return slacktest.Fault{Hold: 200 * time.Millisecond}
		}
		return slacktest.Fault{}
	}
	s.Fail(slow)
	server := etcd(t)
	to := newLine(t, strings.TrimPrefix(server, "http://"))
	const n = 12
	events := meetings(n, 1, time.Now().Add(6*time.Second), 0)
	settings := Settings(t, s, "routes:", `  - {to: "#topic-0", match: {topics: [topic-0]}}`)
	two := machines(t, func(i int) string { return []string{to.endpoint, server}[i] }, 2, settings, events)
	two[0].start("serve")
	two[0].said(saysLeads, 1)
	two[1].start("standby")
	two[1].said(saysStandsBy, 1)
	within(t, time.Minute, "both to show one feed", func() bool { f := two[0].feed(); return f != "" && f == two[1].feed() })
	within(t, time.Minute, "the first message", func() bool { return copiesOf(s, n) > 0 })
	blow(two[0], to)
	two[1].said(saysLeads, 1)
	within(t, 2*time.Minute, "every meeting", func() bool { return copiesOf(s, n) >= n })
	within(t, time.Minute, "the outbox to be quiet", func() bool { return isQuiet(two[1].data) })
	for i := range n {
		if c := copies(s, 1, i); c != 1 {
			t.Errorf("meeting %d is told %d times", i, c)
		}
	}
	if n := two[0].count(saysStandsBy); n > 0 { // it is there again
		within(t, time.Minute, "both to show one feed again", func() bool { f := two[1].feed(); return f != "" && f == two[0].feed() })
	}
	two[1].signal(os.Interrupt)
	if err := two[1].command.Wait(); err != nil {
		t.Errorf("the last stop: %v", err)
	}
}

// copiesOf counts the meetings of n that are told.
func copiesOf(s *slacktest.Server, n int) (told int) {
	for i := range n {
		told += min(1, copies(s, 1, i))
	}
	return told
}
