package store

import (
	"fmt"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/notice"
	"attache/internal/when"
)

// What follows are the shapes in which things are stored. A field is never
// renamed nor given another meaning; what is new is left out where it is empty.

type storedHead struct {
	Revision int       `json:"revision"`
	Created  time.Time `json:"created"`
}

type storedEvent struct {
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Kind      event.Kind        `json:"kind"`
	When      []storedStatement `json:"when,omitempty"`
	Zone      string            `json:"zone"`
	Certainty event.Certainty   `json:"certainty"`
	Status    event.Status      `json:"status"`
	Reason    string            `json:"reason,omitempty"`
	If        *storedCondition  `json:"if,omitempty"`
	Place     string            `json:"place,omitempty"`
	Parties   []string          `json:"parties,omitempty"`
	People    []string          `json:"people,omitempty"`
	Topics    []string          `json:"topics,omitempty"`
	Note      string            `json:"note,omitempty"`
	Remind    *[]string         `json:"remind,omitempty"`
	Links     []storedLink      `json:"links,omitempty"`
	Sources   []storedCitation  `json:"sources,omitempty"`
	File      string            `json:"file,omitempty"`
	Line      int               `json:"line,omitempty"`
	Calendar  string            `json:"calendar,omitempty"`
	Foreign   storedForeign     `json:"foreign,omitzero"`
	Audience  string            `json:"audience,omitempty"`
}

type storedForeign struct {
	UID        string `json:"uid,omitempty"`
	Occurrence string `json:"occurrence,omitempty"`
	Lacks      string `json:"lacks,omitempty"`
}

type storedStatement struct {
	ID           string          `json:"id,omitempty"`
	Says         when.Expr       `json:"says"`
	Phrase       string          `json:"phrase,omitempty"`
	Source       string          `json:"source,omitempty"`
	Quote        string          `json:"quote,omitempty"`
	Certainty    event.Certainty `json:"certainty,omitempty"`
	Priority     int             `json:"priority,omitempty"`
	SupersededBy string          `json:"superseded_by,omitempty"`
	Line         int             `json:"line,omitempty"`
	If           storedCondition `json:"if,omitzero"`
	Said         civil.Date      `json:"said,omitzero"`
	Joint        bool            `json:"joint,omitempty"`
}

type storedCondition struct {
	Text  string       `json:"text,omitempty"`
	Event string       `json:"event,omitempty"`
	Is    event.Status `json:"is,omitempty"`
}

type storedLink struct {
	Rel event.Relation `json:"rel"`
	To  string         `json:"to"`
}

type storedCitation struct {
	Source   string     `json:"source,omitempty"`
	Quote    string     `json:"quote,omitempty"`
	Supports []string   `json:"supports,omitempty"`
	Seen     civil.Date `json:"seen,omitzero"`
}

type storedSource struct {
	Key       string     `json:"-"` // that of the record
	Title     string     `json:"title,omitempty"`
	Publisher string     `json:"publisher,omitempty"`
	URL       string     `json:"url,omitempty"`
	Published civil.Date `json:"published,omitzero"`
	Timezone  string     `json:"timezone,omitempty"`
	Own       bool       `json:"own,omitempty"`
}

type storedRevision struct {
	Event   storedEvent `json:"event"`
	Number  int         `json:"number"`
	At      time.Time   `json:"at"`
	Via     string      `json:"via,omitempty"`
	By      string      `json:"by,omitempty"`
	User    string      `json:"user,omitempty"`
	Link    string      `json:"link,omitempty"`
	Reason  string      `json:"reason,omitempty"`
	Changed []string    `json:"changed,omitempty"`
	PutOff  bool        `json:"put_off,omitempty"`
}

type storedChange struct {
	Event    string    `json:"event"`
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
	Via      string    `json:"via,omitempty"`
	By       string    `json:"by,omitempty"`
	Fields   []string  `json:"fields,omitempty"`
	Rules    bool      `json:"rules,omitempty"`
	User     string    `json:"user,omitempty"`
	Link     string    `json:"link,omitempty"`
}

