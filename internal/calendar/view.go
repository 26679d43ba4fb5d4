package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/story"
)

// Reader answers what commands ask of a calendar. A daemon that runs answers over its
// socket, and where none runs the files and the database do.
type Reader interface {
	// List returns the events that q chooses, in its order.
	List(ctx context.Context, q Query) ([]story.View, error)
	// Why returns why the event id is where it is. The error is ErrNoEvent where there is none.
	Why(ctx context.Context, id string) (agenda.WhyView, error)
	// Changes returns the changes that q chooses, the newest first.
	Changes(ctx context.Context, q ChangeQuery) ([]change.View, error)
	// Notices returns the notices that q chooses, in the order of time.
	Notices(ctx context.Context, q NoticeQuery) ([]NoticeView, error)
	// Export returns events as an iCalendar text. The error is ErrNoEvent where x names an
	// event or a feed that is not there.
	Export(ctx context.Context, x Export) ([]byte, error)
	// Render returns what a channel is given about an event. The error is ErrNoEvent where
	// there is none.
	Render(ctx context.Context, x Rendering) (notice.Post, error)
}

// ErrNoEvent says that there is no event with that id.
var ErrNoEvent = errors.New("there is no such event")

// Query is which events are asked for.
type Query struct {
	Now    time.Time     // as they stand then
	Filter agenda.Filter // the zero one chooses all
	Order  agenda.Order  // "" is by day
}

// ChangeQuery is which changes are asked for.
type ChangeQuery struct {
	Filter agenda.Filter // of events as they stood after the change
	Range  change.Range
}

// View is the calendar at one moment: the settings, the events with what follows, and the
// feeds. It never changes, and any number of goroutines may read it. What it tells of the
// past, of notices and of changes comes from the store, as that is when it is asked.
type View struct {
	db       *store.DB
	settings *Settings
	entries  []*agenda.Entry   // in the order of ids
	edition  func() *edition   // of its feeds
	at       time.Time         // the instant that it shows; zero is now
	past     *onRequest[*View] // by the instant
	sources  func() map[string]event.Source

	eyes   *eyes             // of its readers; nil sees everything
	hidden narrow            // what is not for everybody
	kept   map[Sight]*View   // as others see it who read without saying who they are; of one that sees everything
	others *onRequest[*View] // as those see it who say so, by their sight
	shown  func() ([]uint64, error)
}

// How many views of those who say who they are are kept, and worked out at a time: each holds all
// events once more.
const (
	othersKept = 8
	othersMade = 2
)

func newView(db *store.DB, s *Settings, list []*agenda.Entry, y *eyes, hidden narrow) *View {
	v := &View{db: db, settings: s, entries: list, past: newOnRequest[*View](pastKept, pastMade), eyes: y, hidden: hidden}
	v.shown, v.sources = sync.OnceValues(v.numbered), func() map[string]event.Source { return s.Sources }
	if y != nil {
		v.sources = sync.OnceValue(v.cited)
	}
	return v
}

// viewOf returns the view that sees everything, with those of the other vantages.
func viewOf(db *store.DB, s *Settings, hidden narrow, all []*vantage) *View {
	v := newView(db, s, all[0].entries, nil, hidden)
	v.kept, v.others = make(map[Sight]*View), newOnRequest[*View](othersKept, othersMade)
	for _, other := range all[1:] {
		v.kept[other.eyes.sight] = newView(db, s, other.entries, other.eyes, hidden)
	}
	return v
}

// For returns the calendar as the readers of a sight may see it. All that it tells is worked
// out from what they may see alone. It is v itself where they see all that v shows. Of a view
// that is for some readers it is that view: nobody sees more by asking again.
func (v *View) For(sight Sight) (*View, error) {
	if v.eyes != nil {
		return v, nil
	}
	y := v.hidden.eyes(sight, v.settings)
	if y == nil {
		return v, nil
	}
	if kept, ok := v.kept[sight]; ok {
		return kept, nil
	}
	if !v.at.IsZero() {
		now, err := v.through(y)
		if err != nil {
			return nil, err
		}
		return now.As(v.at)
	}
	return v.others.get(y.Name(), func() (*View, error) { return v.through(y) })
}

