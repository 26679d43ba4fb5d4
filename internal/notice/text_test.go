package notice

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// text returns all that a reader of m sees, a line each.
func text(m Message) string {
	out := []string{m.Headline}
	if facts := strings.Join(m.Facts, " · "); facts != "" {
		out = append(out, facts)
	}
	for _, v := range m.Moves {
		out = append(out, v.String())
	}
	for _, l := range m.Lines {
		out = append(out, l.Group+" | "+l.String()+" | "+l.Note)
	}
	for _, list := range [][]string{m.Text, {m.Do}, {m.Window}, m.Why, {m.Changed}, {m.Late}} {
		for _, s := range list {
			if s != "" {
				out = append(out, s)
			}
		}
	}
	return strings.Join(out, "\n")
}

// solved returns the entry of the first of the events, all of them together.
func solved(t *testing.T, events ...event.Event) agenda.Entry {
	t.Helper()
	var in []agenda.Input
	for _, e := range events {
		if e.Zone == "" {
			e.Zone = "UTC"
		}
		in = append(in, agenda.Input{Revision: event.First(e, event.Author{}, at("2026-01-05T00:00:00Z"))})
	}
	return agenda.Solve(in)[0]
}

// dated returns an event with one statement.
func dated(t *testing.T, id, date string) event.Event {
	t.Helper()
	x, err := when.Parse(date)
	if err != nil {
		t.Fatal(err)
	}
	return event.Event{
		ID: id, Title: "The " + id, Kind: event.Visit, Zone: "UTC", Certainty: event.Likely, Status: event.Open,
		Origin: event.Position{File: "a.yaml", Line: 3}, When: []event.Statement{{Expr: x}},
	}
}

// with returns e after an edit.
func with(e event.Event, edit func(*event.Event)) event.Event {
	edit(&e)
	return e
}

