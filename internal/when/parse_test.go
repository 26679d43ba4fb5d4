package when

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/workday"
)

func day(y, m, d int) Point { return Point{Period: civil.Period{Year: y, Month: m, Day: d}} }

func at(y, m, d, hour, minute int) Point {
	return Point{Period: civil.Period{Year: y, Month: m, Day: d}, Clock: civil.Clock{Hour: hour, Minute: minute, Second: 0}, Timed: true}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Expr
		out  string
	}{
		{"tbd", Expr{Form: TBD}, "tbd"},
		{" TBD\n", Expr{Form: TBD}, "tbd"},
		{"tbd in Asia/Seoul", Expr{Form: TBD, Zone: "Asia/Seoul"}, "tbd in Asia/Seoul"},
		{"2026-02-17", Expr{Form: On, A: day(2026, 2, 17)}, "on 2026-02-17"},
		{"2026-02", Expr{Form: On, A: day(2026, 2, 0)}, "on 2026-02"},
		{"2026-23", Expr{Form: On, A: day(2026, 23, 0)}, "on 2026-23"},
		{"2026", Expr{Form: On, A: day(2026, 0, 0)}, "on 2026"},
		{"on 2026-02-17", Expr{Form: On, A: day(2026, 2, 17)}, "on 2026-02-17"},
		{"On 2026-02-17 In Asia/Seoul", Expr{Form: On, A: day(2026, 2, 17), Zone: "Asia/Seoul"}, "on 2026-02-17 in Asia/Seoul"},
		{"2025-11-10 00:01", Expr{Form: At, A: at(2025, 11, 10, 0, 1)}, "at 2025-11-10 00:01"},
		{"2025-11-10T00:01", Expr{Form: At, A: at(2025, 11, 10, 0, 1)}, "at 2025-11-10 00:01"},
		{"2025-11-10 00:01 ET", Expr{Form: At, A: at(2025, 11, 10, 0, 1), Zone: "ET"}, "at 2025-11-10 00:01 in ET"},
		{"2025-11-10 00:01 in America/New_York", Expr{Form: At, A: at(2025, 11, 10, 0, 1), Zone: "America/New_York"}, "at 2025-11-10 00:01 in America/New_York"},
		{"2025-11-10T00:01 +08:00", Expr{Form: At, A: at(2025, 11, 10, 0, 1), Zone: "+08:00"}, "at 2025-11-10 00:01 in +08:00"},
		{"at 2025-11-10 00:01:30 UTC", Expr{Form: At, A: Point{Period: civil.Period{Year: 2025, Month: 11, Day: 10}, Clock: civil.Clock{Hour: 0, Minute: 1, Second: 30}, Timed: true}, Zone: "UTC"}, "at 2025-11-10 00:01:30 in UTC"},
		{"at 2025-11-10 09:00 lasting 1 hour", Expr{Form: At, A: at(2025, 11, 10, 9, 0), Lasts: Length{Minutes: 60}}, "at 2025-11-10 09:00 lasting 1 hour"},
		{"2025-11-10 09:00 lasting 90 minutes AoE", Expr{Form: At, A: at(2025, 11, 10, 9, 0), Lasts: Length{Minutes: 90}, Zone: "AoE"}, "at 2025-11-10 09:00 lasting 90 minutes in AoE"},
		{"2026-01-01/2026-02-16", Expr{Form: From, A: day(2026, 1, 1), B: day(2026, 2, 16)}, "from 2026-01-01 to 2026-02-16"},
		{"2026-01-01/2026-02-16 in Asia/Seoul", Expr{Form: From, A: day(2026, 1, 1), B: day(2026, 2, 16), Zone: "Asia/Seoul"}, "from 2026-01-01 to 2026-02-16 in Asia/Seoul"},
		{"2026-01-01T09:00/2026-01-01T17:00", Expr{Form: From, A: at(2026, 1, 1, 9, 0), B: at(2026, 1, 1, 17, 0)}, "from 2026-01-01 09:00 to 2026-01-01 17:00"},
		{"[2026-01-01..2026-02-16]", Expr{Form: Between, A: day(2026, 1, 1), B: day(2026, 2, 16)}, "between 2026-01-01 and 2026-02-16"},
		{"[ 2026-01 .. 2026-23 ] in Asia/Seoul", Expr{Form: Between, A: day(2026, 1, 0), B: day(2026, 23, 0), Zone: "Asia/Seoul"}, "between 2026-01 and 2026-23 in Asia/Seoul"},
		{"from 2025-10-26 to 2025-10-30", Expr{Form: From, A: day(2025, 10, 26), B: day(2025, 10, 30)}, "from 2025-10-26 to 2025-10-30"},
		{"from 2025-10-26 to 2025-10-26", Expr{Form: From, A: day(2025, 10, 26), B: day(2025, 10, 26)}, "from 2025-10-26 to 2025-10-26"},
		{"from 2025-10-26 lasting 5 days", Expr{Form: From, A: day(2025, 10, 26), Lasts: Length{Days: 5}}, "from 2025-10-26 lasting 5 days"},
		{"from 2025-10-26 lasting 1 week", Expr{Form: From, A: day(2025, 10, 26), Lasts: Length{Days: 7}}, "from 2025-10-26 lasting 7 days"},
		{"from 2025-10-26 lasting 1 day", Expr{Form: From, A: day(2025, 10, 26), Lasts: Length{Days: 1}}, "from 2025-10-26 lasting 1 day"},
		{"from 2025-10-26 22:00 lasting 5 hours ET", Expr{Form: From, A: at(2025, 10, 26, 22, 0), Lasts: Length{Minutes: 300}, Zone: "ET"}, "from 2025-10-26 22:00 lasting 5 hours in ET"},
		{"from 2025-10-26 22:00 to 2025-10-27 02:00", Expr{Form: From, A: at(2025, 10, 26, 22, 0), B: at(2025, 10, 27, 2, 0)}, "from 2025-10-26 22:00 to 2025-10-27 02:00"},
		{"between 2026-01-01 and 2026-02-16", Expr{Form: Between, A: day(2026, 1, 1), B: day(2026, 2, 16)}, "between 2026-01-01 and 2026-02-16"},
		{"between 2026 and 2026-03", Expr{Form: Between, A: day(2026, 0, 0), B: day(2026, 3, 0)}, "between 2026 and 2026-03"},
		{"by 2026-02-16", Expr{Form: By, A: day(2026, 2, 16)}, "by 2026-02-16"},
		{"before 2026-02", Expr{Form: Before, A: day(2026, 2, 0)}, "before 2026-02"},
		{"after 2026-02-16", Expr{Form: After, A: day(2026, 2, 16)}, "after 2026-02-16"},
		{"not before 2026-02-16", Expr{Form: NotBefore, A: day(2026, 2, 16)}, "not before 2026-02-16"},
		{"  NOT \t before\u00a0\u00a02026-02-16  ", Expr{Form: NotBefore, A: day(2026, 2, 16)}, "not before 2026-02-16"},
	} {
		got, err := Parse(c.in)
		if err != nil || got != c.want {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", c.in, got, err, c.want)
			continue
		}
		if got.String() != c.out {
			t.Errorf("%q is written as %q, want %q", c.in, got, c.out)
		}
		if got.IsTBD() != (c.want.Form == TBD) {
			t.Errorf("%q: IsTBD is %t", c.in, got.IsTBD())
		}
	}
}

