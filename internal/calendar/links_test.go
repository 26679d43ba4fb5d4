package calendar_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/event"
)

// A personal link shows what it was made for until it is revoked, also after a restart; that of the
// owner ends with the process.
func TestLinks(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"))
	s := *w.s
	s.PublicURL, s.Audiences = "https://attache.example", []calendar.Audience{{Name: "desk"}}
	a, err := calendar.LoadAddresses(w.db)
	if err != nil {
		t.Fatal(err)
	}
	link, err := a.NewLink(&s, calendar.LinkFor{Name: "Ada", Audiences: []string{"desk"}, Note: "until June"}, march)
	secret, ok := strings.CutPrefix(link.URL, "https://attache.example/a/"+link.ID+".")
	if err != nil || !ok || link.Name != "Ada" || link.Note != "until June" {
		t.Fatalf("%+v, %v", link, err)
	}
	all, err := a.NewLink(&s, calendar.LinkFor{Name: "Bob", Everything: true}, march.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if sight, ok := a.See(link.ID, secret, march.Add(time.Hour)); !ok || !slices.Equal(sight.Names(), []string{"everybody", "desk"}) {
		t.Errorf("it shows %v, %t", sight.Names(), ok)
	}
	for name, wrong := range map[string][2]string{"wrong secret": {link.ID, secret + "x"}, "another's": {all.ID, secret}, "no such": {"x", secret}, "nothing": {"", ""}} {
		if _, ok := a.See(wrong[0], wrong[1], march); ok {
			t.Errorf("%s: it shows something", name)
		}
	}
	if err := a.Note(); err != nil {
		t.Fatal(err)
	}
	owner := a.Owner(march)
	id, own, _ := strings.Cut(strings.TrimPrefix(owner, calendar.LinkPath), ".")
	if sight, ok := a.See(id, own, march); !ok || sight != calendar.Everything() {
		t.Errorf("the owner sees %v, %t", sight, ok)
	}
	again, err := calendar.LoadAddresses(w.db) // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	if list := again.Links(); len(list) != 2 || list[0].Name != "Ada" || list[0].Used == nil || list[1].Name != "Bob" || !list[1].Everything {
		t.Errorf("the links are %+v", list)
	}
	if _, ok := again.See(id, own, march); ok {
		t.Error("the owner's link of an earlier start shows something")
	}
	if _, err := again.RevokeLink(link.ID); err != nil {
		t.Error(err)
	}
	if _, ok := again.See(link.ID, secret, march); ok || len(again.Links()) != 1 {
		t.Error("it shows something although it was revoked")
	}
	if _, err := a.RevokeLink(id); err != nil {
		t.Error(err)
	}
	if _, ok := a.See(id, own, march); ok {
		t.Error("the owner's link shows something although it was revoked")
	}
}

func TestLinks_Wrong(t *testing.T) {
	w := newWorld(t, march)
	a, err := calendar.LoadAddresses(w.db)
	if err != nil {
		t.Fatal(err)
	}
	s := *w.s
	s.Audiences = []calendar.Audience{{Name: "desk"}}
	for words, x := range map[string]calendar.LinkFor{
		"has the name of whoever gets it":              {Audiences: []string{"desk"}},
		"--audience or --everything":                   {Name: "Ada"},
		`there is no audience "press": there are desk`: {Name: "Ada", Audiences: []string{"press"}},
	} {
		if _, err := a.NewLink(&s, x, march); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%+v: %v", x, err)
		}
	}
	if _, err := a.RevokeLink("none"); err == nil || !strings.Contains(err.Error(), `no personal link "none"`) {
		t.Error(err)
	}
}
