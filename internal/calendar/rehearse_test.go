package calendar_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/store"
)

// plan returns what reading the files of w would do, in lines. w itself stays as it is.
func plan(t *testing.T, w *world, edit func()) string {
	t.Helper()
	db := replay(t, w)
	edit()
	p, err := calendar.PlanOf(db, w.s, w.now)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, st := range p.Stories {
		fmt.Fprintf(&b, "%s:", st.Root.New.Event.ID)
		for _, f := range st.Follows {
			fmt.Fprintf(&b, " and %s", f.New.Event.ID)
		}
		b.WriteString("\n")
	}
	for _, n := range p.Notices {
		fmt.Fprintf(&b, "%s %s %s %s\n", n.Do, n.Event, strings.TrimSpace(string(n.Notice)+" "+n.Lead), n.Due.Format("2 Jan 15:04"))
	}
	for _, c := range p.Contradictions {
		fmt.Fprintf(&b, "contradiction: %s\n", strings.Join(c.Statements, ", "))
	}
	return b.String()
}

// replay returns another database in which the files of w were read as they were in that
// of w.
func replay(t rapid.TB, w *world) *store.DB {
	t.Helper()
	db, err := store.Temporary("test")
	if err != nil {
		t.Fatal(err)
	}
	c, s := calendar.New(db), *w.s
	for _, r := range w.readings {
		s.Events = r.events
		if _, err := c.Apply(&s, r.at, nil); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestPlanOf(t *testing.T) {
	files := func() *world {
		return newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "talks", event.Talks, "3 days after event:visit"))
	}
	for name, c := range map[string]struct {
		edit func(w *world)
		want string
	}{
		"nothing": {func(*world) {}, ""},
		"slip": {func(w *world) { set(t, "2026-06-19")(&w.s.Events[0]) },
			"visit: and talks\nsend visit change 2 Mar 08:02\nmove visit reminder 7d 12 Jun 09:00\nmove talks reminder 7d 15 Jun 09:00\n" +
				"move visit reminder 1d 18 Jun 09:00\nmove talks reminder 1d 21 Jun 09:00\nmove visit outcome 22 Jun 09:00\nmove talks outcome 23 Jun 09:00\n" +
				"move visit outcome 25 Jun 09:00\nmove talks outcome 26 Jun 09:00\n"},
		"cancelled": {func(w *world) { become(event.Cancelled, "no")(&w.s.Events[1]) },
			"talks:\nsend talks change 2 Mar 08:02\nwithdraw talks reminder 7d 8 Jun 09:00\nwithdraw talks reminder 1d 14 Jun 09:00\nwithdraw talks outcome 16 Jun 09:00\nwithdraw talks outcome 19 Jun 09:00\n"},
		"contradiction": {func(w *world) {
			e := &w.s.Events[0]
			first := e.When[0]
			set(t, "2026-06-20")(e)
			e.When = together(append(e.When, first))
		}, "contradiction: visit#1, visit#2\n"},
	} {
		w := files()
		got := plan(t, w, func() { w.s.Events = slices.Clone(w.s.Events); c.edit(w) })
		if name == "contradiction" && strings.HasSuffix(got, c.want) {
			continue
		}
		if got != c.want {
			t.Errorf("%s:\n%swant\n%s", name, got, c.want)
		}
	}
}

// TestPlanOf_OneAct has an edit bring a contradiction about, and holds that what a plan lists is
// what is sent: one message that says both.
func TestPlanOf_OneAct(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	db, now := replay(t, w), w.now
	w.s.Events = slices.Clone(w.s.Events)
	e := &w.s.Events[0]
	first := e.When[0]
	set(t, "2026-06-20")(e)
	e.When = together(append(e.When, first))
	p, err := calendar.PlanOf(db, w.s, now)
	if err != nil {
		t.Fatal(err)
	}
	var planned []string
	for _, n := range p.Notices {
		if n.Do == calendar.Send && !n.Due.After(now.Add(time.Hour)) {
			planned = append(planned, fmt.Sprint(n.Notice, n.With, n.Text))
		}
	}
	if len(planned) != 1 || !strings.HasPrefix(planned[0], "change[contradiction]") || !strings.Contains(planned[0], "Contradiction: Visit") {
		t.Errorf("%q", planned)
	}
}

