package agenda

import (
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/event"
	"attache/internal/when"
)

// only makes an event that depends on others: "a b" waits for b to be in force.
func only(id string, status event.Status, on ...string) event.Event {
	e := event.Event{ID: id, Title: id, Kind: event.Measure, Zone: "UTC", Certainty: event.Likely, Status: status}
	for i, to := range on {
		c := event.Condition{Event: to, Is: event.InForce}
		if i == 0 {
			e.If = &c
			continue
		}
		x, err := when.Parse(fmt.Sprintf("by 2026-01-%02d", 10+i))
		if err != nil {
			panic(err)
		}
		e.When = append(e.When, event.Statement{Expr: x, If: c, Line: i})
	}
	return e
}

func solved(list ...event.Event) []Entry {
	var in []Input
	for i, e := range list {
		at := time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
		in = append(in, Input{Revision: event.Revision{Event: e, Number: 1, At: at}, UID: e.ID + "@x", Created: at})
	}
	return Solve(in)
}

func TestCondition_Answer(t *testing.T) {
	for _, c := range []struct {
		s, is event.Status
		want  Truth
	}{
		{event.Open, event.InForce, Unknown},
		{event.Deferred, event.InForce, Unknown},
		{event.Lapsed, event.InForce, Unknown},
		{event.Withdrawn, event.InForce, Unknown},
		{event.InForce, event.InForce, True},
		{event.Deferred, event.Deferred, True},
		{event.Averted, event.InForce, False},
		{event.Cancelled, event.Held, False},
		{event.Superseded, event.Held, False},
		{event.Held, event.Cancelled, False},
		{event.Met, event.InForce, Unknown},
		{event.InForce, event.Cancelled, Unknown},
		{event.InForce, event.Averted, False},
		{event.Averted, event.Averted, True},
	} {
		if got := answer(c.s, c.is); got != c.want {
			t.Errorf("%s, to be %s: %s, want %s", c.s, c.is, got, c.want)
		}
	}
}

func TestCondition_StatusOfAnotherEvent(t *testing.T) {
	tariffs := only("tariffs", event.Open, "curbs")
	tariffs.Kind = event.Deadline
	x, _ := when.Parse("on 2025-11-01")
	tariffs.When = []event.Statement{{Expr: x, Line: 3}}
	for _, c := range []struct {
		curbs event.Status
		want  Truth
		shown event.Status
		says  string
	}{
		{event.Open, Unknown, event.Open, "only if “curbs” is in force; so far it is open"},
		{event.InForce, True, event.Open, "only if “curbs” is in force, and it is"},
		{event.Averted, False, event.Averted, "only if “curbs” is in force; it is averted"},
	} {
		e := solved(tariffs, only("curbs", c.curbs))[0]
		got, _ := e.Condition()
		if got.State != c.want || conditional(e) != c.want || e.Status != c.shown || got.Words() != c.says {
			t.Errorf("curbs %s: %s, shown as %s, %q", c.curbs, got.State, e.Status, got.Words())
		}
		if r := e.Recorded(); r.Status != event.Open || r.Reason != "" {
			t.Errorf("curbs %s: recorded as %s, %q", c.curbs, r.Status, r.Reason)
		}
		if e.Window.Words() != "Sat 1 Nov 2025" {
			t.Errorf("curbs %s: the window moved to %s", c.curbs, e.Window.Words())
		}
		if decided := !got.Decided.IsZero(); decided != (c.want != Unknown) {
			t.Errorf("curbs %s: decided %s", c.curbs, got.Decided)
		}
		v := e.View(time.Date(2025, 10, 26, 0, 0, 0, 0, time.UTC))
		if v.Condition == nil || v.Condition.State != string(c.want) || v.Condition.Event != "curbs" || v.Status != string(c.shown) {
			t.Errorf("curbs %s: shown as %+v", c.curbs, v.Condition)
		}
	}
}

