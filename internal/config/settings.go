package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
)

var (
	settingKeys = []string{
		"public_url", "listen", "data", "timezone", "events", "slack", "remind", "routes", "digests",
		"quiet_hours", "settle", "catch_up", "feeds", "calendar", "calendars", "follow", "heartbeat",
	}
	slackKeys = []string{"token_file", "app_token_file", "api_url", "channel", "on_unknown"}
)

// settingsReader reads attache.yaml.
type settingsReader struct {
	*reader
	cfg      *Config
	calendar field   // read once the zone is known
	digests  field   // likewise
	follow   field   // likewise
	ladders  field   // read once the calendars are known
	quiet    field   // likewise
	written  []place // where each pattern of event files stands
}

// settings reads the whole of attache.yaml but its calendar.
func (s *settingsReader) settings(root *yaml.Node) {
	written := map[string]bool{}
	s.mapping(field{v: root}, settingKeys, func(f field) {
		written[f.key] = !s.null(f.v)
		s.setting(f)
	})
	if s.ladders.k != nil {
		s.remind(s.ladders)
	}
	if s.quiet.k != nil {
		s.quietHours(s.quiet)
	}
	if s.digests.k != nil {
		s.readDigests(s.digests)
	}
	if s.follow.k != nil {
		s.readFollow(s.follow)
	}
	if written["listen"] && !written["public_url"] {
		s.cfg.PublicURL = publicURL(s.cfg.Listen, s.cfg.PublicURL)
	}
	if s.cfg.QuietHours != nil && s.cfg.QuietHours.Timezone == "" {
		s.cfg.QuietHours.Timezone = s.cfg.Timezone
	}
}

// publicURL returns the address that listen is reached at, if it has one.
func publicURL(listen, otherwise string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || strings.HasPrefix(listen, "unix:") {
		return otherwise
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (s *settingsReader) setting(f field) {
	switch f.key {
	case "public_url":
		orDefault(&s.cfg.PublicURL, strings.TrimRight(s.address(f), "/"))
	case "listen":
		orDefault(&s.cfg.Listen, s.listen(f))
	case "data":
		s.cfg.Data = s.phrase(f)
	case "timezone":
		orDefault(&s.cfg.Timezone, s.namedZone(f))
	case "events":
		if !s.null(f.v) {
			s.cfg.Events = s.patterns(f)
		}
	case "slack":
		s.slack(f)
	case "settle":
		s.duration(f, &s.cfg.Settle)
	case "catch_up":
		s.duration(f, &s.cfg.CatchUp)
	case "feeds":
		s.feeds(f)
	case "heartbeat":
		s.heartbeat(f)
	case "calendar":
		s.calendar = f
	case "calendars":
		s.calendars(f)
	case "digests":
		s.digests = f
	case "follow":
		s.follow = f
	default:
		s.noticeSetting(f)
	}
}

func (s *settingsReader) noticeSetting(f field) {
	switch f.key {
	case "remind":
		s.ladders = f
	case "routes":
		s.routes(f)
	case "quiet_hours":
		s.quiet = f
	}
}

// namedZone reads a zone that has a name in the zone database, since only those
// have clock changes.
func (s *settingsReader) namedZone(f field) string {
	name := s.zoneName(f)
	if name != "" && name != "UTC" && !strings.Contains(name, "/") {
		s.fail(f.v, "%s has to be a named zone such as Asia/Shanghai, not %s", f.key, quoted(name))
		return ""
	}
	return name
}

func (s *settingsReader) listen(f field) string {
	n := s.scalar(f)
	if n == nil || n.Value == "" {
		return ""
	}
	address, err := ParseListen(n.Value)
	if err != nil {
		s.fail(n, "%s", err)
	}
	return address
}

// ParseListen reads an address to serve on: host:port with a port as a number, or
// unix: and an absolute path.
func ParseListen(text string) (string, error) {
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		if !filepath.IsAbs(path) {
			return "", errors.New("listen: the socket needs an absolute path, as in unix:/run/attache/http.sock")
		}
		return text, nil
	}
	host, port, err := net.SplitHostPort(text)
	number, err2 := strconv.ParseUint(port, 10, 16)
	if err != nil || err2 != nil || strings.ContainsAny(host, "/ ") {
		return "", fmt.Errorf("listen is host:port or unix:/path, not %s", quoted(text))
	}
	return net.JoinHostPort(host, strconv.FormatUint(number, 10)), nil
}

// checkURL reports whether s is an absolute address of http or https.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		var wrong *url.Error
		if errors.As(err, &wrong) {
			err = wrong.Err
		}
		return fmt.Errorf("%s is no address (%w): %w", quoted(s), err, errNoURL)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Errorf("%s is no address: %w", quoted(s), errNoURL)
	case strings.ContainsAny(s, " \t\r\n"):
		return fmt.Errorf("%s has a blank in it: write %%20", quoted(s))
	case u.User != nil:
		return fmt.Errorf("the address holds a user name: leave it out")
	}
	return nil
}

