package daemon

import (
	"slices"

	"attache/internal/access"
	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/web"
)

// state is what holds since the last change, all of one moment. It is exchanged as a
// whole, once what it shows is recorded: whoever answers a request takes it once.
type state struct {
	config  *config.Config
	senders *senders
	view    *calendar.View // nil until the files were read for the first time
	verdict control.Verdict
	banner  web.Banner
	who     *answerers   // may answer in Slack
	issuer  *access.OIDC // signs people in; nil is nobody

	followed []calendar.Followed // how the calendars of others were read
}

// reading returns how the calendar called name was read last, the zero Followed where it
// was not.
func (s *state) reading(name string) calendar.Followed {
	i := slices.IndexFunc(s.followed, func(f calendar.Followed) bool { return f.Name == name })
	if i < 0 {
		return calendar.Followed{}
	}
	return s.followed[i]
}

// settings returns what the calendar is kept by.
func (s *state) settings() *calendar.Settings { return s.view.Settings() }

// reaches reports whether notices go elsewhere than before: what is known of Slack and its
// channels has to be asked again then. An edit of events changes nothing about it.
func (s *state) reaches(before *state) bool {
	return s.senders.slack != before.senders.slack || s.senders.policy != before.senders.policy ||
		!slices.Equal(s.settings().SlackChannels(), before.settings().SlackChannels())
}

// change exchanges the state. Its caller holds d.changing.
func (d *Daemon) change(fn func(next *state)) {
	next := *d.state.Load()
	fn(&next)
	d.state.Store(&next)
}

// sending returns the state by which notices are sent. While a reading is being made
// durable it waits for the moment that takes: a notice that was planned by new settings
// must not be sent by the old ones. It is not called within a transaction, which the
// store might wait for.
func (d *Daemon) sending() *state {
	d.committing.RLock()
	defer d.committing.RUnlock()
	return d.state.Load()
}
