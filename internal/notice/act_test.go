package notice

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestActs has a change of the talks, along with which the visit moved, and says what else of a
// queue is told in the same message.
func TestActs(t *testing.T) {
	due := at("2026-02-02T08:00:00Z")
	follows := []Follow{{Event: "visit"}}
	item := func(key string, n Notice) Item {
		if n.Due.IsZero() {
			n.Due = due
		}
		return Item{Key: key, Notice: n, Channel: "desk", State: Pending}
	}
	change := item("change", Notice{Event: "talks", Kind: Changed, Follows: follows})
	elsewhere, tried := item("x", Notice{Event: "talks", Kind: Reminder}), item("x", Notice{Event: "talks", Kind: Reminder})
	elsewhere.Channel, tried.Attempts = "board", 1
	for name, c := range map[string]struct {
		it   Item
		with bool
	}{
		"a reminder of it":                         {item("x", Notice{Event: "talks", Kind: Reminder}), true},
		"a question about it":                      {item("x", Notice{Event: "talks", Kind: Outcome, Due: due.Add(-time.Minute)}), true},
		"its card":                                 {item("x", Notice{Event: "talks", Kind: Card}), false},
		"a reminder in another channel":            {elsewhere, false},
		"a reminder that was tried before":         {tried, false},
		"a contradiction of what moved along":      {item("x", Notice{Event: "visit", Kind: Contradiction}), true},
		"a contradiction with it":                  {item("x", Notice{Event: "summit", Kind: Contradiction, With: []string{"y", "talks"}}), true},
		"a contradiction with what moved along":    {item("x", Notice{Event: "summit", Kind: Contradiction, With: []string{"visit"}}), true},
		"a contradiction of others":                {item("x", Notice{Event: "summit", Kind: Contradiction, With: []string{"y"}}), false},
		"a condition that it decides":              {item("x", Notice{Event: "summit", Kind: Condition, With: []string{"talks"}}), true},
		"a reminder of what moved along, due then": {item("x", Notice{Event: "visit", Kind: Reminder}), true},
		"a reminder of it that was due before":     {item("x", Notice{Event: "visit", Kind: Reminder, Due: due.Add(-time.Hour)}), false},
		"a question about what moved along":        {item("x", Notice{Event: "visit", Kind: Outcome}), false},
		"a reminder of another event":              {item("x", Notice{Event: "summit", Kind: Reminder}), false},
		"a change of what moved along":             {item("x", Notice{Event: "visit", Kind: Changed}), false},
	} {
		for _, queue := range [][]Item{{change, c.it}, {c.it, change}} {
			if of, ok := Acts(queue)["x"]; ok != c.with || ok && of != "change" {
				t.Errorf("%s: told with %q", name, of)
			}
		}
	}
	derived := item("change", Notice{Event: "visit", Kind: Changed, Cause: "talks"}) // whose cause is not told here
	if Acts([]Item{derived, item("x", Notice{Event: "summit", Kind: Contradiction, With: []string{"talks"}})})["x"] == "" {
		t.Error("a contradiction is not told with what the same edit moved")
	}
	both := []Item{change, item("own", Notice{Event: "summit", Kind: Changed}), item("x", Notice{Event: "summit", Kind: Contradiction, With: []string{"talks"}})}
	if of := Acts(both)["x"]; of != "own" {
		t.Errorf("a contradiction is told with %q, not with the change of its own event", of)
	}
}

func TestTold_ChangeWithWhatCameOfIt(t *testing.T) {
	item := func(key, event string, k Kind, with ...string) *Item {
		return &Item{Key: key, Notice: Notice{Event: event, Kind: k, With: with}, Channel: "desk", State: Pending}
	}
	texts := map[string]Message{
		"c": {Kind: Changed, Event: "talks", Title: "Talks", Headline: "Slipped: Talks", Date: "Tue 3 Feb 2026", Text: []string{"Why: snow"}},
		"x": {Kind: Contradiction, Event: "visit", Title: "Visit", Headline: "Contradiction: Visit", Date: "Mon 2 Feb 2026", Text: []string{"A and B"}, Mentions: []string{"@here"}},
		"r": {Kind: Reminder, Event: "visit", Title: "Visit", Headline: dateMoved + "Tomorrow: Visit", Date: "Mon 2 Feb 2026"},
		"o": {Kind: Outcome, Event: "other", Headline: "What became of it? Other"},
	}
	moved := item("c", "talks", Changed)
	moved.Notice.Follows = []Follow{{Event: "visit"}}
	items := []*Item{item("x", "visit", Contradiction, "talks"), item("o", "other", Outcome), moved, item("r", "visit", Reminder)}
	var got []string
	for _, m := range Told(items, texts) {
		got = append(got, m.Whole()+" "+strings.Join(m.Mentions, " "))
	}
	want := []string{
		"What became of it? Other ",
		"Slipped: Talks · Tue 3 Feb 2026 · Why: snow · Contradiction: Visit, Mon 2 Feb 2026 · A and B · Tomorrow: Visit, Mon 2 Feb 2026 @here",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told are %q", got)
	}
}
