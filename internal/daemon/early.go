package daemon

import (
	"net/http"
	"strings"
	"sync/atomic"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/store"
	"attache/internal/web"
)

// handler answers at the address of the pages: at first the feeds as they were
// kept, and all there is once the files are read.
type handler struct{ current atomic.Pointer[http.Handler] }

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*h.current.Load()).ServeHTTP(w, r)
}

func (h *handler) set(to http.Handler) { h.current.Store(&to) }

// serveKept serves the feeds that anybody may read as they are kept, so that a start
// leaves no calendar program without an answer for as long as reading the files takes.
// Of everything else it says that it will be there soon. Where nothing is kept, as at a
// first start, nobody is answered yet.
func (d *Daemon) serveKept(c *config.Config) error {
	settings, err := c.CalendarSettings()
	if err != nil {
		return err
	}
	feeds := make(map[string]calendar.Published)
	err = d.db.View(func(tx *store.Tx) error {
		if same, err := settings.SameAudiences(tx); err != nil || !same {
			return err // what is kept may hold what is not for everybody any more
		}
		for _, f := range settings.Feeds {
			body, known, err := tx.FeedBody(f.Name)
			if err != nil {
				return err
			}
			if known && !f.Private {
				feeds[f.Name] = f.Kept(body)
			}
		}
		return nil
	})
	if err != nil || len(feeds) == 0 {
		return err
	}
	all := web.New(web.Config{
		Calendar: func(calendar.Sight) (web.Calendar, error) { return keptFeeds{feeds: feeds}, nil }, PublicURL: func() string { return d.publicURL(c) }, FeedStats: &d.polls, Now: d.o.Now, Log: d.o.Log,
	})
	d.handler.set(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/feeds/"), ".ics")
		if _, known := feeds[name]; ok && known && r.URL.RawQuery == "" || r.URL.Path == "/livez" {
			all.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", "5")
		http.Error(w, "attache is starting", http.StatusServiceUnavailable)
	}))
	d.serve(d.listener, &d.handler)
	return nil
}

// keptFeeds is a calendar of which only the feeds are there yet. Nothing else of it is
// asked for.
type keptFeeds struct {
	web.Calendar
	feeds map[string]calendar.Published
}

// Feed returns the feed called name as it was kept.
func (k keptFeeds) Feed(name string) (calendar.Published, bool) {
	f, ok := k.feeds[name]
	return f, ok
}
