package attachetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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
