package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
)

var ann = event.Author{Via: "slack", Name: "Ann", User: "U1", Link: "https://example.slack.com/archives/C1/p1"}

// say has Ann say something of an event in Slack.
func (w *world) say(id string, fields ...calendar.Assignment) (calendar.Answered, error) {
	return w.saying(calendar.Said{ID: id, Fields: fields, By: ann})
}

func (w *world) saying(said calendar.Said) (calendar.Answered, error) {
	w.t.Helper()
	a, err := w.c.Answer(said, w.view, w.now)
	if err != nil {
		return calendar.Answered{}, err
	}
	out, err := w.calendar.Answer(a, w.now)
	if err == nil {
		w.view, w.list = out.View, out.View.Entries()
	}
	return out, err
}

func assign(field, value string) calendar.Assignment {
	return calendar.Assignment{Field: field, Value: value}
}

func add(field, value string) calendar.Assignment {
	return calendar.Assignment{Field: field, Value: value, Add: true}
}

// holds returns what is said of the date of an event, and its status.
func (w *world) holds(id string) string {
	e, ok := calendar.Find(w.list, id)
	if !ok {
		return "none"
	}
	var out []string
	for _, st := range e.When {
		out = append(out, st.Expr.String())
	}
	return strings.Join(out, "; ") + " " + string(e.Status)
}

func (w *world) expect(id, want string) {
	w.t.Helper()
	if got := w.holds(id); got != want {
		w.t.Errorf("%s holds %q, want %q", id, got, want)
	}
}

func TestAnswer_Outcome(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-01"))
	out, err := w.say("visit", assign("status", "held"), assign("reason", "met as planned"))
	if err != nil || out.Again || out.Revision.Number != 2 || out.Revision.Author != ann || out.Revision.Reason != "met as planned" {
		t.Fatalf("%+v, %v", out.Revision, err)
	}
	w.expect("visit", "on 2026-03-01 held")
	w.read()
	w.expect("visit", "on 2026-03-01 held")
	changes, err := w.view.Changes(t.Context(), calendar.ChangeQuery{})
	if err != nil || changes[0].By != "Ann" || changes[0].Via != "slack" {
		t.Errorf("%+v, %v", changes, err)
	}
}

func TestAnswer_OneEffect(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-01"))
	said := calendar.Said{ID: "visit", Revision: 1, Fields: []calendar.Assignment{assign("status", "held"), assign("reason", "x")}, By: ann, Press: "T1/U1/C1/1.2/outcome/3.4"}
	for i := range 3 {
		out, err := w.saying(said)
		if err != nil || out.Again != (i > 0) || out.Revision.Number != 2 || out.View == nil {
			t.Errorf("report %d: again %t, revision %d, %v", i+1, out.Again, out.Revision.Number, err)
		}
	}
	w.now = w.now.Add(25 * time.Hour) // forgotten by then
	said.Press = "T1/U1/C1/1.2/outcome/9.9"
	said.Revision, said.Fields = 2, []calendar.Assignment{assign("note", "they met")}
	if _, err := w.saying(said); err != nil {
		t.Fatal(err)
	}
}

func TestAnswer_Refused(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-01"))
	_, err := w.say("visit", assign("status", "held"))
	var transition *calendar.TransitionError
	if !errors.As(err, &transition) || !strings.Contains(err.Error(), "without a reason") {
		t.Errorf("no reason: %v", err)
	}
	if _, err := w.say("visit", assign("status", "held"), assign("reason", "they met")); err != nil {
		t.Fatal(err)
	}
	_, err = w.say("visit", assign("status", "cancelled"), assign("reason", "x"))
	if !errors.As(err, &transition) || !slices.Equal(transition.Allowed, []event.Status{event.Open, event.Withdrawn}) {
		t.Errorf("what cannot follow: %v", err)
	}
	_, err = w.say("visit", assign("status", "held"), assign("reason", "they met"))
	var already *calendar.AlreadyError
	if !errors.As(err, &already) || already.By != ann || !already.At.Equal(w.now) {
		t.Errorf("what is so already: %v", err)
	}
	_, err = w.saying(calendar.Said{ID: "visit", Revision: 1, Fields: []calendar.Assignment{assign("note", "x")}, By: ann})
	var stale *calendar.StaleError
	if !errors.As(err, &stale) || len(stale.Since) != 1 || !strings.Contains(err.Error(), "since: held (Ann (slack))") {
		t.Errorf("what changed since: %v", err)
	}
	if _, err := w.say("nobody", assign("note", "x")); !errors.Is(err, calendar.ErrNoEvent) {
		t.Errorf("no event: %v", err)
	}
	for _, c := range []struct{ field, value, want string }{
		{"when", "32 January 2026", `"32 January 2026" is not a date: January has no day 32`},
		{"status", "hold", `did you mean "held"?`},
		{"id", "x", "stays for ever"},
		{"sources", "[nope]", "there is no source"},
		{"wen", "2026", `did you mean "when"?`},
		{"when", "{after: event:nobody}", "there is no event"},
	} {
		_, err := w.say("visit", assign(c.field, c.value))
		var field *config.FieldError
		if !errors.As(err, &field) || field.Field != c.field || !strings.Contains(field.Words, c.want) {
			t.Errorf("%s=%s: %v", c.field, c.value, err)
		}
	}
}

