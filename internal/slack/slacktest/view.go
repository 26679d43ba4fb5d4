package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const (
	maxTitle    = 24 // of a view, and of its buttons
	maxPrivate  = 3000
	maxViewSize = 250_000 // bytes
)

// A View is a modal or the Home tab as a person sees it.
type View struct {
	ID       string
	User     string
	Type     string // modal or home
	Callback string
	Private  string // its private_metadata
	Title    string
	Blocks   json.RawMessage
	Errors   map[string]string // by block: what the last submission was refused for
	blocks   []block
	hash     string
}

// viewJSON is a view on the wire.
type viewJSON struct {
	Type     string          `json:"type"`
	Title    *textObject     `json:"title,omitempty"`
	Submit   *textObject     `json:"submit,omitempty"`
	Close    *textObject     `json:"close,omitempty"`
	Blocks   json.RawMessage `json:"blocks"`
	Private  string          `json:"private_metadata,omitempty"`
	Callback string          `json:"callback_id,omitempty"`
}

// keys of a view.
var viewKeys = strings.Fields("type title submit close blocks private_metadata callback_id clear_on_close notify_on_close external_id")

// readView checks a view that is of the type kind.
func readView(text, kind string) (*View, error) {
	var in viewJSON
	var object map[string]json.RawMessage
	if len(text) > maxViewSize {
		return nil, refuse("view_too_large")
	}
	if json.Unmarshal([]byte(text), &in) != nil || json.Unmarshal([]byte(text), &object) != nil {
		return nil, refuse("invalid_arguments")
	}
	v := &validator{allowed: []string{"section", "header", "context", "divider", "actions", "input"}}
	for k := range object {
		if !slices.Contains(viewKeys, k) {
			v.wrong("/view", "no more keys are allowed: %s", k)
		}
	}
	out := &View{Type: in.Type, Callback: in.Callback, Private: in.Private, Blocks: in.Blocks}
	if json.Unmarshal(in.Blocks, &out.blocks) != nil || len(out.blocks) == 0 {
		v.wrong("/view/blocks", "must be a list of blocks")
	}
	if in.Type != kind {
		v.wrong("/view/type", "must be %s", kind)
	}
	v.most("/view/private_metadata", in.Private, maxPrivate)
	v.most("/view/callback_id", in.Callback, maxName)
	v.blocks(in.Blocks, out.blocks, maxViewBlocks)
	inputs := slices.ContainsFunc(out.blocks, func(b block) bool { return b.Type == "input" })
	for _, t := range []*textObject{in.Title, in.Submit, in.Close} {
		if t != nil {
			v.text("/view", t, maxTitle, "plain_text")
		}
	}
	switch {
	case kind == "modal" && in.Title == nil:
		v.wrong("/view/title", "missing required field: title")
	case kind == "modal" && inputs && in.Submit == nil:
		v.wrong("/view/submit", "missing required field: submit")
	case kind == "home" && (in.Title != nil || in.Submit != nil || in.Close != nil):
		v.wrong("/view", "a home tab has no title")
	}
	if in.Title != nil {
		out.Title = in.Title.Text
	}
	if len(v.problems) > 0 {
		return nil, refusal{code: "invalid_arguments", problems: v.problems}
	}
	return out, nil
}

// openView is views.open.
func (s *Server) openView(_ App, c Call) (body, error) {
	id := c.Form.Get("trigger_id")
	t, known := s.socks.triggers[id]
	switch {
	case !known:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case time.Now().After(t.expires):
		return nil, refuse("expired_trigger_id")
	}
	v, err := readView(c.Form.Get("view"), "modal")
	if err != nil {
		return nil, err
	}
	t.used = true
	s.socks.triggers[id] = t
	v.ID, v.User, v.hash = s.number("V"), t.user, s.number("hash")
	s.views[t.user] = v
	return body{"view": body{"id": v.ID, "hash": v.hash, "type": v.Type}}, nil
}

// updateView is views.update.
func (s *Server) updateView(_ App, c Call) (body, error) {
	for user, old := range s.views {
		if old.ID != c.Form.Get("view_id") {
			continue
		}
		if h := c.Form.Get("hash"); h != "" && h != old.hash {
			return nil, refuse("hash_conflict")
		}
		v, err := readView(c.Form.Get("view"), "modal")
		if err != nil {
			return nil, err
		}
		v.ID, v.User, v.hash = old.ID, user, s.number("hash")
		s.views[user] = v
		return body{"view": body{"id": v.ID, "hash": v.hash, "type": v.Type}}, nil
	}
	return nil, refuse("not_found")
}

// publishView is views.publish.
func (s *Server) publishView(_ App, c Call) (body, error) {
	v, err := readView(c.Form.Get("view"), "home")
	if err != nil {
		return nil, err
	}
	user := c.Form.Get("user_id")
	if user == "" {
		return nil, refuse("user_not_found")
	}
	v.ID, v.User = s.number("V"), user
	s.homes[user] = v
	return body{"view": body{"id": v.ID, "type": v.Type}}, nil
}

// Shown returns the words of a view, each block a line or more, with what can be pressed in
// brackets.
func (v View) Shown() string { return Message{blocks: v.blocks}.Shown() }

// View returns the modal that a person sees, and false where there is none.
func (s *Server) View(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.views[user]
	if v == nil {
		return View{}, false
	}
	return *v, true
}

// Home returns the Home tab as a person sees it, and false where it was never published.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.homes[user]
	if v == nil {
		return View{}, false
	}
	return *v, true
}

// CloseView closes the modal of a person, as with its Cancel.
func (s *Server) CloseView(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, user)
}
