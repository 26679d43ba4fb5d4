package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// warned returns the warnings of a configuration, one a line.
func warned(t *testing.T, files map[string]string) string {
	t.Helper()
	write(t, files)
	found := CheckFiles([]string{"attache.yaml"})
	if len(found.Errors) > 0 {
		t.Fatal(found.Errors)
	}
	if loaded, err := Load("attache.yaml"); err != nil || fmt.Sprint(loaded.Warnings) != fmt.Sprint(found.Warnings) {
		t.Errorf("a check warns of\n%v\nand the daemon of\n%v, %v", found.Warnings, loaded.Warnings, err)
	}
	lines := make([]string, len(found.Warnings))
	for i, w := range found.Warnings {
		lines[i] = w.Error()
	}
	return strings.Join(lines, "\n")
}

func TestEffect(t *testing.T) {
	const untold = ": no route takes this event, so nobody is told of it: add one that does, or one of its topics to a route"
	const idle = ": calendar has no effect: no date and no reminder of this event counts business days"
	for _, c := range []struct{ name, settings, events, want string }{
		{"a topic in another case", `routes: [{to: C1, match: {topics: [tariffs]}}]`, `{topics: [Tariffs]}`, ""},
		{"a party without its accents", `feeds: [{name: all, match: {parties: [turkiye]}}]`, `{parties: [Türkiye]}`, ""},
		{"no route takes it", `routes: [{to: C1, match: {topics: [tariffs]}}, {to: C2, match: {kinds: [summit]}}]`, `{topics: [tariffs]}, {topics: [soy], kind: visit}, {kind: summit}, {kind: holiday}`, "e.yaml:1:55" + untold},
		{"no route takes it, and it is over", `routes: [{to: C1, match: {topics: [tariffs]}}]`, `{topics: [tariffs]}, {topics: [soy], status: held}`, ""},
		{"it is not sure enough yet", `routes: [{to: C1, match: {min_certainty: likely, statuses: [deferred]}}]`, `{topics: [soy]}`, ""},
		{"without routes all goes home", `slack: {channel: C1}`, `{topics: [soy]}`, ""},
		{"a word that no event has", `routes: [{to: C1}, {to: C2, match: {topics: [tarifs, soy], parties: [Japan]}}]`, `{topics: [tariffs], parties: [US]}`,
			"attache.yaml:1:46: no event has the topic \"tarifs\": did you mean \"tariffs\"?\nattache.yaml:1:54: no event has the topic \"soy\"\nattache.yaml:1:70: no event has the party \"Japan\""},
		{"a word of a feed, a digest and a mention", "routes: [{to: C1, mention: {\"@here\": {topics: [a]}}}]\nfeeds: [{name: all, match: {topics: [b]}}]\ndigests: [{name: d, to: C1, cron: 0 8 * * *, match: {topics: [c, B]}}]", `{topics: [x]}`,
			"attache.yaml:1:48: no event has the topic \"a\"\nattache.yaml:2:38: no event has the topic \"b\"\nattache.yaml:3:63: no event has the topic \"c\"\nattache.yaml:3:66: no event has the topic \"B\""},
		{"topics of calendars that are followed", "follow: [{name: f, file: f.ics}]\nfeeds: [{name: all, match: {topics: [soy]}}]", `{topics: [x]}`, ""},
		{"without events", `routes: [{to: C1, match: {topics: [soy]}}]`, ``, ""},
		{"a kind that no event has", `routes: [{to: C1}, {to: C2, match: {kinds: [summit]}}]`, `{}`, ""},

		{"a calendar that counts nothing", ``, `{calendar: US, when: 2099-03-02}`, "e.yaml:1:30" + idle},
		{"a calendar of a date that counts nothing", ``, `{when: {on: 2099-03-02, calendar: US}}`, `e.yaml:1:53: calendar has no effect: this date counts no business days by "US"`},
		{"a calendar that a date counts by", ``, `{calendar: US, when: 3 business days after 2099-03-02}, {when: {by: 2 business days after 2099-03-02, calendar: US}}`, ""},
		{"a calendar that a reminder counts by", ``, `{calendar: US, when: 2099-03-02, remind: [3bd]}`, ""},
		{"a calendar that the reminders of its kind count by", `remind: {visit: [2bd]}`, `{calendar: US, when: 2099-03-02, kind: visit}`, ""},
		{"a calendar of a series", ``, `{when: {on: 2026-03-02, recurs: FREQ=WEEKLY, calendar: US}}`, ""},
		{"a calendar of a series, named beside it", ``, `{calendar: US, when: {on: 2026-03-02, recurs: FREQ=WEEKLY, except: holidays}}`, ""},
		{"a calendar that a series does not go by", ``, `{calendar: US, when: {on: 2026-03-02, recurs: FREQ=WEEKLY}}`, "e.yaml:1:30" + idle + "; except: holidays beside recurs leaves out its holidays"},
		{"a calendar without holidays", ``, `{when: {on: 2026-03-02, recurs: FREQ=WEEKLY, calendar: weekdays}}`, `e.yaml:1:74: calendar has no effect: the series comes on no holiday of "weekdays" that is known`},
		{"holidays that are on other days", ``, `{when: {on: 2026-03-07, recurs: FREQ=WEEKLY;COUNT=9, except: [2026-03-14, holidays(US)]}}`, `e.yaml:1:82: except has no effect: the series comes on no holiday of "US" that is known`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := warned(t, map[string]string{"attache.yaml": "events: [e.yaml]\n" + c.settings + "\n", "e.yaml": eventsOf(c.events), "f.ics": ""})
			if got != shifted(c.want) {
				t.Errorf("warned of\n%s\nwant\n%s", got, shifted(c.want))
			}
		})
	}
}

