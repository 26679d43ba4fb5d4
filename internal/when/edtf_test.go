package when

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// The examples of the public specification of the format that the subset covers, and
// what attache adds to them.
func TestEDTF(t *testing.T) {
	for _, c := range []struct {
		in          string
		first, last string // of the hull; "" where it is open or unknown
		says        string // grains and flags
		out         string // "" where it is in
	}{
		// Level 0.
		{"1985-04-12", "1985-04-12", "1985-04-12", "day", ""},
		{"1985-04", "1985-04-01", "1985-04-30", "month", ""},
		{"1985", "1985-01-01", "1985-12-31", "year", ""},
		{"1985-04-12T23:20:30", "1985-04-12", "1985-04-12", "time", ""},
		{"1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12", "time", ""},
		{"1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12", "time", "1985-04-12T23:20:30-04:00"},
		{"1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12", "time", ""},
		{"1964/2008", "1964-01-01", "2008-12-31", "year to year", ""},
		{"2004-06/2006-08", "2004-06-01", "2006-08-31", "month to month", ""},
		{"2004-02-01/2005-02-08", "2004-02-01", "2005-02-08", "day to day", ""},
		{"2004-02-01/2005-02", "2004-02-01", "2005-02-28", "day to month", ""},
		{"2004-02-01/2005", "2004-02-01", "2005-12-31", "day to year", ""},
		{"2005/2006-02", "2005-01-01", "2006-02-28", "year to month", ""},
		// Level 1.
		{"2001-21", "2001-03-01", "2001-06-21", "season soft", ""},
		{"2003-22", "2003-06-01", "2003-09-23", "season soft", ""},
		{"2000-23", "2000-09-01", "2000-12-21", "season soft", ""},
		{"2010-24", "2010-12-01", "2011-03-20", "season soft", ""},
		{"1984?", "1984-01-01", "1984-12-31", "year uncertain", ""},
		{"2004-06~", "2004-06-01", "2004-06-30", "month approx soft", ""},
		{"2004-06-11%", "2004-06-11", "2004-06-11", "day approx uncertain soft", ""},
		{"201X", "2010-01-01", "2019-12-31", "decade", ""},
		{"20XX", "2000-01-01", "2099-12-31", "century", ""},
		{"2004-XX", "2004-01-01", "2004-12-31", "year", ""},
		{"1985-04-XX", "1985-04-01", "1985-04-30", "month", ""},
		{"1985-XX-XX", "1985-01-01", "1985-12-31", "year", ""},
		{"1985-04-12/..", "1985-04-12", "", "day to open", ""},
		{"1985-04/..", "1985-04-01", "", "month to open", ""},
		{"1985/..", "1985-01-01", "", "year to open", ""},
		{"../1985-04-12", "", "1985-04-12", "open to day", ""},
		{"../1985-04", "", "1985-04-30", "open to month", ""},
		{"../1985", "", "1985-12-31", "open to year", ""},
		{"1985-04-12/", "1985-04-12", "", "day to unknown", ""},
		{"1985-04/", "1985-04-01", "", "month to unknown", ""},
		{"1985/", "1985-01-01", "", "year to unknown", ""},
		{"/1985-04-12", "", "1985-04-12", "unknown to day", ""},
		{"/1985-04", "", "1985-04-30", "unknown to month", ""},
		{"/1985", "", "1985-12-31", "unknown to year", ""},
		{"1984?/2004~", "1984-01-01", "2004-12-31", "year to year approx uncertain soft", ""},
		{"1984-06-02?/2004-08-08~", "1984-06-02", "2004-08-08", "day to day approx uncertain soft", ""},
		// Level 2.
		{"2001-25", "2001-03-01", "2001-06-21", "season soft", ""},
		{"2001-26", "2001-06-01", "2001-09-23", "season soft", ""},
		{"2001-27", "2001-09-01", "2001-12-21", "season soft", ""},
		{"2001-28", "2001-12-01", "2002-03-20", "season soft", ""},
		{"2001-29", "2001-09-01", "2001-12-21", "season soft", ""},
		{"2001-30", "2001-12-01", "2002-03-20", "season soft", ""},
		{"2001-31", "2001-03-01", "2001-06-21", "season soft", ""},
		{"2001-32", "2001-06-01", "2001-09-23", "season soft", ""},
		{"2001-33", "2001-01-01", "2001-03-31", "quarter", ""},
		{"2001-34", "2001-04-01", "2001-06-30", "quarter", ""},
		{"2001-35", "2001-07-01", "2001-09-30", "quarter", ""},
		{"2001-36", "2001-10-01", "2001-12-31", "quarter", ""},
		{"2001-37", "2001-01-01", "2001-04-30", "quadrimester", ""},
		{"2001-38", "2001-05-01", "2001-08-31", "quadrimester", ""},
		{"2001-39", "2001-09-01", "2001-12-31", "quadrimester", ""},
		{"2001-40", "2001-01-01", "2001-06-30", "half", ""},
		{"2001-41", "2001-07-01", "2001-12-31", "half", ""},
		{"[1667,1668,1670..1672]", "1667-01-01", "1672-12-31", "one of 3: year, year, year to year", ""},
		{"[..1760-12-03]", "", "1760-12-03", "one of 1: open to day", ""},
		{"[1760-12..]", "1760-12-01", "", "one of 1: month to open", ""},
		{"[1760-01,1760-02,1760-12..]", "1760-01-01", "", "one of 3: month, month, month to open", ""},
		{"[1667,1760-12]", "1667-01-01", "1760-12-31", "one of 2: year, month", ""},
		{"[..1984]", "", "1984-12-31", "one of 1: open to year", ""},
		{"2004-06~-11", "2004-06-11", "2004-06-11", "day approx soft", ""},
		{"2004?-06-11", "2004-06-11", "2004-06-11", "day uncertain", ""},
		{"?2004-06-~11", "2004-06-11", "2004-06-11", "day approx uncertain soft", "2004?-06-~11"},
		{"2004-%06-11", "2004-06-11", "2004-06-11", "day approx uncertain soft", ""},
		{"1984-1X", "1984-10-01", "1984-12-31", "year", ""},
		{"2004-06-~01/2004-06-~20", "2004-06-01", "2004-06-20", "day to day approx soft", ""},
		{"2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03", "month to day", ""},
		// Parts that are qualified more than once, and other spellings.
		{"?2004-?06-?11", "2004-06-11", "2004-06-11", "day uncertain", "2004-06-11?"},
		{"2004~-06?-11", "2004-06-11", "2004-06-11", "day approx uncertain soft", "2004%-?06-11"},
		{"~2004?-06", "2004-06-01", "2004-06-30", "month approx uncertain soft", "2004%-06"},
		{" 2026-02-17\n", "2026-02-17", "2026-02-17", "day", "2026-02-17"},
		{"[ 2026-01-15, 2026-02-10 ]", "2026-01-15", "2026-02-10", "one of 2: day, day", "[2026-01-15,2026-02-10]"},
		{"[2026-01-01 .. 2026-02-16]", "2026-01-01", "2026-02-16", "one of 1: day to day", "[2026-01-01..2026-02-16]"},
		{"[2026-02..2026-02]", "2026-02-01", "2026-02-28", "one of 1: month", "[2026-02]"},
		{"[2026-03,2026-01]", "2026-01-01", "2026-03-31", "one of 2: month, month", ""},
		{"[..2024,2026..]", "", "", "one of 2: open to year, year to open", ""},
		// Instants.
		{"2026-02-17T09:00", "2026-02-17", "2026-02-17", "time", "2026-02-17T09:00:00"},
		{"2026-02-17T09:00+00:00", "2026-02-17", "2026-02-17", "time", "2026-02-17T09:00:00Z"},
		{"2026-02-17T09:00:00+08:00~", "2026-02-17", "2026-02-17", "time approx soft", ""},
		{"2026-02-17T09:00-05:00/2026-02-17T11:00-05:00", "2026-02-17", "2026-02-17", "time to time", "2026-02-17T09:00:00-05:00/2026-02-17T11:00:00-05:00"},
		// Unknown digits.
		{"2026-XX-31", "2026-01-31", "2026-12-31", "day", ""},
		{"2026-XX-30?", "2026-01-30", "2026-12-30", "day uncertain", ""},
		{"2026-0X", "2026-01-01", "2026-09-30", "year", ""},
		{"2026-02-0X", "2026-02-01", "2026-02-09", "month", ""},
		{"2026-02-2X", "2026-02-20", "2026-02-28", "month", ""},
		{"2026-03-3X~", "2026-03-30", "2026-03-31", "month approx soft", ""},
		{"2026-1X-XX", "2026-10-01", "2026-12-31", "year", ""},
		{"202X-XX-XX", "2020-01-01", "2029-12-31", "decade", ""},
		{"9999-24", "9999-12-01", "9999-12-31", "season soft", ""},
	} {
		e, err := parseEDTF(c.in)
		if err != nil {
			t.Errorf("ParseEDTF(%q): %v", c.in, err)
			continue
		}
		first, last, ok := hull(e)
		if first.String() != c.first || last.String() != c.last || ok != (c.first != "" && c.last != "") {
			t.Errorf("the hull of %q is %s to %s, %t; want %s to %s", c.in, first, last, ok, c.first, c.last)
		}
		if got := describe(e); got != c.says {
			t.Errorf("%q is %q, want %q", c.in, got, c.says)
		}
		if c.out == "" {
			c.out = c.in
		}
		if e.String() != c.out {
			t.Errorf("%q is written as %q, want %q", c.in, e, c.out)
		}
	}
}

