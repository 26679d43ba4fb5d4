package attachetest

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"attache/internal/config"
	"attache/internal/notice"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// visit is a file with one event on the given date, far ahead of any test.
func visit(date string, more ...string) string {
	lines := []string{"events:", "  - id: visit", "    title: A visit to Beijing", "    kind: visit", "    zone: Asia/Shanghai", "    when: " + date}
	for _, m := range more {
		lines = append(lines, "    "+m)
	}
	return strings.Join(lines, "\n") + "\n"
}

func files(settings, events string) map[string]string {
	return map[string]string{"attache.yaml": settings, "events/a.yaml": events}
}

var sequenceLine = regexp.MustCompile(`(?m)^SEQUENCE:(\d+)\r$`)

func sequence(t *testing.T, feed string) string {
	t.Helper()
	m := sequenceLine.FindStringSubmatch(feed)
	if m == nil {
		t.Fatalf("no SEQUENCE in\n%s", feed)
	}
	return m[1]
}

// starts reports whether the event begins on the day in the feed.
func starts(a *Attache, day string) bool {
	return strings.Contains(a.Feed(), "DTSTART;VALUE=DATE:"+day)
}

// changes returns the messages in the channel that tell of a change.
func changes(s *slacktest.Server) []slacktest.Message {
	var out []slacktest.Message
	for _, m := range s.Messages("trade-desk") {
		if strings.Contains(m.Shown(), "→") {
			out = append(out, m)
		}
	}
	return out
}

