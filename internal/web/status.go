package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"attache/internal/prose"
)

// Status says how attache does its work. Nothing in it is secret.
type Status struct {
	Version  string
	Started  time.Time // UTC
	Events   int
	Feeds    []FeedStatus
	Outbox   []StateCount
	Channels []ChannelStatus
	Invalid  []Invalid // events that something is wrong with
	Failure  string    // why the outbox can't be counted; "" when it can
}

// FeedStatus is one feed as it is kept.
type FeedStatus struct {
	Name, Title string
	Private     bool
	Entries     int
	Undated     int    // events with no date, or with one bound: they have no entry
	Incomplete  string // up to when it is complete, where entries yet to come did not fit; otherwise ""
	Octets      int    // of the plain text
	Modified    time.Time
}

// StateCount counts the notices in a state.
type StateCount struct {
	State string
	N     int
}

// ChannelStatus is how sending to a channel goes.
type ChannelStatus struct {
	Channel   string
	State     string
	Why       string // what keeps it, one line
	Due, Held int
	LastError string
	LastSent  time.Time // UTC; zero before the first
}

// Invalid is an event that something is wrong with, and what.
type Invalid struct{ Event, What string }

// statusPage is what the page of the state shows besides what all pages have.
type statusPage struct {
	Ready    bool
	Checks   []Check
	Restart  []string
	Version  string
	Events   string
	Started  moment
	Feeds    []feedLine
	Polls    []pollLine
	Outbox   []StateCount
	Failure  string
	Channels []channelLine
	Invalid  []invalidLine
}

type feedLine struct {
	FeedStatus
	Href    string
	Size    string
	Changed moment
	Polls   string // how often it was asked for
}

type pollLine struct {
	Feed, Client, Answers string
	Last                  moment
}

type channelLine struct {
	ChannelStatus
	Last moment
}

type invalidLine struct{ Title, Href, What string }

// status is the page of how attache does its work.
func (s *site) status(w http.ResponseWriter, r *http.Request, req request) {
	got, ready := s.Status(), s.Readiness()
	polls := s.FeedStats.Values()
	if !req.cal.Whole() {
		got, polls = got.forEverybody(len(req.index.all)), nil
		ready = Readiness{Ready: ready.Ready}
	}
	b := statusPage{
		Ready: ready.Ready, Checks: ready.Checks, Restart: ready.Restart, Version: got.Version, Events: prose.Count(got.Events, "event"),
		Outbox: got.Outbox, Failure: got.Failure, Started: req.moment(got.Started),
	}
	for _, f := range got.Feeds {
		b.Feeds = append(b.Feeds, req.feedLine(f, polls))
	}
	for _, p := range polls {
		b.Polls = append(b.Polls, pollLine{p.Feed, p.Client, answers(p), req.moment(p.Last)})
	}
	for _, c := range got.Channels {
		b.Channels = append(b.Channels, channelLine{c, req.moment(c.LastSent)})
	}
	for _, x := range got.Invalid {
		line := invalidLine{x.Event, req.event(x.Event), x.What}
		if e, ok := req.index.byID[x.Event]; ok {
			line.Title = e.Title
		}
		b.Invalid = append(b.Invalid, line)
	}
	p := s.newPage(req, "Status", "status")
	p.NoIndex, p.Body = true, b
	s.show(w, r, http.StatusOK, "status", p)
}

// forEverybody returns what of s those are told who do not see everything: of that they see so
// many events.
func (s Status) forEverybody(events int) Status {
	out := Status{Version: s.Version, Started: s.Started, Events: events}
	for _, f := range s.Feeds {
		if !f.Private {
			out.Feeds = append(out.Feeds, f)
		}
	}
	return out
}

func (req request) feedLine(f FeedStatus, polls []FeedStat) feedLine {
	l := feedLine{FeedStatus: f, Size: size(f.Octets), Polls: "not yet", Changed: req.moment(f.Modified)}
	l.Title = cmp.Or(f.Title, f.Name)
	if !f.Private {
		l.Href = req.base + "/feeds/" + f.Name + ".ics"
	}
	var n uint64
	for _, p := range polls {
		if p.Feed == f.Name {
			n += p.Full + p.Unchanged + p.Refused
		}
	}
	if n > 0 {
		l.Polls = prose.Count(int(min(n, 1<<50)), "time")
	}
	return l
}

// answers returns how often and with what a program was answered.
func answers(p FeedStat) string {
	out := fmt.Sprintf("%d in full, %d unchanged", p.Full, p.Unchanged)
	if p.Refused > 0 {
		out += fmt.Sprintf(", %d refused", p.Refused)
	}
	return out + ", " + size(int(min(p.Octets, 1<<50)))
}

// size writes a number of octets as people read it.
func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}

// Sort puts what is counted in an order that stays.
func (s *Status) Sort() {
	slices.SortFunc(s.Outbox, func(a, b StateCount) int { return cmp.Compare(a.State, b.State) })
	slices.SortStableFunc(s.Invalid, func(a, b Invalid) int { return cmp.Compare(a.Event, b.Event) })
}
