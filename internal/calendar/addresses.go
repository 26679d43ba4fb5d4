package calendar

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"attache/internal/store"
)

// Addresses are the secret addresses of the private feeds. They are held in memory, so
// that a request does not wait for the store, and one that is revoked opens nothing from
// that moment. Its methods may be called from any goroutine.
type Addresses struct {
	db      *store.DB
	writing sync.Mutex   // one change of the store at a time; no request waits for it
	mu      sync.RWMutex // guards byID, for moments
	byID    map[string]*address
}

// address is a token with when it was last used, which is written down from time to time.
type address struct {
	store.FeedToken
	used    atomic.Int64 // Unix seconds; 0 is never
	passing bool         // it is never written down
}

// AddressView is a secret address of a private feed, without its secret.
type AddressView struct {
	ID      string     `json:"id"`
	Feed    string     `json:"feed"`
	Note    string     `json:"note"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used"` // when it was last used; null is never
}

// NewAddress is a secret address of a private feed. Nobody can show it again.
type NewAddress struct {
	AddressView
	URL string `json:"url"`
}

// LoadAddresses reads the secret addresses that db keeps.
func LoadAddresses(db *store.DB) (*Addresses, error) {
	a := &Addresses{db: db, byID: make(map[string]*address)}
	return a, db.View(func(tx *store.Tx) error {
		return tx.Tokens(func(t store.FeedToken) error {
			one := &address{FeedToken: t}
			if !t.Used.IsZero() {
				one.used.Store(t.Used.Unix())
			}
			a.byID[t.ID] = one
			return nil
		})
	})
}

func (a *Addresses) get(id string) (*address, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	t, ok := a.byID[id]
	return t, ok
}

// Open reports whether id and secret open the feed called name, in a time that does not
// tell which of them is wrong, and notes that they did at now.
func (a *Addresses) Open(id, secret, name string, now time.Time) bool {
	t, known := a.get(id)
	if !known {
		t = &address{}
	}
	if !t.Opens(secret) || !known || t.Feed != name || t.Name != "" {
		return false
	}
	t.used.Store(now.Unix())
	return true
}

// view returns t as the owner sees it.
func (t *address) view() AddressView {
	v := AddressView{ID: t.ID, Feed: t.Feed, Note: t.Note, Created: t.Created}
	if used := t.used.Load(); used != 0 {
		at := time.Unix(used, 0).UTC()
		v.Used = &at
	}
	return v
}

// Of returns the addresses of a feed, the oldest first.
func (a *Addresses) Of(feed string) []AddressView {
	a.mu.RLock()
	defer a.mu.RUnlock()
	out := []AddressView{}
	for _, t := range a.byID {
		if t.Feed == feed {
			out = append(out, t.view())
		}
	}
	slices.SortFunc(out, func(a, b AddressView) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Make makes a secret address of the private feed called name of s; note says for whom.
func (a *Addresses) Make(s *Settings, name, note string, now time.Time) (NewAddress, error) {
	f, ok := s.feed(name)
	switch {
	case !ok:
		return NewAddress{}, fmt.Errorf("there is no feed %q in the configuration", name)
	case !f.Private:
		return NewAddress{}, fmt.Errorf("the feed %q is public, at %s: write private: true to keep it apart", name, s.Address(name))
	}
	t, secret := fresh(now)
	t.Feed, t.Note = name, note
	a.writing.Lock()
	defer a.writing.Unlock()
	if err := a.db.Update(func(tx *store.Tx) error { return tx.PutToken(t.FeedToken) }); err != nil {
		return NewAddress{}, fmt.Errorf("feed %q: %w", name, err)
	}
	a.set(t.ID, t)
	return NewAddress{t.view(), s.PublicURL + "/f/" + t.ID + "." + secret + "/" + url.PathEscape(name) + ".ics"}, nil
}

// set keeps t as the address id; nil takes it away.
func (a *Addresses) set(id string, t *address) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t == nil {
		delete(a.byID, id)
		return
	}
	a.byID[id] = t
}

// Revoke makes the secret address id lead nowhere.
func (a *Addresses) Revoke(id string) (AddressView, error) {
	a.writing.Lock()
	defer a.writing.Unlock()
	t, ok := a.get(id)
	if !ok {
		return AddressView{}, fmt.Errorf("there is no secret address %q", id)
	}
	a.set(id, nil)
	if err := a.db.Update(func(tx *store.Tx) error { return tx.DeleteToken(id) }); err != nil {
		a.set(id, t) // it would open the feed again after the next start
		return AddressView{}, fmt.Errorf("secret address %q: %w", id, err)
	}
	return t.view(), nil
}

// Note writes down when each address was last used.
func (a *Addresses) Note() error {
	a.writing.Lock()
	defer a.writing.Unlock()
	var fresh []*address
	a.mu.RLock()
	for _, t := range a.byID {
		if used := t.used.Load(); !t.passing && used != 0 && used != t.Used.Unix() {
			fresh = append(fresh, t)
		}
	}
	a.mu.RUnlock()
	if len(fresh) == 0 {
		return nil
	}
	return a.db.Update(func(tx *store.Tx) error {
		for _, t := range fresh {
			t.Used = time.Unix(t.used.Load(), 0).UTC()
			if err := tx.PutToken(t.FeedToken); err != nil {
				return err
			}
		}
		return nil
	})
}
