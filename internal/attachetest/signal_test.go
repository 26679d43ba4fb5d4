package attachetest

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"attache/internal/control"
	"attache/internal/slack/slacktest"
)

// hung starts the daemon as a process of its own and lets Slack hang with the message
// of an edit.
func hung(t *testing.T) (*Attache, *slacktest.Server, *exec.Cmd) {
	t.Helper()
	s := Slack(t)
	s.FailNext("chat.postMessage", slacktest.Hang(time.Minute))
	a := New(t, files(Settings(t, s), visit("2099-02-03")))
	c := child(t, a.folder, a.data)
	t.Cleanup(func() {
		if c.ProcessState == nil { // the test failed
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	client := control.NewClient(control.Path(a.data))
	a.WaitFor("the daemon", func() bool { _, err := client.Health(t.Context()); return err == nil })
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the post", func() bool { return len(s.Calls("chat.postMessage")) == 1 })
	return a, s, c
}

// deliver starts it again and waits until the message is known to be there.
func deliver(t *testing.T, a *Attache, s *slacktest.Server) {
	t.Helper()
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the look-up", func() bool { return strings.Contains(a.Log(), "notice had arrived") })
	if n := len(changes(s)); n != 1 {
		t.Errorf("%d copies", n)
	}
}

func TestSignal_StopWhileSlackHangs(t *testing.T) {
	t.Parallel()
	a, s, c := hung(t)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	deliver(t, a, s)
}

func TestSignal_SecondIsObeyedAtOnce(t *testing.T) {
	t.Parallel()
	a, s, c := hung(t)
	// The first one has no answer that is seen: signals go out until one was the second.
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				_ = c.Process.Signal(os.Interrupt) // it may have ended
			}
		}
	}()
	err := c.Wait()
	close(done)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	deliver(t, a, s)
}
