package calendar

import (
	"context"
	"fmt"

	"attache/internal/agenda"
	"attache/internal/feed"
)

// Export is which events are asked for as a calendar.
type Export struct {
	Query
	ID        string // only this event; "" is those that Filter chooses
	Feed      string // instead, a feed as it is served
	Windows   string // edges, span or none; "" is edges
	Cancelled string // status, title or both; "" is both
}

// chooses reports whether x asks for e.
func (x Export) chooses(e *agenda.Entry) bool {
	if x.ID != "" {
		return e.ID == x.ID
	}
	return x.Filter.Match(e)
}

// Export returns events as an iCalendar text: all that x asks for, since who asks for a
// copy does not mean some. The error is ErrNoEvent where x names an event or a feed that
// is not there.
func (v *View) Export(_ context.Context, x Export) ([]byte, error) {
	ed := v.edition()
	if x.Feed != "" {
		p, ok := ed.feeds[x.Feed]
		if !ok || !v.reads(x.Feed) {
			return nil, fmt.Errorf("feed %q: %w", x.Feed, ErrNoEvent)
		}
		return p.Plain, nil
	}
	var list []*feed.Item
	for _, it := range ed.items {
		if x.chooses(it.Entry) {
			list = append(list, it)
		}
	}
	if x.ID != "" && len(list) == 0 {
		return nil, fmt.Errorf("event %q: %w", x.ID, ErrNoEvent)
	}
	f := feed.Feed{
		Name: "export", Title: "attache", Zone: v.settings.Timezone,
		Options: feed.Options{Windows: feed.Windows(x.Windows), Cancelled: feed.Cancelled(x.Cancelled)},
	}
	body, _ := feed.Render(f, list, ed.context) // what is wrong with events was told of the feeds
	return body.Plain, nil
}