func TestWriteCard(t *testing.T) {
	ends := func(s event.Status) func(*event.Event) { return func(e *event.Event) { e.Status = s } }
	clash := dated(t, "visit", "2026-02-03")
	clash.When = append(clash.When, dated(t, "visit", "2026-02-04").When...)
	clash.When[1].Joint = true
	cases := []struct {
		name string
		of   event.Event
		now  string
		last LastChange
		want string
	}{
		{"a day, without a zone", dated(t, "visit", "2026-02-03"), "2026-01-10T00:00:00Z", LastChange{},
			"The visit\nlikely"},
		{"an instant gives no reason that repeats it", dated(t, "visit", "2026-02-03 14:30"), "2026-01-10T00:00:00Z", LastChange{},
			"The visit\nlikely"},
		{"what was held says no more how sure it was", with(dated(t, "visit", "2026-02-03"), ends(event.Held)), "2026-01-10T00:00:00Z", LastChange{},
			"Held: The visit\nheld"},
		{"a passed date awaits its outcome", dated(t, "visit", "2026-02-03"), "2026-03-10T00:00:00Z", LastChange{},
			"The visit\nlikely · no outcome recorded"},
		{"a condition that begins with if", with(dated(t, "visit", "2026-02-03"), func(e *event.Event) { e.If = &event.Condition{Text: "If the talks go on"} }),
			"2026-01-10T00:00:00Z", LastChange{}, "The visit\nlikely\nOnly if: the talks go on"},
		{"statements that contradict each other", clash, "2026-01-10T00:00:00Z", LastChange{},
			"The visit\nlikely\nSources disagree: Tue 3 Feb 2026; Wed 4 Feb 2026, set aside for now"},
		{"the last change with its reason", dated(t, "visit", "2026-02-03"), "2026-01-10T00:00:00Z",
			LastChange{At: at("2026-01-09T12:00:00Z"), Reason: "the ministry said so",
				Changes: []change.Change{{Type: change.Slipped, Field: "date", Old: "Mon 2 Feb 2026", New: "Tue 3 Feb 2026"}}},
			"The visit\nlikely\nFri 9 Jan 2026, slipped: date: Mon 2 Feb 2026 → Tue 3 Feb 2026. The ministry said so"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := text(WriteCard(Details{Entry: solved(t, c.of), Now: at(c.now)}, c.last)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestWriteCard_KeepsWhatItsMessageSaidFirst(t *testing.T) {
	visit := dated(t, "visit", "2026-02-03")
	slip := change.Change{Type: change.Slipped, Field: "date", Old: "Mon 2 Feb 2026", New: "Tue 3 Feb 2026"}
	first := Message{Kind: Changed, Title: "The visit", Headline: "Slipped: The visit", Moves: []Move{slip},
		Text: []string{"Why: the ministry said so", "This also moves Talks: now Wed 4 Feb 2026 (was Tue 3 Feb 2026)"}}
	since := LastChange{At: at("2026-01-09T12:00:00Z"), Changes: []change.Change{{Type: change.Relocated, Field: "place", Old: "Beijing", New: "Shanghai"}}}
	same := LastChange{At: at("2026-01-09T12:00:00Z"), Changes: []change.Change{slip}, Reason: "the ministry said so"}
	alone := first
	alone.Text = alone.Text[:1]
	for _, c := range []struct {
		name  string
		first Message
		last  LastChange
		want  string
	}{
		{"what changed, why and what follows", first, since,
			"Slipped. date: Mon 2 Feb 2026 → Tue 3 Feb 2026. Why: the ministry said so. This also moves Talks: now Wed 4 Feb 2026 (was Tue 3 Feb 2026)"},
		{"not what the last change tells", first, same, "Slipped. This also moves Talks: now Wed 4 Feb 2026 (was Tue 3 Feb 2026)"},
		{"nothing where that is all", alone, same, ""},
		{"nothing of a reminder, which a card says better", Message{Kind: Reminder, Headline: "Tomorrow: The visit", Text: []string{"Only if: it rains"}}, since, ""},
		{"which statements cannot all hold", Message{Kind: Contradiction, Title: "The visit", Headline: "Contradiction: The visit", Text: []string{"Mon 2 Feb", "Tue 3 Feb"}}, since,
			"Contradiction. Mon 2 Feb. Tue 3 Feb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := WriteCard(Details{Entry: solved(t, visit), Now: at("2026-01-10T00:00:00Z"), Told: c.first.FirstWords()}, c.last)
			if m.Told != c.want {
				t.Errorf("told first is %q, want %q", m.Told, c.want)
			}
		})
	}
}

func TestCards_ShowTheNewestRevision(t *testing.T) {
	now, due := at("2026-01-10T00:00:00Z"), at("2026-01-10T00:02:00Z")
	card := func(s State, attempts int) Item {
		return Item{Channel: "#a", State: s, Attempts: attempts, Payload: []byte("old"), Notice: Notice{Event: "visit", Kind: Card, To: 1, Due: now}}
	}
	cases := []struct {
		name  string
		item  Item
		state State
		due   time.Time
		shown bool // whether what it showed last is kept
	}{
		{"one that was sent is sent again", card(Sent, 1), Pending, due, true},
		{"one that was refused begins anew", card(Dead, 9), Pending, due, false},
		{"one that waits keeps its instant", card(Pending, 0), Pending, now, true},
		{"one that is tried again waits for the edit", card(Pending, 2), Pending, due, true},
		{"one on its way is not disturbed", card(Sending, 1), Sending, due, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Cards("i", []Item{c.item}, 2, due, now, "edited")
			if len(got) != 1 || got[0].State != c.state || !got[0].Notice.Due.Equal(c.due) || got[0].Notice.To != 2 || (got[0].Payload != nil) != c.shown {
				t.Errorf("%+v", got)
			}
		})
	}
	waiting := Cards("i", []Item{{Channel: "#a", State: Sending, Attempts: 1, Notice: Notice{Event: "visit", Kind: Reminder}}}, 2, due, now, "edited")
	if len(waiting) != 1 || waiting[0].State != Superseded || waiting[0].Key != CardKey("i", "visit", "#a") || waiting[0].PostKey() != waiting[0].Key {
		t.Errorf("a channel whose first message is on its way: %+v", waiting)
	}
}

func TestSurvey(t *testing.T) {
	clash := dated(t, "clash", "2026-02-03")
	clash.When = append(clash.When, dated(t, "clash", "2026-02-04").When...)
	clash.When[1].Joint = true
	s := Survey{Name: "week ahead", Now: at("2026-02-02T08:00:00Z"), Last: civil.Date{Year: 2026, Month: 2, Day: 9}}
	for _, e := range []event.Event{
		dated(t, "talks", "2026-02-05"), dated(t, "visit", "[2026-01-20..2026-02-12]"), dated(t, "signing", "[2026-02-04..2026-02-20]"),
		dated(t, "summit", "2026-01-30"), dated(t, "treaty", "tbd"), clash, dated(t, "far", "2026-05-05"), dated(t, "last", "[2026-01-20..2026-02-02]"),
	} {
		s.Entries = append(s.Entries, solved(t, e))
	}
	averted := solved(t, with(dated(t, "tariffs", "2026-02-06"), func(e *event.Event) { e.Status, e.Reason = event.Averted, "a deal" }))
	s.Changed = []Happened{{averted, []change.Change{{Type: change.Averted, Field: "status", Old: "open", New: "averted"}}}}
	m, ok := s.Write()
	want := strings.TrimSpace(`
Week ahead
Coming | The talks, Thu 5 Feb 2026 | likely
Coming | The clash, Tue 3 Feb 2026 | likely
Not settled | The visit, could happen any day until 12 Feb 2026 | likely, within 10 days
Not settled | The signing, some day from 4 to 20 Feb 2026 | likely
Not settled | The last, could happen any day until 2 Feb 2026 | likely, today at the latest
Awaiting an outcome | The summit, Fri 30 Jan 2026, no outcome recorded | 
Contradictions | The clash, Tue 3 Feb 2026; Wed 4 Feb 2026, set aside for now | Tue 3 Feb 2026; Wed 4 Feb 2026, set aside for now
Changed since the last digest | Averted: The tariffs, status: open → averted; a deal | status: open → averted; a deal
No date yet | The treaty, likely | likely`)
	if got := text(m); got != want || !ok {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	s.Entries, s.Changed = []agenda.Entry{solved(t, dated(t, "treaty", "tbd"))}, nil
	if _, ok := s.Write(); ok {
		t.Error("a digest of nothing but events without a date is sent")
	}
}

func TestWrite_Condition(t *testing.T) {
	curbs := dated(t, "curbs", "2026-01-20")
	visit := with(dated(t, "visit", "2026-02-03"), func(e *event.Event) {
		e.If = &event.Condition{Text: "the curbs come", Event: "curbs", Is: event.InForce}
	})
	for _, c := range []struct {
		curbs event.Status
		want  string
	}{
		{event.InForce, "Its condition is met, so it stands: The visit\nlikely\nOnly if the curbs come; “The curbs” is in force, so it is met"},
		{event.Cancelled, "Cancelled, because its condition is not met: The visit\ncancelled\nOnly if the curbs come; “The curbs” is cancelled, so it is not met\nThere will be no more reminders of it"},
	} {
		t.Run(string(c.curbs), func(t *testing.T) {
			e := solved(t, visit, with(curbs, func(e *event.Event) { e.Status = c.curbs }))
			list := Conditions(e, nil, at("2026-01-05T00:00:00Z"), rules(t))
			if len(list) != 1 {
				t.Fatalf("planned %v", list)
			}
			if got := text(Write(list[0], Details{Entry: e, Now: list[0].Due})); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			told := []Item{{State: Sent, Notice: list[0]}}
			if again := Conditions(e, told, at("2026-03-05T00:00:00Z"), rules(t)); len(again) != 1 || again[0].Key != list[0].Key {
				t.Errorf("told again: %v", again)
			}
			open := solved(t, visit, curbs)
			again := Conditions(open, told, at("2026-03-05T00:00:00Z"), rules(t))
			if len(again) != 1 {
				t.Fatalf("open again: %v", again)
			}
			if got := Write(again[0], Details{Entry: open, Now: again[0].Due}).Headline; got != "Undecided again: The visit" {
				t.Error(got)
			}
			if got := Conditions(open, nil, at("2026-03-05T00:00:00Z"), rules(t)); got != nil {
				t.Errorf("what was never decided is told of: %v", got)
			}
		})
	}
}

func TestWrite_Change(t *testing.T) {
	visit, talks := solved(t, dated(t, "visit", "2026-02-03")), solved(t, dated(t, "talks", "2026-02-10"))
	was := solved(t, dated(t, "talks", "2026-02-08")).Window
	clash := dated(t, "clash", "2026-02-03")
	clash.When = append(clash.When, dated(t, "clash", "2026-02-04").When...)
	clash.When[1].Joint = true
	slipped := []change.Change{{Type: change.Slipped, Field: "date", Old: "Mon 2 Feb 2026", New: "Tue 3 Feb 2026"}}
	moved := []Moved{{Entry: talks, Was: was}}
	cases := []struct {
		name  string
		n     Notice
		s     Details
		want  string
		quiet bool
	}{
		{"what moved with it", Notice{Kind: Changed, Rearmed: 2, Dropped: 1}, Details{Changes: slipped, Follows: moved, Reason: "a delay"},
			"Slipped: The visit\nlikely\ndate: Mon 2 Feb 2026 → Tue 3 Feb 2026\nWhy: a delay\nThis also moves The talks: now Tue 10 Feb 2026 (was Sun 8 Feb 2026)\n2 reminders moved, 1 reminder withdrawn", false},
		{"too little time is left", Notice{Kind: Changed}, Details{Changes: slipped, Follows: []Moved{{Entry: solved(t, dated(t, "talks", "[2026-02-10..2026-02-13]")), Was: was, Squeezed: true}}},
			"Slipped: The visit\nlikely\ndate: Mon 2 Feb 2026 → Tue 3 Feb 2026\nThis also moves The talks: now some day from 10 to 13 Feb 2026 (was Sun 8 Feb 2026); only 3 days are left for it", false},
		{"a contradiction among what moved", Notice{Kind: Changed}, Details{Changes: slipped, Follows: []Moved{{Entry: solved(t, clash), Was: was}}},
			"Slipped: The visit\nlikely\ndate: Mon 2 Feb 2026 → Tue 3 Feb 2026\nThis also moves The clash: now Tue 3 Feb 2026 (was Sun 8 Feb 2026)", false},
		{"nobody edited it", Notice{Kind: Changed, From: 1, To: 1}, Details{Changes: []change.Change{{Type: change.Derived, Field: "date", Old: "Mon 2 Feb 2026", New: "Tue 3 Feb 2026"}}},
			"Moved: The visit\nlikely\ndate: Mon 2 Feb 2026 → Tue 3 Feb 2026\nNobody edited it: the rules of its time zone or of a calendar changed", false},
		{"an earlier date is not called deferred", Notice{Kind: Changed}, Details{Changes: []change.Change{{Type: change.Deferred, Field: "status", Old: "open", New: "deferred"}, {Type: change.PulledIn, Field: "date", Old: "a", New: "b"}}},
			"Pulled in: The visit\nlikely\nstatus: open → deferred\ndate: a → b", false},
		{"a title alone is quiet", Notice{Kind: Changed}, Details{Changes: []change.Change{{Type: change.Retitled, Field: "title", Old: "a", New: "b"}}},
			"Retitled: The visit\nlikely\ntitle: a → b", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.s.Entry, c.s.Now = visit, at("2026-01-10T00:00:00Z")
			c.n.Due = c.s.Now
			m := Write(c.n, c.s)
			if got := text(m); got != c.want || m.Quiet != c.quiet {
				t.Errorf("quiet %t, got\n%s\nwant\n%s", m.Quiet, got, c.want)
			}
		})
	}
	many := Write(Notice{Kind: Changed, Due: visit.Modified}, Details{Entry: visit, Changes: slipped, Now: visit.Modified, Follows: slices.Repeat(moved, 13)})
	if got := many.Text[mostFollows]; got != "and 3 more events" {
		t.Errorf("after ten: %q", got)
	}
}

// Who is told of a slip reads the words of both reports.
func TestWrite_BothQuotes(t *testing.T) {
	was, e := dated(t, "visit", "2026-02-03"), dated(t, "visit", "2026-02-03")
	e.When = append(e.When, dated(t, "visit", "2026-02-10").When...)
	for k, words := range []string{"on the 3rd", "put off to the 10th"} {
		e.When[k].Quote, e.When[k].Source = words, "paper"
	}
	now := solved(t, e)
	d := Details{Entry: now, Now: now.Modified, Changes: change.Between(change.State{Event: was, Window: solved(t, was).Window}, change.State{Event: e, Window: now.Window})}
	var got []string
	for _, q := range Write(Notice{Kind: Changed, Due: d.Now}, d).Quotes {
		got = append(got, q.Words+" "+q.Source)
	}
	if want := "put off to the 10th |on the 3rd superseded"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
	d.Changes = []change.Change{{Type: change.Retitled, Field: "title"}}
	if n := len(Write(Notice{Kind: Changed, Due: d.Now}, d).Quotes); n != 1 {
		t.Errorf("of another title they read %d quotes", n)
	}
}

func TestRecheck(t *testing.T) {
	r := rules(t)
	r.RecheckUnsettled = Lead{30, Days}
	e := solved(t, dated(t, "visit", "[2026-06-01..2026-08-16]"))
	var asked []string
	for _, n := range Plan(e, r, Context{}) {
		if n.Kind == Stale {
			asked = append(asked, n.Due.Format("2006-01-02"))
			if len(asked) == 1 {
				want := "Does this still stand? The visit\nlikely\nNot verified for 30 days, since 5 Jan 2026\nIf it stands: attache seen visit\nFirst possible day Mon 1 Jun 2026, last possible day Sun 16 Aug 2026, 77 days in all"
				if got := text(Write(n, Details{Entry: e, Now: n.Due})); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}
		}
	}
	if got := strings.Join(asked, " "); got != "2026-02-04 2026-04-06" {
		t.Errorf("asked on %s", got)
	}
	for now, want := range map[string]string{
		"2026-02-01T00:00:00Z": "", "2026-02-10T00:00:00Z": "not verified for 36 days, since 5 Jan 2026",
	} {
		if got, stale := StaleWords(e, r, Context{}, at(now)); got != want || stale != (want != "") {
			t.Errorf("at %s: %q, %t", now, got, stale)
		}
	}
}

func TestLapses(t *testing.T) {
	e := solved(t, dated(t, "visit", "2026-02-03"))
	second := outcomeQuestions(e, rules(t))[1]
	for _, c := range []struct {
		name  string
		rules func(*Rules)
		items []Item
		want  string
	}{
		{"three business days after it was asked again", nil, []Item{{State: Sent, Notice: second}}, "2026-02-12T09:00:00Z"},
		{"not while a question is on its way", nil, []Item{{State: Pending, Notice: second}}, ""},
		{"not before it was asked", nil, nil, ""},
		{"without anybody to ask", func(r *Rules) { r.Routes = []Route{{To: "#a", Notices: []Kind{Changed}}} }, nil, "2026-02-12T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rules(t)
			if c.rules != nil {
				c.rules(&r)
			}
			got, ok := Lapses(e, r, c.items)
			if ok != (c.want != "") || ok && got.Format(time.RFC3339) != c.want {
				t.Errorf("%s, %t; want %q", got.Format(time.RFC3339), ok, c.want)
			}
		})
	}
}

func TestItem_NextAction(t *testing.T) {
	due, next := at("2026-01-10T00:00:00Z"), at("2026-01-10T00:05:00Z")
	for _, c := range []struct {
		item Item
		want time.Time // zero is never
	}{
		{Item{State: Pending}, due}, {Item{State: Pending, NextTry: next}, next}, {Item{State: Unknown, NextTry: next}, next},
		{Item{State: Sent}, time.Time{}}, {Item{State: Sent, Audit: next}, next}, {Item{State: Sent, Sweep: []time.Time{due}, Audit: next}, due}, {Item{State: Sent, Sweep: []time.Time{next}}, next}, {Item{State: Dead}, time.Time{}},
	} {
		c.item.Notice.Due = due
		if got, ok := c.item.NextAction(); !got.Equal(c.want) || ok == c.want.IsZero() {
			t.Errorf("%s: %s, %t; want %s", c.item.State, got, ok, c.want)
		}
	}
	var i Item
	for n := range 3 * maxHistory {
		i.Become(Pending, due.Add(time.Duration(n)*time.Second), "again")
	}
	if len(i.History) != maxHistory || !i.History[0].At.Equal(due) || !i.History[maxHistory-1].At.Equal(due.Add((3*maxHistory-1)*time.Second)) {
		t.Errorf("a long history keeps %d attempts, from %s", len(i.History), i.History[0].At)
	}
}

func TestDetails_Away(t *testing.T) {
	for _, c := range []struct{ date, now, want string }{
		{"2026-02-03", "2026-02-03T10:00:00Z", "today"}, {"2026-02-03", "2026-02-02T10:00:00Z", "tomorrow"},
		{"2026-02-03", "2026-02-04T10:00:00Z", "yesterday"}, {"2026-02-03", "2026-02-08T10:00:00Z", "5 days ago"},
		{"2026-02-03", "2026-01-27T10:00:00Z", "in 7 days"}, {"tbd", "2026-01-27T10:00:00Z", "no date yet"},
		{"2026-02-03 14:00", "2026-02-03T12:00:00Z", "in 2 hours"}, {"2026-02-03 14:00", "2026-02-03T11:45:00Z", "in 2 hours 15 minutes"},
		{"2026-02-03 14:00", "2026-02-03T13:59:00Z", "in 1 minute"},
	} {
		if got := (Details{Entry: solved(t, dated(t, "it", c.date)), Now: at(c.now)}).away(); got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.date, c.now, got, c.want)
		}
	}
}

