package daemon

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/slack"
	"attache/internal/store"
)

// Notices returns the notices that q chooses, in the order of time.
func (d *Daemon) Notices(q control.NoticeQuery) ([]control.NoticeView, error) {
	return notices(d.db, q)
}

// RetryNotice sends a notice that is dead or held.
func (d *Daemon) RetryNotice(key string) (control.NoticeView, error) {
	v, err := operate(d.db, key, d.dispatch.Retry)
	d.loop.Wake()
	return v, err
}

// DropNotice makes a notice dead that is planned or held, or puts a dead one away.
func (d *Daemon) DropNotice(key string) (control.NoticeView, error) {
	return operate(d.db, key, d.dispatch.Drop)
}

// Notices returns the notices in the database in folder while no daemon has it. The error is
// store.ErrLocked where one does.
func Notices(folder string, q control.NoticeQuery) ([]control.NoticeView, error) {
	db, err := stored(folder)
	if err != nil {
		return nil, silent(err)
	}
	list, err := notices(db, q)
	return list, errors.Join(err, db.Close())
}

// RetryNotice does what the running daemon would, while none runs on folder: the next one
// sends it.
func RetryNotice(folder, key string) (control.NoticeView, error) {
	return operateIn(folder, key, (*dispatch.Dispatcher).Retry)
}

// DropNotice does the same for dropping one.
func DropNotice(folder, key string) (control.NoticeView, error) {
	return operateIn(folder, key, (*dispatch.Dispatcher).Drop)
}

func operateIn(folder, key string, do func(*dispatch.Dispatcher, string) error) (control.NoticeView, error) {
	db, err := store.Open(Database(folder), store.Options{})
	if err != nil {
		return control.NoticeView{}, silent(err)
	}
	d := dispatch.New(dispatch.Config{Outbox: db, Install: db.Install()})
	v, err := operate(db, key, func(key string) error { return do(d, key) })
	return v, errors.Join(err, db.Close())
}

// operate does something with the one item whose key begins with key.
func operate(db *store.DB, key string, do func(key string) error) (v control.NoticeView, err error) {
	var found []string
	err = db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			if strings.HasPrefix(it.Key, key) {
				found = append(found, it.Key)
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return v, err
	case len(found) == 0 || key == "":
		return v, fmt.Errorf("there is no notice %q", key)
	case len(found) > 1:
		return v, fmt.Errorf("%d notices begin with %q: write more of the key", len(found), key)
	}
	if err := do(found[0]); err != nil {
		return v, err
	}
	err = db.View(func(tx *store.Tx) error {
		it, _, err := tx.Item(found[0])
		v = noticeView(it)
		return err
	})
	return v, err
}

// notices returns the notices that q chooses, in the order of time.
func notices(db *store.DB, q control.NoticeQuery) ([]control.NoticeView, error) {
	out := []control.NoticeView{}
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
	slices.SortFunc(out, func(a, b control.NoticeView) int {
		return cmp.Or(moment(a).Compare(moment(b)), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Key, b.Key))
	})
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[len(out)-q.Limit:]
	}
	return out, nil
}

// moment returns the instant that people care about: when it was sent, or is due.
func moment(v control.NoticeView) time.Time {
	if v.Sent != nil {
		return *v.Sent
	}
	return v.Due
}

// noticeView returns an item as people are shown it.
func noticeView(it notice.Item) control.NoticeView {
	v := control.NoticeView{
		Key: it.Key, Notice: string(it.Notice.Kind), Event: it.Notice.Event, Lead: it.Notice.Lead, Channel: it.Channel,
		Due: it.Notice.Due, Attempts: it.Attempts, ChannelID: it.ChannelID, TS: it.TS, Thread: it.Thread,
		Digest: it.Parent, Members: it.Members, History: []control.NoticeStep{},
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
		v.History = append(v.History, control.NoticeStep{At: a.At, State: string(a.State), Note: a.Note})
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
	case dispatch.Held(it):
		return "held", it.LastError
	case it.State == notice.Superseded && len(it.History) > 0:
		return string(it.State), it.History[len(it.History)-1].Note
	}
	return string(it.State), it.LastError
}

// Render returns what Slack would be given in a channel about an event, as JSON: its
// card, or a notice of a kind as it would read.
func (d *Daemon) Render(x control.Rendering) (body []byte, err error) {
	err = d.db.View(func(tx *store.Tx) error {
		body, err = render(tx, d.now.Load(), d.shown.Load().entries, d.db.Install(), x)
		return err
	})
	return body, err
}

// Render does the same from the files, while no daemon has the database in folder.
func Render(c *config.Config, folder string, x control.Rendering) (body []byte, err error) {
	s, err := settle(c, nil)
	if err != nil {
		return nil, err
	}
	db, err := stored(folder)
	if err != nil {
		return nil, silent(err)
	}
	defer db.Close()
	err = db.View(func(tx *store.Tx) error {
		list, err := preview(tx, s, db.Domain(), x.Now)
		if err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b agenda.Entry) int { return cmp.Compare(a.ID, b.ID) })
		body, err = render(tx, s, list, db.Install(), x)
		return err
	})
	return body, err
}

// render returns what Slack would be given about an event of list, which is in the order of
// ids.
func render(tx *store.Tx, s *settings, list []agenda.Entry, install string, x control.Rendering) ([]byte, error) {
	e, ok := find(list, x.ID)
	if !ok {
		return nil, fmt.Errorf("event %q: %w", x.ID, control.ErrNoEvent)
	}
	n := notice.Notice{Event: e.ID, Kind: notice.Kind(cmp.Or(x.Notice, string(notice.Card))), About: notice.TheDate, Due: x.Now, To: e.Revision}
	n.From = max(0, e.Revision-1)
	if x.Channel == "" {
		x.Channel = append(s.rules.Channels(e, n.Kind), console)[0]
	}
	scene := notice.Scene{Entry: e, Sources: s.sources, Now: x.Now, PublicURL: s.publicURL}
	p := notice.Post{Key: notice.CardKey(install, e.ID, x.Channel), Event: dispatch.Opaque(e.ID), Revision: e.Revision, Channel: x.Channel}
	switch n.Kind {
	case notice.Card:
		scene.Entry = e.At(x.Now)
		m, err := writeCard(tx, scene)
		if err != nil {
			return nil, err
		}
		p.Message = m
		return slack.JSON(p)
	case notice.Changed:
		if err := since(tx, &scene, n, list); err != nil {
			return nil, err
		}
	}
	p.Message = notice.Write(n, scene)
	p.Message.Mentions = s.rules.Mentions(e.At(x.Now), n.Kind, x.Channel, x.Now)
	return slack.JSON(p)
}
