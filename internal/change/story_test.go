package change

import (
	"fmt"
	"strings"
	"testing"

	"attache/internal/civil"
	"attache/internal/event"
)

var today = civil.Date{Year: 2025, Month: 10, Day: 26}

func shift(t *testing.T, id, root, old, new string) Shift {
	t.Helper()
	named := func(e *event.Event) { e.ID = id }
	s := Shift{New: state(t, new, named), Root: root, Edited: root == ""}
	if old != "" {
		s.Old = state(t, old, named)
	}
	return s
}

// told writes stories in short.
func told(list []Story) string {
	var out []string
	for _, st := range list {
		line := fmt.Sprintf("%s %s", st.Root.New.Event.ID, Words(st.Changes))
		for _, f := range st.Follows {
			line += fmt.Sprintf("; %s %s", f.New.Event.ID, [...]string{"not sent", "digest", "immediate"}[f.Urgency])
			line += ", now " + f.New.Words() + " (was " + f.Old.Words() + ")"
			if f.Squeezed {
				line += ", squeezed"
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestStories_OneEditManyEvents(t *testing.T) {
	shifts := []Shift{shift(t, "trip", "", "[2026-01-01..2026-02-16]", "2026-04")}
	for i := range 10 {
		shifts = append(shifts, shift(t, fmt.Sprintf("meeting-%d", 9-i), "trip", "not before 2026-01-02", "not before 2026-04-02"))
	}
	list := Stories(shifts, today)
	if len(list) != 1 || len(list[0].Follows) != 10 || list[0].Root.New.Event.ID != "trip" {
		t.Fatalf("%d stories:\n%s", len(list), told(list))
	}
	want := "trip slipped; meeting-0 digest, now on or after 2 Apr 2026 (was on or after 2 Jan 2026)"
	if got := told(list); !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestStories_Urgency(t *testing.T) {
	cases := []struct {
		name   string
		shifts []Shift
		want   string
	}{
		{"a date that slips", []Shift{shift(t, "a", "", "2026-02-03", "2026-02-05")}, "a slipped"},
		{"a date that is narrowed down", []Shift{shift(t, "a", "", "[2026-01-01..2026-02-16]", "2026-02-03")}, "a firmed"},
		{"nothing that people are told of", []Shift{shift(t, "a", "", "2026-02-03", "2026-02-03")}, ""},
		{"what nobody knew before", []Shift{shift(t, "a", "", "", "2026-02-03")}, "a added"},
		{"a follower within two weeks", []Shift{shift(t, "b", "a", "not before 2025-11-05", "not before 2025-11-06")},
			"a changed; b immediate, now on or after 6 Nov 2025 (was on or after 5 Nov 2025)"},
		{"a follower that moves by little", []Shift{shift(t, "b", "a", "[2026-01-01..2026-06-30]", "[2026-01-03..2026-06-30]")},
			"a changed; b not sent, now some day from 3 Jan to 30 Jun 2026 (was some day from 1 Jan to 30 Jun 2026)"},
		{"a follower that moves by much", []Shift{shift(t, "b", "a", "[2026-01-01..2026-06-30]", "[2026-03-01..2026-06-30]")},
			"a changed; b digest, now some day from 1 Mar to 30 Jun 2026 (was some day from 1 Jan to 30 Jun 2026)"},
		{"a bound that is no more", []Shift{shift(t, "b", "a", "[2026-01-01..2026-06-30]", "by 2026-06-30")},
			"a changed; b digest, now on or before 30 Jun 2026 (was some day from 1 Jan to 30 Jun 2026)"},
		{"two edits are two stories", []Shift{
			shift(t, "b", "", "2026-02-03", "2026-02-05"), shift(t, "a", "", "2026-02-05", "2026-02-03"),
			shift(t, "c", "b", "not before 2026-02-04", "not before 2026-02-06"),
		}, "a pulled in\nb slipped; c digest, now on or after 6 Feb 2026 (was on or after 4 Feb 2026)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := told(Stories(c.shifts, today)); got != c.want {
				t.Errorf("%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestStories_Squeezed(t *testing.T) {
	s := shift(t, "b", "a", "[2026-01-01..2026-02-16]", "[2026-02-12..2026-02-16]")
	for lead, want := range map[int]bool{0: false, 4: false, 5: true, 46: true, 47: false} { // 46 days were left, 4 are
		s.Lead = lead
		if got := Stories([]Shift{s}, today)[0].Follows[0].Squeezed; got != want {
			t.Errorf("needing %d days: squeezed %v", lead, got)
		}
	}
}
