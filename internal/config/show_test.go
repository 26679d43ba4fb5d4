package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// shown writes an attache.yaml and returns what is shown of it.
func shown(t *testing.T, text string, redact bool) (path, out string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "attache.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Show(path, func(string) string { return "" }, redact)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(b)
}

func TestShow_Defaults(t *testing.T) {
	_, out := shown(t, "{}\n", true)
	path := filepath.Join(t.TempDir(), "attache.yaml")
	if err := os.WriteFile(path, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := Default()
	want.File, want.Files, want.Folders, want.Warnings, want.Unmatched = got.File, got.Files, got.Folders, got.Warnings, got.Unmatched
	want.Calendars, want.patterns, want.starts = got.Calendars, got.patterns, got.starts
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestShow_Secrets(t *testing.T) {
	const file = "listen: 127.0.0.1:99\nslack: {token_file: token}\nfollow:\n  - {name: a, url: \"https://example.org/private-key\"}\nheartbeat: {url: \"https://example.org/private-key\"}\n"
	path, out := shown(t, file, true)
	if strings.Contains(out, "private-key") || !strings.Contains(out, `url: "***"`) {
		t.Errorf("%s", out)
	}
	for _, want := range []string{"listen: 127.0.0.1:99", "public_url: http://127.0.0.1:99", "settle: 2m", "slack bot token: can't be read"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "token"), []byte("xoxb-very-secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Show(path, func(string) string { return "" }, false)
	if err != nil || strings.Contains(string(b), "very-secret") || !strings.Contains(string(b), "slack bot token: ***") || !strings.Contains(string(b), "private-key") {
		t.Errorf("%v\n%s", err, b)
	}
}
