package feed

import (
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
)

// Feed says what is written of a feed as a whole. Texts may hold any bytes.
type Feed struct {
	Name       string        // as in its address
	Title      string        // "" is Name
	PublicURL  string        // absolute http or https address of the feed, with no secret in it; left out otherwise
	Zone       string        // IANA name in which readers show the calendar, or ""
	Refresh    time.Duration // how often readers should ask, in whole seconds; 0 is an hour
	Options                  // how events are shown
	Span       Span          // which of them, by their days
	MaxEntries int           // entries it holds at most, since some calendars lose what comes after; 0 is no limit
	MaxBytes   int           // octets it holds at most, likewise; 0 is no limit
}

// Item is an event as it is published.
type Item struct {
	Entry    *agenda.Entry // which many share, and nobody changes
	Sequence int           // from 0; greater with every change of a fingerprint
	Stamp    time.Time     // of the revision that last changed a fingerprint: DTSTAMP and LAST-MODIFIED, in whole seconds
	Off      time.Time     // since when it is called off, UTC; zero where it is not, or nobody knows
	History  []Published   // what calendars were given of it, as History gives it
}

// Context is what the texts of events refer to.
type Context struct {
	Sources  map[string]event.Source
	PageBase string        // what links to pages begin with, without a slash at the end; "" for no links
	AlarmAt  time.Duration // from midnight: when in the day an alarm counted in days rings for an all-day entry
	Length   time.Duration // of a meeting with no end; 0 is usual
}

// Body is a feed, ready to be served.
type Body struct {
	Plain, Gzip    []byte
	ETag, GzipETag string    // strong entity tags of Plain and Gzip, with their quotes, RFC 9110 §8.8.3
	Modified       time.Time // UTC, whole seconds: the latest stamp of an event in it, zero where it has none
	Counts
}

// Counts are how much of what belongs into a feed is in it.
type Counts struct {
	Entries  int        // how many entries are in it
	Undated  int        // how many events were left out because they have no date, or only one bound
	CutPast  int        // entries that have passed and were left out because the feed would be too large
	CutAhead int        // entries yet to come that were left out for the same reason
	CutFrom  civil.Date // the day of the first of those: what begins before it is in the feed; zero where CutAhead is 0
}

// Incomplete returns up to when a feed is complete, as a sentence; "" where nothing that is
// yet to come was left out.
func (c Counts) Incomplete() string {
	if c.CutAhead == 0 {
		return ""
	}
	last := c.CutFrom.AddDays(-1).Start(time.UTC).Format("2 Jan 2006")
	return fmt.Sprintf("Complete until %s: it has no room for %d later entries.", last, c.CutAhead)
}

// Problem says why an event is not in a feed.
type Problem struct {
	Event string // its id
	What  string // one line
}

// String names the event and what is wrong with it.
func (p Problem) String() string { return fmt.Sprintf("event %q: %s", p.Event, p.What) }

// Render writes the feed f of items, in order of their start and then their
// UID. Events that cannot be published are left out and named in the problems;
// those without a date are only counted. No events at all give a valid feed
// that holds none.
func Render(f Feed, items []*Item, c Context) (Body, []Problem) {
	return NewLayout(f, items, c, nil).Render()
}
