package daemon

import (
	"context"
	"crypto/rand"
	"net"
	"sync/atomic"
	"time"

	"attache/internal/access"
	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/prose"
	"attache/internal/store"
)

// newGuard returns who says who asks for pages.
func (d *Daemon) newGuard() (*access.Guard, error) {
	key, err := sessionKey(d.db)
	return access.New(access.Config{
		Link:     func(id, secret string) (calendar.Sight, bool) { return d.addresses.See(id, secret, d.o.Now()) },
		Group:    func(user string, groups []string) []string { return d.state.Load().config.AudiencesOf(user, groups) },
		Settings: d.accessSettings,
		Key:      key,
		Cookie:   "attache-" + d.db.Install()[:8],
		Now:      d.o.Now,
		Log:      d.o.Log,
	}), err
}

// sessionKeyName is where the store keeps what the sessions of those who sign in are sealed with.
const sessionKeyName = "session key"

// sessionKey returns what sessions are sealed with, which is made once.
func sessionKey(db *store.DB) (key []byte, err error) {
	read := func(tx *store.Tx) error {
		text, err := tx.Meta(sessionKeyName)
		key = []byte(text)
		return err
	}
	if err := db.View(read); err != nil || len(key) > 0 {
		return key, err
	}
	key = []byte(rand.Text())
	return key, db.Update(func(tx *store.Tx) error { return tx.PutMeta(sessionKeyName, string(key)) })
}

// newIssuer returns who signs people in by c, nil where nobody does. back is where the site is.
func newIssuer(c *config.Config, back string, env func(string) string) *access.OIDC {
	if c.Access == nil || c.Access.OIDC == nil {
		return nil
	}
	o := c.Access.OIDC
	out := &access.OIDC{Issuer: o.Issuer, ClientID: o.ClientID, GroupsClaim: o.GroupsClaim, Back: back + access.BackPath}
	secret, err := o.Secret(env)
	if out.Secret = secret.Reveal(); err != nil {
		out.Wrong = "client_secret_file: " + err.Error()
	}
	return out
}

// The pauses between two questions to the issuer how it is.
const (
	issuerAgain = time.Minute      // where it did not answer
	issuerEvery = 10 * time.Minute // where it did
)

// askIssuerRegularly asks the issuer that signs people in how it is: now, after every reload, and
// every now and then, so that one hears of it before those who want to sign in.
func (d *Daemon) askIssuerRegularly(ctx context.Context) {
	for {
		pause := issuerEvery
		d.guarded("asking the issuer", func() {
			on, err := d.access.AskIssuer(ctx)
			said := issuerAnswer{on: on}
			if err != nil {
				said.words, pause = prose.OneLine(err.Error()), issuerAgain
			}
			if before := d.issuer.answer.Swap(&said); said.words != "" && (before == nil || before.words != said.words) {
				d.o.Log.Warn("nobody can sign in", "err", said.words)
			} else if said.words == "" && before != nil && before.words != "" {
				d.o.Log.Info("people can sign in again")
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-d.issuer.ask:
		case <-time.After(pause):
		}
	}
}

// issuerCheck is what is known of the issuer that signs people in.
type issuerCheck struct {
	ask    chan struct{} // holds one
	answer atomic.Pointer[issuerAnswer]
}

type issuerAnswer struct {
	on    bool
	words string // why it can sign nobody in; "" where it can
}

// issuerChecks tells how the issuer is that signs people in, where there is one.
func (d *Daemon) issuerChecks() []control.Check {
	switch a := d.issuer.answer.Load(); {
	case a == nil || !a.on:
		return nil
	case a.words != "":
		return []control.Check{{Name: control.SignInCheck, Words: "nobody can sign in: " + a.words}}
	}
	return []control.Check{{Name: control.SignInCheck, OK: true, Words: "the issuer answers"}}
}

// accessSettings returns what the configuration says of who asks.
func (d *Daemon) accessSettings() access.Settings {
	s := d.state.Load()
	out := access.Settings{PublicURL: s.config.PublicURL, Guarded: s.guarded()}
	if a := d.listener.Addr(); a.Network() != "unix" {
		out.Listens, _, _ = net.SplitHostPort(a.String()) // "" where it is none
	}
	out.OIDC = s.issuer
	if a := s.config.Access; a != nil {
		out.Header, out.GroupsHeader, out.From, out.FromUnix = a.Header, a.GroupsHeader, a.From.Prefixes, a.From.Unix
	}
	return out
}

// guarded reports whether anything is not for everybody, or the configuration says who asks.
func (s *state) guarded() bool {
	return s.config.Access != nil || s.view != nil && s.view.Guarded()
}

// NewLink makes a personal link.
func (d *Daemon) NewLink(x calendar.LinkFor) (calendar.NewLink, error) {
	a, err := d.addresses.NewLink(d.state.Load().settings(), x, d.o.Now())
	if err == nil {
		d.o.Log.Info("a personal link was made", "id", a.ID, "name", a.Name, "audiences", a.Audiences)
	}
	return a, err
}

// Links returns the personal links.
func (d *Daemon) Links() []calendar.LinkView { return d.addresses.Links() }

// RevokeLink makes the personal link id show nothing.
func (d *Daemon) RevokeLink(id string) (calendar.LinkView, error) {
	a, err := d.addresses.RevokeLink(id)
	if err == nil {
		d.o.Log.Info("a personal link was revoked", "id", id, "name", a.Name)
	}
	return a, err
}

// Who returns who may see the event id, and by which rule.
func (d *Daemon) Who(id string) (calendar.WhoView, error) {
	return d.state.Load().view.Who(id, d.addresses.Links())
}

// OwnerLink makes a link that shows everything until the daemon stops, where there is a screen to
// show it on and anything is not for everybody, else "". It is never written down.
func (d *Daemon) OwnerLink(screen bool) string {
	s := d.state.Load()
	if !screen || !s.guarded() {
		return ""
	}
	return s.settings().PublicURL + d.addresses.Owner(d.o.Now())
}

// tellPublic says in the log what everybody can read, where that has to be said and was not.
func (d *Daemon) tellPublic(c *config.Config) {
	if words := c.Public(d.Address()); words != d.public {
		if d.public = words; words != "" {
			d.o.Log.Info(words)
		}
	}
}