// through returns v as it is seen by eyes for which it was not worked out before.
func (v *View) through(y *eyes) (*View, error) {
	var list []*agenda.Entry
	err := v.db.View(func(tx *store.Tx) (err error) {
		list, err = entries(tx.Through(y), v.settings, v.db.Domain())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("what %s may see: %w", y.Name(), err)
	}
	out := newView(v.db, v.settings, agenda.Duplicates(list), y, v.hidden)
	if v.edition != nil {
		out.edition = sync.OnceValue(func() *edition { return v.edition().through(out) })
	}
	return out, nil
}

// as returns v as it is kept for a sight.
func (v *View) as(sight Sight) *View {
	if kept, ok := v.kept[sight]; ok {
		return kept
	}
	return v
}

// ForFeed returns what the readers of the private feed called name may see, and false where there
// is no such feed.
func (v *View) ForFeed(name string) (*View, bool, error) {
	f, ok := v.settings.feed(name)
	if !ok || !f.Private {
		return v, false, nil
	}
	seen, err := v.For(f.sight())
	return seen, true, err
}

// Guarded reports whether anything is not for everybody, or is meant not to be.
func (v *View) Guarded() bool { return len(v.hidden.events) > 0 || len(v.settings.AudienceNames()) > 0 }

// all returns v, which sees everything, and the views that it keeps, in an order that stays.
func (v *View) all() []*View {
	out := []*View{v}
	for _, sight := range v.settings.sights() {
		if kept, ok := v.kept[sight]; ok && !slices.Contains(out, kept) {
			out = append(out, kept)
		}
	}
	return out
}

// Whole reports whether v shows all there is.
func (v *View) Whole() bool { return v.eyes == nil }

// read has fn read the store as the readers of v may.
func (v *View) read(fn func(*store.Tx) error) error {
	return v.db.View(func(tx *store.Tx) error { return fn(v.eyes.through(tx)) })
}

var _ Reader = (*View)(nil)

// Settings returns what the view was made by.
func (v *View) Settings() *Settings { return v.settings }

// Entries returns every event, in the order of ids.
func (v *View) Entries() []*agenda.Entry { return v.entries }

// Entry returns the event id, and false where there is none.
func (v *View) Entry(id string) (agenda.Entry, bool) { return find(v.entries, id) }

// Sources returns the sources by key.
func (v *View) Sources() map[string]event.Source { return v.sources() }

// Zone returns the zone of the desk.
func (v *View) Zone() *time.Location { return v.settings.Location }

// Domain returns the domain of the installation's UIDs, for ever the same.
func (v *View) Domain() string { return v.db.Domain() }

// List returns the events that q chooses, in its order.
func (v *View) List(_ context.Context, q Query) ([]story.View, error) {
	list := q.Filter.Select(v.entries)
	q.Order.Sort(list, civil.DateOf(q.Now, v.settings.Location))
	out := make([]story.View, 0, len(list))
	reader := story.Reader{Now: q.Now, Sources: v.settings.Sources}
	for _, e := range list {
		out = append(out, reader.View(v.Look(e, q.Now)))
	}
	return out, nil
}

// Look returns e with a warning where nobody looked for too long whether it still stands.
func (v *View) Look(e agenda.Entry, now time.Time) agenda.Entry {
	if words, stale := notice.StaleWords(e, v.settings.Rules, v.settings.planContext(v.entries), now); stale {
		e.Warnings = append(slices.Clone(e.Warnings), agenda.Warning{Code: "stale", Words: words, At: e.Origin})
	}
	return e
}

// Why returns why the event id is where it is.
func (v *View) Why(_ context.Context, id string) (agenda.WhyView, error) {
	e, ok := find(v.entries, id)
	if !ok {
		return agenda.WhyView{}, fmt.Errorf("event %q: %w", id, ErrNoEvent)
	}
	return e.WhyView(), nil
}

// Revisions returns every revision of an event, the oldest first.
func (v *View) Revisions(id string) (out []event.Revision, err error) {
	err = v.read(func(tx *store.Tx) error {
		out, err = tx.Revisions(id)
		return err
	})
	for i := range out {
		out[i].Event = out[i].Event.Counted(v.settings.Calendars)
	}
	return out, err
}

// Since returns when the first event was recorded, UTC; zero where none was.
func (v *View) Since() (at time.Time, err error) {
	if v.eyes != nil {
		for i := range v.entries {
			if first := v.entries[i].Created; at.IsZero() || first.Before(at) {
				at = first
			}
		}
		return at, nil
	}
	err = v.db.View(func(tx *store.Tx) error {
		list, err := tx.Changes(0, 1)
		if err == nil && len(list) > 0 {
			at = list[0].At
		}
		return err
	})
	return at, err
}

// Feed returns the feed called name as it is kept, and false where there is none. None is
// kept of the past: see Query.
func (v *View) Feed(name string) (Published, bool) {
	p, ok := v.edition().feeds[name]
	return p, ok && v.reads(name)
}

// reads reports whether the readers of v may read the feed called name: it is public, or their
// own, or they see everything.
func (v *View) reads(name string) bool {
	f, ok := v.settings.feed(name)
	return v.eyes == nil || ok && (!f.Private || f.sight() == v.eyes.sight)
}

// Feeds returns the feeds that anybody may know of, the main one first.
func (v *View) Feeds() []Feed {
	return slices.DeleteFunc(slices.Clone(v.settings.Feeds), func(f Feed) bool { return f.Private })
}

// Query returns a feed that somebody put together in its address, and false where it can't
// be made now.
func (v *View) Query(q FeedQuery) (Published, bool) {
	p := v.edition().query(q)
	return p, p.ETag != ""
}
