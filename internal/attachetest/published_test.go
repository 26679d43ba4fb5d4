package attachetest

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"attache/internal/control"
	"attache/internal/feed/lint"
)

// entries returns what a feed holds, the properties of each entry by its UID without the
// domain.
func entries(t *testing.T, text string) map[string]map[string]string {
	t.Helper()
	for _, f := range lint.Check([]byte(text)) {
		t.Errorf("the feed: %s", f)
	}
	out := make(map[string]map[string]string)
	var at map[string]string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		switch {
		case line == "BEGIN:VEVENT":
			at = make(map[string]string)
		case line == "BEGIN:VALARM":
			at["ALARM"] += "x"
		case line == "END:VEVENT":
			id, domain, _ := strings.Cut(at["UID"], "@")
			_, part, _ := strings.Cut(domain, "attache")
			out[id+part] = at
			at = nil
		case at != nil && at[name] == "":
			at[name] = value
		}
	}
	return out
}

// shown returns the entries of the main feed in few words.
func shown(t *testing.T, a *Attache) string {
	t.Helper()
	var out []string
	got := entries(t, a.Feed())
	for _, id := range []string{"visit", "visit-opens", "visit-latest", "visit-opt-2099-01-15", "visit-opt-2099-02-10"} {
		if e, ok := got[id]; ok {
			out = append(out, id+" "+e["DTSTART"]+" "+e["STATUS"]+" "+e["SEQUENCE"])
		}
	}
	return strings.Join(out, ", ")
}

func TestFeeds_FromAWindowToItsDayAndBack(t *testing.T) {
	t.Parallel()
	window := visit("{between: [2099-01-01, 2099-02-16]}")
	a := Start(t, files(Settings(t, nil), window))
	for _, step := range []struct{ name, events, want string }{
		{"a window", window, "visit-opens 20990101 TENTATIVE 0, visit-latest 20990216 TENTATIVE 0"},
		{"a comment", "# nothing new\n" + window, "visit-opens 20990101 TENTATIVE 0, visit-latest 20990216 TENTATIVE 0"},
		{"its day", visit("2099-02-03"), "visit 20990203 TENTATIVE 1, visit-opens 20990101 CANCELLED 1, visit-latest 20990216 CANCELLED 1"},
		{"put off", visit("2099-03-03"), "visit 20990303 TENTATIVE 2, visit-opens 20990101 CANCELLED 2, visit-latest 20990216 CANCELLED 2"},
		{"back to the window", window, "visit 20990303 CANCELLED 3, visit-opens 20990101 TENTATIVE 3, visit-latest 20990216 TENTATIVE 3"},
		{"a short window", visit("{between: [2099-02-01, 2099-02-14]}"), "visit 20990201 TENTATIVE 4, visit-opens 20990101 CANCELLED 4, visit-latest 20990216 CANCELLED 4"},
		{"no date", visit("tbd"), "visit 20990201 CANCELLED 5, visit-opens 20990101 CANCELLED 5, visit-latest 20990216 CANCELLED 5"},
		{"one of two", visit("{one_of: [2099-01-15, 2099-02-10]}"), "visit 20990201 CANCELLED 6, visit-opens 20990101 CANCELLED 6, visit-latest 20990216 CANCELLED 6, visit-opt-2099-01-15 20990115 TENTATIVE 6, visit-opt-2099-02-10 20990210 TENTATIVE 6"},
		{"chosen", visit("2099-02-10"), "visit 20990210 TENTATIVE 7, visit-opens 20990101 CANCELLED 7, visit-latest 20990216 CANCELLED 7, visit-opt-2099-01-15 20990115 CANCELLED 7, visit-opt-2099-02-10 20990210 CANCELLED 7"},
		{"out of its file", "events: []\n", "visit 20990210 CANCELLED 8, visit-opens 20990101 CANCELLED 8, visit-latest 20990216 CANCELLED 8, visit-opt-2099-01-15 20990115 CANCELLED 8, visit-opt-2099-02-10 20990210 CANCELLED 8"},
	} {
		before := a.Get("/feeds/all.ics").Header.Get("Etag")
		a.Write("events/a.yaml", step.events)
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		if got := shown(t, a); got != step.want {
			t.Errorf("%s: %s\nwant %s", step.name, got, step.want)
		}
		if same := before == a.Get("/feeds/all.ics").Header.Get("Etag"); same != (step.name == "a window" || step.name == "a comment") {
			t.Errorf("%s: the entity tag is the same: %t", step.name, same)
		}
	}
	before := a.Feed()
	a.Restart()
	if a.Feed() != before {
		t.Error("after a new start the feed is another")
	}
}

