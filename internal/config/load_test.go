package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/workday"
)

// write makes files in a new folder, which becomes the working directory.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func load(t *testing.T, settings string) *Config {
	t.Helper()
	write(t, map[string]string{"attache.yaml": settings})
	cfg, err := Load("attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func days(list ...int) []notice.Lead {
	var out []notice.Lead
	for _, n := range list {
		out = append(out, notice.Lead{N: n, Unit: notice.Days})
	}
	return out
}

func TestLoad_EveryKey(t *testing.T) {
	cfg := load(t, `
public_url: https://cal.example.org/
listen: "[::1]:99"
data: /var/lib/attache
timezone: Europe/Brussels
default_length: 1h
events: []
slack:
  token_file: token
  app_token_file: /etc/app
  answer: {who: listed, users: [U0123], usergroups: [S0123]}
  api_url: http://127.0.0.1:1/api
  channel: "#home"
  on_unknown: resend
remind:
  visit: [1mo, 3bd]
  holiday: []
  default: [2d]
  at: "10:30"
  window: {opens: [1d], closes: [5d, 1d]}
  recheck: {settled: 60d, unsettled: never}
routes:
  - to: C0123
    match: {topics: [tariffs], parties: [US], kinds: [deadline], statuses: [in force], certainties: [likely], min_certainty: possible}
    notices: [reminder, contradiction]
    mention: {"@here": {kinds: [deadline], within: 24h}, U0123: {}}
digests:
  - {name: week ahead, cron: "0 8 * * MON", to: "#a", covers: 2w, match: {topics: [x]}}
quiet_hours: {from: "20:00", to: "07:00", weekends: true, timezone: Asia/Seoul, except: {kinds: [deadline], within: 24h}}
settle: 0s
catch_up: 2d
feeds:
  - {name: trade, title: Trade, match: {topics: [tariffs]}, private: true, alarms: [1d], cancelled: both, technical: true}
  - {name: plain}
x-own: {anything: [goes]}
`)
	want := &Config{
		File: "attache.yaml", Files: []string{"attache.yaml"}, Folders: []string{"."},
		PublicURL: "https://cal.example.org", Listen: "[::1]:99", Data: "/var/lib/attache",
		Timezone: "Europe/Brussels", DefaultLength: time.Hour, Events: []string{},
		Slack: Slack{TokenFile: "token", AppTokenFile: "/etc/app", APIURL: "http://127.0.0.1:1/api/", Channel: "#home", OnUnknown: Resend,
			Answer: Answerers{Who: Listed, Users: []string{"U0123"}, Usergroups: []string{"S0123"}}},
		Remind: Remind{
			Ladders: map[event.Kind][]notice.Lead{
				event.Visit:   {{N: 1, Unit: notice.Months}, {N: 3, Unit: notice.BusinessDays}},
				event.Holiday: {},
			},
			Default: days(2), At: civil.Clock{Hour: 10, Minute: 30}, Window: Window{Opens: days(1), Closes: days(5, 1)},
			Recheck: Recheck{Settled: notice.Lead{N: 60, Unit: notice.Days}},
		},
		Routes: []notice.Route{{
			To: "C0123",
			Match: agenda.Filter{
				Topics: []string{"tariffs"}, Parties: []string{"US"}, Kinds: []event.Kind{event.Deadline},
				Statuses: []event.Status{event.InForce}, Certainties: []event.Certainty{event.Likely}, MinCertainty: event.Possible,
			},
			Notices: []notice.Kind{notice.Reminder, notice.Contradiction},
			Mentions: []notice.Mention{
				{Who: "@here", Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Within: 24 * time.Hour},
				{Who: "U0123"},
			},
		}},
		Digests: []Digest{{
			Name: "week ahead", Cron: "0 8 * * MON", To: "#a",
			Covers: notice.Lead{N: 2, Unit: notice.Weeks}, Match: agenda.Filter{Topics: []string{"x"}},
		}},
		QuietHours: &QuietHours{
			From: civil.Clock{Hour: 20}, To: civil.Clock{Hour: 7}, Weekends: true, Timezone: "Asia/Seoul",
			Except: []notice.Exempt{{Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Within: 24 * time.Hour}},
		},
		CatchUp: 48 * time.Hour,
		Feeds: []Feed{
			{Name: "trade", Title: "Trade", Match: agenda.Filter{Topics: []string{"tariffs"}}, Private: true, Alarms: days(1), Cancelled: "both", Technical: true},
			{Name: "plain", Title: "plain"},
		},
	}
	want.Calendars = workday.BuiltIn()
	cfg.secrets, cfg.patterns, cfg.starts = nil, nil, nil
	if !reflect.DeepEqual(cfg, want) {
		t.Errorf("got  %+v\nwant %+v", cfg, want)
	}
}

