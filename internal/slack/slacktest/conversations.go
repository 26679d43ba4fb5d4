package slacktest

import (
	"encoding/base64"
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
// ones, cut by oldest and latest and into pages by limit and cursor.
func (s *Server) history(a App, c Call) (body, error) {
	ch, err := s.mayRead(a, c.Channel())
	if err != nil {
		return nil, err
	}
	return s.page(c.Form, s.shown(ch.ID), "next_ts:", func(m, from stamp) bool { return m <= from })
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
	b, err := s.page(c.Form, thread, "next_after:", func(m, from stamp) bool { return m >= from })
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

// page answers with the part of all that oldest, latest, cursor and limit ask
// for. The cursor names the first message of the next page; after says which
// messages come from there on.
func (s *Server) page(form url.Values, all []*message, mark string, after func(m, from stamp) bool) (body, error) {
	r, err := readRange(form, mark)
	if err != nil {
		return nil, err
	}
	found := []messageJSON{}
	next := ""
	for _, m := range all {
		if !r.within(m.at) || r.hasCursor && !after(m.at, r.cursor) {
			continue
		}
		if len(found) == r.limit {
			next = base64.StdEncoding.EncodeToString([]byte(mark + strconv.FormatInt(int64(m.at), 10)))
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
	if thread := s.thread(m); len(thread) > 0 {
		j.ThreadTS, j.ReplyCount, j.LatestReply = m.TS, len(thread), thread[len(thread)-1].TS
	}
	return j
}

// A span is the part of a conversation that a reader asks for.
type span struct {
	oldest, latest stamp // 0 where not given
	inclusive      bool
	cursor         stamp
	hasCursor      bool
	limit          int
}

func (r span) within(at stamp) bool {
	if r.inclusive && (at == r.oldest || at == r.latest) {
		return true
	}
	return at > r.oldest && (r.latest == 0 || at < r.latest)
}

func readRange(form url.Values, mark string) (r span, err error) {
	r.inclusive = isTrue(form.Get("inclusive"))
	if r.oldest, err = readBound(form, "oldest"); err != nil {
		return r, err
	}
	if r.latest, err = readBound(form, "latest"); err != nil {
		return r, err
	}
	if r.limit, err = readLimit(form, defaultPage); err != nil {
		return r, err
	}
	if cursor := form.Get("cursor"); cursor != "" {
		text, err := base64.StdEncoding.DecodeString(cursor)
		digits, ours := strings.CutPrefix(string(text), mark)
		at, bad := strconv.ParseInt(digits, 10, 64)
		if err != nil || !ours || bad != nil {
			return r, refuse("invalid_cursor")
		}
		r.cursor, r.hasCursor = stamp(at), true
	}
	return r, nil
}

func readBound(form url.Values, name string) (stamp, error) {
	text := form.Get(name)
	if text == "" {
		return 0, nil
	}
	at, ok := parseStamp(text)
	if !ok {
		return 0, refuse("invalid_ts_" + name)
	}
	return at, nil
}

func readLimit(form url.Values, usual int) (int, error) {
	text := form.Get("limit")
	if text == "" {
		return usual, nil
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
	limit, err := readLimit(c.Form, defaultPage)
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

// listed returns the channels that types and exclude_archived let through and
// that the app may know of.
func (s *Server) listed(a App, form url.Values) ([]Channel, error) {
	types := strings.Split(orElse(form.Get("types"), "public_channel"), ",")
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
		archived := ch.Archived && isTrue(form.Get("exclude_archived"))
		if err == nil && !archived && slices.Contains(types, kinds[ch.Private]) {
			found = append(found, ch)
		}
	}
	return found, nil
}

func (ch Channel) json() body {
	members := 1
	if ch.Member {
		members++
	}
	return body{"id": ch.ID, "name": ch.Name, "name_normalized": ch.Name,
		"is_channel": !ch.Private, "is_group": ch.Private, "is_private": ch.Private,
		"is_archived": ch.Archived, "is_member": ch.Member, "num_members": members}
}