func TestParse_Errors(t *testing.T) {
	const follow = " was not understood: nothing may follow the date but in and a zone"
	for _, c := range []struct {
		in, msg string
		offset  int
	}{
		{"", "no date given: write tbd where none is known", 0},
		{" \t\n", "no date given: write tbd where none is known", 0},
		{"in", `"in" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"by", "a date is missing: write it as 2026-02-16", 2},
		{"  by  ", "a date is missing: write it as 2026-02-16", 4},
		{"not before", "a date is missing: write it as 2026-02-16", 10},
		{"from 2026-01-01 to", "a date is missing: write it as 2026-02-16", 18},
		{"between 2026-01-01 and ", "a date is missing: write it as 2026-02-16", 22},
		{"Tuesday", `"Tuesday" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"next  week", `"next" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"by  2026-02-30", `"2026-02-30": February 2026 has no day 30`, 12},
		{"from 2026-01-01   to   2026-13-01", `"2026-13-01": there is no month 13`, 28},
		{"2026-02 09:00", `"2026-02" is not a day: a time of day needs one`, 0},
		{"at  2026-02T09:00", `"2026-02" is not a day: a time of day needs one`, 4},
		{"2026-02-17 9:00", `"9:00" is not a time of day: write it as 09:00`, 11},
		{"2026-02-17T", `"" is not a time of day: write it as 09:00`, 11},
		{"2026-02-17T09:00 10:00", `tz: no zone is named "10:00": write one as Asia/Shanghai`, -1},
		{"2026-02-17T09:00Z ET", "the zone is given twice: UTC and ET", 18},
		{"from 2026-02-17 09:00 to 2026-02-17 10:00Z", "to: one end has a zone and the other none: give both a zone, or write it as tz", -1},
		{"2026-02-17T09:00+25:00", `"+25:00" is not an offset: write it as +08:00`, 16},
		{"2026-02-17 Asia/Seoul", `"Asia/Seoul"` + follow, 11},
		{"2026-02-17   in", "a zone is missing behind in: write one as Asia/Shanghai", 15},
		{"2025-11-10 00:01 in", "a zone is missing behind in: write one as Asia/Shanghai", 19},
		{"2026-02-17 in Asia/Seoul or so", `"Asia/Seoul or so"` + follow, 14},
		{"2025-11-10 00:01 ET  maybe", `"ET maybe"` + follow, 17},
		{"by 2026-02-17 lasting 5 hours", "lasts: in a window it lasts days, weeks or months: hours go with a time of day, and business days with from", -1},
		{"between 2026-03-02 and 2026-03-05 lasting 5 days", "lasts: 5 days do not fit between 2 Mar 2026 and 5 Mar 2026", -1},
		{"tbd soon", `"soon"` + follow, 4},
		{"from 2026-01-01 lasting", "how long does it last? write 5 days or 3 hours", 23},
		{"from 2026-01-01 lasting long", "how long does it last? write 5 days or 3 hours", 24},
		{"from 2026-01-01 lasting 5   fortnights", `"fortnights" is not a unit: use days, weeks, months, business days, hours or minutes`, 28},
		{"from 2026-01-01 lasting  no days", `"no days" is not a length: write it as 5 days or 3 hours`, 25},
		{"from 2026-01-01 lasting 0 days", `"0 days" is not a length: write it as 5 days or 3 hours`, 24},
		{" 2026-01-01/soon", `"soon" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 12},
		{"2026-01-32/2026-02-01", `"2026-01-32": January 2026 has no day 32`, 8},
		{"Asia/Seoul", `"Asia" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"[2026-01-01", `"[2026-01-01" is not a window: write it as [2026-01-01..2026-02-16]`, 0},
		{"[2026-01-32..2026-02-01]", `"2026-01-32": January 2026 has no day 32`, 9},
		{"[2026-01-01.. 2026-02-30]", `"2026-02-30": February 2026 has no day 30`, 22},
		{"[2026-01-01..2026-02-16] please", `"please"` + follow, 25},
		{"２０２６-02-17", `"２０２６-02-17" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"by 2026-06~", `"2026-06~" can only stand alone: write 2026-06 here`, 3},
		{"before 2026-06-12?", `"2026-06-12?" can only stand alone: write 2026-06-12 here`, 7},
		{"after 2026-06-XX", `"2026-06-XX" can only stand alone: write 2026-06 here`, 6},
		{"between 2026-06% and 2026-07", `"2026-06%" can only stand alone: write 2026-06 here`, 8},
		{"by 2026-06-01/2026-06-10", `"2026-06-01/2026-06-10" is a span, and one date stands here: write its beginning, 2026-06-01, or its end, 2026-06-10`, 3},
		{"between 2026-07 and 2026-08~/2026-09", `"2026-08~/2026-09" is a span, and one date stands here: write its beginning, 2026-08, or its end, 2026-09`, 20},
		{"before 2026-06/..", `"2026-06/.." is a span, and one date stands here: write 2026-06`, 7},
		{"by 2026-02-17。", `"2026-02-17。" is not a date: nothing may follow "2026-02-17"`, 13},
	} {
		e, err := Parse(c.in)
		msg, at := wrong(err)
		if msg != c.msg || at != c.offset || e != (Expr{}) {
			t.Errorf("Parse(%q) = %+v, %q at %d; want %q at %d", c.in, e, msg, at, c.msg, c.offset)
		}
	}
}

