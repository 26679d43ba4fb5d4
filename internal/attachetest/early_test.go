package attachetest

import (
	"net/http"
	"testing"
)

func TestServe_KeptFeedsComeFirst(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil, "feeds: [{name: all}, {name: desk, private: true}]"), visit("2099-02-03")))
	before := a.Get("/feeds/all.ics")
	a.Stop()
	a.Write("events/a.yaml", visit("2099-02-05"))
	d, err := a.make() // the files are read, and it was not told to start
	if err != nil {
		t.Fatal(err)
	}
	a.d = d
	early := a.Get("/feeds/all.ics")
	if early.Status != http.StatusOK || early.Body != before.Body || early.Header.Get("Etag") != before.Header.Get("Etag") {
		t.Errorf("the feed is answered with %d %s and other octets than before", early.Status, early.Header.Get("Etag"))
	}
	if got := a.Get("/feeds/all.ics", "If-None-Match", before.Header.Get("Etag")); got.Status != http.StatusNotModified {
		t.Errorf("what has not changed yet is answered with %d", got.Status)
	}
	for _, path := range []string{"/", "/readyz", "/events/visit", "/feeds/desk.ics", "/feeds/none.ics", "/feeds/all.ics?windows=span", "/feed.ics"} {
		if got := a.Get(path); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s is answered with %d, Retry-After %q", path, got.Status, got.Header.Get("Retry-After"))
		}
	}
	if got := a.Get("/livez"); got.Status != http.StatusOK {
		t.Errorf("/livez is answered with %d", got.Status)
	}
	if err := a.start(d); err != nil {
		t.Fatal(err)
	}
	if a.Get("/").Status != http.StatusOK || !starts(a, "20990205") {
		t.Error("once it runs the new date is not there")
	}
}