// describe returns the grains of e and what is said of it.
func describe(e edtf) string {
	var spans []string
	for _, s := range e.Spans {
		text := describeEnd(s.First)
		if s.First != s.Last || e.Kind == interval {
			text += " to " + describeEnd(s.Last)
		}
		spans = append(spans, text)
	}
	text := strings.Join(spans, ", ")
	if e.Kind == oneOfSet {
		text = "one of " + string(rune('0'+len(spans))) + ": " + text
	}
	for _, flag := range []struct {
		set  bool
		name string
	}{{e.any(edtfDate.Approx), " approx"}, {e.any(edtfDate.Uncertain), " uncertain"}, {e.any(edtfDate.Soft), " soft"}} {
		if flag.set {
			text += flag.name
		}
	}
	return text
}

func describeEnd(e edtfDate) string {
	return [...]string{e.Grain().String(), "open", "unknown"}[e.State]
}

func TestEDTF_Errors(t *testing.T) {
	const year, not = "a year is four digits, from 1000 on", " is not a date that can be read: "
	const left = " has an X to the left of a digit: only digits on the right, or a whole month, may be unknown"
	for _, c := range []struct {
		in, msg string
		offset  int
	}{
		// What the format has and attache does not.
		{"Y170000002", `"Y170000002"` + not + year, 0},
		{"Y-170000002", `"Y-170000002"` + not + year, 0},
		{"-1985", `"-1985"` + not + year, 0},
		{"Y-17E7", `"Y-17E7"` + not + year, 0},
		{"17E8", `"17E8"` + not + year, 0},
		{"1950S2", `"1950S2"` + not + year, 0},
		{"Y171010000S3", `"Y171010000S3"` + not + year, 0},
		{"20260", `"20260"` + not + year, 0},
		{"2026/20260", `"20260"` + not + year, 5},
		{"0999", "the year must have four digits and be 1000 or later", 0},
		{"{1667,1668,1670..1672}", "{} means each of these dates: write a list of dates, or a recurrence", 0},
		{"{1960,1961-12}", "{} means each of these dates: write a list of dates, or a recurrence", 0},
		{" {..1984}", "{} means each of these dates: write a list of dates, or a recurrence", 1},
		{"156X-12-25", `"156X"` + left, 0},
		{"15XX-12-25", `"15XX"` + left, 0},
		{"XXXX-12-XX", "of a year only the last two digits may be unknown", 0},
		{"1XXX-XX", "of a year only the last two digits may be unknown", 0},
		{"1XXX-12", "of a year only the last two digits may be unknown", 0},
		{"2X26", `"2X26" has an X to the left of a digit: only digits on the right may be unknown`, 0},
		{"2026-X2", `"X2" has an X to the left of a digit: only digits on the right may be unknown`, 5},
		{"2026-1X-17", `"1X"` + left, 5},
		{"2026-XX-1X", `"XX"` + left, 5},
		{"202X-XX-17", `"202X"` + left, 0},
		{"2026-W07", `"2026-W07"` + not + "weeks are no part of EDTF: write w/c 2026-02-09", 0},
		{"2026-W01", `"2026-W01"` + not + "weeks are no part of EDTF: write w/c 2025-12-29", 0},
		{"2026W53", `"2026W53"` + not + "weeks are no part of EDTF: write w/c 2026-12-28", 0},
		{"2026-W07-3", `"2026-W07-3"` + not + "weeks are no part of EDTF: write w/c 2026-02-09", 0},
		{"2026-W", `"2026-W"` + not + "weeks are no part of EDTF: write w/c and its Monday", 0},
		{"20260217", `"20260217"` + not + "write it with hyphens, as 2026-02-17", 0},
		// What no calendar has.
		{"2026-02-30", "February 2026 has no day 30", 8},
		{" 2026-02-30", "February 2026 has no day 30", 9},
		{"2026-01-15/2026-02-30", "February 2026 has no day 30", 19},
		{"[2026-01-15, 2026-02-30]", "February 2026 has no day 30", 21},
		{"2026-02-29~", "February 2026 has no day 29", 8},
		{"2026-02-3X", "February 2026 has no day 3X", 8},
		{"2026-04-00", "April 2026 has no day 00", 8},
		{"2026-XX-32", "no month has a day 32", 8},
		{"2026-XX-00", "no month has a day 00", 8},
		{"2026-13", "there is no month 13", 5},
		{"2026-00", "there is no month 00", 5},
		{"2026-?00-17", "there is no month 00", 6},
		{"2026-20", "there is no month 20", 5},
		{"2026-42", "there is no month 42", 5},
		{"2026-2X", "there is no month 2X", 5},
		{"2026-23-01", "a season has no days", 8},
		{"2026-33-XX", "a quarter has no days", 8},
		{"2026-02-17T24:00", "24:00 is where the next day begins: write 00:00 of that day", 11},
		{"2026-02-17T09:60:00Z", `"09:60:00" is not a time of day: write it as 09:00`, 11},
		{"2026-02-17T09:00:00+15:00", `"+15:00" is not an offset: they go from -12:00 to +14:00`, 19},
		// Ends in the wrong order, or of two kinds.
		{"2026-02-17/2026-02-10", "it ends 2026-02-10, before it begins 2026-02-17", 11},
		{"2026-03/2026-02", "it ends 2026-02, before it begins 2026-03", 8},
		{"2012-24/2012-21", "it ends 2012-21, before it begins 2012-24", 8},
		{"2012-23/2012-22", "it ends 2012-22, before it begins 2012-23", 8},
		{"[2026-03-01..2026-02-16]", "it ends 2026-02-16, before it begins 2026-03-01", 13},
		{"2026-02-17T09:00Z/2026-02-17T16:00+08:00", "it ends 2026-02-17T16:00:00+08:00, before it begins 2026-02-17T09:00:00Z", 18},
		{"2026-02-17T09:00/2026-02-18", `"2026-02-17T09:00:00" and "2026-02-18" are not of one kind: give both a time of day, or neither`, 17},
		{"2026-02-17T09:00/2026-02-18T09:00Z", `"2026-02-17T09:00:00" and "2026-02-18T09:00:00Z" are not of one kind: give both an offset, or neither`, 17},
		// What is not understood.
		{"", "no date given: write tbd where none is known", 0},
		{"  ", "no date given: write tbd where none is known", 2},
		{"soon", `"soon" is not a year: write it as 2026`, 0},
		{"26-02-17", `"26-02-17" is not a year: write it as 2026`, 0},
		{"2026-2-17", `"2-17" is not a month: write it as 02`, 5},
		{"2026-02-", `"" is not a day: write it as 17`, 8},
		{"2026-02-17~?", "one sign at a place is enough: write % for uncertain and approximate", 11},
		{"2026-02-~?17", "one sign at a place is enough: write % for uncertain and approximate", 9},
		{"2026-02-17-01", `"2026-02-17-01" is not a date: nothing may follow "2026-02-17"`, 10},
		{"2026-02-17 ET", `"2026-02-17 ET" is not a date: nothing may follow "2026-02-17"`, 10},
		{"２０２６", `"２０２６" is not a year: write it as 2026`, 0},
		{"2026-02uu", `"2026-02uu" is not a date: nothing may follow "2026-02"`, 7},
		{"2026-02T09:00", `"2026-02" is not a day: a time of day needs one`, 0},
		{"2026-02-17~T09:00", `"2026-02-17~" has a sign in it: with a time of day it stands behind all`, 0},
		{"2026-02-17T", `"" is not a time of day: write it as 09:00`, 11},
		{"2026-02-17T09:00Zulu", `"ulu" was not understood: nothing may follow the Z`, 17},
		{"2026-02-17T09:00+8", `"+8" is not an offset: write it as +08:00`, 16},
		{"/", `"/" names no date: write tbd where none is known`, 0},
		{"../..", `"../.." names no date: write tbd where none is known`, 0},
		{"2026/2027/2028", "an interval has one / in it: write it as 2026-01-01/2026-02-16", 9},
		{"2026-01-01/ 2026-02-16", `" 2026-02-16" is not a year: write it as 2026`, 11},
		{"[]", "a date is missing in the set: write it as [2026-01-15,2026-02-10]", 1},
		{"[2026,]", "a date is missing in the set: write it as [2026-01-15,2026-02-10]", 6},
		{"[..]", `".." names no date: write tbd where none is known`, 1},
		{"[2026", "the ] that closes the set is missing", 5},
		{"[2026]~", `"~" was not understood: nothing may follow the set`, 6},
		{"[2026,2027, 2026]", `"2026" is in the set twice`, 12},
		{"[2025..2026..2027]", `"2026..2027" is not a date: nothing may follow "2026"`, 11},
	} {
		e, err := parseEDTF(c.in)
		msg, at := wrong(err)
		if msg != c.msg || at != c.offset || len(e.Spans) > 0 {
			t.Errorf("ParseEDTF(%q) = %q, %q at %d; want %q at %d", c.in, e, msg, at, c.msg, c.offset)
		}
	}
}