func TestLead_Longest(t *testing.T) {
	for text, want := range map[string]int{"7d 1d": 7, "2w 1d": 14, "1mo": 31, "5bd": 7, "2h": 0, "": 0} {
		r := rules(t)
		r.Default = leads(t, text)
		if got := r.Longest(solved(t, dated(t, "it", "2026-02-03"))); got != want {
			t.Errorf("%q: %d days, want %d", text, got, want)
		}
	}
}

func TestKeys_AreAllDifferent(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range []string{
		CardKey("i", "e", "c"), ItemKey("i", "n", "c"), DigestKey([]string{"a", "b"}), RecurringKey("w", "2026-01-01T00:00:00Z"), Renewed("a", "b"),
	} {
		if seen[k] || len(k) != keyLength {
			t.Errorf("key %q", k)
		}
		seen[k] = true
	}
}

func TestMerge_Headline(t *testing.T) {
	for want, list := range map[string][]Message{
		"2 notices, sent late": {{Kind: Reminder, Late: "1 hour late"}, {Kind: Stale, Late: "1 hour late"}},
		"2 notices":            {{Kind: Reminder}, {Kind: Stale}}, "Do these 2 dates still stand?": {{Kind: Stale}, {Kind: Stale}},
	} {
		if got := Merge(list, time.Time{}).Headline; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSendError(t *testing.T) {
	cause := errors.New("no route")
	err := error(&SendError{Result: NotSent, Err: cause})
	if err.Error() != "not sent: no route" || !errors.Is(err, cause) {
		t.Error(err)
	}
}

func TestWrite_Missed(t *testing.T) {
	for _, c := range []struct {
		kind            event.Kind
		date, now, want string
		told            bool
	}{
		{event.Deadline, "2026-02-03 14:00", "2026-02-03T15:30:00Z", "Passed at 14:00, while it slept: The thing", true},
		{event.Deadline, "2026-02-03 14:00", "2026-02-13T15:30:00Z", "Passed at 14:00 on 3 Feb 2026, while it slept: The thing", true},
		{event.Meeting, "2026-02-03 14:00", "2026-02-04T13:30:00Z", "Passed at 14:00 on 3 Feb 2026, while it slept: The thing", true},
		{event.Meeting, "2026-02-03 14:00", "2026-02-04T14:30:00Z", "", false},
		{event.Meeting, "from 2026-02-03 14:00 to 2026-02-03 16:00", "2026-02-03T15:30:00Z", "Began at 14:00, while it slept: The thing", true},
		{event.Deadline, "2026-02-03", "2026-02-04T08:30:00Z", "Passed on 3 Feb 2026, while it slept: The thing", true},
		{event.Meeting, "at 2026-02-02 14:00 recurring FREQ=DAILY", "2026-02-03T14:30:00Z", "Passed at 14:00, while it slept: The thing", true},
	} {
		e := entry(t, c.kind, "UTC", c.date)
		e.Remind = &[]string{"0m", "0d"}
		r := rules(t)
		var missed *Notice
		for _, n := range Plan(e, r, Context{Now: at(c.now)}) {
			if n.Kind == Reminder && n.Due.Before(at(c.now)) {
				missed = &n
			}
		}
		if missed == nil {
			t.Errorf("%s: nothing is planned", c.date)
			continue
		}
		if got := r.Missed(Item{Notice: *missed}, e, at(c.now)); got != c.told {
			t.Errorf("%s at %s: told as missed: %v", c.date, c.now, got)
		}
		missed.Miss("while it slept")
		if m := Write(*missed, Details{Entry: e, Now: at(c.now)}); c.told && (m.Headline != c.want || m.Late != "") {
			t.Errorf("%s at %s: %q %q, want %q", c.date, c.now, m.Headline, m.Late, c.want)
		}
	}
	e := entry(t, event.Deadline, "UTC", "2026-02-05 14:00")
	if (rules(t)).Missed(Item{Notice: Notice{Kind: Reminder, About: TheDate, Target: "2026-02-03T14:00:00Z"}}, e, at("2026-02-03T15:30:00Z")) {
		t.Error("what moved meanwhile is told as missed")
	}
}