// TestAnswer_KeptByFiles has the file of an event say more, leave and come back.
func TestAnswer_KeptByFiles(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "between 2026-03-10 and 2026-06-30"))
	if _, err := w.say("visit", add("when", "in April"), assign("certainty", "likely")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.saying(calendar.Said{ID: "visit", Stands: true, By: ann}); err != nil {
		t.Fatal(err)
	}
	e, _ := calendar.Find(w.list, "visit")
	st := e.When[1]
	if src := w.view.Sources()[st.Source]; src.Title != "Ann in Slack" || src.URL != ann.Link || st.Phrase != "in April" || st.Said.String() != "2026-03-02" || st.Line != 0 {
		t.Errorf("%+v rests on %+v", st, src)
	}
	revision := func() int { e, _ := calendar.Find(w.list, "visit"); return e.Revision }
	cited := func() int { e, _ := calendar.Find(w.list, "visit"); return len(e.Sources) }
	w.read()
	if revision() != 3 || cited() != 1 {
		t.Errorf("a reading that says nothing new made revision %d", revision())
	}
	w.edit("visit", func(e *event.Event) {
		e.When = append(slices.Clone(e.When), event.Statement{Expr: made(t, "x", event.Visit, "by 2026-05-01").When[0].Expr, Line: 5})
	})
	w.expect("visit", "between 2026-03-10 and 2026-06-30; loosely between 2026-04-01 and 2026-04-30; by 2026-05-01 open")
	events := w.s.Events
	w.s.Events = nil
	w.read()
	if _, err := w.say("visit", add("when", "in May")); !errors.Is(err, calendar.ErrGone) {
		t.Errorf("said of what left its file: %v", err)
	}
	w.s.Events = events
	w.read()
	w.expect("visit", "between 2026-03-10 and 2026-06-30; loosely between 2026-04-01 and 2026-04-30; by 2026-05-01 open")
	if e, _ := calendar.Find(w.list, "visit"); e.Certainty != event.Likely || cited() != 1 {
		t.Errorf("it came back with %s and %d citations", e.Certainty, cited())
	}
}

func TestAnswer_Settled(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-10"))
	must := func(_ calendar.Answered, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.say("visit", add("when", "in April"), assign("status", "deferred"), assign("reason", "more time")))
	w.now = w.now.Add(time.Minute)
	must(w.saying(calendar.Said{ID: "visit", Stands: true, By: ann}))
	must(w.saying(calendar.Said{ID: "talks", New: true, By: ann, Fields: []calendar.Assignment{assign("title", "Talks"), assign("when", "in May")}}))
	list, err := w.view.Unsettled()
	var got []string
	for _, u := range list {
		got = append(got, u.Event+" "+strings.Join(u.Fields, " "))
	}
	if want := "visit when status reason, talks , visit sources"; strings.Join(got, ", ") != want || err != nil {
		t.Errorf("not in the files: %q, %v", got, err)
	}
	revised := w.list[1].Revision
	w.s.Events = nil
	for _, e := range w.list { // as if somebody had written it all down
		w.s.Events = append(w.s.Events, e.Recorded())
	}
	for key, src := range w.view.Sources() {
		src.Own = false
		w.s.Sources[key] = src
	}
	w.read()
	if list, err := w.view.Unsettled(); len(list) > 0 || err != nil {
		t.Errorf("still not in the files: %+v, %v", list, err)
	}
	if e, _ := calendar.Find(w.list, "visit"); e.Revision != revised {
		t.Errorf("the files made revision %d of what they took over", e.Revision)
	}
}

func TestAnswer_Overruled(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-01"))
	if _, err := w.say("visit", assign("status", "held"), assign("reason", "they met")); err != nil {
		t.Fatal(err)
	}
	w.s.Events = slices.Clone(w.s.Events)
	become(event.Cancelled, "no")(&w.s.Events[0])
	out, err := w.calendar.Apply(w.s, w.now, nil)
	if err != nil || len(out.Overruled) != 1 {
		t.Fatalf("%+v, %v", out.Overruled, err)
	}
	if o := out.Overruled[0]; o.Event != "visit" || o.Field != "status" || o.Was != "held" || o.By != ann || o.File != w.s.Events[0].Origin {
		t.Errorf("%+v", o)
	}
}