// windowText writes the bounds of w: its start, then its end where that is another.
func windowText(w Window) string {
	text := boundText(w.Earliest) + " " + boundText(w.Latest)
	if !w.EndsEarliest.Same(w.Earliest) || !w.EndsLatest.Same(w.Latest) {
		text += ", " + boundText(w.EndsEarliest) + " " + boundText(w.EndsLatest)
	}
	return text + " " + string(w.Precision)
}

func boundText(b Bound) string {
	text := b.Day.String()
	switch {
	case !b.Known():
		text = "-"
	case b.Timed:
		text = b.At.Format("2006-01-02T15:04Z")
	}
	if b.Soft {
		text += "~"
	}
	return text
}

func TestEDTF_Window(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"2026-02-17", []string{"2026-02-17 2026-02-17 day"}},
		{"2026-02", []string{"2026-02-01 2026-02-28 window"}},
		{"2026-23", []string{"2026-09-01~ 2026-12-21~ window"}},
		{"2026-02-17?", []string{"2026-02-17 2026-02-17 day"}},
		{"2026-02-17~", []string{"2026-02-14~ 2026-02-20~ window"}},
		{"2026-02~", []string{"2026-01-17~ 2026-03-15~ window"}},
		{"2026-34~", []string{"2026-03-01~ 2026-07-31~ window"}},
		{"2026-40~", []string{"2025-12-01~ 2026-07-31~ window"}},
		{"2026-23~", []string{"2026-08-01~ 2027-01-21~ window"}},
		{"2026~", []string{"2025-10-01~ 2027-03-31~ window"}},
		{"2026-XX~", []string{"2025-10-01~ 2027-03-31~ window"}},
		{"1000~", []string{"1000-01-01~ 1001-03-31~ window"}},
		{"9999-12-30~", []string{"9999-12-27~ 9999-12-31~ window"}},
		// The finest part that is approximate counts.
		{"2026-02~-17", []string{"2026-02-02~ 2026-03-04~ window"}},
		{"2026~-02-17", []string{"2025-11-17~ 2026-05-17~ window"}},
		{"?2026-02-~17", []string{"2026-02-14~ 2026-02-20~ window"}},
		// Instants: of their own offset, or of the zone of the event.
		{"2025-11-10T00:01:00-05:00", []string{"2025-11-10T05:01Z 2025-11-10T05:01Z instant"}},
		{"2025-11-10T00:01:00", []string{"2025-11-09T16:01Z 2025-11-09T16:01Z instant"}},
		{"2025-11-10T00:01:00Z~", []string{"2025-11-09T23:01Z~ 2025-11-10T01:01Z~ window"}},
		{"2025-11-10T09:00Z/2025-11-10T17:00Z", []string{"2025-11-10T09:00Z 2025-11-10T09:00Z, 2025-11-10T17:00Z 2025-11-10T17:00Z instant"}},
		// A stretch begins on some day of its first date and ends on some day of its last.
		{"2026-01-01/2026-02-16", []string{"2026-01-01 2026-01-01, 2026-02-16 2026-02-16 span"}},
		{"2026-01/2026-02", []string{"2026-01-01 2026-01-31, 2026-02-01 2026-02-28 window"}},
		{"2026/2026-02-16", []string{"2026-01-01 2026-02-16, 2026-02-16 2026-02-16 window"}},
		{"2026-02-10/2026-02", []string{"2026-02-10 2026-02-10, 2026-02-10 2026-02-28 span"}},
		{"2026-10/..", []string{"2026-10-01 2026-10-31, 2026-10-01 - window"}},
		{"2026-10-05/", []string{"2026-10-05 2026-10-05, 2026-10-05 - day"}},
		{"../2026-10-05", []string{"- 2026-10-05, 2026-10-05 2026-10-05 window"}},
		{"2026-02-01~/2026-02-10", []string{"2026-01-29~ 2026-02-04~, 2026-02-10 2026-02-10 window"}},
		// Sets keep their options apart.
		{"[2026-01-15,2026-02-10]", []string{"2026-01-15 2026-01-15 day", "2026-02-10 2026-02-10 day"}},
		{"[2026-01-01..2026-02-16]", []string{"2026-01-01 2026-02-16 window"}},
		{"[..2026-02-16]", []string{"- 2026-02-16 window"}},
		{"[2026-02-16..]", []string{"2026-02-16 - window"}},
		{"[2026-01~..2026-02-16]", []string{"2025-12-17~ 2026-02-16 window"}},
		{"2026-XX-31", []string{"2026-01-31 2026-01-31 day", "2026-03-31 2026-03-31 day", "2026-05-31 2026-05-31 day",
			"2026-07-31 2026-07-31 day", "2026-08-31 2026-08-31 day", "2026-10-31 2026-10-31 day", "2026-12-31 2026-12-31 day"}},
	} {
		e, err := parseEDTF(c.in)
		if err != nil {
			t.Errorf("ParseEDTF(%q): %v", c.in, err)
			continue
		}
		var got []string
		for _, w := range e.windows("Asia/Shanghai", "talks") {
			got = append(got, windowText(w))
			if b := w.Earliest; b.Known() && b.By != "talks" {
				t.Errorf("%q: the statement of %v is %q", c.in, b, b.By)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q allows\n%q, want\n%q", c.in, got, c.want)
		}
	}
}

