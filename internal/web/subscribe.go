package web

import (
	"cmp"
	"html/template"
	"net/netip"
	"net/url"
	"strings"

	"attache/internal/calendar"
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

	Incomplete string // up to when it is complete, where entries yet to come did not fit; otherwise ""
}

// subscriptions returns the feeds with their links.
func (req request) subscriptions(feeds []calendar.Feed) []subscription {
	var out []subscription
	for _, f := range feeds {
		s := req.subscription(cmp.Or(f.Title, f.Name), req.base+"/feeds/"+url.PathEscape(f.Name)+".ics")
		served, _ := req.cal.Feed(f.Name)
		s.Incomplete = served.Incomplete()
		out = append(out, s)
	}
	return out
}

// chosenFeed returns the feed of what is chosen.
func (req request) chosenFeed() subscription {
	title := siteName(req.cal.Feeds())
	if req.words != "" {
		title += ": " + req.words
	}
	s := req.subscription(title, req.feed())
	s.Chosen = req.words
	return s
}

// subscription returns the feed at a path with the ways to follow it.
func (req request) subscription(title, path string) subscription {
	s := subscription{Title: title, Path: path}
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
