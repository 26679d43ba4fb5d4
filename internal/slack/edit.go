package slack

import (
	"context"
	"net/http"
	"slices"
	"time"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// gone are the reasons for which a message can't be changed any more, whatever is
// put into it.
var gone = map[string]bool{
	"message_not_found":   true,
	"cant_update_message": true,
	"edit_window_closed":  true,
	"is_inactive":         true,
}

// unthreadable are the reasons for which nothing is taken as a reply, while the same
// text may well be taken as a message of its own.
var unthreadable = map[string]bool{
	"cannot_reply_to_message":         true,
	"invalid_thread_ts":               true,
	"message_not_found":               true,
	"restricted_action_thread_locked": true,
	"thread_not_found":                true,
}

// Update makes one attempt to show p in the place of the message p.TS of ours, which
// is in the channel p.ChannelID. The whole message is given again, blocks and
// metadata too: Slack takes blocks away where there is only text. To repeat it does
// no harm. Any error is a *notice.SendError: Gone where the message is not there, or
// not to be changed, any more.
func (s *Slack) Update(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	const method = "chat.update"
	body := newPayload(p, s.install)
	options := body.options()
	if len(body.Blocks) == 0 {
		options = append(options, slackgo.MsgOptionBlocks()) // no longer those of before
	}
	var channel, ts string
	x, err := s.call(ctx, method, func(ctx context.Context) (err error) {
		channel, ts, _, err = s.api.UpdateMessageContext(ctx, body.Channel, p.TS, options...)
		return err
	})
	switch {
	case err == nil && ts != "":
		if channel == "" {
			channel = body.Channel
		}
		return notice.Receipt{Key: p.Key, ChannelID: channel, TS: ts, At: x.date}, nil
	case x.status == http.StatusOK && gone[x.answer.Error]:
		e := s.failure(ctx, method, x, err)
		e.Result = notice.Gone
		return notice.Receipt{}, e
	case x.status == http.StatusOK && x.answer.Error == "block_mismatch":
		e := s.failure(ctx, method, x, err)
		e.Result = notice.Refused
		return notice.Receipt{}, e
	}
	return notice.Receipt{}, s.failure(ctx, method, x, err)
}

// threadOf returns under which message the answer to a post says that it stands, for
// one that was to stand under thread. Slack puts a reply to a message that was
// deleted into the channel itself and says so only there. What it says is taken for an
// omission if the message that was replied to is there: not every server shows all of
// a message.
func (s *Slack) threadOf(ctx context.Context, x *exchange, channelID, thread string) string {
	var a struct {
		Message struct {
			TS       string `json:"ts"`
			ThreadTS string `json:"thread_ts"`
		} `json:"message"`
	}
	if thread == "" || x.decode(&a) != nil || a.Message.TS == "" {
		return thread // it does not show the message
	}
	if a.Message.ThreadTS == "" && s.stands(ctx, channelID, thread) {
		return thread
	}
	return a.Message.ThreadTS
}

// stands reports whether a message is there to be replied to, as far as can be told.
func (s *Slack) stands(ctx context.Context, channelID, ts string) bool {
	x, _ := s.page(ctx, channelID, ts, time.Time{}, "")
	var p page
	if x.decode(&p) != nil {
		return false
	}
	return slices.ContainsFunc(p.Messages, func(m message) bool { return m.TS == ts && m.Subtype != "tombstone" })
}
