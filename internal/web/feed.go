package web

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
)

// serveFeed writes a feed as it is kept.
func (s *site) serveFeed(w http.ResponseWriter, r *http.Request, name string) {
	f, ok := s.cal.Feed(name)
	if !ok {
		// Never an empty calendar: clients would take every entry out.
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "there is no feed of that name", http.StatusNotFound)
		s.tell(r, name, http.StatusNotFound, 0)
		return
	}
	body, etag, encoding := f.Plain, f.ETag, ""
	if len(f.Gzip) > 0 && wantsGzip(r.Header["Accept-Encoding"]) {
		body, etag, encoding = f.Gzip, f.GzipETag, "gzip"
	}
	h := w.Header()
	set(h, s.feeds)
	h["Etag"] = []string{etag}
	if !f.Modified.IsZero() {
		h.Set("Last-Modified", f.Modified.UTC().Format(http.TimeFormat))
	}
	if unchanged(r.Header, etag, f.Modified) {
		w.WriteHeader(http.StatusNotModified)
		s.tell(r, name, http.StatusNotModified, 0)
		return
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="`+fileName(name)+`.ics"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	w.WriteHeader(http.StatusOK)
	sent := 0
	if r.Method != http.MethodHead {
		sent, _ = w.Write(body) // a client that went away is no error of ours
	}
	s.tell(r, name, http.StatusOK, sent)
}

// tell logs a feed request.
func (s *site) tell(r *http.Request, name string, status, sent int) {
	ctx := r.Context()
	if !s.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	s.log.DebugContext(ctx, "feed", "name", name, "status", status, "bytes", sent, "client", r.UserAgent())
}

// fileName gives the name of a feed as it can stand in a quoted string.
func fileName(name string) string {
	plain := strings.IndexFunc(name, func(c rune) bool {
		return c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if !plain {
		return "calendar"
	}
	return name
}
