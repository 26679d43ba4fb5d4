package web

import (
	"encoding/json"
	"net/http"
	"time"
)

// live answers that requests are answered, and says nothing more than that.
func live(w http.ResponseWriter) { plain(w, "ok\n") }

// robots lets everybody in. Feeds stay out of search by a header of their own:
// some calendar services honour this file when they fetch.
func robots(w http.ResponseWriter) { plain(w, "User-agent: *\nAllow: /\n") }

func plain(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(text)) // a client that went away is no error of ours
}

// report is what /readyz answers. Its names are a promise.
type report struct {
	Ready  bool         `json:"ready"`
	Checks []Check      `json:"checks"`
	Reload reportReload `json:"reload"`
}

// reportReload is the verdict of the last reading of the files.
type reportReload struct {
	OK     bool     `json:"ok"`
	At     *string  `json:"at"`     // RFC 3339, UTC; null where there was none
	Errors []string `json:"errors"` // file:line:column: what is wrong

	Restart []string `json:"restart"` // what was changed and holds only once attache is started again
}

// ready answers 200 where everything works and 503 where something does not. A
// reload that failed is told but makes nothing unready: what was read before
// still holds. Why it is so is told to those who may see everything.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
	got := s.Readiness()
	if !s.seesAll(r) {
		got = Readiness{Ready: got.Ready}
	}
	rep := report{
		Ready: got.Ready, Checks: append([]Check{}, got.Checks...),
		Reload: reportReload{OK: len(got.Errors) == 0, Errors: append([]string{}, got.Errors...), Restart: append([]string{}, got.Restart...)},
	}
	if !got.ReloadedAt.IsZero() {
		at := got.ReloadedAt.UTC().Format(time.RFC3339)
		rep.Reload.At = &at
	}
	body, err := json.MarshalIndent(rep, "", "  ")
	if err != nil {
		panic(err) // strings and booleans always have a JSON form
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !got.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(body, '\n')) // a client that went away is no error of ours
}
