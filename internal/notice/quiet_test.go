package notice

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

func nights(weekends bool) *Quiet {
	return &Quiet{From: when.Clock{Hour: 20}, To: when.Clock{Hour: 7}, Weekends: weekends, Zone: "Europe/Brussels"}
}

func TestQuietHoursPutOffUntilTheyEnd(t *testing.T) {
	day := &Quiet{From: when.Clock{Hour: 12}, To: when.Clock{Hour: 14}, Zone: "UTC"}
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
		{"at noon, until the afternoon", "2026-02-18T12:30:00Z", "2026-02-18T14:00:00Z", day},
	}
	for _, c := range cases {
		at, _ := time.Parse(time.RFC3339, c.at)
		if got := c.q.Until(at).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestQuietHoursNeverCarryAReminderPastItsDate(t *testing.T) {
	zones := []string{"America/New_York", "Asia/Shanghai", "UTC"}
	rapid.Check(t, func(rt *rapid.T) {
		d := when.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 700).Draw(rt, "day"))
		e := entry(t, event.Deadline, rapid.SampledFrom(zones).Draw(rt, "zone"),
			d.String()+rapid.SampledFrom([]string{"", " 00:01", " 09:30", " 21:00"}).Draw(rt, "hour"))
		r := rules(t)
		plain := Plan(e, r, Known{})
		r.Quiet = nights(rapid.Bool().Draw(rt, "weekends"))
		put := Plan(e, r, Known{})
		end, _ := e.Window.End()
		due := make(map[string]time.Time)
		for _, n := range put {
			due[n.Key] = n.Due
			if n.Kind == Reminder && !n.Due.Before(end) {
				rt.Fatalf("%s %s is due %s, and the date is over at %s", n.Kind, n.Lead, n.Due, end)
			}
		}
		for _, n := range plain {
			if at, ok := due[n.Key]; ok && at.Before(n.Due) {
				rt.Fatalf("%s %s comes earlier", n.Kind, n.Lead)
			}
		}
	})
}

func TestWhatIsExemptGoesThrough(t *testing.T) {
	r := rules(t)
	r.Quiet = nights(true)
	r.Quiet.Except = []Exempt{{Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Within: 24 * time.Hour}}
	// 09:00 in Los Angeles is 18:00 in Brussels, and 2 hours before 21:00 there is at night.
	e := entry(t, event.Deadline, "America/Los_Angeles", "2026-02-18 14:00")
	for _, n := range Plan(e, r, Known{}) {
		quiet := r.Quiet.Until(n.Due).After(n.Due)
		if want := n.Lead == "2h" || n.Lead == "1d"; quiet != want {
			t.Errorf("%s %s at %s, quiet: %v", n.Kind, n.Lead, n.Due, quiet)
		}
	}
}
