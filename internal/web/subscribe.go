package web

import (
	"attache/internal/calendar"
	"html/template"
	"net/netip"
	"net/url"
	"strings"
)

// subscription is a feed with the ways to follow it.
type subscription struct {
	Title   string
	Path    string       // relative to the site, for those who read this page anyway
	URL     string       // absolute; "" where the public address is not known
	Webcal  template.URL // opens the calendar program of the device
	Google  string
	Outlook string
	Office  string
	Local   string // the host, where services out there cannot reach it
	Chosen  string // which events are in it, in words; "" for all of a feed
}

// subscriptions returns the feeds with their links. public is what they begin with.
func subscriptions(public string, feeds []calendar.Feed) []subscription {
	base, err := url.Parse(public)
	known := err == nil && (base.Scheme == "http" || base.Scheme == "https") && base.Host != ""
	var out []subscription
	for _, f := range feeds {
		s := subscription{Title: f.Title, Path: basePath(public) + "/feeds/" + url.PathEscape(f.Name) + ".ics"}
		if s.Title == "" {
			s.Title = f.Name
		}
		if known {
			s.follow(base)
		}
		out = append(out, s)
	}
	return out
}

// subscription returns the feed of what is chosen.
func (req request) subscription() subscription {
	feeds := req.cal.Feeds()
	s := subscription{Title: "Calendar", Path: req.feed(), Chosen: req.words}
	if len(feeds) > 0 && feeds[0].Title != "" {
		s.Title = feeds[0].Title
	}
	if s.Chosen != "" {
		s.Title += ": " + s.Chosen
	}
	return *req.follows(s.Title, s.Path, s.Chosen)
}

// follows returns the feed at a path with the ways to follow it.
func (req request) follows(title, path string, chosen ...string) *subscription {
	s := &subscription{Title: title, Path: path, Chosen: strings.Join(chosen, "")}
	if base, err := url.Parse(req.site); err == nil && (base.Scheme == "http" || base.Scheme == "https") && base.Host != "" {
		s.follow(base)
	}
	return s
}

// follow fills in the absolute links. base is the public address of the site, whose
// path that of the feed begins with.
func (s *subscription) follow(base *url.URL) {
	rest := base.Host + s.Path
	webcal := "webcal://" + rest
	s.URL = base.Scheme + "://" + rest
	s.Webcal = template.URL(webcal) // scheme fixed here, host and path parsed and escaped
	s.Google = "https://calendar.google.com/calendar/r?cid=" + url.QueryEscape(webcal)
	query := encode(url.Values{"url": {s.URL}, "name": {s.Title}})
	s.Outlook = "https://outlook.live.com/calendar/0/addfromweb?" + query
	s.Office = "https://outlook.office.com/calendar/0/addfromweb?" + query
	if near(base.Hostname()) {
		s.Local = base.Host
	}
}

// near reports whether a host is one that only this machine or its network reaches.
func near(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified()
	}
	return host == "localhost" || strings.HasSuffix(host, ".local") || !strings.Contains(host, ".")
}
