package change

import (
	"testing"

	"attache/internal/event"
	"attache/internal/when"
)

func recurring(t *testing.T, stated string) State {
	t.Helper()
	x, err := when.Parse(stated)
	if err != nil {
		t.Fatal(err)
	}
	e := event.Event{ID: "jobs-report", Title: "Jobs report", Zone: "America/New_York", When: []event.Statement{{Expr: x}}}
	return State{Event: e, Window: x.Window(e.Zone, "")}
}

func TestBetween_Series(t *testing.T) {
	const rule = "at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR"
	for _, c := range []struct{ old, new, want string }{
		{rule, rule, ""},
		{rule, rule + " except 2026-03-06 also 2026-03-11 08:30", "slipped: Fri 6 Mar 2026, 08:30 New York time → Wed 11 Mar 2026, 08:30 New York time"},
		{rule, rule + " except 2026-03-06 also 2026-03-05 08:30", "pulled in: Fri 6 Mar 2026, 08:30 New York time → Thu 5 Mar 2026, 08:30 New York time"},
		{rule, rule + " except 2026-03-06", "cancelled: Fri 6 Mar 2026, 08:30 New York time → left out"},
		{rule, rule + " also 2026-03-11 08:30", "added:  → Wed 11 Mar 2026, 08:30 New York time"},
		{rule, rule + ";UNTIL=20260601", "cancelled: Fri 5 Jun 2026, 08:30 New York time → left out"},
		{rule, "at 2026-01-02 08:30 recurring FREQ=WEEKLY", "added:  → Fri 9 Jan 2026, 08:30 New York time"},
		{rule, "at 2026-01-02 08:30", "firmed: Fri 2 Jan 2026, 08:30 New York time, then every month on the first Friday → Fri 2 Jan 2026, 08:30 New York time"},
		{"at 2026-01-02 08:30", rule, "loosened: Fri 2 Jan 2026, 08:30 New York time → Fri 2 Jan 2026, 08:30 New York time, then every month on the first Friday"},
		{"at 2026-01-02 08:30 lasting 1 hour recurring FREQ=WEEKLY", "at 2026-01-02 08:30 lasting 1 hour recurring FREQ=WEEKLY;COUNT=1", "cancelled: Fri 9 Jan 2026, 08:30–09:30 New York time → left out"},
		{rule, "at 2026-01-09 08:30 recurring FREQ=WEEKLY", "slipped: Fri 2 Jan 2026, 08:30 New York time → Fri 9 Jan 2026, 08:30 New York time"},
	} {
		got := ""
		for _, x := range Between(recurring(t, c.old), recurring(t, c.new)) {
			got += string(x.Type) + ": " + x.Old + " → " + x.New
		}
		if got != c.want {
			t.Errorf("%s\nto %s:\n%q, want %q", c.old, c.new, got, c.want)
		}
	}
}
