package attachetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/cli"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// asDaemon makes the test program the daemon that is killed.
const asDaemon = "ATTACHE_TEST_ARGS"

func TestMain(m *testing.M) {
	if args := os.Getenv(asDaemon); args != "" {
		os.Exit(cli.Run(context.Background(), cli.System("test"), strings.Split(args, "\n")))
	}
	os.Exit(m.Run())
}

// child starts the daemon as a process of its own.
func child(t *testing.T, folder, data string) *exec.Cmd {
	t.Helper()
	return childWith(t, folder, data, "127.0.0.1:0")
}

// childWith starts it at the address listen, with more of an environment.
func childWith(t *testing.T, folder, data, listen string, env ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	args := []string{"--config", filepath.Join(folder, "attache.yaml"), "serve", "--data", data, "--listen", listen}
	c.Env = append(append(os.Environ(), asDaemon+"="+strings.Join(args, "\n")), env...)
	c.Stderr = os.Stderr
	if !testing.Verbose() {
		c.Stderr = nil
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// meetings gives a file of n meetings, each reminded of at an instant of its own, the
// first one shortly after from and the others behind it.
func meetings(n int, from time.Time) string {
	var b strings.Builder
	b.WriteString("events:\n")
	for i := range n {
		at := from.Add(time.Duration(i) * 400 * time.Millisecond).Add(time.Hour)
		fmt.Fprintf(&b, "  - {id: meeting-%d, title: Meeting number %d., kind: meeting, topics: [topic-%d], when: {at: %q, tz: UTC}, remind: [60m]}\n",
			i, i, i%3, at.UTC().Format("2006-01-02 15:04:05"))
	}
	return b.String()
}

// TestKillsLoseNothingAndRepeatNothing kills the daemon again and again while it sends
// to a Slack of which every fourth answer is wrong.
func TestKillsLoseNothingAndRepeatNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	t.Parallel()
	const meeting, kills = 24, 8
	s := Slack(t)
	var routes []string
	routes = append(routes, "routes:")
	for i := range 3 {
		name := fmt.Sprint("topic-", i)
		s.SetChannel(slacktest.Channel{ID: fmt.Sprint("C0TOPIC", i), Name: name, Member: true})
		routes = append(routes, fmt.Sprintf("  - {to: %q, match: {topics: [%s]}}", "#"+name, name))
	}
	wrong := []slacktest.Fault{
		{Answer: slacktest.Drop()}, {Answer: slacktest.Status(500)}, {Answer: slacktest.EmptyObject()}, {Answer: slacktest.CutBody()},
		{Skip: true, Answer: slacktest.Status(503)}, {Skip: true, Answer: slacktest.TooMany("1")}, {Hold: 300 * time.Millisecond},
	}
	s.Fail(func(c slacktest.Call) slacktest.Fault {
		if c.Method == "chat.postMessage" && rand.IntN(4) == 0 {
			return wrong[rand.IntN(len(wrong))]
		}
		return slacktest.Fault{}
	})
	a := New(t, files(Settings(t, s, routes...), meetings(meeting, time.Now().Add(3*time.Second))))
	for range kills {
		c := child(t, a.folder, a.data)
		time.Sleep(time.Duration(500+rand.IntN(1500)) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
	}
	c := child(t, a.folder, a.data)
	a.WaitFor("every meeting", func() bool { return told(s, meeting, func(n int) bool { return n > 0 }) })
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the last stop: %v", err)
	}
	if !told(s, meeting, func(n int) bool { return n == 1 }) {
		for i := range meeting {
			if n := copies(s, i); n != 1 {
				t.Errorf("meeting %d was told %d times", i, n)
			}
		}
	}
	a.Store(func(db *store.DB) {
		if err := db.Check(); err != nil {
			t.Error(err)
		}
	})
}

// told says whether the number of messages about each meeting is as it should be.
func told(s *slacktest.Server, meetings int, ok func(int) bool) bool {
	for i := range meetings {
		if !ok(copies(s, i)) {
			return false
		}
	}
	return true
}

// copies counts the messages, alone or in a digest, that tell of a meeting.
func copies(s *slacktest.Server, i int) (n int) {
	for ch := range 3 {
		for _, m := range s.Messages(fmt.Sprint("topic-", ch)) {
			n += strings.Count(m.Shown(), fmt.Sprintf("Meeting number %d.", i))
		}
	}
	return n
}
