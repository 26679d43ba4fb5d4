package control

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"attache/internal/agenda"
)

// Query is which events are asked for.
type Query struct {
	Now    time.Time     // as they stand then
	Filter agenda.Filter // the zero one chooses all
	Order  agenda.Order  // "" is by day
}

// answerList answers with the events that the request's query asks for.
func answerList(w http.ResponseWriter, r *http.Request, d Daemon) {
	var q Query
	if err := json.Unmarshal([]byte(r.FormValue("q")), &q); err != nil {
		http.Error(w, "q: "+err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, d.Views(q))
}

// Views asks for the events that q chooses, in its order.
func (c *Client) Views(ctx context.Context, q Query) ([]agenda.View, error) {
	text, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	var v []agenda.View
	err = c.do(ctx, http.MethodGet, "/list?q="+url.QueryEscape(string(text)), &v)
	return v, err
}
