package feed

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"hash/maphash"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/source/ical"
)

// Cache remembers what a feed was made of, so that one changed event costs its own chunk
// and not the feed. What it gives is the same, octet for octet, as if it began anew: a
// feed is cut into chunks at places that follow from the UIDs in it, so that the chunks
// are the same whatever was there before, and each is known by what it holds.
//
// It is used by one goroutine at a time.
type Cache struct {
	seed     maphash.Seed
	world    uint64                  // of the feed and the context: where it changes, nothing is the same
	known    map[string]knownState   // by the id of an event
	rules    map[*agenda.Entry]entry // of what comes again without end: the one entry with its rule
	sizes    map[string]measured     // of the entries that the feed had room for, or nearly, by their UIDs
	chunks   map[uint64]*chunk       // by what they hold
	deflater *flate.Writer           // used again and again: it is large
	buf      []byte                  // likewise
}

// knownState is an event as it was when its fingerprint was last worked out.
type knownState struct {
	state       uint64
	fingerprint string
}

// measured is how many octets an entry has, with all that this follows from.
type measured struct {
	event      *agenda.Entry
	sequence   int
	stamp, off time.Time
	state      uint64
	size       int
}

// chunk is some entries that follow each other.
type chunk struct {
	plain []byte // folded
	run   []byte // plain, deflated: whole blocks that end at an octet
	sums  [2][sha256.Size]byte
}

// NewCache returns a cache that has made nothing yet.
func NewCache() *Cache {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	return &Cache{seed: maphash.MakeSeed(), known: map[string]knownState{}, chunks: map[uint64]*chunk{}, deflater: w}
}

// begin forgets everything where f or c are not as they were.
func (p *Cache) begin(f Feed, c Context) {
	var h maphash.Hash
	h.SetSeed(p.seed)
	f.Span = Span{}
	fmt.Fprintf(&h, "%+v %q %d %d", f, c.PageBase, c.AlarmAt, c.Length)
	sum := h.Sum64()
	for _, s := range c.Sources { // in any order
		sum += maphash.Comparable(p.seed, s)
	}
	if sum != p.world {
		p.world = sum
		clear(p.known)
		clear(p.chunks)
		clear(p.rules)
		clear(p.sizes)
	}
}

// entriesOf returns the entries of e. To find out whether readers can hold the rule of a series,
// and the zone that it is in, takes longer than all else, and what was found holds as long as
// nothing of the event changes.
func (l *Layout) entriesOf(e *agenda.Entry) []entry {
	if rule, ok := l.cache.rules[e]; ok {
		l.rules[e] = rule
		return []entry{rule}
	}
	out := entriesOf(e, l.feed.windows())
	if e.Series != nil && len(out) == 1 && out[0].series {
		l.rules[e] = out[0]
	}
	return out
}

// known returns the fingerprint of it, which make works out where it has changed.
func (l *Layout) known(it *Item, work func(*Item) string) string {
	if f, ok := l.prints[it]; ok {
		return f
	}
	k, state := l.cache.known[it.Entry.ID], l.stateHash(it)
	if k.fingerprint == "" || k.state != state {
		k = knownState{state, work(it)}
		l.cache.known[it.Entry.ID] = k
	}
	l.prints[it] = k.fingerprint
	return k.fingerprint
}

// stateHash tells one state of an event in this feed from another.
func (l *Layout) stateHash(it *Item) uint64 {
	b := appendState(l.cache.buf[:0], it.Entry)
	for _, link := range it.Entry.Links {
		b = appendTexts(b, l.uids[link.To].uid)
	}
	for i := range it.History {
		s := &it.History[i]
		b = appendTexts(b, s.Suffix)
		b = appendInt(appendInt(appendInt(b, s.Start.Unix()), s.End.Unix()), s.Gone.Unix())
		b = append(appendBool(b, s.AllDay), byte(s.Modes))
	}
	if len(it.History) > 0 || !it.Entry.Window.Settled() { // others are one entry
		for _, suffix := range []string{"", "-opens", "-latest"} {
			b = appendBool(b, l.in[it.Entry.UID+suffix])
		}
	}
	l.cache.buf = b
	return maphash.Bytes(l.cache.seed, b)
}

// chunkSize says how many entries a chunk has on average: half of them lie in one of about
// twice as many.
const chunkSize = 32

// endsChunk reports whether a chunk ends behind the entry with this UID. It follows from the
// UID alone.
func endsChunk(uid string) bool {
	h := uint32(2166136261) // FNV-1a
	for i := range len(uid) {
		h = (h ^ uint32(uid[i])) * 16777619
	}
	return (h^h>>15)%chunkSize == 0
}

