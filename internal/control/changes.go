package control

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"attache/internal/agenda"
	"attache/internal/change"
)

// changesQuery is which changes are asked for, as it goes over the socket.
type changesQuery struct {
	Filter agenda.Filter
	Range  change.Range
}

// answerChanges answers with the changes that the request's query asks for.
func answerChanges(w http.ResponseWriter, r *http.Request, d Daemon) {
	var q changesQuery
	if err := json.Unmarshal([]byte(r.FormValue("q")), &q); err != nil {
		http.Error(w, "q: "+err.Error(), http.StatusBadRequest)
		return
	}
	list, err := d.Changes(q.Filter, q.Range)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, list)
}

// Changes asks what was changed, the newest first: of the events that f chooses, what r
// asks for.
func (c *Client) Changes(ctx context.Context, f agenda.Filter, r change.Range) ([]change.View, error) {
	q, err := json.Marshal(changesQuery{f, r})
	if err != nil {
		return nil, err
	}
	var v []change.View
	err = c.do(ctx, http.MethodGet, "/changes?q="+url.QueryEscape(string(q)), &v)
	return v, err
}
