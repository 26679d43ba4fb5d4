package control

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"attache/internal/agenda"
)

// Export is which events are asked for as a calendar.
type Export struct {
	Query
	ID        string // only this event; "" is those that Filter chooses
	Feed      string // instead, a feed as it is served
	Windows   string // edges, span or none; "" is edges
	Cancelled string // status, title or both; "" is both
}

// answerExport answers with an iCalendar text.
func answerExport(w http.ResponseWriter, r *http.Request, d Daemon) {
	var x Export
	if err := json.Unmarshal([]byte(r.FormValue("q")), &x); err != nil {
		http.Error(w, "q: "+err.Error(), http.StatusBadRequest)
		return
	}
	text, ok := d.Calendar(x)
	if !ok {
		http.Error(w, "there is nothing of that name", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	_, _ = w.Write(text) // the asker is gone: nobody is left to tell
}

// Calendar asks for events as an iCalendar text. The error is ErrNoEvent where x names
// an event or a feed that is not there.
func (c *Client) Calendar(ctx context.Context, x Export) ([]byte, error) {
	q, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	res, err := ask(ctx, &c.http, http.MethodGet, "/calendar?q="+url.QueryEscape(string(q)))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("read the daemon's answer: %w", err)
	}
	return text, nil
}

// Chooses returns the events of list that x asks for.
func (x Export) Chooses(e agenda.Entry) bool {
	if x.ID != "" {
		return e.ID == x.ID
	}
	return x.Filter.Match(e)
}
