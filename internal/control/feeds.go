package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"attache/internal/calendar"
)

// FeedView is a feed as it is served, with who may read it and who does.
type FeedView struct {
	Name      string                 `json:"name"`
	Title     string                 `json:"title"`
	Private   bool                   `json:"private"`
	Address   string                 `json:"address,omitempty"` // of a public feed
	Entries   int                    `json:"entries"`
	Undated   int                    `json:"undated"`            // events that have no date to show
	CutPast   int                    `json:"cut_past"`           // entries that have passed and did not fit
	CutAhead  int                    `json:"cut_ahead"`          // entries yet to come that did not fit
	Complete  string                 `json:"complete,omitempty"` // up to when it is, in words, where some did not fit
	Bytes     int                    `json:"bytes"`
	Modified  string                 `json:"modified"`  // RFC 3339, UTC
	LeftOut   []string               `json:"left_out"`  // events that can't be published, and why
	Addresses []calendar.AddressView `json:"addresses"` // of a private feed, without their secrets
	Polls     []PollView             `json:"polls"`     // since the daemon started
}

// PollView is how one kind of program asked for a feed.
type PollView struct {
	Client    string    `json:"client"`
	Full      uint64    `json:"full"`
	Unchanged uint64    `json:"unchanged"`
	Refused   uint64    `json:"refused"`
	Octets    uint64    `json:"octets"`
	Last      time.Time `json:"last"`
}

// Feeds asks which feeds there are.
func (c *Client) Feeds(ctx context.Context) (list []FeedView, err error) {
	return list, c.do(ctx, http.MethodGet, "/feeds", &list)
}

// NewAddress asks for a secret address of a private feed.
func (c *Client) NewAddress(ctx context.Context, feed, note string) (a calendar.NewAddress, err error) {
	return a, c.do(ctx, http.MethodPost, "/feeds/"+url.PathEscape(feed)+"/addresses?note="+url.QueryEscape(note), &a)
}

// RevokeAddress makes a secret address lead nowhere.
func (c *Client) RevokeAddress(ctx context.Context, id string) (t calendar.AddressView, err error) {
	return t, c.do(ctx, http.MethodDelete, "/addresses/"+url.PathEscape(id), &t)
}
