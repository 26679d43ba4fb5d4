package web

import (
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
)

// Config is what the pages are made from.
type Config struct {
	// Calendar gives what the readers of a sight are shown, all of one moment. It is called once
	// for each request, from many goroutines at once.
	Calendar func(calendar.Sight) (Calendar, error)
	// Access says who asks; nil is the public.
	Access Access
	// Readiness says how the daemon is; nil is ready.
	Readiness func() Readiness
	// Status says how it does its work; nil says nothing.
	Status func() Status
	// PublicURL gives what links and subscriptions begin with, http or https,
	// with no slash at the end. It is called for each page, since a reload can
	// change it. Where it, or what it gives, is missing, links are relative.
	PublicURL func() string
	// WeekStarts says on which day weeks begin: monday, sunday, or "" for that of the
	// reader's language, as nil does. It is called for each page, since a reload can change it.
	WeekStarts func() string
	// Private gives what the readers may see of the feed called name that a secret address leads
	// to, and false where the address is wrong in any way or holds no more, in the same time.
	// Nil has none.
	Private func(id, secret, name string) (Calendar, bool)
	// FeedStats counts who asks for feeds; nil is one of its own.
	FeedStats *FeedStats
	// Help is the reference, at /help, in the order in which its topics are listed. With
	// none there is no such page, and no link to it.
	Help []Topic
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Refresh is after how long a browser asks for a page again; zero is never. It is for
	// clocks that run too fast for a page to be read twice.
	Refresh time.Duration
	// Log takes what goes wrong, and each feed request at debug level; nil is none.
	Log *slog.Logger
	// Metrics shows the numbers of the daemon at /metrics, from many goroutines at once: all of
	// them, or those that tell nothing of what is not for everybody. Where it is nil only those
	// of the pages are shown.
	Metrics func(m Metrics, all bool)
}

// Calendar is what the pages show, all of one moment. What it gives is never changed here.
type Calendar interface {
	// Entries returns every event there is, in any order.
	Entries() []*agenda.Entry
	// Whole reports whether it shows all there is.
	Whole() bool
	// Version returns something comparable that names that moment, as its readers see it.
	Version() any
	// As returns the calendar as it stood at an instant, and its feeds as they would
	// have looked then. Of an instant before anything was recorded, or after now, it
	// gives what was recorded first or holds now.
	As(at time.Time) (Calendar, error)
	// Look returns an event with the warnings that depend on the time: that nobody has seen
	// for long whether it still stands.
	Look(e agenda.Entry, now time.Time) agenda.Entry
	// Since returns when the first event was recorded, UTC; zero where none was.
	Since() time.Time
	// Domain returns the domain of the installation's UIDs, for ever the same.
	Domain() string
	// Changes returns what was changed, the newest first.
	Changes(agenda.Filter, change.Range) ([]change.View, error)
	// Sources returns the sources by key.
	Sources() map[string]event.Source
	// Revisions returns every revision of an event, the oldest first.
	Revisions(id string) ([]event.Revision, error)
	// UnsettledOf returns what was said of an event elsewhere than in its file, and is not in it.
	UnsettledOf(id string) ([]calendar.Unsettled, error)
	// Feed returns the feed of that name as it is kept, and false where there is none.
	Feed(name string) (calendar.Published, bool)
	// Query returns a feed that somebody put together in its address, and false where it
	// can't be made now.
	Query(calendar.FeedQuery) (calendar.Published, bool)
	// Feeds lists the feeds that anybody may know of, the main one first.
	Feeds() []calendar.Feed
	// Notices returns what was told of an event and what will be, in the order of time.
	Notices(id string) []calendar.EventNotice
	// Zone returns the zone of the installation.
	Zone() *time.Location
}

// Readiness says whether everything works, and what the last reading of the
// files came to.
type Readiness struct {
	Ready      bool
	Checks     []Check
	Errors     []string  // of the last reading, each file:line:column: what is wrong
	Restart    []string  // what was changed in the files and holds only once attache is started again
	ReloadedAt time.Time // when the files were last read, UTC; zero is never
	Banner     Banner    // what every page begins with
}

// Banner says what a reader has to know of the whole calendar. The zero Banner says nothing.
type Banner struct {
	Text string
	At   string // a day such as 2025-10-26 as of which the calendar is shown by a link; "" has none
}

// Check is one thing that has to work. Its names are a promise.
type Check struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Words string `json:"words,omitempty"` // what was found, one line
}

// New returns the handler of every address attache answers.
func New(c Config) http.Handler {
	if c.PublicURL == nil {
		c.PublicURL = func() string { return "" }
	}
	if c.WeekStarts == nil {
		c.WeekStarts = func() string { return "" }
	}
	if c.Access == nil {
		c.Access = everybody{}
	}
	if c.Readiness == nil {
		c.Readiness = func() Readiness { return Readiness{Ready: true} }
	}
	if c.Status == nil {
		c.Status = func() Status { return Status{} }
	}
	if c.FeedStats == nil {
		c.FeedStats = new(FeedStats)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	always := http.Header{
		"Content-Security-Policy": {policy},
		"X-Content-Type-Options":  {"nosniff"},
		"Referrer-Policy":         {"no-referrer"},
		// A page needs nothing of the device, and shares its window with no other site.
		"Permissions-Policy":         {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
	}
	if c.Refresh > 0 {
		always.Set("Refresh", strconv.Itoa(int(math.Ceil(c.Refresh.Seconds()))))
	}
	return &site{
		Config: c, assets: assets(), pages: parsePages(), help: helpTopics(c.Help), routes: apiRoutes(), document: jsonAnswer(document()), meter: newMeter(c.Metrics),
		always: always,
		open: http.Header{
			"Access-Control-Allow-Origin":   {"*"},
			"Access-Control-Expose-Headers": {"ETag, Retry-After"},
		},
		feeds: http.Header{
			"Cache-Control": {"public, max-age=300"},
			"Vary":          {"Accept-Encoding"},
			"X-Robots-Tag":  {"noindex"},
		},
		calendarType: []string{"text/calendar; charset=utf-8"}, gzipped: []string{"gzip"}, ownCache: []string{"private, max-age=300"},
	}
}
