package daemon

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/workday"
)

// settings is a configuration as the rooms take it.
type settings struct {
	publicURL string // with no slash at the end
	timezone  string // IANA
	events    []event.Event
	sources   map[string]event.Source
	calendars workday.Calendars
	rules     notice.Rules
	rulesID   string // changes whenever the rules do
	feeds     []feedSettings
	digests   []digestSettings
	follow    []followed
	loc       *time.Location // of timezone
	log       *slog.Logger
}

// feedSettings is a feed as it was written, with what is usual filled in.
type feedSettings struct {
	config.Feed
	options         feed.Options
	keep, past      notice.Lead
	most, mostBytes int
}

// What a feed holds unless it says otherwise. Google loses what comes after about a
// thousand events or a megabyte.
const (
	usualEntries = 1000
	usualBytes   = 900_000
)

// usualFeed returns the settings of a feed that says nothing.
func usualFeed() feedSettings { return feedOf(config.Feed{}) }

// feedOf returns the settings of a feed.
func feedOf(f config.Feed) feedSettings {
	out := feedSettings{
		Feed: f, most: usualEntries, mostBytes: usualBytes,
		options: feed.Options{Windows: feed.Windows(f.Windows), Cancelled: feed.Cancelled(f.Cancelled), Busy: f.Busy},
		keep:    notice.Lead{N: 30, Unit: notice.Days}, past: notice.Lead{N: 90, Unit: notice.Days},
	}
	for lead, written := range map[*notice.Lead]*notice.Lead{&out.keep: f.Keep, &out.past: f.Past} {
		if written != nil {
			*lead = *written
		}
	}
	for most, written := range map[*int]*int{&out.most: f.MaxEntries, &out.mostBytes: f.MaxBytes} {
		if written != nil {
			*most = *written
		}
	}
	for _, l := range f.Alarms {
		if a, ok := feed.AlarmOf(l.N, string(l.Unit)); ok { // others were refused
			out.options.Alarms = append(out.options.Alarms, a)
		}
	}
	return out
}

// settle makes settings of a checked configuration. log may be nil.
func settle(c *config.Config, log *slog.Logger) (*settings, error) {
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone: %w", err)
	}
	s := &settings{
		publicURL: c.PublicURL, timezone: c.Timezone, loc: loc, log: log,
		events: c.Calendar.Events, sources: make(map[string]event.Source), rules: c.Rules(), calendars: c.Calendars,
	}
	for _, src := range c.Calendar.Sources {
		s.sources[src.Key] = src
	}
	if s.follow, err = settleFollow(c, loc); err != nil {
		return nil, err
	}
	s.rulesID = fingerprint(s.rules)
	for _, f := range c.Feeds {
		s.feeds = append(s.feeds, feedOf(f))
	}
	for _, d := range c.Digests {
		spec, err := schedule.Parse(d.Cron, loc)
		if err != nil {
			return nil, fmt.Errorf("digest %q: %w", d.Name, err)
		}
		s.digests = append(s.digests, digestSettings{d.Name, spec, d.To, d.Covers, d.Match, d.Empty})
	}
	return s, nil
}

func (s *settings) location() *time.Location { return s.loc }

func (s *settings) warn(msg string, args ...any) {
	if s.log != nil {
		s.log.Warn(msg, args...)
	}
}

func (s *settings) info(msg string, args ...any) {
	if s.log != nil {
		s.log.Info(msg, args...)
	}
}

// fingerprint names the rules, so that a change of them is noticed; one of the holidays
// that they count by is one of them.
func fingerprint(r notice.Rules) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(r) // plain data: it always marshals
	if r.Days != nil {
		digest(h, r.Days)
	}
	if r.Quiet != nil {
		for _, c := range r.Quiet.Holidays {
			digest(h, c)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// digest writes which days of our time a calendar works.
func digest(w io.Writer, c *workday.Calendar) {
	first, last := civil.Date{Year: 2020, Month: 1, Day: 1}, civil.Date{Year: 2045, Month: 1, Day: 1}
	var works []byte
	for d := first; d.Before(last); d = d.AddDays(1) {
		works = strconv.AppendBool(works, c.Business(d))
	}
	_, _ = w.Write(works) // to a sum: it never fails
}