func TestParse_NoSuchDay(t *testing.T) {
	for _, c := range []struct{ in, field, msg string }{
		{"on 2026-02-17 09:00", "on", `"2026-02-17 09:00" has a time of day: use at for an instant`},
		{"by 2026-02-17 09:00", "by", `"2026-02-17 09:00" has a time of day: use at for an instant`},
		{"not before 2026-02-17 09:00", "not_before", `"2026-02-17 09:00" has a time of day: use at for an instant`},
		{"at 2026-02-17", "at", `"2026-02-17" has no time of day: write it as 2026-02-17 09:00, or use on`},
		{"at 2026-02", "at", `"2026-02" is not a day with a time: use on`},
		{"at 2026-02-17 09:00 lasting 2 days", "lasts", "days go with a day, hours with a time of day"},
		{"from 2026-02-17", "from", "has no end: add to or lasts"},
		{"from 2026-02 to 2026-03", "from", `"2026-02" is not a day: a span begins on a day; use between for some day of a longer time`},
		{"2026-01/2026-03", "from", `"2026-01" is not a day: a span begins on a day; use between for some day of a longer time`},
		{"from 2026-02-17 to 2026-03", "to", `"2026-03" is not a day: a span ends on a day`},
		{"from 2026-02-17 to 2026-02-16", "to", "it ends 2026-02-16, before it begins 2026-02-17"},
		{"2026-02-17/2026-02-10", "to", "it ends 2026-02-10, before it begins 2026-02-17"},
		{"from 2026-02-17 09:00 to 2026-02-17 08:59", "to", "it ends 2026-02-17 08:59, before it begins 2026-02-17 09:00"},
		{"from 2026-02-17 09:00 to 2026-02-18", "to", `"2026-02-17 09:00" and "2026-02-18" are not of one kind: give both a time of day, or neither`},
		{"from 2026-02-17 lasting 3 hours", "lasts", "days go with a day, hours with a time of day"},
		{"from 2026-02-17 09:00 lasting 3 days", "lasts", "days go with a day, hours with a time of day"},
		{"between 2026-02-17", "between", "needs two dates: between 2026-01-01 and 2026-02-16"},
		{"between 2026-03 and 2026-02-15", "between", "it ends 2026-02-15, before it begins 2026-03"},
		{"[2026-02-17..2026-01-01]", "between", "it ends 2026-01-01, before it begins 2026-02-17"},
		{"[2026-02-17T09:00..2026-02-18]", "between", `"2026-02-17 09:00" has a time of day: between goes from day to day`},
		{"2026-02-17 09:00 PT", "tz", `no zone is named "PT": did you mean America/Los_Angeles?`},
		{"2026-02-17 in Asia/Nowhere", "tz", `no zone is named "Asia/Nowhere": write one as Asia/Shanghai`},
	} {
		e, err := Parse(c.in)
		var fe *FieldError
		if !errors.As(err, &fe) || fe.Field != c.field || fe.Msg != c.msg || e != (Expr{}) {
			t.Errorf("Parse(%q) = %+v, %v; want %s: %s", c.in, e, err, c.field, c.msg)
		}
	}
}

