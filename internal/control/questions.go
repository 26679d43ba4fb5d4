package control

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/notice"
	"attache/internal/story"
)

// Client answers what commands ask of a calendar by asking the daemon.
var _ calendar.Reader = (*Client)(nil)

// questionHandlers adds what is asked of the calendar: each question is one value, which
// goes along as JSON.
func questionHandlers(mux *http.ServeMux, d Daemon) {
	question(mux, d, "/list", calendar.Reader.List)
	question(mux, d, "/why", calendar.Reader.Why)
	question(mux, d, "/changes", calendar.Reader.Changes)
	question(mux, d, "/notices", calendar.Reader.Notices)
	question(mux, d, "/calendar", calendar.Reader.Export)
	question(mux, d, "/render", calendar.Reader.Render)
}

// question has path answered by what reply returns of the calendar of d.
func question[Q, A any](mux *http.ServeMux, d Daemon, path string, reply func(calendar.Reader, context.Context, Q) (A, error)) {
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		var q Q
		if err := json.Unmarshal([]byte(r.FormValue("q")), &q); err != nil {
			http.Error(w, "q: "+err.Error(), http.StatusBadRequest)
			return
		}
		v, err := reply(d.Reader(), r.Context(), q)
		answer(w, v, err)
	})
}

// asked asks the question q of path.
func asked[A any](ctx context.Context, by *http.Client, path string, q any) (v A, err error) {
	text, err := json.Marshal(q)
	if err != nil {
		return v, err
	}
	return v, do(ctx, by, http.MethodGet, path+"?q="+url.QueryEscape(string(text)), &v)
}

// List asks for the events that q chooses, in its order.
func (c *Client) List(ctx context.Context, q calendar.Query) ([]story.View, error) {
	return asked[[]story.View](ctx, &c.http, "/list", q)
}

// Why asks why the event id is where it is. The error is calendar.ErrNoEvent where there is
// none.
func (c *Client) Why(ctx context.Context, id string) (agenda.WhyView, error) {
	return asked[agenda.WhyView](ctx, &c.http, "/why", id)
}

// Changes asks for the changes that q chooses, the newest first.
func (c *Client) Changes(ctx context.Context, q calendar.ChangeQuery) ([]change.View, error) {
	return asked[[]change.View](ctx, &c.http, "/changes", q)
}

// Notices asks for the notices that q chooses, in the order of time.
func (c *Client) Notices(ctx context.Context, q calendar.NoticeQuery) ([]calendar.NoticeView, error) {
	return asked[[]calendar.NoticeView](ctx, &c.long, "/notices", q)
}

// Export asks for events as an iCalendar text. The error is calendar.ErrNoEvent where x
// names an event or a feed that is not there.
func (c *Client) Export(ctx context.Context, x calendar.Export) ([]byte, error) {
	return asked[[]byte](ctx, &c.http, "/calendar", x)
}

// Render asks for what a channel is given about an event.
func (c *Client) Render(ctx context.Context, x calendar.Rendering) (notice.Post, error) {
	return asked[notice.Post](ctx, &c.http, "/render", x)
}

// RetryNotice asks for a notice that is dead or held to be sent. key may be the beginning
// of a key.
func (c *Client) RetryNotice(ctx context.Context, key string) (v calendar.NoticeView, err error) {
	return v, c.do(ctx, http.MethodPost, "/notices/"+url.PathEscape(key)+"/retry", &v)
}

// DropNotice asks for a notice not to be sent any more, or a dead one to be put away.
func (c *Client) DropNotice(ctx context.Context, key string) (v calendar.NoticeView, err error) {
	return v, c.do(ctx, http.MethodPost, "/notices/"+url.PathEscape(key)+"/drop", &v)
}
