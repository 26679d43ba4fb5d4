package attachetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"attache/internal/config"
	"attache/internal/store"
)

func TestFeeds_AskedForByDate(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	modified := a.Get("/feeds/all.ics").Header.Get("Last-Modified")
	at, err := time.Parse(time.RFC1123, modified)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Get("/feeds/all.ics", "If-Modified-Since", modified); got.Status != 304 || got.Body != "" {
		t.Errorf("unchanged since: %d and %d bytes", got.Status, len(got.Body))
	}
	earlier := strings.Replace(at.Add(-time.Minute).UTC().Format(time.RFC1123), "UTC", "GMT", 1)
	if got := a.Get("/feeds/all.ics", "If-Modified-Since", earlier); got.Status != 200 || got.Body == "" {
		t.Errorf("changed since: %d and %d bytes", got.Status, len(got.Body))
	}
}

func TestEdit_ToAnotherFileChangesNothing(t *testing.T) {
	t.Parallel()
	a := Start(t, map[string]string{"attache.yaml": Settings(t, nil), "events/a.yaml": visit("2099-02-03"), "events/b.yaml": "events: []\n"})
	before := a.Feed()
	a.Write("events/a.yaml", "events: []\n")
	a.Write("events/b.yaml", "# moved here\n"+visit("2099-02-03"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("its page", func() bool { return strings.Contains(a.Get("/api/v1/events/visit").Body, "b.yaml") })
	if a.Feed() != before {
		t.Errorf("the feed changed to\n%s", a.Feed())
	}
	a.Stop()
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			list, err := tx.Revisions("visit")
			if len(list) != 1 {
				t.Errorf("%d revisions", len(list))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	if a.Screen() != "" {
		t.Errorf("it is told:\n%s", a.Screen())
	}
}

func TestFeeds_BecomesPrivate(t *testing.T) {
	t.Parallel()
	with := func(feed string) string {
		return Settings(t, nil, "feeds:", "  - {name: all, title: All}", "  - {name: desk, title: Desk"+feed+"}")
	}
	a := Start(t, files(with(""), visit("2099-02-03")))
	public := a.Get("/feeds/desk.ics")
	if public.Status != 200 {
		t.Fatalf("the public feed answers %d", public.Status)
	}
	a.Write("attache.yaml", with(", private: true"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got := a.Get("/feeds/desk.ics", "If-None-Match", public.Header.Get("Etag"))
		if got.Status != 404 || strings.Contains(got.Body, "visit") {
			t.Errorf("the private feed answers %d:\n%s", got.Status, got.Body)
		}
		for _, page := range []string{"/", "/subscribe"} {
			if strings.Contains(a.Get(page).Body, "desk") {
				t.Errorf("%s names the private feed", page)
			}
		}
		a.Restart()
	}
	a.Write("attache.yaml", with(""))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	if got := a.Get("/feeds/desk.ics"); got.Status != 200 || got.Body != public.Body || got.Header.Get("Etag") != public.Header.Get("Etag") {
		t.Errorf("public again it answers %d", got.Status)
	}
}

func TestReload_BadSettingsKeepTheLastGoodState(t *testing.T) {
	t.Parallel()
	good := Settings(t, nil)
	a := Start(t, files(good, visit("2099-02-03")))
	before := a.Feed()
	for bad, place := range map[string]string{
		good + "timezone: Mars/Olympus\n": "attache.yaml:4:1: ",
		good + "titel: x\n":               `attache.yaml:4:1: unknown key "titel"`,
		"\tsettle: 0s\n":                  "attache.yaml:1:1: ",
		"":                                "attache.yaml",
		good + "feeds: {}\n":              "attache.yaml:4:8: ",
	} {
		a.Write("attache.yaml", bad)
		var found config.Errors
		if err := a.Reload(); !errors.As(err, &found) || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: the error is %v", bad, err)
		}
		if a.Feed() != before {
			t.Errorf("%q: the feed changed", bad)
		}
	}
	a.Write("attache.yaml", good)
	if err := a.Reload(); err != nil || !a.Health().Reload.OK {
		t.Errorf("mended: %v, %+v", err, a.Health().Reload)
	}
}