func TestCheck(t *testing.T) {
	d := day(2026, 2, 17)
	for _, c := range []struct {
		e    Expr
		want string
	}{
		{Expr{}, `: "" is no way to state a date`},
		{Expr{Form: "soon", A: d}, `soon: "soon" is no way to state a date`},
		{Expr{Form: TBD, A: d}, "tbd: where no date is known, none can be given"},
		{Expr{Form: On}, "on: a date is missing: write it as 2026-02-16"},
		{Expr{Form: By, A: day(2026, 13, 1)}, `by: "2026-13-01": there is no month 13`},
		{Expr{Form: On, A: day(20260, 1, 1)}, `on: "20260-01-01": the year must have four digits and be 1000 or later`},
		{Expr{Form: On, A: Point{Period: civil.Period{Year: 2026, Month: 2, Day: 17}, Clock: civil.Clock{Hour: 9, Minute: 0, Second: 0}}}, `on: "09:00" is not a time of day`},
		{Expr{Form: At, A: at(2026, 2, 17, 24, 0)}, `at: "24:00" is not a time of day`},
		{Expr{Form: At, A: at(2026, 2, 0, 9, 0)}, `at: "2026-02" is not a day: a time of day needs one`},
		{Expr{Form: On, A: d, B: d}, "on: takes one date: use from and to, or between, for two"},
		{Expr{Form: On, A: d, Lasts: Length{Days: 2}}, "lasts: write from 2026-02-17: it begins on that day"},
		{Expr{Form: Between, A: d, B: d, Lasts: Length{Days: 2}}, "lasts: 2 days do not fit between 17 Feb 2026 and 17 Feb 2026"},
		{Expr{Form: Extended, EDTF: "2026-XX", Lasts: Length{Days: 2}}, "edtf: stands alone, and as EDTF writes it"},
		{Expr{Form: From, A: d, B: d, Lasts: Length{Days: 2}}, "lasts: give to or lasts, not both"},
		{Expr{Form: From, A: d, Lasts: Length{Days: -2}}, "lasts: a length is from 1 minute to 100000 days"},
		{Expr{Form: From, A: d, Lasts: Length{Days: 2, Minutes: 5}}, "lasts: days go with a day, hours with a time of day"},
	} {
		if got := message(c.e.Check()); got != c.want {
			t.Errorf("%+v: %q, want %q", c.e, got, c.want)
		}
	}
}

