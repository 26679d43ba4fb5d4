package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/feed"
)

// The buckets, as the package comment describes them.
const (
	metaBucket     = "meta"
	eventBucket    = "events"
	revisionBucket = "revisions"
	changeBucket   = "changes"
	baseBucket     = "bases"
	sourceBucket   = "sources"
	outboxBucket   = "outbox"
	dueBucket      = "due"
	sendingBucket  = "sending"
	toldBucket     = "told"
	windowBucket   = "windows"
	publicBucket   = "publications"
	feedBucket     = "feeds"
	channelBucket  = "channels"
	tokenBucket    = "tokens"
	followedBucket = "followed"
	moveBucket     = "moves"
	ledBucket      = "led"
	unsaidBucket   = "unsaid"
	changingBucket = "changing"
	heardBucket    = "heard"
	leftBucket     = "left"
	answeredBucket = "answered"
	pressBucket    = "presses"
	handledBucket  = "handled"
)

// buckets lists every bucket.
func buckets() []string {
	return []string{
		metaBucket, eventBucket, revisionBucket, changeBucket, baseBucket, sourceBucket, outboxBucket,
		dueBucket, sendingBucket, toldBucket, windowBucket, publicBucket, feedBucket, channelBucket, tokenBucket, followedBucket,
		moveBucket, ledBucket, unsaidBucket, changingBucket, heardBucket, leftBucket, answeredBucket, pressBucket, handledBucket,
	}
}

// Tx is a transaction: one state of the store, and within an update what was
// written to it. It is not to be kept beyond its function.
type Tx struct {
	raw  *boltTx
	lens Lens // through which it is read; nil shows all
}

// Stored is an event as it holds now.
type Stored struct {
	Revision event.Revision
	Created  time.Time // UTC, of the first revision
}

// Current returns the event id as it holds, and false where there is none.
func (tx *Tx) Current(id string) (Stored, bool, error) {
	head, ok, err := get[storedHead](tx, eventBucket, []byte(id))
	if err != nil || !ok {
		return Stored{}, false, err
	}
	return tx.stored(id, head)
}

// stored returns an event as it holds, and false where who reads tx may not see it.
func (tx *Tx) stored(id string, head storedHead) (Stored, bool, error) {
	r, ok, err := tx.Bare().Revision(id, head.Revision)
	if err == nil && !ok {
		err = tx.damaged(revisionBucket, revisionKey(id, head.Revision), fmt.Errorf("it is missing"))
	}
	r, ok = tx.shown(r)
	return Stored{r, head.Created}, ok && err == nil, err
}

// Events calls fn with every event as it holds, in the order of ids.
func (tx *Tx) Events(fn func(Stored) error) error {
	return each(tx, eventBucket, nil, func(key []byte, head storedHead) error {
		s, ok, err := tx.stored(string(key), head)
		if err != nil || !ok {
			return err
		}
		return fn(s)
	})
}

// Revision returns the revision n of the event id, and false where there is none.
func (tx *Tx) Revision(id string, n int) (event.Revision, bool, error) {
	if n < 1 || n > math.MaxUint32 || !tx.sees(id) {
		return event.Revision{}, false, nil
	}
	s, ok, err := get[storedRevision](tx, revisionBucket, revisionKey(id, n))
	if err != nil || !ok {
		return event.Revision{}, false, err
	}
	r, ok := tx.shown(s.revision())
	return r, ok, nil
}

