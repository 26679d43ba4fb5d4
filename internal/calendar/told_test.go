package calendar_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// gazette and comments are two events of two desks, of which the second leans on the first.
func gazette(t rapid.TB, date string) event.Event {
	e := made(t, "gazette", event.Announcement, date)
	e.Parties = []string{"EU"}
	return e
}

func comments(t rapid.TB, date string) event.Event {
	e := made(t, "comments", event.Deadline, date)
	e.Topics = []string{"trade"}
	return e
}

// desks are receivers that take some of the events by kind, party, topic, id, certainty or
// status, or all of them.
func desks() []notice.Route {
	return []notice.Route{
		{To: "#party", Match: agenda.Filter{Parties: []string{"eu"}}},
		{To: "#kind", Match: agenda.Filter{Kinds: []event.Kind{event.Deadline}}},
		{To: "#topic", Match: topics("trade")},
		{To: "#id", Match: agenda.Filter{IDs: []string{"comments"}}},
		{To: "#all"},
		{To: "#reminders", Notices: []notice.Kind{notice.Reminder}},
		{To: "#likely", Match: agenda.Filter{Certainties: []event.Certainty{event.Likely}, Kinds: []event.Kind{event.Announcement}}},
		{To: "#over", Match: agenda.Filter{Statuses: []event.Status{event.Held, event.Cancelled}}},
		{To: "#parties", Match: agenda.Filter{Parties: []string{"japan", "norway"}}},
	}
}

