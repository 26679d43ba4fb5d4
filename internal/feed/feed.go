package feed

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
)

// Feed says what is written of a feed as a whole. Texts may hold any bytes.
type Feed struct {
	Name        string        // as in its address
	Title       string        // "" is Name
	Description string        // or ""
	PublicURL   string        // absolute http or https address of the feed, with no secret in it; left out otherwise
	Zone        string        // IANA name in which readers show the calendar, or ""
	Refresh     time.Duration // how often readers should ask, in whole seconds; 0 is an hour
	Lang        string        // language of Title and Description, RFC 5646, or ""
	Color       string        // CSS3 colour name, or ""
}

// Item is an event as it is published.
type Item struct {
	Entry    agenda.Entry
	Sequence int       // from 0; greater with every change of the fingerprint
	Stamp    time.Time // of the revision that last changed the fingerprint: DTSTAMP and LAST-MODIFIED, in whole seconds
}

// Context is what the texts of events refer to.
type Context struct {
	Sources  map[string]event.Source
	PageBase string // what links to pages begin with, without a slash at the end; "" for no links

	// UID gives the UID of the event with an id. It should answer only for
	// events that are Dated, so that a fingerprint changes when a related event
	// comes into the feeds or leaves them. Nil knows none.
	UID func(id string) (uid string, ok bool)

	Length time.Duration // of instants with no end; 0 is half an hour
}

// length gives how long an instant with no end is shown.
func (c Context) length() time.Duration {
	if c.Length < time.Second {
		return defaultLength
	}
	return c.Length
}

// Body is a feed, ready to be served.
type Body struct {
	Plain, Gzip    []byte
	ETag, GzipETag string    // strong entity tags of Plain and Gzip, with their quotes, RFC 9110 §8.8.3
	Modified       time.Time // UTC, whole seconds: the latest stamp of an event in it, zero where it has none
	Events         int       // how many events are in it
	Undated        int       // how many were left out because they have no date, or only one bound
}

// Problem says why an event is not in a feed.
type Problem struct {
	Event string // its id
	What  string // one line
}

// String names the event and what is wrong with it.
func (p Problem) String() string { return fmt.Sprintf("event %q: %s", p.Event, p.What) }

// Render writes the feed f of items, in order of their start and then their
// UID. Events that cannot be published are left out and named in the problems;
// those without a date are only counted. No events at all give a valid feed
// that holds none.
//
// RELATED-TO names only events that are in this feed, so that which it names
// may differ between two feeds that hold the same event.
func Render(f Feed, items []Item, c Context) (Body, []Problem) {
	list, undated, problems := admit(items, c)
	list, events, bad := encodeAll(list, c)
	b := Body{Plain: assemble(f, events), Modified: latest(list), Events: len(list), Undated: undated}
	b.Gzip = compress(b.Plain)
	b.ETag, b.GzipETag = etag(b.Plain), etag(b.Gzip)
	return b, append(problems, bad...)
}

// placed is an item with its place in the calendar.
type placed struct {
	*Item
	slot slot
}

// admit gives the items that can be published, in their order, and how many
// have no date.
func admit(items []Item, c Context) (list []placed, undated int, problems []Problem) {
	list = make([]placed, 0, len(items))
	for i := range items {
		it := &items[i]
		s, ok := slotOf(it.Entry.Window, c.length())
		if !ok {
			undated++
			continue
		}
		if err := check(it, s); err != nil {
			problems = append(problems, Problem{it.Entry.ID, err.Error()})
			continue
		}
		list = append(list, placed{it, s})
	}
	slices.SortStableFunc(list, func(a, b placed) int {
		return cmp.Or(a.slot.start.Compare(b.slot.start), cmp.Compare(a.Entry.UID, b.Entry.UID), cmp.Compare(a.Entry.ID, b.Entry.ID))
	})
	list, twins := distinct(list)
	return list, undated, append(problems, twins...)
}

// distinct leaves out every event whose UID an earlier one has.
func distinct(list []placed) (kept []placed, problems []Problem) {
	owner := make(map[string]string, len(list))
	kept = list[:0]
	for _, p := range list {
		if id, taken := owner[p.Entry.UID]; taken {
			problems = append(problems, Problem{p.Entry.ID, fmt.Sprintf("its UID %q is that of event %q", p.Entry.UID, id)})
			continue
		}
		owner[p.Entry.UID] = p.Entry.ID
		kept = append(kept, p)
	}
	return kept, problems
}

// latest gives the latest stamp of list, in whole seconds.
func latest(list []placed) time.Time {
	var t time.Time
	for _, p := range list {
		if at := p.Stamp.UTC().Truncate(time.Second); at.After(t) {
			t = at
		}
	}
	return t
}

// encodeAll gives the events of list, folded. One that fails is left out, and
// the others are encoded again, since they must not refer to it.
func encodeAll(list []placed, c Context) (kept []placed, events []byte, problems []Problem) {
	for {
		events, failed, err := encodeEach(list, c)
		if err == nil {
			return list, events, problems
		}
		problems = append(problems, Problem{list[failed].Entry.ID, err.Error()})
		list = slices.Delete(list, failed, failed+1)
	}
}

// encodeEach encodes the events of list until one fails, whose index it gives.
func encodeEach(list []placed, c Context) (events []byte, failed int, err error) {
	in := make(map[string]bool, len(list))
	for _, p := range list {
		in[p.Entry.UID] = true
	}
	c = c.within(in)
	events = make([]byte, 0, len(list)*usualSize)
	w := newWriter()
	for i, p := range list {
		if events, err = w.append(events, p, c); err != nil {
			return nil, i, err
		}
	}
	return events, 0, nil
}

// usualSize is about how many octets an event has.
const usualSize = 1024

// within gives c with only those UIDs that are in the feed.
func (c Context) within(in map[string]bool) Context {
	uid := c.UID
	c.UID = func(id string) (string, bool) {
		if uid == nil {
			return "", false
		}
		u, ok := uid(id)
		return u, ok && in[u]
	}
	return c
}

// compress gives one gzip member with nothing in its header that could differ:
// readers such as curl stop after the first of several.
func compress(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	// Neither call can fail: a bytes.Buffer takes everything.
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func etag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
