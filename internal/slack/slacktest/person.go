package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const responsePath = "/response/"

// A Person is somebody of the workspace, or a guest of another one.
type Person struct {
	ID   string
	Name string
	Team string // "" is the workspace's
}

// json is a person in a payload.
func (p Person) json() body {
	team := p.Team
	if team == "" {
		team = TeamID
	}
	return body{"id": p.ID, "username": strings.ToLower(p.Name), "name": strings.ToLower(p.Name), "team_id": team}
}

// AddPerson makes users.info know a person.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.ID] = p
}

// SetGroup makes usergroups.users.list know the members of a group.
func (s *Server) SetGroup(id string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = members
}

// usersInfo is users.info.
func (s *Server) usersInfo(a App, c Call) (body, error) {
	if err := a.demand("users:read"); err != nil {
		return nil, err
	}
	p, ok := s.people[c.Form.Get("user")]
	if !ok {
		return nil, refuse("user_not_found")
	}
	return body{"user": body{"id": p.ID, "name": strings.ToLower(p.Name), "profile": body{"display_name": p.Name, "real_name": p.Name}}}, nil
}

// groupMembers is usergroups.users.list.
func (s *Server) groupMembers(a App, c Call) (body, error) {
	if err := a.demand("usergroups:read"); err != nil {
		return nil, err
	}
	members, ok := s.groups[c.Form.Get("usergroup")]
	if !ok {
		return nil, refuse("no_such_subteam")
	}
	return body{"users": members}, nil
}

// members is conversations.members.
func (s *Server) members(a App, c Call) (body, error) {
	ch, err := s.byID(c.Channel())
	if err != nil {
		return nil, err
	}
	if err := a.demand(ch.scope("read")); err != nil {
		return nil, err
	}
	return body{"members": ch.People, "response_metadata": body{"next_cursor": ""}}, nil
}

// Press presses a button of a message. It panics where the message has none with the action.
func (s *Server) Press(by Person, channel, ts, action string) *Envelope {
	return s.act(by, channel, ts, "", action, "")
}

// PressIn is Press in a block of the message whose id contains some text.
func (s *Server) PressIn(by Person, channel, ts, block, action string) *Envelope {
	return s.act(by, channel, ts, block, action, "")
}

// Choose chooses the option with a value from a menu of a message.
func (s *Server) Choose(by Person, channel, ts, action, value string) *Envelope {
	return s.act(by, channel, ts, "", action, value)
}

// ChooseIn is Choose in a block of the message whose id contains some text.
func (s *Server) ChooseIn(by Person, channel, ts, block, action, value string) *Envelope {
	return s.act(by, channel, ts, block, action, value)
}

