package config

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/when"
)

var (
	windowKeys    = []string{"opens", "closes"}
	recheckKeys   = []string{"settled", "unsettled"}
	matchKeys     = []string{"topics", "parties", "kinds", "statuses", "certainties", "min_certainty"}
	routeKeys     = []string{"to", "match", "notices", "mention"}
	digestKeys    = []string{"name", "cron", "to", "covers", "match", "empty"}
	quietKeys     = []string{"from", "to", "weekends", "holidays", "timezone", "except"}
	withinKeys    = append([]string{"within"}, matchKeys...)
	mentionsKnown = []string{"@here", "@channel", "@everyone"}
)

// remind reads the ladders. Written ladders replace the shipped ones all
// together, so that a default applies to every kind that is not named.
func (s *settingsReader) remind(f field) {
	to := &s.cfg.Remind
	ladders := map[event.Kind][]notice.Lead{}
	replaced := false
	s.mapping(f, remindKeys(), func(f field) {
		switch f.key {
		case "at":
			s.clock(f, &to.At)
		case "window":
			s.window(f)
		case "recheck":
			s.recheck(f)
		case "calendar":
			to.Days = s.holidays(f)
		case "default":
			if l := s.ladder(f); l != nil {
				to.Default, replaced = l, true
			}
		default:
			if l := s.ladder(f); l != nil {
				ladders[event.Kind(f.key)], replaced = l, true
			}
		}
	})
	if replaced {
		to.Ladders = ladders
	}
}

func (s *settingsReader) window(f field) {
	s.mapping(f, windowKeys, func(f field) {
		l := s.ladder(f)
		switch {
		case l == nil:
		case f.key == "opens":
			s.cfg.Remind.Opens = l
		default:
			s.cfg.Remind.Closes = l
		}
	})
}

func (s *settingsReader) recheck(f field) {
	s.mapping(f, recheckKeys, func(f field) {
		to := &s.cfg.Remind.RecheckSettled
		if f.key == "unsettled" {
			to = &s.cfg.Remind.RecheckUnsettled
		}
		n := s.scalar(f)
		switch {
		case n == nil:
		case n.Value == "never":
			*to = notice.Lead{}
		default:
			l, err := notice.ParseLead(n.Value)
			if err != nil || l.N == 0 {
				s.fail(n, "%s is never or a time such as 30d, not %s", f.key, quoted(n.Value))
				return
			}
			*to = l
		}
	})
}

// filter reads match.
func (s *settingsReader) filter(f field) agenda.Filter {
	var out agenda.Filter
	s.mapping(f, matchKeys, func(f field) { s.matches(&out, f) })
	return out
}

func (s *settingsReader) matches(to *agenda.Filter, f field) {
	switch f.key {
	case "topics":
		to.Topics = s.phrases(f)
	case "parties":
		to.Parties = s.phrases(f)
	case "kinds":
		to.Kinds = words(s.reader, f, "kind", event.Kinds())
	case "statuses":
		to.Statuses = words(s.reader, f, "status", event.Statuses())
	case "certainties":
		to.Certainties = words(s.reader, f, "certainty", event.Certainties())
	case "min_certainty":
		f.key = "certainty"
		to.MinCertainty = word(s.reader, f, event.Certainties())
	}
}

// limited reads a filter that also says how close the date has to be.
func (s *settingsReader) limited(f field) (match agenda.Filter, within time.Duration) {
	s.mapping(f, withinKeys, func(f field) {
		if f.key == "within" {
			s.duration(f, &within)
			return
		}
		s.matches(&match, f)
	})
	return match, within
}

func (s *settingsReader) routes(f field) {
	for _, item := range s.list(f) {
		route := notice.Route{}
		item.key = "a route"
		addressed := false
		ok := s.mapping(item, routeKeys, func(f field) {
			switch f.key {
			case "to":
				route.To, addressed = s.channel(f), true
			case "match":
				route.Match = s.filter(f)
			case "notices":
				route.Notices = words(s.reader, f, "kind of notice", notice.Kinds())
			case "mention":
				route.Mentions = s.mentions(f)
			}
		})
		if ok && !addressed {
			s.fail(item.v, "the route has no to: add the channel, as in to: \"#trade-desk\"")
		}
		s.cfg.Routes = append(s.cfg.Routes, route)
	}
}

