package attachetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leak is a secret that stands where it should not.
const leak = "xoxb-7-Geheimnis"

// TestSecret_InTheWrongPlace plants a secret in files of the wrong shape, and looks for it in
// all that people who do not see the files can see.
func TestSecret_InTheWrongPlace(t *testing.T) {
	t.Parallel()
	a := Start(t, files("events: [events/*.yaml]\n", visit("2099-02-03")))
	outside := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(outside, []byte(leak+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const address = "https://h.example/Geheimnis"
	wrong := map[string]map[string]string{
		"a link to it":             nil,
		"a copy of it":             {"events/x.yaml": leak + "\n"},
		"as a key":                 {"events/x.yaml": "Geheimnis: 1\n"},
		"in place of a list":       {"events/x.yaml": "events: Geheimnis\n"},
		"in place of an event":     {"events/x.yaml": "events: [Geheimnis]\n"},
		"as a date":                {"events/x.yaml": "events:\n  - {id: x, title: X, when: Geheimnis}\n"},
		"heartbeat as text":        {"attache.yaml": "heartbeat: " + address + "\n"},
		"heartbeat in a file":      {"attache.yaml": "heartbeat: {url_file: " + address + "}\n"},
		"follow as text":           {"attache.yaml": "follow: [" + address + "]\n"},
		"follow under another key": {"attache.yaml": "follow: [{name: a, link: " + address + "}]\n"},
		"follow by name":           {"attache.yaml": "follow: [{name: " + address + ", url: https://h.example}]\n"},
		"a token for its file":     {"attache.yaml": "slack: {token_file: Geheimnis}\n"},
		"a token for its file too": {"attache.yaml": "slack: {token_file: " + leak + "}\n"},
		"a token for a channel":    {"attache.yaml": "slack: {channel: a " + leak + "}\n"},
		"slack as text":            {"attache.yaml": "slack: " + leak + "\n"},
	}
	for name, files := range wrong {
		link := filepath.Join(a.folder, "events/x.yaml")
		a.Write("attache.yaml", "events: [events/*.yaml]\n")
		for name, content := range files {
			a.Write(name, content)
		}
		if files == nil {
			if err := os.Symlink(outside, link); err != nil {
				t.Fatal(err)
			}
		}
		failed := a.Reload() != nil
		if !failed && !strings.HasPrefix(name, "heartbeat in") {
			t.Errorf("%s: taken", name)
		}
		if failed && len(a.Health().Reload.Errors) == 0 {
			t.Errorf("%s: health says nothing", name)
		}
		seen := a.Get("/").Body + a.Get("/status").Body + a.Get("/readyz").Body + a.Get("/metrics").Body + a.Log() + a.Screen()
		for _, h := range append(a.Health().Reload.Errors, seen) {
			if strings.Contains(strings.ToLower(h), "geheimnis") {
				at := strings.Index(strings.ToLower(h), "geheimnis")
				t.Errorf("%s: it is in\n%s", name, h[max(0, at-200):at+20])
			}
		}
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}
