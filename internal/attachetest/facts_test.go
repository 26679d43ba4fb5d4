package attachetest

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/cli"
	"attache/internal/story"
)

// kinds are events with every kind of date, and of what else is known of one: by id, what
// follows the title. The second reading has those of editedKinds in the place of theirs.
var kinds = map[string]string{
	"instant":    "kind: deadline, when: 2026-12-10 12:00, certainty: confirmed, place: Geneva, parties: [EU, China]",
	"midnight":   "kind: deadline, when: 2026-12-10 00:01",
	"hours":      "kind: meeting, when: {at: 2026-12-14 09:30, lasts: 90 minutes}, place: Berlin",
	"abroad":     "kind: meeting, when: 2026-12-15 18:00, zone: Asia/Seoul, place: Busan",
	"day":        "kind: meeting, when: 2027-01-14",
	"span":       "kind: summit, when: {from: 2027-11-08, to: 2027-11-19}, place: Addis Ababa",
	"options":    "kind: talks, when: {one_of: [2027-03-14, 2027-03-21]}",
	"begun":      "kind: visit, when: {between: [2026-11-02, 2026-12-20]}",
	"ahead":      "kind: visit, when: {between: [2027-01-05, 2027-02-16]}",
	"month":      "kind: visit, when: 2027-03",
	"soft":       "kind: visit, when: {phrase: early 2027, dateline: 2026-11-01}",
	"by":         "kind: talks, when: by 2026-12-20",
	"after":      "kind: talks, when: not before 2027-01-02",
	"within":     "kind: summit, when: {between: [2027-05-01, 2027-05-31], lasts: 3 days}",
	"none":       "kind: talks, when: tbd",
	"leans":      "kind: talks, when: within 30 days after event:none",
	"series":     "kind: meeting, when: {at: 2026-12-01 10:00, recurs: FREQ=WEEKLY}",
	"passed":     "kind: meeting, when: 2026-11-20",
	"condition":  "kind: measure, when: 2027-02-01, if: {text: the talks fail, event: none, is: cancelled}",
	"slipped":    "kind: meeting, when: 2027-02-03",
	"called-off": "kind: summit, when: 2027-02-20",
	"put-off":    "kind: summit, when: 2027-02-21",
	"held":       "kind: talks, when: 2026-11-29",
	"disputed":   "kind: deadline, when: [{on: 2027-04-01, source: gazette, quote: it ends on 1 April}, {on: 2027-04-08, source: paper, quote: the day is 8 April}]",
	"replaced":   "kind: deadline, when: [{on: 2027-04-01, source: old, quote: it ends on 1 April}, {on: 2027-04-09, source: gazette, quote: the day is 9 April}]",
}

var editedKinds = map[string]string{
	"slipped":    "kind: meeting, when: 2027-02-10, reason: the hall is taken",
	"called-off": "kind: summit, when: 2027-02-20, status: cancelled, reason: nobody came",
	"put-off":    "kind: summit, when: tbd, status: deferred, reason: the host is ill",
	"held":       "kind: talks, when: 2026-11-29, status: held, reason: both sides said so",
}

func kindsFile(edited map[string]string) string {
	out := "sources:\n" +
		"  gazette: {title: The gazette, published: 2026-10-01}\n  paper: {title: A paper, published: 2026-10-01}\n  old: {title: An old gazette, published: 2026-01-05}\nevents:\n"
	for id, rest := range kinds {
		if e, ok := edited[id]; ok {
			rest = e
		}
		if !strings.Contains(rest, "zone:") {
			rest += ", zone: Europe/Brussels"
		}
		out += "  - {id: " + id + ", title: Of " + id + ", topics: [t-" + id + "], " + rest + "}\n"
	}
	return out
}

// outputs are all that tells people of an event, with what each of them has no room for.
var outputs = []struct {
	name    string
	text    func(a *Attache, id string) string
	without []story.About
	only    []story.About // with none, all
	dated   bool          // it has only what has a date
	still   bool          // it is read at any time, so it tells nothing that time alone changes
}{
	{name: "page of the event", text: func(a *Attache, id string) string { return tags(a.Get("/events/" + id).Body) }},
	{name: "home", text: func(a *Attache, id string) string { return tags(a.Get("/?topic=t-" + id).Body) },
		without: []story.About{story.UTC, story.Since}},
	{name: "feed", text: func(a *Attache, id string) string {
		return strings.NewReplacer("\r\n ", "", `\n`, "\n", `\,`, ",", `\;`, ";").Replace(a.Get("/feed.ics?event=" + id).Body)
	}, dated: true, still: true},
	{name: "card", text: func(a *Attache, id string) string { return spoken(a.run("render", id, "--slack")) },
		without: []story.About{story.UTC, story.Since, story.Stated, story.Hour, story.Series, story.Was}}, // its last change tells what it was
	{name: "show", text: func(a *Attache, id string) string { return a.run("show", id) }},
	{name: "list", text: func(a *Attache, id string) string { return a.run("list", "--topic", "t-"+id) },
		only: []story.About{story.Title, story.Date, story.Safe, story.Certainty, story.Status}},
	{name: "why", text: func(a *Attache, id string) string { return a.run("why", id) }, only: []story.About{story.Date, story.Safe}, still: true},
	{name: "CSV", text: func(a *Attache, id string) string { return a.Get("/events.csv?topic=t-" + id).Body },
		only: []story.About{story.Title, story.Date, story.Stated, story.Certainty, story.Kind, story.Place}},
	{name: "list to print", text: func(a *Attache, id string) string {
		return tags(a.Get("/?view=print&from=2026-01-01&topic=t-" + id).Body)
	},
		only: []story.About{story.Title, story.Date, story.Safe, story.Certainty, story.Status, story.Kind, story.Place}, dated: true},
	{name: "timeline", text: func(a *Attache, id string) string {
		return tags(a.Get("/?view=timeline&past=shown&topic=t-" + id).Body)
	},
		only: []story.About{story.Title, story.Date, story.Safe, story.Status}, dated: true},
	{name: "list --json", text: func(a *Attache, id string) string { return a.run("list", "--json", "--topic", "t-"+id) }},
	{name: "changes", text: func(a *Attache, id string) string { return a.run("changes", "--topic", "t-"+id) }, only: []story.About{story.Title, story.Date}, still: true},
	{name: "/changes", text: func(a *Attache, id string) string { return tags(a.Get("/changes?topic=t-" + id).Body) }, only: []story.About{story.Title, story.Date}, still: true},
	{name: "Atom", text: func(a *Attache, id string) string { return tags(a.Get("/changes.atom?topic=t-" + id).Body) }, only: []story.About{story.Title, story.Date}, still: true},
}

