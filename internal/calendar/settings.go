package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/workday"
)

// Settings are one reading of the configuration and its event files, checked: what is
// declared and the rules by which it is kept. Nothing changes them once they are given
// to a Calendar.
type Settings struct {
	File      string         // attache.yaml, as the origins of events name it
	PublicURL string         // what links begin with, with no slash at the end
	Timezone  string         // IANA name of the desk's zone
	Location  *time.Location // the same
	Events    []event.Event  // as the files declare them, in their order
	Sources   map[string]event.Source
	Calendars workday.Calendars // by which business days are counted
	Rules     notice.Rules
	Length    time.Duration // of a meeting with no end, in feeds; 0 is usual
	Feeds     []Feed
	Audiences []Audience // the first that chooses an event
	Digests   []Digest
	Follow    []Follow

	// FilesSum names the contents of the event files, so that machines which keep one calendar can
	// tell whether theirs are the same; "" is not noted.
	FilesSum string

	// NoFiles returns the error for a reading whose patterns name no file any more,
	// although so many events came from files. Nil says that they name some.
	NoFiles func(events int) error
}

// Feed says what a feed holds and how it is shown.
type Feed struct {
	Name       string // a slug: it stands in the address
	Title      string
	Match      agenda.Filter
	Private    bool     // reached by a secret address only
	Audiences  []string // of a private one: whose events it shows; none is an audience of its own
	NoGzip     bool     // never compressed
	Options    feed.Options
	Keep       notice.Lead   // how long what was cancelled stays
	Past       notice.Lead   // how long what has passed stays
	Ahead      *notice.Lead  // how far ahead it looks; nil is without end
	Refresh    time.Duration // how often calendars should ask; 0 is an hour
	MaxEntries int           // 0 is no limit
	MaxBytes   int           // 0 is no limit
}

// DefaultFeed returns the settings of a feed that says nothing. Google loses what comes
// after about a thousand events or a megabyte.
func DefaultFeed() Feed {
	return Feed{
		Keep: notice.Lead{N: 30, Unit: notice.Days}, Past: notice.Lead{N: 90, Unit: notice.Days},
		MaxEntries: 1000, MaxBytes: 900_000,
	}
}

// Console is the channel that stands for the screen.
const Console = "console"

// Digest is one recurring message about all that is coming.
type Digest struct {
	Name   string
	Spec   schedule.Spec
	To     string // channel
	Covers notice.Lead
	Match  agenda.Filter
	Empty  bool // it goes out even where there is nothing to say

	Audiences []string // that it may carry, besides what is for everybody
}

// SlackChannels returns the Slack channels that notices and digests go to, each once, in
// the order of their names.
func (s *Settings) SlackChannels() []string {
	out := []string{s.Rules.Home}
	if len(s.Rules.Routes) > 0 {
		out = nil
	}
	for _, r := range s.Rules.Routes {
		out = append(out, r.To)
	}
	for _, d := range s.Digests {
		out = append(out, d.To)
	}
	out = slices.DeleteFunc(out, func(ch string) bool { return ch == Console })
	slices.Sort(out)
	return slices.Compact(out)
}

// feed returns the settings of the feed called name.
func (s *Settings) feed(name string) (Feed, bool) {
	for _, f := range s.Feeds {
		if f.Name == name {
			return f, true
		}
	}
	return Feed{}, false
}

// rulesID names the rules, so that a change of them is noticed; a change of the holidays
// that they count by is one.
func (c *Calendar) rulesID(s *Settings) string {
	if c.rules.id != "" && reflect.DeepEqual(c.rules.of, s.Rules) { // which costs less than to hash them
		return c.rules.id
	}
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(s.Rules)              // plain data: it always marshals, but for the zone
	_, _ = io.WriteString(h, s.Rules.Location.String()) // to a sum: it never fails
	if s.Rules.Days != nil {
		hashDays(h, s.Rules.Days)
	}
	if s.Rules.Quiet != nil {
		for _, days := range s.Rules.Quiet.Holidays {
			hashDays(h, days)
		}
	}
	c.rules.of, c.rules.id = s.Rules, hex.EncodeToString(h.Sum(nil))
	return c.rules.id
}

// hashDays writes which days of our time a calendar works.
func hashDays(w io.Writer, c *workday.Calendar) {
	first, last := civil.Date{Year: 2020, Month: 1, Day: 1}, civil.Date{Year: 2045, Month: 1, Day: 1}
	var works []byte
	for d := first; d.Before(last); d = d.AddDays(1) {
		works = strconv.AppendBool(works, c.Business(d))
	}
	_, _ = w.Write(works) // to a sum: it never fails
}
