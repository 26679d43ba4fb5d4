package attachetest

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/access/accesstest"
	"attache/internal/calendar"
	"attache/internal/lengthtest"
	"attache/internal/slack/slacktest"
)

// audiences are those of the test, by the letter that marks every word of their events, with the
// month of 2099 in which each of their dates is.
var audiences = map[string]string{"d": "02", "c": "05", "i": "08"}

// hiddenOf is an event of one audience and three for everybody that have to do with it. Every word
// of it begins with q and the letter X of the audience, and every date is the 3rd, 11th, 13th, 19th
// or 25th of its month.
const hiddenOf = `
  - id: qXvisit
    title: QXvisit of somebody
    kind: visit
    when: {between: [2099-MM-03, 2099-MM-19], source: qXsource, quote: QXquote of it}
    topics: [qXtopic]
    place: QXplace
    people: [QXperson]
    parties: [QXparty]
    note: QXnote
    if: {text: QXcondition}
    remind: [7d]
    AUDIENCE
  - {id: leansX, title: Leans, kind: meeting, when: "10 days after event:qXvisit", topics: [open], links: {follows: qXvisit}}
  - {id: betweenX, title: Between, kind: meeting, when: [{before: 2099-11-30}, {after: "event:qXvisit"}], topics: [open]}
  - {id: decidedX, title: Decided, kind: meeting, when: 2099-12-01, if: {text: if it is held, event: qXvisit, is: held}, topics: [open]}
`

// hiddenEvents are the events of all audiences.
func hiddenEvents() string {
	out, sources := "events:\n  - {id: shown, title: Shown, kind: meeting, when: 2099-01-10, topics: [open]}", "sources:\n"
	for x, month := range audiences {
		says := map[string]string{"c": "audience: chiefs"}[x] // the desk is chosen by a topic, and inner is what its feed has
		out += strings.NewReplacer("AUDIENCE", says, "qX", "q"+x, "QX", "Q"+x, "X,", x+",", "MM", month).Replace(hiddenOf)
		sources += strings.ReplaceAll("  qXsource: {title: QXtitle of a report, publisher: QXpublisher, url: \"https://qXurl.example/\", published: 2098-12-02}\n", "X", x)
	}
	return sources + out
}

// marks finds what only the audiences of some letters may read.
func marks(letters string) *regexp.Regexp {
	out := []string{`\x00`}
	for _, x := range strings.Split(letters, "") {
		day, month := `(03|11|13|19|25)`, audiences[x]
		if month == "" {
			continue
		}
		out = append(out, `\bq`+x+`(title|publisher|url|visit|quote|topic|place|person|party|note|condition|source|renamed)`,
			`2099-?`+month+`-?`+day, `\b(3|11|13|19|25) `+time.Month(month[1] - '0').String()[:3]+` 2099`)
	}
	return regexp.MustCompile(`(?i)` + strings.Join(out, "|"))
}

// day is a day as pages write it, for programs and for people.
var day = regexp.MustCompile(`2099-\d\d-\d\d|\b\d+ \pL+ 2099`)

// notAsked returns a text without the days that its address asks for: it says them again.
func notAsked(path, text string) string {
	for _, asked := range regexp.MustCompile(`2099-\d\d-\d\d`).FindAllString(path, -1) {
		if at, err := time.Parse(time.DateOnly, asked); err == nil {
			text = strings.NewReplacer(asked, "", at.Format("2 Jan 2006"), "").Replace(text)
		}
	}
	return text
}

// without returns the letters of the audiences that are not among some.
func without(letters string) (out string) {
	for x := range audiences {
		if !strings.Contains(letters, x) {
			out += x
		}
	}
	return out
}

