package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
)

// vevent is an entry with its place in a feed.
type vevent struct {
	*Item
	entry
	Entry *agenda.Entry // the event, on its day where it comes again
	uid   string
}

// primary is an entry that stands for its event.
type primary struct {
	uid  string
	part part
	it   *Item
}

// place returns the entry s of it.
func place(it *Item, s entry) *vevent {
	p := &vevent{Item: it, entry: s, Entry: it.Entry, uid: it.Entry.UID + s.suffix}
	if s.of != nil {
		p.Entry = s.of
	}
	return p
}

// Layout is what stands in a feed, and where, before it is known when each event last
// changed: that follows from it.
type Layout struct {
	feed     Feed
	context  Context
	list     []*vevent          // in order
	uids     map[string]primary // by the id of an event, the entry that others relate to
	in       map[string]bool    // the UIDs of list
	counts   Counts
	problems []Problem
	cache    *Cache
	prints   map[*Item]string        // fingerprints that were worked out for it
	rules    map[*agenda.Entry]entry // see Cache
}

// NewLayout lays out the feed f of items. It keeps them, so that Sequence and Stamp may be
// set after it.
//
// cache makes it from what it made before; nil begins anew.
func NewLayout(f Feed, items []*Item, c Context, cache *Cache) *Layout {
	if cache == nil {
		cache = NewCache()
	}
	cache.begin(f, c)
	l := &Layout{feed: f, context: c, list: make([]*vevent, 0, len(items)), cache: cache, prints: make(map[*Item]string, len(items)), rules: make(map[*agenda.Entry]entry)}
	for _, it := range items {
		l.add(it)
	}
	cache.rules = l.rules
	l.sort()
	l.dropDuplicates()
	l.limit()
	l.index()
	l.fit()
	return l
}

// add adds the entries of it.
func (l *Layout) add(it *Item) {
	how := l.feed.windows()
	current := l.entriesOf(it.Entry)
	if !dated(it.Entry) {
		l.counts.Undated++
	}
	for _, s := range append(current, goneEntries(it, how)...) {
		if !l.feed.Span.has(it, s) {
			continue
		}
		p := place(it, s)
		if err := p.check(); err != nil {
			l.problems = append(l.problems, Problem{it.Entry.ID, err.Error()})
			return
		}
		l.list = append(l.list, p)
	}
}

// check reports why p cannot be published.
func (p vevent) check() error {
	uid := p.uid
	switch {
	case p.Entry.UID == "":
		return fmt.Errorf("it has no UID")
	case len(escape(uid)) > maxUID:
		return fmt.Errorf("its UID has %d octets: %d is the most", len(escape(uid)), maxUID)
	case prose.CleanLine(uid) != uid:
		return fmt.Errorf("its UID %q is not one line of text", uid)
	}
	return p.interval.check()
}

// checkStamps reports what is wrong with when it was last changed.
func (it *Item) checkStamps() error {
	switch {
	case it.Sequence < 0:
		return fmt.Errorf("its SEQUENCE %d is below 0", it.Sequence)
	case it.Stamp.Unix() <= 0 || it.Stamp.UTC().Year() > 9999:
		return fmt.Errorf("it does not say when it was last changed")
	}
	return nil
}

// sort orders entries by their start and then their UID.
func (l *Layout) sort() {
	slices.SortStableFunc(l.list, func(a, b *vevent) int {
		return cmp.Or(a.interval.start.Compare(b.interval.start), cmp.Compare(a.uid, b.uid))
	})
}

// dropDuplicates leaves out every entry whose UID an earlier one has.
func (l *Layout) dropDuplicates() {
	l.in = make(map[string]bool, len(l.list))
	l.list = slices.DeleteFunc(l.list, func(p *vevent) bool {
		if l.in[p.uid] {
			owner := slices.IndexFunc(l.list, func(q *vevent) bool { return q.uid == p.uid })
			l.problems = append(l.problems, Problem{p.Entry.ID, fmt.Sprintf("its UID %q is that of event %q", p.uid, l.list[owner].Entry.ID)})
			return true
		}
		l.in[p.uid] = true
		return false
	})
}

// limit leaves out entries while there are too many.
func (l *Layout) limit() {
	if most := l.feed.MaxEntries; most > 0 && len(l.list) > most {
		l.leaveOut(l.expendable()[:len(l.list)-most])
	}
}

// spare is an entry that may have to leave a feed.
type spare struct {
	at         int // its place in the list
	passed     bool
	start, end time.Time
}

// expendable returns all entries in the order in which they leave a feed that is too
// large: what has passed, the oldest first, and then, which is no way to keep a calendar
// and has to be told, what is furthest ahead.
func (l *Layout) expendable() []spare {
	order := make([]spare, len(l.list))
	for i, p := range l.list {
		order[i] = spare{at: i, start: p.interval.start, end: p.ends()}
		order[i].passed = l.feed.Span.passed(order[i].end, p.interval.allDay)
	}
	slices.SortStableFunc(order, func(a, b spare) int {
		switch {
		case a.passed && b.passed:
			return a.end.Compare(b.end)
		case a.passed:
			return -1
		case b.passed:
			return 1
		}
		return b.start.Compare(a.start)
	})
	return order
}

