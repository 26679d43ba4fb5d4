package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/feed"
)

// readFeedQuery reads which feed is asked for. Values of one parameter, repeated or between
// commas, are alternatives; parameters have to hold together. A value that nothing has
// chooses nothing: that is a feed without events, never an error, which calendars would
// show to people who can do nothing about it. Parameters that are not known are passed
// over, since programs and services add their own.
func readFeedQuery(q url.Values, ix *index) calendar.FeedQuery {
	f := readFilter(q, ix.has)
	out, keys := calendar.FeedQuery{None: f.lost}, f.query
	if asked := nonEmpty(q["event"]); len(asked) > 0 {
		known := known(asked, func(id string) bool { return ix.byID[id] != nil })
		f.IDs, keys["event"] = known, known
		out.None = out.None || len(known) == 0
		for _, id := range known {
			f.words = strings.TrimPrefix(f.words+", "+ix.byID[id].Title, ", ")
		}
	}
	if !utf8.ValidString(f.Text) {
		f.Text = ""
	}
	f.found()
	out.Filter, out.Words = f.Filter, f.words
	if out.None {
		out.Filter, out.Words, keys = agenda.Filter{}, "no such events", url.Values{"none": {""}}
	}
	readOptions(&out, q, keys)
	out.Key = keys.Encode()
	return out
}

// readOptions reads how events are to be shown. What is not one of the choices is passed over.
func readOptions(out *calendar.FeedQuery, q, keys url.Values) {
	if w := feed.Windows(q.Get("windows")); w == feed.Edges || w == feed.Spans || w == feed.Hidden {
		out.Options.Windows = w
		keys.Set("windows", string(w))
	}
	if c := feed.Cancelled(q.Get("cancelled")); c == feed.ByStatus || c == feed.ByTitle || c == feed.ByBoth {
		out.Options.Cancelled = c
		keys.Set("cancelled", string(c))
	}
	var names []string
	for _, name := range strings.Split(q.Get("alarms"), ",") {
		if a, ok := alarm(strings.TrimSpace(name)); ok && len(names) < 5 && !slices.Contains(names, a.Name) {
			out.Options.Alarms = append(out.Options.Alarms, a)
			names = append(names, a.Name)
		}
	}
	if len(names) > 0 {
		keys.Set("alarms", strings.Join(names, ","))
	}
}

// alarm reads 1d, 2w, 3h or 15m.
func alarm(s string) (feed.Alarm, bool) {
	if len(s) < 2 {
		return feed.Alarm{}, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n < 0 || n > 1000 || strconv.Itoa(n) != s[:len(s)-1] {
		return feed.Alarm{}, false
	}
	return feed.AlarmOf(n, s[len(s)-1:])
}

// shownAs returns the feed called name as the query of the request wants its events shown,
// and f where it wants nothing. It has no ETag where that can't be made now.
func (s *site) shownAs(r *http.Request, name string, f calendar.Published) calendar.Published {
	if r.URL.RawQuery == "" || f.ETag == "" {
		return f
	}
	query := r.URL.Query()
	q, keys := calendar.FeedQuery{Feed: name}, url.Values{}
	if readOptions(&q, query, keys); len(keys) == 0 || query.Has("at") {
		return f
	}
	q.Key = "feed " + name + "?" + keys.Encode()
	other, _ := s.Calendar().Query(q)
	other.Private = f.Private
	return other
}

// serveQuery answers with a feed that is put together in the address.
func (s *site) serveQuery(w http.ResponseWriter, r *http.Request) {
	query, cal := r.URL.Query(), s.Calendar()
	if query.Has("at") {
		var ok bool
		if cal, ok = s.past(cal, query); !ok {
			s.noFeed(w, r)
			return
		}
	}
	f, ok := cal.Query(readFeedQuery(query, s.indexes.of(cal)))
	if !ok {
		s.unavailable(w, r, queryFeed)
		return
	}
	s.writeFeed(w, r, queryFeed, "calendar", f)
}

// past returns cal as of the day or instant that a query names, and false where
// it names none or the store cannot tell.
func (s *site) past(cal Calendar, query url.Values) (Calendar, bool) {
	req := request{cal: cal, query: query}
	at, _, ok := req.readAt()
	if !ok {
		return nil, false
	}
	past, err := cal.As(at)
	if err != nil {
		s.Log.Error("read the calendar as it was", "at", at, "err", err)
		return nil, false
	}
	return past, true
}

// queryFeed is how polls name all feeds that are put together in their address.
const queryFeed = "feed.ics"