func TestParse_VeryLong(t *testing.T) {
	long := strings.Repeat("2026-02-17 é", 100_000)
	for _, in := range []string{long, "[" + long, "by " + long, "2026-02-17 " + long, "2026-02-17 09:00 in " + strings.Repeat("é/", 100_000), "from 2026-02-17 lasting " + strings.Repeat("9", 100_000) + " days"} {
		_, err := Parse(in)
		if msg := message(err); msg == "" || len(msg) > 500 || strings.Contains(msg, "\n") {
			t.Errorf("%.30q… is refused with %d bytes", in, len(msg))
		}
	}
}

func TestParseInstant(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Point
		zone string
	}{
		{"2025-11-10 00:01 ET", at(2025, 11, 10, 0, 1), "ET"},
		{" 2025-11-10  00:01  ET ", at(2025, 11, 10, 0, 1), "ET"},
		{"2025-11-10T00:01 Asia/Seoul", at(2025, 11, 10, 0, 1), "Asia/Seoul"},
		{"2025-11-10 00:01", at(2025, 11, 10, 0, 1), ""},
		{"2025-11-10T00:01", at(2025, 11, 10, 0, 1), ""},
		{"2025-11-10", day(2025, 11, 10), ""},
		{"2025-11-10   24:00 ET", at(2025, 11, 11, 0, 0), "ET"},
		{"2025-12-31T24:00:00Z", at(2026, 1, 1, 0, 0), "UTC"},
		{"2025-11-10T00:01:00Z", at(2025, 11, 10, 0, 1), "UTC"},
		{"2025-11-10t00:01:00z", at(2025, 11, 10, 0, 1), "UTC"},
		{"2025-11-10 00:01Z", at(2025, 11, 10, 0, 1), "UTC"},
		{"2025-11-10 00:01 Z", at(2025, 11, 10, 0, 1), "UTC"},
		{"20251110T000100Z", at(2025, 11, 10, 0, 1), "UTC"},
		{"20251110T0001+0100", at(2025, 11, 10, 0, 1), "+01:00"},
		{"2025-11-10T00:01:00.000Z", at(2025, 11, 10, 0, 1), "UTC"},
		{"2025-11-10T00:01:00,123-05:00", at(2025, 11, 10, 0, 1), "-05:00"},
		{"2025-11-10T00:01+01", at(2025, 11, 10, 0, 1), "+01:00"},
		{"2025-11-10 00:01 asia/seoul", at(2025, 11, 10, 0, 1), "Asia/Seoul"},
	} {
		p, zone, err := ParseInstant(c.in)
		if err != nil || p != c.want || zone != c.zone {
			t.Errorf("ParseInstant(%q) = %+v, %q, %v; want %+v, %q", c.in, p, zone, err, c.want, c.zone)
		}
	}
	for _, c := range []struct {
		in, msg string
		offset  int
	}{
		{"", "a date is missing: write it as 2026-02-16", 0},
		{"2025-11-10 ET", `"ET" is not a time of day: write it as 09:00`, 11},
		{"2025-11-31   00:01 ET", `"2025-11-31": November 2025 has no day 31`, 8},
		{"2025-11-10 00:01 in ET", `"00:01 in ET" is not a time of day: write it as 09:00`, 11},
	} {
		p, zone, err := ParseInstant(c.in)
		if msg, at := wrong(err); msg != c.msg || at != c.offset || p != (Point{}) || zone != "" {
			t.Errorf("ParseInstant(%q) = %v, %q, %q at %d; want %q at %d", c.in, p, zone, msg, at, c.msg, c.offset)
		}
	}
}

