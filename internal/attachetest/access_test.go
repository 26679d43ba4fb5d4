package attachetest

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hiddenEvents are three events for everybody that have to do with two that are not, of which
// every word has a Q in it, and every date one of the 3rd to the 25th of February 2099.
const hiddenEvents = `
sources:
  paper: {title: A paper, publisher: P, url: "https://paper.example/", published: 2098-12-01}
  qsource: {title: Qtitle of a report, publisher: Qpublisher, url: "https://qurl.example/", published: 2098-12-02}
events:
  - {id: shown, title: Shown, kind: meeting, when: 2099-01-10, topics: [open]}
  - id: qvisit
    title: Qvisit of somebody
    kind: visit
    when: {between: [2099-02-03, 2099-02-19], source: qsource, quote: Qquote of it}
    topics: [qtopic]
    place: Qplace
    people: [Qperson]
    parties: [Qparty]
    note: Qnote
    if: {text: Qcondition}
  - {id: qdesk, title: Qdesk deadline, kind: deadline, when: 2099-02-11, topics: [open], audience: desk}
  - {id: leans, title: Leans, kind: meeting, when: "10 days after event:qvisit", topics: [open], links: {follows: qvisit}}
  - {id: between, title: Between, kind: meeting, when: [{before: 2099-06-01}, {after: "event:qvisit"}], topics: [open]}
  - {id: decided, title: Decided, kind: meeting, when: 2099-05-01, if: {text: if it is held, event: qvisit, is: held}, topics: [open]}
`

// hidden finds what nobody outside may read: words with a Q, and the dates.
var hidden = regexp.MustCompile(`(?i)\bq(title|publisher|url|visit|quote|topic|place|person|party|note|condition|desk|source|renamed)\b|2099-?02-?(03|11|13|19|25)|\b(3|11|13|19|25) Feb 2099`)

// everythingPublic asks for whatever the pages lead to, and all of the API, as nobody in particular.
func everythingPublic(t *testing.T, a *Attache) map[string]Answer {
	t.Helper()
	ids := []string{"shown", "leans", "between", "decided", "qvisit", "qdesk"}
	todo := []string{"/", "/changes", "/changes.atom", "/feed.ics", "/subscribe", "/status", "/readyz", "/livez", "/metrics", "/feeds/inner.ics", "/feeds/all.ics",
		"/?view=timeline", "/?view=month&month=2099-02", "/?view=week&day=2099-02-03", "/feed.ics?topic=open", "/?from=2099-01-01&to=2099-12-31"}
	for _, id := range ids {
		todo = append(todo, "/events/"+id)
	}
	var document struct{ Paths map[string]any }
	if err := json.Unmarshal([]byte(a.Get("/api/openapi.json").Body), &document); err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, id := range ids {
			todo = append(todo, strings.NewReplacer("{id}", id, "{name}", "inner").Replace(path))
		}
	}
	link := regexp.MustCompile(`(?:href|src|action)="([^"]+)"`)
	got := make(map[string]Answer)
	for ; len(todo) > 0 && len(got) < 160; todo = todo[1:] {
		path := todo[0]
		if _, done := got[path]; done {
			continue
		}
		answer := a.Get(path)
		got[path] = answer
		for _, m := range link.FindAllStringSubmatch(answer.Body, -1) {
			to, _, _ := strings.Cut(strings.TrimPrefix(html.UnescapeString(m[1]), "http://127.0.0.1:8080"), "#")
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
				todo = append(todo, to)
			}
		}
	}
	return got
}

// TestAccess_NothingOfWhatIsHidden follows every link and asks for all of the API as the public:
// no octet is of an event that is for others.
func TestAccess_NothingOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s,
		"audiences: [{name: desk, users: [ann]}]",
		"feeds: [{name: all, match: {topics: [open]}}, {name: inner, title: Qtitle, match: {topics: [qtopic]}, private: true}]",
	), hiddenEvents))
	check := func(when string) {
		t.Helper()
		got := everythingPublic(t, a)
		if len(got) < 60 || !strings.Contains(got["/"].Body, "Shown") || !strings.Contains(got["/events/leans"].Body, "you cannot see") {
			t.Fatalf("%s: %d answers, and not what there is", when, len(got))
		}
		for path, answer := range got {
			if found := hidden.FindString(answer.Body + fmt.Sprint(answer.Header)); found != "" {
				t.Errorf("%s: %s tells %q", when, path, found)
			}
			if path == "/events/qvisit" && answer.Status != 404 {
				t.Errorf("%s: %s is %d", when, path, answer.Status)
			}
		}
		for _, m := range s.Messages("trade-desk") {
			if found := hidden.FindString(m.Shown() + fmt.Sprint(m.Metadata)); found != "" {
				t.Errorf("%s: Slack is told %q", when, found)
			}
		}
		if found := regexp.MustCompile(`Q(title|visit|quote|note|renamed)`).FindString(a.Log()); found != "" {
			t.Errorf("%s: the log tells %q", when, found)
		}
	}
	check("at first")
	edited := strings.NewReplacer("Qvisit of somebody", "Qrenamed", "2099-02-19", "2099-02-25", "title: Shown", "title: Shown anew", "if: {text: Qcondition}", "certainty: likely").Replace(hiddenEvents)
	a.Write("events/a.yaml", edited)
	a.WaitFor("the edit", func() bool { return strings.Contains(a.Get("/").Body, "Shown anew") })
	check("after an edit")
}
