package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	shipped "attache/config"
	"attache/internal/event"
)

// shippedConfig writes the shipped files into a folder and loads them.
func shippedConfig(t testing.TB) *Config {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "config"), shipped.FS); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	cfg, err := Load("config/attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestShippedFilesLoadWithoutComplaint(t *testing.T) {
	cfg := shippedConfig(t)
	if len(cfg.Warnings) > 0 {
		t.Errorf("warnings: %v", cfg.Warnings)
	}
	want := []string{"config/attache.yaml", "config/events/us-china.yaml"}
	if !reflect.DeepEqual(cfg.Files, want) {
		t.Errorf("files = %q, want %q", cfg.Files, want)
	}
	if len(cfg.Calendar.Events) != 10 || len(cfg.Calendar.Sources) != 1 {
		t.Errorf("%d events and %d sources", len(cfg.Calendar.Events), len(cfg.Calendar.Sources))
	}
}

func TestShippedConfigurationSaysWhatHoldsAnyway(t *testing.T) {
	cfg, def := shippedConfig(t), Default()
	cfg.File, cfg.Files, cfg.Folders, cfg.Calendar, cfg.patterns = "", nil, nil, Calendar{}, nil
	if !reflect.DeepEqual(cfg, def) {
		t.Errorf("shipped: %+v\ndefault: %+v", cfg, def)
	}
}

func TestShippedEventsQuoteTheirSource(t *testing.T) {
	for _, e := range shippedConfig(t).Calendar.Events {
		if !quotes(e) {
			t.Errorf("%s has no quote", e.ID)
		}
		if e.Origin.File != "config/events/us-china.yaml" || e.Origin.Line == 0 {
			t.Errorf("%s stands at %s", e.ID, e.Origin)
		}
	}
}

func quotes(e event.Event) bool {
	for _, s := range e.When {
		if s.Quote != "" && s.Source != "" && s.Line > 0 {
			return true
		}
	}
	for _, c := range e.Sources {
		if c.Quote != "" && c.Source != "" {
			return true
		}
	}
	return false
}

func TestShippedEventsSayWhatWasReported(t *testing.T) {
	want := map[string]string{
		"us-tariffs-100":       "on 2025-11-01",
		"rare-earth-controls":  "tbd",
		"kl-framework":         "on 2025-10-26",
		"asia-tour":            "from 2025-10-26 lasting 5 days",
		"trump-xi-meeting":     "loosely between 2025-10-27 and 2025-11-08; loosely between 2025-10-26 and 2025-11-01; on 2025-10-30",
		"beijing-visit":        "loosely between 2026-01-01 and 2026-04-30; before event:lunar-new-year-2026",
		"lunar-new-year-2026":  "on 2026-02-17",
		"washington-follow-up": "after event:beijing-visit; before event:xi-g20-visit",
		"xi-g20-visit":         "loosely between 2026-09-01 and 2026-12-21",
		"truce-extension":      "tbd",
	}
	for _, e := range shippedConfig(t).Calendar.Events {
		var said []string
		for _, s := range e.When {
			said = append(said, s.Expr.String())
		}
		if got := strings.Join(said, "; "); got != want[e.ID] {
			t.Errorf("%s: %s, want %s", e.ID, got, want[e.ID])
		}
	}
}
