package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
)

// desk returns a world with a visit that was put off, talks that lean on it and a deadline.
func desk(t *testing.T) *world {
	t.Helper()
	visit := made(t, "visit", event.Visit, "2026-03-12")
	visit.Topics = []string{"trade"}
	w := newWorld(t, march, visit, made(t, "talks", event.Talks, "3 days after event:visit"), made(t, "filing", event.Deadline, "2026-03-31"))
	w.pass(hours(2))
	w.edit("visit", func(e *event.Event) { set(t, "2026-03-19")(e); e.Reason = "the agenda is not ready" })
	w.pass(hours(2))
	return w
}

func TestReader_List(t *testing.T) {
	v := desk(t).view
	for name, c := range map[string]struct {
		q    calendar.Query
		want string
	}{
		"by day":    {calendar.Query{}, "visit talks filing"},
		"by latest": {calendar.Query{Order: agenda.ByLatest}, "visit talks filing"},
		"by topic":  {calendar.Query{Filter: topics("trade")}, "visit"},
		"nothing":   {calendar.Query{Filter: topics("fish")}, ""},
	} {
		c.q.Now = march
		list, err := v.List(t.Context(), c.q)
		var ids []string
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != c.want || err != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestReader_Why(t *testing.T) {
	v := desk(t).view
	why, err := v.Why(t.Context(), "talks")
	if err != nil || why.Date != "Sun 22 Mar 2026" || len(why.Bounds) == 0 {
		t.Errorf("%+v, %v", why, err)
	}
	if _, err := v.Why(t.Context(), "nobody"); !errors.Is(err, calendar.ErrNoEvent) {
		t.Error(err)
	}
}

func TestReader_Changes(t *testing.T) {
	v := desk(t).view
	list, err := v.Changes(t.Context(), calendar.ChangeQuery{Range: change.Range{Event: "visit"}})
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	newest := list[0]
	if newest.Revision != 2 || newest.Reason != "the agenda is not ready" || newest.Via != "file" ||
		len(newest.Changes) != 1 || newest.Changes[0].Old != "Thu 12 Mar 2026" || newest.Changes[0].New != "Thu 19 Mar 2026" ||
		len(newest.Follows) != 1 || newest.Follows[0].Event != "talks" || newest.Follows[0].Was != "Sun 15 Mar 2026" {
		t.Errorf("%+v", newest)
	}
	if list, err := v.Changes(t.Context(), calendar.ChangeQuery{Filter: topics("trade"), Range: change.Range{Limit: 1}}); err != nil || len(list) != 1 || list[0].Event != "visit" {
		t.Error(list, err)
	}
}

func TestReader_Notices(t *testing.T) {
	w := desk(t)
	all, err := w.view.Notices(t.Context(), calendar.NoticeQuery{})
	if err != nil {
		t.Fatal(err)
	}
	states := make(map[string]int)
	for i, n := range all {
		states[n.Notice+" "+n.State]++
		if i > 0 && n.Due.Before(all[i-1].Due) && n.Sent == nil && all[i-1].Sent == nil {
			t.Errorf("%s stands behind %s", n.Due, all[i-1].Due)
		}
	}
	if states["change sent"] != 1 || states["reminder planned"] == 0 {
		t.Errorf("%v", states)
	}
	some, err := w.view.Notices(t.Context(), calendar.NoticeQuery{Event: "visit", Kinds: []string{"change"}, Limit: 1})
	if err != nil || len(some) != 1 || some[0].State != "sent" || some[0].Sent == nil || len(some[0].History) == 0 {
		t.Errorf("%+v, %v", some, err)
	}
	gone, err := w.view.Notices(t.Context(), calendar.NoticeQuery{States: []string{"superseded"}})
	for _, n := range gone {
		if n.Why == "" {
			t.Errorf("%s %s: nothing says why it is superseded", n.Notice, n.Event)
		}
	}
	if err != nil || len(gone) == 0 {
		t.Errorf("the reminders of the old date: %v, %v", gone, err)
	}
}

func TestReader_EventNotices(t *testing.T) {
	w := desk(t)
	now, err := w.view.EventNotices("visit")
	if err != nil {
		t.Fatal(err)
	}
	planned, sent := 0, 0
	for _, n := range now {
		switch n.State {
		case notice.Pending:
			planned++
		case notice.Sent:
			sent++
		}
	}
	if planned == 0 || sent != 1 {
		t.Errorf("%d planned and %d sent: %+v", planned, sent, now)
	}
	past, err := w.view.As(w.now)
	if err != nil {
		t.Fatal(err)
	}
	if then, err := past.EventNotices("visit"); err != nil || len(then) != 1 || then[0].State != notice.Sent {
		t.Errorf("of another day what was planned is not recorded: %+v, %v", then, err)
	}
}

func TestReader_Export(t *testing.T) {
	v := desk(t).view
	for name, c := range map[string]struct {
		x     calendar.Export
		holds string
		not   string
	}{
		"all":    {calendar.Export{}, "SUMMARY:Filing", "nothing of this kind"},
		"one":    {calendar.Export{ID: "talks"}, "SUMMARY:Talks", "SUMMARY:Visit"},
		"filter": {calendar.Export{Query: calendar.Query{Filter: topics("trade")}}, "SUMMARY:Visit", "SUMMARY:Talks"},
		"feed":   {calendar.Export{Feed: "all"}, "SUMMARY:Visit", "nothing of this kind"},
	} {
		text, err := v.Export(t.Context(), c.x)
		if err != nil || !strings.Contains(string(text), c.holds) || strings.Contains(string(text), c.not) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	for _, x := range []calendar.Export{{ID: "nobody"}, {Feed: "none"}} {
		if _, err := v.Export(t.Context(), x); !errors.Is(err, calendar.ErrNoEvent) {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

func TestReader_Render(t *testing.T) {
	v := desk(t).view
	for kind, headline := range map[string]string{"": "Visit", "change": "Slipped: Visit", "reminder": "Visit"} {
		p, err := v.Render(t.Context(), calendar.Rendering{ID: "visit", Notice: kind, Now: march})
		if err != nil || !strings.HasSuffix(p.Message.Headline, headline) || p.Channel != calendar.Console || strings.Contains(p.Event, "visit") {
			t.Errorf("%q: %+v, %v", kind, p, err)
		}
	}
	if _, err := v.Render(t.Context(), calendar.Rendering{ID: "nobody", Now: march}); !errors.Is(err, calendar.ErrNoEvent) {
		t.Error(err)
	}
}

func TestOnNotice(t *testing.T) {
	w := desk(t)
	all, err := w.view.Notices(t.Context(), calendar.NoticeQuery{States: []string{"planned"}})
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	did := ""
	v, err := calendar.OnNotice(w.db, all[0].Key[:12], func(key string) error { did = key; return nil })
	if err != nil || did != all[0].Key || v.Key != did {
		t.Errorf("%s, %+v, %v", did, v, err)
	}
	for prefix, words := range map[string]string{"": "there is no notice", "none": "there is no notice"} {
		if _, err := calendar.OnNotice(w.db, prefix, func(string) error { return nil }); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	if _, err := calendar.OnNotice(w.db, all[0].Key, func(string) error { return errors.New("it is sent") }); err == nil {
		t.Error("what can't be done is said to be done")
	}
}

func TestView_Past(t *testing.T) {
	w := desk(t)
	for at, want := range map[time.Time]string{
		march.Add(-hours(1000)): "2026-03-12", // before anything was recorded: what was recorded first
		march.Add(hours(1)):     "2026-03-12",
		march.Add(hours(3)):     "2026-03-19",
	} {
		past, err := w.view.As(at)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.view.As(at)
		if err != nil || again != past {
			t.Errorf("%s is worked out twice, %v", at, err)
		}
		e, _ := calendar.Find(past.Entries(), "visit")
		if got := e.Window.Earliest.Day.String(); got != want {
			t.Errorf("as of %s: %s, want %s", at, got, want)
		}
		f, ok := past.Query(calendar.FeedQuery{Feed: "all", Key: "feed all?"})
		if day := strings.ReplaceAll(want, "-", ""); !ok || !strings.Contains(string(f.Plain), "DTSTART;VALUE=DATE:"+day) {
			t.Errorf("the feed as of %s\n%s", at, f.Plain)
		}
		if q, ok := past.Query(calendar.FeedQuery{Key: "topic=trade", Filter: topics("trade")}); !ok || strings.Contains(string(q.Plain), "Talks") {
			t.Errorf("a feed put together, as of %s\n%s", at, q.Plain)
		}
	}
	if _, ok := w.view.Feed("none"); ok {
		t.Error("there is a feed that nobody made")
	}
}
