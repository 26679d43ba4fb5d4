package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
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

func TestShipped_Loads(t *testing.T) {
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

func TestShipped_SaysTheDefaults(t *testing.T) {
	cfg, def := shippedConfig(t), Default()
	cfg.File, cfg.Files, cfg.Folders, cfg.Calendar, cfg.patterns, cfg.starts = "", nil, nil, Calendar{}, nil, nil
	if !reflect.DeepEqual(cfg, def) {
		t.Errorf("shipped: %+v\ndefault: %+v", cfg, def)
	}
}

// commented finds what is commented out: a key or an item, and not prose.
var commented = regexp.MustCompile(`^( *)# ?( *([a-z_]+:( |$)|- ).*)$`)

// blocks returns the numbers of the lines of each block that is commented out.
func blocks(lines []string) (out [][]int) {
	inside := false
	for i, line := range lines {
		switch starts := commented.MatchString(line); {
		case inside && strings.Contains(line, "#   ") || starts && inside:
			out[len(out)-1] = append(out[len(out)-1], i)
		case starts:
			inside = true
			out = append(out, []int{i})
		default:
			inside = false
		}
	}
	return out
}

// uncommented returns lines with those of some blocks as an editor uncomments them.
func uncommented(lines []string, some ...[]int) string {
	out := slices.Clone(lines)
	for _, block := range some {
		for _, i := range block {
			out[i] = strings.Replace(out[i], "# ", "", 1)
		}
	}
	return strings.Join(out, "\n")
}

func TestShipped_CommentedBlocks(t *testing.T) {
	b, err := shipped.FS.ReadFile("attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	all := blocks(lines)
	if len(all) < 9 {
		t.Fatalf("only %d blocks are commented out", len(all))
	}
	cases := map[string]string{"all together": uncommented(lines, all...)}
	for _, block := range all {
		cases[regexp.MustCompile("[a-z_]+").FindString(lines[block[0]])] = uncommented(lines, block)
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"attache.yaml": text, "events/a.yaml": "events: []"})
			cfg, err := Load("attache.yaml")
			if err != nil || len(cfg.Warnings) > 0 {
				t.Errorf("%v, %v", err, cfg)
			}
		})
	}
}

func TestShipped_ShowsEveryKey(t *testing.T) {
	b, err := shipped.FS.ReadFile("attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	write(t, map[string]string{"attache.yaml": uncommented(lines, blocks(lines)...)})
	l := newLoader()
	d := l.open("attache.yaml")
	fields, _ := l.reader(d).fields(field{v: d.root})
	for _, k := range keysOf(reflect.TypeFor[Config]()) {
		if !fields.has(k.name) && k.name != "calendar" { // whose events have files of their own
			t.Errorf("config/attache.yaml does not show the key %s", k.name)
		}
	}
}

func TestShipped_EventsQuoteTheirSource(t *testing.T) {
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

func TestShipped_EventsSayWhatWasReported(t *testing.T) {
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
