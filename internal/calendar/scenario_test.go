package calendar_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/store"
)

var march = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // a Monday

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// details is what happens to the events of a test, one thing after the other, and what is
// said after each.
type act struct {
	do   func(w *world)
	want string // what is said until the next act, one message a line
}

func play(t *testing.T, w *world, acts ...act) {
	t.Helper()
	for i, a := range acts {
		n := len(w.told)
		a.do(w)
		if got, want := w.says(n), strings.TrimPrefix(a.want, "\n"); got != want {
			t.Errorf("act %d: got\n%swant\n%s", i+1, got, want)
		}
	}
}

func wait(d time.Duration) func(*world) { return func(w *world) { w.pass(d) } }

func edited(t *testing.T, id, date string) func(*world) {
	return func(w *world) { w.edit(id, set(t, date)); w.pass(5 * time.Minute) }
}

func TestReminders_MovedDate(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	play(t, w,
		act{wait(hours(80)), "reminder 7d In 7 days: Visit\n"}, // Thu 5 Mar, 16:00
		act{edited(t, "visit", "2026-03-13"), "change Slipped: Visit\n"},
		act{wait(hours(24 * 6)), "reminder 7d In 7 days: Visit\n"}, // of the new date
		act{wait(hours(24)), "reminder 1d Tomorrow: Visit\n"},
		act{edited(t, "visit", "2026-03-31"), "change Slipped: Visit\n"},
		act{wait(hours(24 * 12)), "reminder 7d In 7 days: Visit\n"},
		act{edited(t, "visit", "2026-03-25"), "change Pulled in: Visit\nreminder 1d The date moved. Tomorrow: Visit\n"},
		act{wait(hours(12)), ""},
	)
}

func TestReminders_MovedOntoAnotherRung(t *testing.T) {
	w := newWorld(t, march.Add(time.Hour), made(t, "visit", event.Visit, "2026-03-10"))
	// What was a week before the 10th, 09:00 on the 3rd, is a day before the 4th.
	w.pass(hours(23))
	play(t, w,
		act{func(w *world) { w.edit("visit", set(t, "2026-03-04")); w.pass(hours(2)) }, "change Pulled in: Visit\nreminder 1d Tomorrow: Visit\n"},
		act{wait(hours(12)), ""},
	)
}

func TestStory_CorrectionTakenBack(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-04-12"))
	play(t, w, act{func(w *world) {
		w.edit("visit", set(t, "2026-05-12"))
		w.pass(time.Minute)
		w.edit("visit", set(t, "2026-04-12"))
		w.pass(time.Hour)
	}, ""})
	play(t, w,
		act{func(w *world) { w.edit("visit", become(event.Cancelled, "no")); w.pass(time.Hour) }, "change Cancelled: Visit\n"},
		act{func(w *world) { w.edit("visit", func(e *event.Event) { e.Title = "Call" }); w.pass(time.Hour) }, "change Retitled: Call\n"},
		act{func(w *world) { w.edit("visit", func(e *event.Event) { e.Note = "x" }); w.pass(time.Hour) }, ""},
	)
}

func TestStory_FollowersInOneMessage(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"), made(t, "talks", event.Meeting, "3 days after event:visit"),
		made(t, "report", event.Announcement, "2 days after event:talks"))
	w.edit("visit", set(t, "2026-03-14"))
	w.pass(time.Hour)
	if len(w.told) != 1 || w.told[0].Notice.Event != "visit" {
		t.Fatalf("it is told in %d messages:\n%s", len(w.told), w.says(0))
	}
	text := w.whole(0)
	for _, want := range []string{
		"This also moves Talks: now Tue 17 Mar 2026 (was Sun 15 Mar 2026)", "This also moves Report: now Thu 19 Mar 2026 (was Tue 17 Mar 2026)",
		"6 reminders moved",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	// Back within the time to settle, nothing is told at all.
	n := len(w.told)
	w.edit("visit", set(t, "2026-03-20"))
	w.pass(time.Minute)
	w.edit("visit", set(t, "2026-03-14"))
	w.pass(time.Hour)
	if got := w.says(n); got != "" {
		t.Errorf("there and back: %s", got)
	}
}