func TestParseLength(t *testing.T) {
	for in, want := range map[string]Length{
		"1 day": {Days: 1}, "5 days": {Days: 5}, "2 weeks": {Days: 14}, "1 week": {Days: 7},
		"3 hours": {Minutes: 180}, "90 minutes": {Minutes: 90}, "1 minute": {Minutes: 1},
		" 5   days ": {Days: 5}, "100000 days": {Days: 100_000}, "2400000 hours": {Minutes: maxMinutes},
		"3 months": {Months: 3}, "10 business days": {Business: 10}, "1 CN business day": {Business: 1, Calendar: "CN"},
	} {
		if got, err := ParseLength(in); err != nil || got != want {
			t.Errorf("ParseLength(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
	for _, c := range []struct {
		in, msg string
		offset  int
	}{
		{"", `"" is not a length: write it as 5 days or 3 hours`, 0},
		{"5", `"5" is not a length: write it as 5 days or 3 hours`, 0},
		{"5 working days", `"working" is not a unit: use days, weeks, months, business days, hours or minutes`, 2},
		{"5 business days more", `"5 business days more" is not a length: write it as 5 days or 3 hours`, 0},
		{" -5 days", `"-5 days" is not a length: write it as 5 days or 3 hours`, 1},
		{"1.5 days", `"1.5 days" is not a length: write it as 5 days or 3 hours`, 0},
		{"99999999999999999999 days", `"99999999999999999999 days" is not a length: write it as 5 days or 3 hours`, 0},
		{"5  dayss", `"dayss" is not a unit: use days, weeks, months, business days, hours or minutes`, 3},
		{"14286 weeks", `"14286 weeks" is too long: 100000 days are the most`, 0},
	} {
		l, err := ParseLength(c.in)
		if msg, at := wrong(err); msg != c.msg || at != c.offset || l != (Length{}) {
			t.Errorf("ParseLength(%q) = %+v, %q at %d; want %q at %d", c.in, l, msg, at, c.msg, c.offset)
		}
	}
}

// periods draws a day, month, season or year.
func periods() *rapid.Generator[civil.Period] {
	return rapid.Custom(func(t *rapid.T) civil.Period {
		d := dates().Draw(t, "date")
		switch rapid.IntRange(0, 5).Draw(t, "kind of period") {
		case 0:
			return civil.Period{Year: d.Year}
		case 1:
			return civil.Period{Year: d.Year, Month: int(d.Month)}
		case 2:
			return civil.Period{Year: d.Year, Month: rapid.IntRange(21, 24).Draw(t, "season")}
		}
		return civil.Day(d)
	})
}

// points draws a period, or with timed a day with a time of day.
func points(timed bool) *rapid.Generator[Point] {
	return rapid.Custom(func(t *rapid.T) Point {
		if !timed {
			return Point{Period: periods().Draw(t, "period")}
		}
		c := civil.Clock{Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute"), Second: rapid.SampledFrom([]int{0, 0, 1, 59}).Draw(t, "second")}
		return Point{Period: civil.Day(dates().Draw(t, "date")), Clock: c, Timed: true}
	})
}

// exprs draws an expression that Check accepts.
func exprs() *rapid.Generator[Expr] {
	forms := []Form{TBD, On, At, From, Between, By, Before, After, NotBefore}
	return rapid.Custom(func(t *rapid.T) Expr {
		e := Expr{Form: rapid.SampledFrom(forms).Draw(t, "form")}
		e.Zone = rapid.SampledFrom(append([]string{"", "", "ET", "AoE", "+08:00", "-03:30"}, changeable...)).Draw(t, "zone")
		timed := e.Form == At || e.Form == From && rapid.Bool().Draw(t, "timed")
		if e.Form != TBD {
			e.A = points(timed).Draw(t, "a")
		}
		lasts := e.Form == At || e.Form == From
		switch lasts = lasts && rapid.Bool().Draw(t, "lasts"); {
		case lasts && timed:
			e.Lasts.Minutes = rapid.IntRange(1, maxMinutes).Draw(t, "minutes")
		case lasts:
			e.Lasts.Days = rapid.IntRange(1, maxDays).Draw(t, "days")
		case e.Form == From, e.Form == Between:
			e.B = points(timed).Draw(t, "b")
		}
		return e
	}).Filter(func(e Expr) bool { return e.Check() == nil })
}

func TestExpr_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := exprs().Draw(t, "expression")
		if got, err := Parse(e.String()); err != nil || got != e {
			t.Fatalf("%+v is written %q and read as %+v, %v", e, e, got, err)
		}
		var back Expr
		b, err := e.MarshalText()
		if err == nil {
			err = back.UnmarshalText(b)
		}
		if err != nil || back != e {
			t.Fatalf("%q is stored as %q and read as %+v, %v", e, b, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"tbd", "2026-02-17", "2026-23", "2025-11-10 00:01 America/New_York", "2026-01-01/2026-02-16", "[2026-01-01..2026-02-16]",
		"from 2025-10-26 to 2025-10-30", "from 2025-10-26 lasting 5 days", "between 2026-01 and 2026-03 in Asia/Seoul", "by 2026-02-16",
		"not  before\t2026-02-16", "at 2025-11-10T00:01 +08:00", "at 2025-11-10 00:01 lasting 90 minutes ET", "on 2026-02-17 in", "in", "by",
		"[2026-01-01..", "[]..]", "/", "2026-02-17T", "２０２６-02-17", "\xff in \x00/\xff",
		"30 business days after event:notice", "at least 10 CN business days after event:x.end", "within 36 hours after event:x", "w/c 2026-03-02", "W/C 2026-03-03",
		"2026-Q1", "by 2026-h2", "before holiday(US, Labor Day, 2026)", "3 US business days before holiday(CN, Spring Festival, 2026)", "holiday(,,", "holiday( US ,  New  Year's Day , 2026 )",
		"from lunar-new-year(CN) 2026 to 2026-02-23", "between 2026-Q1 and holiday(GB, Good Friday, 2026)", "from 2026-01-31 lasting 3 months", "from 2026-02-13 lasting 3 CN business days",
		"12 midnight 1 Nov", "31 June 2026", "2026-W10", "01/11/2026", "2026-11-01 12:01 a.m. ET", "until 2026-11-01", "after beijing-visit", "0 business business days after event:x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		var fe *FieldError
		switch {
		case errors.As(err, &fe):
			if strings.ContainsAny(fe.Error(), "\n\r") || len(fe.Error()) > 1000 {
				t.Errorf("%q: %q is not one short line", s, fe)
			}
		case err != nil:
			checkSyntax(t, s, err)
		default:
			if again, err := Parse(e.String()); err != nil || again != e {
				t.Errorf("%q is %+v, written %q and read as %+v, %v", s, e, e, again, err)
			}
			e.Words() // must not panic, whatever was read
			e.Warnings(e.Window("Asia/Seoul", "s"), s, s)
			if known, err := e.With(workday.BuiltIn()); err == nil {
				known.Window("Asia/Seoul", "s").Words()
			}
		}
	})
}
