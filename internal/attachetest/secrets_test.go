package attachetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/config"
	"attache/internal/slack/slacktest"
)

// TestSecrets_AreToldToNobody runs an attache that has every sort of secret, lets what
// uses them fail, and looks for them wherever it says or keeps something.
func TestSecrets_AreToldToNobody(t *testing.T) {
	t.Parallel()
	const beat, calendar = "heartbeat-secret-4711", "calendar-secret-4712"
	failing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no: "+r.URL.Path, http.StatusTeapot)
	}))
	t.Cleanup(failing.Close)
	s := Slack(t)
	a := New(t, files(Settings(t, s,
		"heartbeat: {url: \""+failing.URL+"/"+beat+"\", every: 10s, local: true}",
		"follow: [{name: other, url: \""+failing.URL+"/"+calendar+"\", local: true}]",
		"feeds: [{name: all}, {name: mine, private: true}]",
	), visit("2099-02-03")))
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	s.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Status(500)})
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.WaitFor("the heartbeat to fail", func() bool { return strings.Contains(a.Log(), "heartbeat") })
	a.Write("attache.yaml", "slack: {token_file: "+slacktest.Token+"}\n") // a token in the wrong place
	a.WaitFor("the verdict", func() bool { return strings.Contains(a.Log(), "last good state stays") })

	said := map[string]string{"log": a.Log(), "screen": a.Screen()}
	health, err := json.Marshal(a.Health())
	if err != nil {
		t.Fatal(err)
	}
	said["health"] = string(health)
	for _, path := range []string{"/", "/metrics", "/readyz", "/status", "/subscribe", "/changes", "/events/visit", "/feeds/all.ics", "/api/v1/events", "/nowhere"} {
		said[path] = a.Get(path).Body
	}
	for _, m := range s.Messages("trade-desk") {
		said["slack"] += m.Shown() + fmt.Sprint(m.Metadata)
	}
	a.Stop()
	err = filepath.WalkDir(a.data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, readErr := os.ReadFile(path)
			said[path], err = string(b), readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range said {
		for _, secret := range []string{slacktest.Token, beat, calendar} {
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s tells %q: …%s", where, secret, text[max(0, i-80):i])
			}
		}
	}
}

func TestSecrets_DataFolderIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	backup := a.backup()
	all := []string{backup}
	err := filepath.WalkDir(a.data, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode()&fs.ModeSocket != 0 {
			if info.Mode().Perm() != 0o660 {
				t.Errorf("the socket has mode %o", info.Mode().Perm())
			}
		} else if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
	}
}

func TestSecrets_TokenThatOthersCanRead(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	settings := Settings(t, s)
	_, rest, _ := strings.Cut(settings, "token_file: ")
	token, _, _ := strings.Cut(rest, "\n")
	if err := os.Chmod(token, 0o644); err != nil {
		t.Fatal(err)
	}
	a := Start(t, files(settings, visit("2099-02-03")))
	if !strings.Contains(a.Log(), "everybody on this machine can read the secret") || strings.Contains(a.Log(), slacktest.Token) {
		t.Errorf("the log says\n%s", a.Log())
	}
	if err := os.Remove(token); err != nil {
		t.Fatal(err)
	}
	var wrong config.Errors
	if err := a.Reload(); !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), "slack.token_file") {
		t.Errorf("without its token: %v", err)
	}
}

// TestSecrets_AdministrationIsOnTheSocketAlone asks the address of the pages for what the socket
// of the daemon does.
func TestSecrets_AdministrationIsOnTheSocketAlone(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	for _, path := range []string{"/reload", "/backup", "/compact", "/health", "/notices", "/feeds", "/debug/pprof/", "/debug/vars"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			req, err := http.NewRequest(method, a.URL()+path, bytes.NewReader(nil))
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s is answered with %d", method, path, res.StatusCode)
			}
		}
	}
}
