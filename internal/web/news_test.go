package web

import (
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// changedLately returns the sample with a meeting that was entered at its first reading and
// moved an hour later.
func changedLately(t *testing.T) *fake {
	f := sample(t)
	e := f.list[3].Event
	e.ID, e.Title, e.Topics = "moved", "A meeting that moved", []string{"visits"}
	later := e
	later.When = said(expr(t, when.On, "2025-11-05"), "", 41)
	f.add(e, later)
	return f
}

func TestHome_News(t *testing.T) {
	f := changedLately(t)
	tests := []struct {
		path  string
		now   time.Time
		words string
		moved bool // whether the event is marked
	}{
		{"/", october, "1 change in the last 7 days", true},
		{"/?topic=visits", october, "1 change in the last 7 days", true},
		{"/?topic=tariffs", october, "Nothing changed in the last 7 days", false},
		{"/?at=2025-10-26T16:30:00Z", october, "Nothing changed in the last 7 days", false},
		{"/?on=2025-11-01", october, "1 change in the last 7 days", true},
		{"/", october.AddDate(0, 0, 9), "Nothing changed in the last 7 days", false},
	}
	for _, tt := range tests {
		body := ask(handler(f, tt.now), "GET", tt.path).Body.String()
		if !strings.Contains(body, "<summary>"+tt.words+"</summary>") {
			t.Errorf("%s does not say %q", tt.path, tt.words)
		}
		if got := strings.Contains(body, "Lately: </span>Moved"); got != tt.moved {
			t.Errorf("%s marks what moved: %t", tt.path, got)
		}
	}
}

// What the first reading of a calendar enters is no news; what is entered later is.
func TestHome_NewsOfNewEvents(t *testing.T) {
	f := sample(t)
	f.changed[0].At = entered.Add(time.Minute)
	body := ask(handler(f, october), "GET", "/").Body.String()
	if n := strings.Count(body, "Lately: </span>New"); n != 1 {
		t.Errorf("%d events are marked as new", n)
	}
}

// A note of any length takes a line of the list, and what opens holds a part of it.
func TestHome_LongNote(t *testing.T) {
	f := sample(t)
	e := f.list[3].Event
	e.ID, e.Note = "long", strings.Repeat("It was said at length. ", 300)
	f.add(e)
	body := ask(handler(f, october), "GET", "/").Body.String()
	if n := strings.Count(body, "It was said at length."); n < 10 || n > mostTold/20 {
		t.Errorf("the note is told %d times over", n)
	}
	if all := ask(handler(f, october), "GET", "/events/long").Body.String(); strings.Count(all, "It was said at length.") != 300 {
		t.Error("the page of the event does not have it all")
	}
}

// Readers are not told to edit a file: those dates that await an outcome are folded.
func TestHome_AwaitingIsFolded(t *testing.T) {
	body := ask(handler(sample(t), november), "GET", "/").Body.String()
	if strings.Contains(body, "Set its status") || !strings.Contains(body, `<details class="await"><summary>No outcome is recorded of`) {
		t.Error("what awaits an outcome stands open")
	}
	if coming, await := strings.Index(body, `id="coming-h"`), strings.Index(body, `class="await"`); coming < 0 || await < coming {
		t.Error("what awaits an outcome stands before what comes")
	}
}

// From a day on the list holds every date, in order, and leads to what is before and after.
func TestHome_FromADay(t *testing.T) {
	f := sample(t)
	h := handler(f, november) // all of it has passed
	body := ask(h, "GET", "/?on=2025-10-27").Body.String()
	for _, want := range []string{"From Mon 27 Oct 2025 on", `id="e-trump-xi-meeting"`, `id="e-beijing-visit"`, `href="/?list=dated&amp;offset=0" rel="prev"`, `href="/">Today</a>`} {
		if !strings.Contains(body, want) {
			t.Errorf("it has no %s", want)
		}
	}
	if strings.Contains(body, `id="e-kl-framework"`) {
		t.Error("what was before the day stands first")
	}
}

// In a zone of the reader's the time that was stated stands beside it.
func TestHome_OriginalTime(t *testing.T) {
	f := sample(t)
	f.add(event.Event{ID: "timed", Title: "Timed", Kind: event.Deadline, Zone: "America/New_York", Certainty: event.Likely, Status: event.Open, When: []event.Statement{
		{Expr: when.Expr{Form: when.At, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1}), Timed: true, Clock: civil.Clock{Minute: 1}}}},
	}})
	for query, want := range map[string]bool{"?tz=Europe/Brussels": true, "?tz=America/New_York": false, "": false} {
		body := ask(handler(f, october), "GET", "/"+query).Body.String()
		if got := strings.Contains(body, "<li>Sat 1 Nov 2025, 00:01 New York time</li>"); got != want {
			t.Errorf("%q: the original time stands beside it: %t", query, got)
		}
	}
}

// Events can be chosen one by one, as those that a reader pinned; one that there is not
// chooses nothing and is not repeated.
func TestHome_ChosenEvents(t *testing.T) {
	h := handler(sample(t), october)
	for path, want := range map[string]int{
		"/?event=beijing-visit": 1, "/?event=beijing-visit&event=asia-tour": 2, "/?event=beijing-visit,asia-tour,zqmarker": 2, "/?event=zqmarker": 0, "/?event=": 7,
	} {
		body := ask(h, "GET", path).Body.String()
		if n := strings.Count(body, "<article "); n != want || strings.Contains(body, "zqmarker") {
			t.Errorf("%s shows %d events", path, n)
		}
	}
	if body := ask(h, "GET", "/?event=beijing-visit").Body.String(); !strings.Contains(body, `name="event" value="beijing-visit"`) || !strings.Contains(body, `/feed.ics?event=beijing-visit"`) {
		t.Error("what is chosen is lost on the way")
	}
}
