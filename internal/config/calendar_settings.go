package config

import (
	"fmt"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/schedule"
	"attache/internal/source/ical"
)

// CalendarSettings returns what the core of attache goes by, listening where the file says. The error is for what Load
// refuses too, of a configuration that was put together otherwise.
func (c *Config) CalendarSettings() (*calendar.Settings, error) {
	loc, err := civil.Zone(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone: %w", err)
	}
	s := &calendar.Settings{
		File: c.File, PublicURL: c.PublicAt(c.Listen), Timezone: c.Timezone, Location: loc,
		Events: c.Calendar.Events, Sources: make(map[string]event.Source), Rules: c.Rules(), Calendars: c.Calendars, Length: c.DefaultLength,
	}
	for _, src := range c.Calendar.Sources {
		s.Sources[src.Key] = src
	}
	for _, f := range c.Follow {
		s.Follow = append(s.Follow, f.Followed())
	}
	for _, a := range c.Audiences {
		one := calendar.Audience{Name: a.Name, None: a.Match == nil}
		if a.Match != nil {
			one.Match = *a.Match
		}
		s.Audiences = append(s.Audiences, one)
	}
	for _, f := range c.Feeds {
		s.Feeds = append(s.Feeds, f.settings())
	}
	for _, d := range c.Digests {
		spec, err := schedule.Parse(d.Cron, loc)
		if err != nil {
			return nil, fmt.Errorf("digest %q: %w", d.Name, err)
		}
		s.Digests = append(s.Digests, calendar.Digest{Name: d.Name, Spec: spec, To: d.To, Covers: d.Covers, Match: d.Match, Empty: d.Empty, Audiences: d.Audiences})
	}
	if c.unmatched() {
		s.NoFiles = c.noFiles
	}
	return s, nil
}

// unmatched reports whether there are patterns of event files and none names a file.
func (c *Config) unmatched() bool { return len(c.Unmatched) > 0 && len(c.Unmatched) == len(c.Events) }

// noFiles returns what is wrong where no pattern of event files names a file any more,
// although so many events came from files.
func (c *Config) noFiles(events int) error {
	var out Errors
	for _, e := range c.Unmatched {
		one := *e
		one.Message += fmt.Sprintf(": %d of the events came from there; put the files back, or withdraw the events with events: []", events)
		out = append(out, &one)
	}
	return out
}

// settings returns what the feed holds and how it is shown, with what is usual filled in.
func (f Feed) settings() calendar.Feed {
	out := calendar.DefaultFeed()
	out.Name, out.Title, out.Match, out.Private, out.NoGzip = f.Name, f.Title, f.Match, f.Private, f.NoGzip
	out.Audiences = f.Audiences
	out.Ahead, out.Refresh = f.Ahead, f.Refresh
	out.Options = feed.Options{Windows: feed.Windows(f.Windows), Cancelled: feed.Cancelled(f.Cancelled), Technical: f.Technical, Busy: f.Busy}
	for _, l := range f.Alarms {
		if a, ok := feed.AlarmOf(l.N, string(l.Unit)); ok { // others were refused
			out.Options.Alarms = append(out.Options.Alarms, a)
		}
	}
	if f.Keep != nil {
		out.Keep = *f.Keep
	}
	if f.Past != nil {
		out.Past = *f.Past
	}
	if f.MaxEntries != nil {
		out.MaxEntries = *f.MaxEntries
	}
	if f.MaxBytes != nil {
		out.MaxBytes = *f.MaxBytes
	}
	return out
}

// Followed returns what the core of attache goes by in following the calendar.
func (f Follow) Followed() calendar.Follow {
	return calendar.Follow{Name: f.Name, Title: f.Title, Reading: ical.Options{
		Source: f.Name, Prefix: f.Name, Zone: f.Timezone, Kind: f.Kind, Topics: f.Topics, Trusted: f.Trusted, Certainty: f.Certainty,
	}}
}
