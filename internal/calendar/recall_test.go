package calendar_test

import (
	"testing"
	"time"

	"attache/internal/event"
)

// How an event came to be what it is is read once, and anew when it changed.
func TestRecall_OnlyWhatChanged(t *testing.T) {
	w := newWorld(t, march, made(t, "talks", event.Talks, "2026-05-12"), made(t, "vote", event.Measure, "after event:talks"))
	past := func(id string) string {
		for _, e := range w.view.Entries() {
			if e.ID == id {
				return e.Past.Was + "; " + e.Past.Why
			}
		}
		return "gone"
	}
	w.edit("talks", func(e *event.Event) { set(t, "2026-05-19")(e); e.Reason = "the hall is taken" })
	w.pass(time.Hour)
	if got := past("talks"); got != "Tue 12 May 2026; the hall is taken" {
		t.Errorf("talks were %s", got)
	}
	if got := past("vote"); got != "on or after 13 May 2026; a date that it depends on moved" {
		t.Errorf("the vote was %s", got)
	}
	for i := range w.view.Entries() {
		w.view.Entries()[i].Past.Why = "kept"
	}
	w.read()
	if got := past("talks") + ", " + past("vote"); got != "Tue 12 May 2026; kept, on or after 13 May 2026; kept" {
		t.Errorf("of what did not change is known: %s", got)
	}
	w.edit("talks", set(t, "2026-05-26"))
	if got := past("talks") + ", " + past("vote"); got != "Tue 19 May 2026; , on or after 13 May 2026; a date that it depends on moved" {
		t.Errorf("of what changed is known: %s", got)
	}
}
