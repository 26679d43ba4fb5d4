package slack

import (
	"cmp"
	"context"
	"slices"
	"time"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// What reasons mean to a change: where a message is gone it can't be changed any more,
// whatever is put into it.
var updateOutcomes = map[string]notice.Result{
	"message_not_found":   notice.Gone,
	"cant_update_message": notice.Gone,
	"edit_window_closed":  notice.Gone,
	"is_inactive":         notice.Gone,
	"block_mismatch":      notice.Refused,
}

// What reasons mean to a reply: nothing is taken as one, while the same text may well be
// taken as a message of its own.
var replyOutcomes = map[string]notice.Result{
	"cannot_reply_to_message":         notice.Gone,
	"invalid_thread_ts":               notice.Gone,
	"message_not_found":               notice.Gone,
	"restricted_action_thread_locked": notice.Gone,
	"thread_not_found":                notice.Gone,
}

// Update makes one attempt to show p in the place of the message p.TS of ours, which
// is in the channel p.ChannelID. The whole message is given again, blocks and
// metadata too: Slack takes blocks away where there is only text. To repeat it does
// no harm. Any error is a *notice.SendError: Gone where the message is not there, or
// not to be changed, any more.
func (s *Slack) Update(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	const method = "chat.update"
	p.Buttons = s.listens()
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
	if err != nil || ts == "" {
		return notice.Receipt{}, s.failure(ctx, method, x, err, updateOutcomes)
	}
	return notice.Receipt{Key: p.Key, ChannelID: cmp.Or(channel, body.Channel), TS: ts, At: x.date}, nil
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
	x, _ := s.page(ctx, channelID, ts, time.Time{}, "") // an answer that can't be read says the same
	var p page
	if x.decode(&p) != nil {
		return false
	}
	return slices.ContainsFunc(p.Messages, func(m message) bool { return m.TS == ts && m.Subtype != "tombstone" })
}
