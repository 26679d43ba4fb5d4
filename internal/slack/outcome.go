package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"attache/internal/notice"
	"attache/internal/prose"
)

// outcomes says what Slack's reasons for refusing a post mean, for those whose
// meaning is certain. What is not here leaves the attempt in doubt, fatal_error
// and internal_error among it: Slack says of them that some of the operation
// may have succeeded.
var outcomes = map[string]notice.Result{
	"ratelimited":  notice.Limited,
	"rate_limited": notice.Limited,

	"invalid_blocks":          notice.Refused,
	"invalid_blocks_format":   notice.Refused,
	"msg_blocks_too_long":     notice.Refused,
	"msg_too_long":            notice.Refused,
	"no_text":                 notice.Refused,
	"invalid_attachments":     notice.Refused,
	"too_many_attachments":    notice.Refused,
	"invalid_metadata_format": notice.Refused,
	"invalid_metadata_schema": notice.Refused,

	"channel_not_found":       notice.ChannelDown,
	"not_in_channel":          notice.ChannelDown,
	"is_archived":             notice.ChannelDown,
	"messages_tab_disabled":   notice.ChannelDown,
	"cannot_reply_to_message": notice.ChannelDown,

	"invalid_auth":           notice.SinkDown,
	"not_authed":             notice.SinkDown,
	"token_revoked":          notice.SinkDown,
	"token_expired":          notice.SinkDown,
	"account_inactive":       notice.SinkDown,
	"missing_scope":          notice.SinkDown,
	"not_allowed_token_type": notice.SinkDown,
	"org_login_required":     notice.SinkDown,
	"access_denied":          notice.SinkDown,
	"message_limit_exceeded": notice.SinkDown,
}

// families are reasons that come in variants.
var families = []struct {
	prefix string
	result notice.Result
}{
	{"metadata_", notice.Refused},
	{"restricted_action", notice.ChannelDown},
	{"team_", notice.SinkDown},
}

// outcome returns what a reason of Slack's means, and false where that is not
// certain.
func outcome(reason string) (notice.Result, bool) {
	if r, ok := outcomes[reason]; ok {
		return r, true
	}
	for _, f := range families {
		if strings.HasPrefix(reason, f.prefix) {
			return f.result, true
		}
	}
	return notice.InDoubt, false
}

// unreadable gives the reasons for which a channel can't be read although posts
// may well arrive in it.
var unreadable = map[string]bool{
	"missing_scope":                         true,
	"not_allowed_token_type":                true,
	"access_denied":                         true,
	"method_not_supported_for_channel_type": true,
}

// quotaPause is how long nothing is sent once the workspace has used up its
// messages; Slack names no time for it.
const quotaPause = time.Hour

// failure returns what is known of a call to method that did not plainly succeed. own says
// what reasons mean to this call in particular.
func (s *Slack) failure(ctx context.Context, method string, x *exchange, err error, own map[string]notice.Result) *notice.SendError {
	e := &notice.SendError{Result: notice.InDoubt, At: x.date}
	reason := x.answer.Error
	switch {
	case x.held > 0, x.status == http.StatusTooManyRequests:
		e.Result = notice.Limited
	case x.status >= http.StatusInternalServerError: // whatever it says
	case reason != "" && !x.answer.OK:
		e.Result, _ = outcome(reason)
		if r, ok := own[reason]; ok && x.status == http.StatusOK {
			e.Result = r
		}
	case x.unsent(ctx, err):
		e.Result = notice.NotSent
	}
	switch {
	case x.held > 0:
		e.RetryAfter = x.held
	case e.Result == notice.Limited:
		e.RetryAfter = x.wait()
	case e.Result == notice.SinkDown && reason == "message_limit_exceeded":
		e.RetryAfter = quotaPause
	}
	e.Err = s.cause(method, x, err)
	return e
}

// lookFailure is failure for calls that only read: where the channel or the
// right to read it is missing, what is in it can't be known.
func (s *Slack) lookFailure(ctx context.Context, method string, x *exchange, err error) *notice.SendError {
	e := s.failure(ctx, method, x, err, nil)
	if e.Result == notice.ChannelDown || e.Result == notice.SinkDown && unreadable[x.answer.Error] {
		e.Result = notice.Unreadable
	}
	return e
}

// cause returns the reason of a failure in one line. Errors of the network keep
// their chain; nothing that Slack, or somebody in its place, wrote goes into it
// without being cut and cleared of tokens.
func (s *Slack) cause(method string, x *exchange, err error) error {
	var address *url.Error
	switch {
	case x.answer.Error != "" && !x.answer.OK:
		return fmt.Errorf("%s: %s", method, s.redact(x.answer.words()))
	case x.status != 0 && x.status != http.StatusOK:
		return fmt.Errorf("%s: HTTP status %d", method, x.status)
	case x.status != 0 && err == nil:
		return fmt.Errorf("%s: the answer says less than it should", method)
	case x.status != 0 && errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: reading the answer: %w", method, err)
	case x.status != 0:
		return fmt.Errorf("%s: the answer can't be read: it is cut or no JSON of Slack's", method)
	case errors.As(err, &address): // its text holds the whole address
		err = address.Err
	}
	return quiet{method + ": " + s.redact(err.Error()), err}
}

// quiet is an error whose text has been cleared of secrets.
type quiet struct {
	text string
	err  error
}

func (q quiet) Error() string { return q.text }

// Unwrap returns the error of the network, for errors.Is.
func (q quiet) Unwrap() error { return q.err }

// words returns Slack's reason with what it adds: the scope that is missing, or
// what is wrong with the blocks.
func (a apiAnswer) words() string {
	w := a.Error
	if a.Needed != "" {
		w += ", needs " + a.Needed
	}
	if n := a.Metadata.Messages; len(n) > 0 {
		w += " (" + strings.Join(n[:min(len(n), 3)], "; ") + ")"
	}
	return w
}

// maxCause is how much of what the other side wrote an error repeats.
const maxCause = 300

var token = regexp.MustCompile(`xox[a-z](\.xox[a-z])?-[A-Za-z0-9-]*|xapp-[A-Za-z0-9-]*`)

// redact makes one short line of text and takes tokens out of it.
func (s *Slack) redact(text string) string {
	text = token.ReplaceAllString(strings.ReplaceAll(text, s.token, "[token]"), "[token]")
	return prose.Measure(prose.UTF16).Cut(clean(text), maxCause)
}
