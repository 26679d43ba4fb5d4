package calendar

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/store"
)

// LinkPath is what the path of a personal link begins with. What follows is secret.
const LinkPath = "/a/"

// LinkView is a personal link without its secret.
type LinkView struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"` // whose it is
	Audiences  []string   `json:"audiences"`
	Everything bool       `json:"everything,omitempty"` // it shows all there is
	Note       string     `json:"note"`
	Created    time.Time  `json:"created"`
	Used       *time.Time `json:"used"` // when it was last used; null is never
}

// NewLink is a personal link. Nobody can show it again.
type NewLink struct {
	LinkView
	URL string `json:"url"`
}

// LinkFor says for whom a personal link is.
type LinkFor struct {
	Name       string   `json:"name"`
	Audiences  []string `json:"audiences"`
	Everything bool     `json:"everything"`
	Note       string   `json:"note"`
}

// check returns what is wrong with x.
func (x LinkFor) check(s *Settings) error {
	switch {
	case strings.TrimSpace(x.Name) == "":
		return errors.New("a link has the name of whoever gets it")
	case len(x.Audiences) == 0 && !x.Everything:
		return errors.New("say which audiences the link is for, with --audience or --everything")
	}
	for _, name := range x.Audiences {
		if !slices.Contains(s.AudienceNames(), name) {
			return fmt.Errorf("there is no audience %q: there are %s", name, cmp.Or(strings.Join(s.AudienceNames(), ", "), "none"))
		}
	}
	return nil
}

// NewLink makes a personal link.
func (a *Addresses) NewLink(s *Settings, x LinkFor, now time.Time) (NewLink, error) {
	if err := x.check(s); err != nil {
		return NewLink{}, err
	}
	t, secret := fresh(now)
	t.Name, t.Audiences, t.Everything, t.Note = x.Name, x.Audiences, x.Everything, x.Note
	a.writing.Lock()
	defer a.writing.Unlock()
	if err := a.db.Update(func(tx *store.Tx) error { return tx.PutToken(t.FeedToken) }); err != nil {
		return NewLink{}, fmt.Errorf("link of %q: %w", x.Name, err)
	}
	a.set(t.ID, t)
	return NewLink{t.link(), s.PublicURL + LinkPath + t.ID + "." + secret}, nil
}

// Owner makes the link of whoever started attache, which shows everything. It holds until
// attache stops, and is never written down.
func (a *Addresses) Owner(now time.Time) string {
	t, secret := fresh(now)
	t.Name, t.Everything, t.passing = "owner", true, true
	a.set(t.ID, t)
	return LinkPath + t.ID + "." + secret
}

// fresh returns an address with a new secret.
func fresh(now time.Time) (*address, string) {
	secret := strings.ToLower(rand.Text())
	return &address{FeedToken: store.FeedToken{
		ID: strings.ToLower(rand.Text()[:10]), Sum: sha256.Sum256([]byte(secret)), Created: now.UTC().Truncate(time.Second),
	}}, secret
}

// See returns what the personal link of that id and secret shows, and false where there is no
// such link, in a time that does not tell which of them is wrong. It notes that it was used.
func (a *Addresses) See(id, secret string, now time.Time) (Sight, bool) {
	t, known := a.get(id)
	if !known {
		t = &address{}
	}
	if !t.Opens(secret) || !known || t.Name == "" {
		return Sight{}, false
	}
	t.used.Store(now.Unix())
	if t.Everything {
		return Everything(), true
	}
	return SightOf(t.Audiences...), true
}

// link returns t as the owner sees it.
func (t *address) link() LinkView {
	v := t.view()
	return LinkView{v.ID, t.Name, append([]string{}, t.Audiences...), t.Everything, v.Note, v.Created, v.Used}
}

// Links returns the personal links, the oldest first.
func (a *Addresses) Links() []LinkView {
	a.mu.RLock()
	defer a.mu.RUnlock()
	out := []LinkView{}
	for _, t := range a.byID {
		if t.Name != "" && !t.passing {
			out = append(out, t.link())
		}
	}
	slices.SortFunc(out, func(a, b LinkView) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return out
}

// RevokeLink makes the personal link id, which is no address of a feed, show nothing.
func (a *Addresses) RevokeLink(id string) (LinkView, error) {
	t, ok := a.get(id)
	if !ok || t.Name == "" {
		return LinkView{}, fmt.Errorf("there is no personal link %q", id)
	}
	if t.passing {
		a.set(id, nil)
		return t.link(), nil
	}
	_, err := a.Revoke(id)
	return t.link(), err
}
