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
func check(it Item, s slot) error {
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
	comp := vevent(e, s, c)
	setStamps(comp, Item{Stamp: time.Unix(0, 0)}) // go-ical refuses a VEVENT without DTSTAMP
	if err := ical.NewEncoder(h).Encode(&ical.Calendar{Component: comp}); err != nil {
		h.Write([]byte(err.Error()))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// encode gives p as a folded VEVENT.
func encode(p placed, c Context) ([]byte, error) {
	comp := vevent(p.Entry, p.slot, c)
	setStamps(comp, p.Item)
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(&ical.Calendar{Component: comp}); err != nil {
		return nil, err
	}
	return fold(make([]byte, 0, b.Len()+b.Len()/20), b.Bytes()), nil
}

// put sets a property of comp to an encoded value, or leaves it out where that
// is empty. Its parameters are constants.
func put(comp *ical.Component, name, value string, params ical.Params) {
	if value != "" {
		comp.Props[name] = append(comp.Props[name], ical.Prop{Name: name, Value: value, Params: params})
	}
}

// setStamps sets the properties that only say that something changed.
func setStamps(comp *ical.Component, it Item) {
	at := stamp(it.Stamp)
	put(comp, ical.PropDateTimeStamp, at, nil)
	put(comp, ical.PropLastModified, at, nil)
	put(comp, ical.PropSequence, strconv.Itoa(it.Sequence), nil)
}

// vevent gives e at s without what setStamps sets.
func vevent(e agenda.Entry, s slot, c Context) *ical.Component {
	comp := ical.NewComponent(ical.CompEvent)
	put(comp, ical.PropUID, escape(e.UID), nil)
	if !e.Created.IsZero() {
		put(comp, ical.PropCreated, stamp(e.Created), nil)
	}
	setTimes(comp, s)
	put(comp, ical.PropSummary, escape(clip(summary(e), maxSummary)), nil)
	put(comp, ical.PropDescription, escape(description(e, c)), nil)
	put(comp, ical.PropLocation, escape(clip(line(e.Place), maxSummary)), nil)
	put(comp, ical.PropURL, c.page(e.ID), nil)
	put(comp, ical.PropCategories, categories(e), nil)
	put(comp, ical.PropColor, color(e.Kind), nil)
	put(comp, ical.PropStatus, string(status(e)), nil)
	setBusy(comp, e)
	setRelations(comp, e, c)
	put(comp, "X-ATTACHE-CERTAINTY", escape(line(string(e.Certainty))), nil)
	put(comp, "X-ATTACHE-EARLIEST", bound(e.Window.Earliest), nil)
	put(comp, "X-ATTACHE-LATEST", bound(e.Window.Latest), nil)
	return comp
}

func setTimes(comp *ical.Component, s slot) {
	if !s.allDay {
		put(comp, ical.PropDateTimeStart, stamp(s.start), nil)
		put(comp, ical.PropDateTimeEnd, stamp(s.end), nil)
		return
	}
	isDate := ical.Params{ical.ParamValue: {string(ical.ValueDate)}}
	put(comp, ical.PropDateTimeStart, date(s.start), isDate)
	put(comp, ical.PropDateTimeEnd, date(s.end), isDate)
	put(comp, "X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE", nil)
}

// setBusy says whether e takes up time. Outlook reads its own property and
// takes every event for busy without it.
func setBusy(comp *ical.Component, e agenda.Entry) {
	transp, busy := "TRANSPARENT", "FREE"
	if opaque(e) {
		transp, busy = "OPAQUE", "BUSY"
	}
	put(comp, ical.PropTransparency, transp, nil)
	put(comp, "X-MICROSOFT-CDO-BUSYSTATUS", busy, nil)
}

// opaque says whether e is something that people sit in at a known time.
func opaque(e agenda.Entry) bool {
	meets := e.Kind == event.Meeting || e.Kind == event.Summit || e.Kind == event.Talks
	return meets && e.Window.Precision == when.Instant && !e.Status.CalledOff()
}

// status gives STATUS, RFC 5545 §3.8.1.11.
func status(e agenda.Entry) ical.EventStatus {
	switch {
	case e.Status.CalledOff():
		return ical.EventCancelled
	case e.Status.TookPlace(), sure(e) && e.Window.Settled():
		return ical.EventConfirmed
	}
	return ical.EventTentative
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

// setRelations writes RELATED-TO, RFC 5545 §3.8.4.5, once for each event that c
// knows. The kinds of relation that RFC 9253 adds are lost on most readers.
func setRelations(comp *ical.Component, e agenda.Entry, c Context) {
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
		put(comp, ical.PropRelatedTo, escape(uid), ical.Params{ical.ParamRelationshipType: {kind}})
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
