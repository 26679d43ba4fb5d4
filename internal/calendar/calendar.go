package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// Calendar keeps the store in step with what is declared. It is changed by one goroutine
// at a time.
type Calendar struct {
	db       *store.DB
	solution solution   // of what was recorded last
	seen     []*vantage // likewise, by those who see less
	caches   feedCaches // nil: no feeds are rendered
	known    published  // how each event was published last
	declared said       // what the files said at the last reading
	series   time.Time  // when the coming days of what comes again were last planned
	view     *View      // of what was recorded last
	rules    struct {   // those that were named last
		of notice.Rules
		id string
	}
}

// New returns the calendar that is kept in db.
func New(db *store.DB) *Calendar {
	return &Calendar{db: db, caches: feedCaches{}, known: published{}}
}

// Applied is what a reading changed.
type Applied struct {
	View     *View            // what people are shown from now on
	Revised  []event.Revision // in the order in which they were declared
	First    bool             // the store held no event before
	Stories  []change.Story   // what changed, by the events that it goes back to
	Doubtful []DoubtfulStatus // changes of status that look like mistakes
	Notes    []Note           // what went on, for a log
	Followed []Followed       // how the calendars of others were read

	Overruled []Overruled // what was said elsewhere and the files say otherwise now

	replanned int // how many events were planned anew
}

// Note is something that whoever runs attache should hear of.
type Note struct {
	Warning bool // somebody has to look at it
	Text    string
	Args    []any // keys and values, as log/slog takes them
}

// DoubtfulStatus is a change of status that looks like a mistake. It is recorded all
// the same: a file is a person's last word, and may be what mends one.
type DoubtfulStatus struct {
	Event, Words string
}

// Apply records what s declares: revisions of the events that changed, what follows, the
// notices and the feeds. committing, unless it is nil, is called once nothing can refuse
// the reading any more and all that is left is to make it durable.
//
// The error says why the reading is refused; nothing is recorded then. Of a reading that
// names none of the files any more it is that of Settings.NoFiles.
func (c *Calendar) Apply(s *Settings, now time.Time, committing func()) (Applied, error) {
	if err := c.refuseNoFiles(s); err != nil {
		return Applied{}, err
	}
	out, err := c.record(s, now, c.reconcile, committing)
	if err != nil {
		return Applied{}, fmt.Errorf("record what the files say: %w", err)
	}
	return out, nil
}

// Resume records what follows at now from what is in the store already, by settings, without a
// reading of the files: so a copy shows what is recorded elsewhere.
func (c *Calendar) Resume(s *Settings, now time.Time) (Applied, error) {
	out, err := c.record(s, now, unread, nil)
	if err != nil {
		return Applied{}, fmt.Errorf("show what is recorded: %w", err)
	}
	return out, nil
}

// unread is a reading of nothing.
func unread(*store.Tx, *Settings, time.Time) (reading, error) { return reading{}, nil }

// Age records what time alone changes up to now, by the settings of the last reading:
// events that nobody answered for lapse, and the coming days of series are planned. It is
// false where that is nothing.
func (c *Calendar) Age(now time.Time) (Applied, bool, error) {
	s := c.view.settings
	due, err := c.ages(s, c.view.entries, now)
	if err != nil || !due {
		return Applied{}, false, err
	}
	out, err := c.record(s, now, unread, nil)
	if err != nil {
		return Applied{}, false, fmt.Errorf("record what time changed: %w", err)
	}
	return out, true, nil
}

// Publish renders the feeds anew, since what they hold moves with the day of now.
func (c *Calendar) Publish(now time.Time) (*View, []Note, error) {
	next := viewOf(c.db, c.view.settings, c.view.hidden, c.seen)
	p := publisher{s: next.settings, now: now, caches: c.caches, known: c.known, last: c.view}
	err := c.db.Update(func(tx *store.Tx) error { return p.publish(tx, next) })
	if err != nil {
		return nil, p.notes, fmt.Errorf("render the feeds: %w", err)
	}
	c.view = next
	maps.Copy(c.known, p.fresh)
	return next, p.notes, nil
}

// reading is what one transaction works with, and what it changes.
type reading struct {
	Applied
	quiet    map[string]bool // ids of events that are no news: their calendar was not followed before
	moved    []string        // ids of events that stand on other lines of their files now
	resaid   []string        // ids of events of which the files say something else now, or nothing any more
	solution solution        // what follows
	entries  []*agenda.Entry // the same, in the order of ids
	hidden   narrow          // which of them are not for everybody
	vantages []*vantage      // the same as each kind of reader sees it; the first sees everything

	declared  said // what the files say now; nil where they were not read
	series    bool // the coming days of what comes again were planned
	restored  bool // it is the first one of a database that was restored
	aftermath store.Aftermath
}