func TestPlanOf_FirstReading(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "talks", event.Talks, "2026-06-13"))
	db, err := store.Temporary("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := calendar.PlanOf(db, w.s, march)
	if err != nil || len(p.Stories) != 2 || len(p.Notices) == 0 {
		t.Errorf("%d stories, %d notices, %v", len(p.Stories), len(p.Notices), err)
	}
}

// TestRehearse_AgreesWithApply lets a calendar be edited at will, and holds that a rehearsal
// of each edit shows what the edit then does, in list and feed.
func TestRehearse_AgreesWithApply(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, march, made(rt, "visit", event.Visit, "2026-03-20"), made(rt, "talks", event.Meeting, "3 days after event:visit"))
		for range rapid.IntRange(1, 4).Draw(rt, "edits") {
			db := replay(rt, w)
			w.s.Events = slices.Clone(w.s.Events)
			i := rapid.IntRange(0, len(w.s.Events)-1).Draw(rt, "event")
			switch rapid.IntRange(0, 2).Draw(rt, "edit") {
			case 0:
				set(rt, anyDate(rt, w.s.Events[i].ID, w.now))(&w.s.Events[i])
			case 1:
				become(rapid.SampledFrom(event.Statuses()).Draw(rt, "status"), "so it is")(&w.s.Events[i])
			case 2:
				if len(w.s.Events) > 1 {
					w.s.Events = slices.Delete(w.s.Events, i, i+1)
				}
			}
			rehearsed, err := calendar.Rehearse(db, w.s, w.now)
			if err != nil {
				rt.Fatal(err)
			}
			w.read()
			if got, want := dates(rehearsed.View.Entries()), dates(w.list); got != want {
				rt.Fatalf("the rehearsal says\n%sand what is done is\n%s", got, want)
			}
		}
	})
}

// dates writes what people see of entries.
func dates(list []*agenda.Entry) string {
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintln(&b, e.ID, e.Status, e.Window.Words(), e.Contradictions)
	}
	return b.String()
}

func TestApply_FolderMovedAway(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "talks", event.Talks, "2026-06-13"))
	gone := errors.New("no file")
	count := 0
	s := *w.s
	s.Events, s.NoFiles = nil, func(n int) error { count = n; return gone }
	if _, err := w.calendar.Apply(&s, march, nil); !errors.Is(err, gone) || count != 2 {
		t.Errorf("%d events, %v", count, err)
	}
	if _, err := calendar.Rehearse(replay(t, w), &s, march); !errors.Is(err, gone) {
		t.Errorf("a rehearsal says %v", err)
	}
	if list, err := w.view.List(t.Context(), calendar.Query{Now: march}); err != nil || len(list) != 2 || list[0].Status != "open" {
		t.Errorf("what held does not hold any more: %v, %v", list, err)
	}
	s.File = "a.yaml" // where the events stand in attache.yaml itself nothing was moved
	if _, err := w.calendar.Apply(&s, march, nil); err != nil {
		t.Error(err)
	}
}

func TestApply_DoubtfulStatus(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	w.edit("visit", become(event.Held, "it was"))
	w.s.Events = slices.Clone(w.s.Events)
	become(event.Open, "")(&w.s.Events[0])
	r, err := w.calendar.Apply(w.s, march.Add(time.Hour), nil)
	if err != nil || len(r.Doubtful) != 1 || r.Doubtful[0].Event != "visit" || !strings.Contains(r.Doubtful[0].Words, `event "visit"`) {
		t.Errorf("%+v, %v", r.Doubtful, err)
	}
}
