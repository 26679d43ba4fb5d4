package notice

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
	"attache/internal/workday"
)

func nights(weekends bool) *Quiet {
	return &Quiet{From: civil.Clock{Hour: 20}, To: civil.Clock{Hour: 7}, Weekends: weekends, Zone: "Europe/Brussels", Location: in("Europe/Brussels")}
}

func TestQuiet_Until(t *testing.T) {
	day := &Quiet{From: civil.Clock{Hour: 12}, To: civil.Clock{Hour: 14}, Zone: "UTC", Location: in("UTC")}
	free := &Quiet{Weekends: true, At: civil.Clock{Hour: 9}, Zone: "Europe/Brussels", Location: in("Europe/Brussels")}
	cases := []struct {
		name, at, want string
		q              *Quiet
	}{
		{"in the evening, until the morning", "2026-02-17T21:00:00Z", "2026-02-18T06:00:00Z", nights(true)},
		{"in the small hours, until that morning", "2026-02-18T02:00:00Z", "2026-02-18T06:00:00Z", nights(true)},
		{"by day, not at all", "2026-02-18T12:00:00Z", "2026-02-18T12:00:00Z", nights(true)},
		{"on Friday night, until Monday", "2026-02-20T21:00:00Z", "2026-02-23T06:00:00Z", nights(true)},
		{"on Sunday noon, until Monday", "2026-02-22T11:00:00Z", "2026-02-23T06:00:00Z", nights(true)},
		{"on Sunday noon, where weekends are as other days", "2026-02-22T11:00:00Z", "2026-02-22T11:00:00Z", nights(false)},
		{"in the night of the change to summer time", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z", nights(false)},
		{"weekends alone, until the hour of reminders", "2026-02-21T03:00:00Z", "2026-02-23T08:00:00Z", free},
		{"weekends alone, on a weekday", "2026-02-23T03:00:00Z", "2026-02-23T03:00:00Z", free},
		{"at noon, until the afternoon", "2026-02-18T12:30:00Z", "2026-02-18T14:00:00Z", day},
	}
	for _, c := range cases {
		at, _ := time.Parse(time.RFC3339, c.at)
		if got := c.q.Until(at).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestQuiet_Holidays(t *testing.T) {
	us, err := workday.Holidays("US")
	if err != nil {
		t.Fatal(err)
	}
	cn, err := workday.Holidays("CN")
	if err != nil {
		t.Fatal(err)
	}
	q := &Quiet{From: civil.Clock{Hour: 20}, To: civil.Clock{Hour: 7}, Weekends: true, Zone: "America/New_York", Location: in("America/New_York")}
	cases := []struct {
		name     string
		holidays []*workday.Calendar
		at, want string
	}{
		{"Thanksgiving without a calendar", nil, "2025-11-27T15:00:00Z", "2025-11-27T15:00:00Z"},
		{"Thanksgiving", []*workday.Calendar{us}, "2025-11-27T15:00:00Z", "2025-11-28T12:00:00Z"},
		{"a holiday before a weekend", []*workday.Calendar{us}, "2026-07-03T14:00:00Z", "2026-07-06T11:00:00Z"},
		{"a day that one of two calendars does not work", []*workday.Calendar{us, cn}, "2025-10-01T14:00:00Z", "2025-10-09T11:00:00Z"},
		{"a Saturday worked in China is a Saturday to the readers", []*workday.Calendar{cn}, "2025-10-11T14:00:00Z", "2025-10-13T11:00:00Z"},
	}
	for _, c := range cases {
		q.Holidays = c.holidays
		at, _ := time.Parse(time.RFC3339, c.at)
		if got := q.Until(at).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: quiet until %s, want %s", c.name, got, c.want)
		}
	}
}

// TestQuiet_NothingPastItsDeadline draws events, calendars and quiet hours.
func TestQuiet_NothingPastItsDeadline(t *testing.T) {
	zones := []string{"America/New_York", "Asia/Shanghai", "Pacific/Apia", "UTC"}
	us, err := workday.Holidays("US")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 700).Draw(rt, "day"))
		date := d.String() + rapid.SampledFrom([]string{"", " 00:01", " 09:30", " 21:00"}).Draw(rt, "hour")
		if rapid.Bool().Draw(rt, "open") {
			date = "between " + d.String() + " and " + d.AddDays(rapid.IntRange(1, 60).Draw(rt, "long")).String()
		}
		e := entry(t, event.Deadline, rapid.SampledFrom(zones).Draw(rt, "zone"), date)
		r := rules(t)
		plain := append(Plan(e, r, Context{}), Change(e, "", 0, when.Window{}, changedAt(d), r))
		r.Quiet = nights(rapid.Bool().Draw(rt, "weekends"))
		if rapid.Bool().Draw(rt, "holidays") {
			r.Quiet.Holidays = []*workday.Calendar{us}
		}
		due := make(map[string]time.Time)
		for _, n := range append(Plan(e, r, Context{}), Change(e, "", 0, when.Window{}, changedAt(d), r)) {
			due[n.Key] = n.Due
		}
		start, _ := e.Window.Start()
		end, _ := e.Window.End()
		for _, n := range plain {
			at, ok := due[n.Key]
			if !ok {
				continue // another rung of the same morning stands for it
			}
			if at.Before(n.Due) {
				rt.Fatalf("%s %s comes earlier", n.Kind, n.Lead)
			}
			for _, limit := range []time.Time{start, end, n.Expires} {
				if limit.After(n.Due) && !at.Before(limit) {
					rt.Fatalf("%s %s is due %s, put off to %s and so beyond %s", n.Kind, n.Lead, n.Due, at, limit)
				}
			}
		}
	})
}