// record records what read returns, and what follows from it.
func (c *Calendar) record(s *Settings, now time.Time, read func(*store.Tx, *Settings, time.Time) (reading, error), committing func()) (Applied, error) {
	own := *s
	own.Sources = maps.Clone(s.Sources) // a calendar that is followed may name itself
	s = &own
	var r reading
	p := publisher{s: s, now: now, caches: c.caches, known: c.known, last: c.view}
	err := c.db.Update(func(tx *store.Tx) (err error) {
		if err := s.nameChannels(tx); err != nil {
			return err
		}
		if err := s.ownSources(tx); err != nil {
			return err
		}
		if r, err = read(tx, s, now); err != nil {
			return err
		}
		if err := c.conclude(tx, s, &r, now); err != nil {
			return err
		}
		if err := cmp.Or(settled(tx, r.respoken(c)), endHandled(tx, r.entries)); err != nil {
			return err
		}
		r.View = viewOf(c.db, s, r.hidden, r.vantages)
		if c.caches != nil {
			err = p.publish(tx, r.View)
			r.Notes = append(r.Notes, p.notes...)
		}
		if err == nil && committing != nil {
			committing()
		}
		return err
	})
	if err != nil {
		return Applied{}, err
	}
	c.solution, c.view, c.seen = r.solution, r.View, r.vantages
	maps.Copy(c.known, p.fresh)
	if r.series {
		c.series = now
	}
	if r.declared != nil {
		c.declared = r.declared
	}
	return r.Applied, nil
}

// conclude records what follows from what was read, but for the feeds.
func (c *Calendar) conclude(tx *store.Tx, s *Settings, r *reading, now time.Time) (err error) {
	if r.aftermath, r.restored, err = tx.Aftermath(); err != nil {
		return err
	}
	if err := tx.PutSources(s.Sources); err != nil {
		return err
	}
	if err := c.solve(tx, s, r, now); err != nil {
		return err
	}
	if err := c.plan(tx, s, r, now); err != nil {
		return err
	}
	if err := afterRestoring(tx, s, *r, now); err != nil {
		return err
	}
	if err := beginDigests(tx, s.Digests); err != nil {
		return err
	}
	if err := tx.PutMeta(audiencesKey, s.audiencesID()); err != nil {
		return err
	}
	if s.FilesSum != "" && r.declared != nil {
		if err := tx.PutMeta(filesSumKey, s.FilesSum); err != nil {
			return err
		}
	}
	for _, v := range r.vantages {
		if err := recall(v.eyes.through(tx), v.entries, v.past); err != nil {
			return err
		}
	}
	return nil
}

// solve works out what follows from the events of the store, and lets those lapse for
// which nobody answered.
func (c *Calendar) solve(tx *store.Tx, s *Settings, r *reading, now time.Time) (err error) {
	if r.solution, err = c.solution.update(tx, s, c.db.Domain(), r.moved, c.files(r)); err != nil {
		return err
	}
	r.entries = agenda.Duplicates(r.solution.net.Entries())
	if err := c.vantages(tx, s, r); err != nil {
		return err
	}
	lapsed, err := lapse(tx, s, r, now)
	if err != nil || !lapsed {
		return err
	}
	if r.solution, err = r.solution.update(tx, s, c.db.Domain(), nil, c.files(r)); err != nil {
		return err
	}
	r.entries = agenda.Duplicates(r.solution.net.Entries())
	return c.vantages(tx, s, r)
}

// respoken reports of which events something else is said now than at the reading before, whoever
// says it: of all of them after a start.
func (r *reading) respoken(c *Calendar) func(id string) bool {
	ids := make(map[string]bool)
	for _, id := range r.resaid {
		ids[id] = true
	}
	for _, rev := range r.Revised {
		ids[rev.Event.ID] = true
	}
	return func(id string) bool { return ids[id] || !c.solution.known }
}

// filesSumKey is where the store keeps what names the contents of the files that were read last.
const filesSumKey = "files"

// FilesSum returns what names the contents of the files that were read last into db, "" where
// nobody noted it; see [Settings.FilesSum].
func FilesSum(db *store.DB) (sum string, err error) {
	err = db.View(func(tx *store.Tx) error {
		sum, err = tx.Meta(filesSumKey)
		return err
	})
	return sum, err
}

// files returns what the files say, as r or the last reading found it.
func (c *Calendar) files(r *reading) said {
	if r.declared != nil {
		return r.declared
	}
	return c.declared
}

// refuseNoFiles returns an error where no pattern of event files names a file any more,
// although events came from files: somebody moved the folder, or it is not mounted.
// Whoever wants to withdraw them all writes so.
func (c *Calendar) refuseNoFiles(s *Settings) error {
	if s.NoFiles == nil {
		return nil
	}
	stays := make(map[string]bool, len(s.Events))
	for _, e := range s.Events {
		stays[e.ID] = true
	}
	gone := 0
	err := c.db.View(func(tx *store.Tx) error {
		return tx.Bases(func(e event.Event) error {
			if !stays[e.ID] && e.Followed() == "" && e.Origin.File != s.File {
				gone++
			}
			return nil
		})
	})
	if err != nil || gone == 0 {
		return err
	}
	return s.NoFiles(gone)
}
