package daemon

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/when"
)

// settings is a configuration as the rooms take it.
type settings struct {
	publicURL string // with no slash at the end
	timezone  string // IANA
	events    []event.Event
	sources   map[string]event.Source
	rules     notice.Rules
	rulesID   string // changes whenever the rules do
	feeds     []feedSettings
	digests   []digestSettings
	follow    []followed
	loc       *time.Location // of timezone
	log       *slog.Logger
}

type feedSettings struct {
	name, title string
	match       agenda.Filter
}

// settle makes settings of a checked configuration. log may be nil.
func settle(c *config.Config, log *slog.Logger) (*settings, error) {
	loc, err := when.Zone(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone: %w", err)
	}
	s := &settings{
		publicURL: c.PublicURL, timezone: c.Timezone, loc: loc, log: log,
		events: c.Calendar.Events, sources: make(map[string]event.Source), rules: c.Rules(),
	}
	for _, src := range c.Calendar.Sources {
		s.sources[src.Key] = src
	}
	if s.follow, err = settleFollow(c, loc); err != nil {
		return nil, err
	}
	s.rulesID = fingerprint(s.rules)
	for _, f := range c.Feeds {
		if f.Private { // it has no secret address yet, and must not have a public one
			s.warn("private feeds are not served yet", "feed", f.Name)
			continue
		}
		s.feeds = append(s.feeds, feedSettings{f.Name, f.Title, f.Match})
	}
	s.warnOfWhatWaits(c)
	for _, d := range c.Digests {
		spec, err := schedule.Parse(d.Cron, loc)
		if err != nil {
			return nil, fmt.Errorf("digest %q: %w", d.Name, err)
		}
		s.digests = append(s.digests, digestSettings{d.Name, spec, d.To, d.Covers, d.Match})
	}
	return s, nil
}

// warnOfWhatWaits names what is asked for and is not in force yet, so that nobody
// relies on it.
func (s *settings) warnOfWhatWaits(c *config.Config) {
	for _, f := range c.Feeds {
		if len(f.Alarms) > 0 || f.Cancelled != "" {
			s.warn("not in force yet: feeds have no alarms, and show what is called off as cancelled", "feed", f.Name)
		}
	}
}

func (s *settings) location() *time.Location { return s.loc }

func (s *settings) warn(msg string, args ...any) {
	if s.log != nil {
		s.log.Warn(msg, args...)
	}
}

// fingerprint names the rules, so that a change of them is noticed.
func fingerprint(r notice.Rules) string {
	b, _ := json.Marshal(r) // plain data: it always marshals
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