type storedPublication struct {
	Sequence int               `json:"sequence"`
	Stamp    time.Time         `json:"stamp"`
	Hash     string            `json:"hash"`
	Hashes   map[string]string `json:"hashes,omitempty"`
	Off      time.Time         `json:"off,omitzero"`
	Shown    []storedShown     `json:"shown,omitempty"`
}

type storedShown struct {
	Modes  feed.Modes `json:"modes"`
	Suffix string     `json:"suffix,omitempty"`
	Start  time.Time  `json:"start"`
	End    time.Time  `json:"end"`
	AllDay bool       `json:"all_day,omitempty"`
	Gone   time.Time  `json:"gone,omitzero"`
}

type storedFeed struct {
	ETag     string    `json:"etag"`
	GzipETag string    `json:"gzip_etag"`
	Modified time.Time `json:"modified"`
}

type storedFollowed struct {
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	At           time.Time `json:"at"`
	From         string    `json:"from,omitempty"`
	Reissued     bool      `json:"reissued,omitempty"`
}

type storedNotice struct {
	Key     string         `json:"key"`
	Event   string         `json:"event,omitempty"`
	Kind    notice.Kind    `json:"kind"`
	Lead    string         `json:"lead,omitempty"`
	About   notice.About   `json:"about,omitempty"`
	Target  string         `json:"target,omitempty"`
	Due     time.Time      `json:"due"`
	Expires time.Time      `json:"expires,omitzero"`
	From    int            `json:"from,omitempty"`
	To      int            `json:"to,omitempty"`
	Past    storedWindow   `json:"past,omitzero"`
	Cause   string         `json:"cause,omitempty"`
	With    []string       `json:"with,omitempty"`
	Missed  string         `json:"missed,omitempty"`
	Moved   bool           `json:"moved,omitempty"`
	Follows []storedFollow `json:"follows,omitempty"`
	Rearmed int            `json:"rearmed,omitempty"`
	Dropped int            `json:"dropped,omitempty"`
}

type storedFollow struct {
	Event    string       `json:"event"`
	Was      storedWindow `json:"was"`
	Squeezed bool         `json:"squeezed,omitempty"`
}

type storedAttempt struct {
	At    time.Time    `json:"at"`
	State notice.State `json:"state"`
	Note  string       `json:"note,omitempty"`
}

type storedItem struct {
	Notice       storedNotice    `json:"notice"`
	Channel      string          `json:"channel"`
	State        notice.State    `json:"state"`
	Attempts     int             `json:"attempts,omitempty"`
	NextTry      time.Time       `json:"next_try,omitzero"`
	LastError    string          `json:"last_error,omitempty"`
	Result       notice.Result   `json:"result,omitempty"`
	Refused      bool            `json:"refused,omitempty"`
	Claimed      time.Time       `json:"claimed,omitzero"`
	Doubt        time.Time       `json:"doubt,omitzero"`
	Resent       bool            `json:"resent,omitempty"`
	Payload      []byte          `json:"payload,omitempty"`
	FirstAttempt time.Time       `json:"first_attempt,omitzero"`
	Looked       int             `json:"looked,omitempty"`
	Sweep        []time.Time     `json:"sweep,omitempty"`
	Audit        time.Time       `json:"audit,omitzero"`
	ChannelID    string          `json:"channel_id,omitempty"`
	TS           string          `json:"ts,omitempty"`
	Thread       string          `json:"thread,omitempty"`
	Root         string          `json:"root,omitempty"`
	Told         []string        `json:"told,omitempty"`
	SentAt       time.Time       `json:"sent_at,omitzero"`
	Parent       string          `json:"parent,omitempty"`
	Members      []string        `json:"members,omitempty"`
	History      []storedAttempt `json:"history,omitempty"`
}

