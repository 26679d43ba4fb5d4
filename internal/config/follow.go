package config

import (
	"fmt"
	"net/url"
	"strings"

	"attache/internal/event"
)

// Follow is a calendar of somebody else whose events become ours.
type Follow struct {
	Name      string          // key of the source that its events rest on, and what their ids begin with
	Title     string          // of that source; "" is what the calendar calls itself
	URL       string          // https, or webcal; it may be secret and is never shown. "" where there is URLFile or File
	URLFile   string          // holds the address
	File      string          // a calendar that lies beside the configuration
	Page      string          // where people can read it, or ""
	Cron      string          // when it is fetched, in the configuration's Timezone
	Timezone  string          // IANA name, of its times that name none; "" leaves those out
	Kind      event.Kind      // of its events
	Topics    []string        // of its events, besides their own
	Certainty event.Certainty // of its events; "" takes what it says
	Trusted   bool            // its CONFIRMED is taken at its word
	Local     bool            // http and addresses of this machine and its network are allowed
}

// Address returns where the calendar is fetched: url, or what url_file holds. It may be
// secret.
func (f Follow) Address() (Secret, error) {
	if f.URLFile == "" {
		return NewSecret(f.URL), nil
	}
	s, _, err := tokenFile(f.URLFile)
	if err != nil {
		return Secret{}, fmt.Errorf("url_file: %w", err)
	}
	return s, nil
}

// Read returns the content of file.
func (f Follow) Read() ([]byte, error) {
	data, err := readFile(f.File)
	if err != nil {
		return nil, fmt.Errorf("read %s: %s", f.File, plainCause(err))
	}
	return data, nil
}

// source is what the events of the calendar rest on.
func (f Follow) source() event.Source {
	s := event.Source{Key: f.Name, Title: f.Title, URL: f.Page, Timezone: f.Timezone}
	if s.Title == "" {
		s.Title = f.Name
	}
	return s
}

var followKeys = []string{"name", "title", "url", "url_file", "file", "page", "cron", "timezone", "kind", "topics", "certainty", "trusted", "local"}

// hourly is when a calendar is fetched unless it says otherwise: not on the hour, when
// everybody does.
const hourly = "23 * * * *"

// readFollow reads the calendars of others, once the zone is known.
func (s *settingsReader) readFollow(f field) {
	at := map[string]int{}
	for _, item := range s.list(f) {
		one, seen := Follow{Cron: hourly, Kind: event.Other}, map[string]bool{}
		item.key = "a calendar to follow"
		ok := s.mapping(item, followKeys, func(f field) {
			seen[f.key] = true
			s.followed(&one, f)
		})
		if !ok {
			continue
		}
		s.checkFollow(item, one, seen, at)
		s.cfg.Follow = append(s.cfg.Follow, one)
	}
}

// checkFollow checks what holds among the keys of one calendar, and among all.
func (s *settingsReader) checkFollow(item field, one Follow, seen map[string]bool, at map[string]int) {
	if !seen["name"] {
		s.fail(item.v, "the calendar has no name: its events name it as their source, and their ids begin with it")
	}
	if line, twice := at[one.Name]; twice && one.Name != "" {
		s.fail(item.v, "two calendars are named %q: the first is on line %d", one.Name, line)
	}
	at[one.Name] = item.v.Line
	if strings.HasPrefix(strings.ToLower(one.URL), "http:") && !one.Local {
		s.fail(item.v, "http can be read and changed on its way: write https, or local: true for a calendar in your own network")
	}
	if n := count(seen["url"], seen["url_file"], seen["file"]); n != 1 {
		s.fail(item.v, "the calendar needs one of url, url_file and file, and has %d", n)
	}
}

// followed reads one key of a calendar to follow.
func (s *settingsReader) followed(to *Follow, f field) {
	switch f.key {
	case "name":
		to.Name = s.id(f)
	case "title":
		to.Title = s.phrase(f)
	case "url":
		to.URL = s.calendarAddress(f)
	case "url_file":
		to.URLFile = s.path(f)
		s.later(followedFile(to.URLFile), f)
	case "file":
		to.File = s.path(f)
	case "page":
		to.Page = s.address(f)
	case "cron":
		orDefault(&to.Cron, s.cron(f))
	case "timezone":
		to.Timezone = s.zoneName(f)
	case "kind":
		orDefault(&to.Kind, word(s.reader, f, event.Kinds()))
	case "topics":
		to.Topics = s.phrases(f)
	case "certainty":
		to.Certainty = word(s.reader, f, event.Certainties())
	case "trusted":
		to.Trusted = s.truth(f)
	case "local":
		to.Local = s.truth(f)
	}
}

// calendarAddress reads an address, which may be secret: it is not repeated.
func (s *settingsReader) calendarAddress(f field) string {
	n := s.scalar(f)
	if n == nil {
		return ""
	}
	u, err := url.Parse(n.Value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "webcal" {
		s.fail(n, "%s is no address: write it as https://example.org/calendar.ics", f.key)
		return ""
	}
	return n.Value
}

func count(list ...bool) (n int) {
	for _, b := range list {
		if b {
			n++
		}
	}
	return n
}