func TestOutcome_AskedTwiceThenLapsed(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-06")) // a Friday
	w.pass(hours(24 * 4))
	n := len(w.told)
	play(t, w,
		act{wait(hours(24*3 + 12)), "outcome What became of it? Visit\n"}, // Monday the 9th
		act{wait(hours(24 * 3)), "outcome Asked again: what became of it? Visit\n"},
		act{wait(hours(24 * 6)), ""},
	)
	if got := w.status("visit"); got != event.Lapsed {
		t.Errorf("ten days later it is %s, after\n%s", got, w.says(n))
	}
	play(t, w,
		act{wait(hours(24 * 30)), ""},
		act{edited(t, "visit", "2026-05-06"), "change Reinstated, slipped: Visit\n"},
	)
	if got := w.status("visit"); got != event.Open {
		t.Errorf("with a date to come it is %s", got)
	}
}

func TestOutcome_Answered(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-06"))
	w.pass(hours(24*7 + 2)) // asked on Monday
	n := len(w.told)
	play(t, w, act{func(w *world) {
		w.edit("visit", become(event.Held, "it was"))
		w.pass(hours(24 * 30))
	}, "change Held: Visit\n"})
	if w.status("visit") != event.Held {
		t.Errorf("it is %s after\n%s", w.status("visit"), w.says(n))
	}
}

func TestWindow_OpensAndCloses(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-03-12 and 2026-04-30"))
	play(t, w, act{wait(hours(24 * 64)), `
reminder 7d First possible day is 12 Mar 2026: Visit
reminder 1d First possible day is 12 Mar 2026: Visit
window 0d Could happen any day from now: Visit
window 7d Still no date, 7 days before the last possible day: Visit
window 1d Still no date, and tomorrow is the last possible day: Visit
outcome What became of it? Visit
`})
}

func TestStory_FollowerOfAnOpenDate(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-03-12 and 2026-04-30"), made(t, "talks", event.Meeting, "after event:visit"))
	w.pass(hours(24 * 20))
	if got := w.says(0); strings.Contains(got, "Talks") {
		t.Errorf("nobody knows when the visit is, and\n%s", got)
	}
	play(t, w, act{func(w *world) { w.edit("visit", set(t, "2026-04-02")); w.pass(hours(24 * 13)) }, `
change Firmed: Visit
stale 16d Does this still stand? Talks
reminder 7d In 7 days: Visit
reminder 1d Tomorrow: Visit
outcome What became of it? Visit
window 0d Could happen any day from now: Talks
`})
}

func TestStale_Asked(t *testing.T) {
	e := made(t, "visit", event.Visit, "between 2026-06-01 and 2026-06-30")
	w := newWorld(t, march, e, made(t, "accord", event.Measure, "tbd"))
	w.s.Rules.Ladders, w.s.Rules.Default, w.s.Rules.Opens, w.s.Rules.Closes = nil, nil, nil, nil
	w.restart()
	w.pass(hours(24 * 120))
	var got []string
	for _, it := range w.told {
		if it.Notice.Kind == notice.Stale {
			got = append(got, it.SentAt.Format("2006-01-02 15:04")+" "+it.Notice.Event)
		}
	}
	// Half of what is left after a month, and never on a weekend.
	want := "2026-04-01 09:00 accord, 2026-04-01 09:00 visit, 2026-05-04 09:00 visit, 2026-06-01 09:00 accord"
	if s := strings.Join(sorted(got), ", "); s != want {
		t.Errorf("asked %s, want %s", s, want)
	}
	if text := w.whole(0); !strings.Contains(text, "Not verified for 30 days, since 2 Mar 2026 · If it stands: attache seen accord") {
		t.Error(text)
	}
}

