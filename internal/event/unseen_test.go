package event

import (
	"fmt"
	"strings"
	"testing"

	"attache/internal/when"
)

func TestEvent_Without(t *testing.T) {
	parse := func(s string) when.Expr {
		e, err := when.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := Event{
		ID: "visit", Title: "The visit",
		When: []Statement{
			{Expr: parse("2026-03-01"), Quote: "on the first", SupersededBy: "mark-name"},
			{ID: "mark-name", Expr: parse("before event:mark"), Phrase: "mark", Source: "mark", Quote: "mark", If: Condition{Text: "mark", Event: "mark", Is: Held}},
			{Expr: parse("2026-03-08"), If: Condition{Text: "mark", Event: "mark", Is: Held}},
			{Expr: parse("after event:open")},
			{Expr: parse("2026-03-09"), SupersededBy: "mark#1"},
			{Expr: parse("2026-03-10"), SupersededBy: "name-of-mark"},
		},
		If:    &Condition{Text: "mark", Event: "mark", Is: Held},
		Links: []Link{{Follows, "mark"}, {Follows, "open"}},
	}
	before := fmt.Sprintf("%+v", e)
	got := e.Without(func(id string) bool { return id != "mark" })
	if fmt.Sprintf("%+v", e) != before {
		t.Error("the event itself was changed")
	}
	if text := fmt.Sprintf("%+v %+v", got, *got.If); strings.Contains(text, "mark") {
		t.Errorf("it still speaks of what is hidden: %s", text)
	}
	if !got.Veiled || got.If.Text != Unseen || len(got.Links) != 1 || got.When[0].Quote != "on the first" ||
		got.When[0].SupersededBy != "visit#2" || got.When[3].Expr.LeansOn() != "open" || got.When[2].Expr.IsTBD() {
		t.Errorf("too much is left out: %+v", got)
	}
	e.When = e.When[:5]
	if same := e.Without(func(string) bool { return true }); same.Veiled || len(same.Links) != 2 {
		t.Errorf("something was left out for who sees all: %+v", same)
	}
}
