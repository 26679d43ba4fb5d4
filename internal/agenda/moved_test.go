package agenda

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/event"
)

// moved writes what an edit did in short.
func moved(list []Moved) string {
	var out []string
	for _, m := range list {
		line := fmt.Sprintf("%s: %s → %s, by %s", m.New.ID, m.Old.Window.Words(), m.New.Window.Words(), m.Root)
		if m.Edited {
			line += ", edited"
		}
		for _, c := range m.Gained {
			line += fmt.Sprintf(", gained %v", c.names())
		}
		for _, c := range m.Cleared {
			line += fmt.Sprintf(", cleared %v", c.names())
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestDiff_Root(t *testing.T) {
	base := []Input{
		input(t, "trip", "[2026-01-01..2026-02-16]"), input(t, "meeting", "after event:trip", "by 2026-12-31"),
		input(t, "talks", "after event:meeting"), input(t, "visit", "before event:trip"), input(t, "other", "2026-05-01"),
		input(t, "review", "after event:other", "after event:trip"),
	}
	cases := []struct {
		name string
		edit Input
		want string
	}{
		{"a deferral", input(t, "trip", "2026-04"), `
meeting: some day from 2 Jan to 31 Dec 2026 → some day from 2 Apr to 31 Dec 2026, by trip
talks: on or after 3 Jan 2026 → on or after 3 Apr 2026, by trip
trip: some day from 1 Jan to 16 Feb 2026 → some day from 1 to 30 Apr 2026, by trip, edited
visit: on or before 15 Feb 2026 → on or before 29 Apr 2026, by trip`},
		{"a date taken back", input(t, "trip", "tbd"), `
meeting: some day from 2 Jan to 31 Dec 2026 → on or before 31 Dec 2026, by trip
talks: on or after 3 Jan 2026 → no date yet, by trip
trip: some day from 1 Jan to 16 Feb 2026 → on or before 30 Dec 2026, by trip, edited
visit: on or before 15 Feb 2026 → on or before 29 Dec 2026, by trip`},
		{"a contradiction", input(t, "trip", "2027-04-01"), `
meeting: some day from 2 Jan to 31 Dec 2026 → on or after 2 Apr 2027, by trip, gained [meeting#1 meeting#2 trip#1]
review: on or after 2 May 2026 → on or after 2 Apr 2027, by trip
talks: on or after 3 Jan 2026 → on or after 3 Apr 2027, by trip
trip: some day from 1 Jan to 16 Feb 2026 → Thu 1 Apr 2027, by trip, edited
visit: on or before 15 Feb 2026 → on or before 31 Mar 2027, by trip`},
		{"nothing but a title", func() Input {
			in := input(t, "trip", "[2026-01-01..2026-02-16]")
			in.Revision.Event.Title = "The trip"
			return in
		}(), `
trip: some day from 1 Jan to 16 Feb 2026 → some day from 1 Jan to 16 Feb 2026, by trip, edited`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			net := Net{}.Apply(base, nil)
			c.edit.Revision.Number, c.edit.Revision.At = 2, time.Unix(1, 0)
			got := moved(Diff(net, net.Apply([]Input{c.edit}, nil)))
			if got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant%s", got, c.want)
			}
		})
	}
}

func TestDiff_ClearedContradiction(t *testing.T) {
	net := Net{}.Apply([]Input{input(t, "a", "2026-02-03"), input(t, "b", "after event:a", "2026-02-01")}, nil)
	got := moved(Diff(net, net.Apply([]Input{input(t, "a", "2026-01-03")}, nil)))
	want := `a: Tue 3 Feb 2026 → Sat 3 Jan 2026, by a, edited
b: on or after 4 Feb 2026 → Sun 1 Feb 2026, by a, cleared [a#1 b#1 b#2]`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDiff_Condition(t *testing.T) {
	curbs := input(t, "curbs", "2026-02-03")
	tariffs := input(t, "tariffs", "2026-03-03")
	tariffs.Revision.Event.If = &event.Condition{Event: "curbs", Is: event.InForce}
	net := Net{}.Apply([]Input{curbs, tariffs}, nil)
	curbs.Revision.Event.Status, curbs.Revision.Number = event.Cancelled, 2
	list := Diff(net, net.Apply([]Input{curbs}, nil))
	if len(list) != 2 || list[1].Root != "curbs" || list[1].New.Status != event.Cancelled || list[1].Edited {
		t.Errorf("got\n%s", moved(list))
	}
}