// act does something with an element of a message that the person sees: one in the channel, or
// one that only they see.
func (s *Server) act(by Person, channel, ts, block, action, chosen string) *Envelope {
	s.mu.Lock()
	m, ephemeral := s.seenBy(by.ID, channel, ts)
	if m == nil {
		s.mu.Unlock()
		panic("slacktest: there is no message " + ts + " to press in " + channel) // the test is wrong
	}
	b, e, ok := find(m.blocks, block, action)
	if !ok {
		s.mu.Unlock()
		panic(fmt.Sprintf("slacktest: message %s has no %s: %s", ts, action, m.Blocks)) // the test is wrong
	}
	now := s.clock.stamp().String()
	payload := s.interaction(by, "block_actions")
	payload["container"] = body{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": ephemeral}
	payload["channel"] = body{"id": m.Channel, "name": s.channels[m.Channel].Name}
	payload["message"] = m.json(true)
	payload["actions"] = []body{e.pressed(b, now, chosen)}
	payload["response_url"] = s.responseURL(m.Channel, by.ID)
	s.mu.Unlock()
	return s.deliver("interactive", payload)
}

// PressHome presses a button of a person's Home tab.
func (s *Server) PressHome(by Person, action string) *Envelope {
	s.mu.Lock()
	v := s.homes[by.ID]
	if v == nil {
		s.mu.Unlock()
		panic("slacktest: " + by.ID + " has no Home tab") // the test is wrong
	}
	b, e, ok := find(v.blocks, "", action)
	if !ok {
		s.mu.Unlock()
		panic(fmt.Sprintf("slacktest: the Home tab has no %s: %s", action, v.Blocks)) // the test is wrong
	}
	payload := s.interaction(by, "block_actions")
	payload["container"] = body{"type": "view", "view_id": v.ID}
	payload["view"] = v.json(nil)
	payload["actions"] = []body{e.pressed(b, s.clock.stamp().String(), "")}
	s.mu.Unlock()
	return s.deliver("interactive", payload)
}

// seenBy finds a message as a person sees it.
func (s *Server) seenBy(user, channel, ts string) (m *message, ephemeral bool) {
	id := s.byNameOrID(channel).ID
	if m := s.lookUp(id, ts); m != nil {
		return m, false
	}
	for i := range s.whispers {
		if w := &s.whispers[i]; w.Channel == id && w.TS == ts && w.User == user {
			return &message{Message: w.Message}, true
		}
	}
	return nil, false
}

func find(blocks []block, in, action string) (block, element, bool) {
	for _, b := range blocks {
		for _, e := range b.actors() {
			if e.ActionID == action && strings.Contains(b.ID, in) {
				return b, e, true
			}
		}
	}
	return block{}, element{}, false
}

// pressed is what stands of an element in the payload of a press.
func (e element) pressed(b block, at, chosen string) body {
	out := body{"type": e.Type, "action_id": e.ActionID, "block_id": b.ID, "action_ts": at}
	switch e.Type {
	case "button":
		out["value"], out["text"] = e.Value, e.Text
	case "datepicker":
		out["selected_date"] = chosen
	default:
		i := slices.IndexFunc(e.Options, func(o option) bool { return o.Value == chosen })
		if i < 0 {
			panic(fmt.Sprintf("slacktest: %s has no option %q among %v", e.ActionID, chosen, e.Options)) // the test is wrong
		}
		out["selected_option"] = e.Options[i]
	}
	return out
}

// interaction begins the payload of an interaction. The caller holds s.mu.
func (s *Server) interaction(by Person, kind string) body {
	return body{
		"type": kind, "team": body{"id": TeamID, "domain": "test"}, "user": by.json(), "api_app_id": AppID,
		"token": "verification", "trigger_id": s.trigger(by.ID), "enterprise": nil, "is_enterprise_install": false,
	}
}

// trigger makes a trigger_id. The caller holds s.mu.
func (s *Server) trigger(user string) string {
	id := s.number("trigger")
	s.socks.triggers[id] = trigger{user: user, expires: time.Now().Add(s.socks.patience)}
	return id
}

// Submit submits the modal that a person sees, with what was filled in by the ids of the
// blocks. What a field began with stays where nothing else is filled in.
func (s *Server) Submit(by Person, filled map[string]string) *Envelope {
	s.mu.Lock()
	v := s.views[by.ID]
	if v == nil {
		s.mu.Unlock()
		panic("slacktest: " + by.ID + " sees no modal") // the test is wrong
	}
	payload := s.interaction(by, "view_submission")
	payload["view"] = v.json(filled)
	payload["response_urls"] = []string{}
	s.mu.Unlock()
	return s.send(&Envelope{Type: "interactive", Payload: json.RawMessage(encode(payload)), view: v})
}

// SubmitForm submits a form of attache that was opened earlier, under the name id: with what it
// was opened for and what was filled in.
func (s *Server) SubmitForm(by Person, id, private string, filled map[string]string) *Envelope {
	s.mu.Lock()
	values := body{}
	for block, text := range filled {
		values[block] = body{"field": body{"type": "plain_text_input", "value": text}}
	}
	payload := s.interaction(by, "view_submission")
	payload["view"] = body{"id": id, "type": "modal", "callback_id": "attache", "private_metadata": private, "state": body{"values": values}}
	s.mu.Unlock()
	return s.deliver("interactive", payload)
}

// Type types into a field of the modal that a person sees; the app hears of it where the field
// dispatches what is typed.
func (s *Server) Type(by Person, blockID, text string) *Envelope {
	s.mu.Lock()
	v := s.views[by.ID]
	if v == nil {
		s.mu.Unlock()
		panic("slacktest: " + by.ID + " sees no modal") // the test is wrong
	}
	i := slices.IndexFunc(v.blocks, func(b block) bool { return b.ID == blockID && b.Dispatch })
	if i < 0 {
		s.mu.Unlock()
		panic("slacktest: no field " + blockID + " dispatches what is typed") // the test is wrong
	}
	payload := s.interaction(by, "block_actions")
	payload["container"] = body{"type": "view", "view_id": v.ID}
	payload["view"] = v.json(map[string]string{blockID: text})
	payload["actions"] = []body{{"type": "plain_text_input", "block_id": blockID, "action_id": v.blocks[i].Element.ActionID,
		"value": text, "action_ts": s.clock.stamp().String()}}
	s.mu.Unlock()
	return s.deliver("interactive", payload)
}

// json is a view as it stands in a payload, with what was filled in.
func (v *View) json(filled map[string]string) body {
	values := body{}
	for _, b := range v.blocks {
		if b.Type != "input" || b.Element == nil {
			continue
		}
		e, text := *b.Element, ""
		state := body{"type": e.Type}
		has := false
		if text, has = filled[b.ID]; !has {
			text = e.InitialText + e.InitialDate
			if e.Initial != nil {
				text = e.Initial.Value
			}
		}
		switch e.Type {
		case "static_select":
			state["selected_option"] = nil
			if i := slices.IndexFunc(e.Options, func(o option) bool { return o.Value == text }); i >= 0 {
				state["selected_option"] = e.Options[i]
			} else if text != "" {
				panic(fmt.Sprintf("slacktest: %s has no option %q", b.ID, text)) // the test is wrong
			}
		case "datepicker":
			state["selected_date"] = text
		default:
			state["value"] = nil
			if text != "" {
				state["value"] = text
			}
		}
		values[b.ID] = body{e.ActionID: state}
	}
	return body{
		"id": v.ID, "type": v.Type, "callback_id": v.Callback, "private_metadata": v.Private, "hash": v.hash,
		"team_id": TeamID, "app_id": AppID, "bot_id": BotID, "blocks": v.Blocks, "state": body{"values": values},
	}
}

// Command writes /attache with a text in a channel.
func (s *Server) Command(by Person, channel, text string) *Envelope {
	s.mu.Lock()
	ch := s.byNameOrID(channel)
	team := by.json()["team_id"]
	payload := body{
		"command": "/attache", "text": text, "team_id": team, "team_domain": "test", "channel_id": ch.ID, "channel_name": ch.Name,
		"user_id": by.ID, "user_name": strings.ToLower(by.Name), "api_app_id": AppID, "is_enterprise_install": "false",
		"response_url": s.responseURL(ch.ID, by.ID), "trigger_id": s.trigger(by.ID), "token": "verification",
	}
	s.mu.Unlock()
	return s.send(&Envelope{Type: "slash_commands", Payload: json.RawMessage(encode(payload)), to: [2]string{ch.ID, by.ID}})
}

// OpenHome opens the Home tab.
func (s *Server) OpenHome(by Person) *Envelope {
	return s.deliver("events_api", body{
		"type": "event_callback", "team_id": TeamID, "api_app_id": AppID, "event_id": "Ev1",
		"event": body{"type": "app_home_opened", "user": by.ID, "channel": "D0HOME", "tab": "home"},
	})
}

// answered does what an acknowledgement asks for. The caller holds s.mu.
func (s *Server) answered(e *Envelope) {
	switch {
	case e.view != nil:
		s.submitted(e)
	case e.to[1] != "" && len(e.ack) > 0:
		s.whisper(e.to[0], e.to[1], e.ack)
	}
}

// submitted takes the answer to a submission: errors under the fields, another view, or none.
func (s *Server) submitted(e *Envelope) {
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(e.ack) > 0 && json.Unmarshal(e.ack, &a) != nil {
		return
	}
	user := e.view.User
	switch a.Action {
	case "errors":
		for id := range a.Errors {
			if !slices.ContainsFunc(e.view.blocks, func(b block) bool { return b.ID == id && b.Type == "input" }) {
				s.problems = append(s.problems, "an error for a block that is no input: "+id)
			}
		}
		e.view.Errors = a.Errors
	case "update":
		v, err := readView(string(a.View), "modal")
		if err != nil {
			s.problems = append(s.problems, fmt.Sprintf("a submission is answered with a view that is none: %#v", err))
			return
		}
		v.ID, v.User = e.view.ID, user
		s.views[user] = v
	case "", "clear":
		delete(s.views, user)
	default:
		s.problems = append(s.problems, "unknown response_action "+a.Action)
	}
}

// A Whisper is a message that one person sees.
type Whisper struct {
	Message // User is who sees it
}

// Whispers returns what only one person sees, in the order in which it came.
func (s *Server) Whispers(user string) []Whisper {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Whisper
	for _, w := range s.whispers {
		if w.User == user {
			out = append(out, w)
		}
	}
	return out
}

// Problems returns what people would have seen as an error of the app, other than refusals of
// methods: acknowledgements and answers that are none.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// postEphemeral is chat.postEphemeral.
func (s *Server) postEphemeral(a App, c Call) (body, error) {
	ch, err := s.mayPost(a, c.Channel())
	if err != nil {
		return nil, err
	}
	m := &message{Message: Message{Channel: ch.ID, User: c.Form.Get("user"), BotID: a.BotID, AppID: a.AppID}}
	if err := m.fill(c.Form); err != nil {
		return nil, err
	}
	if m.User == "" {
		return nil, refuse("user_not_in_channel")
	}
	m.scan()
	m.at = s.clock.stamp()
	m.TS = m.at.String()
	s.whispers = append(s.whispers, Whisper{Message: m.Message})
	return body{"message_ts": m.TS}, nil
}

// whisper shows one person an answer that came as JSON.
func (s *Server) whisper(channel, user string, text json.RawMessage) {
	var a struct {
		Type    string          `json:"response_type"`
		Text    string          `json:"text"`
		Blocks  json.RawMessage `json:"blocks"`
		Replace bool            `json:"replace_original"`
		Delete  bool            `json:"delete_original"`
	}
	if err := json.Unmarshal(text, &a); err != nil {
		s.problems = append(s.problems, "an answer that is no JSON: "+string(text))
		return
	}
	m := &message{Message: Message{Channel: channel, User: user, BotID: BotID, AppID: AppID, Text: a.Text}}
	var err error
	if m.Blocks, m.blocks, err = readBlocks(string(a.Blocks)); err != nil {
		s.problems = append(s.problems, fmt.Sprintf("an answer with blocks that are none: %#v", err))
		return
	}
	m.scan()
	m.at = s.clock.stamp()
	m.TS = m.at.String()
	if a.Type == "in_channel" {
		s.store(m, s.lag)
		return
	}
	s.whispers = append(s.whispers, Whisper{Message: m.Message})
}

// responseURL makes an address to answer at, which lives for half an hour and five answers.
func (s *Server) responseURL(channel, user string) string {
	id := s.number("response")
	s.responses[id] = &replyTo{channel: channel, user: user, until: time.Now().Add(30 * time.Minute), left: 5}
	return strings.TrimSuffix(s.base(), apiPath) + responsePath + id
}

type replyTo struct {
	channel, user string
	until         time.Time
	left          int
}

// respond takes an answer at such an address.
func (s *Server) respond(c Call) (body, error) {
	to := s.responses[c.Form.Get("id")]
	if to == nil || to.left == 0 || time.Now().After(to.until) {
		return nil, refuse("expired_url")
	}
	to.left--
	s.whisper(to.channel, to.user, json.RawMessage(c.Form.Get("body")))
	return body{}, nil
}
