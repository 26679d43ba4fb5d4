package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// How many events of each list the first page shows. The rest is on pages of its own.
const (
	comingShown  = 40
	passedShown  = 12
	undatedShown = 20
	awaitShown   = 9
)

// home is what the first page shows besides what all pages have.
type home struct {
	Summary  string
	Chosen   string // which events are shown, in words; "" for all
	Form     form
	Tabs     []navLink
	Download []navLink
	Today    string // address of the same at today; "" where it is
	Next     []nextUp
	News     newsView
	AllNews  string // address of the page of changes
	Asked    string // how many await an outcome
	Awaiting []item
	Grid     *grid
	Timeline *timeline
	Paper    *paper
	Periods  []period
	Coming   pager
	Jumps    []jump
	Undated  []item
	Passed   []item
	Rest     rest
	Feed     subscription // of what is shown
	Lost     bool         // whether there is no feed of it: it asks for what no event has
	Whole    string       // address of the page of all events
	Listed   *listed
}

// rest leads to what is left out of the lists.
type rest struct{ Awaiting, Undated, Passed more }

// more says how many are left out, and where they are.
type more struct {
	N    int
	Href string
}

// listed is one list alone, a part of it at a time.
type listed struct {
	Name    string
	Periods []period
	Pager   pager
}

// nextUp is one thing to look at first.
type nextUp struct{ Label, Title, Href, Fact string }

// sections are the parts of the agenda, each in the order in which it is shown.
type sections struct {
	coming, undated, passed []*agenda.Entry
	awaiting                []*agenda.Entry // those of the passed with no outcome
	underWay, ahead         []*agenda.Entry // those that come and go on now, and those whose day is known
}

// home is the first page: what comes, what is open, what has passed. It is kept for a
// minute, since it looks at every event.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	cal, err := s.calendarFor(r)
	if err != nil {
		s.Log.Error("read the calendar", "err", err)
		failed(w, r)
		return
	}
	in, out := s.Access.Doors(r)
	minute, key := s.Now().Unix()/60, pageKey{cal.Version(), weekStarts(s.WeekStarts(), r.Header.Get("Accept-Language")).String() + in + out + "?" + r.URL.RawQuery}
	past := r.URL.Query().Has("at")
	if !past {
		if kept := s.homes.get(minute, key); kept != nil {
			kept.send(w, r)
			return
		}
	}
	req, ok := s.start(w, r)
	if !ok {
		return
	}
	p := s.newPage(req, "", "calendar")
	chosen, parts := req.sections()
	p.NoIndex = !req.all() || req.at != ""
	p.Body = s.homeBody(req, chosen, parts)
	page, ok := s.render(w, r, http.StatusOK, "home", p)
	if !ok {
		return
	}
	if !past {
		s.homes.put(minute, key, page)
	}
	page.send(w, r)
}

func (s *site) homeBody(req request, chosen []*agenda.Entry, parts sections) home {
	var err error
	if req.news, err = req.index.news.of(req); err != nil {
		s.Log.Error("read the last changes", "err", err)
	}
	b := home{
		Summary: summary(len(chosen), parts), Chosen: req.words, Form: req.form("/", prose.Count(len(chosen), "event")), Tabs: req.tabs(), Download: req.downloads(),
		Whole: req.link("/"), Feed: req.chosenFeed(), Lost: req.lost, Next: req.nextUp(parts), News: req.newsView(),
		AllNews: req.link("/changes", req.filter.query), Asked: prose.Count(len(parts.awaiting), "event"),
	}
	if !req.on.IsZero() || req.list != "" {
		b.Today = req.here()
	}
	inOrder := req.inOrder(chosen)
	b.Jumps = req.jumps(inOrder)
	switch {
	case req.view == "month" || req.view == "week":
		b.Grid = req.grid(chosen, inOrder)
	case req.view == "print":
		b.Paper = req.print(parts, inOrder)
	case req.view == "timeline":
		b.Timeline = req.drawTimeline(chosen, inOrder)
	case req.list != "" || !req.on.IsZero():
		b.Listed = req.listed(parts, inOrder)
	default:
		shown, pages := req.paged(parts.coming, req.offset)
		b.Periods, b.Coming = req.weeks(shown), pages
		b.Awaiting, b.Rest.Awaiting = req.take(parts.awaiting, awaitShown, "awaiting")
		b.Undated, b.Rest.Undated = req.take(parts.undated, undatedShown, "undated")
		b.Passed, b.Rest.Passed = req.take(parts.passed, passedShown, "past")
	}
	return b
}

// lists are those that have pages of their own, as their addresses name them.
var lists = []string{"dated", "awaiting", "undated", "past"}