func TestFeeds_CalledOffLeavesAfterItsTime(t *testing.T) {
	t.Parallel()
	var day atomic.Int64
	day.Store(1)
	settings := Settings(t, nil, "feeds: [{name: all, keep: 2d}]")
	a := New(t, files(settings, visit("2099-02-03", "status: cancelled")))
	a.now = func() time.Time { return time.Date(2098, 12, int(day.Load()), 12, 0, 0, 0, time.UTC) }
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		day  int64
		want string
	}{{1, "visit 20990203 CANCELLED 0"}, {3, "visit 20990203 CANCELLED 0"}, {4, ""}} {
		day.Store(step.day)
		before := a.Get("/feeds/all.ics").Header
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		after := a.Get("/feeds/all.ics").Header
		if got := shown(t, a); got != step.want {
			t.Errorf("on day %d: %q, want %q", step.day, got, step.want)
		}
		moved := before.Get("Etag") != after.Get("Etag") && before.Get("Last-Modified") != after.Get("Last-Modified")
		if moved != (step.want == "") {
			t.Errorf("on day %d the feed changed: %t", step.day, moved)
		}
	}
}

func TestFeeds_OptionsRaiseTheSequence(t *testing.T) {
	t.Parallel()
	events := visit("2099-02-03") + "  - {id: gone, title: Gone, kind: talks, status: averted, when: 2099-02-04}\n"
	a := Start(t, files(Settings(t, nil, "feeds: [{name: all}]"), events))
	for _, step := range []struct{ options, visit, gone, status string }{
		{"", "0", "0", "CANCELLED"},
		{", cancelled: title", "0", "1", "CONFIRMED"},
		{", cancelled: both, alarms: [1d, 2h]", "1", "2", "CANCELLED"},
		{"", "2", "2", "CANCELLED"},
	} {
		a.Write("attache.yaml", Settings(t, nil, "feeds: [{name: all"+step.options+"}, {name: other}]"))
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		got := entries(t, a.Feed())
		if got["visit"]["SEQUENCE"] != step.visit || got["gone"]["SEQUENCE"] != step.gone || got["gone"]["STATUS"] != step.status {
			t.Errorf("with %q: %v", step.options, got)
		}
		if alarms := got["visit"]["ALARM"] + got["gone"]["ALARM"]; (alarms == "xx") != strings.Contains(step.options, "alarms") {
			t.Errorf("with %q: alarms %q", step.options, alarms)
		}
	}
}

func TestFeeds_PutTogetherInTheirAddress(t *testing.T) {
	t.Parallel()
	events := visit("2099-02-03") + "  - {id: duty, title: Duty, kind: deadline, topics: [tariffs], parties: [US, China], when: 2099-02-04}\n"
	a := Start(t, files(Settings(t, nil), events))
	for query, want := range map[string]string{
		"": "duty visit", "?kind=visit": "visit", "?kind=visit&kind=deadline": "duty visit", "?kind=visit,deadline": "duty visit",
		"?topic=tariffs": "duty", "?topic=tariffs&kind=visit": "", "?party=China": "duty", "?certainty=possible": "duty visit",
		"?topic=unheard": "", "?kind=": "duty visit", "?utm_source=x": "duty visit", "?kind=visit&topic=%00%0d%0a": "",
		"?to=2099-02-03": "visit", "?q=duty": "duty", "?windows=none&alarms=1d": "duty visit",
	} {
		got := a.Get("/feed.ics" + query)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Errorf("%s: %d %v", query, got.Status, got.Header)
		}
		var ids []string
		found := entries(t, got.Body)
		for _, id := range []string{"duty", "visit"} {
			if found[id] != nil {
				ids = append(ids, id)
			}
		}
		if s := strings.Join(ids, " "); s != want {
			t.Errorf("%s holds %q, want %q", query, s, want)
		}
		if again := a.Get("/feed.ics"+query, "If-None-Match", got.Header.Get("Etag")); again.Status != http.StatusNotModified {
			t.Errorf("%s again: %d", query, again.Status)
		}
	}
	a.Write("events/a.yaml", visit("{between: [2099-02-03, 2099-06-03]}"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"": 4, "?windows=span": 2, "?windows=none": 2, "?windows=edges&x=y": 4} {
		if got := entries(t, a.Get("/feeds/all.ics"+query).Body); len(got) != want {
			t.Errorf("all.ics%s has %d entries, want %d", query, len(got), want)
		}
	}
	if one, two := a.Get("/feed.ics?kind=visit&party=US"), a.Get("/feed.ics?x=y&party=US&kind=visit"); one.Body != two.Body {
		t.Error("one question in two ways has two answers")
	}
}

