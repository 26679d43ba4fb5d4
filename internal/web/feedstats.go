package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// FeedStats counts how feeds are asked for, by the kind of program that asks. Nothing of a
// client is kept but its kind. The zero FeedStats is ready. Only feeds that there are get
// counted, so that what it holds is bounded.
type FeedStats struct {
	mu     sync.Mutex
	counts map[feedClient]*FeedStat
}

// feedClient is a feed and the kind of a program that asks for it.
type feedClient struct{ feed, client string }

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

// clientKind returns the kind of a User-Agent.
func clientKind(agent string) string {
	for _, c := range clients {
		for _, m := range c.marks {
			if strings.Contains(agent, m) {
				return c.kind
			}
		}
	}
	return "other"
}

// count notes an answer.
func (p *FeedStats) count(feed, agent string, status, octets int, now time.Time) {
	key := feedClient{feed, clientKind(agent)}
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts[key]
	if c == nil {
		if p.counts == nil {
			p.counts = make(map[feedClient]*FeedStat)
		}
		c = &FeedStat{Feed: key.feed, Client: key.client}
		p.counts[key] = c
	}
	switch status {
	case http.StatusOK:
		c.Full++
	case http.StatusNotModified:
		c.Unchanged++
	default:
		c.Refused++
	}
	c.Octets += uint64(octets)
	c.Last = now.UTC().Truncate(time.Second)
}

// Values returns what was counted, in the order of feeds and then of kinds.
func (p *FeedStats) Values() []FeedStat {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]FeedStat, 0, len(p.counts))
	for _, c := range p.counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b FeedStat) int { return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Client, b.Client)) })
	return out
}
