package slacktest

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPage = 100
	maxPage     = 999
)

// history is conversations.history: newest first, no replies but broadcast
// ones, cut by oldest and into pages by limit and cursor.
func (s *Server) history(a App, c Call) (body, error) {
	ch, err := s.mayRead(a, c.Channel())
	if err != nil {
		return nil, err
	}
	return s.page(c.Form, s.shown(ch.ID))
}

// replies is conversations.replies: the parent and its replies, oldest first.
// The parent comes at the head of the first page whatever oldest says.
func (s *Server) replies(a App, c Call) (body, error) {
	ch, err := s.mayRead(a, c.Channel())
	if err != nil {
		return nil, err
	}
	root := s.rootOf(ch.ID, c.Form.Get("ts"))
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	var thread []*message
	for _, m := range s.thread(root) {
		if s.readable(m) {
			thread = append(thread, m)
		}
	}
	b, err := s.page(c.Form, thread)
	if err == nil && c.Form.Get("cursor") == "" {
		b["messages"] = append([]messageJSON{s.inHistory(root, c.Form)}, b["messages"].([]messageJSON)...)
	}
	return b, err
}

// mayRead finds a channel whose messages an app may read.
func (s *Server) mayRead(a App, channel string) (Channel, error) {
	ch, err := s.byID(channel)
	if err != nil {
		return ch, err
	}
	if err := a.demand(ch.scope("history")); err != nil {
		return ch, err
	}
	if !ch.Member {
		return ch, refuse("not_in_channel")
	}
	return ch, nil
}

// shown returns what history shows of a channel, newest first.
func (s *Server) shown(channel string) []*message {
	var all []*message
	for _, m := range s.messages[channel] {
		if (m.parent == 0 || m.Broadcast) && s.readable(m) {
			all = append(all, m)
		}
	}
	slices.Reverse(all)
	return all
}

// rootOf finds the message at ts that history shows, a tombstone included.
func (s *Server) rootOf(channel, ts string) *message {
	for _, m := range s.messages[channel] {
		if m.TS == ts && s.readable(m) {
			return m
		}
	}
	return nil
}

// page answers with the part of all that oldest, cursor and limit ask for. The cursor
// is the ts of the first message of the next page.
func (s *Server) page(form url.Values, all []*message) (body, error) {
	oldest, err := readOldest(form)
	if err != nil {
		return nil, err
	}
	limit, err := readLimit(form)
	if err != nil {
		return nil, err
	}
	if cursor := form.Get("cursor"); cursor != "" {
		from := slices.IndexFunc(all, func(m *message) bool { return m.TS == cursor })
		if from < 0 {
			return nil, refuse("invalid_cursor")
		}
		all = all[from:]
	}
	found, next := []messageJSON{}, ""
	for _, m := range all {
		if m.at < oldest || m.at == oldest && !isTrue(form.Get("inclusive")) {
			continue
		}
		if len(found) == limit {
			next = m.TS
			break
		}
		found = append(found, s.inHistory(m, form))
	}
	b := body{"messages": found, "has_more": next != ""}
	if next != "" {
		b["response_metadata"] = body{"next_cursor": next}
	}
	return b, nil
}

// inHistory writes a message with the marks of its thread.
func (s *Server) inHistory(m *message, form url.Values) messageJSON {
	j := m.json(isTrue(form.Get("include_all_metadata")))
	if len(s.thread(m)) > 0 {
		j.ThreadTS = m.TS
	}
	return j
}

func readOldest(form url.Values) (stamp, error) {
	text := form.Get("oldest")
	at, ok := parseStamp(text)
	if text != "" && !ok {
		return 0, refuse("invalid_ts_oldest")
	}
	return at, nil
}

func readLimit(form url.Values) (int, error) {
	text := form.Get("limit")
	if text == "" {
		return defaultPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxPage {
		return 0, refuse("invalid_limit")
	}
	return limit, nil
}

// info is conversations.info.
func (s *Server) info(a App, c Call) (body, error) {
	ch, err := s.byID(c.Channel())
	if err != nil {
		return nil, err
	}
	if err := a.demand(ch.scope("read")); err != nil {
		return nil, err
	}
	return body{"channel": ch.json()}, nil
}

// list is conversations.list, in the order in which channels were added.
func (s *Server) list(a App, c Call) (body, error) {
	wanted, err := s.listed(a, c.Form)
	if err != nil {
		return nil, err
	}
	limit, err := readLimit(c.Form)
	if err != nil {
		return nil, err
	}
	if cursor := c.Form.Get("cursor"); cursor != "" {
		from := slices.IndexFunc(wanted, func(ch Channel) bool { return ch.ID == cursor })
		if from < 0 {
			return nil, refuse("invalid_cursor")
		}
		wanted = wanted[from:]
	}
	found, next := []body{}, ""
	for _, ch := range wanted {
		if len(found) == limit {
			next = ch.ID
			break
		}
		found = append(found, ch.json())
	}
	return body{"channels": found, "response_metadata": body{"next_cursor": next}}, nil
}

// listed returns the channels that types let through and that the app may know of.
func (s *Server) listed(a App, form url.Values) ([]Channel, error) {
	types := strings.Split(cmp.Or(form.Get("types"), "public_channel"), ",")
	kinds := map[bool]string{false: "public_channel", true: "private_channel"}
	for private, kind := range kinds {
		if slices.Contains(types, kind) {
			if err := a.demand(Channel{Private: private}.scope("read")); err != nil {
				return nil, err
			}
		}
	}
	var found []Channel
	for _, id := range s.order {
		ch, err := s.byID(id)
		if err == nil && slices.Contains(types, kinds[ch.Private]) {
			found = append(found, ch)
		}
	}
	return found, nil
}

func (ch Channel) json() body {
	return body{"id": ch.ID, "name": ch.Name, "is_private": ch.Private, "is_archived": ch.Archived, "is_member": ch.Member}
}
