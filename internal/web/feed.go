package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"attache/internal/calendar"
)

// serveFeed writes a feed as it is kept.
func (s *site) serveFeed(w http.ResponseWriter, r *http.Request, name string) {
	cal, err := s.public()
	if err != nil {
		s.Log.Error("read the calendar", "err", err)
		s.unavailable(w, r, "")
		return
	}
	f, ok := cal.Feed(name)
	if !ok || f.Private {
		s.noFeed(w, r)
		return
	}
	s.serveKept(w, r, cal, name, f)
}

// serveKept writes the feed called name, which is kept as f, as the query wants it shown. cal is
// what its readers may see.
func (s *site) serveKept(w http.ResponseWriter, r *http.Request, cal Calendar, name string, f calendar.Published) {
	if r.URL.RawQuery != "" && f.ETag != "" {
		other, err := s.shownAs(r, cal, name, f)
		if err != nil {
			s.refuseFeed(w, r, name, err)
			return
		}
		f = other
	}
	s.writeFeed(w, r, name, name, f)
}

// servePrivate writes a feed that is reached by a secret address only: rest is
// ID.SECRET/NAME.ics. What is wrong about the address makes no difference to the answer.
func (s *site) servePrivate(w http.ResponseWriter, r *http.Request, rest string) {
	token, file, _ := strings.Cut(rest, "/")
	id, secret, _ := strings.Cut(token, ".")
	name, isFeed := strings.CutSuffix(file, ".ics")
	if s.Private != nil && isFeed {
		if cal, ok := s.Private(id, secret, name); ok {
			f, _ := cal.Feed(name)
			f.Private = true
			s.serveKept(w, r, cal, name, f)
			return
		}
	}
	s.Access.Slow(r)
	s.noFeed(w, r)
}

// noFeed answers that there is no such feed. Never an empty calendar: clients would take
// every entry out.
func (s *site) noFeed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Robots-Tag", "noindex")
	problem(w, http.StatusNotFound, "There is no feed at this address.")
	s.feedAnswered(r, "", http.StatusNotFound, 0)
}

// unavailable answers that a feed can't be made now. Clients keep what they have.
func (s *site) unavailable(w http.ResponseWriter, r *http.Request, name string) {
	w.Header().Set("Retry-After", "60")
	problem(w, http.StatusServiceUnavailable, "This feed cannot be made right now. Try again in a minute.")
	s.feedAnswered(r, name, http.StatusServiceUnavailable, 0)
}

// refuseFeed answers that a feed of what is asked can't be made: the query can't be read, or
// the store.
func (s *site) refuseFeed(w http.ResponseWriter, r *http.Request, name string, err error) {
	var wrong refusal
	if !errors.As(err, &wrong) {
		s.Log.Error("read the calendar as it was", "err", err)
		s.unavailable(w, r, name)
		return
	}
	problem(w, http.StatusBadRequest, string(wrong))
	s.feedAnswered(r, name, http.StatusBadRequest, 0)
}

// writeFeed answers with f, which is called name in statistics, or says that the client
// has it already.
func (s *site) writeFeed(w http.ResponseWriter, r *http.Request, name, file string, f calendar.Published) {
	if f.ETag == "" {
		s.unavailable(w, r, name)
		return
	}
	body, etag, encoding := f.Plain, f.ETag, ""
	if len(f.Gzip) > 0 && wantsGzip(r.Header["Accept-Encoding"]) {
		body, etag, encoding = f.Gzip, f.GzipETag, "gzip"
	}
	h := w.Header()
	set(h, s.feeds)
	if f.Private {
		h["Cache-Control"] = s.ownCache
	}
	h["Etag"] = []string{etag}
	if !f.Modified.IsZero() {
		h["Last-Modified"] = []string{f.Modified.UTC().Format(http.TimeFormat)}
	}
	switch checkPreconditions(r.Header, etag, f.Modified) {
	case http.StatusNotModified:
		w.WriteHeader(http.StatusNotModified)
		s.feedAnswered(r, name, http.StatusNotModified, 0)
		return
	case http.StatusPreconditionFailed:
		problem(w, http.StatusPreconditionFailed, "The feed has changed: If-Match or If-Unmodified-Since does not hold.")
		s.feedAnswered(r, name, http.StatusPreconditionFailed, 0)
		return
	}
	h["Content-Type"] = s.calendarType
	h["Content-Disposition"] = []string{`inline; filename="` + fileName(file) + `.ics"`}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if encoding != "" {
		h["Content-Encoding"] = s.gzipped
	}
	w.WriteHeader(http.StatusOK)
	sent := 0
	if r.Method != http.MethodHead {
		sent, _ = w.Write(body) // a client that went away is no error of ours
	}
	s.feedAnswered(r, name, http.StatusOK, sent)
}

// feedAnswered counts and logs a feed request. A name is that of a feed there is; "" is none. The
// address is never logged: it may be secret.
func (s *site) feedAnswered(r *http.Request, name string, status, sent int) {
	agent := r.UserAgent()
	if name != "" {
		s.FeedStats.count(name, agent, status, sent, s.Now())
		s.meter.feeds.WithLabelValues(feedLabel(r, name), strconv.Itoa(status)).Inc()
	}
	ctx := r.Context()
	if !s.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	s.Log.DebugContext(ctx, "feed", "name", name, "status", status, "bytes", sent, "client", agent)
}

// fileName returns the name of a feed as it can stand in a quoted string.
func fileName(name string) string {
	plain := strings.IndexFunc(name, func(c rune) bool {
		return c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if !plain {
		return "calendar"
	}
	return name
}
