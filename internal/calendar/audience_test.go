package calendar_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
)

// guarded returns a world in which the public may not see the event secret, which others lean
// on, are decided by and are bounded by. A channel is the public's, and one the desk's.
func guarded(t *testing.T, secret string, edit func(*event.Event)) *world {
	t.Helper()
	hidden := made(t, "secret", event.Talks, secret)
	hidden.Audience = "desk"
	edit(&hidden)
	leans := made(t, "leans", event.Visit, "3 days after event:secret")
	leans.When[0].Quote, leans.When[0].Source = "after the qqmark", "qqqqmark-source"
	further := made(t, "further", event.Meeting, "2 days after event:leans")
	decided := made(t, "decided", event.Deadline, "2026-04-20")
	decided.If = &event.Condition{Text: "if the qqmark is held", Event: "secret", Is: event.Held}
	linked := made(t, "linked", event.Visit, "2026-03-20")
	linked.Links = []event.Link{{Rel: event.Follows, To: "secret"}}
	bounded := made(t, "bounded", event.Visit, "[2026-03-05..2026-05-30]")
	bounds := made(t, "bounds", event.Visit, "after event:bounded")
	bounds.Audience = "desk"
	bounds.When = append(bounds.When, made(t, "x", event.Visit, secret).When...)
	open := made(t, "open", event.Visit, "2026-03-19")
	after := made(t, "after-open", event.Visit, "4 days after event:open")
	w := newWorld(t, march, open)
	w.s.Sources = map[string]event.Source{"qqqqmark-source": {Key: "qqqqmark-source", Title: "qqmark"}}
	w.s.Audiences = []calendar.Audience{{Name: "desk", None: true}}
	w.s.Rules.Routes = []notice.Route{{To: "#public"}, {To: "#desk", Audiences: []string{"desk"}}}
	w.s.Feeds = append(w.s.Feeds, calendar.DefaultFeed())
	w.s.Feeds[1].Name, w.s.Feeds[1].Private, w.s.Feeds[1].Audiences = "inner", true, []string{"desk"}
	w.s.Events = []event.Event{hidden, leans, further, decided, linked, bounded, bounds, open, after}
	w.read()
	return w
}

// seen returns all that the view shows: what is, why, what was, what is published.
func seen(t *testing.T, v *calendar.View) string {
	t.Helper()
	var out strings.Builder
	write := func(x any, err error) {
		text, failed := json.Marshal(x)
		if err != nil || failed != nil {
			t.Fatal(err, failed)
		}
		out.Write(text)
		out.WriteByte('\n')
	}
	list, err := v.List(t.Context(), calendar.Query{Now: march})
	write(list, err)
	for _, e := range list {
		why, err := v.Why(t.Context(), e.ID)
		write(why, err)
		revisions, err := v.Revisions(e.ID)
		write(revisions, err)
		told, err := v.EventNotices(e.ID)
		write(told, err)
		text, err := v.Export(t.Context(), calendar.Export{ID: e.ID})
		write(string(text), err)
		one, err := v.Changes(t.Context(), calendar.ChangeQuery{Range: change.Range{Event: e.ID}})
		write(one, err)
	}
	for _, e := range v.Entries() {
		write(fmt.Sprintf("%+v %+v", e.Past, e.Conditions), nil)
	}
	all, err := v.Changes(t.Context(), calendar.ChangeQuery{})
	write(all, err)
	write(v.Sources(), nil)
	f, _ := v.Feed("all")
	write(string(f.Plain), nil)
	since, err := v.Since()
	write(since, err)
	return strings.ReplaceAll(out.String(), v.Domain(), "DOMAIN")
}

