package web

import (
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

func TestEventPage_Series(t *testing.T) {
	f := sample(t)
	x, err := when.Parse("at 2025-01-03 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2025-11-07 also 2025-11-12 08:30 in ET")
	if err != nil {
		t.Fatal(err)
	}
	f.add(event.Event{
		ID: "jobs-report", Title: "Jobs report", Kind: event.Announcement, Zone: "America/New_York", Certainty: event.Confirmed,
		Status: event.Open, When: []event.Statement{{Expr: x, Line: 3}},
	})
	page := ask(handler(f, october), "GET", "/events/jobs-report").Body.String()
	for _, want := range []string{"12 Nov", "Wed 12 Nov 2025, 08:30 New York time", "Fri 5 Dec 2025, 08:30 New York time", "every month on the first Friday"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "Fri 7 Nov 2025") {
		t.Error("the page names the day that was moved")
	}
	home := ask(handler(f, october), "GET", "/").Body.String()
	if i, j := strings.Index(home, "us-tariffs-100"), strings.Index(home, "jobs-report"); i < 0 || j < 0 {
		t.Errorf("the first page lacks an event: %d, %d", i, j)
	}
	if strings.Contains(home, "3 Jan 2025") {
		t.Error("the first page shows the first day of the series")
	}
}

func TestIndex_StandsUntilADayIsOver(t *testing.T) {
	f := sample(t)
	x, err := when.Parse("at 2025-01-03 08:30 recurring FREQ=MONTHLY;BYDAY=1FR in ET")
	if err != nil {
		t.Fatal(err)
	}
	ix := newIndex(f.Entries())
	if ix.standing(october) != ix {
		t.Error("where nothing comes again the index is another one")
	}
	f.add(event.Event{ID: "jobs", Title: "Jobs", Zone: "America/New_York", Status: event.Open, When: []event.Statement{{Expr: x}}})
	ix = newIndex(f.Entries())
	on := func(at string) *index {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		stood := ix.standing(now)
		want := f.list[len(f.list)-1].At(now).Window.Earliest
		if got := stood.byID["jobs"].Window.Earliest; got != want {
			t.Errorf("at %s it stands at %v, want %v", at, got, want)
		}
		return stood
	}
	first := on("2025-11-01T00:00:00Z")
	if on("2025-11-07T13:29:59Z") != first {
		t.Error("it is made anew while its day is to come")
	}
	on("2025-11-07T13:30:00Z")
	second := on("2025-11-07T13:30:01Z")
	if second == first || on("2025-12-01T00:00:00Z") != second {
		t.Error("it is not made anew once, when its day is over")
	}
	if on("2025-10-10T00:00:00Z") == second {
		t.Error("an earlier day stands as a later one")
	}
}

func TestEventPage_ConditionNotMet(t *testing.T) {
	f := &fake{zone: zone(t, "UTC"), history: map[string][]event.Revision{}}
	tariffs := event.Event{
		ID: "tariffs", Title: "Tariffs", Kind: event.Deadline, Zone: "UTC", Certainty: event.Likely, Status: event.Open,
		If: &event.Condition{Event: "curbs", Is: event.InForce},
	}
	curbs := event.Event{ID: "curbs", Title: "Curbs", Kind: event.Measure, Zone: "UTC", Status: event.Cancelled, Reason: "agreed"}
	f.add(tariffs)
	f.add(curbs)
	f.list = agenda.Solve([]agenda.Input{
		{Revision: f.history["tariffs"][0], UID: "tariffs@x"}, {Revision: f.history["curbs"][0], UID: "curbs@x"},
	})
	page := ask(handler(f, october), "GET", "/events/tariffs").Body.String()
	for _, want := range []string{`<dt>Status</dt><dd>averted`, "<p>Only if: “Curbs” is in force; it is cancelled.</p>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