func TestCondition_NoDeadlineIsCancelled(t *testing.T) {
	e := solved(only("talks", event.Open, "visit"), only("visit", event.Cancelled))[0]
	if e.Status != event.Cancelled || e.Reason != "it was to happen only if “visit” is in force, and “visit” is cancelled" {
		t.Errorf("%s, %q", e.Status, e.Reason)
	}
}

func TestCondition_StatedStatusStays(t *testing.T) {
	for _, s := range []event.Status{event.Held, event.InForce, event.Averted, event.Lapsed, event.Withdrawn} {
		if e := solved(only("a", s, "b"), only("b", event.Cancelled))[0]; e.Status != s || conditional(e) != False {
			t.Errorf("stated %s, shown %s, %s", s, e.Status, conditional(e))
		}
	}
}

func TestCondition_Chain(t *testing.T) {
	list := solved(only("c", event.Open, "b"), only("b", event.Deferred, "a"), only("a", event.Averted))
	if list[0].Status != event.Cancelled || list[1].Status != event.Cancelled {
		t.Errorf("%s, %s", list[0].Status, list[1].Status)
	}
	c, _ := list[0].Condition()
	if want := list[2].Modified; !c.Decided.Equal(want) {
		t.Errorf("decided %s, want when the first was: %s", c.Decided, want)
	}
}

// Of an event and its dates only those are conditions that something in force waits for.
func TestCondition_OfTheEventAndOfItsDates(t *testing.T) {
	for _, c := range []struct {
		a, b, c event.Status
		status  event.Status
		want    string // whether it stands, and by which statements' conditions
	}{
		{event.InForce, event.Open, event.Open, event.Open, "unknown [ x#1 x#2]"},
		{event.InForce, event.Open, event.Cancelled, event.Open, "unknown [ x#1]"},
		{event.InForce, event.InForce, event.Cancelled, event.Open, "true [ x#1]"},
		{event.Cancelled, event.InForce, event.InForce, event.Cancelled, "false [ x#1 x#2]"},
		{event.InForce, event.Cancelled, event.Cancelled, event.Cancelled, "false [ x#1 x#2]"},
	} {
		e := solved(only("x", event.Open, "a", "b", "c"), only("a", c.a), only("b", c.b), only("c", c.c))[0]
		var with []string
		for _, on := range e.Conditions {
			with = append(with, on.Statement)
		}
		if got := fmt.Sprint(conditional(e), " ", with); got != c.want || e.Status != c.status {
			t.Errorf("%+v: %s, %s", c, got, e.Status)
		}
	}
}

// TestCondition_Alternatives has dates of which each holds if the talks end in its own way.
func TestCondition_Alternatives(t *testing.T) {
	type date struct {
		text string
		is   event.Status
	}
	held, deferred := date{"2026-03-15", event.Held}, date{"2026-03-22", event.Deferred}
	for _, c := range []struct {
		name   string
		list   []date
		talks  event.Status
		want   string
		status event.Status
	}{
		{"open", []date{held, deferred}, event.Open, "some day from 15 to 22 Mar 2026", event.Open},
		{"the first", []date{held, deferred}, event.Held, "Sun 15 Mar 2026; e#2", event.Open},
		{"the second", []date{held, deferred}, event.Deferred, "Sun 22 Mar 2026; e#1", event.Open},
		{"neither", []date{held, deferred}, event.Cancelled, "no date yet; e#1; e#2", event.Cancelled},
		{"a day and another, open", []date{{"2026-03-15", ""}, deferred}, event.Open, "Sun 15 Mar 2026; e#2", event.Open},
		{"a day and another", []date{{"2026-03-15", ""}, deferred}, event.Deferred, "Sun 22 Mar 2026; e#1 by e#2", event.Open},
		{"a day alone", []date{{"2026-03-15", ""}, deferred}, event.Cancelled, "Sun 15 Mar 2026; e#2", event.Open},
		{"one date", []date{held}, event.Cancelled, "Sun 15 Mar 2026", event.Cancelled},
		{"a slip of one of them", []date{held, {"2026-03-17", event.Held}, deferred}, event.Open, "some day from 17 to 22 Mar 2026; e#1 by e#2", event.Open},
		{"windows that overlap", []date{{"[2026-03-01..2026-03-10]", event.Held}, {"[2026-03-12..2026-03-20]", event.Deferred}, {"2026-03-15", event.Cancelled}}, event.Open,
			"some day from 1 to 10 Mar 2026; e#2; e#3", event.Open},
		{"deadlines", []date{{"by 2026-03-15", event.Held}, {"by 2026-03-22", event.Deferred}}, event.Held, "Sun 15 Mar 2026; e#2", event.Open},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := input(t, "e")
			if c.name == "deadlines" {
				e.Revision.Event.Kind = event.Deadline
			}
			for _, d := range c.list {
				st := stated(t, d.text)
				if d.is != "" {
					st.If = event.Condition{Event: "talks", Is: d.is}
				}
				e.Revision.Event.When = append(e.Revision.Event.When, st)
			}
			talks := input(t, "talks", "2026-03-01")
			talks.Revision.Event.Status = c.talks
			list := Solve([]Input{e, talks})
			if got := found(list[:1]); got != c.want || list[0].Status != c.status {
				t.Errorf("%s, %s, want %s, %s", got, list[0].Status, c.want, c.status)
			}
		})
	}
}

