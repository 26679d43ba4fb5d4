package slacktest

import (
	"encoding/json"
	"net/url"
	"slices"
	"unicode/utf8"
)

const (
	postMethod = "chat.postMessage"

	maxUpdateText = 4_000  // bytes; longer text is refused
	maxMetadata   = 16_000 // bytes of JSON
)

// postMessage is chat.postMessage.
func (s *Server) postMessage(a App, c Call) (body, error) {
	ch, err := s.mayPost(a, c.Channel())
	if err != nil {
		return nil, err
	}
	m := &message{Message: Message{Channel: ch.ID, User: a.UserID, BotID: a.BotID, AppID: a.AppID}}
	if err := m.fill(c.Form); err != nil {
		return nil, err
	}
	if err := s.place(m, c.Form); err != nil {
		return nil, err
	}
	m.scan()
	s.store(m, s.lag)
	return body{"channel": ch.ID, "ts": m.TS, "message": m.json(true)}, nil
}

// mayPost finds the channel that a post is for, by ID or name.
func (s *Server) mayPost(a App, channel string) (Channel, error) {
	if err := a.demand("chat:write"); err != nil {
		return Channel{}, err
	}
	ch, err := s.byID(s.byNameOrID(channel).ID)
	switch {
	case err != nil:
		return ch, err
	case ch.Archived:
		return ch, refuse("is_archived")
	case !ch.Member && !slices.Contains(a.Scopes, "chat:write.public"):
		return ch, refuse("not_in_channel")
	}
	return ch, nil
}

// fill takes text, blocks and metadata from a post.
func (m *message) fill(form url.Values) error {
	var err error
	if m.Blocks, m.blocks, err = readBlocks(form.Get("blocks")); err != nil {
		return err
	}
	m.Text = form.Get("text")
	if m.Text == "" && m.Blocks == nil {
		return refuse("no_text")
	}
	m.Metadata, err = readMetadata(form.Get("metadata"))
	return err
}

// readMetadata checks metadata; "" and "{}" are none.
func readMetadata(text string) (Metadata, error) {
	if text == "" || text == "{}" {
		return Metadata{}, nil
	}
	var m struct {
		EventType    string          `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	}
	if len(text) > maxMetadata {
		return Metadata{}, refuse("metadata_too_large")
	}
	if json.Unmarshal([]byte(text), &m) != nil {
		return Metadata{}, refuse("invalid_metadata_format")
	}
	meta := Metadata{EventType: m.EventType}
	err := json.Unmarshal(m.EventPayload, &meta.EventPayload)
	if err != nil || m.EventType == "" || meta.EventPayload == nil {
		return Metadata{}, refuse("invalid_metadata_schema")
	}
	return meta, nil
}

// place hangs a reply under its parent. Where the parent is gone the reply
// goes, unannounced, into the channel itself.
func (s *Server) place(m *message, form url.Values) error {
	ts := form.Get("thread_ts")
	if ts == "" {
		return nil
	}
	if _, ok := parseStamp(ts); !ok {
		return refuse("invalid_thread_ts")
	}
	root := s.lookUp(m.Channel, ts)
	switch {
	case root == nil:
		return nil
	case root.parent != 0:
		return refuse("cannot_reply_to_message")
	}
	m.parent, m.ThreadTS = root.at, root.TS
	m.Broadcast = isTrue(form.Get("reply_broadcast"))
	return nil
}

// updateMessage is chat.update.
func (s *Server) updateMessage(a App, c Call) (body, error) {
	m, err := s.own(a, c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if s.channels[m.Channel].Archived {
		return nil, refuse("is_inactive")
	}
	edited := *m
	if err := edited.rewrite(c.Form); err != nil {
		return nil, err
	}
	edited.scan()
	edited.Updates++
	*m = edited
	return body{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": m.json(true)}, nil
}

// rewrite puts new content in the place of old. Text without blocks removes
// the blocks; metadata stays unless it is given.
func (m *message) rewrite(form url.Values) error {
	if len(form.Get("text")) > maxUpdateText {
		return refuse("msg_too_long")
	}
	kept := m.Metadata
	if err := m.fill(form); err != nil {
		return err
	}
	if form.Get("metadata") == "" {
		m.Metadata = kept
	}
	return nil
}

// deleteMessage is chat.delete.
func (s *Server) deleteMessage(a App, c Call) (body, error) {
	m, err := s.own(a, c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.deleted = true
	return body{"channel": m.Channel, "ts": m.TS}, nil
}

// own finds the message that an app wants to change; foreign is the error
// string for one that is somebody else's.
func (s *Server) own(a App, c Call, foreign string) (*message, error) {
	if err := a.demand("chat:write"); err != nil {
		return nil, err
	}
	ch, err := s.byID(c.Channel())
	if err != nil {
		return nil, err
	}
	m := s.lookUp(ch.ID, c.Form.Get("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.BotID != a.BotID:
		return nil, refuse(foreign)
	}
	return m, nil
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func characters(s string) int { return utf8.RuneCountInString(s) }
