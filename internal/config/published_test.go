package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"attache/internal/lengthtest"
)

func TestPublished(t *testing.T) {
	for text, want := range map[string]string{
		"xoxb-1-secret":                                         `-:1:1: the file holds keys and values, not "…"`,
		"a plain secret":                                        `-:1:1: the file holds keys and values, not "…"`,
		"secret: 1":                                             `-:1:1: unknown key "…": choose from audience, sources, events`,
		"heartbeat: https://h/secret":                           `-:1:12: heartbeat holds keys and values, not "…"`,
		"heartbeat: {url: ftp://h/secret}":                      `-:1:18: url is no address: write it as https://example.org/calendar.ics`,
		"heartbeat: {ulr: https://h/secret}":                    `-:1:12: heartbeat needs one of url and url_file, and has 0`,
		"timezone: UTC\ntimezon: secret":                        `-:2:1: unknown key "timezon": did you mean "timezone"?`,
		"routes: {to: secret}":                                  `-:1:9: routes is a list, not a map`,
		"routes: secret":                                        `-:1:9: routes is a list, not "…": write […]`,
		"slack: {token_file: [secret]}":                         `-:1:21: token_file is text, not a list`,
		"settle: secret":                                        `-:1:9: settle: "…" is no length of time: write it as 30s, 2m, 24h or 7d`,
		"feeds: [{name: a, match: {kinds: [secret]}}]":          `-:1:35: "…" is no kind: choose from deadline, meeting, summit, visit, talks, measure, announcement, holiday, other`,
		"digests: [{name: d, to: C1, cron: a secret here x y}]": `-:1:35: schedule "…": minute "…" is not understood; it takes 0-59, *, ranges, lists and steps`,
		"events: *secret":                                       `-:1:9: unknown anchor "…" referenced`,
		"events: [{id: a, title: T, when: secret}]":             `-:1:34: "…" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
		"events: [{id: a, title: T, when: 2026-02-30}]":         `-:1:42: "2026-02-30": February 2026 has no day 30`,
		"events: [{id: abcd, title: T}, {id: abcd, title: U}]":  `-:1:37: two events have the id "abcd": the first is at -:1`,
		"events: [{id: a, title: T, when: before}]":             `-:1:40: a date is missing: write it as 2026-02-16`,
	} {
		found := CheckFiles(nil, Document{Name: "-", Data: []byte(text)})
		if len(found.Errors) == 0 {
			t.Errorf("%s: no error", text)
		} else if got := found.Errors[0].Published(); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// mark is what stands in a wrong place. It is a word, and a valid name where one is asked for.
const mark = "Geheim7"

// wrongShapes are values that hold the mark; each is wrong in most places.
var wrongShapes = []string{
	mark, `"` + mark + `"`, "https://h.example/" + mark, "a " + mark + " b", "xoxb-1-" + mark, "[" + mark + "]", "[[" + mark + "]]", "{" + mark + ": 1}", "{a: " + mark + "}",
	"{x: {y: [" + mark + "]}}", "[{a: " + mark + "}]", "!" + mark + " x", "*" + mark, "'" + mark, "[" + mark, "|\n " + mark + "\n " + mark, "2026-01-01 " + mark, "event:" + mark,
}

func TestPublished_NothingThatStandsInAFile(t *testing.T) {
	dir := t.TempDir()
	for _, root := range []any{Config{}, Calendar{}} {
		for i, one := range everyKey(t, reflect.TypeOf(root)) {
			for k := range lengthtest.Of(2, len(wrongShapes)) { // each key in some of them, each of them at some keys
				text := strings.ReplaceAll(one.document, "VALUE", wrongShapes[(i*7+k)%len(wrongShapes)])
				path := filepath.Join(dir, "attache.yaml")
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				for _, e := range CheckFiles([]string{path}).Errors {
					if got := e.Published(); strings.Contains(strings.ToLower(got), strings.ToLower(mark)) {
						t.Errorf("%s: %s:\n%s", one.key, text, got)
					}
				}
			}
		}
	}
}

// keyed is a document in which VALUE stands behind a key.
type keyed struct{ key, document string }

// everyKey returns a document for each key that stands at some depth below the shape t, and
// one in which VALUE is a key below it.
func everyKey(t *testing.T, shape reflect.Type) (out []keyed) {
	t.Helper()
	var walk func(shape reflect.Type, path, frame string)
	walk = func(shape reflect.Type, path, frame string) {
		keys := keysOf(shape)
		for _, k := range keys {
			name := path + "." + k.name
			if slices.Contains(strings.Split(path, "."), k.name) && strings.Count(path, ".") > 2 {
				continue
			}
			need := ""
			for _, other := range keys {
				if _, ok := other.field.Tag.Lookup("required"); ok && other.name != k.name {
					need += other.name + ": " + map[string]string{"cron": `"0 8 * * *"`, "at": "2026-01-01"}[other.name]
					if !strings.HasSuffix(need, `"`) && !strings.HasSuffix(need, "1") {
						need += "a"
					}
					need += ", "
				}
			}
			in := strings.ReplaceAll(frame, "HERE", "{"+need+k.name+": VALUE}")
			out = append(out, keyed{name, in}, keyed{name + " key", strings.ReplaceAll(frame, "HERE", "{"+need+k.name+": {VALUE: a}}")})
			inner, open, shut := k.field.Type, "", ""
			switch k.name {
			case "sources", "calendars", "mention":
				open, shut = "{a: ", "}"
			}
			for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice && inner.Elem().Kind() != reflect.String {
				if inner.Kind() == reflect.Slice && open == "" {
					open, shut = "[", "]"
				}
				inner = inner.Elem()
			}
			of := shapeBehind(inner)
			if of == nil || strings.Count(path, ".") > 3 {
				continue
			}
			walk(of, name, strings.ReplaceAll(frame, "HERE", "{"+need+k.name+": "+open+"HERE"+shut+"}"))
		}
	}
	walk(shape, fmt.Sprint(shape), "HERE")
	return out
}

