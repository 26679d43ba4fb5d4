package when

import (
	"testing"

	"attache/internal/civil"
)

func TestWindow_Words(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"tbd", "no date yet"},
		{"2025-11-01", "Sat 1 Nov 2025"},
		{"2026-02", "some day from 1 to 28 Feb 2026"},
		{"2026-23", "some day from 1 Sep to 21 Dec 2026"},
		{"2026", "some day from 1 Jan to 31 Dec 2026"},
		{"2026-24", "some day from 1 Dec 2026 to 20 Mar 2027"},
		{"[2026-01-01..2026-02-16]", "some day from 1 Jan to 16 Feb 2026"},
		{"by 2026-02-16", "on or before 16 Feb 2026"},
		{"before 2026-02-17", "on or before 16 Feb 2026"},
		{"after 2026-02-16", "on or after 17 Feb 2026"},
		{"not before 2026-02-16", "on or after 16 Feb 2026"},
		{"from 2025-10-26 to 2025-10-30", "26–30 Oct 2025"},
		{"from 2025-10-30 to 2025-11-02", "30 Oct – 2 Nov 2025"},
		{"from 2025-12-30 to 2026-01-02", "30 Dec 2025 – 2 Jan 2026"},
		{"2025-11-10 00:01 ET", "Mon 10 Nov 2025, 00:01 New York time"},
		{"2025-11-10 09:00", "Mon 10 Nov 2025, 09:00 Kuala Lumpur time"},
		{"2025-11-10 09:00 UTC", "Mon 10 Nov 2025, 09:00 UTC"},
		{"2025-11-10 09:00 +08:00", "Mon 10 Nov 2025, 09:00 +08:00"},
		{"2025-11-10 09:00 AoE", "Mon 10 Nov 2025, 09:00 AoE"},
		{"2025-11-10 09:00 America/Argentina/Buenos_Aires", "Mon 10 Nov 2025, 09:00 Buenos Aires time"},
		{"at 2025-11-10 09:00 lasting 90 minutes", "Mon 10 Nov 2025, 09:00–10:30 Kuala Lumpur time"},
		{"at 2025-11-10 23:00 lasting 2 hours", "Mon 10 Nov 2025, 23:00 to Tue 11 Nov 2025, 01:00 Kuala Lumpur time"},
		{"between 2026-03-16 and 2026-03-31 lasting 2 days", "2 days, some time from 16 to 31 Mar 2026"},
		{"by 2026-02-17 lasting 2 days", "2 days, over on or before 17 Feb 2026"},
		{"after 2026-02-17 lasting 1 week", "7 days, on or after 18 Feb 2026"},
		{"2026-03-08 02:30 ET", "Sun 8 Mar 2026, 03:30 New York time"},
	} {
		if got := windowOf(t, c.in, "Asia/Kuala_Lumpur").Words(); got != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWindow_WordsCombined(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"from 2025-10-26 lasting 5 days", "2025-10-26 09:00", "Sun 26 Oct 2025, 09:00 Kuala Lumpur time, to Thu 30 Oct 2025"},
		{"not before 2026", "before 2026-02-17", "some day from 1 Jan to 16 Feb 2026"},
		{"2026-02-16", "2026-02-16 09:00", "Mon 16 Feb 2026, 09:00 Kuala Lumpur time"},
	} {
		w, ok := windowOf(t, c.a, "Asia/Kuala_Lumpur").Intersect(windowOf(t, c.b, "Asia/Kuala_Lumpur"))
		if got := w.Words(); !ok || got != c.want {
			t.Errorf("%s and %s: %q, %t; want %q", c.a, c.b, got, ok, c.want)
		}
	}
	if got := Unknown("UTC").Words(); got != "no date yet" {
		t.Errorf("nothing known is %q", got)
	}
}

func TestExpr_Words(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"tbd", "no date yet"},
		{"2025-11-01", "Sat 1 Nov 2025"},
		{"2026-02", "Feb 2026"},
		{"2026-23", "autumn 2026"},
		{"2026", "2026"},
		{"by 2026-02-16", "by 16 Feb 2026"},
		{"3 weekdays business days after 2026-12-24", "3 weekdays after 24 Dec 2026"},
		{"by 1 weekdays business days before event:a", "by 1 weekday before a"},
		{"before 2026-02", "before Feb 2026"},
		{"after 2026-21", "after spring 2026"},
		{"not before 2026", "not before 2026"},
		{"[2026-01-01..2026-02-16]", "some day from 1 Jan to 16 Feb 2026"},
		{"between 2026-01 and 2026-23", "between Jan 2026 and autumn 2026"},
		{"between 2026-01-01 and 2026-23", "between 1 Jan 2026 and autumn 2026"},
		{"from 2025-10-26 lasting 5 days", "26–30 Oct 2025"},
		{"2025-11-10 00:01 ET", "Mon 10 Nov 2025, 00:01 New York time"},
		{"2025-11-10 00:01 UTC", "Mon 10 Nov 2025, 00:01 UTC"},
		// The zone is the event's, which an expression does not know.
		{"2025-11-10 00:01", "Mon 10 Nov 2025, 00:01"},
		{"from 2025-11-10 09:00 to 2025-11-10 17:00", "Mon 10 Nov 2025, 09:00–17:00"},
	} {
		e, err := Parse(c.in)
		if got := e.Words(); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		a, b          civil.Date
		between, want string
	}{
		{civil.Date{Year: 2025, Month: 10, Day: 26}, civil.Date{Year: 2025, Month: 10, Day: 26}, "–", "26 Oct 2025"},
		{civil.Date{Year: 2025, Month: 10, Day: 26}, civil.Date{Year: 2025, Month: 10, Day: 30}, "–", "26–30 Oct 2025"},
		{civil.Date{Year: 2025, Month: 10, Day: 26}, civil.Date{Year: 2025, Month: 10, Day: 30}, " to ", "26 to 30 Oct 2025"},
		{civil.Date{Year: 2025, Month: 10, Day: 26}, civil.Date{Year: 2025, Month: 11, Day: 2}, "–", "26 Oct – 2 Nov 2025"},
		{civil.Date{Year: 2025, Month: 10, Day: 26}, civil.Date{Year: 2026, Month: 10, Day: 26}, " to ", "26 Oct 2025 to 26 Oct 2026"},
	} {
		if got := civil.Range(c.a, c.b, c.between); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func TestLength_Words(t *testing.T) {
	for l, want := range map[Length]string{
		{Days: 1}: "1 day", {Days: 14}: "14 days", {Minutes: 1}: "1 minute",
		{Minutes: 60}: "1 hour", {Minutes: 90}: "90 minutes", {Minutes: 180}: "3 hours",
	} {
		if got := l.String(); got != want {
			t.Errorf("%+v: %q, want %q", l, got, want)
		}
	}
}
