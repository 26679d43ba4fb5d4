package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// maxUID is the greatest length of a UID in octets, RFC 7986 §5.3.
const maxUID = 255

// check says why it cannot be published at s.
func check(it *Item, s slot) error {
	uid := it.Entry.UID
	switch {
	case uid == "":
		return fmt.Errorf("it has no UID")
	case len(escape(uid)) > maxUID:
		return fmt.Errorf("its UID has %d octets: %d is the most", len(escape(uid)), maxUID)
	case line(uid) != uid:
		return fmt.Errorf("its UID %q is not one line of text", uid)
	case it.Sequence < 0:
		return fmt.Errorf("its SEQUENCE %d is below 0", it.Sequence)
	case it.Stamp.Unix() <= 0 || it.Stamp.UTC().Year() > 9999:
		return fmt.Errorf("it does not say when it was last changed")
	}
	return s.check()
}

// Fingerprint gives a hash of every octet that feeds publish of e, but those of
// SEQUENCE, DTSTAMP and LAST-MODIFIED. It is "" where nothing is published
// because e has no date. Two entries with one fingerprint read the same to
// every subscriber.
//
// It takes every related event that c knows for one that is in the feed.
func Fingerprint(e agenda.Entry, c Context) string {
	s, ok := slotOf(e.Window, c.length())
	if !ok {
		return ""
	}
	h := sha256.New()
	w := newWriter()
	// go-ical refuses a VEVENT without DTSTAMP, so that all have the same.
	if err := w.encode(placed{&Item{Entry: e, Stamp: time.Unix(0, 0)}, s}, c); err != nil {
		w.buf.WriteString(err.Error())
	}
	h.Write(w.buf.Bytes())
	return hex.EncodeToString(h.Sum(nil))
}

// writer encodes one event after another. Its parts are used again each time.
type writer struct {
	comp  *ical.Component
	props []ical.Prop // those of comp
	buf   bytes.Buffer
}

func newWriter() *writer {
	return &writer{comp: ical.NewComponent(ical.CompEvent), props: make([]ical.Prop, 0, 32)}
}

// append appends p to dst as a folded VEVENT.
func (w *writer) append(dst []byte, p placed, c Context) ([]byte, error) {
	if err := w.encode(p, c); err != nil {
		return nil, err
	}
	return fold(dst, w.buf.Bytes()), nil
}

// encode leaves p in the buffer as a VEVENT that is not folded yet.
func (w *writer) encode(p placed, c Context) error {
	clear(w.comp.Props)
	w.props = w.props[:0]
	w.buf.Reset()
	w.event(p.Entry, p.slot, c)
	w.stamps(p.Item)
	return ical.NewEncoder(&w.buf).Encode(&ical.Calendar{Component: w.comp})
}

// put adds a property with an encoded value, or none where that is empty. Its
// parameters are constants.
func (w *writer) put(name, value string, params ical.Params) {
	if value == "" {
		return
	}
	p := ical.Prop{Name: name, Value: value, Params: params}
	if had := w.comp.Props[name]; len(had) > 0 {
		w.comp.Props[name] = append(had, p)
		return
	}
	w.props = append(w.props, p)
	n := len(w.props)
	w.comp.Props[name] = w.props[n-1 : n : n]
}

// stamps writes the properties that only say that something changed.
func (w *writer) stamps(it *Item) {
	at := stamp(it.Stamp)
	w.put(ical.PropDateTimeStamp, at, nil)
	w.put(ical.PropLastModified, at, nil)
	w.put(ical.PropSequence, strconv.Itoa(it.Sequence), nil)
}

