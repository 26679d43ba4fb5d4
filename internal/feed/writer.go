package feed

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/source/ical"
	"attache/internal/when"
)

// maxUID is the greatest length of a UID in octets, RFC 7986 §5.3.
const maxUID = 255

// writer writes one entry after another, each line folded as it goes out.
type writer struct {
	layout *Layout
	dst    []byte
	line   []byte // the one that is being written
}

func newWriter(l *Layout) *writer { return &writer{layout: l, line: make([]byte, 0, maxDescription)} }

// put adds a property with an encoded value, or none where that is empty. Its
// parameters are constants.
func (w *writer) put(name, value string) {
	if value == "" {
		return
	}
	w.line = append(append(append(w.line[:0], name...), ':'), value...)
	w.dst = fold(w.dst, w.line)
}

// putText adds a property of type TEXT, RFC 5545 §3.3.11, or none where it is empty. s is
// clean.
func (w *writer) putText(name, s string) {
	if s == "" {
		return
	}
	w.line = append(append(w.line[:0], name...), ':')
	for i := range len(s) {
		switch s[i] {
		case '\\', ';', ',':
			w.line = append(w.line, '\\', s[i])
		case '\n':
			w.line = append(w.line, `\n`...)
		default:
			w.line = append(w.line, s[i])
		}
	}
	w.dst = fold(w.dst, w.line)
}

// entry appends p as a folded VEVENT to dst, with the stamps of it.
func (w *writer) entry(dst []byte, p *vevent, it *Item) []byte {
	w.dst = dst
	w.put("BEGIN", "VEVENT")
	w.putText("UID", p.uid)
	w.stamps(p.Entry, it)
	w.times(p)
	w.words(p, it)
	w.state(p)
	w.relations(p)
	w.own(p)
	w.alarms(p)
	w.put("END", "VEVENT")
	return w.dst
}

// stamps writes the properties that say since when the event is as it is.
func (w *writer) stamps(e *agenda.Entry, it *Item) {
	at := stamp(it.Stamp)
	created := at
	if !e.Created.IsZero() {
		created = stamp(e.Created)
	}
	w.put("DTSTAMP", at)
	w.put("LAST-MODIFIED", at)
	w.put("CREATED", created)
	w.put("SEQUENCE", strconv.Itoa(it.Sequence))
}

func (w *writer) times(p *vevent) {
	s := p.interval
	if p.series {
		w.series(p)
		return
	}
	if !s.allDay {
		w.put("DTSTART", stamp(s.start))
		if end, ends := w.end(p); ends {
			w.put("DTEND", stamp(end))
		}
		return
	}
	w.put("DTSTART;VALUE=DATE", date(s.start))
	w.put("DTEND;VALUE=DATE", date(s.end))
	w.put("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE")
}

// usualLength is how long a meeting of which no end is known is shown, unless the calendar says
// otherwise.
const usualLength = 30 * time.Minute

// end returns when p, which has a time of day, ends, and false for a moment that has no length,
// such as a deadline: readers take an entry with no DTEND as that, and some complain of one that
// ends as it begins, which RFC 5545 §3.8.2.2 forbids.
func (w *writer) end(p *vevent) (time.Time, bool) {
	switch k := p.Entry.Kind; {
	case p.interval.end.After(p.interval.start):
		return p.interval.end, true
	case k == event.Deadline, k == event.Measure, k == event.Announcement:
		return time.Time{}, false
	}
	return p.interval.start.Add(cmp.Or(w.layout.context.Length, usualLength)), true
}

// words writes what people read.
func (w *writer) words(p *vevent, it *Item) {
	l := w.layout
	w.putText("SUMMARY", summary(p, l.feed.Options))
	w.putText("DESCRIPTION", description(p, l.feed.Options, l.context, it.Stamp))
	w.putText("LOCATION", prose.Clip(prose.CleanLine(p.Entry.Place), maxSummary))
	w.put("URL", l.context.page(p.Entry.ID))
	w.put("CATEGORIES", categories(p.Entry))
	w.put("COLOR", color(p.Entry.Kind))
}

// state writes how sure the entry is, and whether it takes up time. Outlook reads its own
// property for that and takes every event for busy without it.
func (w *writer) state(p *vevent) {
	w.put("STATUS", status(p, w.layout.feed.Options))
	transp, busy := "TRANSPARENT", "FREE"
	if opaque(p, w.layout.feed.Options) {
		transp, busy = "OPAQUE", "BUSY"
	}
	w.put("TRANSP", transp)
	w.put("X-MICROSOFT-CDO-BUSYSTATUS", busy)
}

// opaque reports whether p is something that people sit in at a known time.
func opaque(p *vevent, o Options) bool {
	return p.part == whole && o.busy(p.Entry.Kind) && p.Entry.Window.Precision == when.Instant && !p.Entry.Status.CalledOff()
}