func TestConfig_PublicAt(t *testing.T) {
	for text, want := range map[string]string{
		"{}":                       "http://127.0.0.1:18080",
		"listen: 127.0.0.1:99":     "http://127.0.0.1:18080",
		"public_url: https://a.b/": "https://a.b",
	} {
		if got := load(t, text).PublicAt("127.0.0.1:18080"); got != want {
			t.Errorf("%s, listening elsewhere: %s, want %s", text, got, want)
		}
	}
}

func TestLoad_PublicURLFromListen(t *testing.T) {
	for listen, want := range map[string]string{
		"0.0.0.0:99": "http://127.0.0.1:99", ":99": "http://127.0.0.1:99", "10.0.0.1:80": "http://10.0.0.1:80",
		"[::]:99": "http://127.0.0.1:99", "[::1]:99": "http://[::1]:99", "unix:/run/a.sock": "http://127.0.0.1:8080",
	} {
		if cfg := load(t, "listen: '"+listen+"'"); cfg.PublicAt(cfg.Listen) != want {
			t.Errorf("%s: %s, want %s", listen, cfg.PublicAt(cfg.Listen), want)
		}
	}
}

func TestRemind_WrittenLaddersReplaceDefaults(t *testing.T) {
	cfg := load(t, "remind: {default: [3d]}")
	if len(cfg.Remind.Ladders) != 0 || !reflect.DeepEqual(cfg.Remind.Default, days(3)) {
		t.Errorf("%+v", cfg.Remind)
	}
	if cfg := load(t, `remind: {at: "08:00"}`); !reflect.DeepEqual(cfg.Remind.Ladders, Default().Remind.Ladders) {
		t.Errorf("%+v", cfg.Remind)
	}
}

func TestRules_WithoutRoutes(t *testing.T) {
	if home := load(t, "slack: {channel: '#a'}").Rules().Home; home != "#a" {
		t.Error(home)
	}
	if home := load(t, "settle: 1m").Rules().Home; home != "console" {
		t.Error(home)
	}
}

