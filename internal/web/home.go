package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
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
	Next     []nextUp
	Awaiting []item
	Timeline timeline
	Periods  []period
	Coming   pager
	Jumps    []jump
	Undated  []item
	Passed   []item
	Rest     rest
	Feed     subscription // of what is shown
	Lost     bool         // whether there is no feed of it: it asks for what no event has
	Lately   []changeLine
	Whole    string // address of the page of all events
	Listed   *listed
}

// rest leads to what is left out of the lists.
type rest struct{ Awaiting, Undated, Passed more }

// more says how many are left out, and where they are.
type more struct {
	N    int
	Href string
}

// listed is one list alone, a page at a time.
type listed struct {
	Name  string
	Items []item
	Pager pager
}

// nextUp is one thing to look at first.
type nextUp struct {
	Label string
	Item  item
	Fact  string // its date and place
}

// sections are the parts of the agenda, each in the order in which it is shown.
type sections struct {
	coming, undated, passed []*agenda.Entry
	awaiting                []*agenda.Entry // those of the passed with no outcome
	underWay, ahead         []*agenda.Entry // those that come and go on now, and those whose day is known
}

// home is the first page: what comes, what is open, what has passed. It is kept for a
// minute, since it looks at every event.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	version, minute, key := s.Calendar().Version(), s.Now().Unix()/60, r.URL.RawQuery
	past := r.URL.Query().Has("at")
	if !past {
		if kept := s.homes.get(version, minute, key); kept != nil {
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
		s.homes.put(version, minute, key, page)
	}
	page.send(w, r)
}

func (s *site) homeBody(req request, chosen []*agenda.Entry, parts sections) home {
	b := home{
		Summary: summary(len(chosen), parts), Chosen: req.words, Form: req.form(len(chosen)),
		Whole: req.link("/"), Feed: req.chosenFeed(), Lost: req.lost,
	}
	if req.list != "" {
		name, list := parts.named(req.list)
		shown, pages := req.paged(list, url.Values{"list": {req.list}})
		b.Listed = &listed{name, req.items(shown), pages}
		return b
	}
	b.Next, b.Timeline = req.nextUp(parts), req.drawTimeline(chosen)
	b.Awaiting, b.Rest.Awaiting = req.take(parts.awaiting, awaitShown, "awaiting")
	shown, pages := req.paged(parts.coming, nil)
	b.Periods, b.Coming, b.Jumps = req.weeks(shown), pages, req.jumps(parts.coming)
	b.Undated, b.Rest.Undated = req.take(parts.undated, undatedShown, "undated")
	b.Passed, b.Rest.Passed = req.take(parts.passed, passedShown, "past")
	b.Lately = s.lately(req)
	return b
}

// lists are those that have pages of their own, as their addresses name them.
var lists = []string{"awaiting", "undated", "past"}

// named returns one of the lists, and what it is called on its page.
func (p sections) named(list string) (string, []*agenda.Entry) {
	switch list {
	case "awaiting":
		return "Awaiting outcome", p.awaiting
	case "undated":
		return "No date yet", p.undated
	}
	return "Past or settled", p.passed
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
	every := req.all()
	coming, _ := req.index.orders.of(req.index.all, req.today)
	for _, e := range coming {
		if every || req.Match(*e) {
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

// next picks what to look at first: what goes on now, the next meeting, the next
// deadline, and the first thing whose day is not known.
func (req request) nextUp(s sections) []nextUp {
	var out []nextUp
	pick := func(label string, from []*agenda.Entry, fits func(*agenda.Entry) bool) {
		if i := slices.IndexFunc(from, fits); i >= 0 {
			e := from[i]
			words := req.dayWords(e)
			if e.Place != "" && e.Window.Precision != when.None {
				words = req.dateWords(e) + ", " + e.Place
			}
			out = append(out, nextUp{label, req.item(e), words})
		}
	}
	unsettled := func(e *agenda.Entry) bool { return !e.Window.Settled() }
	pick("Under way", s.underWay, func(*agenda.Entry) bool { return true })
	pick("Next meeting", s.ahead, func(e *agenda.Entry) bool { return meets(e.Kind) })
	pick("Next deadline", s.ahead, func(e *agenda.Entry) bool { return family(e.Kind) == "deadline" })
	pick("Next without a date", append(slices.Clone(s.coming), s.undated...), unsettled)
	return out
}

func meets(k event.Kind) bool { return family(k) == "meeting" || k == event.Visit }

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