// routes returns an address of each that the program answers: every path that stands in the source
// of what answers, and every one of the API.
func routes(t *testing.T, a *Attache) []string {
	t.Helper()
	ids := []string{"shown"}
	for x := range audiences {
		ids = append(ids, "q"+x+"visit", "leans"+x)
	}
	feeds := []string{"all", "inner", "deskfeed"}
	out := map[string]bool{}
	literal := regexp.MustCompile(`"(/[a-z][a-z./-]*)"`)
	for _, pattern := range []string{"../web/*.go", "../access/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				switch path := m[1]; {
				case strings.HasSuffix(name, "_test.go"), strings.Contains(name, "accesstest"), strings.HasPrefix(path, "/sign-"):
				case path == "/feeds/":
					for _, f := range feeds {
						out[path+f+".ics"] = true
					}
				case path == "/f/", path == calendar.LinkPath: // who tries many of them waits
					out[path+"id.secret/inner.ics"] = true
				case strings.HasSuffix(path, "/"):
					for _, id := range ids {
						out[path+id], out[path+id+".ics"] = true, true
					}
				default:
					out[path] = true
				}
			}
		}
	}
	var document struct{ Paths map[string]any }
	if err := json.Unmarshal([]byte(a.Get("/api/openapi.json").Body), &document); err != nil {
		t.Fatal(err)
	}
	for path := range document.Paths {
		for _, id := range ids {
			for _, f := range feeds {
				out[strings.NewReplacer("{id}", id, "{name}", f).Replace(path)] = true
			}
		}
	}
	list := []string{"/?view=timeline", "/?view=month&on=2099-02-01", "/?view=week&on=2099-05-04", "/?view=print", "/feed.ics?topic=open", "/?from=2099-01-01&to=2099-12-31",
		"/?at=" + a.now().UTC().Format(time.RFC3339), "/?at=2099-12-01", "/changes?at=2099-12-01", "/feed.ics?at=2099-12-01"}
	return append(list, slices.Sorted(maps.Keys(out))...)
}

// follow asks for all routes as a reader does, and for so many more as the pages lead to.
func follow(get func(path string) Answer, todo []string) map[string]Answer {
	most := len(todo) + lengthtest.Of(10, 60)
	link := regexp.MustCompile(`(?:href|src|action)="([^"]+)"`)
	got := make(map[string]Answer)
	for ; len(todo) > 0 && len(got) < most; todo = todo[1:] {
		path := todo[0]
		if _, done := got[path]; done || strings.HasPrefix(path, "/sign-") {
			continue
		}
		got[path] = get(path)
		for _, m := range link.FindAllStringSubmatch(got[path].Body, -1) {
			to, _, _ := strings.Cut(strings.TrimPrefix(html.UnescapeString(m[1]), "http://127.0.0.1:8080"), "#")
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
				todo = append(todo, to)
			}
		}
	}
	return got
}

// reader is one kind of reader, and the letters of the audiences that they are of.
type reader struct {
	name, of string
	get      func(path string) Answer
}

// readers are all kinds of them.
func readers(t *testing.T, a *Attache, issuer *accesstest.Issuer) []reader {
	t.Helper()
	link := func(everything bool, names ...string) string {
		l, err := a.d.NewLink(calendar.LinkFor{Name: "somebody", Everything: everything, Audiences: names})
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ := strings.Cut(l.URL, "/a/")
		return token
	}
	with := func(name, value string) func(string) Answer {
		return func(path string) Answer { return a.Get(path, name, value) }
	}
	cookie := func(token string) func(string) Answer {
		b := a.browser()
		b.Get("/a/" + token)
		return b.Get
	}
	issuer.SignsIn(map[string]any{"groups": []string{"chiefs"}})
	signedIn := a.browser()
	signedIn.Get("/sign-in")
	return []reader{
		{"the public", "", func(path string) Answer { return a.Get(path) }},
		{"a wrong cookie, header and token", "", func(path string) Answer {
			return a.Get(path, "X-Users", "ann", "X-Forwarded-For", "127.0.0.1", "Cookie", "attache-session=x; attache-link=y")
		}},
		{"a link of the desk", "d", cookie(link(false, "desk"))},
		{"a link of the chiefs", "c", with("Authorization", "Bearer "+link(false, "chiefs"))},
		{"a link of the feed inner", "i", cookie(link(false, "inner"))},
		{"a link of two", "dc", cookie(link(false, "desk", "chiefs"))},
		{"a proxy's user", "d", with("X-User", "ann")},
		{"who signed in", "c", signedIn.Get},
		{"a link of the owner", "dci", cookie(link(true))},
	}
}