// mentions reads whom a route addresses: a map from each to when.
func (s *settingsReader) mentions(f field) []notice.Mention {
	var out []notice.Mention
	fields, _ := s.fields(f)
	for _, one := range fields {
		if strings.HasPrefix(one.key, "x-") {
			continue
		}
		if !mentionable(one.key) {
			s.fail(one.k, "%s cannot be mentioned: write @here, @channel, or the id of a user (U…) or of a user group (S…)%s",
				quoted(one.key), didYouMean(one.key, mentionsKnown))
			continue
		}
		m := notice.Mention{Who: one.key}
		m.Match, m.Within = s.limited(one)
		out = append(out, m)
	}
	return out
}

// mentionable reports whether who is a broadcast or an id. Names are not: Slack
// takes @anna for plain text.
func mentionable(who string) bool {
	for _, w := range mentionsKnown {
		if who == w {
			return true
		}
	}
	if len(who) < 2 || !strings.ContainsAny(who[:1], "UWS") {
		return false
	}
	return !strings.ContainsFunc(who, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') })
}

func (s *settingsReader) readDigests(f field) {
	for _, item := range s.list(f) {
		d := Digest{Covers: notice.Lead{N: 7, Unit: notice.Days}}
		item.key = "a digest"
		seen := map[string]bool{}
		ok := s.mapping(item, digestKeys, func(f field) {
			seen[f.key] = true
			s.digest(&d, f)
		})
		for _, key := range []string{"name", "cron", "to"} {
			if ok && !seen[key] {
				s.fail(item.v, "the digest has no %s", key)
			}
		}
		s.cfg.Digests = append(s.cfg.Digests, d)
	}
}

func (s *settingsReader) digest(d *Digest, f field) {
	switch f.key {
	case "name":
		d.Name = s.phrase(f)
	case "cron":
		d.Cron = s.cron(f)
	case "to":
		d.To = s.channel(f)
	case "covers":
		l, ok := s.lead(f)
		if ok && (l.N == 0 || l.Elapsed()) {
			s.fail(f.v, "covers is a number of days, weeks or months, as in 7d")
		} else if ok {
			d.Covers = l
		}
	case "match":
		d.Match = s.filter(f)
	case "empty":
		d.Empty = s.truth(f)
	}
}

// holidays reads the name of a calendar of business days; nil is none.
func (s *settingsReader) holidays(f field) *when.Calendar {
	n := s.scalar(f)
	if n == nil {
		return nil
	}
	c, ok := s.cfg.Calendars.Find(n.Value)
	if !ok {
		s.fail(n, "there is no calendar %s%s", quoted(n.Value), orChoose(n.Value, s.cfg.Calendars.Names()))
	}
	return c
}

// cron reads a recurring time.
func (s *settingsReader) cron(f field) string {
	n := s.scalar(f)
	if n == nil {
		if s.null(f.v) {
			s.fail(f.k, `cron has nothing behind it: write five fields, as in "0 8 * * MON"`)
		}
		return ""
	}
	zone, err := civil.Zone(s.cfg.Timezone)
	if err != nil {
		zone = time.UTC // the zone is checked where it is written
	}
	if _, err := schedule.Parse(n.Value, zone); err != nil {
		s.fail(n, "%s", oneLine(err.Error()))
		return ""
	}
	return n.Value
}

func (s *settingsReader) quietHours(f field) {
	if s.null(f.v) {
		return
	}
	q := &QuietHours{}
	var from, to, read bool
	ok := s.mapping(f, quietKeys, func(f field) {
		switch f.key {
		case "from":
			from, read = true, s.clock(f, &q.From)
		case "to":
			to = true
			read = s.clock(f, &q.To) && read
		case "weekends":
			q.Weekends = s.truth(f)
		case "holidays":
			for _, item := range s.list(f) {
				if c := s.holidays(item); c != nil {
					q.Holidays = append(q.Holidays, c)
				}
			}
		case "timezone":
			q.Timezone = s.namedZone(f)
		case "except":
			q.Except = s.exceptions(f)
		}
	})
	n := s.resolve(f.v)
	switch {
	case !ok:
	case from != to:
		s.fail(n, "quiet_hours needs both from and to")
	case !from && !q.Weekends && len(q.Holidays) == 0:
		s.fail(n, "quiet_hours is never: add from and to, or weekends: true")
	case read && q.From == q.To:
		s.fail(n, "quiet_hours from %s to %s is either never or always", q.From, q.To)
	}
	s.cfg.QuietHours = q
}

// exceptions reads one, or a list of them.
func (s *settingsReader) exceptions(f field) []Exception {
	items := []field{f}
	if s.resolve(f.v).Kind == yaml.SequenceNode {
		items = s.list(f)
	}
	var out []Exception
	for _, item := range items {
		e := Exception{}
		e.Match, e.Within = s.limited(item)
		out = append(out, e)
	}
	return out
}