func TestEdit_BecomesARevisionAFeedAndOneMessage(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	before := a.Get("/feeds/all.ics")
	if before.Status != 200 || !strings.Contains(before.Body, "DTSTART;VALUE=DATE:20990203") {
		t.Fatalf("the feed: %d\n%s", before.Status, before.Body)
	}
	if n := len(s.Messages("trade-desk")); n != 0 {
		t.Errorf("the first reading announces %d things", n)
	}

	a.Write("events/a.yaml", visit("2099-02-05", "reason: the hall was taken"))
	a.WaitFor("the new date in the feed", func() bool { return strings.Contains(a.Feed(), "DTSTART;VALUE=DATE:20990205") })
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })

	after := a.Get("/feeds/all.ics", "If-None-Match", before.Header.Get("Etag"))
	if after.Status != 200 || after.Header.Get("Etag") == before.Header.Get("Etag") {
		t.Errorf("the changed feed is answered with %d and ETag %s", after.Status, after.Header.Get("Etag"))
	}
	if again := a.Get("/feeds/all.ics", "If-None-Match", after.Header.Get("Etag")); again.Status != 304 || again.Body != "" {
		t.Errorf("the unchanged feed is answered with %d and %d bytes", again.Status, len(again.Body))
	}
	if sequence(t, before.Body) != "0" || sequence(t, after.Body) != "1" {
		t.Errorf("SEQUENCE went from %s to %s", sequence(t, before.Body), sequence(t, after.Body))
	}
	m := changes(s)[0]
	for _, want := range []string{"Slipped: A visit to Beijing", "Tue 3 Feb 2099", "Thu 5 Feb 2099", "the hall was taken"} {
		if !strings.Contains(m.Shown(), want) {
			t.Errorf("the message lacks %q:\n%s", want, m.Shown())
		}
	}
	if m.Metadata.EventType != "attache_alert" || m.Metadata.EventPayload["k"] == "" || len(m.Blocks) == 0 {
		t.Errorf("the message has metadata %v and %d bytes of blocks", m.Metadata, len(m.Blocks))
	}
	if page := a.Get("/events/visit"); page.Status != 200 || !strings.Contains(page.Body, "the hall was taken") {
		t.Errorf("the page of the event: %d", page.Status)
	}

	a.Stop()
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			list, err := tx.Revisions("visit")
			if len(list) != 2 || fmt.Sprint(list[1].Changed) != "[when reason]" || !strings.HasSuffix(list[1].Author.Name, "events/a.yaml:2") {
				t.Errorf("revisions: %+v", list)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestSlackDown_LostAnswerLeavesOneMessage(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.WaitFor("the look-up", func() bool { return strings.Contains(a.Log(), "notice had arrived") })
	if n := len(s.Calls("chat.postMessage")); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
	a.Restart()
	if n := len(changes(s)); n != 1 {
		t.Errorf("%d copies", n)
	}
}

func TestSlackDown_GetsTheMessageLater(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	s.Unplug()
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("an attempt", func() bool {
		return strings.Contains(a.Log(), "notice not sent") || strings.Contains(a.Log(), "not sent")
	})
	s.Plug()
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
}

func TestReload_BadEditKeepsTheLastGoodState(t *testing.T) {
	t.Parallel()
	good := visit("2099-02-03")
	bad := map[string]struct{ content, place string }{
		"a day that does not exist": {visit("2099-02-30"), "a.yaml:6:19: "},
		"an unknown key":            {visit("2099-02-03", "titel: x"), `a.yaml:7:5: unknown key "titel"`},
		"a tab":                     {"events:\n\t- id: visit\n", "a.yaml:2:1: "},
		"an id that stands twice":   {good + strings.TrimPrefix(good, "events:\n"), `a.yaml:7:9: two events have the id "visit"`},
		"an empty file":             {"", "a.yaml"},
	}
	a := Start(t, files(Settings(t, nil), good))
	feed := a.Feed()
	for name, b := range bad {
		t.Run(name, func(t *testing.T) {
			a.Write("events/a.yaml", b.content)
			a.WaitFor("the verdict", func() bool {
				ready := strings.ReplaceAll(a.Get("/readyz").Body, `\"`, `"`)
				return strings.Contains(ready, b.place) && strings.Contains(ready, `"ok": false`)
			})
			if a.Feed() != feed {
				t.Error("the feed changed")
			}
			if page := a.Get("/events/visit").Body; !strings.Contains(page, "3 Feb 2099") {
				t.Error("the page does not show the date that stands")
			}
			if h := a.Health(); h.Reload.OK || !strings.Contains(strings.Join(h.Reload.Errors, "\n"), b.place) {
				t.Errorf("health says of the files: %+v", h.Reload)
			}
			if !strings.Contains(strings.ReplaceAll(a.Log(), `\"`, `"`), b.place) {
				t.Errorf("the log does not say %q", b.place)
			}
			a.Write("events/a.yaml", good)
			a.WaitFor("the mended file", func() bool { return !strings.Contains(a.Get("/readyz").Body, b.place) })
		})
	}
	if a.Feed() != feed {
		t.Error("the feed changed")
	}
}

func TestReload_EmptyFileWithdrawsNothing(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a.Write("events/a.yaml", "")
	a.WaitFor("the verdict", func() bool { return strings.Contains(a.Log(), "last good state stays") })
	if !strings.Contains(a.Feed(), "STATUS:TENTATIVE") {
		t.Errorf("the event is gone:\n%s", a.Feed())
	}
}

func TestRestart_ChangesNothing(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	first := a.Get("/feeds/all.ics")
	for range 2 {
		a.Restart()
		again := a.Get("/feeds/all.ics")
		if again.Body != first.Body || again.Header.Get("Etag") != first.Header.Get("Etag") || again.Header.Get("Last-Modified") != first.Header.Get("Last-Modified") {
			t.Error("another start gives another feed")
		}
	}
	a.Write("events/a.yaml", "# a line more\n"+visit("2099-02-03"))
	a.WaitFor("the reading", func() bool { return strings.Count(a.Log(), "read the files") == 3 })
	if a.Feed() != first.Body {
		t.Error("a moved line changes the feed")
	}
	if page := a.Get("/events/visit").Body; strings.Contains(page, "a.yaml") {
		t.Error("the page tells its readers of files")
	}
}

func TestEdit_WithdrawnAndBack(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Write("events/a.yaml", "events: []\n")
	a.WaitFor("the withdrawal", func() bool { return strings.Contains(a.Feed(), "STATUS:CANCELLED") })
	if sequence(t, a.Feed()) != "1" || !strings.Contains(a.Feed(), "SUMMARY:Withdrawn: ") {
		t.Errorf("the feed:\n%s", a.Feed())
	}
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.Restart()
	a.Write("events/a.yaml", visit("2099-02-03"))
	a.WaitFor("the return", func() bool { return strings.Contains(a.Feed(), "STATUS:TENTATIVE") })
	a.WaitFor("the message", func() bool { return len(changes(s)) == 2 })
	for i, want := range []string{"Withdrawn: A visit", "Reinstated: A visit"} {
		if got := changes(s)[i].Shown(); !strings.Contains(got, want) {
			t.Errorf("message %d: %s", i, got)
		}
	}
}

func TestServe_LongAfterTheDatesOneMessageNamesThem(t *testing.T) {
	t.Parallel()
	a := Start(t, shippedFiles(t), At(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "no outcome recorded") })
	first := a.Screen()
	for _, want := range []string{"4 dates have passed", "US tariffs of 100%", "Trump and Xi meet", "Asia tour", "Trump travels to Beijing"} {
		if !strings.Contains(first, want) {
			t.Errorf("it does not name %q:\n%s", want, first)
		}
	}
	if n := strings.Count(first, "── "); n != 1 {
		t.Errorf("%d messages:\n%s", n, first)
	}
	a.Restart()
	a.Write("events/us-china.yaml", shipped(t, "config/events/us-china.yaml")+"\n")
	a.WaitFor("the reading", func() bool { return strings.Count(a.Log(), "read the files") == 2 })
	if a.Screen() != first {
		t.Errorf("more is said:\n%s", strings.TrimPrefix(a.Screen(), first))
	}
}