// toldEach returns what each channel was told from the n-th message on, without reminders and
// without counting them: a line for each message, with the channels that had the same.
func (w *world) toldEach(n int) string {
	w.t.Helper()
	by := make(map[string][]string)
	err := w.db.View(func(tx *store.Tx) error {
		for _, it := range w.told[n:] {
			if k := it.Notice.Kind; k == notice.Reminder || k == notice.Window || k == notice.Outcome {
				continue
			}
			m, err := calendar.WriteNotice(tx, w.s, it, w.list, it.SentAt)
			if err != nil {
				return err
			}
			var parts []string
			for _, part := range strings.Split(m.Whole(), " · ") {
				if !strings.Contains(part, "reminder") {
					parts = append(parts, part)
				}
			}
			text := strings.Join(parts, " · ")
			by[text] = append(by[text], it.Channel)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	var lines []string
	for text, to := range by {
		lines = append(lines, strings.Join(sorted(to), " ")+": "+text)
	}
	return strings.Join(sorted(lines), "\n")
}

// TestTold_EachReceiver edits one event and looks at what each receiver is told of both. Under
// the name of an edit that nobody is told of stands nothing.
func TestTold_EachReceiver(t *testing.T) {
	statements := func(dates ...string) func(*event.Event) {
		return func(e *event.Event) {
			e.When = nil
			for _, d := range dates {
				e.When = append(e.When, made(t, e.ID, e.Kind, d).When...)
			}
			together(e.When)
		}
	}
	edits := func(id string, f func(*event.Event)) map[string]func(*event.Event) {
		return map[string]func(*event.Event){id: f}
	}
	held := func(e *event.Event, date string, is event.Status) {
		st := made(t, e.ID, e.Kind, date).When[0]
		st.If = event.Condition{Event: "gazette", Is: is}
		e.When = append(e.When, st)
	}
	cases := []struct {
		name string
		of   string                                 // the date of the gazette, "2026-05-04" where it is left out
		lean string                                 // the date of the comments
		with func(a, b *event.Event)                // what else is so
		edit map[string]func(*event.Event)          // by id
		list func(list []event.Event) []event.Event // what becomes of the file; nil is nothing
	}{
		{name: "the date of what it leans on", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-09")}},
		{name: "it is firmed", of: "between 2026-05-04 and 2026-05-29", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-09")}},
		{name: "after", lean: "after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-20")}},
		{name: "before", lean: "before event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-20")}},
		{name: "within days of it", lean: "within 60 days after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-20")}},
		{name: "on the same day", lean: "on event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-20")}},
		{name: "it has no date any more", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "tbd")}},
		{name: "it is cancelled", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": become(event.Cancelled, "no")}},
		{name: "it is deferred", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": become(event.Deferred, "later")}},
		{name: "it took place", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": become(event.Held, "so it was")}},
		{name: "it is on again", lean: "30 days after event:gazette", with: func(a, _ *event.Event) { a.Status = event.Deferred },
			edit: map[string]func(*event.Event){"gazette": become(event.Open, "")}},
		{name: "its certainty", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": func(e *event.Event) { e.Certainty = event.Likely }}},
		{name: "its title", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": func(e *event.Event) { e.Title = "Journal" }}},
		{name: "if", lean: "2026-06-30", with: func(_, b *event.Event) {
			b.If = &event.Condition{Text: "it is published", Event: "gazette", Is: event.Held}
		},
			edit: map[string]func(*event.Event){"gazette": become(event.Cancelled, "no")}},
		{name: "alternatives", lean: "2026-06-30", with: func(_, b *event.Event) {
			b.When = nil
			held(b, "2026-06-10", event.Held)
			held(b, "2026-06-20", event.Deferred)
		},
			edit: map[string]func(*event.Event){"gazette": become(event.Held, "so it was")}},
		{name: "a series", of: "2026-05-05 recurring FREQ=MONTHLY", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"gazette": set(t, "2026-05-08 recurring FREQ=MONTHLY")}},
		{name: "its own date", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){"comments": set(t, "2026-06-15")}},
		{name: "a relation is added", lean: "not before 2026-05-02", edit: map[string]func(*event.Event){"comments": statements("not before 2026-05-02", "30 days after event:gazette")}},
		{name: "a statement is taken out", of: "2026-05-04", lean: "30 days after event:gazette", with: func(a, _ *event.Event) { statements("not before 2026-05-01", "before 2026-05-10")(a) },
			edit: map[string]func(*event.Event){"gazette": statements("not before 2026-05-01")}},
		{name: "both in one save", lean: "30 days after event:gazette", edit: map[string]func(*event.Event){
			"gazette": set(t, "2026-05-09"), "comments": func(e *event.Event) { e.Title = "Comments due" }}},
		{name: "its place", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Place = "Luxembourg" })},
		{name: "its note", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Note = "Volume two." })},
		{name: "its people", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.People = []string{"Ada Rossi"} })},
		{name: "people go", lean: "30 days after event:gazette", with: func(a, _ *event.Event) { a.People = []string{"Ada Rossi"} },
			edit: edits("gazette", func(e *event.Event) { e.People = nil })},
		{name: "its parties", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Parties = []string{"Japan"} })},
		{name: "its topics", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Topics = []string{"trade"} })},
		{name: "topics go", lean: "30 days after event:gazette", edit: edits("comments", func(e *event.Event) { e.Topics = nil })},
		{name: "its links", lean: "30 days after event:gazette", edit: edits("comments", func(e *event.Event) { e.Links = []event.Link{{Rel: event.Precedes, To: "gazette"}} })},
		{name: "its sources", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) {
			e.Sources = []event.Citation{{Source: "journal", Quote: "on 4 May"}}
		})},
		{name: "its audience", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Audience = event.Everybody })},
		{name: "its kind", lean: "30 days after event:gazette", edit: edits("gazette", func(e *event.Event) { e.Kind = event.Deadline })},
		{name: "certainty of what follows", lean: "30 days after event:gazette", edit: edits("comments", func(e *event.Event) { e.Certainty = event.Likely })},
		{name: "it is taken out", lean: "2026-06-03", list: func(list []event.Event) []event.Event { return list[1:] }},
		{name: "what follows is taken out", lean: "30 days after event:gazette", list: func(list []event.Event) []event.Event { return list[:1] }},
		{name: "an event is added", lean: "30 days after event:gazette", list: func(list []event.Event) []event.Event {
			e := made(t, "hearing", event.Meeting, "7 days after event:comments")
			e.Topics, e.Parties = []string{"trade"}, []string{"Norway"}
			return append(list, e)
		}},
		{name: "by", lean: "by event:gazette", edit: edits("gazette", set(t, "2026-05-20"))},
		{name: "not before", lean: "not before event:gazette", edit: edits("gazette", set(t, "2026-05-20"))},
		{name: "during", of: "between 2026-05-04 and 2026-05-08", lean: "during event:gazette", edit: edits("gazette", set(t, "between 2026-05-18 and 2026-05-22"))},
		{name: "linked alone", lean: "2026-06-03", with: func(_, b *event.Event) { b.Links = []event.Link{{Rel: event.Precedes, To: "gazette"}} },
			edit: edits("gazette", set(t, "2026-06-20"))},
	}
	var out strings.Builder
	for _, c := range cases {
		a, b := gazette(t, cmp.Or(c.of, "2026-05-04")), comments(t, c.lean)
		if c.with != nil {
			c.with(&a, &b)
		}
		w := newWorld(t, march, a, b)
		w.s.Rules.Routes = desks()
		w.restart()
		w.pass(time.Hour)
		n := len(w.told)
		if c.list != nil {
			w.s.Events = c.list(slices.Clone(w.s.Events))
		}
		w.save(c.edit)
		w.pass(time.Hour)
		fmt.Fprintf(&out, "%s\n%s\n\n", c.name, w.toldEach(n))
	}
	golden(t, "testdata/told.golden", out.String())
}