// TestAccess_NothingOfWhatIsHidden asks for every route as every kind of reader: no octet is of an
// event that is for others, and each reads what is for them.
func TestAccess_NothingOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	for x, name := range map[string]string{"D": "desk", "C": "chiefs"} {
		s.SetChannel(slacktest.Channel{ID: "C0HID" + x, Name: name, Member: true})
	}
	issuer := accesstest.NewIssuer(t, "attache", "a-client-secret")
	a := Start(t, files(Settings(t, s,
		"audiences: [{name: desk, match: {topics: [qdtopic]}, users: [ann, U0BOB]}, {name: chiefs}]",
		strings.Replace(oidc(t, issuer), "access: {", "access: {header: X-User, from: [127.0.0.1], ", 1),
		"feeds: [{name: all, match: {topics: [open]}}, {name: inner, title: Qititle, match: {topics: [qitopic]}, private: true}, {name: deskfeed, title: Qdtitle, private: true, audiences: [desk]}]",
		`routes: [{to: "#trade-desk"}, {to: "#desk", audiences: [desk]}, {to: "#chiefs", audiences: [chiefs]}]`,
		`digests: [{name: all, to: "#chiefs", cron: "0 8 * * *", covers: 400d, audiences: [chiefs]}, {name: public, to: "#trade-desk", cron: "0 8 * * *", covers: 400d}]`,
	), hiddenEvents()), listening, At(time.Date(2098, 12, 31, 12, 59, 58, 0, time.UTC)))
	issuer.Now = a.now
	k := accessTest{t: t, a: a, s: s}
	list := readers(t, a, issuer)
	k.pages("at first", list[:3])
	edited := hiddenEvents()
	for x, month := range audiences {
		edited = strings.NewReplacer("Q"+x+"visit of somebody", "Q"+x+"renamed", "2099-"+month+"-19", "2099-"+month+"-25", "if: {text: Q"+x+"condition}", "certainty: likely").Replace(edited)
	}
	a.Write("events/a.yaml", strings.Replace(edited, "title: Shown", "title: Shown anew", 1))
	a.WaitFor("the edit", func() bool { return strings.Contains(a.Get("/").Body, "Shown anew") })
	k.caches(list, k.pages("after an edit", list))
	k.feedAddresses()
	k.slackTold()
	for x := range audiences {
		if found := regexp.MustCompile(`(?i)\bq` + x + `(title|quote|note|renamed|place|person|condition)`).FindString(a.Log()); found != "" {
			t.Errorf("the log tells %q: %s", found, a.Log())
		}
	}
}

type accessTest struct {
	t *testing.T
	a *Attache
	s *slacktest.Server
}

// nothing complains of what only others may read in a text.
func (k accessTest) nothing(where, text, of string) {
	k.t.Helper()
	if found := marks(without(of)).FindString(text); found != "" {
		k.t.Errorf("%s tells %q", where, found)
	}
}

