package calendar_test

import (
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/event"
)

func TestAddresses(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	private := calendar.DefaultFeed()
	private.Name, private.Private = "desk", true
	s := *w.s
	s.Feeds, s.PublicURL = append(s.Feeds, private), "https://attache.example"
	a, err := calendar.LoadAddresses(w.db)
	if err != nil {
		t.Fatal(err)
	}
	made, err := a.Make(&s, "desk", "for Ada", march)
	rest, ok := strings.CutPrefix(made.URL, "https://attache.example/f/"+made.ID+".")
	secret, file, _ := strings.Cut(rest, "/")
	if err != nil || !ok || file != "desk.ics" || made.Note != "for Ada" {
		t.Fatalf("%+v, %v", made, err)
	}
	for name, c := range map[string]struct {
		id, secret, feed string
		opens            bool
	}{
		"right":          {made.ID, secret, "desk", true},
		"wrong secret":   {made.ID, secret + "x", "desk", false},
		"wrong id":       {"x" + made.ID, secret, "desk", false},
		"another feed":   {made.ID, secret, "all", false},
		"nothing at all": {"", "", "", false},
	} {
		if got := a.Open(c.id, c.secret, c.feed, march.Add(time.Minute)); got != c.opens {
			t.Errorf("%s: opens %t", name, got)
		}
	}
	if err := a.Note(); err != nil {
		t.Fatal(err)
	}
	again, err := calendar.LoadAddresses(w.db) // as after a restart
	if err != nil || !again.Open(made.ID, secret, "desk", march) {
		t.Errorf("after a restart it opens nothing, %v", err)
	}
	if list := again.Of("desk"); len(list) != 1 || list[0].Used == nil {
		t.Errorf("nothing is known of its use: %+v", list)
	}
	if _, err := a.Revoke(made.ID); err != nil || a.Open(made.ID, secret, "desk", march) {
		t.Errorf("it opens the feed although it was revoked, %v", err)
	}
	if again, err := calendar.LoadAddresses(w.db); err != nil || len(again.Of("desk")) > 0 {
		t.Errorf("it is back after a restart, %v", err)
	}
	for feed, words := range map[string]string{"none": "there is no feed", "all": "is public, at https://attache.example/feeds/all.ics"} {
		if _, err := a.Make(&s, feed, "", march); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", feed, err)
		}
	}
	if _, err := a.Revoke("none"); err == nil {
		t.Error("what is not there is said to be revoked")
	}
}
