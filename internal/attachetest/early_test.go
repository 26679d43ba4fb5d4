package attachetest

import (
	"io"
	"net"
	"net/http"
	"strings"
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

// A feed that was kept when more was for everybody is not served at the start.
func TestServe_KeptFeedsOfWiderAudiences(t *testing.T) {
	t.Parallel()
	const desk = "audiences: [{name: desk}]"
	for name, change := range map[string]func(a *Attache){
		"the event": func(a *Attache) {
			a.Write("attache.yaml", Settings(t, nil, desk))
			a.Write("events/a.yaml", strings.Replace(visit("2099-02-03"), "events:", "audience: desk\nevents:", 1))
		},
		"an audience that chooses it": func(a *Attache) {
			a.Write("attache.yaml", Settings(t, nil, "audiences: [{name: desk, match: {kinds: [visit]}}]"))
		},
		"the feed": func(a *Attache) {
			a.Write("attache.yaml", Settings(t, nil, "feeds: [{name: all, private: true}]"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
			if !starts(a, "20990203") {
				t.Fatal("the feed lacks the event")
			}
			a.Stop()
			change(a)
			d, err := a.make()
			if err != nil {
				t.Fatal(err)
			}
			a.d = d
			c, err := net.Dial("tcp", strings.TrimPrefix(a.URL(), "http://"))
			if err == nil {
				defer c.Close()
				_, err = io.WriteString(c, "GET /feeds/all.ics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := a.start(d); err != nil {
				t.Fatal(err)
			}
			early, err := io.ReadAll(c)
			if err != nil || strings.Contains(string(early), "20990203") || !strings.HasPrefix(string(early), "HTTP/1.1 ") {
				t.Errorf("who asked before the start was answered, %v\n%s", err, early)
			}
			for _, path := range []string{"/feeds/all.ics", "/", "/changes", "/feed.ics", "/events/visit"} {
				if got := a.Get(path); strings.Contains(got.Body, "20990203") || strings.Contains(got.Body, "Beijing") {
					t.Errorf("%s shows the event still", path)
				}
			}
		})
	}
}