func TestCondition_Decided(t *testing.T) {
	filing := made(t, "filing", event.Deadline, "2026-03-20")
	filing.If = &event.Condition{Text: "the curbs go ahead", Event: "curbs", Is: event.InForce}
	w := newWorld(t, march, filing, made(t, "curbs", event.Measure, "tbd"))
	play(t, w,
		act{func(w *world) { w.edit("curbs", become(event.Cancelled, "no")); w.pass(time.Hour) },
			"change Cancelled: Curbs\ncondition Averted, because its condition is not met: Filing\n"},
		act{wait(hours(24 * 5)), ""},
		act{func(w *world) { w.edit("curbs", become(event.Open, "after all")); w.pass(time.Hour) },
			"change Reinstated: Curbs\ncondition Undecided again: Filing\n"},
		act{wait(hours(24 * 6)), "reminder 7d In 7 days: Filing\n"},
		act{func(w *world) { w.edit("curbs", become(event.InForce, "yes")); w.pass(time.Hour) },
			"change In force: Curbs\ncondition Its condition is met, so it stands: Filing\n"},
		act{func(w *world) { w.restart(); w.pass(time.Hour) }, ""},
	)
}

// TestCondition_TooLate has a date wait for what cannot take place before it: whoever is told of
// that date is told so, once.
func TestCondition_TooLate(t *testing.T) {
	filing := made(t, "filing", event.Deadline, "2026-05-20")
	filing.If = &event.Condition{Text: "the curbs are in force", Event: "curbs", Is: event.InForce}
	w := newWorld(t, march, filing, made(t, "law", event.Measure, "2026-05-01"), made(t, "curbs", event.Measure, "3 days after event:law"))
	w.s.Rules.Routes = []notice.Route{{To: "#desk", Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}, Notices: []notice.Kind{notice.Condition}}}
	w.restart()
	late := "condition Its condition cannot be decided in time: Filing\n"
	play(t, w,
		act{wait(time.Hour), ""},
		act{edited(t, "law", "2026-05-20"), late}, // because of what the curbs lean on
		act{func(w *world) { w.restart(); w.pass(time.Hour) }, ""},
		act{func(w *world) { w.edit("curbs", func(e *event.Event) { e.Title = "The curbs" }); w.pass(time.Hour) }, ""},
		act{edited(t, "law", "2026-05-02"), ""},
		act{func(w *world) {
			w.edit("law", set(t, "2026-05-25"))
			w.pass(time.Minute)
			w.edit("law", set(t, "2026-05-02"))
			w.pass(time.Hour)
		}, ""},
		act{edited(t, "law", "2026-05-24"), late}, // on another day
	)
	if got := w.whole(0); !strings.Contains(got, "curbs cannot be in force before 27 May 2026") || w.status("filing") != event.Open {
		t.Errorf("it says\n%s", got)
	}
}

// together returns statements as they are where one map has them all.
func together(list []event.Statement) []event.Statement {
	for k := range list {
		list[k].Joint = k > 0
	}
	return list
}

func TestContradiction_BeginsAndEnds(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-05-12"))
	two := func(e *event.Event) {
		a, b := made(t, "visit", event.Visit, "2026-05-12"), made(t, "visit", event.Visit, "2026-05-14")
		e.When = together(append(a.When, b.When...))
	}
	play(t, w,
		act{func(w *world) { w.edit("visit", two); w.pass(time.Hour) }, "contradiction Contradiction: Visit\n"},
		act{func(w *world) { w.restart(); w.edit("visit", func(e *event.Event) { e.Note = "x" }); w.pass(time.Hour) }, ""},
		act{edited(t, "visit", "2026-05-12"), "contradiction No longer a contradiction: Visit\n"},
		act{func(w *world) { w.restart(); w.pass(time.Hour) }, ""},
		act{func(w *world) { w.edit("visit", two); w.pass(time.Hour) }, "contradiction Contradiction: Visit\n"},
	)
}

