package attachetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/cli"
	"attache/internal/control"
	"attache/internal/lengthtest"
	"attache/internal/notice"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// asDaemon makes the test program the daemon that is killed.
const asDaemon = "ATTACHE_TEST_ARGS"

func TestMain(m *testing.M) {
	if args := os.Getenv(asDaemon); args != "" {
		os.Exit(cli.Run(context.Background(), cli.System("test"), strings.Split(args, "\n")))
	}
	// Nearly all of their time these tests wait for a daemon: more of them than there are
	// processors may do so at once. -parallel on the command line comes later and prevails.
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err) // it is a flag of package testing
	}
	flag.Parse()
	os.Exit(m.Run())
}

// child starts the daemon as a process of its own.
func child(t *testing.T, folder, data string) *exec.Cmd {
	t.Helper()
	return childWith(t, folder, data, "127.0.0.1:0")
}

// childWith starts it at the address listen, with more of an environment.
func childWith(t testing.TB, folder, data, listen string, env ...string) *exec.Cmd {
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
	t.Cleanup(func() { _ = c.Process.Kill() }) // where the test failed it still runs
	return c
}

// How often a test kills or stops the daemon, and while it sends how many alerts.
var kills, alerts = lengthtest.Of(3, 12), lengthtest.Of(8, 100)

// ordeal is what a daemon is put through while it has alerts to send.
type ordeal struct {
	meetings int
	channels int
	settings []string
	faults   func(c slacktest.Call) slacktest.Fault
	between  func(s *slacktest.Server, n int)             // before the nth start
	blow     func(t *testing.T, c *exec.Cmd) (ended bool) // what ends, or stops, a run
	dead     func(data string, n int)                     // after the nth end; nil is nothing
}

// moved is how many of the meetings are given a room while the daemon is killed.
const moved = 20

// meetings returns a file of n meetings, each reminded of at an instant of its own, the first
// one shortly after from and the others behind it. In each round some of them are given
// a room.
func meetings(n, channels int, from time.Time, round int) string {
	var b strings.Builder
	b.WriteString("events:\n")
	for i := range n {
		at := from.Add(time.Duration(i) * 250 * time.Millisecond).Add(time.Hour)
		room := ""
		if i < moved && i%kills < round {
			room = ", place: Room of meeting " + fmt.Sprint(i)
		}
		fmt.Fprintf(&b, "  - {id: meeting-%d, title: Meeting number %d., kind: meeting, topics: [topic-%d], when: {at: %q, tz: UTC}, remind: [60m]%s}\n",
			i, i, i%channels, at.UTC().Format("2006-01-02 15:04:05"), room)
	}
	return b.String()
}

// kill kills the daemon at some instant.
func kill(t *testing.T, c *exec.Cmd) bool {
	time.Sleep(time.Duration(300+rand.IntN(1700)) * time.Millisecond)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	return true
}

// freeze lets the daemon stand still over several alerts.
func freeze(t *testing.T, c *exec.Cmd) bool {
	for _, sig := range []os.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		time.Sleep(time.Duration(200+rand.IntN(3000)) * time.Millisecond)
		if err := c.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	return false
}

// wrong returns one of the ways in which Slack answers wrongly, to a share of all calls that
// change something.
func wrong(share float64) func(slacktest.Call) slacktest.Fault {
	faults := []slacktest.Fault{
		{Answer: slacktest.Drop()}, {Answer: slacktest.Reset()}, {Answer: slacktest.Status(500)}, {Answer: slacktest.EmptyObject()}, {Answer: slacktest.CutBody()},
		{Skip: true, Answer: slacktest.Status(503)}, {Skip: true, Answer: slacktest.Drop()}, {Skip: true, Answer: slacktest.TooMany("1")},
		{Answer: slacktest.TooMany("1")}, {Hold: 250 * time.Millisecond},
	}
	return func(c slacktest.Call) slacktest.Fault {
		if strings.HasPrefix(c.Method, "chat.") && rand.Float64() < share {
			return faults[rand.IntN(len(faults))]
		}
		return slacktest.Fault{}
	}
}

// undergo puts a daemon through o until everything is told, and returns how often each key
// stands in Slack.
func (o ordeal) undergo(t *testing.T, s *slacktest.Server) (*Attache, map[string]int) {
	t.Helper()
	routes := append(o.settings, "routes:")
	for i := range o.channels {
		name := fmt.Sprint("topic-", i)
		s.SetChannel(slacktest.Channel{ID: fmt.Sprint("C0TOPIC", i), Name: name, Member: true})
		routes = append(routes, fmt.Sprintf("  - {to: %q, match: {topics: [%s]}}", "#"+name, name))
	}
	s.Fail(o.faults)
	began := time.Now().Add(3 * time.Second)
	a := New(t, files(Settings(t, s, routes...), meetings(o.meetings, o.channels, began, 0)))
	c := child(t, a.folder, a.data)
	for n := range kills {
		if o.between != nil {
			o.between(s, n)
		}
		a.Write("events/a.yaml", meetings(o.meetings, o.channels, began, n))
		if o.blow(t, c) {
			_ = c.Wait() // it was killed
			if o.dead != nil {
				o.dead(a.data, n)
			}
			c = child(t, a.folder, a.data)
		}
	}
	if o.between != nil {
		o.between(s, kills)
	}
	a.within(5*time.Minute, "every meeting", func() bool {
		for i := range o.meetings {
			if copies(s, o.channels, i) == 0 {
				return false
			}
		}
		return true
	})
	quiet(a)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the last stop: %v", err)
	}
	told := make(map[string]int)
	for ch := range o.channels {
		for _, m := range s.Messages(fmt.Sprint("topic-", ch)) {
			told[m.Metadata.Key()]++
		}
	}
	return a, told
}