// told returns what the channel was sent.
func told(w *world, channel string) string {
	var out strings.Builder
	for _, it := range w.told {
		if it.Channel == channel {
			m, err := w.view.Message(it, it.SentAt)
			if err != nil {
				w.t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s %s %s\n", it.SentAt, it.Notice.Event, m.Whole())
		}
	}
	return out.String()
}

// TestView_NothingOfWhatIsHidden has two worlds that differ in nothing but what the public may
// not see. The public is shown, told and published the same in both, octet for octet.
func TestView_NothingOfWhatIsHidden(t *testing.T) {
	live := func(secret, next string, edit func(*event.Event)) (shown, past, public, desk string) {
		w := guarded(t, secret, edit)
		w.pass(hours(5))
		w.edit("secret", set(t, next))
		w.pass(hours(5))
		w.edit("bounds", func(e *event.Event) { e.When[1] = made(t, "x", event.Visit, next).When[0] })
		w.pass(hours(3))
		w.edit("open", set(t, "2026-03-21"))
		w.pass(hours(24))
		w.edit("secret", become(event.Cancelled, "qqmark of a reason"))
		w.pass(hours(24 * 30))
		v, err := w.view.For(calendar.Sight{})
		if err != nil {
			t.Fatal(err)
		}
		then, err := v.As(march.Add(hours(6)))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := v.Feed("inner"); ok {
			t.Error("the public can read the private feed")
		}
		return seen(t, v), seen(t, then), told(w, "#public"), told(w, "#desk")
	}
	shown, past, public, desk := live("2026-03-11", "2026-03-27", func(e *event.Event) {
		e.Title, e.Place, e.Note = "qqmark", "qqmark", "qqmark"
	})
	other, before, others, _ := live("2026-04-11", "2026-05-02", func(e *event.Event) { e.Title = "Other" })
	for name, c := range map[string][2]string{"shown": {shown, other}, "of the past": {past, before}, "told": {public, others}} {
		a, b := strings.Split(c[0], "\n"), strings.Split(c[1], "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				k := 0
				for k < min(len(a[i]), len(b[i])) && a[i][k] == b[i][k] {
					k++
				}
				k = max(k-200, 0)
				t.Errorf("%s differs by what is hidden:\n%.300s\n%.300s", name, a[i][k:], b[i][k:])
				break
			}
		}
		if strings.Contains(c[0], "qqmark") || strings.Contains(c[0], "secret") || len(a) != len(b) {
			t.Errorf("%s speaks of what is hidden:\n%s", name, c[0])
		}
	}
	if !strings.Contains(shown, event.Unseen) || !strings.Contains(public, "Open") || !strings.Contains(public, "After-open") {
		t.Errorf("what is for the public is not told:\n%s\n%s", shown, public)
	}
	if !strings.Contains(desk, "qqmark") || !strings.Contains(desk, "Leans") {
		t.Errorf("the desk is not told:\n%s", desk)
	}
}

func TestView_For(t *testing.T) {
	w := guarded(t, "2026-03-11", func(*event.Event) {})
	for name, c := range map[string]struct {
		sight calendar.Sight
		whole bool
		n     int
	}{
		"the public":     {calendar.Sight{}, false, 7},
		"somebody else":  {calendar.SightOf("board"), false, 7},
		"the desk":       {calendar.SightOf("desk"), true, 9},
		"who sees all":   {calendar.Everything(), true, 9},
		"desk and board": {calendar.SightOf("board", "desk", "everybody"), true, 9},
	} {
		v, err := w.view.For(c.sight)
		if err != nil || v.Whole() != c.whole || len(v.Entries()) != c.n {
			t.Errorf("%s: sees %d, all: %v, %v", name, len(v.Entries()), v.Whole(), err)
		}
		if again, err := v.For(calendar.Everything()); err != nil || again.Whole() != c.whole {
			t.Errorf("%s: sees more by asking again, %v", name, err)
		}
	}
}

// TestView_ForIsKeptByAudiences shows that those of the same audiences see one view, which is
// worked out once, and those of others do not.
func TestView_ForIsKeptByAudiences(t *testing.T) {
	w := guarded(t, "2026-03-11", func(e *event.Event) {
		if e.ID == "secret" {
			e.Audience = "board"
		}
	})
	views := map[*calendar.View]string{}
	for _, names := range [][]string{{}, {"desk"}, {"board"}, {"board", "desk"}} {
		one, err := w.view.For(calendar.SightOf(names...))
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(names)
		if again, err := w.view.For(calendar.SightOf(append(names, "everybody")...)); err != nil || again != one {
			t.Errorf("%v: it is worked out for each, %v", names, err)
		}
		if other, known := views[one]; known {
			t.Errorf("%v and %s share a view", names, other)
		}
		views[one] = fmt.Sprint(names)
	}
}

