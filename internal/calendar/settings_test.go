package calendar_test

import (
	"slices"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/workday"
)

func TestSettings_SlackChannels(t *testing.T) {
	for name, c := range map[string]struct {
		s    calendar.Settings
		want []string
	}{
		"nothing":            {calendar.Settings{Rules: notice.Rules{Home: calendar.Console}}, nil},
		"one channel":        {calendar.Settings{Rules: notice.Rules{Home: "#desk"}}, []string{"#desk"}},
		"routes and digests": {calendar.Settings{Rules: notice.Rules{Home: "#desk", Routes: []notice.Route{{To: "#b"}, {To: calendar.Console}, {To: "#a"}}}, Digests: []calendar.Digest{{To: "#b"}, {To: "#c"}}}, []string{"#a", "#b", "#c"}},
	} {
		if got := c.s.SlackChannels(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestApply_NewRules holds that a change of the rules plans every event anew, and one of
// nothing plans none.
func TestApply_NewRules(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "talks", event.Talks, "2026-06-13"))
	if r, err := w.calendar.Apply(w.s, march, nil); err != nil || r.Replanned() != 0 {
		t.Errorf("%d were planned anew for nothing, %v", r.Replanned(), err)
	}
	holidays, err := workday.Holidays("US")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(r *notice.Rules){
		"hour":     func(r *notice.Rules) { r.At = civil.Clock{Hour: 7} },
		"holidays": func(r *notice.Rules) { r.Days = holidays },
		"quiet": func(r *notice.Rules) {
			r.Quiet = &notice.Quiet{Weekends: true, Location: time.UTC, Holidays: []*workday.Calendar{holidays}}
		},
	} {
		change(&w.s.Rules)
		if r, err := w.calendar.Apply(w.s, march, nil); err != nil || r.Replanned() != 2 {
			t.Errorf("%s: %d were planned anew, %v", name, r.Replanned(), err)
		}
	}
}

func TestLastDigest(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	spec, err := schedule.Parse("0 8 * * MON", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	d := calendar.Digest{Name: "week ahead", Spec: spec, To: "#desk", Covers: notice.Lead{N: 2, Unit: notice.Weeks}}
	if at, err := w.calendar.LastDigest(d.Name); err != nil || !at.IsZero() {
		t.Errorf("before the first one: %s, %v", at, err)
	}
	for range 2 { // the second time it is there already
		if err := w.calendar.WriteDigest(d, march, march); err != nil {
			t.Fatal(err)
		}
	}
	if at, err := w.calendar.LastDigest(d.Name); err != nil || !at.Equal(march) {
		t.Errorf("%s, %v", at, err)
	}
	n := len(w.told)
	w.pass(time.Hour)
	if len(w.told) != n+1 {
		t.Errorf("it went out %d times", len(w.told)-n)
	}
}

func TestView_Revisions(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	w.edit("visit", set(t, "2026-03-13"))
	list, err := w.view.Revisions("visit")
	if err != nil || len(list) != 2 || list[0].Number != 1 || list[1].Event.When[0].Expr.String() != "on 2026-03-13" {
		t.Errorf("%+v, %v", list, err)
	}
	if w.view.Zone() != time.UTC || w.view.Domain() == "" || len(w.view.Feeds()) != 1 || w.view.Settings().Timezone != "UTC" {
		t.Error("the view does not tell what it was made by")
	}
}

func TestMessage_Card(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	w.edit("visit", func(e *event.Event) { set(t, "2026-03-19")(e); e.Reason = "the agenda is not ready" })
	card := notice.Item{Notice: notice.Notice{Event: "visit", Kind: notice.Card, To: 2}}
	m, err := w.view.Message(card, march)
	if err != nil || m.Headline != "Visit" || m.Changed == "" || len(m.Mentions) > 0 {
		t.Errorf("%+v, %v", m, err)
	}
	card.Notice.Event = "nobody"
	if _, err := w.view.Message(card, march); err == nil {
		t.Error("there is a card of an event that is gone")
	}
}
