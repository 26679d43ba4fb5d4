package change

import (
	"testing"

	"attache/internal/event"
	"attache/internal/when"
)

func state(t *testing.T, date string, edit ...func(*event.Event)) State {
	t.Helper()
	x, err := when.Parse(date)
	if err != nil {
		t.Fatal(err)
	}
	e := event.Event{Title: "A visit", Certainty: event.Possible, Status: event.Open}
	for _, f := range edit {
		f(&e)
	}
	return State{Event: e, Window: x.Window("Asia/Shanghai", "")}
}

func TestBetween_Date(t *testing.T) {
	window := "[2026-01-01..2026-02-16]"
	cases := []struct {
		name, old, new string
		want           Type
	}{
		{"later", "2026-02-03", "2026-02-05", Slipped},
		{"earlier is never a postponement", "2026-02-03", "2026-02-01", PulledIn},
		{"from a window to a day in it", window, "2026-02-03", Firmed},
		{"from nothing to a window", "tbd", window, Firmed},
		{"from a day to the hour", "2026-02-03", "2026-02-03 14:00", Firmed},
		{"from a day to a window round it", "2026-02-03", window, Loosened},
		{"to nothing known", "2026-02-03", "tbd", Loosened},
		{"a limit given anew", "by 2026-12-31", "by 2027-03-31", Slipped},
		{"a limit given shorter", "by 2026-12-31", "by 2026-12-01", PulledIn},
		{"not before a later day", "not before 2026-03-01", "not before 2026-03-03", Slipped},
		{"not before an earlier day", "not before 2026-03-01", "not before 2026-02-03", PulledIn},
		{"a limit on the other side, too", "by 2026-12-31", "[2026-06-01..2026-12-31]", Firmed},
		{"the limit on the other side", "by 2026-12-31", "not before 2026-12-31", Slipped},
		{"the whole window later", window, "[2026-04-01..2026-04-30]", Slipped},
		{"the end of the window later", window, "[2026-01-10..2026-03-01]", Slipped},
		{"the whole window earlier", window, "[2025-12-01..2025-12-31]", PulledIn},
		{"out of the window, beyond it", window, "2026-04-02", Slipped},
		{"an hour later on the same day", "2026-02-03 14:00", "2026-02-03 15:00", Slipped},
		{"an hour earlier on the same day", "2026-02-03 14:00", "2026-02-03 13:00", PulledIn},
		{"lasts longer", "from 2026-02-03 to 2026-02-04", "from 2026-02-03 to 2026-02-06", Slipped},
		{"ends sooner", "from 2026-02-03 to 2026-02-06", "from 2026-02-03 to 2026-02-04", PulledIn},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Between(state(t, c.old), state(t, c.new))
			if len(got) != 1 || got[0].Type != c.want {
				t.Errorf("%s to %s: %v, want %s", c.old, c.new, got, c.want)
			}
		})
	}
}

func TestBetween_OtherFields(t *testing.T) {
	cases := []struct {
		name string
		edit func(*event.Event)
		want string
	}{
		{"averted", func(e *event.Event) { e.Status = event.Averted }, "averted"},
		{"confirmed", func(e *event.Event) { e.Certainty = event.Confirmed }, "confirmed"},
		{"surer", func(e *event.Event) { e.Certainty = event.Likely }, "firmed"},
		{"less sure", func(e *event.Event) { e.Certainty = event.Rumoured }, "doubted"},
		{"moved elsewhere", func(e *event.Event) { e.Place = "Seoul" }, "relocated"},
		{"a title alone is a change", func(e *event.Event) { e.Title = "The visit" }, "retitled"},
		{"the status comes first", func(e *event.Event) { e.Status, e.Place = event.Deferred, "Seoul" }, "deferred, relocated"},
		{"a note is no news", func(e *event.Event) { e.Note = "x" }, "changed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Words(Between(state(t, "tbd"), state(t, "tbd", c.edit)))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestBetween_Reinstated(t *testing.T) {
	got := Between(state(t, "tbd", func(e *event.Event) { e.Status = event.Cancelled }), state(t, "tbd"))
	if len(got) != 1 || got[0].Type != Reinstated {
		t.Errorf("got %v", got)
	}
}

func TestBetween_Same(t *testing.T) {
	for _, d := range []string{"tbd", "2026-02-03", "2026-02-03 14:00", "[2026-01-01..2026-02-16]"} {
		if got := Between(state(t, d), state(t, d)); len(got) > 0 {
			t.Errorf("%s: %v", d, got)
		}
	}
}

func TestNowWas(t *testing.T) {
	for _, c := range []struct{ now, was, want string }{
		{"Tue 4 Nov 2025", "Sat 1 Nov 2025", "now Tue 4 Nov 2025 (was Sat 1 Nov 2025)"},
		{"Tue 4 Nov 2025", "no date yet", "now Tue 4 Nov 2025 (had no date before)"},
		{"no date yet", "Sat 1 Nov 2025", "no date any more (was Sat 1 Nov 2025)"},
	} {
		if got := NowWas(c.now, c.was); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