// convert returns each of list as f makes it, and nil for none.
func convert[A, B any](list []A, f func(A) B) (out []B) {
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

func shapeEvent(e event.Event) storedEvent {
	s := storedEvent{
		ID: e.ID, Title: e.Title, Kind: e.Kind, Zone: e.Zone, Certainty: e.Certainty, Status: e.Status,
		Reason: e.Reason, Place: e.Place, Parties: e.Parties, People: e.People, Topics: e.Topics,
		Note: e.Note, Remind: e.Remind, File: e.Origin.File, Line: e.Origin.Line, Calendar: e.Calendar,
		Foreign: storedForeign(e.Foreign), Audience: e.Audience,
		If:      (*storedCondition)(e.If),
		Links:   convert(e.Links, func(l event.Link) storedLink { return storedLink(l) }),
		Sources: convert(e.Sources, func(c event.Citation) storedCitation { return storedCitation(c) }),
		When: convert(e.When, func(w event.Statement) storedStatement {
			return storedStatement{
				w.ID, w.Expr, w.Phrase, w.Source, w.Quote, w.Certainty, w.Priority, w.SupersededBy, w.Line, storedCondition(w.If), w.Said, w.Joint,
			}
		}),
	}
	if e.Remind != nil && *e.Remind == nil {
		s.Remind = &[]string{} // null would read as the leads of its kind
	}
	return s
}

func (s storedEvent) event() event.Event {
	return event.Event{
		ID: s.ID, Title: s.Title, Kind: s.Kind, Zone: s.Zone, Certainty: s.Certainty, Status: s.Status,
		Reason: s.Reason, Place: s.Place, Parties: s.Parties, People: s.People, Topics: s.Topics,
		Note: s.Note, Remind: s.Remind, Origin: event.Position{File: s.File, Line: s.Line}, Calendar: s.Calendar,
		Foreign: event.Foreign(s.Foreign), Audience: s.Audience,
		If:      (*event.Condition)(s.If),
		Links:   convert(s.Links, func(l storedLink) event.Link { return event.Link(l) }),
		Sources: convert(s.Sources, func(c storedCitation) event.Citation { return event.Citation(c) }),
		When: convert(s.When, func(w storedStatement) event.Statement {
			return event.Statement{
				ID: w.ID, Expr: w.Says, Phrase: w.Phrase, Source: w.Source, Quote: w.Quote, Certainty: w.Certainty,
				Priority: w.Priority, SupersededBy: w.SupersededBy, Line: w.Line, If: event.Condition(w.If), Said: w.Said, Joint: w.Joint,
			}
		}),
	}
}

func shapeRevision(r event.Revision) storedRevision {
	a := r.Author
	return storedRevision{shapeEvent(r.Event), r.Number, r.At.UTC(), a.Via, a.Name, a.User, a.Link, r.Reason, r.Changed, r.PutOff}
}

func (s storedRevision) revision() event.Revision {
	return event.Revision{
		Event: s.Event.event(), Number: s.Number, At: s.At, Author: event.Author{Via: s.Via, Name: s.By, User: s.User, Link: s.Link},
		Reason: s.Reason, Changed: s.Changed, PutOff: s.PutOff,
	}
}

func shapeItem(i notice.Item) storedItem {
	return storedItem{
		Notice: shapeNotice(i.Notice), Channel: i.Channel, State: i.State, Attempts: i.Attempts, NextTry: i.NextTry.UTC(),
		LastError: i.LastError, Result: i.Result, Refused: i.Refused, Claimed: i.Claimed.UTC(), Doubt: i.Doubt.UTC(), Resent: i.Resent,
		Payload: i.Payload, FirstAttempt: i.FirstAttempt.UTC(), Looked: i.Looked,
		Audit: i.Audit.UTC(), ChannelID: i.ChannelID, TS: i.TS, Thread: i.Thread, Root: i.Root, Told: i.Told, SentAt: i.SentAt.UTC(), Parent: i.Parent, Members: i.Members,
		Sweep:   convert(i.Sweep, time.Time.UTC),
		History: convert(i.History, func(a notice.Attempt) storedAttempt { return storedAttempt{a.At.UTC(), a.State, a.Note} }),
	}
}

func shapePublication(p Publication) storedPublication {
	return storedPublication{p.Sequence, p.Stamp.UTC(), p.Hash, p.Hashes, p.Off.UTC(), convert(p.History, func(e feed.Published) storedShown {
		e.Start, e.End, e.Gone = e.Start.UTC(), e.End.UTC(), e.Gone.UTC()
		return storedShown(e)
	})}
}

func (s storedPublication) publication(id string) Publication {
	shown := convert(s.Shown, func(e storedShown) feed.Published { return feed.Published(e) })
	return Publication{id, s.Sequence, s.Stamp, s.Hash, s.Hashes, s.Off, shown}
}

func shapeNotice(n notice.Notice) storedNotice {
	return storedNotice{
		Key: n.Key, Event: n.Event, Kind: n.Kind, Lead: n.Lead, About: n.About, Target: n.Target, Due: n.Due.UTC(),
		Expires: n.Expires.UTC(), From: n.From, To: n.To, Past: shapeWindow(n.Was), Cause: n.Cause, With: n.With, Missed: n.Missed, Moved: n.Moved, Rearmed: n.Rearmed, Dropped: n.Dropped,
		Follows: convert(n.Follows, shapeFollow),
	}
}

func (s storedNotice) notice() notice.Notice {
	return notice.Notice{
		Key: s.Key, Event: s.Event, Kind: s.Kind, Lead: s.Lead, About: s.About, Target: s.Target, Due: s.Due,
		Expires: s.Expires, From: s.From, To: s.To, Was: s.Past.window(), Cause: s.Cause, With: s.With, Missed: s.Missed, Moved: s.Moved, Rearmed: s.Rearmed, Dropped: s.Dropped,
		Follows: convert(s.Follows, storedFollow.follow),
	}
}

func shapeFollow(f notice.Follow) storedFollow {
	return storedFollow{f.Event, shapeWindow(f.Was), f.Squeezed}
}

func (s storedFollow) follow() notice.Follow {
	return notice.Follow{Event: s.Event, Was: s.Was.window(), Squeezed: s.Squeezed}
}

func (s storedItem) item(key string) notice.Item {
	return notice.Item{
		Key: key, Notice: s.Notice.notice(), Channel: s.Channel, State: s.State, Attempts: s.Attempts,
		NextTry: s.NextTry, LastError: s.LastError, Result: s.Result, Refused: s.Refused, Claimed: s.Claimed,
		Doubt: s.Doubt, Resent: s.Resent, Payload: s.Payload, FirstAttempt: s.FirstAttempt,
		Looked: s.Looked, Sweep: s.Sweep, Audit: s.Audit, ChannelID: s.ChannelID, TS: s.TS, Thread: s.Thread, Root: s.Root, Told: s.Told, SentAt: s.SentAt,
		Parent: s.Parent, Members: s.Members,
		History: convert(s.History, func(a storedAttempt) notice.Attempt { return notice.Attempt(a) }),
	}
}

// checkEvent reports what must not be stored, since it could not be found or read
// again.
func checkEvent(e event.Event) error {
	if err := event.CheckID(e.ID); err != nil {
		return fmt.Errorf("event %q: %w", e.ID, err)
	}
	for i, s := range e.When {
		if back, err := when.Parse(s.Expr.String()); err != nil || back != s.Expr {
			return fmt.Errorf("event %q: statement %s: %q is no date that can be kept", e.ID, e.StatementName(i), s.Expr)
		}
		if err := checkDate(s.Said); err != nil {
			return fmt.Errorf("event %q: statement %s: %w", e.ID, e.StatementName(i), err)
		}
	}
	for _, c := range e.Sources {
		if err := checkDate(c.Seen); err != nil {
			return fmt.Errorf("event %q: source %q: %w", e.ID, c.Source, err)
		}
	}
	return nil
}

// checkDate reports that a date could not be read again.
func checkDate(d civil.Date) error {
	if back, err := civil.ParseDate(d.String()); !d.IsZero() && (err != nil || back != d) {
		return fmt.Errorf("%q is no date that can be kept", d)
	}
	return nil
}