// The date that a condition decides on goes back to the event that decides.
func TestDiff_Alternatives(t *testing.T) {
	e, talks := input(t, "e", "2026-03-15", "2026-03-22"), input(t, "talks", "2026-03-01")
	for k, is := range []event.Status{event.Held, event.Deferred} {
		e.Revision.Event.When[k].If = event.Condition{Event: "talks", Is: is}
	}
	net := Net{}.Apply([]Input{e, talks}, nil)
	if e, _ := net.Entry("e"); fmt.Sprint(e.Options(), " ", e.Stated) != "[2026-03-15 2026-03-22] 15 or 22 Mar 2026" {
		t.Errorf("%v, %s", e.Options(), e.Stated)
	}
	talks.Revision.Event.Status, talks.Revision.Number = event.Deferred, 2
	got := moved(Diff(net, net.Apply([]Input{talks}, nil)))
	want := `e: some day from 15 to 22 Mar 2026 → Sun 22 Mar 2026, by talks
talks: Sun 1 Mar 2026 → Sun 1 Mar 2026, by talks, edited`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCondition_SupersededDate(t *testing.T) {
	x := only("x", event.Open, "a", "b", "c")
	x.When[0].SupersededBy = "x#2"
	e := solved(x, only("a", event.InForce), only("b", event.Cancelled), only("c", event.InForce))[0]
	if conditional(e) != True || e.Status != event.Open {
		t.Errorf("%s, %s", conditional(e), e.Status)
	}
}

func TestCondition_Loop(t *testing.T) {
	ring := []event.Event{only("a", event.Open, "b"), only("b", event.Open, "c"), only("c", event.Open, "a"), only("d", event.Open, "a")}
	if got := ConditionLoops(ring); !reflect.DeepEqual(got, [][]string{{"a", "b", "c"}}) {
		t.Errorf("loops: %v", got)
	}
	for _, e := range solved(ring...) {
		c, _ := e.Condition()
		if looped := c.Loop != nil; looped != (e.ID != "d") || c.State != Unknown {
			t.Errorf("%s: %+v", e.ID, c)
		}
		warned := slices.ContainsFunc(e.Warnings, func(w Warning) bool { return w.Code == "condition-loop" })
		if warned != (e.ID != "d") {
			t.Errorf("%s: warned %t", e.ID, warned)
		}
	}
	ring[1].Status = event.Cancelled // a person settles it
	list := solved(ring...)
	for _, e := range []Entry{list[0], list[2], list[3]} {
		if e.Status != event.Cancelled || conditional(e) != False {
			t.Errorf("%s: %s, %s", e.ID, e.Status, conditional(e))
		}
	}
	if got := ConditionLoops(ring); got != nil {
		t.Errorf("loops: %v", got)
	}
}

func TestCondition_MissingEvent(t *testing.T) {
	e := solved(only("a", event.Open, "gone"))[0]
	if c, _ := e.Condition(); c.State != Unknown || c.Words() != "only if “gone” is in force; there is no event gone that could decide it" {
		t.Errorf("%s, %q", c.State, c.Words())
	}
}

func TestCondition_LongChain(t *testing.T) {
	const n = 10_000
	var list []event.Event
	for i := range n {
		list = append(list, only(fmt.Sprintf("e%d", i), event.Open, fmt.Sprintf("e%d", i+1)))
	}
	list = append(list, only(fmt.Sprintf("e%d", n), event.Averted))
	if e := solved(list...)[0]; e.Status != event.Cancelled {
		t.Errorf("the first is %s", e.Status)
	}
	list[n] = only(fmt.Sprintf("e%d", n), event.Open, "e0")
	if got := ConditionLoops(list); len(got) != 1 || len(got[0]) != n+1 {
		t.Errorf("%d loops", len(got))
	}
}

func TestCondition_OrderMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d", "e"}
		var list []event.Event
		for _, id := range ids {
			on := rapid.SliceOfN(rapid.SampledFrom(ids), 0, 3).Draw(t, id)
			list = append(list, only(id, rapid.SampledFrom(event.Statuses()).Draw(t, "status"), on...))
		}
		told := func(list []event.Event) map[string]string {
			out := map[string]string{}
			for _, e := range solved(list...) {
				s := fmt.Sprint(e.Status, e.Recorded().Status)
				for _, c := range e.Conditions {
					s += fmt.Sprint(c.State, c.Event, c.Status, c.Loop)
				}
				out[e.ID] = s
			}
			return out
		}
		want := told(list)
		other := slices.Clone(list)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "order"))).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if got := told(other); !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order: %v, want %v", got, want)
		}
	})
}

