package calendar

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
)

// Rendering says what is to be shown as Slack would be given it.
type Rendering struct {
	ID      string    // of the event
	Notice  string    // the kind of notice, "" for the card
	Channel string    // "" for the first one that such a notice goes to
	Now     time.Time // as it reads then
}

// Render returns what a channel is given about an event: its card, or a notice of a kind
// as it would read. The error is ErrNoEvent where there is no such event.
func (v *View) Render(_ context.Context, x Rendering) (p notice.Post, err error) {
	if x.Channel == "" {
		if e, ok := find(v.entries, x.ID); ok {
			x.Channel = append(v.settings.Rules.Channels(e, notice.Kind(cmp.Or(x.Notice, string(notice.Card)))), Console)[0]
		}
	}
	if v, err = v.in(x.Channel); err != nil {
		return p, err
	}
	err = v.read(func(tx *store.Tx) error {
		p, err = v.render(tx, x)
		return err
	})
	return p, err
}

func (v *View) render(tx *store.Tx, x Rendering) (notice.Post, error) {
	e, ok := find(v.entries, x.ID)
	if !ok {
		return notice.Post{}, fmt.Errorf("event %q: %w", x.ID, ErrNoEvent)
	}
	s, install := v.settings, v.db.Install()
	n := notice.Notice{Event: e.ID, Kind: notice.Kind(cmp.Or(x.Notice, string(notice.Card))), About: notice.TheDate, Due: x.Now, To: e.Revision}
	n.From = max(0, e.Revision-1)
	details := notice.Details{Entry: e, Sources: s.Sources, Now: x.Now, Location: s.Rules.Zone(x.Channel), PublicURL: s.PublicURL}
	p := notice.Post{Key: notice.CardKey(install, e.ID, x.Channel), Event: notice.OpaqueEvent(e.ID), Revision: e.Revision, Channel: x.Channel}
	switch n.Kind {
	case notice.Card:
		details.Entry = e.At(x.Now)
		m, err := writeCard(tx, details)
		if err != nil {
			return notice.Post{}, err
		}
		p.Message = m
		return p, nil
	case notice.Changed:
		if err := since(tx, &details, n, v.entries); err != nil {
			return notice.Post{}, err
		}
	}
	p.Message = notice.Write(n, details)
	p.Message.Mentions = s.Rules.Mentions(e.At(x.Now), n.Kind, x.Channel, x.Now)
	return p, nil
}