// leaveOut leaves out the entries of out, which are in the order in which they leave.
func (l *Layout) leaveOut(out []spare) {
	gone := make([]bool, len(l.list))
	for _, p := range out {
		gone[p.at] = true
		if p.passed {
			l.counts.CutPast++
			continue
		}
		l.counts.CutAhead++
		l.counts.CutFrom = civil.DateOf(p.start, time.UTC) // the last one is the nearest
	}
	at := -1
	l.list = slices.DeleteFunc(l.list, func(*vevent) bool {
		at++
		return gone[at]
	})
}

// ends returns when p is over for good, UTC; zero is never.
func (p *vevent) ends() time.Time {
	if !p.series {
		return p.interval.end
	}
	if p.Entry.Series.Endless() {
		return time.Time{}
	}
	last, _ := p.Entry.Series.End()
	end, _ := last.Window.End()
	return end
}

// index notes which UIDs are in the feed, and which of them stands for each event.
func (l *Layout) index() {
	if len(l.in) != len(l.list) {
		l.in = make(map[string]bool, len(l.list))
		for _, p := range l.list {
			l.in[p.uid] = true
		}
	}
	l.uids = make(map[string]primary, len(l.list))
	for _, p := range l.list {
		if s, ok := l.uids[p.Entry.ID]; !ok || p.part < s.part {
			l.uids[p.Entry.ID] = primary{p.uid, p.part, p.Item}
		}
	}
}

// fit leaves out entries until the feed has at most as many octets as it may have.
func (l *Layout) fit() {
	if l.feed.MaxBytes <= 0 || len(l.list) == 0 {
		return
	}
	w := newWriter(l)
	sizes := make([]int, len(l.list))
	total := len(frame(l.feed, l.counts)) + len(endCalendar)
	known := make(map[string]measured, len(l.list))
	for i, p := range l.list {
		now := measured{p.Item.Entry, p.Sequence, p.Stamp, p.Off, l.stateHash(p.Item), 0}
		was := l.cache.sizes[p.uid]
		if now.size = was.size; now != was {
			now.size = len(w.entry(nil, p, p.Item)) + len("0000000000") // SEQUENCE can grow
		}
		known[p.uid] = now
		sizes[i] = now.size
		total += sizes[i]
	}
	l.cache.sizes = known
	out := l.expendable()
	n := 0
	for ; total > l.feed.MaxBytes && n < len(out); n++ {
		total -= sizes[out[n].at]
	}
	if n > 0 {
		l.leaveOut(out[:n])
		l.index()
	}
}

// Fingerprint returns a hash of every octet that the feed has of it, but those that only
// say that something changed: SEQUENCE, DTSTAMP, LAST-MODIFIED and the line about the last
// change. It is "" where the feed has nothing of it. Two layouts that give one
// fingerprint read the same to every subscriber, but for entries that come and go by
// their day alone.
func (l *Layout) Fingerprint(it *Item) string {
	if l.uids[it.Entry.ID].it != it {
		return ""
	}
	return l.known(it, l.fingerprint)
}

func (l *Layout) fingerprint(it *Item) string {
	w := newWriter(l)
	blank := &Item{Entry: it.Entry, Stamp: time.Unix(0, 0)}
	var b []byte
	for _, s := range entriesOf(it.Entry, l.feed.windows()) {
		b = w.entry(b, place(it, s), blank)
	}
	if len(goneEntries(it, l.feed.windows())) > 0 {
		never := entry{part: gone, interval: interval{start: time.Unix(0, 0).UTC(), end: time.Unix(1, 0).UTC()}}
		b = w.entry(b, place(it, never), blank)
	}
	for _, zone := range zonesOf([]*vevent{place(it, entry{series: it.Entry.Series != nil})}) {
		b = append(b, zone...) // other rules of a zone are another time
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// Render writes the feed. What cannot be published is left out and named.
func (l *Layout) Render() (Body, []Problem) {
	problems := slices.Clone(l.problems)
	kept := *l
	if slices.ContainsFunc(l.list, func(p *vevent) bool { return p.checkStamps() != nil }) {
		kept.list = slices.DeleteFunc(slices.Clone(l.list), func(p *vevent) bool {
			err := p.checkStamps()
			if err != nil {
				problems = append(problems, Problem{p.Entry.ID, err.Error()})
			}
			return err != nil
		})
		kept.index()
	}
	b, unread := kept.render()
	return b, append(problems, unread...)
}

// usualSize is about how many octets an entry has.
const usualSize = 1024