func TestPlan_OnlyWhatAnEditTouches(t *testing.T) {
	var events []event.Event
	for i := range 50 {
		events = append(events, made(t, "visit-"+string(rune('a'+i/26))+string(rune('a'+i%26)), event.Visit, "2026-04-12"))
	}
	events = append(events, made(t, "talks", event.Meeting, "after event:visit-aa"))
	w := newWorld(t, march, events...)
	w.s.Events = slices.Clone(w.s.Events)
	w.s.Events[0].Title = "Another title"
	r, err := w.calendar.Apply(w.s, march.Add(time.Minute), nil)
	if err != nil || r.Replanned() != 1 {
		t.Errorf("a title had %d events planned anew, %v", r.Replanned(), err)
	}
	w.s.Events = slices.Clone(w.s.Events)
	set(t, "2026-04-20")(&w.s.Events[0])
	r, err = w.calendar.Apply(w.s, march.Add(time.Hour), nil)
	if err != nil || r.Replanned() != 2 {
		t.Errorf("a date had %d events planned anew, %v", r.Replanned(), err)
	}
}

func TestStale_Warned(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-06-01 and 2026-06-30"), made(t, "talks", event.Meeting, "2026-06-01"))
	for days, want := range map[int]string{29: "", 31: "stale: not verified for 31 days, since 2 Mar 2026"} {
		for _, e := range w.list {
			got := ""
			for _, x := range w.view.Look(*e, march.Add(hours(24*days))).Warnings {
				got = x.Code + ": " + x.Words
			}
			if e.ID == "visit" && got != want || e.ID == "talks" && got != "" {
				t.Errorf("%s after %d days: %q", e.ID, days, got)
			}
		}
	}
}

func TestStory_NewRulesOfAZone(t *testing.T) {
	e := made(t, "call", event.Meeting, "2026-03-12 09:00")
	e.Zone = "Europe/Brussels"
	w := newWorld(t, march, e)
	// What was recorded was worked out by rules that put Brussels an hour elsewhere.
	err := w.db.Update(func(tx *store.Tx) error {
		was := w.list[0].Window
		was.Earliest.At = was.Earliest.At.Add(time.Hour)
		was.Latest, was.EndsEarliest, was.EndsLatest = was.Earliest, was.Earliest, was.Earliest
		return tx.PutWindow("call", 1, was)
	})
	if err != nil {
		t.Fatal(err)
	}
	n := len(w.told)
	w.restart()
	w.pass(time.Hour)
	if got := w.whole(n); strings.Count(got, "\n") != 1 || !strings.Contains(got, "Nobody edited it: the rules of its time zone or of a calendar changed") {
		t.Errorf("it says\n%s", got)
	}
	n = len(w.told)
	w.restart()
	w.pass(hours(24 * 9))
	if got, want := w.says(n), "reminder 7d In 7 days: Call\nreminder 1d Tomorrow: Call\n"; got != want {
		t.Errorf("after that it says\n%s", got)
	}
}

func TestDigest(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-03-01 and 2026-03-20"), made(t, "talks", event.Meeting, "2026-03-18"),
		made(t, "far", event.Meeting, "2026-06-18"), made(t, "past", event.Meeting, "2026-03-10"), made(t, "accord", event.Measure, "tbd"))
	spec, err := schedule.Parse("0 8 * * MON", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	d := calendar.Digest{Name: "week ahead", Spec: spec, To: "#desk", Covers: notice.Lead{N: 7, Unit: notice.Days}}
	w.s.Digests = []calendar.Digest{d}
	w.restart()
	w.edit("far", become(event.Deferred, "not yet"))
	w.edit("far", set(t, "2026-06-19"))
	w.pass(hours(24 * 14))
	digest := func() string {
		if err := w.calendar.WriteDigest(d, w.now, w.now); err != nil {
			t.Fatal(err)
		}
		n := len(w.told)
		w.tick()
		if len(w.told) == n {
			return ""
		}
		m, err := calendar.Kept(w.told[n])
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(m.Summary(), " · ", "\n")
	}
	want := `Week ahead
Coming: Talks, Wed 18 Mar 2026
Not settled: Visit, could happen any day until 20 Mar 2026
Awaiting an outcome: Past, Tue 10 Mar 2026, no outcome recorded
Changed since the last digest: Deferred, slipped: Far, status: open → deferred; date: Thu 18 Jun 2026 → Fri 19 Jun 2026
No date yet: Accord, confirmed`
	if got := digest(); got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	for _, id := range []string{"visit", "talks", "past", "far"} {
		w.edit(id, become(event.Cancelled, "no"))
	}
	w.pass(hours(24 * 7))
	if got := digest(); !strings.Contains(got, "\nCancelled: Far, status: deferred → cancelled") || strings.Contains(got, "slipped") {
		t.Errorf("a week later it says\n%s", got)
	}
	w.pass(hours(24 * 7))
	if got := digest(); got != "" {
		t.Errorf("with nothing to say it says\n%s", got)
	}
	d.Empty = true
	w.pass(hours(24 * 7))
	if got := digest(); !strings.HasPrefix(got, "Week ahead") {
		t.Errorf("it was to go out with nothing to say, and says %q", got)
	}
}