func TestEDTF_OffsetKept(t *testing.T) {
	e, err := parseEDTF("2025-11-10T00:01:00-05:00")
	if err != nil {
		t.Fatal(err)
	}
	if got := e.windows("Asia/Shanghai", "")[0].Words(); got != "Mon 10 Nov 2025, 00:01 -05:00" {
		t.Errorf("%q is said as %q", e, got)
	}
}

func TestEDTF_OpenAndUnknownEnds(t *testing.T) {
	for in, want := range map[string][4]bool{
		"../2026": {true, false, false, false}, "2026/..": {false, true, false, false},
		"/2026": {false, false, true, false}, "2026/": {false, false, false, true},
		"[..2026]": {true, false, false, false}, "[2026..]": {false, true, false, false}, "2026": {},
		"../": {}, "/..": {},
	} {
		e, _ := parseEDTF(in)
		if got := [4]bool{starts(e, endOpen), ends(e, endOpen), starts(e, endUnknown), ends(e, endUnknown)}; got != want {
			t.Errorf("%q: open start, open end, unknown start, unknown end are %v, want %v", in, got, want)
		}
	}
}

// drawEDTFDate draws the text of a date that the subset holds.
func drawEDTFDate(t *rapid.T, instant bool) string {
	sign := func(name string) string { return rapid.SampledFrom([]string{"", "", "", "?", "~", "%"}).Draw(t, name) }
	year := rapid.IntRange(1000, 9999).Draw(t, "year")
	month := rapid.IntRange(1, 12).Draw(t, "month")
	d := civil.Date{Year: year, Month: time.Month(month), Day: rapid.IntRange(1, civil.DaysIn(year, month)).Draw(t, "day")}
	if instant {
		zone := rapid.SampledFrom([]string{"Z", "+08:00", "-03:30"}).Draw(t, "zone")
		return d.String() + "T" + rapid.SampledFrom([]string{"00:00:00", "23:59:59", "09:30"}).Draw(t, "clock") + zone + sign("sign")
	}
	y, m, day := d.String()[:4], d.String()[5:7], d.String()[8:]
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return sign("y") + y + sign("all")
	case 1:
		return sign("y") + y + sign("group") + "-" + sign("m") + m + sign("all")
	case 2:
		return y + "-" + strconv.Itoa(rapid.IntRange(21, 41).Draw(t, "code")) + sign("all")
	case 3:
		return rapid.SampledFrom([]string{y[:3] + "X", y[:2] + "XX", y + "-XX", y + "-" + m[:1] + "X", y + "-XX-XX", y + "-" + m + "-XX", y + "-" + m + "-" + day[:1] + "X", y + "-XX-" + day}).Draw(t, "unknown") + sign("all")
	}
	return sign("y") + y + sign("group") + "-" + sign("m") + m + sign("group") + "-" + sign("d") + day + sign("all")
}