// pages asks for all routes as all readers, and returns what each was answered by path.
func (k accessTest) pages(when string, list []reader) (out []map[string]Answer) {
	k.t.Helper()
	all := routes(k.t, k.a)
	for _, r := range list {
		got := follow(r.get, all)
		out = append(out, got)
		seen := ""
		for path, answer := range got {
			text := answer.Body + fmt.Sprint(answer.Header)
			if strings.Contains(path, "view=month") || strings.Contains(path, "view=week") { // they name every day
				text = day.ReplaceAllString(text, "")
			}
			text = notAsked(path, text)
			k.nothing(fmt.Sprintf("%s, %s: %s", when, r.name, path), text, r.of)
			seen += text
		}
		for x := range audiences {
			can := strings.Contains(r.of, x)
			if status := got["/events/q"+x+"visit"].Status; can != (status == http.StatusOK) || !can && status != http.StatusNotFound {
				k.t.Errorf("%s, %s: the event of %s is %d", when, r.name, x, status)
			}
			if leans := got["/events/leans"+x].Body; can == strings.Contains(leans, "you cannot see") || !strings.Contains(leans, "Leans") {
				k.t.Errorf("%s, %s: what leans on an event of %s is told wrongly", when, r.name, x)
			}
			if can != marks(x).MatchString(seen) {
				k.t.Errorf("%s, %s: what is of %s: %v", when, r.name, x, !can)
			}
		}
	}
	return out
}

// caches looks at what caches are told of answers, which are by reader: what is not the same for
// all is private and names all that it depends on, and an ETag is of what one reader sees.
func (k accessTest) caches(list []reader, answers []map[string]Answer) {
	k.t.Helper()
	private := map[string]int{}
	for path, public := range answers[0] {
		same, tags := true, map[string]string{}
		for i, of := range answers {
			got, asked := of[path]
			same = same && (!asked || got.Body == public.Body)
			tag := got.Header.Get("ETag")
			if body, known := tags[tag]; known && tag != "" && body != got.Body {
				k.t.Errorf("%s, %s: another answer has the same ETag", list[i].name, path)
			}
			tags[tag] = got.Body
		}
		for i, of := range answers {
			got, asked := of[path]
			cache, vary := got.Header.Get("Cache-Control"), got.Header.Get("Vary")
			if asked && !same && (!strings.Contains(cache, "private") && !strings.Contains(cache, "no-store") || !strings.HasSuffix(vary, "Cookie, Authorization, X-User")) {
				k.t.Errorf("%s, %s: Cache-Control: %s, Vary: %s", list[i].name, path, cache, vary)
			}
		}
		if !same {
			private[path] = len(tags)
		}
	}
	for _, path := range []string{"/", "/feed.ics", "/changes.atom", "/api/v1/events"} {
		if private[path] < 5 { // as many as there are sights
			k.t.Errorf("%s has %d answers for all readers", path, private[path])
		}
	}
	if private["/feeds/all.ics"] > 0 || answers[0]["/feeds/all.ics"].Header.Get("Cache-Control") != "public, max-age=300" {
		k.t.Error("a public feed is not the same for all")
	}
}

// feedAddresses asks for the feeds that have a secret address.
func (k accessTest) feedAddresses() {
	k.t.Helper()
	for name, of := range map[string]string{"inner": "i", "deskfeed": "d"} {
		made, err := k.a.d.NewAddress(name, "")
		if err != nil {
			k.t.Fatal(err)
		}
		path := strings.TrimPrefix(made.URL, "http://127.0.0.1:8080")
		for _, query := range []string{"", "?tz=Asia/Tokyo", "?undated=true", "?at=2099-01-01"} {
			got := k.a.Get(path + query)
			k.nothing("the feed "+name+query, got.Body+fmt.Sprint(got.Header), of)
			if query == "" && (got.Status != 200 || !marks(of).MatchString(got.Body)) {
				k.t.Errorf("the feed %s is %d, and tells nothing", name, got.Status)
			}
		}
		if got := k.a.Get(strings.Replace(path, name+".ics", "all.ics", 1)); got.Status != 404 {
			k.t.Errorf("the address of %s leads to another feed: %d", name, got.Status)
		}
	}
}

