package daemon

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"attache/internal/control"
	"attache/internal/store"
	"attache/internal/web"
)

// keys are what opens the private feeds. They are held in memory, so that a request does
// not wait for the store and one that is revoked opens nothing from that moment.
type keys struct {
	mu   sync.RWMutex
	byID map[string]*key
}

// key is a token with when it was last used, which is written down from time to time.
type key struct {
	store.FeedToken
	used atomic.Int64 // Unix seconds; 0 is never
}

// load reads the tokens.
func (k *keys) load(db *store.DB) error {
	k.byID = make(map[string]*key)
	return db.View(func(tx *store.Tx) error {
		return tx.Tokens(func(t store.FeedToken) error {
			k.byID[t.ID] = &key{FeedToken: t}
			if !t.Used.IsZero() {
				k.byID[t.ID].used.Store(t.Used.Unix())
			}
			return nil
		})
	})
}

// open reports whether id and secret open the feed called name, in a time that does not tell
// which of them is wrong.
func (k *keys) open(id, secret, name string, now time.Time) bool {
	k.mu.RLock()
	t, known := k.byID[id]
	k.mu.RUnlock()
	if !known {
		t = &key{}
	}
	if !t.Opens(secret) || !known || t.Feed != name {
		return false
	}
	t.used.Store(now.Unix())
	return true
}

// view returns t as the owner sees it.
func (t *key) view() control.TokenView {
	v := control.TokenView{ID: t.ID, Feed: t.Feed, Note: t.Note, Created: t.Created}
	if used := t.used.Load(); used != 0 {
		at := time.Unix(used, 0).UTC()
		v.Used = &at
	}
	return v
}

// of returns the tokens of a feed, the oldest first.
func (k *keys) of(feed string) []control.TokenView {
	k.mu.RLock()
	defer k.mu.RUnlock()
	out := []control.TokenView{}
	for _, t := range k.byID {
		if t.Feed == feed {
			out = append(out, t.view())
		}
	}
	slices.SortFunc(out, func(a, b control.TokenView) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// note writes down when each token was last used.
func (k *keys) note(db *store.DB) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var fresh []*key
	for _, t := range k.byID {
		if used := t.used.Load(); used != 0 && used != t.Used.Unix() {
			fresh = append(fresh, t)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return db.Update(func(tx *store.Tx) error {
		for _, t := range fresh {
			t.Used = time.Unix(t.used.Load(), 0).UTC()
			if err := tx.PutToken(t.FeedToken); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteEvery is how often it is written down when private feeds were read.
const noteEvery = 5 * time.Minute

// mindKeys writes down from time to time when private feeds were read, until ctx ends.
func (d *Daemon) mindKeys(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
		case <-time.After(noteEvery):
		}
		if err := d.keys.note(d.db); err != nil {
			d.o.Log.Error("write down when private feeds were read", "err", err)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// private returns the feed that a secret address leads to.
func (d *Daemon) private(id, secret, name string) (web.Feed, bool) {
	if !d.keys.open(id, secret, name, d.o.Now()) {
		return web.Feed{}, false
	}
	p, ok := d.shown.Load().edition.feeds[name]
	return p.Feed, ok && p.Private
}

// NewAddress makes a secret address of the private feed called name, for whom note says.
func (d *Daemon) NewAddress(name, note string) (control.NewAddress, error) {
	s := d.now.Load()
	i := slices.IndexFunc(s.feeds, func(f feedSettings) bool { return f.Name == name })
	switch {
	case i < 0:
		return control.NewAddress{}, fmt.Errorf("there is no feed %q in the configuration", name)
	case !s.feeds[i].Private:
		return control.NewAddress{}, fmt.Errorf("the feed %q is public, at %s: write private: true to keep it apart", name, s.address(name))
	}
	secret := strings.ToLower(rand.Text())
	t := &key{FeedToken: store.FeedToken{
		ID: strings.ToLower(rand.Text()[:10]), Feed: name, Note: note, Sum: sha256.Sum256([]byte(secret)), Created: d.o.Now().UTC().Truncate(time.Second),
	}}
	d.keys.mu.Lock()
	defer d.keys.mu.Unlock()
	if err := d.db.Update(func(tx *store.Tx) error { return tx.PutToken(t.FeedToken) }); err != nil {
		return control.NewAddress{}, fmt.Errorf("feed %q: %w", name, err)
	}
	d.keys.byID[t.ID] = t
	d.o.Log.Info("a secret address was made", "feed", name, "id", t.ID, "note", note)
	return control.NewAddress{TokenView: t.view(), URL: s.publicURL + "/f/" + t.ID + "." + secret + "/" + url.PathEscape(name) + ".ics"}, nil
}

// RevokeAddress makes the secret address id lead nowhere.
func (d *Daemon) RevokeAddress(id string) (control.TokenView, error) {
	d.keys.mu.Lock()
	defer d.keys.mu.Unlock()
	t, ok := d.keys.byID[id]
	if !ok {
		return control.TokenView{}, fmt.Errorf("there is no secret address %q", id)
	}
	if err := d.db.Update(func(tx *store.Tx) error { return tx.DeleteToken(id) }); err != nil {
		return control.TokenView{}, fmt.Errorf("secret address %q: %w", id, err)
	}
	delete(d.keys.byID, id)
	d.o.Log.Info("a secret address was revoked", "feed", t.Feed, "id", id)
	return t.view(), nil
}

// address returns where a public feed is read.
func (s *settings) address(name string) string {
	return s.publicURL + "/feeds/" + url.PathEscape(name) + ".ics"
}

// Feeds returns all feeds as they are served.
func (d *Daemon) Feeds() []control.FeedView {
	ed, s := d.shown.Load().edition, d.now.Load()
	polls := d.polls.Values()
	out := []control.FeedView{}
	for _, f := range s.feeds {
		p := ed.feeds[f.Name]
		v := control.FeedView{
			Name: f.Name, Title: f.Title, Private: f.Private, Entries: p.counts.Entries, Undated: p.counts.Undated,
			CutPast: p.counts.CutPast, CutAhead: p.counts.CutAhead, Bytes: len(p.Plain), Modified: p.Modified.Format(time.RFC3339),
			LeftOut: []string{}, Addresses: d.keys.of(f.Name), Polls: pollsOf(polls, f.Name),
		}
		if !f.Private {
			v.Address = s.address(f.Name)
		}
		for _, bad := range p.problems {
			v.LeftOut = append(v.LeftOut, bad.String())
		}
		out = append(out, v)
	}
	return out
}

func pollsOf(list []web.FeedStat, feed string) []control.PollView {
	out := []control.PollView{}
	for _, p := range list {
		if p.Feed == feed {
			out = append(out, control.PollView{Client: p.Client, Full: p.Full, Unchanged: p.Unchanged, Refused: p.Refused, Octets: p.Octets, Last: p.Last})
		}
	}
	return out
}