// shapeBehind returns the struct that describes the map that a value of t is read from, nil
// where it is read from text alone.
func shapeBehind(t reflect.Type) reflect.Type {
	for name, shape := range map[string]any{
		"Event": entry{}, "Statement": statement{}, "Source": source{}, "Condition": condition{}, "Citation": citation{},
		"Mention": limited{}, "Exempt": limited{}, "Calendars": ownCalendar{}, "Filter": filter{}, "Route": route{},
	} {
		if t.Name() == name {
			return reflect.TypeOf(shape)
		}
	}
	if t.Kind() == reflect.Struct && len(keysOf(t)) > 0 && strings.HasSuffix(t.PkgPath(), "internal/config") {
		return t
	}
	return nil
}

// TestEveryKey_IsEveryKeyOfTheSchema shows that no key is left out of what is planted.
func TestEveryKey_IsEveryKeyOfTheSchema(t *testing.T) {
	for name, root := range map[string]any{"attache.schema.json": Config{}, "events.schema.json": Calendar{}} {
		planted := map[string]bool{}
		for _, k := range everyKey(t, reflect.TypeOf(root)) {
			path := strings.Split(k.key, ".")
			planted[strings.TrimSuffix(path[len(path)-1], " key")] = true
		}
		b, err := os.ReadFile(filepath.Join("..", "..", "config", name))
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, one := range v {
					walk(one)
				}
			case map[string]any:
				if keys, ok := v["properties"].(map[string]any); ok {
					for k := range keys {
						if !planted[k] {
							t.Errorf("%s: the key %s is planted nowhere", name, k)
						}
					}
				}
				for _, one := range v {
					walk(one)
				}
			}
		}
		walk(doc)
	}
}
