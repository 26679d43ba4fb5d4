package attachetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attache/internal/cli"
	"attache/internal/prose"
	"attache/internal/slack/slacktest"
)

// turned returns events in which every text has every character that turns text round in it, and
// the marks of direction, which turn nothing round: they stand in text written from right to left.
func turned(place, title string) string {
	return strings.NewReplacer("@", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f").Replace(strings.NewReplacer("PLACE", place, "TALKS", title).Replace(`sources:
  paper: {title: "Re@port", publisher: "Pa@per", url: "https://example.org/a@b", published: 2026-01-05}
events:
  - {id: talks, title: "TALKS", kind: meeting, when: 2099-02-01, topics: [tra@de]}
  - id: visit
    title: "Vi@sit"
    kind: visit
    zone: Asia/Shanghai
    when:
      - {on: 2099-02-03, source: paper, quote: "on the thi@rd", id: third}
      - {on: 2099-02-05, source: paper, quote: "on the fi@fth", priority: 2}
      - {phrase: "in February 2099", source: paper}
    status: deferred
    reason: "for a whi@le"
    if: {text: "they ag@ree", event: talks, is: held}
    place: "PLACE"
    parties: [Chi@na, "The Uni@on"]
    people: ["Ada Ros@si"]
    topics: [tra@de]
    note: "A no@te.\n\nMo@re of it."
    links: [{follows: talks}]
    sources: [{source: paper, quote: "so it sa@id", supports: [place]}]
`))
}

// TestTurned_NothingThatPeopleRead looks for what turns text round in all that leaves attache.
func TestTurned_NothingThatPeopleRead(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), turned("Pla@za", "Ta@lks")))
	a.Write("events/a.yaml", turned("Ha@ll", "More ta@lks"))
	a.WaitFor("the change of place", func() bool {
		return slices.ContainsFunc(s.Messages("trade-desk"), func(m slacktest.Message) bool { return strings.Contains(m.Shown(), "Ha\u061c") })
	})
	straight := func(where, text string) {
		if i := strings.IndexFunc(text, prose.Turns); i >= 0 {
			t.Errorf("%s has %+q", where, text[max(0, i-60):min(len(text), i+60)])
		}
	}
	for _, path := range []string{"/", "/?q=visit", "/events/visit", "/events/talks", "/changes", "/changes.atom", "/feeds/all.ics", "/api/v1/events", "/api/v1/events/visit", "/api/v1/events/visit/why", "/api/v1/events/visit/changes", "/api/v1/changes"} {
		got := a.Get(path)
		if got.Status != 200 || got.Body == "" {
			t.Errorf("%s answers %d", path, got.Status)
		}
		straight(path, got.Body)
		var text any
		if json.Unmarshal([]byte(got.Body), &text) == nil { // which may have them as \u202e
			straight(path, fmt.Sprint(text))
		}
	}
	for _, c := range s.Calls() {
		for name, values := range c.Form {
			for _, v := range values {
				straight(c.Method+" "+name, v)
				var text any
				if json.Unmarshal([]byte(v), &text) == nil {
					straight(c.Method+" "+name, fmt.Sprint(text))
				}
			}
		}
	}
	straight("the log", a.Log())
	for _, args := range []string{"check", "list --data DATA", "list --json --data DATA", "show visit --data DATA", "notices --data DATA", "plan --data DATA", "export --data DATA"} {
		var said bytes.Buffer
		env := cli.System("test")
		env.Stdout, env.Stderr = &said, &said
		rest := strings.Fields(strings.ReplaceAll(args, "DATA", a.data))
		if code := cli.Run(t.Context(), env, append([]string{"--config", filepath.Join(a.folder, "attache.yaml")}, rest...)); code > 1 || said.Len() == 0 {
			t.Errorf("%s: %d, %s", args, code, &said)
		}
		straight(args, said.String())
	}
}