var markup = regexp.MustCompile(`<[^>]*>`)

// tags returns the text of a page.
func tags(page string) string { return html.UnescapeString(markup.ReplaceAllString(page, "")) }

// spoken returns the strings of a JSON text, as Slack shows them.
func spoken(text string) string {
	var out []string
	dec := json.NewDecoder(strings.NewReader(text))
	for {
		token, err := dec.Token()
		if err != nil {
			return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "*", "").Replace(strings.Join(out, "\n"))
		}
		if s, ok := token.(string); ok {
			out = append(out, s)
		}
	}
}

// run runs a command beside it and returns what it prints.
func (a *Attache) run(args ...string) string {
	a.t.Helper()
	var out, failed bytes.Buffer
	env := cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &failed, Getenv: func(string) string { return "" }, Now: a.now}
	if args[0] != "simulate" { // which needs the files alone
		args = append(args, "--data", a.data)
	}
	args = append([]string{"--config", filepath.Join(a.folder, "attache.yaml")}, args...)
	if code := cli.Run(context.Background(), env, args); code != 0 {
		a.t.Fatalf("%s: %d, %s", args, code, failed.String())
	}
	return out.String()
}

// Every output tells every fact that it has room for, in the same words.
func TestFacts_EveryKindInEveryOutput(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), kindsFile(nil)), At(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)))
	a.Write("events/a.yaml", kindsFile(editedKinds))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	told := make(map[story.About]bool)
	for id := range kinds {
		var v story.View
		if err := json.Unmarshal([]byte(a.Get("/api/v1/events/"+id).Body), &v); err != nil {
			t.Fatal(err)
		}
		undated := v.Earliest == nil && v.Latest == nil
		for _, o := range outputs {
			if undated && o.dated {
				continue
			}
			text := plainLower(o.text(a, id))
			for _, f := range v.Facts {
				told[f.About] = true
				now := f.About == story.Date && (v.Phase == "window open" || undated) || f.Words == story.NoOutcome
				if o.still && now || len(o.only) > 0 && !slices.Contains(o.only, f.About) || slices.Contains(o.without, f.About) {
					continue
				}
				if !strings.Contains(text, plainLower(f.Words)) {
					t.Errorf("%s of %s does not tell %q", o.name, id, f)
				}
			}
		}
	}
	for _, about := range []story.About{story.Safe, story.Stated, story.Bounds, story.Hour, story.UTC, story.Series, story.Certainty,
		story.Status, story.Since, story.Reason, story.Condition, story.Was, story.Replaced, story.Disputed, story.Kind, story.Place, story.Parties} {
		if !told[about] {
			t.Errorf("no event has the fact %q", about)
		}
	}
}

var space = regexp.MustCompile(`\s+`)

func plainLower(s string) string { return strings.ToLower(space.ReplaceAllString(s, " ")) }

// Digests, the lists of Slack and what is asked of an event tell its date as pages do.
func TestFacts_InDigestsAndHome(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s, `digests: [{name: all, to: "#trade-desk", cron: "0 3 * * *", covers: 400d}]`), kindsFile(nil)),
		At(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)), listening)
	a.WaitFor("the socket", func() bool { return s.Sockets() == 1 })
	heard(t, s.OpenHome(alice))
	a.WaitFor("the Home tab", func() bool { _, ok := s.Home(alice.ID); return ok })
	home, _ := s.Home(alice.ID)
	digest := a.run("simulate", "--from", "2026-12-01T07:30:00Z", "--to", "2026-12-01T08:30:00Z")
	for name, text := range map[string]string{"Home": plainLower(home.Shown()), "digest": plainLower(digest)} {
		told := 0
		for id := range kinds {
			var v story.View
			if err := json.Unmarshal([]byte(a.Get("/api/v1/events/"+id).Body), &v); err != nil {
				t.Fatal(err)
			}
			for _, f := range v.Facts.Only(story.Date, story.Safe) {
				if strings.Contains(text, plainLower(v.Title)) && v.Earliest != nil {
					told++
					if !strings.Contains(text, plainLower(f.Words)) {
						t.Errorf("%s does not tell %q of %s", name, f, id)
					}
				}
			}
		}
		if told < 10 {
			t.Errorf("%s tells %d facts: %s", name, told, text)
		}
	}
}