// eventsOf returns a file of events e0, e1 and so on, with what each says between braces.
func eventsOf(list string) string {
	var events []string
	for i, e := range strings.Split(list, "}, {") {
		e = strings.TrimSuffix(strings.TrimPrefix(e, "{"), "}")
		if strings.Count(e, "{") > strings.Count(e, "}") {
			e += "}"
		}
		if list != "" {
			events = append(events, fmt.Sprintf("{id: e%d, title: T%d, %s}", i, i, e))
		}
	}
	return "events: [" + strings.Join(events, ", ") + "]\n"
}

// shifted returns places of the settings as they are behind the line of events.
func shifted(want string) string {
	for line := 3; line > 0; line-- {
		want = strings.ReplaceAll(want, fmt.Sprintf("attache.yaml:%d:", line), fmt.Sprintf("attache.yaml:%d:", line+1))
	}
	return want
}

func TestEffect_ManyUntold(t *testing.T) {
	events := "events:\n"
	for i := range mostUntold + 5 {
		events += fmt.Sprintf("  - {id: e%d, title: T, topics: [x]}\n", i)
	}
	got := warned(t, map[string]string{"attache.yaml": "routes: [{to: C1, match: {kinds: [summit]}}]\n", "events/a.yaml": events})
	if lines := strings.Split(got, "\n"); len(lines) != mostUntold+1 || !strings.HasSuffix(lines[mostUntold], ": no route takes 5 events more") {
		t.Error(got)
	}
}

func TestEffect_Comments(t *testing.T) {
	const swallowed = "what follows # is a comment"
	for text, column := range map[string]int{
		"title: WTO panel on DS #597 reports":                  28,
		"title: T\n    place: Room #3, Geneva":                 17,
		"title: T\n    place: Room # 3, Geneva":                17,
		"title: T\n    note: Türkiye #1":                       19,
		"title: T\n    note: two blanks  #1":                   24,
		"title: T\n    topics:\n      - tariff #301":           16,
		"title: T\n    if: the vote #2 passes":                 18,
		"title: T  # tentative":                                0,
		"title: T\t\t# tentative":                              0,
		"title: 'DS #597' # quoted":                            0,
		"title: \"DS #597\" #quoted":                           0,
		"title: C#1 and F#":                                    0,
		"title: T\n    kind: visit # or talks":                 0,
		"title: T\n    when: 2099-01-02 # or so":               0,
		"title: T\n    zone: Asia/Seoul #KST":                  0,
		"title: T\n    note: |\n      DS #597\n      and #598": 0,
		"title: T\n    remind: [7d] #1":                        0,
		"title: T\n    # place: Room #3":                       0,
	} {
		found := CheckFiles(nil, Document{"-", []byte("events:\n  - id: e\n    " + text + "\n")})
		if len(found.Errors) > 0 {
			t.Errorf("%s: %v", text, found.Errors)
		}
		i := slices.IndexFunc(found.Warnings, func(e *Error) bool { return strings.HasPrefix(e.Message, swallowed) })
		if (i >= 0) != (column > 0) || i >= 0 && found.Warnings[i].Column != column {
			t.Errorf("%s: %v; want column %d", text, found.Warnings, column)
		}
	}
	for _, settings := range []string{"data: /srv/attache #2", "slack: \n  token_file: token # or none", "listen: 127.0.0.1:1 #local", "events: \n - a.yaml # all\n"} {
		if found := CheckFiles(nil, Document{"-", []byte(settings)}); len(found.Warnings) > 0 {
			t.Errorf("%s: %v", settings, found.Warnings)
		}
	}
}

func TestEffect_FilesBesideThePattern(t *testing.T) {
	id := 0
	one := func() string { id++; return fmt.Sprintf("events: [{id: e%d, title: T}]\n", id) }
	files := map[string]string{
		"attache.yaml":        "events: [events/*.yaml]\n",
		"other/a.yaml":        one(), // no pattern looks there
		"deploy.yaml":         one(),
		"events/.hidden.yaml": one(), "events/a.yaml.bak": one(), "events/notes.txt": "events: x\n", "events/.git/x.yaml": one(),
		"events/compose.yml": "services: {}\n", "events/old/attache.yaml": "timezone: UTC\nevents: [x.yaml]\n", "events/data.json": "{}\n",
		"events/a.yaml": one(),
	}
	if got := warned(t, files); got != "" {
		t.Errorf("warned of\n%s", got)
	}
	for _, name := range []string{"events/new.yml", "events/2027/c.yaml", "events/B.YAML", "events/sources.yml", "events/broken.yml", "events/d.json"} {
		files[name] = map[string]string{"events/sources.yml": "sources: {a: {title: T}}\n", "events/broken.yml": "events: [\n", "events/d.json": `{"events": []}`}[name]
		if files[name] == "" {
			files[name] = one()
		}
	}
	var want []string
	for _, name := range []string{"2027/c.yaml", "B.YAML", "broken.yml", "d.json", "new.yml", "sources.yml"} {
		want = append(want, "events/"+name+": this file is not read: no pattern under events in attache.yaml names it")
	}
	if got := warned(t, files); got != strings.Join(want, "\n") {
		t.Errorf("warned of\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