func TestStory_TooFewDaysLeft(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-05-12"), made(t, "talks", event.Meeting, "after event:visit"))
	w.edit("talks", func(e *event.Event) {
		set(t, "before 2026-07-01")(e)
		before := e.When[0]
		set(t, "after event:visit")(e)
		e.When = append(e.When, before)
	})
	w.pass(time.Hour)
	n := len(w.told)
	w.edit("visit", set(t, "2026-06-26"))
	w.pass(time.Hour)
	if got := w.whole(n); !strings.Contains(got, "This also moves Talks: now some day from 27 to 30 Jun 2026 (was some day from 13 May to 30 Jun 2026); only 3 days are left for it") {
		t.Errorf("it says\n%s", got)
	}
}

// TestEdit_SaidAtOnce lets a person do something of which there is more than one thing to
// say: all of it is due at the same instant, once the edit has settled.
func TestEdit_SaidAtOnce(t *testing.T) {
	clash := func(e *event.Event) {
		e.When = together(append(slices.Clone(e.When), made(t, "x", event.Visit, "2026-03-25").When...))
	}
	add := func(w *world, e event.Event) { w.s.Events = append(slices.Clone(w.s.Events), e); w.read() }
	cases := []struct {
		name string
		act  func(w *world)
		want string
	}{
		{"a new event of today", func(w *world) { add(w, made(t, "call", event.Meeting, "2026-03-02")) },
			"change Added: Call\nreminder 1d Today: Call\n"},
		{"a new event that has passed", func(w *world) { add(w, made(t, "call", event.Meeting, "2026-02-26")) },
			"change Added: Call\noutcome What became of it? Call\n"},
		{"a date that has passed", func(w *world) { w.edit("visit", set(t, "2026-02-26")) },
			"change Pulled in: Visit\noutcome What became of it? Visit\n"},
		{"a date that is near, put right again", func(w *world) {
			w.edit("visit", set(t, "2026-03-08"))
			w.pass(time.Minute)
			w.edit("visit", set(t, "2026-03-02"))
		}, "change Pulled in: Visit\nreminder 1d The date moved. Today: Visit\n"},
		{"statements that exclude each other", func(w *world) { w.edit("visit", clash) },
			"contradiction Contradiction: Visit\n"},
		{"the same, mended at once", func(w *world) {
			w.edit("visit", clash)
			w.pass(time.Minute)
			w.edit("visit", set(t, "2026-03-20"))
		}, ""},
	}
	for _, c := range cases {
		w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-20"))
		c.act(w)
		w.pass(10 * time.Minute)
		if got := w.says(0); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
		for _, it := range w.told {
			if !it.SentAt.Equal(w.told[0].SentAt) {
				t.Errorf("%s: said at %s and at %s", c.name, w.told[0].SentAt, it.SentAt)
			}
		}
	}
}

