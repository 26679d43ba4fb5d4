package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

const (
	pageSize = 200 // messages; Slack recommends no more
	listSize = 999 // channels; the most that Slack gives
	maxPages = 500 // after which something is wrong with the question or the answers
)

// A page is what Find needs of an answer of conversations.history. It is read
// here and not by slack-go, so that a message of somebody else's with parts that
// slack-go does not know can't hide ours.
type page struct {
	HasMore  bool      `json:"has_more"`
	Messages []message `json:"messages"`
}

type message struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Metadata struct {
		EventType    string          `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	} `json:"metadata"`
}

// keys returns the key that m carries, "" for none, and the beginnings of those that it
// tells.
func (m message) keys() (key string, told []string) {
	var p struct{ K, M string }
	if m.Metadata.EventType != eventType || json.Unmarshal(m.Metadata.EventPayload, &p) != nil {
		return "", nil
	}
	if p.M != "" {
		told = strings.Split(p.M, ",")
	}
	return p.K, told
}

// thread returns the message that m replies to, "" for one that begins a thread or
// stands alone.
func (m message) thread() string {
	if m.ThreadTS == m.TS {
		return ""
	}
	return m.ThreadTS
}

// Find returns every message of ours in a channel with one of the keys, the oldest
// first, from q.Oldest on; a zero q.Oldest is from the beginning. It reads all
// pages, so that no answer means that there is none at the moment. Messages of
// others do not count, whatever metadata they carry. A digest counts for each of the keys
// that it tells. Replies are found under the
// messages q.Threads; one of these that is gone has none.
//
// Any error is a *notice.SendError: Unreadable where the channel can't be read
// for want of a scope, of membership or of the channel; other results are as for
// a post, and looking again later may help.
func (s *Slack) Find(ctx context.Context, q notice.Search) ([]notice.Receipt, error) {
	bot, err := s.self(ctx)
	var e *notice.SendError
	if errors.As(err, &e) && e.Result == notice.SinkDown {
		return nil, err
	} // a server that does not say who we are still shows our keys, which nobody can guess
	id, unnamed := q.ChannelID, error(nil)
	if id == "" {
		if id, unnamed = s.resolve(ctx, q.Channel); unnamed != nil {
			id = q.Channel // some servers read channels by name
		}
	}
	var found []notice.Receipt
	w := newWanted(q.Keys)
	visit := func(m message) {
		if bot == "" || m.BotID == bot || m.User == bot {
			found = append(found, w.in(m, id)...)
		}
	}
	err = s.history(ctx, id, "", q.Oldest, visit)
	for _, thread := range q.Threads {
		if err == nil {
			err = s.history(ctx, id, thread, q.Oldest, visit)
		}
	}
	if err != nil {
		return nil, cmp.Or(unnamed, err)
	}
	slices.SortFunc(found, func(a, b notice.Receipt) int { return strings.Compare(a.TS, b.TS) })
	return found, nil
}

// wanted is what a search is for.
type wanted struct {
	keys  map[string]bool
	short map[string][]string // the keys by their beginnings
	seen  map[string]bool     // ts of messages: a reply may show in the channel, too
}

func newWanted(keys []string) wanted {
	w := wanted{map[string]bool{}, map[string][]string{}, map[string]bool{}}
	for _, k := range keys {
		w.keys[k] = true
		begin := k[:min(len(k), shortKey)]
		w.short[begin] = append(w.short[begin], k)
	}
	return w
}

// in returns what of it a message is, or tells.
func (w wanted) in(m message, channelID string) (out []notice.Receipt) {
	k, told := m.keys()
	if k == "" || m.TS == "" || w.seen[m.TS] {
		return nil
	}
	w.seen[m.TS] = true
	r := notice.Receipt{Key: k, ChannelID: channelID, TS: m.TS, Thread: m.thread(), At: instantOf(m.TS)}
	if w.keys[k] {
		out = append(out, r)
	}
	for _, begin := range told {
		for _, r.Key = range w.short[begin] {
			r.Told = true
			out = append(out, r)
		}
	}
	return out
}

// history shows every message of a channel from oldest on to visit, or where thread is
// given those in that thread.
func (s *Slack) history(ctx context.Context, channelID, thread string, oldest time.Time, visit func(message)) error {
	var x *exchange
	method, cursor := "conversations.history", ""
	for range maxPages {
		var err error
		if x, err = s.page(ctx, channelID, thread, oldest, cursor); thread != "" {
			method = "conversations.replies"
		}
		var p page
		if x.decode(&p) != nil {
			if thread != "" && x.status == http.StatusOK && noThread[x.answer.Error] {
				return nil
			}
			return s.lookFailure(ctx, method, x, err)
		}
		for _, m := range p.Messages {
			visit(m)
		}
		next := x.answer.Metadata.NextCursor
		if next == "" && !p.HasMore {
			return nil
		}
		if next == "" || next == cursor {
			break
		}
		cursor = next
	}
	// an incomplete look proves nothing
	return &notice.SendError{Result: notice.InDoubt, At: x.date,
		Err: fmt.Errorf("%s: the messages could not be read to the end", method)}
}

// noThread are the reasons that say that there is no such thread.
var noThread = map[string]bool{"thread_not_found": true, "message_not_found": true}

// page asks for one page of a channel, or of a thread in it.
func (s *Slack) page(ctx context.Context, channelID, thread string, oldest time.Time, cursor string) (*exchange, error) {
	if thread == "" {
		ask := slackgo.GetConversationHistoryParameters{
			ChannelID: channelID, Oldest: stamp(oldest), Inclusive: true, Limit: pageSize, IncludeAllMetadata: true, Cursor: cursor,
		}
		return s.call(ctx, "conversations.history", func(ctx context.Context) error {
			_, err := s.api.GetConversationHistoryContext(ctx, &ask)
			return err
		})
	}
	ask := slackgo.GetConversationRepliesParameters{
		ChannelID: channelID, Timestamp: thread, Oldest: stamp(oldest), Inclusive: true, Limit: pageSize, IncludeAllMetadata: true, Cursor: cursor,
	}
	return s.call(ctx, "conversations.replies", func(ctx context.Context) error {
		_, _, _, err := s.api.GetConversationRepliesContext(ctx, &ask)
		return err
	})
}

// self returns our bot ID, or our user ID where Slack names no bot. It asks Slack
// once.
func (s *Slack) self(ctx context.Context) (string, error) {
	s.mu.Lock()
	bot := s.bot
	s.mu.Unlock()
	if bot != "" {
		return bot, nil
	}
	_, err := s.authTest(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bot, nil
}

// authTest asks Slack who we are.
func (s *Slack) authTest(ctx context.Context) (*slackgo.AuthTestResponse, error) {
	const method = "auth.test"
	var who *slackgo.AuthTestResponse
	x, err := s.call(ctx, method, func(ctx context.Context) (err error) {
		who, err = s.api.AuthTestContext(ctx)
		return err
	})
	if err == nil && who.BotID == "" && who.UserID == "" {
		err = errors.New("the answer names nobody")
	}
	if err != nil {
		return nil, s.failure(ctx, method, x, err, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bot = who.BotID; s.bot == "" {
		s.bot = who.UserID
	}
	return who, nil
}

// learn remembers the ID of a channel that is known by its name.
func (s *Slack) learn(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := notice.BareChannel(channel)
	s.known[name] = id
}

// resolve returns the ID of a channel that is configured by ID or by name. Only a
// name that no post has gone to yet is looked up at Slack.
func (s *Slack) resolve(ctx context.Context, channel string) (string, error) {
	name, isID := notice.BareChannel(channel)
	if isID {
		return name, nil
	}
	s.mu.Lock()
	id := s.known[name]
	s.mu.Unlock()
	if id != "" {
		return id, nil
	}
	var refused error
	for _, kind := range []string{"public_channel", "private_channel"} {
		id, err := s.list(ctx, kind, name)
		var e *notice.SendError
		switch {
		case id != "":
			s.learn(name, id)
			return id, nil
		case errors.As(err, &e) && e.Result == notice.Unreadable:
			refused = cmp.Or(refused, err)
		case err != nil:
			return "", err
		}
	}
	if refused != nil {
		return "", refused
	}
	return "", &notice.SendError{Result: notice.Unreadable, Err: fmt.Errorf("there is no channel #%s that attache can see", s.redact(name))}
}

// list looks for a channel of a kind by its name, in all pages, and returns "" if
// there is none.
func (s *Slack) list(ctx context.Context, kind, name string) (string, error) {
	const method = "conversations.list"
	ask := slackgo.GetConversationsParameters{Types: []string{kind}, Limit: listSize}
	for range maxPages {
		x, err := s.call(ctx, method, func(ctx context.Context) error {
			_, _, err := s.api.GetConversationsContext(ctx, &ask)
			return err
		})
		var p struct {
			Channels []struct{ ID, Name string } `json:"channels"`
		}
		if x.decode(&p) != nil {
			return "", s.lookFailure(ctx, method, x, err)
		}
		for _, c := range p.Channels {
			if c.Name == name {
				return c.ID, nil
			}
		}
		next := x.answer.Metadata.NextCursor
		if next == "" || next == ask.Cursor {
			break
		}
		ask.Cursor = next
	}
	return "", nil
}

// stamp writes t as Slack writes a ts; "" for no time.
func stamp(t time.Time) string {
	if t.IsZero() || t.Unix() < 0 {
		return ""
	}
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// instantOf returns the instant, UTC, that a ts tells; zero where it tells none. A
// ts stays text everywhere else: it is a name, and a float would lose some of it.
func instantOf(ts string) time.Time {
	whole, fraction, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}
	}
	micros, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64) // what is no number counts for nothing
	return time.Unix(seconds, micros*1000).UTC()
}
