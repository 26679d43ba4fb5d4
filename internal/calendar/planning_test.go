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
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// world is a daemon with a clock that a test turns, and a channel that takes everything.
type world struct {
	t        rapid.TB
	c        *config.Config
	s        *calendar.Settings
	db       *store.DB
	calendar *calendar.Calendar
	now      time.Time
	view     *calendar.View
	list     []*agenda.Entry
	stories  []change.Story // of the last reading, as plan shows them
	sent     map[string]int // by key
	told     []notice.Item  // in the order in which they went out
	high     time.Time      // the latest that its clock ever showed

	readings []filesAt // every reading of its files
}

// filesAt is what files declared at an instant.
type filesAt struct {
	at     time.Time
	events []event.Event
}

func newWorld(t rapid.TB, now time.Time, events ...event.Event) *world {
	t.Helper()
	c := config.Default()
	c.Timezone = "UTC"
	c.Calendar.Events = events
	s, err := c.CalendarSettings()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Temporary("test")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, c: c, s: s, db: db, calendar: calendar.New(db), now: now, sent: make(map[string]int)}
	w.read()
	return w
}

// read takes what the files say.
func (w *world) read() {
	w.t.Helper()
	r, err := w.calendar.Apply(w.s, w.now, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.view, w.list, w.stories = r.View, r.View.Entries(), r.Stories
	w.readings = append(w.readings, filesAt{w.now, slices.Clone(w.s.Events)})
	if w.now.After(w.high) {
		w.high = w.now
	}
}

// settled notes that nobody edits any more.
func (w *world) settled() (last time.Time, list []*agenda.Entry) { return w.now, slices.Clone(w.list) }

// restart forgets all that is not in the store.
func (w *world) restart() {
	w.calendar = calendar.New(w.db)
	w.read()
}

// edit changes an event in its file.
func (w *world) edit(id string, change func(*event.Event)) {
	w.t.Helper()
	w.s.Events = slices.Clone(w.s.Events)
	i := slices.IndexFunc(w.s.Events, func(e event.Event) bool { return e.ID == id })
	change(&w.s.Events[i])
	w.read()
}

// pass lets time pass, and sends what falls due the moment it does.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); w.tick() {
		next := w.now.Add(min(6*time.Hour, end.Sub(w.now)))
		due, ok, err := w.db.Next()
		if err != nil {
			w.t.Fatal(err)
		}
		if ok && due.After(w.now) && due.Before(next) {
			next = due
		}
		w.now = next
	}
}

// step sets the clock.
func (w *world) step(d time.Duration) {
	w.now = w.now.Add(d)
	w.tick()
}

