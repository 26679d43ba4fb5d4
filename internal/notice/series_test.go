package notice

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/event"
)

const jobsReport = "at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2026-03-06 also 2026-03-11 08:30 in ET"

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// planned returns what is planned of e at now, each with the day that it counts to.
func planned(t *testing.T, e agenda.Entry, now string) []string {
	t.Helper()
	var out []string
	for _, n := range Plan(e, rules(t).In(e.Window.Location()), Context{Now: at(now)}) {
		if n.Due.Before(at(now)) {
			continue
		}
		out = append(out, n.Due.Format("2006-01-02T15:04Z")+" "+strings.TrimSpace(string(n.Kind)+" "+n.Lead)+" of "+n.Target)
	}
	return out
}

func TestSeries_Reminders(t *testing.T) {
	e := entry(t, event.Announcement, "America/New_York", jobsReport)
	want := []string{
		"2026-03-04T14:00Z reminder 7d of 2026-03-11T12:30:00Z",
		"2026-03-10T13:00Z reminder 1d of 2026-03-11T12:30:00Z",
		"2026-03-27T13:00Z reminder 7d of 2026-04-03T12:30:00Z",
		"2026-04-02T13:00Z reminder 1d of 2026-04-03T12:30:00Z",
	}
	got := planned(t, e, "2026-03-01T00:00:00Z")[:4]
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("planned:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSeries_LeadsBeforeTheLastOccurrence(t *testing.T) {
	for _, c := range []struct{ stated, ladder, want string }{
		{"at 2026-01-01 10:00 recurring FREQ=DAILY", "7d 1d 2h", "1 Feb 08:00, 2 Feb 08:00, 3 Feb 08:00"},
		{"at 2026-01-01 08:00 recurring FREQ=DAILY", "1d 24h 2h", "1 Feb 06:00, 2 Feb 06:00, 3 Feb 06:00"},
		{"at 2026-01-05 10:00 recurring FREQ=WEEKLY", "7d 1d", "1 Feb 09:00, 8 Feb 09:00, 15 Feb 09:00"},
		{"at 2026-01-05 08:00 recurring FREQ=WEEKLY", "1w 6d", "3 Feb 09:00, 10 Feb 09:00, 17 Feb 09:00"},
		{"2026-01-05 recurring FREQ=WEEKLY", "7d 1d", "1 Feb 09:00, 8 Feb 09:00, 15 Feb 09:00"},
		{"2026-01-05 recurring FREQ=WEEKLY;INTERVAL=2", "7d 1d", "1 Feb 09:00, 9 Feb 09:00, 15 Feb 09:00"},
		{"at 2026-01-05 10:00 recurring FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "1d", "1 Feb 09:00, 8 Feb 09:00, 15 Feb 09:00"},
	} {
		r := rules(t)
		r.Ladders[event.Meeting] = leads(t, c.ladder)
		var got []string
		for _, n := range Plan(entry(t, event.Meeting, "UTC", c.stated), r, Context{Now: at("2026-02-01T00:00:00Z")}) {
			if !n.Due.Before(at("2026-02-01T00:00:00Z")) && len(got) < 3 {
				got = append(got, n.Due.Format("2 Jan 15:04"))
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s with %s: reminded on %v, want %s", c.stated, c.ladder, got, c.want)
		}
	}
	own := entry(t, event.Meeting, "UTC", "2026-01-01 recurring FREQ=DAILY")
	own.Remind = &[]string{"3d"}
	if got := planned(t, own, "2026-02-01T00:00:00Z"); len(got) == 0 || got[0] != "2026-02-01T09:00Z reminder 3d of 2026-02-04" {
		t.Errorf("its own ladder: %v", got)
	}
}

func TestSeries_Outcome(t *testing.T) {
	outcomes := func(stated string) (out []string) {
		for _, n := range Plan(entry(t, event.Talks, "UTC", stated), rules(t), Context{Now: at("2026-01-01T00:00:00Z")}) {
			if n.Kind == Outcome {
				out = append(out, n.Target)
			}
		}
		return out
	}
	if got := outcomes("2026-01-05 recurring FREQ=WEEKLY"); got != nil {
		t.Errorf("an endless series is asked about: %v", got)
	}
	if got := outcomes("2026-01-05 recurring FREQ=WEEKLY;COUNT=3"); len(got) != 2 || got[0] != "2026-01-19" {
		t.Errorf("asked about %v", got)
	}
}

func TestSeries_ReminderOfItsOccurrence(t *testing.T) {
	e := entry(t, event.Announcement, "America/New_York", jobsReport)
	now := at("2026-03-10T13:00:00Z")
	for _, n := range Plan(e, rules(t).In(e.Window.Location()), Context{Now: now}) {
		if n.Due.Equal(now) {
			m := Write(n, Details{Entry: spokenOf(e, n, now), Now: now})
			if m.Date != "Wed 11 Mar 2026, 08:30 New York time" || !strings.Contains(m.Headline, "omorrow") {
				t.Errorf("%q, %q", m.Headline, m.Date)
			}
			return
		}
	}
	t.Error("there is no reminder")
}

func TestSeries_Keys(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		stated := rapid.SampledFrom([]string{
			jobsReport, "at 2026-01-05 10:00 recurring FREQ=WEEKLY", "2026-01-01 recurring FREQ=DAILY", "2026-01-31 recurring FREQ=MONTHLY",
			"at 2026-01-05 10:00 recurring FREQ=WEEKLY;COUNT=9",
		}).Draw(rt, "stated")
		e := entry(t, rapid.SampledFrom([]event.Kind{event.Meeting, event.Deadline, event.Holiday}).Draw(rt, "kind"), "Europe/Brussels", stated)
		now := at("2025-12-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 500*24).Draw(rt, "hours")) * time.Hour)
		keys := make(map[string]Notice)
		told := make(map[time.Time]bool)
		days := rapid.IntRange(1, seriesAhead).Draw(rt, "days")
		for _, n := range Plan(e, rules(t), Context{Now: now}) {
			if _, twice := keys[n.Key]; twice {
				rt.Fatalf("two notices of one key: %+v", n)
			}
			keys[n.Key], told[n.Due] = n, true
		}
		if len(keys) > 5*seriesMost {
			rt.Fatalf("%d notices", len(keys))
		}
		// Whoever plans again some days later has planned all that was due until then.
		later := now.AddDate(0, 0, days)
		for _, n := range Plan(e, rules(t), Context{Now: later}) {
			if !n.Due.Before(now) && n.Due.Before(later) && !told[n.Due] && n.Kind == Reminder {
				rt.Fatalf("at %s nobody planned %+v", now, n)
			}
		}
	})
}

func BenchmarkPlanOfADailySeries(b *testing.B) {
	e := entry(b, event.Meeting, "Europe/Brussels", "at 1990-01-01 10:00 recurring FREQ=DAILY")
	r, k := rules(b), Context{Now: at("2026-01-01T00:00:00Z")}
	for b.Loop() {
		if len(Plan(e, r, k)) < 30 {
			b.Fatal("it is not planned")
		}
	}
}