// changedAt returns when something was changed: the evening before the date.
func changedAt(d civil.Date) time.Time {
	return d.AddDays(-1).Start(time.UTC).Add(21 * time.Hour)
}

func TestQuiet_Exempt(t *testing.T) {
	r := rules(t)
	r.Quiet = nights(true)
	r.Quiet.Except = []Exempt{{Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Within: 24 * time.Hour}}
	// 09:00 in Los Angeles is 18:00 in Brussels, where two hours before noon there it is night.
	e := entry(t, event.Deadline, "America/Los_Angeles", "2026-02-18 13:00")
	r.Ladders[event.Deadline], r.Location = leads(t, "7d 28h 2h"), in("America/Los_Angeles")
	for _, n := range Plan(e, r, Context{}) {
		quiet := r.Quiet.Until(n.Due).After(n.Due)
		if want := n.Lead == "2h"; quiet != want {
			t.Errorf("%s %s at %s, quiet: %v", n.Kind, n.Lead, n.Due, quiet)
		}
	}
}

func TestRules_Wait(t *testing.T) {
	r := rules(t)
	r.Quiet = nights(true)
	r.Quiet.Except = []Exempt{{Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Within: 24 * time.Hour}}
	meeting, deadline := entry(t, event.Meeting, "Europe/Brussels", "2026-02-18"), entry(t, event.Deadline, "Europe/Brussels", "2026-02-23 12:00")
	recurring := agenda.Entry{}
	cases := []struct {
		name           string
		e              agenda.Entry
		due, now, want string
	}{
		{"by day nothing waits", meeting, "2026-02-17T08:00:00Z", "2026-02-17T12:00:00Z", "2026-02-17T12:00:00Z"},
		{"what is late at night waits, its date behind it", meeting, "2026-02-17T08:00:00Z", "2026-02-19T22:00:00Z", "2026-02-20T06:00:00Z"},
		{"what would come too late does not", meeting, "2026-02-17T08:00:00Z", "2026-02-17T22:00:00Z", "2026-02-17T22:00:00Z"},
		{"until it is near enough not to wait", deadline, "2026-02-21T08:00:00Z", "2026-02-21T22:00:00Z", "2026-02-22T11:00:00Z"},
		{"near enough", deadline, "2026-02-21T08:00:00Z", "2026-02-22T22:00:00Z", "2026-02-22T22:00:00Z"},
		{"a digest keeps its own hour", recurring, "2026-02-17T22:00:00Z", "2026-02-17T22:00:03Z", "2026-02-17T22:00:03Z"},
		{"a digest that is late waits", recurring, "2026-02-17T19:00:00Z", "2026-02-17T22:00:00Z", "2026-02-18T06:00:00Z"},
	}
	for _, c := range cases {
		due, _ := time.Parse(time.RFC3339, c.due)
		now, _ := time.Parse(time.RFC3339, c.now)
		it := Item{Notice: Notice{Event: c.e.ID, Kind: Changed, Due: due}}
		if got := r.Wait(it, c.e, now).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: it waits until %s, want %s", c.name, got, c.want)
		}
	}
}