func TestOverruled_DateIsSaidInTheThread(t *testing.T) {
	later := func(e *event.Event) { // said in the file of a day after that of the answer
		st := made(t, "visit", event.Visit, "2026-05-20").When[0]
		st.Said, st.Line = civil.Date{Year: 2026, Month: 3, Day: 20}, 7
		e.When = append(slices.Clone(e.When), st)
	}
	for name, tt := range map[string]struct {
		edit func(w *world)
		want string
	}{
		"what comes in its place": {func(w *world) { w.edit("visit", later) }, ":7 overrules Ann, who said in Slack: date on 2026-04-10"},
		"taken back": {func(w *world) {
			was := w.s.Events[0]
			e, _ := calendar.Find(w.list, "visit")
			w.edit("visit", func(f *event.Event) { *f = e.Recorded() })
			w.pass(time.Hour)
			w.edit("visit", func(f *event.Event) { *f = was })
		}, " overrules Ann, who said in Slack: date on 2026-04-10"},
		"something else": {func(w *world) { w.edit("visit", func(e *event.Event) { e.Place, e.Title = "Rome", "In Rome" }) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-25"))
			w.pass(time.Hour)
			if _, err := w.say("visit", add("when", "2026-04-10")); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Hour)
			n := len(w.told)
			tt.edit(w)
			w.pass(time.Hour)
			if said := w.toldEach(n); strings.Contains(said, "overrules") != (tt.want != "") || !strings.Contains(said, tt.want) {
				t.Errorf("told %q, want %q", said, tt.want)
			}
		})
	}
}

// TestOverruled_FileSaysNotWhen edits the file after an answer, as people do: without the day on
// which it was said.
func TestOverruled_FileSaysNotWhen(t *testing.T) {
	undated := made(t, "visit", event.Visit, "2026-05-20").When[0]
	undated.Line = 7
	for name, edit := range map[string]func(e *event.Event){
		"a date is added":              func(e *event.Event) { e.When = append(slices.Clone(e.When), undated) },
		"the only date is another one": func(e *event.Event) { e.When = []event.Statement{undated} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-25"))
			w.pass(time.Hour)
			if _, err := w.say("visit", add("when", "2026-04-10")); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Hour)
			n := len(w.told)
			w.edit("visit", edit)
			w.pass(time.Hour)
			if said := w.toldEach(n); !strings.Contains(said, ":7 overrules Ann, who said in Slack: date on 2026-04-10") {
				t.Errorf("told %q", said)
			}
			if e, _ := calendar.Find(w.list, "visit"); e.Window.Words() != "Wed 20 May 2026" {
				t.Errorf("it is on %s", e.Window.Words())
			}
			if list, err := w.view.Unsettled(); err != nil || len(list) > 0 {
				t.Errorf("to be written into the file: %+v, %v", list, err)
			}
		})
	}
}

func TestHandle(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"))
	h := calendar.Handled{Event: "visit", Channel: "#desk", By: ann}
	if got, again, err := w.calendar.Handle(h, "p1", w.now); err != nil || again || got.Revision != 1 || !got.At.Equal(w.now) {
		t.Errorf("%+v, %t, %v", got, again, err)
	}
	if _, again, err := w.calendar.Handle(h, "p1", w.now); err != nil || !again {
		t.Errorf("reported again: %t, %v", again, err)
	}
	h.Until = w.now.Add(30 * 24 * time.Hour)
	if got, _, err := w.calendar.Handle(h, "p2", w.now); err != nil || got.Until.Format(time.DateOnly) != "2026-03-12" {
		t.Errorf("a snooze beyond the date: %v, %v", got.Until, err)
	}
	handled := func() (n int) {
		list, err := w.calendar.HandledOf("visit")
		if err != nil {
			t.Error(err)
		}
		return len(list)
	}
	w.edit("visit", func(e *event.Event) { e.Note = "x" })
	if handled() != 1 {
		t.Error("a note ended the snooze")
	}
	w.edit("visit", set(t, "2026-03-19"))
	if handled() != 0 {
		t.Error("the date moved and the snooze goes on")
	}
	h.Until = w.now
	if _, _, err := w.calendar.Handle(h, "", w.now); !errors.Is(err, calendar.ErrTooLate) {
		t.Errorf("a snooze until now: %v", err)
	}
}
