package recur

import (
	"errors"
	"testing"
	"time"

	"attache/internal/syntax"
)

func TestParseRule(t *testing.T) {
	for _, c := range []struct{ rule, want, words string }{
		{"FREQ=MONTHLY;BYDAY=1FR", "FREQ=MONTHLY;BYDAY=1FR", "every month on the first Friday"},
		{"RRULE:byday=1fr;freq=monthly", "FREQ=MONTHLY;BYDAY=1FR", "every month on the first Friday"},
		{"FREQ=WEEKLY", "FREQ=WEEKLY", "every week"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO,MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every 2 weeks on Monday and Thursday"},
		{"FREQ=DAILY;COUNT=1", "FREQ=DAILY;COUNT=1", "on single days"},
		{"FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3", "every day, 3 in all"},
		{"FREQ=DAILY;INTERVAL=1;UNTIL=2026-12-31", "FREQ=DAILY;UNTIL=20261231", "every day until 31 Dec 2026"},
		{"FREQ=DAILY;UNTIL=20261231T235900Z", "FREQ=DAILY;UNTIL=20261231T235900Z", "every day until 31 Dec 2026, 23:59 UTC"},
		{"FREQ=YEARLY;BYMONTH=6,3;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=-1", "every year on the last day in March and June"},
		{"FREQ=MONTHLY;BYMONTHDAY=1,15,23", "FREQ=MONTHLY;BYMONTHDAY=1,15,23", "every month on the 1st, 15th and 23rd"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"},
		{"FREQ=MONTHLY;BYDAY=-2SU,+1MO", "FREQ=MONTHLY;BYDAY=-2SU,1MO", "every month on the second to last Sunday and the first Monday"},
		{"FREQ=YEARLY;BYDAY=MO", "FREQ=YEARLY;BYDAY=MO", "every Monday"},
		{"FREQ=MONTHLY;BYDAY=MO,TH;COUNT=9", "FREQ=MONTHLY;COUNT=9;BYDAY=MO,TH", "every Monday and Thursday, 9 in all"},
		{"FREQ=YEARLY;BYDAY=MO;BYMONTH=3", "FREQ=YEARLY;BYMONTH=3;BYDAY=MO", "every Monday in March"},
		{"FREQ=YEARLY;INTERVAL=2;BYDAY=MO", "FREQ=YEARLY;INTERVAL=2;BYDAY=MO", "every Monday of every 2nd year"},
		{"FREQ=DAILY;BYDAY=MO,FR", "FREQ=DAILY;BYDAY=MO,FR", "every Monday and Friday"},
		{"FREQ=DAILY;INTERVAL=2;BYDAY=MO", "FREQ=DAILY;INTERVAL=2;BYDAY=MO", "by the rule FREQ=DAILY;INTERVAL=2;BYDAY=MO"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "every 2 weeks on Monday and Sunday of weeks from Sunday"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "every 2 weeks on Monday and Sunday"},
		{"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU", "by the rule FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU"},
		{"FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYYEARDAY=100", "by the rule FREQ=YEARLY;BYYEARDAY=100"},
		{"FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "by the rule FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR"},
	} {
		r, err := ParseRule(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		if r.String() != c.want || r.Words() != c.words {
			t.Errorf("%s: %s, %q", c.rule, r, r.Words())
		}
		if again, err := ParseRule(r.String()); err != nil || again.String() != r.String() {
			t.Errorf("%s is read as %s, %v", r, again, err)
		}
	}
}

func TestParseRule_Errors(t *testing.T) {
	for _, c := range []struct {
		rule string
		at   int
		want string
	}{
		{"", 0, `"" is no part of a rule: write one as FREQ=MONTHLY;BYDAY=1FR`},
		{"monthly", 0, `"monthly" is no part of a rule: write one as FREQ=MONTHLY;BYDAY=1FR`},
		{"FREQ=MONTHLY;", 13, `"" is no part of a rule: write one as FREQ=MONTHLY;BYDAY=1FR`},
		{"BYDAY=1FR", 0, "a rule says how often: begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"},
		{"FREQ=MONTHLY;BYDAYS=1FR", 13, `"BYDAYS" is no part of a rule: it has FREQ, UNTIL, COUNT, INTERVAL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS, WKST`},
		{"FREQ=FORTNIGHTLY", 5, `"FORTNIGHTLY" is no frequency: use DAILY, WEEKLY, MONTHLY or YEARLY`},
		{"FREQ=HOURLY", 5, "HOURLY is more often than attache keeps dates: use FREQ=DAILY, and one event for each time of day"},
		{"FREQ=SECONDLY;COUNT=3", 5, "SECONDLY is more often than attache keeps dates: use FREQ=DAILY, and one event for each time of day"},
		{"FREQ=DAILY;BYHOUR=9,15", 11, "the time of day stands in at: write one event for each time of day"},
		{"FREQ=DAILY;COUNT=3;UNTIL=20261231", 17, "COUNT and UNTIL both say when it ends: keep one of them"},
		{"FREQ=DAILY;COUNT=0", 17, `"0" in COUNT is no number from 1 to 10000`},
		{"FREQ=DAILY;COUNT=99999", 17, `"99999" in COUNT is no number from 1 to 10000`},
		{"FREQ=DAILY;INTERVAL=0", 20, `"0" in INTERVAL is no number from 1 to 1000`},
		{"FREQ=DAILY;UNTIL=20260231", 17, `"20260231" is no day or instant: write UNTIL=20261231 or UNTIL=20261231T235900Z`},
		{"FREQ=DAILY;UNTIL=20261231T120000", 17, "UNTIL is an instant in UTC, or a day: write 20261231T120000Z if it is UTC, or 20261231"},
		{"FREQ=MONTHLY;BYDAY=FR,1XX", 23, `"XX" is no day of the week: write MO, TU, WE, TH, FR, SA or SU`},
		{"FREQ=MONTHLY;BYDAY=0FR", 19, `"0" in BYDAY is no number from -53 to -1, or 1 to 53`},
		{"FREQ=WEEKLY;BYDAY=MO,1FR", 18, "1FR in BYDAY counts the days of a month or a year: use FREQ=MONTHLY, or FR alone"},
		{"FREQ=WEEKLY;BYMONTHDAY=1", 23, "BYMONTHDAY does not go with FREQ=WEEKLY: use BYDAY"},
		{"FREQ=MONTHLY;BYMONTHDAY=1,32", 26, `"32" in BYMONTHDAY is no number from -31 to -1, or 1 to 31`},
		{"FREQ=MONTHLY;BYMONTH=-1", 21, `"-1" in BYMONTH is no number from 1 to 12`},
		{"FREQ=MONTHLY;BYWEEKNO=2", 22, "BYWEEKNO goes with FREQ=YEARLY alone"},
		{"FREQ=MONTHLY;BYYEARDAY=2", 23, "BYYEARDAY goes with FREQ=YEARLY alone"},
		{"FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", 29, "BYDAY counts days of a week here: write MO, not 1MO, beside BYWEEKNO"},
		{"FREQ=MONTHLY;BYSETPOS=1", 22, "BYSETPOS chooses among the days that another part gives: add BYDAY or BYMONTHDAY"},
		{"FREQ=DAILY;BYMONTH=4,2;BYMONTHDAY=31,-31", 34, "no such month has such a day: the rule never comes to one"},
		{"FREQ=DAILY;BYDAY=MO;BYSETPOS=2", 29, "BYSETPOS chooses among the days of a week, a month or a year, not of a day"},
		{"FREQ=MONTHLY;FREQ=DAILY", 13, "FREQ stands in the rule twice"},
		{"DTSTART:20260102T083000;FREQ=MONTHLY", 0, "the first day stands in on, at or from, not in the rule"},
		{"FREQ=MONTHLY;DTSTART=20260102", 13, "the first day stands in on, at or from, not in the rule"},
		{"FREQ=MONTHLY;EXDATE=20260306", 13, "days on which it does not come stand in except, not in the rule"},
		{"FREQ=MONTHLY;RSCALE=CHINESE", 13, "rules of other calendars are not understood: list the days in also"},
	} {
		_, err := ParseRule(c.rule)
		var se *syntax.Error
		if !errors.As(err, &se) {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		if se.Msg != c.want || se.Offset != c.at {
			t.Errorf("%s: %d %q,\nwant %d %q", c.rule, se.Offset, se.Msg, c.at, c.want)
		}
	}
}

func TestRule_Skips(t *testing.T) {
	for _, c := range []struct{ rule, first, want string }{
		{"FREQ=MONTHLY", "2026-01-31", "months that have no 31st"},
		{"FREQ=MONTHLY", "2026-01-28", ""},
		{"FREQ=MONTHLY;BYMONTHDAY=1,30", "2026-01-01", "months that have no 30th"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", ""},
		{"FREQ=MONTHLY;BYMONTH=1,3;BYMONTHDAY=31", "2026-01-31", ""},
		{"FREQ=YEARLY", "2028-02-29", "years that have no 29 February"},
		{"FREQ=YEARLY", "2026-03-31", ""},
		{"FREQ=MONTHLY;BYDAY=5FR", "2026-01-30", "months that have no fifth Friday"},
		{"FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", ""},
		{"FREQ=WEEKLY", "2026-01-31", ""},
	} {
		r, err := ParseRule(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		first, err := time.Parse(time.DateOnly, c.first)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Skips(first); got != c.want {
			t.Errorf("%s from %s skips %q, want %q", c.rule, c.first, got, c.want)
		}
	}
}