// save edits several events in one reading.
func (w *world) save(edits map[string]func(*event.Event)) {
	w.t.Helper()
	w.s.Events = slices.Clone(w.s.Events)
	for i := range w.s.Events {
		if edit := edits[w.s.Events[i].ID]; edit != nil {
			edit(&w.s.Events[i])
		}
	}
	w.read()
}

// TestTold_Together lets several edits follow each other within the time to settle.
func TestTold_Together(t *testing.T) {
	gazetteOn := func(date string) func(*world) {
		return func(w *world) { w.edit("gazette", set(t, date)); w.pass(30 * time.Second) }
	}
	commentsOn := func(date string) func(*world) {
		return func(w *world) { w.edit("comments", set(t, date)); w.pass(30 * time.Second) }
	}
	restart := func(w *world) { w.restart() }
	for name, c := range map[string]struct {
		acts []func(*world)
		want []string // in short, by channel
	}{
		"twice": {[]func(*world){gazetteOn("2026-05-09"), gazetteOn("2026-05-12")}, []string{
			"#all: Slipped: Gazette 4 May → 12 May, Comments 3 Jun → 11 Jun", "#kind: Moved: Comments 3 Jun → 11 Jun"}},
		"there and back": {[]func(*world){gazetteOn("2026-05-09"), restart, gazetteOn("2026-05-04")}, nil},
		"and a start between": {[]func(*world){gazetteOn("2026-05-09"), restart, restart, gazetteOn("2026-05-12"), restart}, []string{
			"#all: Slipped: Gazette 4 May → 12 May, Comments 3 Jun → 11 Jun", "#kind: Moved: Comments 3 Jun → 11 Jun"}},
		"then what followed": {[]func(*world){gazetteOn("2026-05-09"), commentsOn("2026-06-20")}, []string{
			"#all: Slipped: Comments 3 Jun → 20 Jun", "#all: Slipped: Gazette 4 May → 9 May", "#kind: Slipped: Comments 3 Jun → 20 Jun"}},
		"what follows, then the other": {[]func(*world){commentsOn("31 days after event:gazette"), gazetteOn("2026-05-09")}, []string{
			"#all: Slipped: Comments 3 Jun → 9 Jun", "#all: Slipped: Gazette 4 May → 9 May", "#kind: Slipped: Comments 3 Jun → 9 Jun"}},
		"what follows is put back where it was": {[]func(*world){gazetteOn("2026-05-09"), commentsOn("2026-06-03")}, []string{
			"#all: Slipped: Gazette 4 May → 9 May"}},
		"what follows leans no more": {[]func(*world){gazetteOn("2026-05-09"), commentsOn("2026-06-08"), gazetteOn("2026-05-04")}, []string{
			"#all: Moved: Comments 3 Jun → 8 Jun", "#kind: Slipped: Comments 3 Jun → 8 Jun"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, march, gazette(t, "2026-05-04"), comments(t, "30 days after event:gazette"))
			w.s.Rules.Routes = []notice.Route{desks()[1], desks()[4]}
			w.restart()
			for _, act := range c.acts {
				act(w)
			}
			w.pass(time.Hour)
			if got := w.short(0); got != strings.Join(c.want, "\n") {
				t.Errorf("told\n%s\nwant\n%s", got, strings.Join(c.want, "\n"))
			}
		})
	}
}

