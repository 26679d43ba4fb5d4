package attachetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"attache/internal/control"
)

// theirs returns the calendar of somebody else, with events as UID, title and day.
func theirs(events ...[3]string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\nX-WR-CALNAME:Committee calendar\r\n")
	for _, e := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:%s\r\nDTSTART;VALUE=DATE:%s\r\nEND:VEVENT\r\n", e[0], e[1], e[2])
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func TestFollow_EventsAndChanges(t *testing.T) {
	t.Parallel()
	hearing, vote := [3]string{"hearing", "Hearing", "20990203"}, [3]string{"vote", "Vote", "20990210"}
	past := [3]string{"past", "Long ago", "20200203"}
	a := Start(t, map[string]string{
		"attache.yaml":  Settings(t, nil, "follow: [{name: committee, file: theirs.ics, timezone: Europe/Brussels, kind: meeting}]"),
		"events/a.yaml": visit("2099-02-03"), "theirs.ics": theirs(hearing, vote, past),
	})
	a.WaitFor("their events", func() bool { return strings.Contains(a.Feed(), "SUMMARY:[tbc] Hearing") })
	if page := a.Get("/events/committee-hearing").Body; !strings.Contains(page, "Committee calendar") {
		t.Errorf("the page of the event does not name the calendar:\n%s", page)
	}
	if strings.Contains(a.Screen(), "Hearing") {
		t.Error("a calendar that is new is announced event by event")
	}
	vote[2] = "20990217"
	a.Write("theirs.ics", theirs(hearing, vote))
	a.WaitFor("the change", func() bool { return strings.Contains(a.Screen(), "Vote") })
	if n := strings.Count(a.Screen(), "Hearing"); n > 0 {
		t.Errorf("what did not change is told %d times", n)
	}
	a.Write("theirs.ics", theirs(vote))
	a.WaitFor("the withdrawal", func() bool {
		return strings.Contains(a.Get("/events/committee-hearing").Body, "no longer in the calendar committee")
	})
	if strings.Contains(a.Log(), "committee-past") {
		t.Error("what was over before it was seen is taken in")
	}
	for _, broken := range []string{"<html>", theirs()} {
		a.Write("theirs.ics", broken)
		before := strings.Count(a.Log(), "could not be followed")
		a.WaitFor("the warning", func() bool { return strings.Count(a.Log(), "could not be followed") > before })
		if !strings.Contains(a.Feed(), "Vote") {
			t.Errorf("%q takes the events away", broken)
		}
	}
	if h := a.Health(); !h.Ready || !slices.ContainsFunc(h.Checks, func(c control.Check) bool {
		return c.Name == "follow committee" && !c.OK && strings.Contains(c.Words, "what it said last stays")
	}) {
		t.Errorf("health says %+v", h)
	}
	a.Restart()
	a.WaitFor("their events after a restart", func() bool { return strings.Contains(a.Feed(), "Vote") })
}

func TestFollow_DroppedOncePassedStays(t *testing.T) {
	t.Parallel()
	was, next := [3]string{"was", "Past hearing", "20260203"}, [3]string{"next", "Next hearing", "20990203"}
	a := Start(t, map[string]string{
		"attache.yaml":  Settings(t, nil, "follow: [{name: committee, file: theirs.ics, kind: meeting}]"),
		"events/a.yaml": visit("2099-02-03"), "theirs.ics": theirs(was, next),
	}, At(time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)))
	a.WaitFor("their events", func() bool { return strings.Contains(a.Feed(), "Past hearing") })
	a.Stop()
	At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))(a)
	a.Write("theirs.ics", theirs(next))
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the reading", func() bool { return strings.Contains(a.Log(), "events=1 revised=0") })
	if page := a.Get("/events/committee-was").Body; strings.Contains(page, "no longer in the calendar") {
		t.Error("it is withdrawn")
	}
	if strings.Contains(a.Screen(), "What became of it") {
		t.Error("it is asked what became of an event that others declare")
	}
}

func TestFollow_AsksOnlyForWhatChanged(t *testing.T) {
	t.Parallel()
	var asked, unchanged atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			unchanged.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(theirs([3]string{"hearing", "Hearing", "20990203"})))
	}))
	defer s.Close()
	follow := func(local string) map[string]string {
		return map[string]string{
			"attache.yaml":  Settings(t, nil, "follow: [{name: committee, url: \""+s.URL+"/private-0123/basic.ics\", "+local+" kind: meeting}]"),
			"events/a.yaml": visit("2099-02-03"),
		}
	}
	a := Start(t, follow("local: true,"))
	a.WaitFor("their events", func() bool { return strings.Contains(a.Feed(), "Hearing") })
	b := New(t, follow(""))
	if err := b.Run(); err == nil || !strings.Contains(err.Error(), "write https, or local: true") || strings.Contains(err.Error(), "private-0123") {
		t.Errorf("http without local: %v", err)
	}
	if strings.Contains(a.Log()+b.Log(), "private-0123") {
		t.Error("the address, which may be secret, is in the log")
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// foreign is a server of a calendar whose text and ETag a test changes. It sends the text as
// servers do that close the connection where it ends, whole or not.
type foreign struct {
	*httptest.Server
	mu         sync.Mutex
	text, etag string
	unchanged  int
}

func newForeign(t *testing.T, text string) *foreign {
	f := &foreign{text: text, etag: `"1"`}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Header.Get("If-None-Match") == f.etag {
			f.unchanged++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = buf.WriteString("HTTP/1.0 200 OK\r\nETag: " + f.etag + "\r\n\r\n" + f.text)
		_ = buf.Flush()
	}))
	t.Cleanup(f.Close)
	return f
}