// listed returns the list that is asked for alone. Where a day is looked at that is the one
// of all dates, from that day on.
func (req request) listed(parts sections, inOrder []*agenda.Entry) *listed {
	name, list, from := "Every date", inOrder, req.offset
	switch req.list {
	case "awaiting":
		name, list = "No outcome recorded", parts.awaiting
	case "undated":
		name, list = "No date yet", parts.undated
	case "past":
		name, list = "Past or settled", parts.passed
	default:
		if !req.on.IsZero() {
			name = "From " + civil.Long(req.on) + " on"
			from, _ = slices.BinarySearchFunc(list, req.on, compareFirst)
		}
		req.list = "dated"
	}
	shown, pages := req.paged(list, from)
	return &listed{name, req.months(shown), pages}
}

// inOrder returns those of the chosen events that have a date by their days.
func (req request) inOrder(chosen []*agenda.Entry) []*agenda.Entry {
	if len(chosen) == len(req.index.all) {
		return req.index.orders.ofDays(req.index.all)
	}
	return dated(chosen)
}

// dated returns the events of list that have a date, in the order of their first days.
func dated(list []*agenda.Entry) []*agenda.Entry {
	out := slices.DeleteFunc(slices.Clone(list), func(e *agenda.Entry) bool { return e.Window.Precision == when.None })
	return sorted(out, func(e *agenda.Entry) int { return firstDay(e).Number() }, func(x, y *agenda.Entry) int {
		return cmp.Or(lastDay(x).Compare(lastDay(y)), strings.Compare(x.ID, y.ID))
	})
}

// take returns the first n of a list, and where the others are.
func (req request) take(list []*agenda.Entry, n int, name string) ([]item, more) {
	if len(list) <= n {
		return req.items(list), more{}
	}
	return req.items(list[:n]), more{len(list) - n, req.link("/", req.filter.query, url.Values{"list": {name}})}
}

// sections chooses the events that are asked for, and sorts them into the parts of the
// page.
func (req *request) sections() (chosen []*agenda.Entry, s sections) {
	chosen = req.chosen()
	for _, e := range chosen {
		s.put(e, req.phase(e))
	}
	_, ended := req.index.orders.of(req.index.all, req.today)
	over := make(map[*agenda.Entry]bool, len(s.passed)) // whether it awaits an outcome
	for _, e := range s.passed {
		over[e] = false
	}
	for _, e := range s.awaiting {
		over[e] = true
	}
	s.passed, s.awaiting = s.passed[:0], s.awaiting[:0]
	for _, e := range ended {
		if asks, ok := over[e]; ok {
			s.passed = append(s.passed, e)
			if asks {
				s.awaiting = append(s.awaiting, e)
			}
		}
	}
	return chosen, s
}

// chosen returns the events that are asked for, in the order in which they come, and records whether any has the words that
// are looked for.
func (req *request) chosen() (out []*agenda.Entry) {
	coming, _ := req.index.orders.of(req.index.all, req.today)
	if req.all() {
		return coming
	}
	values, said := req.Filter, map[*agenda.Entry]string(nil)
	if values.Text = ""; req.Text != "" {
		said = req.index.said()
	}
	for _, e := range coming {
		if values.Match(e) && (said == nil || agenda.Finds(said[e], req.Text)) {
			out = append(out, e)
		}
	}
	if len(out) > 0 {
		req.found()
	} else if req.Text != "" {
		req.say("with words that no event has")
		req.lost = true
	}
	return out
}

// put puts an event that is in a phase where it belongs.
func (s *sections) put(e *agenda.Entry, phase agenda.Phase) {
	switch {
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

// nextUp picks what to look at first: what goes on now, and what comes next.
func (req request) nextUp(s sections) []nextUp {
	var out []nextUp
	add := func(label string, list []*agenda.Entry) {
		if len(list) > 0 {
			e := list[0]
			fact := req.date(e)
			if away := req.away(e); away != "" {
				fact += ", " + away
			}
			out = append(out, nextUp{label, prose.Measure(prose.Runes).Cut(e.Title, mostTitle), req.event(e.ID), fact})
		}
	}
	add("Under way", s.underWay)
	if add("Next", s.ahead); len(out) == 0 {
		add("Next", s.coming)
	}
	return out
}

// mostTitle is how many characters of a title are told where there is a line for it.
const mostTitle = 80

// summary returns in a sentence what there is.
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
	return prose.Count(n, "event") + ": " + strings.Join(parts, ", ") + "."
}

// partOfDay returns how much of the day has passed at now in loc, from 0 to 1.
func partOfDay(now time.Time, loc *time.Location) float64 {
	t := now.In(loc)
	return float64(t.Hour()*60+t.Minute()) / (24 * 60)
}