// TestSettings_AudienceOf says who may see what by which rule.
func TestSettings_AudienceOf(t *testing.T) {
	topic := func(t string) agenda.Filter { return agenda.Filter{Topics: []string{t}} }
	s := calendar.Settings{
		Audiences: []calendar.Audience{{Name: "board", Match: topic("board")}, {Name: "desk", Match: topic("desk")}, {Name: "nobody", None: true}},
		Feeds: []calendar.Feed{
			{Name: "public", Match: topic("open")}, {Name: "inner", Private: true, Match: topic("inner")},
			{Name: "other", Private: true, Match: topic("other")}, {Name: "own", Private: true, Audiences: []string{"desk"}},
		},
	}
	for name, c := range map[string]struct {
		audience string
		topics   string
		want     string
	}{
		"nothing said":                    {"", "", "everybody: nothing says that it is not for everybody"},
		"it says so":                      {"desk", "inner", "desk: it says audience: desk"},
		"it says everybody":               {"everybody", "desk", "everybody: it says audience: everybody"},
		"an audience that is gone":        {"gone", "", "gone: it says audience: gone"},
		"an audience":                     {"", "desk", "desk: the audience desk chooses it"},
		"the first of two":                {"", "desk board", "board: the audience board chooses it"},
		"a private feed":                  {"", "inner", "inner: the private feed inner has it"},
		"two private feeds":               {"", "inner other", "inner other: the private feed inner has it, the private feed other has it"},
		"a private feed and a public one": {"", "inner open", "everybody: the public feed public has it, too"},
		"an audience and a public feed":   {"", "desk open", "desk: the audience desk chooses it"},
		"an audience and a private feed":  {"", "desk inner", "desk inner: the audience desk chooses it, the private feed inner has it"},
	} {
		r := s.AudienceOf(event.Event{Audience: c.audience, Topics: strings.Fields(c.topics)})
		if got := strings.Join(r.Audiences, " ") + ": " + r.Why; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestView_OncePublic shows nothing of the time in which an event was not for everybody.
func TestView_OncePublic(t *testing.T) {
	w := guarded(t, "2026-03-11", func(e *event.Event) { e.Title = "before it was free" })
	w.pass(time.Hour)
	w.edit("secret", func(e *event.Event) { e.Title, e.Audience = "Free", "" })
	w.pass(time.Hour)
	v, err := w.view.For(calendar.Sight{})
	if err != nil {
		t.Fatal(err)
	}
	if text := seen(t, v); strings.Contains(text, "before it was free") || !strings.Contains(text, "Free") {
		t.Errorf("the public sees what it was:\n%s", text)
	}
	if got := told(w, "#public"); strings.Contains(got, "before it was free") || !strings.Contains(got, "Free") {
		t.Errorf("the public is told\n%s", got)
	}
}

// TestView_HistoryOfWhatAHiddenEventMoved hides an event that had moved another one: who reads the
// history of that one is told nothing of the move, nor another change in its place.
func TestView_HistoryOfWhatAHiddenEventMoved(t *testing.T) {
	w := newWorld(t, march, made(t, "mover", event.Talks, "2026-05-04"), made(t, "leans", event.Visit, "3 days after event:mover"), made(t, "other", event.Visit, "2026-06-01"))
	w.s.Audiences = []calendar.Audience{{Name: "desk", None: true}}
	edits := []func(){
		func() { w.edit("mover", set(t, "2026-05-11")) },
		func() { w.edit("other", set(t, "2026-06-02")) },
		func() { w.edit("mover", func(e *event.Event) { e.Audience = "desk" }) },
		func() { w.edit("mover", set(t, "2026-05-18")) },
		func() { w.edit("other", set(t, "2026-06-03")) },
	}
	for _, edit := range edits {
		edit()
		w.pass(time.Hour)
	}
	history := func(sight calendar.Sight) (out []string) {
		v, err := w.view.For(sight)
		if err != nil {
			t.Fatal(err)
		}
		list, err := v.Changes(t.Context(), calendar.ChangeQuery{Range: change.Range{Event: "leans"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			text := fmt.Sprint(c.Event, " ", c.Changes)
			if c.Because != nil {
				text += " because of " + c.Because.Event
			}
			out = append(out, text)
		}
		return out
	}
	if all := history(calendar.SightOf("desk")); len(all) != 3 || !strings.Contains(all[0], "because of mover") {
		t.Errorf("who may see the mover is told %q", all)
	}
	for _, line := range history(calendar.Sight{}) {
		if !strings.HasPrefix(line, "leans ") || strings.Contains(line, "mover") || strings.Contains(line, "Jun") {
			t.Errorf("the public is told %q", line)
		}
	}
}
