package slacktest

import (
	"encoding/json"
	"slices"
	"time"
)

// Metadata is what an app attaches to a message for programs to read.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload,omitempty"`
}

// Key returns the payload's k, by which attache finds a message again.
func (m Metadata) Key() string {
	k, _ := m.EventPayload["k"].(string)
	return k
}

// A Message is a message as people see it.
type Message struct {
	Channel   string // ID
	TS        string // seconds.micros by the server's clock
	ThreadTS  string // ts of the parent of a reply; empty in the channel itself
	Broadcast bool   // a reply that is shown in the channel too
	User      string
	BotID     string // empty for people
	AppID     string // empty for people
	Text      string // mrkdwn as it was sent, escapes and all
	Blocks    json.RawMessage
	Metadata  Metadata
	Updates   int // how often chat.update changed it
	blocks    []block

	// Mentions are the tokens in text and blocks that call on somebody:
	// <!channel>, <!here>, <@U…>, <!subteam^S…>, without labels, each once.
	Mentions []string
	// Links are the targets of <https://…|text> tokens in text and blocks.
	Links []string
}

// A message is a Message with what readers must not see.
type message struct {
	Message
	at      stamp
	visible time.Time // when history shows it, by the machine's clock
	parent  stamp     // 0 for a message in the channel
	deleted bool
}

// Messages returns what people see in a channel, thread replies included, in
// order of ts. The channel is given by ID or name.
func (s *Server) Messages(channel string) []Message {
	return s.collect(channel, func(m *message) bool { return !m.deleted })
}

// Find returns the messages with k in their metadata that people see, in all
// channels, in order of ts within a channel.
func (s *Server) Find(key string) []Message {
	s.mu.Lock()
	ids := slices.Clone(s.order)
	s.mu.Unlock()
	var found []Message
	for _, id := range ids {
		found = append(found, s.collect(id, func(m *message) bool {
			return !m.deleted && m.Metadata.Key() == key
		})...)
	}
	return found
}

// Copies counts the messages with k in their metadata that people see.
func (s *Server) Copies(key string) int { return len(s.Find(key)) }

func (s *Server) collect(channel string, want func(*message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, m := range s.messages[s.byNameOrID(channel).ID] {
		if want(m) {
			found = append(found, m.Message)
		}
	}
	return found
}

// Say posts as a person, in a channel given by ID or name, and returns the ts.
// Readers of history see it at once.
func (s *Server) Say(channel, user, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &message{Message: Message{Channel: s.byNameOrID(channel).ID, User: user, Text: text}}
	m.scan()
	s.store(m, 0)
	return m.TS
}

// Remove deletes a message as a person would, and reports whether it was there.
func (s *Server) Remove(channel, ts string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.lookUp(s.byNameOrID(channel).ID, ts)
	if m == nil {
		return false
	}
	m.deleted = true
	return true
}

// store gives a message its ts and its place.
func (s *Server) store(m *message, lag time.Duration) {
	m.at = s.clock.stamp()
	m.TS = m.at.String()
	m.visible = time.Now().Add(lag)
	s.messages[m.Channel] = append(s.messages[m.Channel], m)
}

// readable reports whether history has anything at the place of a message: the
// message, or a tombstone for as long as replies hang from it.
func (s *Server) readable(m *message) bool {
	return !m.visible.After(time.Now()) && (!m.deleted || len(s.thread(m)) > 0)
}

// lookUp finds a message that is not deleted, whatever history shows.
func (s *Server) lookUp(channel, ts string) *message {
	at, ok := parseStamp(ts)
	if !ok {
		return nil
	}
	for _, m := range s.messages[channel] {
		if m.at == at && !m.deleted {
			return m
		}
	}
	return nil
}

// thread returns the replies to a message.
func (s *Server) thread(root *message) []*message {
	var replies []*message
	for _, m := range s.messages[root.Channel] {
		if m.parent == root.at && !m.deleted {
			replies = append(replies, m)
		}
	}
	return replies
}

// messageJSON is a message on the wire.
type messageJSON struct {
	Type     string          `json:"type"`
	Subtype  string          `json:"subtype,omitempty"`
	User     string          `json:"user,omitempty"`
	BotID    string          `json:"bot_id,omitempty"`
	Text     string          `json:"text"`
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts,omitempty"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`
	Metadata *Metadata       `json:"metadata,omitempty"`
}

// json writes a message, or the tombstone of a deleted one; the payload of its
// metadata only when all is wanted.
func (m *message) json(allMetadata bool) messageJSON {
	if m.deleted {
		return messageJSON{Type: "message", Subtype: "tombstone", User: "USLACKBOT",
			Text: "This message was deleted.", TS: m.TS, ThreadTS: m.TS}
	}
	j := messageJSON{Type: "message", User: m.User, BotID: m.BotID, Text: m.Text, TS: m.TS, ThreadTS: m.ThreadTS, Blocks: m.Blocks}
	if m.Broadcast {
		j.Subtype = "thread_broadcast"
	}
	if m.Metadata.EventType != "" {
		j.Metadata = &Metadata{EventType: m.Metadata.EventType}
		if allMetadata {
			j.Metadata.EventPayload = m.Metadata.EventPayload
		}
	}
	return j
}
