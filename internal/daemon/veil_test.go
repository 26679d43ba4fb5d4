package daemon

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/config"
)

func TestVeil_Log(t *testing.T) {
	file := filepath.Join(t.TempDir(), "beat")
	if err := os.WriteFile(file, []byte("https://h.example/geheim-beat\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Heartbeat.URLFile = file
	c.Follow = []config.Follow{{Name: "a", URL: "https://h.example/geheim-follow"}}
	var v veil
	v.learn(c, func(name string) string { return map[string]string{"SLACK_BOT_TOKEN": "geheim-token"}[name] })

	var out bytes.Buffer
	log := v.over(slog.New(slog.NewTextHandler(&out, nil)))
	log.Info("heartbeat https://h.example/geheim-beat", "err", errors.New(`Get "https://h.example/geheim-follow": refused`))
	log.With("token", "geheim-token").WithGroup("g").Warn("again", slog.Group("in", "it", []string{"geheim-token"}), "n", 7, "list", []string{"a b"})
	log.Error("xoxb-1-geheim, xapp-2-geheim and xoxp-3-geheim")
	if got := out.String(); strings.Contains(got, "geheim") || strings.Count(got, "***") != 7 || !strings.Contains(got, `g.n=7 g.list="[a b]"`) {
		t.Error(got)
	}
	if got := v.hide("nothing to hide"); got != "nothing to hide" {
		t.Error(got)
	}
}