func TestLoad_OrderOfFiles(t *testing.T) {
	write(t, map[string]string{
		"etc/attache.yaml":  "events: ['ev/*.yaml', more.yaml, 'ev/b.yaml', none/*.yaml]\ntimezone: Asia/Seoul\ncalendar: {events: [{id: inline, title: I, links: {follows: b}}]}\n",
		"etc/ev/b.yaml":     "events: [{id: b, title: B, if: {event: m, is: in_force}}]\n",
		"etc/ev/a.yaml":     "sources: {s: {title: S}}\nevents:\n- id: a\n  title: A\n  when: {on: 2026-01-01, source: s2}\n",
		"etc/ev/.#a.yaml":   "broken: [",
		"etc/ev/notes.text": "broken: [",
		"etc/more.yaml":     "sources: {s2: {title: S}}\nevents: [{id: m, title: M, sources: [s]}]\n",
	})
	cfg, err := Load("etc/attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range cfg.Calendar.Events {
		got = append(got, e.ID+" "+e.Origin.String()+" "+e.Zone)
	}
	want := []string{
		"inline etc/attache.yaml:3 Asia/Seoul", "a etc/ev/a.yaml:3 Asia/Seoul",
		"b etc/ev/b.yaml:1 Asia/Seoul", "m etc/more.yaml:2 Asia/Seoul",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []string{"etc", "etc/ev", "etc/none"}; !reflect.DeepEqual(cfg.Folders, want) {
		t.Errorf("folders %q, want %q", cfg.Folders, want)
	}
	if len(cfg.Warnings) != 1 || cfg.Warnings[0].Error() != `etc/attache.yaml:1:47: no file matches "none/*.yaml"` {
		t.Errorf("warnings %v", cfg.Warnings)
	}
}

func TestLoad_ErrorsOfAllFiles(t *testing.T) {
	write(t, map[string]string{
		"attache.yaml": "settle: soon\nevents: [ev/*.yaml, ev/d]\n",
		"ev/a.yaml":    "events: [{id: a, title: A}]\n",
		"ev/b.yaml":    "events: [{id: a, title: A}]\n",
		"ev/c.yaml":    "events: [{id: c, title: C, titel: D}, {id: d, title: D, kind: x]\n",
		"ev/d/e.yaml":  "",
	})
	_, err := Load("attache.yaml")
	var errs Errors
	if !errors.As(err, &errs) {
		t.Fatalf("%T %v", err, err)
	}
	var got []string
	for _, e := range errs {
		got = append(got, e.Error())
	}
	want := []string{
		`attache.yaml:1:9: settle: "soon" is no length of time: write it as 30s, 2m, 24h or 7d`,
		`ev/b.yaml:1:15: two events have the id "a": the first is at ev/a.yaml:1`,
		`ev/c.yaml:1:64: a comma or } is missing`,
		`ev/d: the file cannot be read: it is not a file`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !strings.Contains(err.Error(), "and 3 more errors") {
		t.Error(err)
	}
}

func TestLoad_UnreadableFiles(t *testing.T) {
	write(t, map[string]string{"folder/x": ""})
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"missing.yaml", "folder", "pipe"} {
		_, err := Load(name)
		if err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
		if missing := name == "missing.yaml"; errors.Is(err, fs.ErrNotExist) != missing {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckFiles_StandardInput(t *testing.T) {
	events := "events: [{id: a, title: A, kind: x}]"
	for text, want := range map[string]string{
		events:                            `-:1:34: "x" is no kind`,
		"events: ['*.yaml']\nsettle: x":   `-:2:9: settle: "x"`,
		"calendar: {" + events + "}":      `-:1:45: "x" is no kind`,
		"sources: {a: {titel: b}}":        `-:1:15: unknown key "titel"`,
		"events: []\nfeed: []":            `-:2:1: unknown key "feed"`,
		"settle: 1m\nsources: {}":         `-:2:1: unknown key "sources"`,
		"events: [a.yaml]\ntimezone: PT":  `-:2:11: no zone is named "PT"`,
		"x-a: 1\nevents: {a: b}":          `-:2:9: events is a list, not a map`,
		"events: [{id: a, links: {x: a}}": `-:1:9: a comma or ] is missing`,
	} {
		got := CheckFiles(nil, Document{"-", []byte(text)})
		if len(got.Errors) == 0 || !strings.HasPrefix(got.Errors[0].Error(), want) {
			t.Errorf("%s: %v, want %s", text, got.Errors, want)
		}
	}
	if got := CheckFiles(nil, Document{"-", []byte("events: [ev/*.yaml]\ncalendar: {events: [{id: a, title: A, links: {follows: b}}]}")}); len(got.Errors) > 0 {
		t.Errorf("b may stand in a file that was not read: %v", got.Errors)
	}
}

func TestCheckFiles_Together(t *testing.T) {
	write(t, map[string]string{
		"config/attache.yaml":  "timezone: Asia/Tokyo\n",
		"config/events/a.yaml": "events: [{id: a, title: A, links: {follows: b}}]",
		"b.yaml":               "events: [{id: b, title: B}]",
	})
	if got := CheckFiles([]string{"config/events/a.yaml"}); len(got.Errors) != 1 {
		t.Errorf("alone: %v", got.Errors)
	}
	if got := CheckFiles([]string{"b.yaml", "config/events/a.yaml"}); len(got.Errors) > 0 || len(got.Calendar.Events) != 2 {
		t.Errorf("together: %v", got.Errors)
	}
	got := CheckFiles([]string{"b.yaml", "config/attache.yaml", "config/events/a.yaml"})
	if len(got.Errors) > 0 || len(got.Calendar.Events) != 2 || got.Calendar.Events[0].Zone != "Asia/Tokyo" {
		t.Errorf("with settings: %+v", got)
	}
}

func TestFind(t *testing.T) {
	write(t, map[string]string{"home/.config/attache/attache.yaml": "", "xdg/attache/attache.yaml": ""})
	dir, _ := os.Getwd()
	env := map[string]string{"HOME": filepath.Join(dir, "home")}
	find := func(flag, want string) {
		t.Helper()
		got, err := Find(flag, func(k string) string { return env[k] })
		if got != want || (err == nil) != (want != "") {
			t.Errorf("got %q and %v, want %q", got, err, want)
		}
	}
	find("", filepath.Join(dir, "home/.config/attache/attache.yaml"))
	env["XDG_CONFIG_HOME"] = filepath.Join(dir, "xdg")
	find("", filepath.Join(dir, "xdg/attache/attache.yaml"))
	env["XDG_CONFIG_HOME"] = filepath.Join(dir, "nowhere")
	find("", "")
	if err := os.MkdirAll("config", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("config/attache.yaml", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	find("", "config/attache.yaml")
	env["ATTACHE_CONFIG"] = "elsewhere.yaml"
	find("", "elsewhere.yaml")
	find("asked.yaml", "asked.yaml")
}
