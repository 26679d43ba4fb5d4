package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// FeedStats counts how feeds are asked for, by the kind of program that asks. Nothing of a
// client is kept but its kind. The zero FeedStats is ready, and nil counts nothing.
type FeedStats struct {
	mu    sync.RWMutex
	feeds map[string]*[len(clients) + 1]feedCount
}

// feedCount is what one kind of program asked of one feed.
type feedCount struct {
	full, unchanged, refused atomic.Uint64 // answers: 200, 304, others
	octets                   atomic.Uint64
	last                     atomic.Int64 // Unix seconds
}

// FeedStat is what one kind of program asked of one feed since the start.
type FeedStat struct {
	Feed      string    `json:"feed"`      // its name; "feed.ics" for those made by a query
	Client    string    `json:"client"`    // such as google, apple, outlook; other for the rest
	Full      uint64    `json:"full"`      // answered with the feed
	Unchanged uint64    `json:"unchanged"` // answered with 304
	Refused   uint64    `json:"refused"`   // answered otherwise, such as 412
	Octets    uint64    `json:"octets"`    // of bodies, as they were sent
	Last      time.Time `json:"last"`      // UTC, whole seconds
}

// clients are the kinds of program, each with what its User-Agent holds. The first that
// fits counts.
var clients = [...]struct {
	kind  string
	marks []string
}{
	{"google", []string{"Google-Calendar", "Google Calendar", "Googlebot"}},
	{"outlook", []string{"Microsoft", "Outlook", "Office", "Exchange"}},
	{"nextcloud", []string{"Nextcloud", "ownCloud"}},
	{"davx5", []string{"ICSx5", "DAVx5"}},
	{"thunderbird", []string{"Thunderbird", "Lightning"}},
	{"gnome", []string{"Evolution", "evolution-", "GNOME"}},
	{"vdirsyncer", []string{"vdirsyncer", "khal"}},
	{"apple", []string{"dataaccessd", "CalendarAgent", "iCal", "CalendarServer", "remindd", "iOS/", "macOS", "Mac OS X/"}},
	{"attache", []string{"attache"}},
	{"script", []string{"curl/", "Wget", "python", "Go-http-client", "okhttp", "node", "Java/"}},
	{"browser", []string{"Mozilla/"}},
}

// clientKind returns the index of the kind of a User-Agent.
func clientKind(agent string) int {
	for i, c := range clients {
		for _, m := range c.marks {
			if strings.Contains(agent, m) {
				return i
			}
		}
	}
	return len(clients)
}

// count notes an answer.
func (p *FeedStats) count(feed, agent string, status, octets int, now time.Time) {
	if p == nil {
		return
	}
	c := &p.of(feed)[clientKind(agent)]
	switch status {
	case http.StatusOK:
		c.full.Add(1)
	case http.StatusNotModified:
		c.unchanged.Add(1)
	default:
		c.refused.Add(1)
	}
	c.octets.Add(uint64(octets))
	c.last.Store(now.Unix())
}

// of returns the counts of a feed. Only feeds that there are get counted, so their number
// is bounded.
func (p *FeedStats) of(feed string) *[len(clients) + 1]feedCount {
	p.mu.RLock()
	c := p.feeds[feed]
	p.mu.RUnlock()
	if c != nil {
		return c
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.feeds == nil {
		p.feeds = make(map[string]*[len(clients) + 1]feedCount)
	}
	if p.feeds[feed] == nil {
		p.feeds[feed] = new([len(clients) + 1]feedCount)
	}
	return p.feeds[feed]
}

// Values returns what was counted, in the order of feeds and then of kinds.
func (p *FeedStats) Values() []FeedStat {
	if p == nil {
		return nil
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	var out []FeedStat
	for name, counts := range p.feeds {
		for i := range counts {
			c := &counts[i]
			last := c.last.Load()
			if last == 0 {
				continue
			}
			kind := "other"
			if i < len(clients) {
				kind = clients[i].kind
			}
			out = append(out, FeedStat{name, kind, c.full.Load(), c.unchanged.Load(), c.refused.Load(), c.octets.Load(), time.Unix(last, 0).UTC()})
		}
	}
	slices.SortFunc(out, func(a, b FeedStat) int { return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Client, b.Client)) })
	return out
}