// tick is what the daemon does now and then.
func (w *world) tick() {
	w.t.Helper()
	if w.now.After(w.high) {
		w.high = w.now
	}
	if r, changed, err := w.calendar.Age(w.now); err != nil {
		w.t.Fatal(err)
	} else if changed {
		w.view, w.list = r.View, r.View.Entries()
	}
	err := w.db.Update(func(tx *store.Tx) error {
		items, err := tx.Due(w.now, 1<<20)
		if err != nil {
			return err
		}
		slices.SortStableFunc(items, func(a, b notice.Item) int { // as they would be joined
			return cmp.Or(a.Notice.Due.Compare(b.Notice.Due), cmp.Compare(a.Notice.Kind, b.Notice.Kind))
		})
		for _, it := range items {
			w.deliver(&it)
			if err := tx.PutItem(it); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) deliver(it *notice.Item) {
	w.t.Helper()
	if it.Notice.Due.After(w.now) {
		w.t.Fatalf("%s of %s is sent at %s and due at %s", it.Notice.Kind, it.Notice.Event, w.now, it.Notice.Due)
	}
	if e, ok := calendar.Find(w.list, it.Notice.Event); ok {
		for _, n := range notice.Plan(e, w.s.Rules.In(w.s.Rules.Zone(it.Channel)), w.s.Known(w.list)) {
			if n.Key == it.Notice.Key && n.Due.After(w.now) {
				w.t.Fatalf("%s %s of %s is sent at %s, long before %s", n.Kind, n.Lead, n.Event, w.now, n.Due)
			}
		}
	}
	if e := it.Notice.Expires; !e.IsZero() && !w.now.Before(e) {
		it.Become(notice.Dead, w.now, "expired")
		return
	}
	if w.sent[it.Key]++; w.sent[it.Key] > 1 {
		w.t.Fatalf("%s %s of %s is sent twice", it.Notice.Kind, it.Notice.Lead, it.Notice.Event)
	}
	it.SentAt = w.now
	it.Become(notice.Sent, w.now, "sent")
	w.told = append(w.told, *it)
}

// messages returns the kinds of notices in each message that told of something behind the first n.
func (w *world) messages(n int) (out []string) {
	var queue []notice.Item
	for _, it := range w.told[n:] {
		it.Attempts = 0
		queue = append(queue, it)
	}
	acts := notice.Acts(queue)
	for _, it := range queue {
		if _, member := acts[it.Key]; member {
			continue
		}
		kinds := []string{string(it.Notice.Kind)}
		for _, with := range queue {
			if acts[with.Key] == it.Key && with.SentAt.Equal(it.SentAt) {
				kinds = append(kinds, string(with.Notice.Kind))
			}
		}
		out = append(out, strings.Join(kinds, ", "))
	}
	return out
}

// says writes what was sent since the n-th message, one a line: the kind, the lead and
// what it says.
func (w *world) says(n int) string {
	w.t.Helper()
	var b strings.Builder
	err := w.db.View(func(tx *store.Tx) error {
		for _, it := range w.told[n:] {
			m, err := calendar.WriteNotice(tx, w.s, it, w.list, it.SentAt)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%s %s\n", strings.TrimSpace(string(it.Notice.Kind)+" "+it.Notice.Lead), m.Headline)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// made makes an event with one statement.
func made(t rapid.TB, id string, kind event.Kind, date string) event.Event {
	t.Helper()
	e := event.Event{
		ID: id, Title: upper(id), Kind: kind, Zone: "UTC", Certainty: event.Confirmed, Status: event.Open,
		Origin: event.Position{File: "a.yaml", Line: 1},
	}
	set(t, date)(&e)
	return e
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// set returns what sets the date of an event.
func set(t rapid.TB, date string) func(*event.Event) {
	t.Helper()
	x, err := when.Parse(date)
	if err != nil {
		t.Fatal(err)
	}
	return func(e *event.Event) { e.When = []event.Statement{{Expr: x, Line: 2}} }
}

func become(s event.Status, why string) func(*event.Event) {
	return func(e *event.Event) { e.Status, e.Reason = s, why }
}

// TestPlan_NothingLostNothingTwice lets people edit, the daemon start again and the
// clock step, in any order.
func TestPlan_NothingLostNothingTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		ids := []string{"visit", "talks", "filing"}
		w := newWorld(rt, start, made(rt, "visit", event.Visit, "2026-03-20"), made(rt, "talks", event.Meeting, "3 days after event:visit"),
			made(rt, "filing", event.Deadline, "2026-03-25 09:00"))
		for range rapid.IntRange(1, 12).Draw(rt, "acts") {
			id := rapid.SampledFrom(ids).Draw(rt, "event")
			switch rapid.IntRange(0, 6).Draw(rt, "act") {
			case 0, 1:
				w.edit(id, set(rt, anyDate(rt, id, w.now)))
			case 2:
				w.edit(id, become(rapid.SampledFrom(event.Statuses()).Draw(rt, "status"), "so it is"))
			case 3:
				w.edit(id, func(e *event.Event) { e.Title += "'" })
			case 4:
				w.restart()
			case 5:
				w.step(time.Duration(rapid.IntRange(-60, 180).Draw(rt, "step")) * time.Minute)
			case 6:
				w.pass(time.Duration(rapid.IntRange(0, 200).Draw(rt, "hours")) * time.Hour)
			}
		}
		w.step(max(0, w.high.Sub(w.now))) // the clock is right again
		last, list := w.settled()
		w.pass(time.Hour)
		w.allIsTold()
		w.pass(50 * 24 * time.Hour)
		w.allIsReminded(last, list)
	})
}

// anyDate draws a date, or one that leans on another event.
func anyDate(rt *rapid.T, id string, now time.Time) string {
	d := civil.DateOf(now, time.UTC).AddDays(rapid.IntRange(-3, 40).Draw(rt, "day"))
	forms := []string{d.String(), d.String() + " 09:00", "between " + d.String() + " and " + d.AddDays(12).String(), "tbd"}
	if id == "talks" {
		forms = append(forms, "after event:visit", "2 days after event:visit")
	}
	return rapid.SampledFrom(forms).Draw(rt, "date")
}

// allIsTold fails where an event changed and people were not told of it.
func (w *world) allIsTold() {
	w.t.Helper()
	err := w.db.View(func(tx *store.Tx) error {
		for _, e := range w.list {
			told := 1
			for _, it := range w.told {
				if n := it.Notice; n.Event == e.ID && n.Kind == notice.Changed {
					w.untold(tx, *e, told, n.From)
					told = max(told, n.To)
				}
			}
			w.untold(tx, *e, told, e.Revision)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// untold fails where something changed in e from one revision to another that people
// had to be told of. What moved along is told with what moved it.
func (w *world) untold(tx *store.Tx, e agenda.Entry, from, to int) {
	w.t.Helper()
	if from >= to {
		return
	}
	changes, err := calendar.ChangesSince(tx, e, from, to, when.Window{})
	if err != nil {
		w.t.Fatal(err)
	}
	changes = slices.DeleteFunc(changes, func(c change.Change) bool {
		return c.Type == change.Lapsed || c.Field == "date" && e.ID == "talks"
	})
	if len(changes) > 0 && !w.thereAndBack(tx, e, from, to) {
		w.t.Fatalf("%s: nobody is told of %v, from revision %d to %d", e.ID, changes, from, to)
	}
}

// thereAndBack is for edits that were taken back before they settled, after which the
// last one that was told of is not the last revision.
func (w *world) thereAndBack(tx *store.Tx, e agenda.Entry, from, to int) bool {
	for n := from; n < to; n++ {
		if changes, err := calendar.ChangesSince(tx, e, n, to, when.Window{}); err == nil && len(changes) == 0 {
			return true
		}
	}
	return false
}

// allIsReminded fails where a notice did not go out that fell due after the last edit,
// as which the events were as listed.
func (w *world) allIsReminded(last time.Time, list []*agenda.Entry) {
	w.t.Helper()
	sent := make(map[string]bool)
	for _, it := range w.told {
		sent[it.Notice.Key] = true
	}
	k := w.s.Known(list)
	for _, e := range list {
		for _, n := range notice.Plan(*e, w.s.Rules, k) {
			if n.Due.After(last) && !n.Due.After(w.now) && !sent[n.Key] {
				w.t.Fatalf("%s: %s %s of %s, due %s, never went out", e.ID, n.Kind, n.Lead, n.Target, n.Due)
			}
		}
	}
}

// whole returns all that was said since the n-th message.
func (w *world) whole(n int) string {
	w.t.Helper()
	var b strings.Builder
	err := w.db.View(func(tx *store.Tx) error {
		for _, it := range w.told[n:] {
			m, err := calendar.WriteNotice(tx, w.s, it, w.list, it.SentAt)
			if err != nil {
				return err
			}
			b.WriteString(m.Whole() + "\n")
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func (w *world) status(id string) event.Status {
	e, _ := calendar.Find(w.list, id)
	return e.Status
}

func topics(list ...string) agenda.Filter { return agenda.Filter{Topics: list} }

func sorted(list []string) []string {
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(a, b) })
	return list
}

func TestReach_Chain(t *testing.T) {
	ids := map[string]bool{"a": true}
	calendar.Reach(ids, map[string][]string{"a": {"b"}, "b": {"c", "a"}, "d": {"e"}})
	if !ids["b"] || !ids["c"] || len(ids) != 3 {
		t.Errorf("a leads to %v", ids)
	}
}
