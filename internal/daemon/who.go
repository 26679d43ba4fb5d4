package daemon

import (
	"context"
	"fmt"
	"slices"
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

// refuses returns what whoever did p is told who may not answer, the zero Told where they may.
func (a *answerers) refuses(p answer.Press) answer.Told {
	if slices.Contains(a.Users, p.By.ID) {
		return answer.Told{}
	}
	members := a.members.Load()
	if members != nil && slices.Contains(*members, p.By.ID) {
		return answer.Told{}
	}
	switch {
	case a.guest(p):
		return a.ask("Not recorded: guests of other workspaces don't answer here.")
	case a.Who != config.Listed: // whoever presses in a channel is in it
		return answer.Told{}
	case members == nil && len(a.Usergroups) > 0:
		return a.ask("Not recorded: Slack has not told yet who is in the groups that may answer. Try again in a minute.")
	}
	return a.ask("Not recorded: you are not among those who answer here.")
}

// guest reports whether p was done by somebody of another workspace who is not listed.
func (a *answerers) guest(p answer.Press) bool {
	return (p.By.Team == "" || p.By.Team != p.Team) && !slices.Contains(a.Users, p.By.ID)
}

// mostAsked is how many of those who may answer a refusal names.
const mostAsked = 5

// ask returns words with whom to ask.
func (a *answerers) ask(words string) answer.Told {
	if a.Who != config.Listed {
		return answer.Told{Text: words + " Ask somebody of this workspace in the channel, or have slack.answer.users name you"}
	}
	all := append(slices.Clone(a.Users), a.Usergroups...)
	return answer.Told{
		Text: words + " Whoever keeps attache.yaml can add you to slack.answer, and these may answer:",
		Ask:  all[:min(len(all), mostAsked)],
	}
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
