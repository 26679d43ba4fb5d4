package story

import (
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// entry returns what follows from an event of which each of says was stated.
func entry(t *testing.T, kind event.Kind, in string, says ...string) agenda.Entry {
	t.Helper()
	e := event.Event{ID: "e", Title: "It", Kind: kind, Zone: in, Status: event.Open, Certainty: event.Likely}
	for _, s := range says {
		x, err := when.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		e.When = append(e.When, event.Statement{Expr: x})
	}
	first := at(t, "2025-10-01T12:00:00Z")
	return agenda.Compute(event.First(e, event.Author{}, first), "", first)
}
