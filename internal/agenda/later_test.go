package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/event"
)

// report is a statement and when it was said: a day of 2026 as 02-10, or "".
type report struct {
	said, text string
	priority   int
}

// reported makes an event of reports.
func reported(t testing.TB, id string, kind event.Kind, list ...report) Input {
	t.Helper()
	in := input(t, id)
	in.Revision.Event.Kind = kind
	for _, r := range list {
		st := stated(t, r.text)
		st.Priority = r.priority
		if r.said != "" {
			if err := st.Said.UnmarshalText([]byte("2026-" + r.said)); err != nil {
				t.Fatal(err)
			}
		}
		in.Revision.Event.When = append(in.Revision.Event.When, st)
	}
	return in
}

// found writes where events are, what is superseded and by what, and what is set aside.
func found(list []Entry) string {
	var out []string
	for _, e := range list {
		line := e.Window.Words()
		for _, s := range e.SetAside {
			if line += "; " + s.Statement; s.By != "" {
				line += " by " + s.By
			}
		}
		for _, set := range e.Contradictions {
			line += "; " + fmt.Sprint(set)
		}
		out = append(out, line)
	}
	return strings.Join(out, " | ")
}

func TestSolve_LaterPrevails(t *testing.T) {
	cases := []struct {
		name string
		kind event.Kind
		list []report
		want string
	}{
		{"a slip", event.Visit, []report{{"01-10", "2026-03-15", 0}, {"02-10", "2026-03-29", 0}}, "Sun 29 Mar 2026; e#1 by e#2"},
		{"the day of the report counts, not its place", event.Visit, []report{{"02-10", "2026-03-29", 0}, {"01-10", "2026-03-15", 0}}, "Sun 29 Mar 2026; e#2 by e#1"},
		{"where none tells when, the list does", event.Visit, []report{{"", "2026-03-15", 0}, {"", "2026-03-29", 0}, {"", "2026-03-22", 0}}, "Sun 22 Mar 2026; e#1 by e#3; e#2 by e#3"},
		{"what tells is added to what does not", event.Visit, []report{{"", "2026-03-15", 0}, {"02-10", "2026-03-29", 0}}, "Sun 29 Mar 2026; e#1 by e#2"},
		{"what does not tell is added to what does", event.Visit, []report{{"02-10", "2026-03-15", 0}, {"", "2026-03-29", 0}}, "Sun 29 Mar 2026; e#1 by e#2"},
		{"two of one day disagree", event.Visit, []report{{"02-10", "2026-03-15", 0}, {"02-10", "2026-03-29", 0}}, "Sun 15 Mar 2026; e#2; [e#1 e#2]"},
		{"an older one of higher priority disagrees", event.Visit, []report{{"01-10", "2026-03-15", 1}, {"02-10", "2026-03-29", 0}}, "Sun 15 Mar 2026; e#2; [e#1 e#2]"},
		{"a later one of higher priority does not", event.Visit, []report{{"01-10", "2026-03-15", 0}, {"02-10", "2026-03-29", 1}}, "Sun 29 Mar 2026; e#1 by e#2"},
		{"the older of two later ones is gone as well", event.Visit, []report{{"01-10", "2026-03-15", 0}, {"02-10", "2026-03-29", 0}, {"03-10", "2026-04-12", 0}}, "Sun 12 Apr 2026; e#1 by e#3; e#2 by e#3"},
		{"what the later one leaves room for stays", event.Visit, []report{{"01-10", "[2026-03-01..2026-03-31]", 0}, {"02-10", "not before 2026-03-20", 0}}, "some day from 20 to 31 Mar 2026"},
		{"two leave no room together", event.Visit, []report{{"01-10", "[2026-03-01,2026-03-31]", 0}, {"02-10", "not before 2026-03-02", 0}, {"03-10", "by 2026-03-30", 0}}, "some day from 2 to 30 Mar 2026; e#1 by e#3"},
		{"the words of a later report go before an older day", event.Visit, []report{{"01-10", "2026-03-15", 0}, {"02-10", "2026-22", 0}}, "some day from 1 Jun to 23 Sep 2026; e#1 by e#2"},
		{"of one day a convention gives way", event.Visit, []report{{"02-10", "2026-03-15", 0}, {"02-10", "2026-22", 0}}, "Sun 15 Mar 2026; e#2"},
		{"so it does where the list alone tells", event.Visit, []report{{"", "2026-03-15", 0}, {"", "2026-22", 0}}, "Sun 15 Mar 2026; e#2"},
		{"a deadline extended twice", event.Deadline, []report{{"01-10", "by 2026-03-15", 0}, {"02-10", "by 2026-03-29", 0}, {"03-10", "by 2026-04-12", 0}}, "Sun 12 Apr 2026; e#1 by e#3; e#2 by e#3"},
		{"a deadline brought forward", event.Deadline, []report{{"01-10", "2026-03-29", 0}, {"02-10", "by 2026-03-15", 0}}, "Sun 15 Mar 2026; e#1 by e#2"},
		{"the limits of a deadline", event.Deadline, []report{{"01-10", "not before 2026-03-01", 0}, {"02-10", "by 2026-03-15", 0}}, "Sun 15 Mar 2026"},
		{"a limit put off", event.Visit, []report{{"11-10", "by 2026-12-31", 0}, {"12-10", "by 2027-03-31", 0}}, "on or before 31 Mar 2027; e#1 by e#2"},
		{"a limit put off twice", event.Visit, []report{{"10-10", "by 2026-12-31", 0}, {"12-10", "by 2027-03-31", 0}, {"11-10", "by 2027-01-31", 0}}, "on or before 31 Mar 2027; e#1 by e#2; e#3 by e#2"},
		{"a limit brought forward", event.Visit, []report{{"11-10", "by 2027-03-31", 0}, {"12-10", "before 2026-12-31", 0}}, "on or before 30 Dec 2026; e#1 by e#2"},
		{"a limit put off, by the list", event.Visit, []report{{"", "by 2026-12-31", 0}, {"", "by 2027-03-31", 0}}, "on or before 31 Mar 2027; e#1 by e#2"},
		{"two limits of a list", event.Visit, []report{{"", "by 2026-12-31", 0}, {"", "before 2027-03-31", 0}}, "on or before 31 Dec 2026"},
		{"a limit of the same day", event.Visit, []report{{"11-10", "by 2026-12-31", 0}, {"11-10", "by 2027-03-31", 0}}, "on or before 31 Dec 2026"},
		{"a limit of lower priority", event.Visit, []report{{"11-10", "by 2026-12-31", 1}, {"12-10", "by 2027-03-31", 0}}, "on or before 31 Dec 2026"},
		{"a limit that is confirmed", event.Visit, []report{{"11-10", "by 2026-12-31", 0}, {"12-10", "by 2026-12-31", 0}}, "on or before 31 Dec 2026"},
		{"a limit by a season", event.Visit, []report{{"01-10", "by 2026-03-31", 0}, {"02-10", "by 2026-22", 0}}, "on or before 23 Sep 2026; e#1 by e#2"},
		{"not before an earlier day", event.Visit, []report{{"01-10", "not before 2026-03-01", 0}, {"02-10", "not before 2026-02-01", 0}}, "on or after 1 Feb 2026; e#1 by e#2"},
		{"limits of both sides", event.Visit, []report{{"01-10", "not before 2026-03-01", 0}, {"02-10", "by 2026-04-01", 0}, {"03-10", "by 2026-05-01", 0}}, "some day from 1 Mar to 1 May 2026; e#2 by e#3"},
		{"over by a later day", event.Visit, []report{{"01-10", "ends by 2026-03-01", 0}, {"02-10", "ends by 2026-04-01", 0}, {"03-10", "by 2026-03-20", 0}}, "on or before 20 Mar 2026; e#1 by e#2"},
		{"within a longer time", event.Visit, []report{{"01-10", "within 10 days after 2026-03-01", 0}, {"02-10", "within 3 weeks after 2026-03-01", 0}}, "some day from 1 to 22 Mar 2026; e#1 by e#2"},
		{"within some time of another day", event.Visit, []report{{"01-10", "within 10 days after 2026-03-01", 0}, {"02-10", "within 3 weeks after 2026-03-05", 0}}, "some day from 5 to 11 Mar 2026"},
		{"a wider window takes back no narrower one", event.Visit, []report{{"01-10", "between 2026-03-01 and 2026-03-31", 0}, {"02-10", "between 2026-01-01 and 2026-06-30", 0}}, "some day from 1 to 31 Mar 2026"},
		{"a limit leaves a window", event.Visit, []report{{"01-10", "between 2026-03-01 and 2026-03-31", 0}, {"02-10", "by 2026-06-30", 0}}, "some day from 1 to 31 Mar 2026"},
		{"a limit leaves a day", event.Visit, []report{{"01-10", "by 2026-03-31", 0}, {"02-10", "2026-03-20", 0}, {"03-10", "by 2026-06-30", 0}}, "Fri 20 Mar 2026; e#1 by e#3"},
		{"what lasts is moved", event.Visit, []report{{"01-10", "from 2026-03-01 to 2026-03-05", 0}, {"02-10", "from 2026-03-01 to 2026-03-10", 0}}, "1–10 Mar 2026; e#1 by e#2"},
		{"what lasts becomes a day", event.Visit, []report{{"01-10", "from 2026-03-01 to 2026-03-05", 0}, {"02-10", "2026-03-10", 0}}, "Tue 10 Mar 2026; e#1 by e#2"},
		{"an hour is named", event.Visit, []report{{"01-10", "2026-03-10", 0}, {"02-10", "2026-03-10 14:00", 0}}, "Tue 10 Mar 2026, 14:00 UTC"},
		{"an hour is moved", event.Visit, []report{{"01-10", "2026-03-10 14:00", 0}, {"02-10", "2026-03-10 15:00", 0}}, "Tue 10 Mar 2026, 15:00 UTC; e#1 by e#2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := found(Solve([]Input{reported(t, "e", c.kind, c.list...)})); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSolve_SaidTogether(t *testing.T) {
	got := found(Solve([]Input{together(input(t, "e", "not before 2026-03-10", "by 2026-03-01"))}))
	if want := "on or after 10 Mar 2026; e#2; [e#1 e#2]"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// Statements of several events that cannot all hold are a contradiction, unless the newest of
// them is of an event that said something else before.
func TestSolve_LaterPrevailsAmongEvents(t *testing.T) {
	summit := reported(t, "summit", event.Summit, report{"01-10", "2026-04-01", 0})
	cases := []struct {
		name  string
		visit []report
		other Input
		want  string
	}{
		{"a report that it follows the summit", []report{{"01-20", "2026-03-15", 0}, {"02-10", "after event:summit", 0}}, summit,
			"on or after 2 Apr 2026; e#1 by e#2 | Wed 1 Apr 2026"},
		{"a longer time after the summit", []report{{"01-20", "within 60 days after event:summit", 0}, {"02-10", "within 90 days after event:summit", 0}}, summit,
			"some day from 1 Apr to 30 Jun 2026; e#1 by e#2 | Wed 1 Apr 2026"},
		{"before the summit, and by a day", []report{{"01-20", "before event:summit", 0}, {"02-10", "by 2026-06-30", 0}}, summit, "on or before 31 Mar 2026 | Wed 1 Apr 2026"},
		{"a day after a report that it follows the summit", []report{{"01-20", "after event:summit", 0}, {"02-10", "2026-03-15", 0}}, summit,
			"Sun 15 Mar 2026; e#1 by e#2 | Wed 1 Apr 2026"},
		{"one article moves the summit and says that the visit follows", []report{{"01-20", "2026-03-15", 0}, {"02-10", "after event:summit", 0}},
			reported(t, "summit", event.Summit, report{"01-10", "2026-03-01", 0}, report{"02-10", "2026-04-01", 0}),
			"on or after 2 Apr 2026; e#1 by e#2 | Wed 1 Apr 2026; summit#1 by summit#2"},
		{"the summit moves behind a day that fitted", []report{{"01-20", "after event:summit", 0}, {"02-10", "2026-03-15", 0}},
			reported(t, "summit", event.Summit, report{"01-10", "2026-03-01", 0}, report{"03-10", "2026-04-01", 0}),
			"Sun 15 Mar 2026; e#1; [e#1 e#2 summit#2] | Wed 1 Apr 2026; summit#1 by summit#2"},
		{"nobody tells when", []report{{"", "2026-03-15", 0}, {"", "after event:summit", 0}}, input(t, "summit", "2026-04-01"),
			"Sun 15 Mar 2026; e#2; [e#1 e#2 summit#1] | Wed 1 Apr 2026"},
		{"it follows and then precedes the summit", []report{{"", "after event:summit", 0}, {"", "before event:summit", 0}}, input(t, "summit", "2026-04-01"),
			"on or before 31 Mar 2026; e#1 by e#2 | Wed 1 Apr 2026"},
		{"a season gives way to what follows it", []report{{"02-10", "2026-12-25", 0}}, reported(t, "summit", event.Summit, report{"01-10", "2026-23", 0}, report{"01-10", "after event:e", 0}),
			"Fri 25 Dec 2026 | on or after 26 Dec 2026; summit#1"},
		{"the priority of another event is low", []report{{"01-20", "2026-03-15", 0}, {"02-10", "after event:summit", 0}},
			reported(t, "summit", event.Summit, report{"01-10", "2026-04-01", -1}),
			"Sun 15 Mar 2026 | on or before 14 Mar 2026; summit#1; [e#1 e#2 summit#1]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := []Input{reported(t, "e", event.Visit, c.visit...), c.other}
			if got := found(Solve(in)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// TestSolve_NewestIsInForce appends a newer report to any list: it holds, and what does not fit
// it does not.
func TestSolve_NewestIsInForce(t *testing.T) {
	texts := []string{
		"2026-01-%02d", "[2026-01-%02d..2026-02-10]", "by 2026-01-%02d", "not before 2026-01-%02d", "2026-01-%02d 14:00",
		"from 2026-01-%02d lasting 3 days", "[2026-01-%02d,2026-02-20]", "edtf 2026-01-%02d~",
	}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]event.Kind{event.Visit, event.Deadline}).Draw(rt, "kind")
		var list []report
		dated := rapid.Bool().Draw(rt, "dated")
		for i := range rapid.IntRange(2, 5).Draw(rt, "reports") {
			r := report{text: fmt.Sprintf(rapid.SampledFrom(texts).Draw(rt, "text"), rapid.IntRange(1, 28).Draw(rt, "day"))}
			if dated {
				r.said = fmt.Sprintf("02-%02d", 1+i)
			}
			list = append(list, r)
		}
		newest := Solve([]Input{reported(t, "e", event.Visit, list[len(list)-1])})[0] // for a deadline it is at least a limit
		if !dated && newest.When[0].Expr.Soft() {                                     // the list is too little for that
			return
		}
		e := Solve([]Input{reported(t, "e", kind, list...)})[0]
		if len(e.Contradictions) > 0 || e.isAside(e.StatementName(len(list)-1)) {
			rt.Fatalf("%v: %s", list, found([]Entry{e}))
		}
		if !within(e.Window, newest.Window) {
			rt.Fatalf("%v: %s, but the newest says %s", list, e.Window.Words(), newest.Window.Words())
		}
		for _, s := range e.SetAside {
			if dated && s.By == "" {
				rt.Fatalf("%v: %s is set aside: %s", list, s.Statement, s.Why)
			}
		}
	})
}

func TestWarning_ListOrder(t *testing.T) {
	in := []Input{
		reported(t, "a", event.Visit, report{"", "2026-03-15", 0}, report{"", "2026-03-29", 0}),
		reported(t, "b", event.Visit, report{"01-10", "2026-03-15", 0}, report{"02-10", "2026-03-29", 0}),
		reported(t, "c", event.Visit, report{"", "2026-03-15", 0}, report{"02-10", "2026-03-29", 0}),
	}
	list := Solve(in)
	if got := fmt.Sprint(codes(list)); got != "map[a:list-order b: c:list-order]" {
		t.Errorf("they warn %s", got)
	}
	if got, want := list[1].SetAside[0].Why, "it is superseded by the later report b#2 of 10 Feb 2026"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := list[0].Warnings[0].Words; !strings.HasPrefix(got, "a#1: superseded by a#2, taken for the later report by its place in the list") {
		t.Errorf("%q", got)
	}
}

// What follows an edit goes back to the report that came in the place of another.
func TestDiff_Superseded(t *testing.T) {
	trip := reported(t, "trip", event.Visit, report{"01-10", "2026-02-16", 0})
	net := Net{}.Apply([]Input{trip, input(t, "review", "after event:trip")}, nil)
	later := reported(t, "trip", event.Visit, report{"01-10", "2026-02-16", 0}, report{"02-10", "2026-01-16", 0})
	later.Revision.Number = 2
	got := moved(Diff(net, net.Apply([]Input{later}, nil)))
	want := `review: on or after 17 Feb 2026 → on or after 17 Jan 2026, by trip
trip: Mon 16 Feb 2026 → Fri 16 Jan 2026, by trip, edited`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// One report more about each of many events costs no more than a few rounds.
func TestSolve_ManyOutdated(t *testing.T) {
	const n = 2_000
	in := []Input{reported(t, "e0", event.Visit, report{"01-10", "2026-01-01", 0})}
	for i := 1; i < n; i++ {
		in = append(in, reported(t, fmt.Sprint("e", i), event.Visit, report{"01-10", "2025-06-01", 0}, report{"02-10", fmt.Sprintf("not before event:e%d", i-1), 0}))
	}
	list := Solve(in)
	if i := slices.IndexFunc(list[1:], func(e Entry) bool { return len(e.Contradictions) > 0 || e.Window.Words() != "on or after 1 Jan 2026" }); i >= 0 {
		t.Errorf("%s: %s", list[i+1].ID, found(list[i+1:i+2]))
	}
}