func TestFeeds_AddressIsRevoked(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil, "feeds: [{name: all}, {name: desk, private: true}]"), visit("2099-02-03")))
	ctx := context.Background()
	c := control.NewClient(control.Path(a.Data()))
	if _, err := c.NewAddress(ctx, "all", ""); err == nil || !strings.Contains(err.Error(), "is public") {
		t.Errorf("a secret address of a public feed: %v", err)
	}
	made, err := c.NewAddress(ctx, "desk", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(made.URL, "http://127.0.0.1:8080")
	got := a.Get(path)
	if got.Status != 200 || got.Header.Get("Cache-Control") != "private, max-age=300" || got.Header.Get("Referrer-Policy") != "no-referrer" || entries(t, got.Body)["visit"] == nil {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	secret := strings.Split(path, "/")[2]
	for _, leak := range []string{got.Body, a.Log()} {
		if strings.Contains(leak, secret) || strings.Contains(leak, strings.Split(secret, ".")[1]) {
			t.Error("the secret is told")
		}
	}
	list, err := c.Feeds(ctx)
	if err != nil || len(list) != 2 || len(list[1].Addresses) != 1 || list[1].Addresses[0].Used == nil || list[1].Addresses[0].Note != "Ada" {
		t.Errorf("list: %+v, %v", list, err)
	}
	a.Restart()
	if a.Get(path).Status != 200 {
		t.Error("after a new start the address leads nowhere")
	}
	backup := a.backup()
	if _, err := c.RevokeAddress(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	a.Stop()
	a.restore(backup) // in which the address is still good
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	nowhere := a.Get("/feeds/none.ics")
	for _, wrong := range []string{path, "/f/" + secret + "/all.ics", "/f/x.y/desk.ics", "/f/", "/f/" + made.ID + "./desk.ics", "/feeds/desk.ics", path + "/"} {
		got := a.Get(wrong)
		if got.Status != 404 || got.Body != nowhere.Body || got.Header.Get("Cache-Control") != nowhere.Header.Get("Cache-Control") {
			t.Errorf("%s: %d %q", wrong, got.Status, got.Body)
		}
	}
}

func TestFeeds_TooLarge(t *testing.T) {
	t.Parallel()
	var events strings.Builder
	events.WriteString("events:\n")
	for i := range 12 {
		events.WriteString("  - {id: e" + strconv.Itoa(i) + ", title: E, kind: visit, when: " + strconv.Itoa(2019+i*10) + "-02-03}\n")
	}
	a := Start(t, files(Settings(t, nil, "feeds: [{name: all, max_entries: 9, past: 9999mo}]"), events.String()))
	got := entries(t, a.Feed())
	if len(got) != 9 || got["e0"] != nil || got["e11"] != nil || !strings.Contains(a.Feed(), "Complete until 2 Feb 2119: it has no room for 2 later entries") {
		t.Errorf("%d entries:\n%s", len(got), a.Feed())
	}
	if !strings.Contains(a.Log(), "entries yet to come are left out") {
		t.Error("the log says nothing")
	}
}

func TestBackup_NoSequenceFalls(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(path string) error{
		"the database that goes can be read": func(string) error { return nil },
		"it is gone":                         os.Remove,
	} {
		a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
		backup := a.backup()
		for _, day := range []string{"2099-02-04", "2099-02-05"} {
			a.Write("events/a.yaml", visit(day))
			if err := a.Reload(); err != nil {
				t.Fatal(err)
			}
		}
		before := a.Feed()
		a.Stop()
		if err := lose(filepath.Join(a.Data(), "attache.db")); err != nil {
			t.Fatal(err)
		}
		a.restore(backup)
		a.Write("events/a.yaml", visit("2099-02-03"))
		if err := a.Run(); err != nil {
			t.Fatal(err)
		}
		was, _ := strconv.Atoi(sequence(t, before))
		if is, _ := strconv.Atoi(sequence(t, a.Feed())); is <= was {
			t.Errorf("%s: SEQUENCE was %d and is %d", name, was, is)
		}
	}
}

func TestFeeds_MoveWithTheDay(t *testing.T) {
	t.Parallel()
	var day atomic.Int64
	day.Store(1)
	a := New(t, files(Settings(t, nil, "feeds: [{name: all, past: 1d}]"), visit("2098-12-01")))
	began := time.Now()
	a.now = func() time.Time {
		return time.Date(2098, 12, int(day.Load()), 23, 59, 58, 0, time.UTC).Add(5 * time.Hour).Add(time.Since(began)) // of New York
	}
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	if shown(t, a) == "" {
		t.Fatal("the day itself is not there")
	}
	day.Store(5)
	a.WaitFor("midnight", func() bool { return shown(t, a) == "" })
}

func TestFeeds_PollsAreCounted(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	etag := a.Get("/feeds/all.ics", "User-Agent", "Google-Calendar-Importer").Header.Get("Etag")
	a.Get("/feeds/all.ics", "User-Agent", "Mozilla/5.0 Thunderbird/128", "If-None-Match", etag)
	list, err := control.NewClient(control.Path(a.Data())).Feeds(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	polls := list[0].Polls
	if len(polls) != 2 || polls[0].Client != "google" || polls[0].Full != 1 || polls[1].Client != "thunderbird" || polls[1].Unchanged != 1 {
		t.Errorf("%+v", polls)
	}
}

func TestFeeds_ManyAskAtOnce(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	want := a.Get("/feed.ics?kind=visit").Body
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections() // a connection that was opened in vain would hold up the stop
	done := make(chan string)
	for i := range 20 {
		go func() {
			res, err := client.Get(a.URL() + "/feed.ics?kind=visit&x=" + strconv.Itoa(i))
			if err != nil {
				done <- err.Error()
				return
			}
			defer res.Body.Close()
			var b strings.Builder
			_, _ = bufio.NewReader(res.Body).WriteTo(&b)
			done <- b.String()
		}()
	}
	for range 20 {
		if got := <-done; got != want {
			t.Errorf("one was given\n%s", got)
		}
	}
}
