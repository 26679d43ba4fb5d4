package calendar_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/store"
)

// follower follows a calendar that a test writes.
type follower struct {
	*world
	follow  calendar.Follow
	from    string
	applied calendar.Applied // the last reading
}

func newFollower(t *testing.T, bodies ...string) *follower {
	t.Helper()
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	f := &follower{world: w, follow: calendar.Follow{Name: "wto"}, from: "here"}
	f.follow.Reading.Source, f.follow.Reading.Prefix, f.follow.Reading.Zone = "wto", "wto", "Europe/Paris"
	w.s.Follow = []calendar.Follow{f.follow}
	w.s.Sources["wto"] = event.Source{Key: "wto", Title: "wto"}
	for _, b := range bodies {
		if err := f.fetch(b); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// fetch does what the daemon does with a text that it fetched. The error says why it was not
// taken.
func (f *follower) fetch(body string) error {
	f.t.Helper()
	err := f.db.Update(func(tx *store.Tx) error {
		have, known, err := tx.Followed("wto")
		if err != nil {
			f.t.Fatal(err)
		}
		next, err := f.follow.Take(have, known, []byte(body), f.from, f.now)
		if err != nil {
			return err
		}
		return tx.PutFollowed("wto", next)
	})
	if err == nil {
		f.read()
	}
	return err
}

func (f *follower) read() {
	f.t.Helper()
	var err error
	if f.applied, err = f.calendar.Apply(f.s, f.now, nil); err != nil {
		f.t.Fatal(err)
	}
	f.view, f.list = f.applied.View, f.applied.View.Entries()
}

// events lists the events of the calendar: id, title, date and status.
func (f *follower) events() string {
	var out []string
	for _, e := range f.list {
		if e.Followed() != "" {
			out = append(out, fmt.Sprintf("%s %q %s %s", e.ID, e.Title, e.When[0].Expr, e.Status))
		}
	}
	return strings.Join(out, "\n")
}

// words returns what is to be known of the last reading.
func (f *follower) words() string {
	var out []string
	for _, how := range f.applied.Followed {
		for _, x := range how.Found {
			out = append(out, x.What)
		}
	}
	return strings.Join(out, "\n")
}

// vevent writes an entry of a UID and other lines.
func vevent(uid string, lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

// vcalendar writes a calendar of entries.
func vcalendar(entries ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//wto//EN\r\nX-WR-CALNAME:WTO\r\n" + strings.Join(entries, "") + "END:VCALENDAR\r\n"
}

const (
	council = "SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260615\r\nDTEND;VALUE=DATE:20260618"
	panel   = "SUMMARY:Panel\r\nDTSTART:20260701T090000\r\nSTATUS:CANCELLED"
	weekly  = "SUMMARY:Talks\r\nDTSTART;VALUE=DATE:20260601\r\nRRULE:FREQ=WEEKLY;COUNT=8"
	late    = "SUMMARY:Talks, late\r\nRECURRENCE-ID;VALUE=DATE:20260608\r\nDTSTART;VALUE=DATE:20260610"
	passed  = "SUMMARY:Long ago\r\nDTSTART;VALUE=DATE:20250601"
)

const (
	asCouncil = `wto-council "Council" from 2026-06-15 to 2026-06-17 open`
	asPanel   = `wto-panel "Panel" at 2026-07-01 09:00 in Europe/Paris cancelled`
	asTalks   = `wto-talks "Talks" on 2026-06-01 recurring FREQ=WEEKLY;COUNT=8 except 2026-06-08 open`
	asLate    = `wto-talks-20260608 "Talks, late" on 2026-06-10 open`
)

func TestFollow_WhatIsThere(t *testing.T) {
	all := []string{vevent("council", council), vevent("panel", panel), vevent("talks", weekly), vevent("talks", late)}
	without := func(i int) []string { return slices.Delete(slices.Clone(all), i, i+1) }
	instead := func(i int, entry string) string {
		list := slices.Clone(all)
		list[i] = entry
		return vcalendar(list...)
	}
	gone := func(s string) string { return s[:strings.LastIndex(s, " ")] + " withdrawn" }
	every := []string{asCouncil, asPanel, asTalks, asLate}
	for name, c := range map[string]struct {
		body string
		want []string // nil is every
		word string   // that is among the words, "" for none at all
	}{
		"the same":              {vcalendar(all...), nil, ""},
		"in another order":      {vcalendar(all[3], all[1], all[0], all[2]), nil, ""},
		"one is absent":         {vcalendar(without(0)...), []string{gone(asCouncil), asPanel, asTalks, asLate}, ""},
		"two in two calendars":  {vcalendar(all[:2]...) + vcalendar(all[2:]...), nil, ""},
		"a word around it":      {"Notice: x\n" + vcalendar(all...) + "<!-- made in 3 ms -->\n", nil, "what stands outside the calendar is left out"},
		"a day":                 {instead(0, vevent("council", "SUMMARY:Council", "DTSTART;VALUE=DATE:20261315")), nil, `the event "Council" stays as it was: "20261315" is no date and no time`},
		"a time":                {instead(1, vevent("panel", "SUMMARY:Panel", "DTSTART:20260701T990000")), nil, `the event "Panel" stays as it was: "20260701T990000" is no date and no time`},
		"a zone":                {instead(1, vevent("panel", "SUMMARY:Panel", "DTSTART;TZID=Nowhere:20260701T090000")), nil, `the event "Panel" stays as it was: its time is in the zone "Nowhere"`},
		"a rule":                {instead(2, vevent("talks", "SUMMARY:Talks\r\nDTSTART;VALUE=DATE:20260601\r\nRRULE:FREQ=WEEKLI")), nil, `the event "Talks" stays as it was: its series can't be read`},
		"an exception":          {instead(2, vevent("talks", weekly, "EXDATE:20260699")), nil, `the event "Talks" stays as it was: its series can't be read`},
		"an end":                {instead(0, vevent("council", "SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260615\r\nDTEND;VALUE=DATE:2026061")), nil, `the event "Council" stays as it was: its end can't be read`},
		"a status":              {instead(1, vevent("panel", "SUMMARY:Panel\r\nDTSTART:20260701T090000\r\nSTATUS:CANCELLEX")), nil, `the event "Panel" stays as it was: its status can't be read`},
		"no day":                {instead(0, vevent("council", "SUMMARY:Council")), nil, `the event "Council" stays as it was: its day can't be read`},
		"an end alone":          {instead(0, vevent("council", "SUMMARY:Council\r\nDTEND;VALUE=DATE:20260618")), nil, `the event "Council" stays as it was: its day can't be read`},
		"no title":              {instead(0, vevent("council", "DTSTART;VALUE=DATE:20260615")), nil, `the event "Council" stays as it was: its title can't be read`},
		"an occurrence":         {instead(3, vevent("talks", "SUMMARY:Talks, late", "RECURRENCE-ID;VALUE=DATE:20260608", "DTSTART:x")), nil, `the event "Talks, late" stays as it was: "x" is no date and no time`},
		"a journal now":         {instead(0, "BEGIN:VJOURNAL\r\nUID:council\r\nEND:VJOURNAL\r\n"), nil, `the event "Council" stays as it was: its UID stands in no event`},
		"two UIDs":              {instead(0, vevent("council", council, "UID:other")), nil, `the event "Council" stays as it was: it has more than one UID`},
		"no UID":                {strings.Replace(vcalendar(all...), "UID:council\r\n", "", 1), nil, "the event has no UID"},
		"UID and title mixed":   {strings.Replace(vcalendar(all...), "UID:council\r\nSUMMARY:", "UID:council SUMMARY:", 1), nil, `the event "Council" stays as it was: what may be its entry has no title`},
		"UID and day mixed":     {strings.Replace(strings.Replace(vcalendar(all...), "UID:council\r\n", "", 1), "DTSTART;VALUE=DATE:20260615", "DTSTART;VALUE=DATE:20260615UID:council", 1), nil, `the event "Council" stays as it was`},
		"no UID, another title": {strings.Replace(strings.Replace(vcalendar(all...), "UID:council\r\n", "", 1), "SUMMARY:Council", "SUMMARY:Council UID:council", 1), nil, `the event "Council" stays as it was: what may be its entry has no UID`},
		"a message":             {strings.Replace(vcalendar(vevent("council", council)), "VERSION", "METHOD:CANCEL\r\nVERSION", 1), []string{strings.Replace(asCouncil, "open", "cancelled", 1), asPanel, asTalks, asLate}, "its METHOD is CANCEL: it tells of some events, and the others stay as they were"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == nil {
				c.want = every
			}
			f := newFollower(t, vcalendar(all...))
			if got := f.events(); got != strings.Join(every, "\n") {
				t.Fatalf("at first:\n%s", got)
			}
			for range 2 { // as it is read again after an edit of files
				if err := f.fetch(c.body); err != nil {
					t.Fatal(err)
				}
				got, words := f.events(), f.words()
				if got != strings.Join(c.want, "\n") || !strings.Contains(words, c.word) {
					t.Errorf("%s\nwords: %s\nwant %s\n%s", got, words, strings.Join(c.want, "\n"), c.word)
				}
			}
			if err := f.fetch(vcalendar(all...)); err != nil {
				t.Fatal(err)
			}
			if got, words := f.events(), f.words(); got != strings.Join(every, "\n") || words != "" && !strings.Contains(words, "UIDs") {
				t.Errorf("sound again:\n%s\n%s", got, words)
			}
		})
	}
}

func TestFollow_Notes(t *testing.T) {
	noted := func(n int) string {
		return vevent("council", council, strings.Repeat("TRANSP:OPAQUE\r\n", n)+"X-A:1\r\nX-B:1")
	}
	f := newFollower(t, vcalendar(noted(1)))
	for name, c := range map[string]struct {
		body       string
		all, since string
	}{
		"more often, elsewhere": {vcalendar(vevent("panel", panel), noted(2)),
			"line 16: TRANSP is passed over, 2 times; line 18: X-A is passed over; line 19: X-B is passed over", ""},
		"something else too": {vcalendar(noted(1), vevent("panel", panel, "X-C:1")),
			"line 10: TRANSP is passed over; line 11: X-A is passed over; line 12: X-B is passed over; and 1 more, which attache import names",
			"line 19: X-C is passed over"},
		"less":    {vcalendar(vevent("council", council, "X-A:1")), "line 10: X-A is passed over", ""},
		"nothing": {vcalendar(vevent("council", council)), "", ""},
	} {
		before := f.applied.Followed[0]
		if err := f.fetch(c.body); err != nil {
			t.Fatal(err)
		}
		now := f.applied.Followed[0]
		if all, since := now.NotesWords(), now.Since(before).NotesWords(); all != c.all || since != c.since {
			t.Errorf("%s: %q, of which is new %q", name, all, since)
		}
		if err := f.fetch(vcalendar(noted(1))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFollow_LacksFromTheStart(t *testing.T) {
	f := newFollower(t, vcalendar(vevent("council", "SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260615\r\nDTEND:x")))
	for _, c := range [][2]string{
		{"SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260616\r\nDTEND:x", `wto-council "Council" on 2026-06-16 open`},
		{"SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260617\r\nDTEND:20260619", `wto-council "Council" from 2026-06-17 to 2026-06-18 open`},
		{"SUMMARY:Council\r\nDTSTART;VALUE=DATE:20260622\r\nDTEND:x", `wto-council "Council" from 2026-06-17 to 2026-06-18 open`},
	} {
		if err := f.fetch(vcalendar(vevent("council", c[0]))); err != nil || f.events() != c[1] {
			t.Errorf("%q: %s, %v; want %s", c[0], f.events(), err, c[1])
		}
	}
}

func TestFollow_OtherUIDsAtEachFetch(t *testing.T) {
	body := func(n int, entries ...string) string {
		for i, e := range entries {
			entries[i] = vevent(fmt.Sprintf("%d-%d@x", n, i), e)
		}
		return vcalendar(entries...)
	}
	f := newFollower(t, body(0, council, panel, weekly, passed, "SUMMARY:Talks\r\nDTSTART:20260801"))
	first, n := f.events(), len(f.told)
	for i := 1; i < 6; i++ {
		f.pass(time.Hour)
		if err := f.fetch(body(i, weekly, passed, council, panel, "SUMMARY:Talks\r\nDTSTART:20260801")); err != nil {
			t.Fatal(err)
		}
		if got := f.events(); got != first || len(f.applied.Revised) > 0 {
			t.Fatalf("fetch %d:\n%s\nwant %s", i, got, first)
		}
		for range 2 {
			if got := f.words(); got != "its UIDs are not stable: an entry with another UID is known by its title and its start" {
				t.Fatalf("fetch %d: %s", i, got)
			}
			f.read()
		}
	}
	if err := f.fetch(body(7, strings.Replace(council, "0615", "0616", 1), panel, weekly, "SUMMARY:Talks\r\nDTSTART:20260801")); err != nil {
		t.Fatal(err)
	}
	if got := f.events(); got != strings.Replace(first, "from 2026-06-15", "from 2026-06-16", 1) {
		t.Errorf("one moves:\n%s", got)
	}
	f.pass(time.Hour)
	if got := f.says(n); strings.Contains(got, "Panel") || strings.Contains(got, "ithdrawn") || !strings.Contains(got, "Council") {
		t.Errorf("people are told\n%s", got)
	}
	if err := f.fetch(body(7, strings.Replace(council, "0615", "0616", 1), panel, weekly)); err != nil {
		t.Fatal(err)
	}
	if got := f.words(); got != "" || strings.Count(f.events(), "withdrawn") != 1 {
		t.Errorf("the UIDs are stable, and one entry is absent:\n%s\n%s", f.events(), got)
	}
}

func TestFollow_NoUIDs(t *testing.T) {
	body := func(entries ...string) string {
		return strings.ReplaceAll(vcalendar(entries...), "UID:\r\n", "")
	}
	f := newFollower(t, body(vevent("", council), vevent("", panel), vevent("", passed)))
	first := f.events()
	if err := f.fetch(body(vevent("", panel), vevent("", council))); err != nil || f.events() != first {
		t.Errorf("%s, want %s; %v", f.events(), first, err)
	}
	if err := f.fetch(body(vevent("", strings.Replace(council, "20260615", "20260616", 1)), vevent("", panel))); err != nil || f.events() != strings.Replace(first, "2026-06-15", "2026-06-16", 1) {
		t.Errorf("one moves: %s; %v", f.events(), err)
	}
	if err := f.fetch(body(vevent("", panel))); err != nil || strings.Count(f.events(), "withdrawn") != 1 {
		t.Errorf("one is absent: %s; %v", f.events(), err)
	}
}

func TestFollow_OneLocalPartTwoHosts(t *testing.T) {
	f := newFollower(t, vcalendar(vevent("1@a", council), vevent("1@b", panel)))
	first := f.events()
	if err := f.fetch(vcalendar(vevent("1@b", panel), vevent("1@a", council))); err != nil || f.events() != first {
		t.Errorf("in another order: %s\nwant %s; %v", f.events(), first, err)
	}
	if err := f.fetch(vcalendar(vevent("1@c", "SUMMARY:Vote\r\nDTSTART:20260801"), vevent("1@b", panel))); err != nil || !strings.Contains(f.events(), `"Council" from 2026-06-15 to 2026-06-17 withdrawn`) || !strings.Contains(f.events(), `"Vote" on 2026-08-01 open`) {
		t.Errorf("one leaves and one comes: %s; %v", f.events(), err)
	}
}

func TestFollow_RecordedWithoutUIDs(t *testing.T) {
	f := newFollower(t, vcalendar(vevent("council", council), vevent("panel", panel)))
	first := f.events()
	err := f.db.Update(func(tx *store.Tx) error { // as an attache before this one did
		var all []event.Event
		err := tx.Bases(func(e event.Event) error { all = append(all, e); return nil })
		for _, e := range all {
			e.Foreign = event.Foreign{}
			err = cmp.Or(err, tx.PutBase(e))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.fetch(vcalendar(vevent("panel", panel), vevent("council", council))); err != nil || f.events() != first || len(f.applied.Revised) > 0 {
		t.Errorf("%s\nwant %s; %v", f.events(), first, err)
	}
}

func TestFollow_Take(t *testing.T) {
	have := vcalendar(vevent("council", council), vevent("old", passed), vevent("panel", panel))
	named := func(name, body string) string { return strings.Replace(body, "CALNAME:WTO", "CALNAME:"+name, 1) }
	vote := vevent("vote", "SUMMARY:Vote\r\nDTSTART:20260801")
	for name, c := range map[string]struct {
		body, from string
		want       string // part of why it is not taken
	}{
		"the same":                          {have, "here", ""},
		"nothing":                           {"", "here", "it is empty"},
		"a web page":                        {"<!doctype html>\n<p>Sign in", "here", "it is a web page, and not a calendar"},
		"in a web page":                     {"<html><pre>\n" + have, "here", "it is a web page, and not a calendar"},
		"cut":                               {have[:len(have)-40], "here", "has no end: the text was cut"},
		"the second of two calendars cut":   {have + have[:90], "here", "has no end: the text was cut"},
		"no events":                         {vcalendar(), "here", "no events any more"},
		"no events and another place":       {vcalendar(), "there", ""},
		"another calendar":                  {named("Holidays", vcalendar(vote)), "here", `it is another calendar, "Holidays", and has none of the 2 events that "WTO" has ahead`},
		"another program":                   {strings.Replace(vcalendar(vote), "-//wto", "-//other", 1), "here", "it is another calendar"},
		"another calendar at another place": {named("Holidays", vcalendar(vote)), "there", ""},
		"another name":                      {named("WTO 2026", vcalendar(vote, vevent("panel", panel))), "here", ""},
		"another name, and all unread":      {named("WTO 2026", vcalendar(vevent("panel", "DTSTART:x"), vevent("council", "DTSTART:x"))), "here", ""},
		"all others":                        {vcalendar(vote), "here", ""},
	} {
		f := newFollower(t, have)
		f.from = c.from
		before, n := f.events(), f.applied.View
		err := f.fetch(c.body)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || f.events() != before || f.applied.View != n {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if kept := f.kept(); !bytes.Equal(kept.Body, []byte(have)) || kept.From != "here" {
			t.Errorf("%s: %+v is kept", name, kept)
		}
	}
}

// kept returns what is kept of the calendar.
func (f *follower) kept() (kept store.Followed) {
	err := f.db.View(func(tx *store.Tx) (err error) {
		kept, _, err = tx.Followed("wto")
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return kept
}

func TestFollow_KeptAndCut(t *testing.T) {
	body := vcalendar(vevent("council", council), vevent("panel", panel))
	f := newFollower(t, body)
	first := f.events()
	cut := []byte(body[:strings.Index(body, "UID:panel")])
	err := f.db.Update(func(tx *store.Tx) error { // as an attache before this one did
		return tx.PutFollowed("wto", store.Followed{Body: cut, ETag: "x", At: f.now})
	})
	if err != nil {
		t.Fatal(err)
	}
	f.read()
	if f.events() != first || !strings.Contains(f.words(), "nothing of it is taken: BEGIN:VEVENT has no end: the text was cut") || f.follow.Reliable(cut) || !f.follow.Reliable([]byte(body)) {
		t.Errorf("%s\n%s", f.events(), f.words())
	}
	if err := f.fetch(body); err != nil || f.events() != first || f.words() != "" {
		t.Errorf("fetched again: %v\n%s\n%s", err, f.events(), f.words())
	}
}
