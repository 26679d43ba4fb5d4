package config

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
)

// Feed is a calendar that people subscribe to. What is nil or empty is as usual.
type Feed struct {
	Name       string // a slug: it stands in the address
	Title      string
	Match      agenda.Filter
	Private    bool          // reached by a secret address only
	Alarms     []notice.Lead // none unless asked for; in m, h, d and w
	Cancelled  string        // status, title or both: how what is called off is shown
	Windows    string        // edges, span or none: how a date is shown of which only a window is known
	Busy       []event.Kind  // kinds that take up time in the calendars of others once their hour is known
	Keep       *notice.Lead  // how long what was called off stays
	Past       *notice.Lead  // how long what has passed stays
	Ahead      *notice.Lead  // how far ahead the feed looks
	Refresh    time.Duration // how often calendars should ask; 0 is an hour
	MaxEntries *int          // 0 is no limit
	MaxBytes   *int          // 0 is no limit
	NoGzip     bool          // never compressed
}

var feedKeys = []string{
	"name", "title", "match", "private", "alarms", "cancelled", "windows", "busy", "keep", "past", "ahead", "refresh",
	"max_entries", "max_bytes", "gzip",
}

func (s *settingsReader) feeds(f field) {
	var out []Feed
	at := map[string]int{}
	for _, item := range s.list(f) {
		feed, named := Feed{}, false
		item.key = "a feed"
		ok := s.mapping(item, feedKeys, func(f field) {
			if f.key == "name" {
				feed.Name, named = s.id(f), true
				if line, twice := at[feed.Name]; twice && feed.Name != "" {
					s.fail(f.v, "two feeds are named %q: the first is on line %d", feed.Name, line)
				}
				at[feed.Name] = f.v.Line
				return
			}
			s.feed(&feed, f)
		})
		if ok && !named {
			s.fail(item.v, "the feed has no name: it stands in the address, as in /feeds/NAME.ics")
		}
		if feed.Title == "" {
			feed.Title = feed.Name
		}
		out = append(out, feed)
	}
	if len(out) > 0 {
		s.cfg.Feeds = out
	}
}

func (s *settingsReader) feed(feed *Feed, f field) {
	switch f.key {
	case "title":
		feed.Title = s.phrase(f)
	case "match":
		feed.Match = s.filter(f)
	case "private":
		feed.Private = s.truth(f)
	case "alarms":
		feed.Alarms = s.alarms(f)
	case "cancelled":
		f.key = "choice for cancelled"
		feed.Cancelled = word(s.reader, f, []string{"status", "title", "both"})
	case "windows":
		f.key = "choice for windows"
		feed.Windows = word(s.reader, f, []string{"edges", "span", "none"})
	case "busy":
		if !s.null(f.v) {
			feed.Busy = append([]event.Kind{}, words(s.reader, f, "kind", event.Kinds())...)
		}
	default:
		s.feedBounds(feed, f)
	}
}

// feedBounds reads how much a feed holds, and how it is fetched.
func (s *settingsReader) feedBounds(feed *Feed, f field) {
	switch f.key {
	case "keep":
		feed.Keep = s.span(f)
	case "past":
		feed.Past = s.span(f)
	case "ahead":
		feed.Ahead = s.span(f)
	case "refresh":
		s.duration(f, &feed.Refresh)
	case "max_entries":
		n := s.number(f, 0, 1_000_000)
		feed.MaxEntries = &n
	case "max_bytes":
		n := s.number(f, 0, 1<<30)
		feed.MaxBytes = &n
	case "gzip":
		feed.NoGzip = !s.null(f.v) && !s.truth(f)
	}
}

// span reads a time that is counted in days of the calendar.
func (s *settingsReader) span(f field) *notice.Lead {
	l, ok := s.lead(f)
	if !ok {
		return nil
	}
	if l.Elapsed() || l.Unit == notice.BusinessDays {
		s.fail(f.v, "%s counts in days, weeks or months: write it as 30d, 12w or 24mo", f.key)
		return nil
	}
	return &l
}

// alarms reads a ladder of leads that calendar programs can count themselves.
func (s *settingsReader) alarms(f field) []notice.Lead {
	out := s.ladder(f)
	for _, l := range out {
		if l.Unit == notice.Months || l.Unit == notice.BusinessDays {
			s.fail(f.v, "calendar programs count neither months nor business days: write alarms in m, h, d and w, not %s", l)
			return nil
		}
	}
	return out
}