func TestServe_TwoSideBySide(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	b := Start(t, files(Settings(t, nil), visit("2099-03-04")))
	if !strings.Contains(a.Feed(), "20990203") || !strings.Contains(b.Feed(), "20990304") {
		t.Error("the feeds are mixed up")
	}
	a.Stop()
	if !strings.Contains(b.Feed(), "20990304") {
		t.Error("the other one stopped too")
	}
}

func TestServe_SecondOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	b := New(t, files(Settings(t, nil), visit("2099-03-04")))
	b.data = a.data
	err := b.Run()
	b.data = filepath.Join(t.TempDir(), "none")
	if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), "attache.db") {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(a.Feed(), "20990203") {
		t.Error("the first one is disturbed")
	}
	a.Stop() // so that its database can be checked
}

func TestServe_BadStartSaysEverything(t *testing.T) {
	t.Parallel()
	a := New(t, files(Settings(t, nil), visit("2099-02-30", "titel: x")))
	var found config.Errors
	if err := a.Run(); !errors.As(err, &found) || len(found) != 2 {
		t.Errorf("the error is %v", err)
	}
}

func TestSlackText_HostileTitlesAreInert(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	title := "title: \"<!channel> <@U0ALICE> <http://x|y> & *_~`\""
	quote := "sources: [{quote: \"" + strings.Repeat("word ", 1500) + "\"}]"
	a := Start(t, files(Settings(t, s), strings.Replace(visit("2099-02-03", quote), "title: A visit to Beijing", title, 1)))
	a.Write("events/a.yaml", strings.Replace(visit("2099-02-05", quote), "title: A visit to Beijing", title, 1))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	m := changes(s)[0]
	if len(m.Mentions) != 0 || len(m.Links) != 1 { // the one of the page
		t.Errorf("mentions %v, links %v", m.Mentions, m.Links)
	}
	if !strings.Contains(m.Shown(), "<!channel> <@U0ALICE> <http://x|y> & *_~`") {
		t.Errorf("the title is not what was written:\n%s", m.Shown())
	}
}

func TestRoutes_EachChannelGetsItsOwnCopy(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.SetChannel(slacktest.Channel{ID: "C0ALL", Name: "all", Member: true})
	routes := []string{"routes:", `  - to: "#trade-desk"`, "    match: {kinds: [visit]}", `  - to: "#all"`, `  - to: "#all"`, "    notices: [reminder]"}
	a := Start(t, files(Settings(t, s, routes...), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("both", func() bool { return len(changes(s)) == 1 && len(s.Messages("all")) == 1 })
	one, other := changes(s)[0].Metadata.EventPayload["k"], s.Messages("all")[0].Metadata.EventPayload["k"]
	if one == other {
		t.Error("two channels share a key")
	}
}

func TestSettle_EditsAreOneMessage(t *testing.T) {
	t.Parallel()
	a := Start(t, files(strings.Replace(Settings(t, nil), "settle: 0s", "settle: 10s", 1), visit("2099-02-03")))
	for _, day := range []string{"2099-02-04", "2099-02-05"} {
		a.Write("events/a.yaml", visit(day))
		a.WaitFor("the edit", func() bool { return starts(a, strings.ReplaceAll(day, "-", "")) })
	}
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "→") })
	if got := a.Screen(); strings.Count(got, "→") != 1 || !strings.Contains(got, "Tue 3 Feb 2099") || !strings.Contains(got, "Thu 5 Feb 2099") {
		t.Errorf("the messages:\n%s", got)
	}
}

