package control

import (
	"context"
	"net/http"
	"net/url"

	"attache/internal/calendar"
)

// linkHandlers answer what is asked of personal links, and of who may see what.
func linkHandlers(handle func(string, func(*http.Request) (any, error)), d Daemon) {
	handle("POST /links", func(r *http.Request) (any, error) {
		x := calendar.LinkFor{Name: r.FormValue("name"), Everything: r.FormValue("everything") != "", Note: r.FormValue("note")}
		x.Audiences = r.Form["audience"] // which FormValue has read
		return d.NewLink(x)
	})
	handle("GET /links", func(*http.Request) (any, error) { return d.Links(), nil })
	handle("DELETE /links/{id}", func(r *http.Request) (any, error) { return d.RevokeLink(r.PathValue("id")) })
	handle("GET /events/{id}/who", func(r *http.Request) (any, error) { return d.Who(r.PathValue("id")) })
}

// NewLink asks for a personal link.
func (c *Client) NewLink(ctx context.Context, x calendar.LinkFor) (a calendar.NewLink, err error) {
	q := url.Values{"name": {x.Name}, "note": {x.Note}, "audience": x.Audiences}
	if x.Everything {
		q.Set("everything", "true")
	}
	return a, c.do(ctx, http.MethodPost, "/links?"+q.Encode(), &a)
}

// Links asks which personal links there are.
func (c *Client) Links(ctx context.Context) (list []calendar.LinkView, err error) {
	return list, c.do(ctx, http.MethodGet, "/links", &list)
}

// RevokeLink makes a personal link show nothing.
func (c *Client) RevokeLink(ctx context.Context, id string) (a calendar.LinkView, err error) {
	return a, c.do(ctx, http.MethodDelete, "/links/"+url.PathEscape(id), &a)
}

// Who asks who may see an event. The error is calendar.ErrNoEvent where there is none.
func (c *Client) Who(ctx context.Context, id string) (v calendar.WhoView, err error) {
	return v, c.do(ctx, http.MethodGet, "/events/"+url.PathEscape(id)+"/who", &v)
}