func TestCondition_Premise(t *testing.T) {
	for text, want := range map[string]string{
		"if the talks go on": "the talks go on", "Only if it rains": "it rains", "the talks go on": "the talks go on",
		"iffy talks go on": "iffy talks go on", "if ": "if ", "only if if the talks go on.": "the talks go on",
		"agreed by the U.S.": "agreed by the U.S.", "If: it rains": "it rains", "if IF only if it rains; ": "it rains", "only Ifor goes": "only Ifor goes",
	} {
		c := Condition{Condition: event.Condition{Text: text}}
		if got := c.Words(); got != "only if "+want {
			t.Errorf("%q: %q, want %q", text, got, "only if "+want)
		}
	}
}

func TestConflict_LimitsLessThanADayApart(t *testing.T) {
	list := Solve([]Input{together(input(t, "a", "2026-03-01 10:00", "2026-03-01 09:00"))})
	c := list[0].Conflicts
	if len(c) != 1 || c[0].Words()[1] != "The two limits are less than a day apart." || c[0].Words()[3] != "To resolve it, drop or change one of these statements." {
		t.Errorf("%v", c)
	}
}

// conditional returns whether e takes place as stated, by its conditions.
func conditional(e Entry) Truth {
	if c, ok := e.Condition(); ok {
		return c.State
	}
	return True
}

