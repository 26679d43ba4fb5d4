package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/notice"
	"attache/internal/prose"

	slackgo "github.com/slack-go/slack"
)

// Report is how things stand with Slack.
type Report struct {
	Team     string          // name of the workspace
	User     string          // name of our bot there
	Scopes   []string        // what the token may do; nil where Slack did not say
	Missing  []string        // scopes that attache cannot do without
	Err      error           // a *notice.SendError where the token does not work, else nil
	Channels []ChannelReport // in the order asked for
	Unasked  []string        // channels that were not asked for, since Slack takes no more calls for now
}

// ChannelReport is how things stand with a channel.
type ChannelReport struct {
	Channel string // as configured
	ID      string // "" where it is not known
	Err     error  // a *notice.SendError where it cannot be read or posted to, else nil
}

// needed are the scopes without which nothing is posted, or nothing found again
// in public channels. For private ones Slack names what is missing.
var needed = []string{"chat:write", "channels:history"}

// Check asks Slack who we are, what the token may do, and whether each channel,
// given by name or ID, can be read; only members can. Where the token may read
// about channels it also notices archived ones. It posts nothing.
func (s *Slack) Check(ctx context.Context, channels []string) Report {
	var r Report
	who, err := s.authTest(ctx)
	if err != nil {
		r.Err = err
		return r
	}
	r.Team, r.User = clean(who.Team), clean(who.User)
	for scope := range strings.SplitSeq(who.Header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			r.Scopes = append(r.Scopes, scope)
		}
	}
	for _, scope := range needed {
		if r.Scopes != nil && !slices.Contains(r.Scopes, scope) {
			r.Missing = append(r.Missing, scope)
		}
	}
	for i, c := range channels {
		one := s.checkChannel(ctx, c, r.Scopes)
		if wait := limit(one.Err); wait > 0 && pause(ctx, wait) {
			one = s.checkChannel(ctx, c, r.Scopes)
		}
		r.Channels = append(r.Channels, one)
		if limit(one.Err) > 0 { // nor does it take any more for the others
			r.Unasked = channels[i+1:]
			break
		}
	}
	return r
}

// limit returns how long Slack asked to wait with its answer err, 0 where it did not.
func limit(err error) time.Duration {
	var e *notice.SendError
	if errors.As(err, &e) && e.Result == notice.Limited {
		return e.RetryAfter
	}
	return 0
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (s *Slack) checkChannel(ctx context.Context, channel string, scopes []string) ChannelReport {
	r := ChannelReport{Channel: channel}
	if r.ID, r.Err = s.resolve(ctx, channel); r.Err != nil {
		return r
	}
	r.Err = s.readable(ctx, r.ID)
	if r.Err == nil && (slices.Contains(scopes, "channels:read") || slices.Contains(scopes, "groups:read")) {
		r.Err = s.open(ctx, r.ID)
	}
	return r
}

// readable asks for the messages of a channel from now on.
func (s *Slack) readable(ctx context.Context, id string) error {
	x, err := s.page(ctx, id, "", time.Now(), "")
	var p page
	if x.decode(&p) != nil {
		return s.lookFailure(ctx, "conversations.history", x, err)
	}
	return nil
}

// open asks whether a channel takes messages. That this cannot be told is no
// failure: posting will.
func (s *Slack) open(ctx context.Context, id string) error {
	const method = "conversations.info"
	x, _ := s.call(ctx, method, func(ctx context.Context) error { // decode says it too
		_, err := s.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
		return err
	})
	var info struct {
		Channel struct {
			Archived bool `json:"is_archived"`
		} `json:"channel"`
	}
	if x.decode(&info) == nil && info.Channel.Archived {
		return &notice.SendError{Result: notice.ChannelDown, At: x.date, Err: fmt.Errorf("%s: is_archived", method)}
	}
	return nil
}

// Ready reports whether anything can be posted at all, as far as that is known: a Slack
// that does not answer now may take the next message.
func (r Report) Ready() bool {
	var e *notice.SendError
	refused := errors.As(r.Err, &e) && e.Result == notice.SinkDown
	return !refused && !slices.Contains(r.Missing, "chat:write")
}

// OK reports whether there is nothing to put right.
func (r Report) OK() bool {
	return r.Err == nil && len(r.Missing) == 0 && len(r.Unasked) == 0 &&
		!slices.ContainsFunc(r.Channels, func(c ChannelReport) bool { return c.Err != nil })
}

// closed are the reasons for which a channel takes no message, whatever is sent.
var closed = []string{"channel_not_found", "is_archived", "restricted_action", "there is no channel"}

// Down reports whether the channel c takes no message, as Slack says: it is not there, or
// closed, or the bot would have to be a member of it. What only can't be told is none of it.
func (r Report) Down(c ChannelReport) bool {
	if c.Err == nil {
		return false
	}
	says := func(reason string) bool { return strings.Contains(c.Err.Error(), reason) }
	return slices.ContainsFunc(closed, says) || says("not_in_channel") && !slices.Contains(r.Scopes, "chat:write.public")
}

// Lines returns the report for people, one thing a line, with what to do.
func (r Report) Lines() []string {
	if r.Err != nil {
		what := "slack: nothing can be posted: "
		if r.Ready() {
			what = "slack: it can't be told whether anything can be posted: "
		}
		return []string{what + r.Err.Error() + advice(r.Err)}
	}
	who := fmt.Sprintf("slack: signed in to %s as %s", r.Team, r.User)
	if len(r.Scopes) > 0 {
		who += ", which may " + strings.Join(r.Scopes, ", ")
	}
	lines := []string{who}
	if len(r.Missing) > 0 {
		lines = append(lines, fmt.Sprintf("slack: the token lacks %s: add it under OAuth & Permissions and install the app again", strings.Join(r.Missing, ", ")))
	}
	for _, c := range r.Channels {
		lines = append(lines, c.Line())
	}
	if n := len(r.Unasked); n > 0 {
		lines = append(lines, fmt.Sprintf("slack: %s not asked for: Slack takes no more questions for now", prose.Count(n, "channel")))
	}
	return lines
}

// Line returns what is to be said of the channel, as Lines has it.
func (c ChannelReport) Line() string {
	name := clean(c.Channel)
	if c.ID != "" && c.ID != c.Channel {
		name += " (" + c.ID + ")"
	}
	if c.Err == nil {
		return "slack: channel " + name + " can be read"
	}
	return "slack: channel " + name + ": " + c.Err.Error() + advice(c.Err)
}

// advice returns what to do about a failure, "" where nothing simple helps.
func advice(err error) string {
	for _, a := range []struct{ reason, words string }{
		{"not_in_channel", "invite the bot there with /invite"},
		{"channel_not_found", "check the ID, and invite the bot if the channel is private"},
		{"conversations.list: missing_scope", "write the channel's ID in place of its name, or add the scope"},
		{"missing_scope", "without the scope a message whose answer was lost can't be looked up"},
		{"is_archived", "un-archive it or choose another"},
		{"invalid_auth", "check the bot token"},
		{"token_revoked", "install the app again and put the new bot token in place"},
	} {
		if strings.Contains(err.Error(), a.reason) {
			return ": " + a.words
		}
	}
	return ""
}