// drawEDTF draws the text of a date, an interval or a set, ends in any order.
func drawEDTF(t *rapid.T) string {
	instant := rapid.IntRange(0, 4).Draw(t, "instant") == 0
	date := func() string { return drawEDTFDate(t, instant) }
	end := func(open ...string) string {
		if rapid.IntRange(0, 3).Draw(t, "open") == 0 {
			return rapid.SampledFrom(open).Draw(t, "end")
		}
		return date()
	}
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		return end("..", "") + "/" + end("..", "")
	case 1:
		options := rapid.SliceOfN(rapid.Custom(func(*rapid.T) string {
			if rapid.Bool().Draw(t, "range") {
				return end("") + ".." + end("")
			}
			return date()
		}), 1, 4).Draw(t, "options")
		return "[" + strings.Join(options, ",") + "]"
	}
	return date()
}

func TestEDTF_String(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawEDTF(t)
		e, err := parseEDTF(s)
		if err != nil {
			if !strings.ContainsAny(s, "/[") && !strings.Contains(s, "X") {
				t.Fatalf("ParseEDTF(%q): %v", s, err)
			}
			t.Skip()
		}
		again, err := parseEDTF(e.String())
		if err != nil || !reflect.DeepEqual(again, e) || again.String() != e.String() {
			t.Fatalf("%q is written as %q, which is read as %+v, %v", s, e, again, err)
		}
	})
}

