package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/feed"
)

// readFeedQuery reads which feed is asked for. Values of one parameter, repeated or between
// commas, are alternatives; parameters have to hold together. A topic, a party or an event
// that there is not chooses nothing: that is a feed without events, and never an error,
// since it can come to be.
func readFeedQuery(q *query, ix *index) calendar.FeedQuery {
	f := readFilter(q, ix.has)
	f.events(q, ix)
	out, keys := calendar.FeedQuery{None: f.lost}, f.query
	f.found()
	out.Filter, out.Words = f.Filter, f.words
	if out.None {
		out.Filter, out.Words, keys = agenda.Filter{}, "no such events", url.Values{"none": {""}}
	}
	readOptions(&out, q, keys)
	out.Key = keys.Encode()
	return out
}

// mostAlarms is how many alarms each entry of a feed can have.
const mostAlarms = 5

// readOptions reads how events are to be shown.
func readOptions(out *calendar.FeedQuery, q *query, keys url.Values) {
	if out.Options.Windows = word(q, "windows", feed.AllWindows()); out.Options.Windows != "" {
		keys.Set("windows", string(out.Options.Windows))
	}
	if out.Options.Cancelled = word(q, "cancelled", feed.AllCancelled()); out.Options.Cancelled != "" {
		keys.Set("cancelled", string(out.Options.Cancelled))
	}
	var names []string
	for _, name := range q.list("alarms") {
		a, ok := alarm(name)
		if !ok || len(names) == mostAlarms {
			q.refuse("alarms are written as 1d, 2w, 3h or 15m, and there are %d at most.", mostAlarms)
			return
		}
		if !slices.Contains(names, a.Name) {
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
func (s *site) shownAs(r *http.Request, cal Calendar, name string, f calendar.Published) (calendar.Published, error) {
	q, keys := readQuery(r.URL.RawQuery), url.Values{}
	asked := calendar.FeedQuery{Feed: name}
	readOptions(&asked, q, keys)
	cal, past, err := as(cal, q)
	if err != nil || len(keys) == 0 && !past {
		return f, err
	}
	asked.Key = "feed " + name + "?" + keys.Encode()
	other, _ := cal.Query(asked)
	other.Private = f.Private
	return other, nil
}

// as returns cal as of the instant that a query asks for, and whether it asks for one. The
// error is what is wrong with the query, or of the store.
func as(now Calendar, q *query) (cal Calendar, past bool, err error) {
	cal = now
	at, text := q.instant("at", cal.Zone())
	if err := q.err(); err != nil || text == "" {
		return cal, false, err
	}
	cal, err = cal.As(at)
	return cal, true, err
}

// serveQuery answers with a feed that is put together in the address.
func (s *site) serveQuery(w http.ResponseWriter, r *http.Request) {
	q := readQuery(r.URL.RawQuery)
	cal, err := s.calendarFor(r)
	if err == nil {
		cal, _, err = as(cal, q)
	}
	if err != nil {
		s.refuseFeed(w, r, queryFeed, err)
		return
	}
	asked := readFeedQuery(q, s.indexes.of(cal))
	if err := q.err(); err != nil {
		s.refuseFeed(w, r, queryFeed, err)
		return
	}
	f, _ := cal.Query(asked)
	s.writeFeed(w, r, queryFeed, "calendar", f)
}

// queryFeed is how polls name all feeds that are put together in their address.
const queryFeed = "feed.ics"