// quiet waits until nothing that is due is left to be sent, looked for or changed.
func quiet(a *Attache) {
	a.t.Helper()
	a.within(5*time.Minute, "quiet", func() bool { return isQuiet(a.data) })
}

// isQuiet reports whether the daemon on the data folder has nothing left that is due.
func isQuiet(data string) bool {
	open := calendar.NoticeQuery{
		States: []string{"planned", "sending", "unknown", "in digest"}, Kinds: []string{"reminder", "change", "digest", "card"},
	}
	list, err := control.NewClient(control.Path(data)).Notices(context.Background(), open)
	return err == nil && !slices.ContainsFunc(list, func(v calendar.NoticeView) bool { return v.Due.Before(time.Now()) })
}

// copies counts the messages, alone or in a digest, that tell of a meeting.
func copies(s *slacktest.Server, channels, i int) (n int) {
	for ch := range channels {
		for _, m := range s.Messages(fmt.Sprint("topic-", ch)) {
			n += strings.Count(m.Shown(), fmt.Sprintf("Meeting number %d.", i))
		}
	}
	return n
}

// wantOnce demands that every alert stands in Slack once, alone or in a digest.
func wantOnce(t *testing.T, a *Attache, told map[string]int) {
	t.Helper()
	for key, n := range told {
		if n != 1 {
			t.Errorf("%s stands there %d times", key, n)
		}
	}
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			return tx.Items(func(it notice.Item) error {
				key := it.Key
				switch {
				case it.Notice.Kind != notice.Reminder && it.Notice.Kind != notice.Changed, it.State == notice.Superseded:
					return nil
				case it.Parent != "":
					key = it.Parent
				}
				if early := it.Notice.Due.Sub(it.SentAt); early > 0 {
					t.Errorf("%s was sent %v too early", it.Key, early)
				}
				if told[key] != 1 {
					t.Errorf("%s of %s is %s and stands there %d times", it.Key, it.Notice.Event, it.State, told[key])
				}
				return nil
			})
		})
		if err := errors.Join(err, db.Check()); err != nil {
			t.Error(err)
		}
	})
}

func TestKill_SlackAnswersWrongly(t *testing.T) {
	t.Parallel()
	o := ordeal{meetings: alerts, channels: 5, faults: wrong(0.3), blow: kill}
	a, told := o.undergo(t, Slack(t))
	wantOnce(t, a, told)
}

func TestKill_SlackIsDown(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	o := ordeal{meetings: alerts, channels: 5, faults: wrong(0.5), blow: kill}
	o.between = func(s *slacktest.Server, n int) {
		switch n {
		case 1:
			s.Unplug()
		case kills - 1:
			s.Plug()
		}
	}
	a, told := o.undergo(t, s)
	wantOnce(t, a, told)
}

// What Slack turned away is not asked again too early, whatever is killed, but for one call a
// kill: where the answer that asks to wait is under way, or is not yet kept, the next run can't
// know of it. To keep before each call that it is made would cost a write to the disk a call, and
// have every start after a kill wait for a minute before it looks for what is in doubt.
//
// The last start is on a copy of the database that is older by half of the kills.
func TestKill_SlackLimits(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.Limit(time.Second)
	for _, method := range []string{"conversations.history", "conversations.replies", "conversations.info", "conversations.list", "chat.update"} {
		s.Tier(method, 50)
	}
	channels := lengthtest.Of(5, 80)
	o := ordeal{meetings: max(alerts, channels), channels: channels, faults: func(slacktest.Call) slacktest.Fault { return slacktest.Fault{} }}
	o.blow = func(t *testing.T, c *exec.Cmd) bool { // soon after it began to ask
		for n, end := len(s.Calls()), time.Now().Add(10*time.Second); len(s.Calls()) == n && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		return true
	}
	var older []byte
	o.dead = func(data string, n int) {
		var err error
		switch n {
		case kills / 2:
			older, err = os.ReadFile(store.Path(data))
		case kills - 1:
			err = os.WriteFile(store.Path(data), older, 0o600)
		}
		if err != nil {
			t.Error(err)
		}
	}
	a, told := o.undergo(t, s)
	wantOnce(t, a, told)
	lost, twice := 0, 0
	for i := range o.meetings {
		if copies(s, channels, i) == 0 {
			lost++
		}
	}
	for _, n := range told {
		twice += n - 1
	}
	t.Logf("%d channels, %d kills: %d calls, %d too early, %d meetings lost, %d messages twice", channels, kills, len(s.Calls()), s.Early(), lost, twice)
	if n := s.Early(); n > kills {
		t.Errorf("%d calls were too early", n)
	}
}

func TestKill_FrozenInstead(t *testing.T) {
	t.Parallel()
	o := ordeal{meetings: alerts, channels: 5, faults: wrong(0.1), blow: freeze}
	a, told := o.undergo(t, Slack(t))
	wantOnce(t, a, told)
}

// Where history can't be read nothing is lost, and a kill doubles at most what was being
// sent in each channel.
func TestKill_HistoryCannotBeRead(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"chat:write"}})
	slow := func(c slacktest.Call) slacktest.Fault {
		return slacktest.Fault{Hold: time.Duration(rand.IntN(250)) * time.Millisecond}
	}
	o := ordeal{meetings: alerts, channels: 5, faults: slow, blow: kill}
	o.settings = []string{"  on_unknown: resend"}
	_, told := o.undergo(t, s)
	twice := 0
	for _, n := range told {
		twice += n - 1
	}
	if most := kills * o.channels; twice > most {
		t.Errorf("%d copies after %d kills", twice, kills)
	}
}
