package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecret_Printed(t *testing.T) {
	s := NewSecret("xoxb-very-secret")
	type holder struct {
		Token  Secret
		hidden Secret
		list   []Secret
		byName map[string]Secret
	}
	h := holder{s, s, []Secret{s}, map[string]Secret{"a": s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+"\n", s, &s, h, &h)
	}
	for _, v := range []any{s, h, &h} {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(j)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("m", "token", s, "holder", h, "pointer", &s)
	}
	for _, form := range []string{"xoxb", "very-secret", fmt.Sprintf("%x", "very-secret"), fmt.Sprintf("%d", []byte("very"))} {
		if strings.Contains(out.String(), form) {
			t.Errorf("%q is in %s", form, out.String())
		}
	}
	if !strings.Contains(out.String(), "***") || s.Reveal() != "xoxb-very-secret" {
		t.Error(out.String())
	}
	if !NewSecret("").IsZero() || s.IsZero() {
		t.Error("IsZero")
	}
}

func TestToken_Order(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	put := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{}
	cfg := &Config{}
	token := func(want string, warnings int) {
		t.Helper()
		got, warn, err := cfg.SlackToken(func(k string) string { return env[k] })
		if err != nil || got.Reveal() != want || len(warn) != warnings {
			t.Errorf("got %q, %v, %v; want %q", got.Reveal(), warn, err, want)
		}
	}
	token("", 0)
	env["CREDENTIALS_DIRECTORY"] = dir
	token("", 0)
	put(filepath.Join(dir, "slack-bot-token"), "from-systemd\n", 0o644)
	token("from-systemd", 0)
	env["SLACK_BOT_TOKEN"] = " from-env "
	token("from-env", 0)
	cfg.Slack.TokenFile = file
	put(file, "\nfrom-file\n", 0o600)
	token("from-file", 0)
	put(file, "from-file", 0o644)
	token("from-file", 1)
	env["SLACK_APP_TOKEN"] = "app"
	if got, _, err := cfg.SlackAppToken(func(k string) string { return env[k] }); err != nil || got.Reveal() != "app" {
		t.Error(got.Reveal(), err)
	}
}

// A service runs as a user who can't read what root alone can.
func TestToken_FileOfAnotherUser(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root can read everything")
	}
	dir := t.TempDir()
	cfg := &Config{Slack: Slack{TokenFile: filepath.Join(dir, "token")}}
	if err := os.WriteFile(cfg.Slack.TokenFile, []byte("from-file"), 0o000); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"CREDENTIALS_DIRECTORY": dir}[name] }
	if _, _, err := cfg.SlackToken(env); err == nil || !strings.Contains(err.Error(), "put the secret into /etc/attache/slack-bot-token, name that file, and restart attache") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "slack-bot-token"), []byte("from-systemd"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, _, err := cfg.SlackToken(env); err != nil || got.Reveal() != "from-systemd" {
		t.Error(got.Reveal(), err)
	}
}

func TestSecret_HandedOver(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"secrets_one", "slack-bot-token"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("from-"+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := func(name string) string { return map[string]string{"CREDENTIALS_DIRECTORY": dir}[name] }
	for _, tt := range []struct{ file, credential, want, wrong string }{
		{file: "/etc/attache/secrets/one", want: "from-secrets_one"},
		{file: "/etc/attache/secrets/one", credential: "slack-bot-token", want: "from-secrets_one"},
		{file: "/etc/attache/secrets/two", credential: "slack-bot-token", want: "from-slack-bot-token"},
		{file: "/root/token", credential: "slack-bot-token", want: "from-slack-bot-token"},
		{file: "/etc/attache/secrets/two", wrong: "permission denied: restart attache: systemd"},
		{file: "/root/one", wrong: "put the secret into /etc/attache/secrets/one, name that file, and restart"}, // another file of that name
		{file: "/root/app", credential: "slack-app-token", wrong: "put the secret into /etc/attache/slack-app-token, name"},
	} {
		got, err := handedOver(tt.file, tt.credential, fs.ErrPermission, env)
		if got.Reveal() != tt.want || (err == nil) != (tt.wrong == "") || err != nil && (!errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), tt.wrong)) {
			t.Errorf("%s, %s: %q, %v", tt.file, tt.credential, got.Reveal(), err)
		}
	}
}

func TestToken_Refused(t *testing.T) {
	cfg := &Config{Slack: Slack{TokenFile: filepath.Join(t.TempDir(), "token")}}
	none := func(string) string { return "" }
	if _, _, err := cfg.SlackToken(none); err == nil {
		t.Error("a missing file is no error")
	}
	for _, text := range []string{"", "\n", "two secret-words", strings.Repeat("secret", 1000)} {
		if err := os.WriteFile(cfg.Slack.TokenFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := cfg.SlackToken(none); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestToken_InPlaceOfItsFile(t *testing.T) {
	got := CheckFiles(nil, Document{"-", []byte("slack: {token_file: xoxb-1-secret}")})
	var out bytes.Buffer
	if err := Format(&out, got.Errors); err != nil {
		t.Fatal(err)
	}
	if len(got.Errors) != 1 || strings.Contains(out.String(), "secret") {
		t.Error(out.String())
	}
}

func TestSecretFile_ReadableByAll(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	put("beat", "https://example.org/secret-beat", 0o644)
	put("one", "https://example.org/secret-one", 0o644)
	put("two", "https://example.org/secret-two", 0o600)
	path := filepath.Join(dir, "attache.yaml")
	put("attache.yaml", "events: []\nheartbeat:\n  url_file: beat\nfollow:\n  - {name: one, url_file: one}\n  - {name: two, url_file: two}\n", 0o644)
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, warnings := range map[string]Errors{"load": c.Warnings, "check": CheckFiles([]string{path}).Warnings} {
		said := fmt.Sprint(warnings)
		for i, w := range warnings {
			if want := []string{path + ":3:13: heartbeat.url_file: ", path + ":5:27: follow.url_file: "}[min(i, 1)]; !strings.HasPrefix(w.Error(), want) {
				t.Errorf("%s: %s does not begin with %s", name, w, want)
			}
		}
		if len(warnings) != 2 || strings.Contains(said, "secret-") {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestSecrets_OfTheIssuer shows that the secret of the client is known, so that it is hidden, and
// that what is wrong with its file is told at its key.
func TestSecrets_OfTheIssuer(t *testing.T) {
	const settings = "access:\n  oidc: {issuer: 'https://sso.example', client_id: attache, client_secret_file: s}\n"
	write(t, map[string]string{"attache.yaml": "events: []\n" + settings, "s": "a-client-secret\n"})
	if err := os.Chmod("s", 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load("attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) string { return "" }
	if got := Hide("it is a-client-secret", c.Secrets(none)); got != "it is ***" {
		t.Error(got)
	}
	shown, err := Show("attache.yaml", none, true)
	if err != nil || !strings.Contains(string(shown), "issuer: ") || strings.Contains(string(shown), "a-client-secret") {
		t.Errorf("%v %s", err, shown)
	}
	if err := os.Remove("s"); err != nil {
		t.Fatal(err)
	}
	found := CheckFiles([]string{"attache.yaml"})
	if len(found.Errors) != 1 || !strings.HasPrefix(found.Errors[0].Error(), "attache.yaml:3:81: access.oidc.client_secret_file: reading the token file s") {
		t.Error(found.Errors)
	}
}
