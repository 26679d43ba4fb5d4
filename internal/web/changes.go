package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
)

// changeLine is one change as it stands in a list.
type changeLine struct {
	Seq    uint64
	At     moment
	Title  string
	Href   string
	Family string
	Moves  []move
	Also   string // fields that changed besides
	By     string
	Reason string
	Led    []related // events that moved because this one did
	Cause  *related  // what moved it, where it was not revised itself
}

// move is one thing that changed.
type move struct{ What, Field, Old, New string }

// changeLine returns a change as it is shown.
func (req request) changeLine(v change.View) changeLine {
	c := changeLine{
		Seq: v.Seq, At: req.moment(v.At), Title: v.Title, Href: req.event(v.Event), By: author(v.By, v.Via), Reason: v.Reason,
		Also: strings.Join(v.Also(), ", "), Family: "other",
	}
	if e, ok := req.index.byID[v.Event]; ok {
		c.Family = family(e.Kind)
	}
	for _, l := range v.Follows {
		c.Led = append(c.Led, related{Title: l.Title, Href: req.event(l.Event), Words: change.NowWas(l.Now, l.Was)})
	}
	if b := v.Because; b != nil {
		c.Cause = &related{Title: prose.Within(b.Title), Words: prose.Capital(b.Words())}
		if b.Event != "" {
			c.Cause.Href = req.event(b.Event)
		}
	}
	for _, m := range v.Changes {
		c.Moves = append(c.Moves, move{string(m.Type), m.Field, m.Old, m.New})
	}
	return c
}

// author names who made a change, "" where it came from a file: files are for those who edit
// them.
func author(name, via string) string {
	if via == "" || via == "file" {
		return ""
	}
	return event.Author{Name: name, Via: via}.String()
}

// How many changes a page and the feed of changes hold.
const (
	changesShown = 60
	changesFed   = 50
)

// changesPage is what the page of changes shows besides what all pages have.
type changesPage struct {
	Chosen string // which events are shown, in words; "" for all
	Form   form
	Failed bool // whether the store could not be read
	Log    []edit
	Atom   string // address of the feed of changes
	Older  string // address of the page of older ones; "" where there are none
	Newest string // address of the first page; "" where this is it
}

// edit is what was changed at one moment.
type edit struct {
	At      moment
	Changes []changeLine
	Entered []changeLine // events that were entered, where they are many
}

// manyEntered is from how many on events that were entered at once are only named.
const manyEntered = 4

// changes is the page of what was changed, the newest first.
func (s *site) changes(w http.ResponseWriter, r *http.Request, req request) {
	b := changesPage{Chosen: req.words, Atom: req.base + "/changes.atom"}
	if q := req.filter.query.Encode(); q != "" {
		b.Atom += "?" + q
	}
	list, older, err := req.made("", changesShown)
	if err != nil {
		s.Log.Error("read the changes", "err", err)
		b.Failed = true
	}
	if older > 0 {
		b.Older = req.link("/changes", req.filter.query, url.Values{"before": {strconv.FormatUint(older, 10)}})
	}
	if req.before > 0 {
		b.Newest = req.link("/changes", req.filter.query)
	}
	b.Log, b.Form = req.edits(list), req.form("/changes", "")
	p := s.newPage(req, "Changes", "changes")
	p.NoIndex = p.NoIndex || b.Newest != "" || b.Chosen != ""
	p.Body = b
	s.show(w, r, http.StatusOK, "changes", p)
}

// mostLooked is how many changes are looked through for one request that chooses some.
const mostLooked = 5000

// made returns at most n changes of the events that are asked for, or of one of them, from
// the one that the query names downwards, and the number before which older ones may be;
// 0 where there are none. Its days are those on which changes were made.
func (req request) made(id string, n int) (list []change.View, older uint64, err error) {
	f, r := req.Filter, change.Range{Limit: n + 1, Event: id, Before: uint64(req.before)}
	if !f.From.IsZero() {
		r.From = f.From.Start(req.loc)
	}
	if !f.To.IsZero() {
		r.To = f.To.AddDays(1).Start(req.loc)
	}
	f.From, f.To = civil.Date{}, civil.Date{}
	if end := req.now.Add(time.Second); req.at != "" && (r.To.IsZero() || r.To.After(end)) {
		r.To = end
	}
	if r.Look = mostLooked; id != "" || req.all() && r.To.IsZero() {
		r.Look = 0
	}
	if list, err = req.cal.Changes(f, r); err != nil {
		return nil, 0, err
	}
	if len(list) > n {
		return list[:n], list[n-1].Seq, nil
	}
	return list, req.unlooked(r), nil
}

// unlooked returns the number before which changes were not looked at, 0 where all were.
func (req request) unlooked(r change.Range) uint64 {
	if r.Look == 0 {
		return 0
	}
	start := r.Before
	if newest, err := req.cal.Changes(agenda.Filter{}, change.Range{Limit: 1}); err == nil && len(newest) > 0 && (start == 0 || start > newest[0].Seq) {
		start = newest[0].Seq + 1
	}
	if start <= mostLooked+1 {
		return 0
	}
	older := start - mostLooked
	if first, err := req.cal.Changes(agenda.Filter{}, change.Range{Limit: 1, Before: older}); err == nil && len(first) > 0 && first[0].At.Before(r.From) {
		return 0 // they are older than what is asked for
	}
	return older
}

// edits groups changes by the moment at which they were made.
func (req request) edits(list []change.View) []edit {
	var out []edit
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].At.Equal(list[0].At) {
			n++
		}
		e := edit{At: req.moment(list[0].At)}
		for _, v := range list[:n] {
			if c := req.changeLine(v); v.First() {
				e.Entered = append(e.Entered, c)
			} else {
				e.Changes = append(e.Changes, c)
			}
		}
		if len(e.Entered) < manyEntered {
			e.Changes, e.Entered = append(e.Changes, e.Entered...), nil
		}
		out, list = append(out, e), list[n:]
	}
	return out
}
