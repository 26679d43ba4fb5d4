package config

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/prose"
)

// Who may see what follows from several keys together, and often otherwise than their author
// thinks. What is said of it here names events: it is for whoever keeps the files.

// reach warns where what is not for everybody reaches too few or too many.
func (l *loader) reach() {
	l.cfg.Calendar = l.cal.Calendar
	s, err := l.cfg.CalendarSettings()
	if err != nil {
		return // that is an error where it stands
	}
	for _, f := range s.Feeds {
		l.publicAnyway(s, f)
	}
	to := make(map[string][]string) // of each that is not for everybody, whom it is for
	for _, e := range l.cal.Events {
		if names := s.AudienceOf(e).Audiences; !slices.Contains(names, event.Everybody) {
			to[e.ID] = names
		}
	}
	said := 0
	for _, e := range l.cal.Events {
		words := ""
		if names, is := to[e.ID]; is {
			words = uncarried(s, e, names)
		} else if on := leansOn(e, to); on != "" {
			words = fmt.Sprintf("it depends on %s, which is for %s alone: everybody else reads that it depends on an event they cannot see, and no date that follows from it", on, prose.List(to[on], "and"))
		}
		if words == "" {
			continue
		}
		if said++; said > mostUntold {
			l.found.warn(l.cal.events[e.ID], "so it is with other events: attache access who says of one who can see it")
			return
		}
		l.found.warn(l.cal.events[e.ID], "%s", words)
	}
}

// publicAnyway warns of a private feed whose events everybody can read, since a public one has
// them too.
func (l *loader) publicAnyway(s *calendar.Settings, f calendar.Feed) {
	if !f.Private || len(f.Audiences) > 0 {
		return
	}
	var ids []string
	why := ""
	for _, e := range l.cal.Events {
		if r := s.AudienceOf(e); slices.Equal(r.Audiences, []string{event.Everybody}) && e.Audience == "" && f.Takes(e) {
			ids, why = append(ids, e.ID), r.Why
		}
	}
	if len(ids) > 0 {
		l.found.warn(l.cal.audiences[f.Name], "the feed %s is private, and everybody can read %s of it all the same, since %s: %s",
			quoted(f.Name), prose.Count(len(ids), "event"), why, strings.Join(ids[:min(len(ids), mostUntold)], ", "))
	}
}

// uncarried returns that nobody is told of an event since no channel that it would go to may
// carry it, "" where one may, or none would take it anyway.
func uncarried(s *calendar.Settings, e event.Event, to []string) string {
	if !e.Kind.AwaitsOutcome() || e.Status.Over() {
		return ""
	}
	if len(s.Rules.Routes) == 0 {
		return fmt.Sprintf("it is for %s alone, and no route may carry that: nobody is told of it; add a route with audiences: [%s]", prose.List(to, "and"), to[0])
	}
	takes := false
	for _, r := range s.Rules.Routes {
		if !couldTake(r.Match, e) {
			continue
		}
		takes = true
		if slices.ContainsFunc(to, func(name string) bool { return slices.Contains(s.SightIn(r.To).Names(), name) }) {
			return ""
		}
	}
	if !takes {
		return "" // that is said where routes are looked at
	}
	return fmt.Sprintf("it is for %s alone, and no route that takes it may carry that: nobody is told of it; add audiences: [%s] to one", prose.List(to, "and"), to[0])
}

// leansOn returns the first event among some that e depends on, "" where there is none.
func leansOn(e event.Event, among map[string][]string) string {
	var on []string
	for _, st := range e.When {
		on = append(on, st.Expr.LeansOn(), st.If.Event)
	}
	if e.If != nil {
		on = append(on, e.If.Event)
	}
	for _, id := range on {
		if _, is := among[id]; is {
			return id
		}
	}
	return ""
}

// Public returns in one line what everybody can read, "" where that is what whoever runs attache
// on their own machine expects: all of it, there. listen is where pages are served.
func (c *Config) Public(listen string) string {
	s, err := c.CalendarSettings()
	if err != nil {
		return ""
	}
	all, narrow := len(s.Events), 0
	for _, e := range s.Events {
		if !slices.Contains(s.AudienceOf(e).Audiences, event.Everybody) {
			narrow++
		}
	}
	at := c.PublicURL
	if at == "" {
		at = listen
	}
	switch {
	case narrow > 0:
		return fmt.Sprintf("everybody who can reach %s can read %d of %s", at, all-narrow, prose.Count(all, "event"))
	case c.Access == nil && (c.PublicURL != "" || !local(listen)):
		return fmt.Sprintf("everybody who can reach %s can read everything, which is %s: attache help access says how to narrow that", at, prose.Count(all, "event"))
	}
	return ""
}

// local reports whether an address to listen on is this machine's alone.
func local(listen string) bool {
	if strings.HasPrefix(listen, "unix:") {
		return true
	}
	host, _, err := net.SplitHostPort(strings.TrimPrefix(listen, "http://"))
	a, notAddress := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || notAddress == nil && a.IsLoopback())
}
