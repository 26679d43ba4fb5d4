package calendar

import (
	"slices"

	"attache/internal/notice"
	"attache/internal/store"
)

// nameChannels gives each channel of s one name, however it is spelled in the files: the one
// under which something was first told there. So a channel that is respelled, or renamed, is
// the same receiver as soon as its id is known, and two routes to it are one.
func (s *Settings) nameChannels(tx *store.Tx) (err error) {
	s.Rules.Routes, s.Digests = slices.Clone(s.Rules.Routes), slices.Clone(s.Digests)
	to := []*string{&s.Rules.Home}
	for i := range s.Rules.Routes {
		to = append(to, &s.Rules.Routes[i].To)
	}
	for i := range s.Digests {
		to = append(to, &s.Digests[i].To)
	}
	for _, channel := range to {
		if *channel, err = nameOf(tx, *channel); err != nil {
			return err
		}
	}
	return nil
}

// nameOf returns the one name of a channel.
func nameOf(tx *store.Tx, channel string) (string, error) {
	bare, isID := notice.BareChannel(channel)
	if channel == Console || bare == "" {
		return channel, nil
	}
	spelled, id := "#"+bare, ""
	if isID {
		spelled, id = bare, bare
	}
	for _, s := range []string{channel, spelled, bare} {
		if known, ok, err := tx.ChannelID(s); err != nil {
			return "", err
		} else if ok {
			spelled, id = s, known
			break
		}
	}
	if id == "" {
		return spelled, nil
	}
	first, err := tx.Meta(nameKey(id))
	if err != nil || first != "" {
		return first, err
	}
	names, err := tx.ChannelNames(id)
	if err != nil || len(names) == 0 { // nothing was told there yet
		return spelled, err
	}
	if !slices.Contains(names, spelled) {
		spelled = names[0]
	}
	return spelled, tx.PutMeta(nameKey(id), spelled)
}

// nameKey is where the store keeps the one name of the channel with an id.
func nameKey(id string) string { return "channel " + id }
