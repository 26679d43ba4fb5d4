package story

import (
	"regexp"
	"strings"
	"testing"

	"attache/internal/event"
)

var hourOfDay = regexp.MustCompile(`\b\d{2}:\d{2}\b| time\b`)

// Every kind of date as it is told: nothing finer than what was stated, and no hour of a day.
func TestReader_EveryKindOfDate(t *testing.T) {
	for _, c := range []struct {
		kind event.Kind
		says string
		want string
	}{
		{event.Deadline, "2026-12-10 00:01", "date: Thu 10 Dec 2026, 00:01 Brussels time; last safe day: Wed 9 Dec 2026; in UTC: Wed 9 Dec 2026, 23:01"},
		{event.Deadline, "2026-12-10 12:00", "date: Thu 10 Dec 2026, 12:00 Brussels time; in UTC: Thu 10 Dec 2026, 11:00"},
		{event.Meeting, "at 2026-12-14 09:30 lasting 90 minutes", "date: Mon 14 Dec 2026, 09:30–11:00 Brussels time; in UTC: Mon 14 Dec 2026, 08:30"},
		{event.Meeting, "2027-01-14", "date: Thu 14 Jan 2027; time of day: not stated"},
		{event.Summit, "from 2027-11-08 to 2027-11-19", "date: 8–19 Nov 2027"},
		{event.Talks, "[2027-03-14,2027-03-21]", "date: 14 or 21 Mar 2027"},
		{event.Visit, "[2026-11-02..2026-12-20]", "date: could happen any day until 20 Dec 2026; as stated: some day from 2 Nov to 20 Dec 2026; window: first possible day Mon 2 Nov 2026, last possible day Sun 20 Dec 2026, 49 days in all"},
		{event.Visit, "2027-03", "date: some day from 1 to 31 Mar 2027; as stated: Mar 2027; window: first possible day Mon 1 Mar 2027, last possible day Wed 31 Mar 2027, 31 days in all"},
		{event.Talks, "by 2026-12-20", "date: on or before 20 Dec 2026"},
		{event.Talks, "not before 2027-01-02", "date: on or after 2 Jan 2027"},
		{event.Summit, "between 2027-05-01 and 2027-05-31 lasting 3 days", "date: 3 days, some time from 1 to 31 May 2027; window: first possible day Sat 1 May 2027, over by Mon 31 May 2027"},
		{event.Talks, "tbd", "date: no date yet"},
	} {
		e := entry(t, c.kind, "Europe/Brussels", c.says)
		var got []string
		for _, f := range (Reader{Now: at(t, "2026-11-30T12:00:00Z")}).Of(&e) {
			if f.About != Title && f.About != Kind && f.About != Certainty {
				got = append(got, string(f.About)+": "+f.Words)
			}
		}
		told := strings.Join(got, "; ")
		if told != c.want {
			t.Errorf("%s: %s\nwant %s", c.says, told, c.want)
		}
		if !strings.Contains(c.says, ":") && hourOfDay.MatchString(strings.NewReplacer("time of day", "", "some time", "").Replace(told)) {
			t.Errorf("%s: an hour is told that nobody stated: %s", c.says, told)
		}
	}
}

// What was said before, by whom, and which of two sides is set aside is told with days and quotes.
func TestReader_Sides(t *testing.T) {
	e := entry(t, event.Talks, "Europe/Brussels", "2027-02-03", "2027-02-10")
	e.Past.Was, e.Past.Moved, e.Past.Why = "Wed 3 Feb 2027", at(t, "2026-11-20T12:00:00Z"), "the hall was taken."
	told := Reader{}.Of(&e)
	if got, want := told.Get(Was), "Wed 3 Feb 2027, until 20 Nov 2026 (the hall was taken)"; got != want {
		t.Errorf("was: %q, want %q", got, want)
	}
	if got := told.Get(Replaced) + told.Get(Disputed); !strings.Contains(got, "3 Feb 2027") {
		t.Errorf("the other date is not told: %+v", told)
	}
}