// short returns the changes that were told from the n-th message on, each with the days of the
// events that it speaks of.
func (w *world) short(n int) string {
	w.t.Helper()
	day := func(words string) string {
		_, words, _ = strings.Cut(words, " ")
		return strings.TrimSuffix(words, " 2026")
	}
	var lines []string
	err := w.db.View(func(tx *store.Tx) error {
		for _, it := range w.told[n:] {
			if it.Notice.Kind != notice.Changed {
				continue
			}
			m, err := calendar.WriteNotice(tx, w.s, it, w.list, it.SentAt)
			if err != nil {
				return err
			}
			text := it.Channel + ": " + m.Headline
			for _, v := range m.Moves {
				text += " " + day(v.Old) + " → " + day(v.New)
			}
			for _, f := range it.Notice.Follows {
				e, _ := calendar.Find(w.list, f.Event)
				text += ", " + e.Title + " " + day(f.Was.Words()) + " → " + day(e.Window.Words())
			}
			lines = append(lines, text)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(sorted(lines), "\n")
}

// TestTold_Creep moves an event by little, again and again: it is told once that adds up, with
// where it lay when it was last told.
func TestTold_Creep(t *testing.T) {
	b := comments(t, "after event:gazette")
	b.Kind = event.Meeting // so that it has no last safe day
	b.When = together(append(b.When, made(t, "comments", event.Meeting, "before 2026-12-31").When...))
	w := newWorld(t, march, gazette(t, "2026-05-04"), b)
	w.s.Rules.Routes = []notice.Route{desks()[2], desks()[4]}
	w.restart()
	var got []string
	for day := 9; day <= 59; day += 5 {
		date := time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		n := len(w.told)
		w.edit("gazette", set(t, date))
		planned := len(w.stories[0].Follows)
		if day%2 == 0 {
			w.restart()
		}
		w.pass(time.Hour)
		for _, it := range w.told[n:] {
			if it.Channel == "#topic" {
				got = append(got, date+" "+strings.TrimSpace(w.short(n)[strings.Index(w.short(n), "#topic"):]))
				planned--
			}
		}
		if planned != 0 {
			t.Errorf("%s: what is planned to move is not what is told to", date)
		}
	}
	want := `2026-05-29 #topic: Moved: Comments day from 5 May to 30 Dec → day from 30 May to 30 Dec
2026-06-23 #topic: Moved: Comments day from 30 May to 30 Dec → day from 24 Jun to 30 Dec`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("told\n%s\nwant\n%s", s, want)
	}
}

// TestTold_FromWhereItWasLastTold edits three events that lean on each other. Whatever each
// channel is told of an event goes on from what it was told last, and what nobody is told of
// in the end is small.
func TestTold_FromWhereItWasLastTold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := func(name string) string {
			return civil.Date{Year: 2026, Month: 7, Day: 1}.AddDays(rapid.IntRange(0, 40).Draw(rt, name)).String()
		}
		hearing := made(rt, "hearing", event.Meeting, "after event:comments")
		hearing.When = together(append(hearing.When, made(rt, "hearing", event.Meeting, "before 2027-01-01").When...))
		w := newWorld(rt, march, gazette(rt, "2026-07-04"), comments(rt, "30 days after event:gazette"), hearing)
		w.s.Rules.Routes = desks()
		w.restart()
		last := make(map[string]map[string]when.Window) // by channel and event
		for _, ch := range []string{"#party", "#kind", "#topic", "#id", "#all"} {
			last[ch] = make(map[string]when.Window)
			for _, e := range w.list {
				last[ch][e.ID] = e.Window
			}
		}
		for range rapid.IntRange(1, 10).Draw(rt, "acts") {
			n := len(w.told)
			switch rapid.IntRange(0, 5).Draw(rt, "act") {
			case 0, 1:
				w.edit("gazette", set(rt, day("gazette")))
			case 2:
				w.edit("comments", set(rt, rapid.SampledFrom([]string{"30 days after event:gazette", "33 days after event:gazette", day("comments")}).Draw(rt, "date")))
			case 3:
				w.edit(rapid.SampledFrom([]string{"gazette", "comments", "hearing"}).Draw(rt, "event"), func(e *event.Event) { e.Title += "'" })
			case 4:
				w.restart()
			case 5:
				w.pass(time.Hour)
			}
			w.pass(time.Duration(rapid.IntRange(0, 3).Draw(rt, "minutes")) * time.Minute)
			w.goesOn(n, last)
		}
		n := len(w.told)
		w.pass(time.Hour)
		w.goesOn(n, last)
		for ch, events := range last {
			for id, was := range events {
				e, _ := calendar.Find(w.list, id)
				f := change.Follow(change.Shift{Old: change.State{Window: was}, New: change.State{Window: e.Window}, Lead: w.s.Rules.Longest(e)}, civil.DateOf(w.now, time.UTC))
				if takes := slices.Contains(w.s.Rules.Channels(e, notice.Changed), ch); takes && change.Moved(was, e.Window) && f.Told() {
					rt.Errorf("%s was last told of %s that it is %s, and it is %s", ch, id, was.Words(), e.Window.Words())
				}
			}
		}
	})
}

// goesOn fails where a change that was told from the n-th message on does not go on from what
// its channel was told last, and notes what it was told.
func (w *world) goesOn(n int, last map[string]map[string]when.Window) {
	w.t.Helper()
	err := w.db.View(func(tx *store.Tx) error {
		for _, it := range w.told[n:] {
			if it.Notice.Kind != notice.Changed {
				continue
			}
			said := it.Notice.Follows
			m, err := calendar.WriteNotice(tx, w.s, it, w.list, it.SentAt)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(m.Moves, func(v notice.Move) bool { return v.Field == "date" }) {
				was := it.Notice.Was
				if was.Precision == "" {
					was, _, err = tx.Window(it.Notice.Event, it.Notice.From)
				}
				said = append(slices.Clip(said), notice.Follow{Event: it.Notice.Event, Was: was})
			}
			if err != nil {
				return err
			}
			for _, f := range said {
				if told := last[it.Channel][f.Event]; change.Moved(told, f.Was) {
					w.t.Errorf("%s is told that %s was %s, and was told that it is %s", it.Channel, f.Event, f.Was.Words(), told.Words())
				}
				e, _ := calendar.Find(w.list, f.Event)
				last[it.Channel][f.Event] = e.Window
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