// status returns STATUS, RFC 5545 §3.8.1.11.
func status(p *vevent, o Options) string {
	e := p.Entry
	switch {
	case p.part == gone && (o.inStatus() || !deferred(p)):
		return event.ICalCancelled
	case p.part == gone, e.Status.CalledOff() && !o.inStatus():
		return event.ICalConfirmed
	}
	return event.ICalStatus(e.Certainty, e.Status, e.Window.Precision)
}

// deferred reports whether p is the date of something that was put off to none yet.
func deferred(p *vevent) bool {
	return p.part == gone && p.suffix == "" && !dated(p.Entry)
}

func dated(e *agenda.Entry) bool {
	return e.Window.Precision != when.None
}

// sure reports whether e is certain to take place.
func sure(e *agenda.Entry) bool { return e.Certainty.AtLeast(event.Confirmed) }

func categories(e *agenda.Entry) string {
	var list []string
	for _, s := range append([]string{string(e.Kind), string(e.Certainty), string(e.Status)}, e.Topics...) {
		if s = prose.CleanLine(s); s != "" {
			list = append(list, escape(s))
		}
	}
	return strings.Join(list, ",")
}

// relations writes RELATED-TO, RFC 5545 §3.8.4.5, once for each entry of this feed that
// p has to do with. The kinds of relation that RFC 9253 adds are lost on most readers.
func (w *writer) relations(p *vevent) {
	seen := map[string]bool{p.uid: true}
	put := func(uid, kind string) {
		if w.layout.in[uid] && !seen[uid] {
			seen[uid] = true
			w.putText("RELATED-TO;RELTYPE="+kind, uid)
		}
	}
	if p.suffix != "" {
		put(p.Entry.UID, "PARENT")
		for _, other := range []string{"-opens", "-latest"} {
			put(p.Entry.UID+other, "SIBLING")
		}
	}
	for _, l := range p.Entry.Links {
		kind := "SIBLING"
		if l.Rel == event.PartOf {
			kind = "PARENT"
		}
		put(w.layout.uids[l.To].uid, kind)
	}
}

// alarms writes a VALARM for each alarm that the feed asks for, unless there is nothing
// to be early for.
func (w *writer) alarms(p *vevent) {
	if p.part == gone || p.Entry.Status.CalledOff() || p.Entry.Status.TookPlace() {
		return
	}
	for _, a := range w.layout.feed.Alarms {
		w.put("BEGIN", "VALARM")
		w.putText("UID", p.uid+"-alarm-"+a.Name)
		w.put("ACTION", "DISPLAY")
		w.putText("DESCRIPTION", summary(p, w.layout.feed.Options))
		w.put("TRIGGER", a.trigger(p.interval.allDay, w.layout.context.AlarmAt))
		w.put("END", "VALARM")
	}
}

// trigger writes when a rings, from the start of the entry. That of an all-day entry is
// the midnight with which it begins, so that an alarm counted in days, which is to ring by
// day, rings at an hour of the day before: 1d at nine is -PT15H.
func (a Alarm) trigger(allDay bool, at time.Duration) string {
	before := a.Before
	if a.Days > 0 {
		before = time.Duration(a.Days) * 24 * time.Hour
		if allDay {
			before -= at
		}
	}
	return "-" + duration(before)
}

// bound writes one end of a window as programs read it elsewhere: a civil date,
// or an instant in UTC; "" where it is open.
func bound(b when.Bound) string {
	if b.Known() && b.Timed {
		return b.At.UTC().Format(time.RFC3339)
	}
	return iso(b.Day)
}

// edtf writes when e is to take place as EDTF does (ISO 8601-2): a day, an interval that
// it lasts over, or the days of which it is on one.
func edtf(e *agenda.Entry) string {
	w := e.Window
	switch {
	case w.Precision == when.Instant:
		return w.Earliest.At.In(w.Location()).Format(time.RFC3339)
	case w.Precision == when.Span && w.EndsLatest.Known():
		return iso(w.Earliest.Day) + "/" + iso(w.EndsLatest.Day)
	case w.Settled():
		return iso(w.Earliest.Day)
	case !w.Earliest.Known() && !w.Latest.Known():
		return ""
	}
	if days := options(e); len(days) > 0 {
		var list []string
		for _, d := range days {
			list = append(list, d.String())
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	return "[" + iso(w.Earliest.Day) + ".." + iso(w.Latest.Day) + "]"
}

// iso writes d as 2026-02-16, and no date as nothing.
func iso(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return midnight(d).Format(time.DateOnly)
}

// page returns the address of the page of an event, or "".
func (c Context) page(id string) string {
	if url := c.PageBase + "/events/" + id; c.PageBase != "" && ical.IsLink(url) {
		return url
	}
	return ""
}
