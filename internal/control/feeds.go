package control

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// FeedView is a feed as it is served, with who may read it and who does.
type FeedView struct {
	Name      string      `json:"name"`
	Title     string      `json:"title"`
	Private   bool        `json:"private"`
	Address   string      `json:"address,omitempty"` // of a public feed
	Entries   int         `json:"entries"`
	Undated   int         `json:"undated"`   // events that have no date to show
	CutPast   int         `json:"cut_past"`  // entries that have passed and did not fit
	CutAhead  int         `json:"cut_ahead"` // entries yet to come that did not fit
	Bytes     int         `json:"bytes"`
	Modified  string      `json:"modified"`  // RFC 3339, UTC
	LeftOut   []string    `json:"left_out"`  // events that can't be published, and why
	Addresses []TokenView `json:"addresses"` // of a private feed, without their secrets
	Polls     []PollView  `json:"polls"`     // since the daemon started
}

// TokenView is a secret address of a private feed, without its secret.
type TokenView struct {
	ID      string     `json:"id"`
	Feed    string     `json:"feed"`
	Note    string     `json:"note"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used"` // when it was last used; null is never
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

// NewAddress is a secret address of a private feed. Nobody can show it again.
type NewAddress struct {
	TokenView
	URL string `json:"url"`
}

// feedHandlers adds what is asked about feeds.
func feedHandlers(mux *http.ServeMux, d Daemon) {
	mux.HandleFunc("GET /feeds", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.Feeds()) })
	mux.HandleFunc("GET /calendar", func(w http.ResponseWriter, r *http.Request) { answerExport(w, r, d) })
	mux.HandleFunc("POST /feeds/{name}/addresses", func(w http.ResponseWriter, r *http.Request) {
		a, err := d.NewAddress(r.PathValue("name"), r.FormValue("note"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		answer(w, a)
	})
	mux.HandleFunc("DELETE /addresses/{id}", func(w http.ResponseWriter, r *http.Request) {
		t, err := d.RevokeAddress(r.PathValue("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		answer(w, t)
	})
}

// Feeds asks which feeds there are.
func (c *Client) Feeds(ctx context.Context) (list []FeedView, err error) {
	return list, c.do(ctx, http.MethodGet, "/feeds", &list)
}

// NewAddress asks for a secret address of a private feed.
func (c *Client) NewAddress(ctx context.Context, feed, note string) (a NewAddress, err error) {
	return a, c.do(ctx, http.MethodPost, "/feeds/"+url.PathEscape(feed)+"/addresses?note="+url.QueryEscape(note), &a)
}

// RevokeAddress makes a secret address lead nowhere.
func (c *Client) RevokeAddress(ctx context.Context, id string) (t TokenView, err error) {
	return t, c.do(ctx, http.MethodDelete, "/addresses/"+url.PathEscape(id), &t)
}