// render makes the body from chunks, of which those that were made before are used again.
func (l *Layout) render() (Body, []Problem) {
	b := Body{Counts: l.counts}
	var problems []Problem
	next := make(map[uint64]*chunk, len(l.cache.chunks)+1)
	var parts []*chunk
	for from := 0; from < len(l.list); {
		to := from + 1
		for to < len(l.list) && !endsChunk(l.list[to-1].uid) {
			to++
		}
		c, key, bad := l.chunk(l.list[from:to])
		problems = append(problems, bad...)
		next[key], parts = c, append(parts, c)
		from = to
	}
	for _, p := range l.list {
		if at := p.Stamp.UTC().Truncate(time.Second); at.After(b.Modified) {
			b.Modified = at
		}
	}
	b.Entries = len(l.list) - len(problems)
	l.cache.chunks = next
	l.cache.assemble(&b, frame(l.feed, b.Counts), zonesOf(l.list), parts)
	return b, problems
}

// chunk returns the chunk of some entries, with the key by which it is known.
func (l *Layout) chunk(list []*vevent) (*chunk, uint64, []Problem) {
	for _, p := range list { // before the buffer is in use
		l.known(p.Item, l.fingerprint)
	}
	b := l.cache.buf[:0]
	for _, p := range list {
		b = appendTexts(b, l.prints[p.Item], p.uid)
		b = appendInt(appendInt(b, int64(p.Sequence)), p.Stamp.Unix())
		b = appendInt(appendInt(appendInt(b, p.interval.start.Unix()), p.interval.end.Unix()), p.gone.Unix())
	}
	l.cache.buf = b
	key := maphash.Bytes(l.cache.seed, b)
	if c, ok := l.cache.chunks[key]; ok {
		return c, key, nil
	}
	w := newWriter(l)
	var problems []Problem
	text := make([]byte, 0, len(list)*usualSize)
	uids := make([]string, len(list))
	for i, p := range list {
		text, uids[i] = w.entry(text, p, p.Item), p.uid
	}
	if ical.Verify(text, uids) != nil {
		text, problems = l.readable(list)
	}
	c := &chunk{plain: text, run: l.cache.deflate(text, false)}
	c.sums = [2][sha256.Size]byte{sha256.Sum256(c.plain), sha256.Sum256(c.run)}
	return c, key, problems
}

// readable writes those entries of list that can be read back, one by one.
func (l *Layout) readable(list []*vevent) (text []byte, problems []Problem) {
	w := newWriter(l)
	for _, p := range list {
		one := w.entry(nil, p, p.Item)
		if err := ical.Verify(one, []string{p.uid}); err != nil {
			problems = append(problems, Problem{p.Entry.ID, err.Error()})
			continue
		}
		text = append(text, one...)
	}
	return text, problems
}

// assemble writes the bodies of b and their tags, and lets the chunks point into them, so
// that nothing is there twice.
func (p *Cache) assemble(b *Body, head []byte, zones []string, parts []*chunk) {
	first := append(head, strings.Join(zones, "")...)
	if b.Entries == 0 {
		first = append(first, emptyZone...)
	}
	size, packed := len(first)+len(endCalendar), 0
	for _, c := range parts {
		size, packed = size+len(c.plain), packed+len(c.run)
	}
	start, end := p.deflate(first, false), p.deflate([]byte(endCalendar), true)
	b.Plain = append(make([]byte, 0, size), first...)
	b.Gzip = append(append(make([]byte, 0, len(gzipHead)+len(start)+packed+len(end)+8), gzipHead...), start...)
	tags := [2][]byte{append([]byte("plain"), first...), append([]byte("gzip"), start...)}
	for _, c := range parts {
		at, zat := len(b.Plain), len(b.Gzip)
		b.Plain, b.Gzip = append(b.Plain, c.plain...), append(b.Gzip, c.run...)
		c.plain, c.run = b.Plain[at:len(b.Plain):len(b.Plain)], b.Gzip[zat:len(b.Gzip):len(b.Gzip)]
		for i := range tags {
			tags[i] = append(tags[i], c.sums[i][:]...)
		}
	}
	b.Plain = append(b.Plain, endCalendar...)
	b.Gzip = append(b.Gzip, end...)
	b.Gzip = binary.LittleEndian.AppendUint32(b.Gzip, crc32.ChecksumIEEE(b.Plain))
	b.Gzip = binary.LittleEndian.AppendUint32(b.Gzip, uint32(len(b.Plain)))
	b.ETag, b.GzipETag = etag(tags[0]), etag(tags[1])
}

// gzipHead begins a gzip member with nothing in it that could differ, RFC 1952 §2.3:
// deflate, no name, no time, made on an unknown system.
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// deflate compresses data into whole blocks that end at an octet, the last ones of their
// stream or not, RFC 1951 §3.2.4. Such runs one behind the other are one stream: readers
// such as curl stop after the first of several gzip members.
func (p *Cache) deflate(data []byte, last bool) []byte {
	var b bytes.Buffer
	p.deflater.Reset(&b)
	_, _ = p.deflater.Write(data) // a bytes.Buffer takes everything
	if last {
		_ = p.deflater.Close() // the same
	} else {
		_ = p.deflater.Flush() // the same
	}
	return b.Bytes()
}

// etag returns an entity tag of what names all the octets of a body.
func etag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
