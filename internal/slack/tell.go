package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"attache/internal/answer"
	"attache/internal/prose"

	slackgo "github.com/slack-go/slack"
)

// whispered is a message that one person sees, as it stands in an acknowledgement.
type whispered struct {
	Type    string          `json:"response_type"`
	Text    string          `json:"text"`
	Blocks  []slackgo.Block `json:"blocks,omitempty"`
	Replace bool            `json:"replace_original"`
}

// whisper draws what one person is told.
func whisper(t answer.Told, p answer.Press) whispered {
	w := whispered{Type: "ephemeral"}
	if t.Fixed {
		w.Text = fixed(t.Text)
		w.Blocks = []slackgo.Block{slackgo.NewSectionBlock(mrkdwn(w.Text), nil, nil)}
	} else {
		w.Text = escaper.Replace(prose.Measure(escapedBytes).Cut(clean(t.Text), maxFallback))
		w.Blocks = []slackgo.Block{section(esc(t.Text, maxSentence))}
		if ask := mentions(t.Ask, maxMentions); ask != "" {
			w.Blocks = append(w.Blocks, section(ask))
		}
	}
	if b, _ := actions(about{Event: t.Event, Revision: t.Revision, Key: p.Notice}, t.Answers); b != nil {
		w.Blocks = append(w.Blocks, b)
	}
	return w
}

// fixed returns text in columns, as much of it as there is room for, whole lines.
func fixed(text string) string {
	const fence = "```"
	lines, size, kept := strings.Split(strings.TrimRight(text, "\n"), "\n"), 0, 0
	var out []string
	for _, line := range lines {
		line = escaper.Replace(strings.TrimRight(strings.ReplaceAll(safe(line), fence, "'''"), " "))
		if size += len(line) + 1; size > maxPlain-moreRoom-2*len(fence) {
			break
		}
		out, kept = append(out, line), kept+1
	}
	text = fence + "\n" + strings.Join(out, "\n") + "\n" + fence
	if left := len(lines) - kept; left > 0 {
		text += "\n+" + prose.Count(left, "line")
	}
	return text
}

// tell tells whoever did p what became of it: in the channel, where they alone see it. Where
// that can't be done, it is told at the address that came with the act.
func (l *Listener) tell(ctx context.Context, p answer.Press, t answer.Told) {
	if t.Text == "" || p.By.ID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	w := whisper(t, p)
	err := errors.New("it belongs to no channel")
	if p.Channel != "" {
		if err = l.slack.whisper(ctx, p, w); limit(err) > 0 && pause(ctx, limit(err)) {
			err = l.slack.whisper(ctx, p, w)
		}
	}
	if err != nil && p.Reply != "" {
		err = l.slack.reply(ctx, p.Reply, w)
	}
	if err != nil {
		l.log.Warn("somebody could not be told what became of their answer", "event", p.Event, "err", err)
	}
}

// whisper posts what one person sees.
func (s *Slack) whisper(ctx context.Context, p answer.Press, w whispered) error {
	const method = "chat.postEphemeral"
	x, err := s.callAtOnce(ctx, method, func(ctx context.Context) error {
		_, err := s.api.PostEphemeralContext(ctx, p.Channel, p.By.ID, slackgo.MsgOptionText(w.Text, false), slackgo.MsgOptionBlocks(w.Blocks...))
		return err
	})
	if err != nil {
		return s.failure(ctx, method, x, err, nil)
	}
	return nil
}

// reply answers at the address that came with an act. Only Slack's own are asked: an address
// is leave to write, and whoever could put in another one would be sent what others may not see.
func (s *Slack) reply(ctx context.Context, address string, w whispered) error {
	const method = "response_url"
	u, err := url.Parse(address)
	api, apiErr := url.Parse(s.address)
	if err != nil || apiErr != nil || u.User != nil || !(u.Scheme == "https" && u.Host == "hooks.slack.com" || u.Scheme == api.Scheme && u.Host == api.Host) {
		return errors.New(method + ": the address is not one of Slack's")
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	x := &exchange{}
	req, err := http.NewRequestWithContext(x.attach(ctx), http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return errors.New(method + ": the address is none")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := s.client.Do(req)
	if err != nil {
		return errors.New(method + ": it can't be reached")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || x.answer.Error != "" {
		return errors.New(method + ": Slack did not take the answer: " + cutTo(s.redact(x.answer.Error+" "+res.Status), maxCause))
	}
	return nil
}

// nameTimeout is how long a name or an address is waited for, without which it goes as well.
const nameTimeout = 3 * time.Second

// permalink returns the address of a message, "" for none.
func (s *Slack) permalink(ctx context.Context, channel, ts string) string {
	if channel == "" || ts == "" {
		return ""
	}
	s.mu.Lock()
	site := s.site
	s.mu.Unlock()
	if site == "" {
		ctx, cancel := context.WithTimeout(ctx, nameTimeout)
		defer cancel()
		if who, err := s.authTest(ctx); err == nil {
			site = who.URL
		}
		if u, err := url.Parse(site); err != nil || u.Scheme != "https" || u.Host == "" {
			site = ""
		}
		s.mu.Lock()
		s.site = site
		s.mu.Unlock()
	}
	if site == "" {
		site = "https://slack.com/"
	}
	return strings.TrimSuffix(site, "/") + "/archives/" + url.PathEscape(channel) + "/p" + url.PathEscape(strings.ReplaceAll(ts, ".", ""))
}

// displayName returns how a person wants to be called, or what is known of their name where
// Slack does not tell: without the scope users:read it does not.
func (s *Slack) displayName(ctx context.Context, p answer.Person) string {
	const method = "users.info"
	s.mu.Lock()
	name, known := s.names[p.ID]
	s.mu.Unlock()
	if !known {
		ctx, cancel := context.WithTimeout(ctx, nameTimeout)
		defer cancel()
		x, err := s.call(ctx, method, func(ctx context.Context) error {
			u, err := s.api.GetUserInfoContext(ctx, p.ID)
			if err == nil && u != nil {
				name = prose.Measure(prose.UTF16).Cut(clean(orElse(u.Profile.DisplayName, u.Profile.RealName)), maxNameShown)
			}
			return err
		})
		if err == nil || x.answer.Error == "missing_scope" || x.answer.Error == "user_not_found" {
			s.mu.Lock()
			s.names[p.ID] = name
			s.mu.Unlock()
		}
	}
	return orElse(name, orElse(p.Name, p.ID))
}

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

// GroupMembers returns the ids of the people in a user group. The scope usergroups:read lets it.
func (s *Slack) GroupMembers(ctx context.Context, group string) (members []string, err error) {
	const method = "usergroups.users.list"
	x, err := s.call(ctx, method, func(ctx context.Context) (err error) {
		members, err = s.api.GetUserGroupMembersContext(ctx, group)
		return err
	})
	if err != nil {
		return nil, s.failure(ctx, method, x, err, nil)
	}
	return members, nil
}
