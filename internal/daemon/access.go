package daemon

import (
	"net"

	"attache/internal/access"
	"attache/internal/calendar"
	"attache/internal/config"
)

// newGuard returns who says who asks for pages.
func (d *Daemon) newGuard() *access.Guard {
	return access.New(access.Config{
		Link:     func(id, secret string) (calendar.Sight, bool) { return d.addresses.See(id, secret, d.o.Now()) },
		Group:    func(user string, groups []string) []string { return d.state.Load().config.AudiencesOf(user, groups) },
		Settings: d.accessSettings,
		Cookie:   "attache-" + d.db.Install()[:8],
		Now:      d.o.Now,
		Log:      d.o.Log,
	})
}

// accessSettings returns what the configuration says of who asks.
func (d *Daemon) accessSettings() access.Settings {
	s := d.state.Load()
	out := access.Settings{PublicURL: s.config.PublicURL, Guarded: s.guarded()}
	if a := d.listener.Addr(); a.Network() != "unix" {
		out.Listens, _, _ = net.SplitHostPort(a.String()) // "" where it is none
	}
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