// TestEdit_OneMessageWhateverComesOfIt lets a person do something that has to do with other events,
// too: people hear of it in one message.
func TestEdit_OneMessageWhateverComesOfIt(t *testing.T) {
	lean := func(id, text string) event.Event { return made(t, id, event.Visit, text) }
	summit := made(t, "summit", event.Summit, "2026-06-10")
	summit.When = together(append(summit.When, made(t, "summit", event.Summit, "before event:talks").When...))
	filing := made(t, "filing", event.Deadline, "2026-07-20")
	filing.If = &event.Condition{Text: "the talks are held", Event: "talks", Is: event.Held}
	clash := func(w *world) { w.edit("talks", set(t, "2026-06-01")) }
	cases := []struct {
		name  string
		first func(w *world) // told by itself
		act   func(w *world)
		want  string
	}{
		{"a date that another event cannot follow", nil, clash, "change, contradiction"},
		{"the same in two edits", nil, func(w *world) {
			w.edit("talks", set(t, "2026-06-20"))
			w.pass(time.Minute)
			clash(w)
		}, "change, contradiction"},
		{"the contradiction ends", clash, func(w *world) { w.edit("talks", set(t, "2026-06-15")) }, "change, contradiction"},
		{"the contradiction ends by an edit of the other event", clash, func(w *world) { w.edit("summit", set(t, "2026-05-12")) }, "change, contradiction"},
		{"a condition is decided", nil, func(w *world) { w.edit("talks", become(event.Held, "")) }, "change, condition"},
		{"a condition comes too late", nil, func(w *world) { w.edit("talks", set(t, "2026-07-25")) }, "change, condition"},
		{"what leans on it is near", nil, func(w *world) { w.edit("start", set(t, "2026-03-02")) }, "change, reminder"},
		{"a title alone", nil, func(w *world) { w.edit("talks", func(e *event.Event) { e.Title = "The talks" }) }, "change"},
	}
	for _, c := range cases {
		w := newWorld(t, march, made(t, "talks", event.Talks, "2026-05-15"), summit, filing, made(t, "start", event.Measure, "2026-05-01"), lean("visit", "1 days after event:start"))
		if c.first != nil {
			c.first(w)
		} else {
			w.edit("talks", set(t, "2026-06-12"))
		}
		w.pass(10 * time.Minute)
		n := len(w.told)
		c.act(w)
		w.pass(10 * time.Minute)
		if got := w.messages(n); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %q, want %q\n%s", c.name, got, c.want, w.says(n))
		}
	}
}

// Edits within the time to settle are one: what was saved a moment before the deferral is the
// new date, and people hear what they knew last.
func TestStory_DateThenDeferred(t *testing.T) {
	for _, c := range []struct {
		name        string
		between     time.Duration
		told, words string
	}{
		{"at once", time.Minute, "change Deferred, slipped: Visit\n", "Mon 20 Apr 2026"},
		{"later", time.Hour, "change Slipped: Visit\nchange Deferred, loosened: Visit\n", "deferred (was Mon 20 Apr 2026)"},
	} {
		w := newWorld(t, march, made(t, "visit", event.Visit, "2026-04-13"))
		w.edit("visit", set(t, "2026-04-20"))
		w.pass(c.between)
		w.edit("visit", become(event.Deferred, "no"))
		w.pass(time.Hour)
		if got, words := w.says(0), w.list[0].Words(); got != c.told || words != c.words {
			t.Errorf("%s: told\n%s%s, want\n%s%s", c.name, got, words, c.told, c.words)
		}
	}
}

// What is counted by a calendar lapses like any other, and comes back when its date moves.
func TestLapse_CountedByCalendar(t *testing.T) {
	for _, date := range []string{"2 US business days after 2026-03-03", "2026-03-03 recurring FREQ=WEEKLY;COUNT=1 except holidays(US)"} {
		w := newWorld(t, march, made(t, "filing", event.Meeting, date))
		w.pass(30 * 24 * time.Hour)
		if got := w.list[0].Status; got != event.Lapsed {
			t.Errorf("%s: it is %s", date, got)
		}
		w.edit("filing", set(t, "2 US business days after 2026-06-03"))
		w.pass(time.Hour)
		if got := w.list[0].Status; got != event.Open {
			t.Errorf("%s: with a date to come it is %s", date, got)
		}
	}
}
