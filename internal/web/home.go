package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// How many events the first page shows until it is asked for all of them.
const (
	comingShown  = 150
	passedShown  = 50
	undatedShown = 50
	awaitShown   = 20
	lanesShown   = 60
)

// home is what the first page shows besides what all pages have.
type home struct {
	Summary  string
	Chosen   string // which events are shown, in words; "" for all
	Topics   []topic
	Next     []nextUp
	Awaiting []item
	Waiting  int // awaiting an outcome beyond those
	Timeline timeline
	Months   []month
	Undated  []item
	Passed   []item
	Rest     rest
	All      string // address of the page with nothing left out
}

// rest counts what is left out of each list.
type rest struct{ Coming, Undated, Passed int }

// nextUp is one thing to look at first.
type nextUp struct {
	Label string
	Item  item
}

// month is a month of the agenda.
type month struct {
	Name  string
	Items []item
}

// sections are the parts of the agenda, each in the order in which it is shown.
type sections struct {
	coming, undated, passed []agenda.Entry
	awaiting                []agenda.Entry // those of the passed with no outcome
	underWay, ahead         []agenda.Entry // those that come and go on now, and those whose day is known
}

// home is the first page: what comes, what is open, what has passed.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	now, loc := s.now(), s.cal.Zone()
	p := s.newPage("", "calendar", now, loc)
	v := s.newView(p.Base, now)
	query, every := r.URL.Query(), s.cal.Entries()
	chosen := choose(query, every)
	list := chosen.Select(every)
	today := when.DateOf(now, loc)
	agenda.Sort(list, today)
	parts := split(list, now)
	b := home{
		Summary: summary(len(list), parts), Chosen: chosen.words, All: p.Base + "/?" + chosen.all(),
		Topics: v.topics(values(every, func(e agenda.Entry) []string { return e.Topics }), query.Get("topic")),
		Next:   v.next(parts), Timeline: drawTimeline(v, list, today, partOfDay(now, loc)),
	}
	p.NoIndex = chosen.words != ""
	all := query.Has("all")
	b.Awaiting, b.Waiting = take(v, parts.awaiting, awaitShown, all)
	coming, left := take(v, parts.coming, comingShown, all)
	b.Months, b.Rest.Coming = months(coming, parts.coming, today), left
	b.Undated, b.Rest.Undated = take(v, parts.undated, undatedShown, all)
	b.Passed, b.Rest.Passed = take(v, parts.passed, passedShown, all)
	p.Body = b
	s.show(w, r, http.StatusOK, "home", p)
}

// take gives the first n of a list, or all, and how many it leaves out.
func take(v view, list []agenda.Entry, n int, all bool) (items []item, left int) {
	if !all && len(list) > n {
		left = len(list) - n
		list = list[:n]
	}
	return v.items(list), left
}

// split sorts events into the parts of the page.
func split(list []agenda.Entry, now time.Time) sections {
	var s sections
	for _, e := range list {
		switch phase := e.Phase(now); {
		case phase == agenda.AwaitingOutcome:
			s.awaiting = append(s.awaiting, e)
			s.passed = append(s.passed, e)
		case phase == agenda.Over:
			s.passed = append(s.passed, e)
		case e.Window.Precision == when.None:
			s.undated = append(s.undated, e)
		default:
			s.coming = append(s.coming, e)
			if phase == agenda.UnderWay {
				s.underWay = append(s.underWay, e)
			} else if e.Window.Settled() {
				s.ahead = append(s.ahead, e)
			}
		}
	}
	slices.SortStableFunc(s.passed, func(a, b agenda.Entry) int { return lastDay(b).Compare(lastDay(a)) })
	return s
}

func lastDay(e agenda.Entry) when.Date { return e.Window.EndsLatest.Day }

// months groups what comes by the month in which it can come first. items are
// the first of list, as they are shown.
func months(items []item, list []agenda.Entry, today when.Date) []month {
	var out []month
	for i, it := range items {
		d := list[i].Window.Earliest.Day
		if d.Before(today) {
			d = today
		}
		name := fmt.Sprintf("%s %d", d.Month, d.Year)
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, month{Name: name})
		}
		it.Small = true
		out[len(out)-1].Items = append(out[len(out)-1].Items, it)
	}
	return out
}

// next picks what to look at first: what goes on now, the next meeting, the next
// deadline, and the first thing whose day is not known.
func (v view) next(s sections) []nextUp {
	var out []nextUp
	pick := func(label string, from []agenda.Entry, fits func(agenda.Entry) bool) {
		if i := slices.IndexFunc(from, fits); i >= 0 {
			out = append(out, nextUp{label, v.item(from[i])})
		}
	}
	unsettled := func(e agenda.Entry) bool { return !e.Window.Settled() }
	pick("Under way", s.underWay, func(agenda.Entry) bool { return true })
	pick("Next meeting", s.ahead, func(e agenda.Entry) bool { return meets(e.Kind) })
	pick("Next deadline", s.ahead, func(e agenda.Entry) bool { return family(e.Kind) == "deadline" })
	pick("Next without a set day", append(slices.Clone(s.coming), s.undated...), unsettled)
	return out
}

func meets(k event.Kind) bool { return family(k) == "meeting" || k == event.Visit }

// summary says in a sentence what there is.
func summary(n int, s sections) string {
	if n == 0 {
		return "No events."
	}
	under := len(s.underWay)
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(under, "under way")
	add(len(s.coming)-under, "to come")
	add(len(s.undated), "with no date yet")
	add(len(s.passed), "past or settled")
	return count(n, "event") + ": " + strings.Join(parts, ", ") + "."
}

// partOfDay says how much of the day has passed at now in loc, from 0 to 1.
func partOfDay(now time.Time, loc *time.Location) float64 {
	t := now.In(loc)
	return float64(t.Hour()*60+t.Minute()) / (24 * 60)
}
