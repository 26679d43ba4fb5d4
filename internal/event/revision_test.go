package event

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"attache/internal/when"
)

func TestRevision(t *testing.T) {
	noon := time.Date(2025, 10, 26, 20, 0, 0, 123_456_789, time.FixedZone("", 8*60*60))
	e := Event{ID: "tariffs", Title: "Tariffs", Status: Open, Reason: "announced"}
	by := Author{Via: "file", Name: "events/us-china.yaml:12"}
	first := First(e, by, noon)
	if first.Number != 1 || first.Author != by || first.Reason != "announced" || first.Changed != nil {
		t.Errorf("the first revision is %+v", first)
	}
	if want := "2025-10-26T12:00:00Z"; first.At.Format(time.RFC3339Nano) != want {
		t.Errorf("it is of %s, want %s", first.At.Format(time.RFC3339Nano), want)
	}

	averted := e
	averted.Status, averted.Reason = Averted, "the curbs were deferred"
	next, ok := first.Next(averted, Author{Via: "slack", Name: "U1"}, noon.Add(time.Hour))
	switch {
	case !ok || next.Number != 2 || next.Reason != "the curbs were deferred":
		t.Errorf("the second is %+v, %t", next, ok)
	case !slices.Equal(next.Changed, []string{"status", "reason"}):
		t.Errorf("it changed %v", next.Changed)
	case next.At.Format(time.RFC3339Nano) != "2025-10-26T13:00:00Z":
		t.Errorf("it is of %s", next.At)
	case Changed(next.Event, averted) != nil || Changed(first.Event, e) != nil:
		t.Error("the revisions do not hold what they were made of")
	}
}

func TestRevision_Same(t *testing.T) {
	e := Event{ID: "tariffs", When: []Statement{{Expr: when.Expr{Form: when.TBD}, Line: 3}}, Origin: Position{"a.yaml", 1}}
	r := First(e, Author{}, time.Unix(0, 0))
	moved := e
	moved.When = []Statement{{Expr: when.Expr{Form: when.TBD}, Line: 9}}
	moved.Origin = Position{"b.yaml", 7}
	moved.Topics = []string{}
	if next, ok := r.Next(moved, Author{Name: "x"}, time.Unix(9, 0)); ok || next.Number != 1 || next.Author != r.Author {
		t.Errorf("a line that moved made revision %+v", next)
	}
}

func TestRevision_PutOff(t *testing.T) {
	dated := func(status Status, days ...int) Event {
		e := Event{ID: "visit", Status: status}
		for _, d := range days {
			x, err := when.Parse(fmt.Sprintf("2026-01-%d", d))
			if err != nil {
				t.Fatal(err)
			}
			e.When = append(e.When, Statement{Expr: x})
		}
		return e
	}
	for _, c := range []struct {
		name string
		is   []Event
		want bool
	}{
		{"first read, one date", []Event{dated(Deferred, 15)}, true},
		{"first read, no date", []Event{dated(Deferred)}, true},
		{"first read, a second date", []Event{dated(Deferred, 15, 20)}, false},
		{"first read, open", []Event{dated(Open, 15)}, false},
		{"the status alone", []Event{dated(Open, 15), dated(Deferred, 15)}, true},
		{"two dates had stood before", []Event{dated(Open, 15, 20), dated(Deferred, 15, 20)}, true},
		{"moved before", []Event{dated(Open, 15), dated(Open, 20), dated(Deferred, 20)}, true},
		{"with a date in its place", []Event{dated(Open, 15), dated(Deferred, 20)}, false},
		{"with a date added", []Event{dated(Open, 15), dated(Deferred, 15, 20)}, false},
		{"a date later", []Event{dated(Open, 15), dated(Deferred, 15), dated(Deferred, 15, 20)}, false},
		{"a date taken out", []Event{dated(Open, 15, 20), dated(Deferred, 15, 20), dated(Deferred, 15)}, true},
		{"dated, and edited again", []Event{dated(Open, 15), dated(Deferred, 20), {ID: "visit", Status: Deferred, Title: "x", When: dated(Open, 20).When}}, false},
		{"on again", []Event{dated(Open, 15), dated(Deferred, 15), dated(Open, 15)}, false},
		{"called off", []Event{dated(Open, 15), dated(Deferred, 15), dated(Cancelled, 15)}, true},
		{"held, on which day is not said", []Event{dated(Open, 15), dated(Deferred, 15), dated(Held, 15)}, true},
		{"held, and the day said", []Event{dated(Open, 15), dated(Deferred, 15), dated(Held, 15, 20)}, false},
		{"held, and on again", []Event{dated(Open, 15), dated(Deferred, 15), dated(Held, 15), dated(Open, 15)}, false},
		{"dated, left its file and came back", []Event{dated(Open, 15), dated(Deferred, 20), dated(Withdrawn, 20), dated(Deferred, 20)}, false},
	} {
		r := First(c.is[0], Author{}, time.Unix(0, 0))
		for _, e := range c.is[1:] {
			r, _ = r.Next(e, Author{}, time.Unix(1, 0))
		}
		if r.PutOff != c.want {
			t.Errorf("%s: put off is %t", c.name, r.PutOff)
		}
	}
}

func TestAuthor_String(t *testing.T) {
	for a, want := range map[Author]string{
		{Via: "file", Name: "events/us-china.yaml:12"}: "events/us-china.yaml:12",
		{Via: "cli", Name: "ada"}:                      "ada (cli)",
		{Via: "slack", Name: "Ada", User: "U1"}:        "Ada (slack)",
		{Name: "somebody"}:                             "somebody",
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v: %q, want %q", a, got, want)
		}
	}
}