// event writes e at s without what stamps writes.
func (w *writer) event(e agenda.Entry, s slot, c Context) {
	w.put(ical.PropUID, escape(e.UID), nil)
	if !e.Created.IsZero() {
		w.put(ical.PropCreated, stamp(e.Created), nil)
	}
	w.times(s)
	w.put(ical.PropSummary, escape(clip(summary(e), maxSummary)), nil)
	w.put(ical.PropDescription, escape(description(e, c)), nil)
	w.put(ical.PropLocation, escape(clip(line(e.Place), maxSummary)), nil)
	w.put(ical.PropURL, c.page(e.ID), nil)
	w.put(ical.PropCategories, categories(e), nil)
	w.put(ical.PropColor, color(e.Kind), nil)
	w.put(ical.PropStatus, string(status(e)), nil)
	w.busy(e)
	w.relations(e, c)
	w.put("X-ATTACHE-CERTAINTY", escape(line(string(e.Certainty))), nil)
	w.put("X-ATTACHE-EARLIEST", bound(e.Window.Earliest), nil)
	w.put("X-ATTACHE-LATEST", bound(e.Window.Latest), nil)
}

func (w *writer) times(s slot) {
	if !s.allDay {
		w.put(ical.PropDateTimeStart, stamp(s.start), nil)
		w.put(ical.PropDateTimeEnd, stamp(s.end), nil)
		return
	}
	isDate := ical.Params{ical.ParamValue: {string(ical.ValueDate)}}
	w.put(ical.PropDateTimeStart, date(s.start), isDate)
	w.put(ical.PropDateTimeEnd, date(s.end), isDate)
	w.put("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE", nil)
}

// busy says whether e takes up time. Outlook reads its own property and
// takes every event for busy without it.
func (w *writer) busy(e agenda.Entry) {
	transp, busy := "TRANSPARENT", "FREE"
	if opaque(e) {
		transp, busy = "OPAQUE", "BUSY"
	}
	w.put(ical.PropTransparency, transp, nil)
	w.put("X-MICROSOFT-CDO-BUSYSTATUS", busy, nil)
}

// opaque says whether e is something that people sit in at a known time.
func opaque(e agenda.Entry) bool {
	meets := e.Kind == event.Meeting || e.Kind == event.Summit || e.Kind == event.Talks
	return meets && e.Window.Precision == when.Instant && !e.Status.CalledOff()
}

// status gives STATUS, RFC 5545 §3.8.1.11.
func status(e agenda.Entry) ical.EventStatus {
	return ical.EventStatus(event.ICalStatus(e.Certainty, e.Status, e.Window.Precision))
}

// sure says whether e is certain to take place.
func sure(e agenda.Entry) bool { return e.Certainty.AtLeast(event.Confirmed) }

func categories(e agenda.Entry) string {
	var list []string
	for _, s := range []string{string(e.Kind), string(e.Certainty), string(e.Status)} {
		if s = line(s); s != "" {
			list = append(list, escape(s))
		}
	}
	return strings.Join(list, ",")
}

// relations writes RELATED-TO, RFC 5545 §3.8.4.5, once for each event that c
// knows. The kinds of relation that RFC 9253 adds are lost on most readers.
func (w *writer) relations(e agenda.Entry, c Context) {
	if c.UID == nil {
		return
	}
	seen := map[string]bool{e.UID: true}
	for _, l := range e.Links {
		uid, ok := c.UID(l.To)
		if !ok || uid == "" || seen[uid] || line(uid) != uid {
			continue
		}
		seen[uid] = true
		kind := "SIBLING"
		if l.Rel == event.PartOf {
			kind = "PARENT"
		}
		w.put(ical.PropRelatedTo, escape(uid), ical.Params{ical.ParamRelationshipType: {kind}})
	}
}

// bound writes one end of a window as programs read it elsewhere: a civil date,
// or an instant in UTC; "" where it is open.
func bound(b when.Bound) string {
	if b.Known() && b.Timed {
		return b.At.UTC().Format(time.RFC3339)
	}
	return b.Day.String()
}

// page gives the address of the page of an event, or "".
func (c Context) page(id string) string {
	if url := c.PageBase + "/events/" + id; c.PageBase != "" && isLink(url) {
		return url
	}
	return ""
}