func TestSettle_TakenBackIsNotTold(t *testing.T) {
	t.Parallel()
	a := Start(t, files(strings.Replace(Settings(t, nil), "settle: 0s", "settle: 1h", 1), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-04"))
	a.WaitFor("the edit", func() bool { return starts(a, "20990204") })
	a.Write("events/a.yaml", visit("2099-02-03"))
	a.WaitFor("the edit", func() bool { return starts(a, "20990203") })
	a.Stop()
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			return tx.Items(func(it notice.Item) error {
				if it.Notice.Kind == notice.Changed && it.State != notice.Superseded {
					t.Errorf("a change is %s", it.State)
				}
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	})
	if !strings.Contains(a.Log(), "revision=3") {
		t.Error("the history lacks an edit")
	}
}

func TestFeeds_PrivateHasNoPublicAddress(t *testing.T) {
	t.Parallel()
	feeds := []string{"feeds:", "  - {name: all, title: All}", "  - {name: secret, title: Secret, private: true}"}
	a := Start(t, files(Settings(t, nil, feeds...), visit("2099-02-03")))
	if got := a.Get("/feeds/secret.ics").Status; got != 404 {
		t.Errorf("the private feed answers %d", got)
	}
	if strings.Contains(a.Get("/").Body, "secret") {
		t.Error("the page names the private feed")
	}
}

func TestEdit_MovesWhatLeansOnIt(t *testing.T) {
	t.Parallel()
	soon := time.Now().UTC()
	day := func(n int) string { return soon.AddDate(0, 0, n).Format("2006-01-02") }
	events := func(signature string) string {
		return "events:\n  - {id: signature, title: The signature, kind: meeting, zone: UTC, remind: [1d], when: " + signature + "}\n" +
			"  - {id: entry, title: Entry into force, kind: measure, zone: UTC, when: 3 days after event:signature, remind: [1d]}\n"
	}
	a := Start(t, files(Settings(t, nil), events(day(4))))
	if !starts(a, strings.ReplaceAll(day(7), "-", "")) {
		t.Fatalf("it does not follow:\n%s", a.Feed())
	}
	a.Write("events/a.yaml", events(day(6)))
	a.WaitFor("the message", func() bool { return strings.Count(a.Screen(), "→") == 1 })
	for _, want := range []string{"Slipped: The signature", "This also moves Entry into force: now "} {
		if !strings.Contains(a.Screen(), want) {
			t.Errorf("nothing says %q:\n%s", want, a.Screen())
		}
	}
	if !starts(a, strings.ReplaceAll(day(9), "-", "")) {
		t.Error("the feed does not follow")
	}
	if !strings.Contains(a.Feed(), "UID:entry@") || !strings.Contains(a.Log(), "event=signature revision=2") || strings.Contains(a.Log(), "event=entry revision=2") {
		t.Error("what follows was made a revision of its own")
	}
	a.Restart()
	if n := strings.Count(a.Screen(), "→"); n != 1 {
		t.Errorf("after another start %d messages tell of it", n)
	}
}

func TestContradiction_IsToldOnce(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("{on: 2099-02-03, by: 2099-02-01}"))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "Contradiction: A visit to Beijing") })
	if !starts(a, "20990203") {
		t.Error("the date that stood before does not hold any more")
	}
	a.Restart()
	a.Write("events/a.yaml", "# again\n"+visit("{on: 2099-02-03, by: 2099-02-01}"))
	a.WaitFor("the reading", func() bool { return strings.Count(a.Log(), "read the files") == 3 })
	if n := strings.Count(a.Screen(), "Contradiction: A visit"); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, a.Screen())
	}
}

// TestContradiction_IsToldWithTheEditThatMakesIt edits one event, which another cannot follow:
// people get one message, of the edit, and so when it is put right.
func TestContradiction_IsToldWithTheEditThatMakesIt(t *testing.T) {
	t.Parallel()
	events := func(talks string) string {
		return "events:\n  - {id: talks, title: The talks, kind: talks, zone: UTC, when: " + talks + "}\n" +
			"  - {id: summit, title: The summit, kind: summit, zone: UTC, when: {on: 2099-03-01, before: event:talks}}\n"
	}
	a := Start(t, files(Settings(t, nil), events("2099-03-09")))
	a.Write("events/a.yaml", events("2099-02-20"))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "Contradiction: The summit") })
	a.Write("events/a.yaml", events("2099-03-20"))
	a.WaitFor("that it is put right", func() bool { return strings.Contains(a.Screen(), "No longer a contradiction: The summit") })
	if n := strings.Count(a.Screen(), "── console"); n != 2 {
		t.Errorf("%d messages:\n%s", n, a.Screen())
	}
}
