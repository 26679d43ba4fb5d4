package control

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// NoticeView is one notice for one channel, and how far it has come.
type NoticeView struct {
	Key       string       `json:"key"`
	State     string       `json:"state"` // planned, sending, unknown, held, in digest, sent, dead or superseded
	Why       string       `json:"why"`   // what keeps or ended it, one line; "" where nothing does
	Notice    string       `json:"notice"`
	Event     string       `json:"event"` // "" where it speaks of several
	Lead      string       `json:"lead,omitempty"`
	Channel   string       `json:"channel"`
	Due       time.Time    `json:"due"`                // UTC
	NextTry   *time.Time   `json:"next_try,omitempty"` // where it is tried again
	Sent      *time.Time   `json:"sent,omitempty"`
	Attempts  int          `json:"attempts"`
	ChannelID string       `json:"channel_id,omitempty"` // where it is
	TS        string       `json:"ts,omitempty"`
	Thread    string       `json:"thread,omitempty"`  // the message that it replies to
	Digest    string       `json:"digest,omitempty"`  // key of the one that tells it
	Members   []string     `json:"members,omitempty"` // keys of those that it tells
	Text      string       `json:"text,omitempty"`    // in one line, once it is written
	Message   any          `json:"message,omitempty"` // all that it says, of one that is unknown, held or dead
	History   []NoticeStep `json:"history"`
}

// NoticeStep is one thing that was done with a notice.
type NoticeStep struct {
	At    time.Time `json:"at"` // UTC
	State string    `json:"state"`
	Note  string    `json:"note,omitempty"`
}

// NoticeQuery chooses notices; an empty field chooses all.
type NoticeQuery struct {
	States, Channels, Kinds []string
	Event                   string
	Limit                   int // the last so many; 0 is all
}

// Match reports whether q chooses v. Cards, and what no longer applies, are chosen only by
// their names.
func (q NoticeQuery) Match(v NoticeView) bool {
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	named := func(list []string, s, hidden string) bool { return s != hidden || slices.Contains(list, s) }
	return in(q.States, v.State) && in(q.Channels, v.Channel) && in(q.Kinds, v.Notice) &&
		named(q.Kinds, v.Notice, "card") && named(q.States, v.State, "superseded") &&
		(q.Event == "" || q.Event == v.Event)
}

// values writes q as it is asked.
func (q NoticeQuery) values() string {
	v := url.Values{"state": q.States, "channel": q.Channels, "kind": q.Kinds, "event": {q.Event}, "limit": {strconv.Itoa(q.Limit)}}
	return v.Encode()
}

func readNoticeQuery(v url.Values) NoticeQuery {
	limit, _ := strconv.Atoi(v.Get("limit")) // what is no number is no limit
	return NoticeQuery{States: v["state"], Channels: v["channel"], Kinds: v["kind"], Event: v.Get("event"), Limit: limit}
}

// noticeHandlers adds what is asked about notices.
func noticeHandlers(mux *http.ServeMux, d Daemon) {
	mux.HandleFunc("GET /notices", func(w http.ResponseWriter, r *http.Request) {
		list, err := d.Notices(readNoticeQuery(r.URL.Query()))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, list)
	})
	act := func(name string, do func(key string) (NoticeView, error)) {
		mux.HandleFunc("POST /notices/{key}/"+name, func(w http.ResponseWriter, r *http.Request) {
			v, err := do(r.PathValue("key"))
			if err != nil {
				http.Error(w, err.Error(), http.StatusUnprocessableEntity)
				return
			}
			answer(w, v)
		})
	}
	act("retry", d.RetryNotice)
	act("drop", d.DropNotice)
	mux.HandleFunc("GET /render/{id}", func(w http.ResponseWriter, r *http.Request) {
		now, err := time.Parse(time.RFC3339, r.FormValue("now"))
		if err != nil {
			http.Error(w, "now: "+err.Error(), http.StatusBadRequest)
			return
		}
		body, err := d.Render(Rendering{r.PathValue("id"), r.FormValue("notice"), r.FormValue("channel"), now})
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		answer(w, string(body))
	})
}

// Notices asks for the notices that q chooses, in the order of time.
func (c *Client) Notices(ctx context.Context, q NoticeQuery) (list []NoticeView, err error) {
	return list, do(ctx, &c.long, http.MethodGet, "/notices?"+q.values(), &list)
}

// RetryNotice asks for a notice that is dead or held to be sent. key may be the beginning
// of a key.
func (c *Client) RetryNotice(ctx context.Context, key string) (v NoticeView, err error) {
	return v, c.do(ctx, http.MethodPost, "/notices/"+url.PathEscape(key)+"/retry", &v)
}

// DropNotice asks for a notice not to be sent any more, or a dead one to be put away.
func (c *Client) DropNotice(ctx context.Context, key string) (v NoticeView, err error) {
	return v, c.do(ctx, http.MethodPost, "/notices/"+url.PathEscape(key)+"/drop", &v)
}

// Rendering says what is to be shown as Slack would be given it.
type Rendering struct {
	ID      string    // of the event
	Notice  string    // the kind of notice, "" for the card
	Channel string    // "" for the first one that such a notice goes to
	Now     time.Time // as it reads then
}

// Render asks for what Slack would be given in a channel about an event, as JSON.
func (c *Client) Render(ctx context.Context, x Rendering) (body string, err error) {
	q := url.Values{"notice": {x.Notice}, "channel": {x.Channel}, "now": {x.Now.Format(time.RFC3339)}}
	return body, c.do(ctx, http.MethodGet, "/render/"+url.PathEscape(x.ID)+"?"+q.Encode(), &body)
}