// says makes the server send another text from now on.
func (f *foreign) says(etag, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.etag, f.text = etag, text
}

func TestFollow_CutText(t *testing.T) {
	t.Parallel()
	list := [][3]string{{"1", "First", "20990203"}, {"2", "Second", "20990204"}, {"3", "Third", "20990205"}}
	whole := theirs(list...)
	s := newForeign(t, whole)
	a := Start(t, map[string]string{
		"attache.yaml":  Settings(t, nil, "follow: [{name: committee, url: \""+s.URL+"/a.ics\", local: true, kind: meeting, cron: \"* * * * *\"}]"),
		"events/a.yaml": visit("2099-02-03"),
	}, At(time.Date(2026, 2, 1, 12, 0, 30, 0, time.UTC)))
	a.WaitFor("their events", func() bool { return strings.Contains(a.Feed(), "Third") })
	at := time.Date(2026, 2, 1, 13, 0, 30, 0, time.UTC)
	fetch := func(what string, ok func() bool) { // a start later than its cron fetches at once
		t.Helper()
		a.Stop()
		At(at)(a)
		at = at.Add(time.Hour)
		if err := a.Run(); err != nil {
			t.Fatal(err)
		}
		a.WaitFor(what, ok)
	}
	s.says(`"2"`, whole[:strings.Index(whole, "SUMMARY:Third")])
	refused := func() bool { return strings.Contains(a.Log(), "BEGIN:VEVENT has no end: the text was cut") }
	fetch("the refusal", refused)
	if feed := a.Feed(); strings.Contains(feed, "CANCELLED") || !strings.Contains(feed, "Third") {
		t.Error("what was cut off is withdrawn")
	}
	s.says(`"2"`, strings.Replace(whole, "20990204", "20990214", 1)) // the same ETag, and all of it
	fetch("the change", func() bool { return strings.Contains(a.Get("/events/committee-2").Body, "14 Feb 2099") })
	fetch("an answer that nothing changed", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.unchanged > 0
	})
}

func TestFollow_SaidOnce(t *testing.T) {
	t.Parallel()
	hearing, vote := [3]string{"hearing", "Hearing", "20990203"}, [3]string{"vote", "Vote", "20990210"}
	a := Start(t, map[string]string{
		"attache.yaml":  Settings(t, nil, "follow: [{name: committee, file: theirs.ics, kind: meeting}]"),
		"events/a.yaml": visit("2099-02-03"), "theirs.ics": theirs(hearing, vote),
	})
	a.WaitFor("their events", func() bool { return strings.Contains(a.Feed(), "Hearing") })
	const word = `the event \"Hearing\" stays as it was: \"20991399\" is no date and no time`
	hearing[2] = "20991399"
	for i := range 3 {
		vote[2] = fmt.Sprintf("209902%d", 11+i)
		a.Write("theirs.ics", strings.Replace(theirs(hearing, vote), "SUMMARY:", "TRANSP:OPAQUE\r\nX-A:1\r\nX-B:1\r\nX-C:1\r\n"+strings.Repeat("X-D:1\r\n", i+1)+"SUMMARY:", 1))
		a.WaitFor("the other change", func() bool { return strings.Contains(a.Feed(), "DTSTART;VALUE=DATE:"+vote[2]) })
	}
	a.WaitFor("the words of the log", func() bool { return strings.Contains(a.Log(), word) })
	if n := strings.Count(a.Log(), word); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, a.Log())
	}
	const passed = `notes=5 first="line 8: TRANSP is passed over; line 9: X-A is passed over; line 10: X-B is passed over; and 2 more, which attache import names"`
	if n := strings.Count(a.Log(), passed); n != 1 || strings.Count(a.Log(), "notes=") != 1 {
		t.Errorf("what is passed over is said %d times:\n%s", n, a.Log())
	}
	if a.Screen(); strings.Contains(a.Screen(), "Hearing") || strings.Contains(a.Feed(), "CANCELLED") {
		t.Errorf("people are told of what can't be read:\n%s", a.Screen())
	}
	shown, noted := `the event "Hearing" stays as it was`, "; line 8: TRANSP is passed over; "
	if h := a.Health(); !slices.ContainsFunc(h.Checks, func(c control.Check) bool {
		return c.OK && strings.Contains(c.Words, shown) && strings.Contains(c.Words, noted)
	}) {
		t.Errorf("health says %+v", h)
	}
	if page := a.Get("/status").Body; !strings.Contains(page, "stays as it was") {
		t.Errorf("/status does not say it:\n%s", page)
	}
	for i := range 3 {
		vote[0], hearing = fmt.Sprintf("vote-%d", i), [3]string{fmt.Sprintf("hearing-%d", i), "Hearing", "20990203"}
		talks := [3]string{"talks", "Talks", fmt.Sprintf("209903%d", 11+i)} // these show that the text was read
		a.Write("theirs.ics", theirs(hearing, vote, talks))
		a.WaitFor("the reading", func() bool { return strings.Contains(a.Feed(), "DTSTART;VALUE=DATE:"+talks[2]) })
	}
	a.WaitFor("the words of the log", func() bool { return strings.Contains(a.Log(), "its UIDs are not stable") })
	if n := strings.Count(a.Log(), "its UIDs are not stable"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, a.Log())
	}
	if feed := a.Feed(); strings.Count(feed, "BEGIN:VEVENT") != 4 || strings.Contains(feed, "CANCELLED") || strings.Contains(a.Screen(), "Hearing") {
		t.Errorf("what has another UID is another event:\n%s", feed)
	}
}