func (s *settingsReader) patterns(f field) []string {
	out := []string{}
	for _, item := range s.list(f) {
		p := s.phrase(item)
		switch _, err := filepath.Match(p, ""); {
		case err != nil:
			s.fail(item.v, "%s is no pattern of file names: a bracket is not closed", quoted(p))
		case p == "":
			s.fail(item.v, "an item of events is empty: write a pattern such as events/*.yaml")
		default:
			out = append(out, p)
			s.written = append(s.written, s.at(item.v))
		}
	}
	return out
}

func (s *settingsReader) slack(f field) {
	to := &s.cfg.Slack
	s.mapping(f, slackKeys, func(f field) {
		switch f.key {
		case "token_file":
			to.TokenFile = s.path(f)
			s.later("slack.token_file", f)
		case "app_token_file":
			to.AppTokenFile = s.path(f)
			s.later("slack.app_token_file", f)
		case "api_url":
			if u := s.address(f); u != "" {
				to.APIURL = strings.TrimRight(u, "/") + "/"
			}
		case "channel":
			to.Channel = s.channel(f)
		case "on_unknown":
			f.key = "choice for on_unknown"
			orDefault(&to.OnUnknown, word(s.reader, f, []OnUnknown{Hold, Resend, Drop}))
		}
	})
}

// later notes where a key stands whose value leads to something that is read later.
func (s *settingsReader) later(key string, f field) {
	if s.cfg.places == nil {
		s.cfg.places = map[string]Error{}
	}
	s.cfg.places[key] = *s.at(f.v).error("")
}

// path reads the path of a file, relative to the folder of attache.yaml. A token
// that was written in its place must not be repeated in a message.
func (s *settingsReader) path(f field) string {
	p := s.phrase(f)
	switch {
	case strings.HasPrefix(p, "xoxb-"), strings.HasPrefix(p, "xapp-"), strings.HasPrefix(p, "xoxp-"):
		s.found.errs = append(s.found.errs, &Error{
			File: s.src.name, Line: f.v.Line, Column: f.v.Column,
			Message: f.key + " holds a token: put the token into a file of its own, and its path here",
		})
		return ""
	case p == "", filepath.IsAbs(p):
		return p
	}
	return filepath.Join(filepath.Dir(s.src.name), p)
}

// channel reads the name or id of a channel.
func (s *settingsReader) channel(f field) string {
	n := s.scalar(f)
	if n == nil {
		if s.null(f.v) {
			s.fail(f.k, `%s has nothing behind it: write "#name" in quotes, since # begins a comment`, f.key)
		}
		return ""
	}
	if n.Value == "" || n.Value == "#" || strings.ContainsFunc(n.Value, func(c rune) bool { return c <= ' ' || c == ',' }) {
		s.fail(n, "%s is no channel: write one name such as \"#trade-desk\", or an id", quoted(n.Value))
		return ""
	}
	return n.Value
}

// maxDuration keeps sums of durations far from overflowing.
const maxDuration = 366 * 24 * time.Hour

// duration reads elapsed time, 30s, 2m, 24h, 7d or 1w, into to.
func (s *settingsReader) duration(f field, to *time.Duration) {
	n := s.scalar(f)
	if n == nil {
		return
	}
	d, err := parseDuration(n.Value)
	if err != nil {
		s.fail(n, "%s: %s", f.key, err)
		return
	}
	*to = d
}

func parseDuration(text string) (time.Duration, error) {
	units := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	digits := strings.TrimRight(text, "smhdw")
	unit, known := units[text[len(digits):]]
	n, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case err != nil || !known:
		return 0, fmt.Errorf("%s is no length of time: write it as 30s, 2m, 24h or 7d", quoted(text))
	case time.Duration(n) > maxDuration/unit:
		return 0, fmt.Errorf("%s is longer than a year", quoted(text))
	}
	return time.Duration(n) * unit, nil
}

// clock reads a time of day.
func (s *settingsReader) clock(f field, to *civil.Clock) bool {
	n := s.scalar(f)
	if n == nil {
		return false
	}
	c, err := civil.ParseClock(n.Value)
	if err != nil {
		s.fail(n, "%s: %s", f.key, oneLine(err.Error()))
		return false
	}
	*to = c
	return true
}

// ladder reads a list of leads.
func (s *settingsReader) ladder(f field) []notice.Lead {
	texts, written := s.leads(f)
	if !written {
		return nil
	}
	out := make([]notice.Lead, 0, len(texts))
	for _, t := range texts {
		if l, err := notice.ParseLead(t); err == nil { // leads gives only what it could read
			out = append(out, l)
		}
	}
	return out
}

// remindKeys are the kinds and what else remind holds.
func remindKeys() []string {
	keys := []string{"default", "at", "window", "recheck", "calendar"}
	for _, k := range event.Kinds() {
		keys = append(keys, string(k))
	}
	return keys
}
