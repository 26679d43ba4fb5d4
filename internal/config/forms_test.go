package config

import (
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// around is what the dates of the tests lean on.
const around = `sources:
  kl-talks: {title: T, published: 2025-10-26, timezone: Asia/Kuala_Lumpur}
  eo-2025-11-04: {title: O}
events:
  - {id: rare-earth-curbs, title: C, when: tbd}
  - {id: beijing-trip, title: B, when: [{between: [2026-01-01, 2026-02-16]}]}
  - {id: xi-g20-visit, title: X, when: {between: [2026-09-01, 2026-12-21]}}
  - {id: tariff-deadline, title: D, kind: deadline, when: 2025-11-01}
  - {id: notice, title: N, when: 2025-11-10}
  - {id: signature, title: S, when: 2026-02-02}
  - {id: call, title: K, when: "2026-02-02 20:00 UTC"}
`

// readsAs checks an event whose when is text, and returns its statements and what follows.
func readsAs(t *testing.T, text string) ([]event.Statement, agenda.Entry) {
	t.Helper()
	doc := around + "  - id: it\n    title: It\n    zone: Asia/Seoul\n    " + text + "\n"
	found := CheckFiles(nil, Document{Name: "x.yaml", Data: []byte(doc)})
	if len(found.Errors) > 0 {
		t.Fatalf("%s: %v", text, found.Errors)
	}
	var in []agenda.Input
	for _, e := range found.Calendar.Events {
		in = append(in, agenda.Input{Revision: event.First(e.Counted(found.Calendars), event.Author{}, time.Time{})})
	}
	list := agenda.Solve(in)
	last := len(list) - 1
	return found.Calendar.Events[last].When, list[last]
}

// dateOf writes what an event's date was understood to be.
func dateOf(e agenda.Entry) string { return e.Window.Words() }

func TestStatement_Alone(t *testing.T) {
	for _, c := range []struct{ text, date string }{
		// As people write them, one event's when each.
		{`when: {on: 2025-11-01, tz: America/New_York, if: {event: rare-earth-curbs, is: in_force}, source: kl-talks, quote: "threatened to implement on 1 November if Beijing moves forward"}`, "Sat 1 Nov 2025"},
		{`when: {at: "2025-11-10 00:01 ET", source: eo-2025-11-04, quote: "12:01 a.m. EST on November 10, 2025"}`, "Mon 10 Nov 2025, 00:01 New York time"},
		{"when:\n      - {phrase: \"next week\", source: kl-talks}\n      - {phrase: \"this week\", source: kl-talks}\n      - {phrase: \"on Thursday\", source: kl-talks, tz: Asia/Seoul, quote: \"in South Korea on Thursday\"}", "Thu 30 Oct 2025"},
		{"when:\n      - {phrase: \"early next year\", source: kl-talks, certainty: possible}\n      - {before: lunar-new-year(CN) 2026, source: kl-talks, quote: \"ahead of the Lunar New Year on 17 February\"}", "some day from 1 Jan to 16 Feb 2026"},
		{`when: [{after: event:beijing-trip, source: kl-talks}, {before: event:xi-g20-visit, source: kl-talks, quote: "before Xi’s visit"}]`, "some day from 2 Jan to 20 Dec 2026"},
		{`when: {phrase: "next autumn", source: kl-talks}`, "some day from 1 Sep to 21 Dec 2026"},
		{`when: {from: 2025-10-26, lasts: 5 days, source: kl-talks, quote: "the first stop of a five-day Asia tour"}`, "26–30 Oct 2025"},
		{`when: {from: 2025-10-25, to: 2025-10-26, source: kl-talks, quote: "two days of high-level trade talks"}`, "25–26 Oct 2025"},
		{`when: tbd`, "no date yet"},
		{`when: {by: event:tariff-deadline, certainty: likely, quote: "preliminary consensus on extending their trade truce"}`, "on or before 1 Nov 2025"},
		{`when: {phrase: "in the months ahead", source: kl-talks, quote: "further meetings ... in both China and the United States"}`, "some day from 27 Oct 2025 to 26 Oct 2026"},
		{`when: {on: 30 business days after event:notice, calendar: US}`, "Wed 24 Dec 2025"},
		{`when: {by: 2026-03-15, tz: AoE}`, "on or before 15 Mar 2026"},
		{`when: {one_of: [2026-01-15, 2026-02-10]}`, "some day from 15 Jan to 10 Feb 2026"},
		{`when: {at: "2026-01-02 08:30 ET", recurs: "FREQ=MONTHLY;BYDAY=1FR", except: [2026-03-06], also: ["2026-03-11 08:30"]}`, "Fri 2 Jan 2026, 08:30 New York time"},
		{`when: {after: at least 10 business days after event:signature, calendar: CN}`, "on or after 14 Feb 2026"},
		{`when: "[2026-01-01..2026-02-16]"`, "some day from 1 Jan to 16 Feb 2026"},
		{`when: 2026-02-17~`, "some day from 14 to 20 Feb 2026"},

		// Each form with each thing that it takes.
		{`when: {on: 2026-Q1}`, "some day from 1 Jan to 31 Mar 2026"},
		{`when: 2026-H2`, "some day from 1 Jul to 31 Dec 2026"},
		{`when: {on: w/c 2026-03-02}`, "some day from 2 to 8 Mar 2026"},
		{`when: {not_before: w/c 2026-03-02}`, "on or after 2 Mar 2026"},
		{`when: {on: 2026-02}`, "some day from 1 to 28 Feb 2026"},
		{`when: {on: holiday(US, Thanksgiving Day, 2026)}`, "Thu 26 Nov 2026"},
		{`when: {before: "holiday(US, Thanksgiving Day, 2026)"}`, "on or before 25 Nov 2026"},
		{`when: by 3 US business days before holiday(US, Thanksgiving Day, 2026)`, "on or before 23 Nov 2026"},
		{`when: {by: 3 business days before 2026-07-06, calendar: US}`, "on or before 30 Jun 2026"},
		{`when: {within: 5 business days after event:signature, calendar: US}`, "some day from 2 to 9 Feb 2026"},
		{`when: {after: at most 5 business days after event:signature, calendar: US}`, "some day from 3 to 9 Feb 2026"},
		{`when: {on: exactly 5 business days before event:signature, calendar: US}`, "Mon 26 Jan 2026"},
		{"calendar: US\n    when: at least 10 business days after event:signature", "on or after 17 Feb 2026"},
		{`when: {within: 36 hours after event:call}`, "some day from 3 to 4 Feb 2026"},
		{`when: {after: at least 2 months after event:signature}`, "on or after 2 Apr 2026"},
		{`when: {between: [lunar-new-year(CN) 2026, holiday(CN, Qingming Festival, 2026)]}`, "some day from 17 Feb to 5 Apr 2026"},
		{`when: {between: [event:notice, event:signature]}`, "some day from 10 Nov 2025 to 2 Feb 2026"},
		{`when: {from: 2026-02-13, lasts: 3 business days, calendar: CN}`, "13–24 Feb 2026"},
		{`when: {from: 2026-01-31, lasts: 1 month}`, "31 Jan – 27 Feb 2026"},
		{`when: {during: event:beijing-trip}`, "some day from 1 Jan to 16 Feb 2026"},
		{`when: {ends_by: 2026-03-01, not_before: 2026-02-01}`, "some day from 1 Feb to 1 Mar 2026"},
		{`when: {after: event:notice.start, before: event:signature.end}`, "some day from 11 Nov 2025 to 1 Feb 2026"},
		{`when: {edtf: 2026-03/..}`, "some day from 1 to 31 Mar 2026"},
		{`when: {edtf: "2026-33"}`, "some day from 1 Jan to 31 Mar 2026"},
		{`when: 2026-02-17 09:00 Asia/Shanghai`, "Tue 17 Feb 2026, 09:00 Shanghai time"},
		{`when: {at: "2026-02-17 09:00 +08:00"}`, "Tue 17 Feb 2026, 09:00 +08:00"},
		{`when: [2026-01-01..2026-02-16]`, "some day from 1 Jan to 16 Feb 2026"},
	} {
		statements, e := readsAs(t, c.text)
		if got := dateOf(e); got != c.date {
			t.Errorf("%s\n is %s; want %s", c.text, got, c.date)
		}
		for _, s := range statements {
			again, err := when.Parse(s.Expr.String())
			if err != nil || again != s.Expr {
				t.Errorf("%s\n is printed as %s and read as %v, %v", c.text, s.Expr, again, err)
			}
		}
		if len(e.Contradictions) > 0 {
			t.Errorf("%s\n contradicts: %v", c.text, e.Contradictions)
		}
	}
}

func TestCalendars(t *testing.T) {
	const events = `
calendar:
  events:
    - {id: a, title: A, when: {on: 2 business days after 2026-01-07, calendar: US}}
    - {id: b, title: B, when: {on: 2 business days after 2026-01-07, calendar: desk}}
    - {id: c, title: C, when: {on: 2 business days after 2026-01-07, calendar: team}}
    - {id: d, title: D, when: {on: 2 business days after 2027-12-23, calendar: CN}}
`
	for _, c := range []struct{ calendars, want string }{
		{"calendars: {desk: {}, team: {}}", "a 2026-01-09, b 2026-01-09, c 2026-01-09, d 2027-12-27*"},
		{"calendars: {US: {closed: [2026-01-09]}, desk: {}, team: {}}", "a 2026-01-12, b 2026-01-09, c 2026-01-09, d 2027-12-27*"},
		{"calendars: {US: {closed: [2026-01-09], open: [2026-01-10]}, desk: {based_on: US, closed: [2026-01-12/2026-01-14]}, team: {based_on: desk}}", "a 2026-01-10, b 2026-01-10, c 2026-01-10, d 2027-12-27*"},
		{"calendars: {desk: {closed: [2026-01-08/2026-01-12]}, team: {}, CN: {published_until: 2027-12-31, closed: [2027-12-27]}}", "a 2026-01-09, b 2026-01-14, c 2026-01-09, d 2027-12-28"},
	} {
		found := CheckFiles(nil, Document{Name: "attache.yaml", Data: []byte(c.calendars + events)})
		if len(found.Errors) > 0 {
			t.Errorf("%s: %v", c.calendars, found.Errors)
			continue
		}
		var got []string
		for _, e := range found.Calendar.Events {
			b := e.Counted(found.Calendars).When[0].Expr.Window("UTC", "").Earliest
			text := e.ID + " " + b.Day.String()
			if b.Soft {
				text += "*"
			}
			got = append(got, text)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %s; want %s", c.calendars, g, c.want)
		}
	}
}

func TestCalendars_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"calendars: {us: {closed: [2026-01-09]}}":                                    `-:1:13: the calendar "us" is written "US"`,
		"calendars: {US: {close: [2026-01-09]}}":                                     `-:1:18: unknown key "close": did you mean "closed"?`,
		"calendars: {US: {closed: [2026-02-30]}}":                                    `-:1:35: "2026-02-30": February 2026 has no day 30`,
		"calendars: {US: {closed: [2026-02]}}":                                       `-:1:27: "2026-02" is not a day: write it as 2026-02-16`,
		"calendars: {US: {closed: 2026-01-09}}":                                      `-:1:26: closed is a list, not "2026-01-09": write [2026-01-09]`,
		"calendars: {US: {closed: [2026-01-09/2026-01-01]}}":                         `-:1:27: it ends 2026-01-01, before it begins 2026-01-09`,
		"calendars: {US: {closed: [2026-01-09/2026-01-32]}}":                         `-:1:46: "2026-01-32": January 2026 has no day 32`,
		"calendars: {US: {closed: [2024-01-09/2026-01-09]}}":                         `-:1:27: closed names more than 400 days at once`,
		"calendars: {US: {closed: [2026-01-09], open: [2026-01-09]}}":                `-:1:13: the calendar "US" has 2026-01-09 both closed and open`,
		"calendars: {US: {based_on: GB}}":                                            `-:1:18: this calendar is there already: give a new one another name, or leave out based_on`,
		"calendars: {desk: {based_on: UK}}":                                          `-:1:30: there is no calendar "UK": did you mean "GB"? there are CN, EU, GB, HK, JP, KR, MY, SG, TARGET, US, weekdays`,
		"calendars: {my desk: {}}":                                                   `-:1:13: "my desk" is no name for a calendar: use letters, digits and inner hyphens`,
		"calendars: {days: {}}":                                                      `-:1:13: "days" is no name for a calendar: it is a word of dates`,
		"calendars: [US]":                                                            `-:1:12: calendars holds keys and values, not a list`,
		"calendars: {US: 2026-01-09}":                                                `-:1:17: a calendar holds keys and values, not "2026-01-09"`,
		"calendar: {events: [{id: a, title: A, calendar: UK, when: tbd}]}":           `-:1:49: there is no calendar "UK": did you mean "GB"? there are CN, EU, GB, HK, JP, KR, MY, SG, TARGET, US, weekdays`,
		"calendar: {events: [{id: a, title: A, when: {on: 2026-01, calendar: Us}}]}": `-:1:69: there is no calendar "Us": did you mean "US"? there are CN, EU, GB, HK, JP, KR, MY, SG, TARGET, US, weekdays`,
	} {
		found := CheckFiles(nil, Document{Name: "-", Data: []byte(text)})
		if len(found.Errors) == 0 || found.Errors[0].Error() != want {
			t.Errorf("%s:\n%v\nwant\n%s", text, found.Errors, want)
		}
	}
}
