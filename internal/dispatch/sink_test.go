package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"attache/internal/notice"
)

// fakeSink is a receiver with a history. Without a fault every call succeeds.
type fakeSink struct {
	mu       sync.Mutex
	messages []message
	calls    []call
	n        int
	skew     time.Duration // of the receiver's clock from ours
	lag      time.Duration // how late history shows a message
	fault    func(c call) fault
}

// message is one message as a reader of the channel sees it.
type message struct {
	key, channel, ts string
	thread           string
	at               time.Time // receiver's clock
	plain, broadcast bool
	edits            int
	text             notice.Message
}

// call is one call of the sink.
type call struct {
	n             int // of this verb, from 1
	verb, channel string
	keys          []string
	at            time.Time // our clock
	oldest        time.Time
	plain         bool
}

// fault is what happens to a call.
type fault struct {
	err   *notice.SendError // what the caller learns; nil is the truth
	store bool              // a failing post is stored all the same
	late  time.Duration     // and only so much later
	hang  time.Duration     // how long the answer takes; negative is until the caller gives up
	panic any
}

func failed(r notice.Result, text string) *notice.SendError {
	return &notice.SendError{Result: r, Err: errors.New(text)}
}

func lost(store bool) fault {
	return fault{err: failed(notice.InDoubt, "connection reset"), store: store}
}

func (s *fakeSink) enter(verb, channel string, keys []string, oldest time.Time, plain bool) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := call{verb: verb, channel: channel, keys: keys, at: time.Now(), oldest: oldest, plain: plain, n: 1}
	for _, other := range s.calls {
		if other.verb == verb {
			c.n++
		}
	}
	s.calls = append(s.calls, c)
	if s.fault == nil {
		return fault{}
	}
	return s.fault(c)
}

// answer returns what a call with the fault f returns.
func (f fault) answer(ctx context.Context) error {
	if f.panic != nil {
		panic(f.panic)
	}
	if f.hang != 0 {
		var timer <-chan time.Time
		if f.hang > 0 {
			timer = time.After(f.hang)
		}
		select {
		case <-ctx.Done():
			return failed(notice.InDoubt, "context ended")
		case <-timer:
		}
	}
	if f.err != nil {
		return f.err
	}
	return nil
}

func (s *fakeSink) Post(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	f := s.enter("post", p.Channel, []string{p.Key}, time.Time{}, p.Plain)
	var r notice.Receipt
	switch {
	case f.late > 0:
		time.AfterFunc(f.late, func() { s.store(p) })
	case f.store, f.err == nil && f.panic == nil && f.hang >= 0:
		r = s.store(p)
	}
	return r, f.answer(ctx)
}

// Update shows p in the place of a message.
func (s *fakeSink) Update(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	f := s.enter("update", p.Channel, []string{p.TS}, time.Time{}, p.Plain)
	var missing error
	switch {
	case f.late > 0:
		time.AfterFunc(f.late, func() { _ = s.edit(p) })
	case f.store, f.err == nil && f.panic == nil && f.hang >= 0:
		missing = s.edit(p)
	}
	if err := f.answer(ctx); err != nil {
		return notice.Receipt{}, err
	}
	return notice.Receipt{Key: p.Key, ChannelID: p.ChannelID, TS: p.TS, At: time.Now().Add(s.skew).UTC()}, missing
}

func (s *fakeSink) edit(p notice.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.at(p.ChannelID, p.TS)
	if i < 0 {
		return failed(notice.Gone, "message_not_found")
	}
	m := &s.messages[i]
	m.text, m.plain = p.Message, p.Plain
	m.edits++
	return nil
}

// at returns the place of a message, -1 for none. The caller holds mu.
func (s *fakeSink) at(channelID, ts string) int {
	return slices.IndexFunc(s.messages, func(m message) bool { return m.channel == channelID && m.ts == ts })
}

// remove takes a message away, as a person does.
func (s *fakeSink) remove(ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = slices.DeleteFunc(s.messages, func(m message) bool { return m.ts == ts })
}

func (s *fakeSink) store(p notice.Post) notice.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	at := time.Now().Add(s.skew)
	m := message{
		key: p.Key, channel: "C-" + p.Channel, ts: fmt.Sprintf("%d.%06d", at.Unix(), s.n),
		at: at, plain: p.Plain, text: p.Message,
	}
	if p.Thread != "" && s.at(m.channel, p.Thread) >= 0 { // a reply to nothing stands alone
		m.thread, m.broadcast = p.Thread, p.Broadcast
	}
	s.messages = append(s.messages, m)
	return m.receipt()
}

func (m message) receipt() notice.Receipt {
	return notice.Receipt{Key: m.key, ChannelID: m.channel, TS: m.ts, Thread: m.thread, At: m.at.UTC()}
}

func (s *fakeSink) Find(ctx context.Context, q notice.Search) ([]notice.Receipt, error) {
	f := s.enter("find", q.Channel, q.Keys, q.Oldest, false)
	if err := f.answer(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := time.Now().Add(s.skew - s.lag)
	var out []notice.Receipt
	for _, m := range s.messages {
		if m.thread != "" && !slices.Contains(q.Threads, m.thread) {
			continue // replies show in their threads alone
		}
		if m.channel == "C-"+q.Channel && slices.Contains(q.Keys, m.key) && !m.at.Before(q.Oldest) && !m.at.After(shown) {
			out = append(out, m.receipt())
		}
	}
	return out, nil
}

func (s *fakeSink) Delete(ctx context.Context, channelID, ts string) error {
	f := s.enter("delete", channelID, []string{ts}, time.Time{}, false)
	if err := f.answer(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = slices.DeleteFunc(s.messages, func(m message) bool { return m.channel == channelID && m.ts == ts })
	return nil
}

// shown returns the messages that are there now, the oldest first.
func (s *fakeSink) shown() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// keys returns the keys of the messages that are there now.
func (s *fakeSink) keys() []string {
	var out []string
	for _, m := range s.shown() {
		out = append(out, m.key)
	}
	return out
}

// made returns the calls of a verb.
func (s *fakeSink) made(verb string) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []call
	for _, c := range s.calls {
		if c.verb == verb {
			out = append(out, c)
		}
	}
	return out
}

// posts returns a fault for the first n posts, and none for the rest.
func posts(n int, f fault) func(call) fault {
	return func(c call) fault {
		if c.verb == "post" && c.n <= n {
			return f
		}
		return fault{}
	}
}
