package daemon

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"attache/internal/answer"
	"attache/internal/config"
	"attache/internal/slack"
)

// answerers knows who may answer in Slack.
type answerers struct {
	config.Answerers
	members atomic.Pointer[[]string] // of the groups; nil until Slack told them
}

// newAnswerers returns those whom c lets answer. Of the groups it knows who was known before.
func newAnswerers(c *config.Config, before *state) *answerers {
	a := &answerers{Answerers: c.Slack.Answer}
	if before != nil && before.who != nil && slices.Equal(before.who.Usergroups, a.Usergroups) {
		a.members.Store(before.who.members.Load())
	}
	return a
}

// refuses returns in words why whoever did p may not answer, "" where they may.
func (a *answerers) refuses(p answer.Press) string {
	if slices.Contains(a.Users, p.By.ID) {
		return ""
	}
	members := a.members.Load()
	if members != nil && slices.Contains(*members, p.By.ID) {
		return ""
	}
	switch {
	case a.guest(p):
		return "Not recorded: guests of other workspaces don't answer here. " + a.whom()
	case a.Who != config.Listed:
		return ""
	case members == nil && len(a.Usergroups) > 0:
		return "Not recorded: Slack has not told yet who is in the groups that may answer. Try again in a minute. " + a.whom()
	}
	return "Not recorded: you are not among those who answer here. " + a.whom()
}

// guest reports whether p was done by somebody of another workspace who is not listed.
func (a *answerers) guest(p answer.Press) bool {
	return (p.By.Team == "" || p.By.Team != p.Team) && !slices.Contains(a.Users, p.By.ID)
}

// whom says whom to ask, by ids: nobody is called by that.
func (a *answerers) whom() string {
	if a.Who != config.Listed {
		return "Ask somebody of this workspace in the channel, or have slack.answer.users name you"
	}
	ask := append(slices.Clone(a.Users), a.Usergroups...)
	const most = 5
	if len(ask) > most {
		ask = append(ask[:most:most], "others")
	}
	return "Ask one of " + strings.Join(ask, ", ") + ", or whoever keeps slack.answer in attache.yaml"
}

// learn asks Slack who is in the groups. Where it does not tell, who was known stays known.
func (a *answerers) learn(ctx context.Context, s *slack.Slack) error {
	if len(a.Usergroups) == 0 || s == nil {
		return nil
	}
	var all []string
	for _, g := range a.Usergroups {
		members, err := s.GroupMembers(ctx, g)
		if err != nil {
			return fmt.Errorf("slack.answer: the members of %s: %w", g, err)
		}
		all = append(all, members...)
	}
	a.members.Store(&all)
	return nil
}
