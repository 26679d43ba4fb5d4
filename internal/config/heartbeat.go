package config

import (
	"fmt"
	"time"
)

// Heartbeat is an address that is fetched while all is well, so that whoever stands
// behind it notices when it is not any more.
type Heartbeat struct {
	URL     string        // https; it may be secret and is never shown. "" where there is URLFile, or none at all
	URLFile string        // holds the address
	Every   time.Duration // how often at most
	Local   bool          // http and addresses of this machine and its network are allowed
}

// On reports whether there is one.
func (h Heartbeat) On() bool { return h.URL != "" || h.URLFile != "" }

// Address returns what is fetched. It may be secret.
func (h Heartbeat) Address() (Secret, error) {
	if h.URLFile == "" {
		return NewSecret(h.URL), nil
	}
	s, _, err := tokenFile(h.URLFile)
	if err != nil {
		return Secret{}, fmt.Errorf("url_file: %w", err)
	}
	return s, nil
}

var heartbeatKeys = []string{"url", "url_file", "every", "local"}

// A heartbeat comes once in a while, not with every scan.
const (
	usualHeartbeat = 5 * time.Minute
	leastHeartbeat = 10 * time.Second
)

func (s *settingsReader) heartbeat(f field) {
	h := Heartbeat{Every: usualHeartbeat}
	ok := s.mapping(f, heartbeatKeys, func(f field) {
		switch f.key {
		case "url":
			h.URL = s.calendarAddress(f)
		case "url_file":
			h.URLFile = s.path(f)
			s.later("heartbeat.url_file", f)
		case "every":
			if s.duration(f, &h.Every); h.Every < leastHeartbeat {
				s.fail(f.v, "every: a heartbeat comes every %s at most", leastHeartbeat)
			}
		case "local":
			h.Local = s.truth(f)
		}
	})
	if n := count(h.URL != "", h.URLFile != ""); ok && n != 1 && !s.null(f.v) {
		s.fail(f.v, "heartbeat needs one of url and url_file, and has %d", n)
	}
	s.cfg.Heartbeat = h
}
