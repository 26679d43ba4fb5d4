package slacktest

import (
	"cmp"
	"slices"
	"strings"
)

// An App is one installation of an app, known by its token.
type App struct {
	Token  string
	Scopes []string // nil: all that attache asks for
	UserID string   // bot user; empty: the constant UserID
	BotID  string   // empty: the constant BotID
	AppID  string   // empty: the constant AppID
	// Refusal is answered to every call with this token when not empty:
	// token_revoked, account_inactive, token_expired, …
	Refusal string
}

// defaultScopes are the scopes of an app that asks for no others.
func defaultScopes() []string {
	return []string{"chat:write", "channels:history", "groups:history", "channels:read", "groups:read"}
}

// A Channel is a public or private channel.
type Channel struct {
	ID       string
	Name     string // without #
	Private  bool
	Archived bool
	Member   bool     // whether the apps are members
	People   []string // IDs of the people who are members
}

// Install adds an app, or replaces the one with the same token.
func (s *Server) Install(a App) {
	if a.Scopes == nil {
		a.Scopes = defaultScopes()
	}
	a.UserID = cmp.Or(a.UserID, UserID)
	a.BotID = cmp.Or(a.BotID, BotID)
	a.AppID = cmp.Or(a.AppID, AppID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[a.Token] = a
}

// Refuse makes every call with a token fail with an error string, such as
// token_revoked; the empty string makes the token good again.
func (s *Server) Refuse(token, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.apps[token]; ok {
		a.Refusal = code
		s.apps[token] = a
	}
}

// SetChannel adds a channel, or changes the one with the same ID: its name,
// whether it is archived, whether the apps are in it. Its messages stay.
func (s *Server) SetChannel(ch Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.channels[ch.ID]; !known {
		s.order = append(s.order, ch.ID)
	}
	s.channels[ch.ID] = ch
}

// appOf finds the app of a token, or says why it may do nothing.
func (s *Server) appOf(token string) (App, error) {
	app, ok := s.apps[token]
	switch {
	case token == "":
		return app, refuse("not_authed")
	case !ok:
		return app, refuse("invalid_auth")
	case app.Refusal != "":
		return app, refuse(app.Refusal)
	}
	return app, nil
}

// demand checks that the app has a scope.
func (a App) demand(scope string) error {
	if slices.Contains(a.Scopes, scope) {
		return nil
	}
	return refusal{code: "missing_scope", needed: scope, provided: strings.Join(a.Scopes, ",")}
}

// byNameOrID finds a channel by ID, by name or by #name.
func (s *Server) byNameOrID(channel string) Channel {
	if ch, ok := s.channels[channel]; ok {
		return ch
	}
	name := strings.TrimPrefix(channel, "#")
	for _, ch := range s.channels {
		if ch.Name == name {
			return ch
		}
	}
	return Channel{}
}

// byID finds a channel that a caller may know of: by ID alone, and a private
// one only as a member.
func (s *Server) byID(id string) (Channel, error) {
	ch, ok := s.channels[id]
	if !ok || ch.Private && !ch.Member {
		return ch, refuse("channel_not_found")
	}
	return ch, nil
}

// scope names the scope of a kind, "history" or "read", for a channel.
func (ch Channel) scope(kind string) string {
	if ch.Private {
		return "groups:" + kind
	}
	return "channels:" + kind
}

func (s *Server) authTest(a App, _ Call) (body, error) {
	return body{
		"url": "https://test.slack.com/", "team": "test", "team_id": TeamID,
		"user": "attache", "user_id": a.UserID, "bot_id": a.BotID,
		"is_enterprise_install": false,
	}, nil
}