func TestEDTF_NeverFiner(t *testing.T) {
	least := [...]int{0, 1, 7, 1, 90, 89, 120, 181, 89, 3652, 36524}
	rapid.Check(t, func(t *rapid.T) {
		s := drawEDTFDate(t, false)
		e, err := parseEDTF(s)
		if err != nil {
			t.Skip()
		}
		checkEDTFWindows(t, e)
		d := e.Spans[0].First
		if days := d.Last().Sub(d.First()) + 1; days < least[d.Grain()] && d.Year.Value < 9999 {
			t.Fatalf("%q is a %s and has %d days", s, d.Grain(), days)
		}
		for _, w := range e.windows("UTC", "") {
			if w.Settled() != (d.Grain() == civil.GrainDay && !d.Approx()) && !narrow(d) {
				t.Fatalf("%q: is the day known? %t", s, w.Settled())
			}
		}
	})
}

// narrow reports whether the unknown digits of d leave one day: 2026-04-3X.
func narrow(d edtfDate) bool { return d.Day.Unspecified == 1 && d.First() == d.Last() }

// fataler is what a test and a property have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkEDTFWindows sees that what e allows lies in its hull, its bounds in order.
func checkEDTFWindows(t fataler, e edtf) {
	t.Helper()
	first, last, _ := hull(e)
	for _, w := range e.windows("Asia/Seoul", "") {
		for _, p := range [][2]Bound{{w.Earliest, w.Latest}, {w.EndsEarliest, w.EndsLatest}, {w.Earliest, w.EndsEarliest}, {w.Latest, w.EndsLatest}} {
			if p[0].Known() && p[1].Known() && (p[1].Day.Before(p[0].Day) || p[1].At.Before(p[0].At)) {
				t.Fatalf("%q: %v comes after %v", e, p[0], p[1])
			}
		}
		if e.any(edtfDate.Approx) || e.any(func(d edtfDate) bool { return d.Timed }) {
			continue
		}
		if !first.IsZero() && w.Earliest.Known() && w.Earliest.Day.Before(first) || !last.IsZero() && w.EndsLatest.Known() && w.EndsLatest.Day.After(last) {
			t.Fatalf("%q: %s is not in its hull %s to %s", e, windowText(w), first, last)
		}
	}
}

