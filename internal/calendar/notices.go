package calendar

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
)

// NoticeView is one notice for one channel, and how far it has come.
type NoticeView struct {
	Key       string       `json:"key"`
	State     string       `json:"state"` // planned, sending, unknown, held, in digest, sent, dead or superseded
	Why       string       `json:"why"`   // what keeps or ended it, one line; "" where nothing does
	Notice    string       `json:"notice"`
	Event     string       `json:"event"` // "" where it speaks of several
	Lead      string       `json:"lead,omitempty"`
	Channel   string       `json:"channel"`
	Due       time.Time    `json:"due"`                // UTC
	NextTry   *time.Time   `json:"next_try,omitempty"` // where it is tried again
	Sent      *time.Time   `json:"sent,omitempty"`
	Attempts  int          `json:"attempts"`
	ChannelID string       `json:"channel_id,omitempty"` // where it is
	TS        string       `json:"ts,omitempty"`
	Thread    string       `json:"thread,omitempty"`  // the message that it replies to
	Digest    string       `json:"digest,omitempty"`  // key of the one that tells it
	Members   []string     `json:"members,omitempty"` // keys of those that it tells
	Text      string       `json:"text,omitempty"`    // in one line, once it is written
	Message   any          `json:"message,omitempty"` // all that it says, of one that is unknown, held or dead
	History   []NoticeStep `json:"history"`
}

// NoticeStep is one thing that was done with a notice.
type NoticeStep struct {
	At    time.Time `json:"at"` // UTC
	State string    `json:"state"`
	Note  string    `json:"note,omitempty"`
}

// NoticeQuery chooses notices; an empty field chooses all.
type NoticeQuery struct {
	States, Channels, Kinds []string
	Event                   string
	Limit                   int // the last so many; 0 is all
}

// Match reports whether q chooses v. Cards, and what no longer applies, are chosen only by
// their names.
func (q NoticeQuery) Match(v NoticeView) bool {
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	named := func(list []string, s, hidden string) bool { return s != hidden || slices.Contains(list, s) }
	return in(q.States, v.State) && in(q.Channels, v.Channel) && in(q.Kinds, v.Notice) &&
		named(q.Kinds, v.Notice, "card") && named(q.States, v.State, "superseded") &&
		(q.Event == "" || q.Event == v.Event)
}

// Notices returns the notices that q chooses, in the order of time.
func (v *View) Notices(_ context.Context, q NoticeQuery) ([]NoticeView, error) {
	out, err := Notices(v.db, q)
	return slices.DeleteFunc(out, func(n NoticeView) bool { return v.eyes != nil && (v.eyes.hidden[n.Event] || !v.knows(n.Channel)) }), err
}

// Notices returns the notices in db, as View.Notices does.
func Notices(db *store.DB, q NoticeQuery) ([]NoticeView, error) {
	out := []NoticeView{}
	collect := func(it notice.Item) error {
		if v := noticeView(it); q.Match(v) {
			out = append(out, v)
		}
		return nil
	}
	err := db.View(func(tx *store.Tx) error {
		if q.Event == "" {
			return tx.Items(collect)
		}
		items, err := tx.ItemsOf(q.Event)
		for _, it := range items {
			_ = collect(it) // it never fails
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the notices: %w", err)
	}
	slices.SortFunc(out, func(a, b NoticeView) int {
		return cmp.Or(moment(a).Compare(moment(b)), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Key, b.Key))
	})
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[len(out)-q.Limit:]
	}
	return out, nil
}

// moment returns the instant that people care about: when it was sent, or is due.
func moment(v NoticeView) time.Time {
	if v.Sent != nil {
		return *v.Sent
	}
	return v.Due
}