// slackTold looks at all that Slack was sent.
func (k accessTest) slackTold() {
	k.t.Helper()
	a, s := k.a, k.s
	a.WaitFor("the socket", func() bool { return s.Sockets() == 1 })
	of := map[string]string{"C0TRADE": "", "C0HIDD": "d", "C0HIDC": "c"}
	for channel, letters := range of {
		a.WaitFor("a message in "+channel, func() bool {
			return slices.ContainsFunc(s.Messages(channel), func(m slacktest.Message) bool { return letters == "" || marks(letters).MatchString(m.Shown()) })
		})
	}
	a.WaitFor("the digests", func() bool {
		return strings.Contains(fmt.Sprint(s.Calls("chat.postMessage")), "400") || len(s.Messages("C0HIDC")) > 1
	})
	for channel, letters := range map[string]string{"trade-desk": "", "desk": "d"} {
		for _, text := range []string{"list", "show leansd", "why leansc", "changes", "next"} {
			n := len(s.Whispers(alice.ID))
			heard(k.t, s.Command(alice, channel, text))
			k.nothing("/attache "+text+" in "+channel, told(a, s, alice, n+1), letters)
		}
	}
	for who, letters := range map[slacktest.Person]string{alice: "", bob: "d"} {
		heard(k.t, s.OpenHome(who))
		a.WaitFor("the Home tab", func() bool { _, ok := s.Home(who.ID); return ok })
		v, _ := s.Home(who.ID)
		k.nothing("the Home tab of "+who.Name, fmt.Sprint(v), letters)
	}
	for _, c := range s.Calls() {
		channel := c.Channel()
		if ch, known := map[string]string{"#trade-desk": "C0TRADE", "#desk": "C0HIDD", "#chiefs": "C0HIDC"}[channel]; known {
			channel = ch
		}
		if letters, known := of[channel]; known && c.Method != "response_url" {
			k.nothing(c.Method+" to "+channel, fmt.Sprint(c.Form), letters)
		}
	}
}

// TestAccess_HiddenIsAsAbsent shows that an address answers of an event that is hidden as of one that
// never was, octet by octet.
func TestAccess_HiddenIsAsAbsent(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil, "audiences: [{name: desk}]", "feeds: [{name: all}, {name: inner, private: true, audiences: [desk]}]"), `
events:
  - {id: shown, title: Shown, kind: meeting, when: 2099-01-10}
  - {id: qvisit, title: Qvisit, kind: visit, when: 2099-02-03, topics: [qtopic], parties: [qparty], audience: desk}
`))
	made := regexp.MustCompile(`\d\d:\d\d(:\d\dZ?)?|"at": "[^"]*"|[?]at=[^"&]*`) // when the page was made
	for _, path := range []string{
		"/events/qvisit", "/events/qvisit?at=2099-03-01", "/events/qvisit.ics", "/events/qvisi", "/api/v1/events/qvisit", "/api/v1/events/qvisit/why", "/api/v1/changes?event=qvisit",
		"/changes?event=qvisit", "/?q=qvisit", "/?topic=qtopic", "/?topic=qtopi", "/?party=qparty", "/feed.ics?topic=qtopic", "/feed.ics?q=qvisit", "/changes.atom?topic=qtopic",
		"/events.csv?q=qvisit", "/events.json?topic=qtopic", "/feeds/inner.ics", "/api/v1/events?topic=qtopic", "/?topic=qtopic&at=2099-03-01",
	} {
		other := strings.NewReplacer("qvisi", "zvisi", "qtopi", "ztopi", "qparty", "zparty", "inner", "znner").Replace(path)
		is, never := a.Get(path), a.Get(other)
		as := strings.NewReplacer("zvisi", "qvisi", "ztopi", "qtopi", "zparty", "qparty", "znner", "inner")
		if is.Status != never.Status || made.ReplaceAllString(is.Body, "") != made.ReplaceAllString(as.Replace(never.Body), "") {
			t.Errorf("%s is %d\n%s\nand %s is %d\n%s", path, is.Status, is.Body, other, never.Status, never.Body)
		}
	}
}