// TestCondition_TooLate has tariffs that wait for curbs to take place.
func TestCondition_TooLate(t *testing.T) {
	for _, c := range []struct {
		name, tariffs, curbs string
		change               func(tariffs, curbs *event.Event)
		want                 string // "" is no warning
	}{
		{"a week", "on 2025-11-01", "on 2025-11-08", nil, "Curbs cannot be in force before 8 Nov 2025: the condition cannot be decided by 1 Nov 2025"},
		{"the next day", "by 2025-11-01", "after 2025-11-01", nil, "Curbs cannot be in force before 2 Nov 2025: the condition cannot be decided by 1 Nov 2025"},
		{"the same day", "on 2025-11-01", "on 2025-11-01", nil, ""},
		{"the last day on which it may be", "[2025-10-25..2025-11-01]", "2025-11", nil, ""},
		{"once it has begun", "from 2025-10-25 to 2025-11-01", "2025-11", nil, "Curbs cannot be in force before 1 Nov 2025: the condition cannot be decided by 25 Oct 2025"},
		{"an instant", "at 2025-11-01 09:00 in UTC", "at 2025-11-01 09:01 in UTC", nil, "Curbs cannot be in force before 1 Nov 2025, 09:01 UTC: the condition cannot be decided by 1 Nov 2025, 09:00 UTC"},
		{"the same instant", "at 2025-11-01 09:00 in UTC", "at 2025-11-01 09:00 in UTC", nil, ""},
		{"tomorrow there, today here", "at 2025-11-01 20:00 in America/New_York", "at 2025-11-02 07:00 in Asia/Tokyo", nil, ""},
		{"a soft end", "2025-11~", "on 2026-02-01", nil, ""},
		{"a soft beginning", "on 2025-11-30", "2025-12~", nil, ""},
		{"one bound", "on 2025-11-01", "by 2025-11-08", nil, ""},
		{"no date", "on 2025-11-01", "tbd", nil, ""},
		{"no last day", "after 2025-11-01", "on 2026-11-01", nil, ""},
		{"a series", "on 2025-11-01 recurring FREQ=WEEKLY;COUNT=4", "on 2025-11-08", nil, ""},
		{"it leans on what decides it", "3 days before event:curbs", "on 2025-11-08", nil, "Curbs cannot be in force before 8 Nov 2025: the condition cannot be decided by 5 Nov 2025"},
		{"called off at any time", "on 2025-11-01", "on 2025-11-08", func(x, _ *event.Event) { x.If.Is = event.Cancelled }, ""},
		{"a deadline is met before it is due", "on 2025-11-01", "on 2025-11-08", func(x, on *event.Event) { x.If.Is, on.Kind = event.Met, event.Deadline }, ""},
		{"a deadline bites when it is due", "on 2025-11-01", "by 2025-11-08", func(_, on *event.Event) { on.Kind = event.Deadline }, "Curbs cannot be in force before 8 Nov 2025: the condition cannot be decided by 1 Nov 2025"},
		{"decided", "on 2025-11-01", "on 2025-11-08", func(_, on *event.Event) { on.Status = event.InForce }, ""},
		{"over", "on 2025-11-01", "on 2025-11-08", func(x, _ *event.Event) { x.Status = event.InForce }, ""},
		{"another event decides", "on 2025-11-01", "on 2025-11-08", func(x, _ *event.Event) { x.If.Event = "none" }, ""},
		{"text alone", "on 2025-11-01", "on 2025-11-08", func(x, _ *event.Event) { x.If = &event.Condition{Text: "if they agree"} }, ""},
		{"of one of two dates", "on 2025-11-01", "on 2025-11-08", func(x, _ *event.Event) {
			x.When = append(x.When, x.When[0], stated(t, "2025-11-22"))
			x.When = x.When[1:]
			x.When[0].If, x.When[1].If, x.If = *x.If, event.Condition{Event: "curbs", Is: event.Deferred}, nil
		}, "Curbs cannot be in force before 8 Nov 2025: the condition cannot be decided by 1 Nov 2025"},
	} {
		tariffs, curbs := input(t, "tariffs", c.tariffs), input(t, "curbs", c.curbs)
		tariffs.Revision.Event.If = &event.Condition{Event: "curbs", Is: event.InForce}
		curbs.Revision.Event.Title = "Curbs"
		if c.change != nil {
			c.change(&tariffs.Revision.Event, &curbs.Revision.Event)
		}
		e := Solve([]Input{tariffs, curbs})[0]
		var have []string
		for _, w := range e.Warnings {
			if w.Code == WarnTooLate {
				have = append(have, w.Words)
			}
		}
		if got := strings.Join(have, " | "); got != c.want || e.Status != tariffs.Revision.Event.Status {
			t.Errorf("%s: %q, want %q; %s", c.name, got, c.want, e.Status)
		}
	}
}