// noticeView returns an item as people are shown it.
func noticeView(it notice.Item) NoticeView {
	v := NoticeView{
		Key: it.Key, Notice: string(it.Notice.Kind), Event: it.Notice.Event, Lead: it.Notice.Lead, Channel: it.Channel,
		Due: it.Notice.Due, Attempts: it.Attempts, ChannelID: it.ChannelID, TS: it.TS, Thread: it.Thread,
		Digest: it.Parent, Members: it.Members, History: []NoticeStep{},
	}
	v.State, v.Why = stateWords(it)
	if !it.SentAt.IsZero() {
		v.Sent = &it.SentAt
	}
	if at, ok := it.NextAction(); ok && it.State != notice.Sent && it.Attempts > 0 {
		v.NextTry = &at
	}
	var m notice.Message
	if json.Unmarshal(it.Payload, &m) == nil {
		v.Text = m.Summary()
		if it.State == notice.Unknown || it.State == notice.Dead {
			v.Message = json.RawMessage(it.Payload)
		}
	}
	for _, a := range it.History {
		v.History = append(v.History, NoticeStep{At: a.At, State: string(a.State), Note: a.Note})
	}
	return v
}

// stateWords names the state of an item for people, and what keeps or ended it.
func stateWords(it notice.Item) (state, why string) {
	switch {
	case it.State == notice.Pending:
		return "planned", it.LastError
	case it.State == notice.Merged:
		return "in digest", ""
	case it.Held():
		return "held", it.LastError
	case it.State == notice.Superseded && len(it.History) > 0:
		return string(it.State), it.History[len(it.History)-1].Note
	}
	return string(it.State), it.LastError
}

// findNotice returns the key of the one notice whose key begins with prefix.
func findNotice(db *store.DB, prefix string) (string, error) {
	var found []string
	err := db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			if strings.HasPrefix(it.Key, prefix) {
				found = append(found, it.Key)
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return "", err
	case len(found) == 0 || prefix == "":
		return "", fmt.Errorf("there is no notice %q", prefix)
	case len(found) > 1:
		return "", fmt.Errorf("%d notices begin with %q: write more of the key", len(found), prefix)
	}
	return found[0], nil
}

// EventNotice is something that was told of an event, or will be if nothing changes.
type EventNotice struct {
	At      time.Time // UTC, when it was sent, or is due
	Kind    notice.Kind
	Lead    string // such as 7d; "" where it has none
	Channel string
	State   notice.State
}

// EventNotices returns what was told of an event and what will be, in the order of time.
// Of a past view that is what had been told by then: what was planned then is not
// recorded.
func (v *View) EventNotices(id string) ([]EventNotice, error) {
	var out []EventNotice
	err := v.db.View(func(tx *store.Tx) error {
		items, err := tx.ItemsOf(id)
		for _, it := range items {
			n := EventNotice{At: it.Notice.Due, Kind: it.Notice.Kind, Lead: it.Notice.Lead, Channel: it.Channel, State: it.State}
			if !it.SentAt.IsZero() {
				n.At = it.SentAt
			}
			hidden := it.State == notice.Superseded || it.Notice.Kind == notice.Card || len(it.Members) > 0
			later := !v.at.IsZero() && (it.State == notice.Pending || n.At.After(v.at))
			if !hidden && !later && v.knows(it.Channel) {
				out = append(out, n)
			}
		}
		return err
	})
	slices.SortFunc(out, func(a, b EventNotice) int { return a.At.Compare(b.At) })
	return out, err
}

// knows reports whether the readers of v may know what was told in a channel: they see all that
// its own readers do.
func (v *View) knows(channel string) bool {
	if v.eyes == nil {
		return true
	}
	told := slices.ContainsFunc(v.settings.Rules.Routes, func(r notice.Route) bool { return r.To == channel }) ||
		slices.ContainsFunc(v.settings.Digests, func(d Digest) bool { return d.To == channel }) ||
		channel == v.settings.Rules.Home
	return told && !slices.ContainsFunc(v.settings.SightIn(channel).Names(), func(name string) bool { return !v.eyes.sight.among([]string{name}) })
}

// OnNotice does something with the one notice in db whose key begins with key, and returns
// it as it is then.
func OnNotice(db *store.DB, key string, do func(key string) error) (v NoticeView, err error) {
	if key, err = findNotice(db, key); err == nil {
		err = do(key)
	}
	if err != nil {
		return v, err
	}
	err = db.View(func(tx *store.Tx) error {
		it, _, err := tx.Item(key)
		v = noticeView(it)
		return err
	})
	return v, err
}