func FuzzEDTF(f *testing.F) {
	for _, s := range []string{"2026-02-17", "2026-02~-17", "?2026-02-~17", "2026-1X", "2026-XX-31", "202X", "2026-23", "2026-41%", "2026-10/..", "/2026", "[2026-01-15,2026-02-10..]", "[..1984]",
		"2025-11-10T00:01:00-05:00~", "{1984}", "2026-W07", "Y17E7", "-1985", "2026-02-30", "9999-24~", "1000~", "2026-02-17T09:00Z/2026-02-17T11:00Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseEDTF(s)
		if err != nil {
			se, ok := err.(*syntax.Error)
			if !ok || se.Offset < 0 || se.Offset > len(s) || se.Msg == "" {
				t.Fatalf("ParseEDTF(%q): %#v", s, err)
			}
			return
		}
		again, err := parseEDTF(e.String())
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Fatalf("%q is written as %q, which is read as %q, %v", s, e, again, err)
		}
		checkEDTFWindows(t, e)
	})
}

// What readers of the format are known to lose or to let pass.
func TestEDTF_RoundTrip(t *testing.T) {
	for in, want := range map[string]string{
		"2026-02-17%":             "2026-02-17 2026-02-17 day approx uncertain soft",
		"2026-02?":                "2026-02-01 2026-02-28 month uncertain",
		"2026-02~":                "2026-02-01 2026-02-28 month approx soft",
		"2026-10/..":              "2026-10-01  month to open",
		"2026-02-17/2026-02-10":   " it ends 2026-02-10, before it begins 2026-02-17",
		"?2026-02-~17":            "2026-02-17 2026-02-17 day approx uncertain soft",
		"2026-02~-17":             "2026-02-17 2026-02-17 day approx soft",
		"[2026-01-15,2026-02-17]": "2026-01-15 2026-02-17 one of 2: day, day",
	} {
		e, err := parseEDTF(in)
		first, last, _ := hull(e)
		got := first.String() + " " + last.String() + " "
		if err != nil {
			got += err.Error()
		} else {
			got += describe(e)
		}
		if strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// starts reports whether any stretch of e begins in a state.
func starts(e edtf, in endState) bool {
	return slices.ContainsFunc(e.Spans, func(s edtfSpan) bool { return s.First.State == in })
}

// ends reports whether any stretch of e ends in a state.
func ends(e edtf, in endState) bool {
	return slices.ContainsFunc(e.Spans, func(s edtfSpan) bool { return s.Last.State == in })
}

// hull returns the first and the last day that e names, with nothing widened. ok is false
// where one of them is open or unknown; that one is then the zero Date.
func hull(e edtf) (first, last civil.Date, ok bool) {
	for i, s := range e.Spans {
		if d := s.First.First(); i == 0 || d.Before(first) {
			first = d
		}
		if d := s.Last.Last(); i == 0 || d.After(last) {
			last = d
		}
	}
	if starts(e, endOpen) || starts(e, endUnknown) {
		first = civil.Date{}
	}
	if ends(e, endOpen) || ends(e, endUnknown) {
		last = civil.Date{}
	}
	return first, last, !first.IsZero() && !last.IsZero()
}