// Revisions returns all revisions of the event id, the oldest first.
func (tx *Tx) Revisions(id string) ([]event.Revision, error) {
	var out []event.Revision
	if !tx.sees(id) {
		return nil, nil
	}
	err := each(tx, revisionBucket, append([]byte(id), 0), func(_ []byte, s storedRevision) error {
		if r, ok := tx.shown(s.revision()); ok {
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// PutRevision appends r, which holds from now on. It refuses a revision that is
// not the next one.
func (tx *Tx) PutRevision(r event.Revision) error {
	id := r.Event.ID
	if tx.lens != nil || r.Event.Veiled {
		return fmt.Errorf("event %q: %w", id, errThrough)
	}
	if err := checkEvent(r.Event); err != nil {
		return err
	}
	head, known, err := get[storedHead](tx, eventBucket, []byte(id))
	if err != nil {
		return err
	}
	if !known {
		head.Created = r.At.UTC()
	}
	if r.Number != head.Revision+1 {
		return fmt.Errorf("event %q: revision %d can't follow revision %d", id, r.Number, head.Revision)
	}
	head.Revision = r.Number
	if err := tx.put(revisionBucket, revisionKey(id, r.Number), shapeRevision(r)); err != nil {
		return err
	}
	if err := tx.put(eventBucket, []byte(id), head); err != nil {
		return err
	}
	_, err = tx.putChange(storedChange{
		Event: id, Revision: r.Number, At: r.At.UTC(), Via: r.Author.Via, By: r.Author.Name, Fields: r.Changed,
		User: r.Author.User, Link: r.Author.Link,
	})
	return err
}

func revisionKey(id string, n int) []byte {
	return binary.BigEndian.AppendUint32(append([]byte(id), 0), uint32(n))
}

// ChangeRecord says that an event got a revision or, where Rules is set, that the rules of a zone
// or a calendar moved it while it kept the one that it had.
type ChangeRecord struct {
	Seq      uint64 // from 1, in the order in which they were made
	Event    string // id
	Revision int
	At       time.Time // UTC
	Author   event.Author
	Fields   []string // that changed; empty for the first revision
	Rules    bool
}

// putChange appends s and returns its number.
func (tx *Tx) putChange(s storedChange) (uint64, error) {
	last, err := tx.LastChange()
	if err != nil {
		return 0, err
	}
	if err := tx.putOwn(changesKey, strconv.FormatUint(last+1, 10)); err != nil {
		return 0, err
	}
	return last + 1, tx.put(changeBucket, sequence(last+1), s)
}

// LastChange returns the number of the last change, 0 where there is none yet. They are
// numbered without gaps.
func (tx *Tx) LastChange() (uint64, error) {
	text, err := tx.Meta(changesKey)
	if err != nil || text == "" {
		return 0, err
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, tx.damaged(metaBucket, []byte(changesKey), err)
	}
	return n, nil
}

func sequence(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// Changes returns at most limit changes behind the one numbered after, in their
// order. Those that who reads tx may not see count, and are left out.
func (tx *Tx) Changes(after uint64, limit int) ([]ChangeRecord, error) {
	var out []ChangeRecord
	read := 0
	if after == math.MaxUint64 {
		return nil, nil
	}
	err := tx.scan(changeBucket, sequence(after+1), func(k, content []byte) (bool, error) {
		var s storedChange
		if read++; read > limit {
			return false, nil
		}
		if err := json.Unmarshal(content, &s); err != nil {
			return false, tx.damaged(changeBucket, k, err)
		}
		if tx.lens != nil {
			if shown, err := tx.tells(binary.BigEndian.Uint64(k), s); err != nil || !shown {
				return true, err
			}
		}
		out = append(out, ChangeRecord{
			binary.BigEndian.Uint64(k), s.Event, s.Revision, s.At, event.Author{Via: s.Via, Name: s.By, User: s.User, Link: s.Link}, s.Fields, s.Rules,
		})
		return true, nil
	})
	return out, err
}

// tells reports whether who reads tx through a lens may see a change: where a rule moved an event,
// also in what they see.
func (tx *Tx) tells(seq uint64, s storedChange) (bool, error) {
	if s.Rules {
		_, moved, err := get[storedMove](tx, moveBucket, moveKey(tx.apart(s.Event), seq))
		if err != nil || !moved {
			return false, err
		}
	}
	_, shown, err := tx.Revision(s.Event, s.Revision)
	return shown, err
}

// Base returns what the file of the event id said last, and false where no file
// declares it.
func (tx *Tx) Base(id string) (event.Event, bool, error) {
	s, ok, err := get[storedEvent](tx, baseBucket, []byte(id))
	if err != nil || !ok {
		return event.Event{}, false, err
	}
	r, ok := tx.shown(event.Revision{Event: s.event()})
	return r.Event, ok, nil
}

// PutBase records what the file of e says.
func (tx *Tx) PutBase(e event.Event) error {
	if tx.lens != nil || e.Veiled {
		return fmt.Errorf("event %q: %w", e.ID, errThrough)
	}
	if err := checkEvent(e); err != nil {
		return err
	}
	if err := tx.remove(leftBucket, []byte(e.ID)); err != nil {
		return err
	}
	return tx.put(baseBucket, []byte(e.ID), shapeEvent(e))
}

// Leave records that no file declares e any more, which was the last to be said of it there.
func (tx *Tx) Leave(e event.Event) error {
	if err := tx.remove(baseBucket, []byte(e.ID)); err != nil {
		return err
	}
	return tx.put(leftBucket, []byte(e.ID), shapeEvent(e))
}

// Left returns what the file of the event id said last before the event left it, and false
// where it did not, or is back.
func (tx *Tx) Left(id string) (event.Event, bool, error) {
	s, ok, err := get[storedEvent](tx, leftBucket, []byte(id))
	return s.event(), ok, err
}

// Bases calls fn with what the files said last of each event that they declare, in
// the order of ids.
func (tx *Tx) Bases(fn func(event.Event) error) error {
	return each(tx, baseBucket, nil, func(_ []byte, s storedEvent) error {
		r, ok := tx.shown(event.Revision{Event: s.event()})
		if !ok {
			return nil
		}
		return fn(r.Event)
	})
}

// Declared returns the ids of the events that the files declare, in order.
func (tx *Tx) Declared() (ids []string, err error) {
	err = tx.scan(baseBucket, nil, func(k, _ []byte) (bool, error) {
		ids = append(ids, string(k))
		return true, nil
	})
	return ids, err
}

// Sources returns all sources by their keys.
func (tx *Tx) Sources() (map[string]event.Source, error) {
	out := make(map[string]event.Source)
	err := each(tx, sourceBucket, nil, func(k []byte, s storedSource) error {
		s.Key = string(k)
		out[s.Key] = event.Source(s)
		return nil
	})
	return out, err
}

// PutSources makes sources all that there are. What does not change is not
// written.
func (tx *Tx) PutSources(sources map[string]event.Source) error {
	have, err := tx.Sources()
	if err != nil {
		return err
	}
	for key := range have {
		if _, stays := sources[key]; !stays {
			if err := tx.remove(sourceBucket, []byte(key)); err != nil {
				return err
			}
		}
	}
	for key, s := range sources {
		if s.Key = key; have[key] == s {
			continue
		}
		if err := checkDate(s.Published); err != nil {
			return fmt.Errorf("source %q: published: %w", key, err)
		}
		if err := tx.put(sourceBucket, []byte(key), storedSource(s)); err != nil {
			return err
		}
	}
	return nil
}

// Publication is how an event was last published.
type Publication struct {
	Event    string
	Sequence int               // RFC 5545 §3.8.7.4
	Stamp    time.Time         // UTC, when a published octet last changed
	Hash     string            // of the octets that a feed of all events has
	Hashes   map[string]string // likewise, by the names of the feeds that it stands or stood in
	Off      time.Time         // UTC, since when it is called off; zero where it is not
	History  []feed.Published  // what calendars were given of it
}

// Publication returns how the event id was last published, and false where it never
// was. Where it was published before only to who sees all, its numbers go on from there.
func (tx *Tx) Publication(id string) (Publication, bool, error) {
	s, ok, err := get[storedPublication](tx, publicBucket, []byte(tx.apart(id)))
	if err == nil && !ok && tx.lens != nil {
		s, ok, err = get[storedPublication](tx, publicBucket, []byte(id))
		s.Shown = nil // when it was, for those who saw what it leans on
	}
	return s.publication(id), ok, err
}

// PutPublication records how an event is published.
func (tx *Tx) PutPublication(p Publication) error {
	return tx.put(publicBucket, []byte(tx.apart(p.Event)), shapePublication(p))
}

// FeedBody is a feed as it is served.
type FeedBody struct {
	Plain, Gzip    []byte
	ETag, GzipETag string
	Modified       time.Time // UTC, whole seconds
}

// FeedBody returns the feed called name, and false where it was never published. Its
// bytes are the caller's.
func (tx *Tx) FeedBody(name string) (FeedBody, bool, error) {
	s, ok, err := get[storedFeed](tx, feedBucket, partKey(name, 'm'))
	if err != nil || !ok {
		return FeedBody{}, false, err
	}
	plain, err := tx.part(feedBucket, name, 'p')
	if err != nil {
		return FeedBody{}, false, err
	}
	gzip, err := tx.part(feedBucket, name, 'g')
	return FeedBody{plain, gzip, s.ETag, s.GzipETag, s.Modified}, err == nil, err
}

// PutFeedBody records the feed called name.
func (tx *Tx) PutFeedBody(name string, b FeedBody) error {
	if err := tx.put(feedBucket, partKey(name, 'm'), storedFeed{b.ETag, b.GzipETag, b.Modified.UTC()}); err != nil {
		return err
	}
	if err := tx.putContent(feedBucket, partKey(name, 'p'), b.Plain); err != nil {
		return err
	}
	return tx.putContent(feedBucket, partKey(name, 'g'), b.Gzip)
}

// partKey is the key of a part of something whose head is the part m.
func partKey(name string, part byte) []byte { return append([]byte(name), 0, part) }

// part returns the bytes of a part, which are the caller's. That there are none is damage.
func (tx *Tx) part(bucket, name string, part byte) ([]byte, error) {
	content, err := tx.content(bucket, partKey(name, part))
	if err == nil && content == nil {
		err = tx.damaged(bucket, partKey(name, part), errors.New("it is missing"))
	}
	return append([]byte{}, content...), err
}

// Meta returns the value called key, "" where there is none.
func (tx *Tx) Meta(key string) (string, error) {
	content, err := tx.content(metaBucket, []byte(key))
	return string(content), err
}

// PutMeta records a value. It refuses the names that are the store's own.
func (tx *Tx) PutMeta(key, value string) error {
	if strings.HasPrefix(key, ownPrefix) {
		return fmt.Errorf("the name %q in meta is the store's own", key)
	}
	return tx.putOwn(key, value)
}

func (tx *Tx) putOwn(key, value string) error {
	return tx.putContent(metaBucket, []byte(key), []byte(value))
}
