package agenda

import (
	"strings"
	"testing"

	"attache/internal/event"
)

// codes returns the codes of the warnings of each entry.
func codes(list []Entry) map[string]string {
	out := map[string]string{}
	for _, e := range list {
		var all []string
		for _, w := range e.Warnings {
			all = append(all, w.Code)
		}
		out[e.ID] = strings.Join(all, " ")
	}
	return out
}

func titled(t *testing.T, id, title, place string, status event.Status, statements ...string) Input {
	in := input(t, id, statements...)
	in.Revision.Event.Title, in.Revision.Event.Place, in.Revision.Event.Status = title, place, status
	return in
}

func TestDuplicates(t *testing.T) {
	linked := titled(t, "linked", "Tariff talks", "Busan", event.Open, "2026-04-02")
	linked.Revision.Event.Links = []event.Link{{Rel: event.Follows, To: "busan"}}
	in := []Input{
		titled(t, "a", "Rare-earth talks", "", event.Open, "2026-04-02"),
		titled(t, "b", "rare earth Talks", "Seoul", event.Open, "2026-04"),
		titled(t, "c", "Rare-earth talks", "", event.Open, "2026-06"),
		titled(t, "d", "Rare-earth talks", "", event.Cancelled, "2026-04-02"),
		titled(t, "busan", "Tariff talks", "Busan", event.Open, "2026-04-02"),
		titled(t, "geneva", "Tariff talks", "Geneva", event.Open, "2026-04-02"),
		linked,
		titled(t, "e", "Sommet de l’Élysée", "Türkiye", event.Open, "2026-04-02"),
		titled(t, "f", "Sommet de l'Elysee", "Turkiye", event.Open, "2026-04-02"),
	}
	solved := Net{}.Apply(in, nil).Entries()
	got := codes(Filter{}.Select(Duplicates(solved)))
	for id, want := range map[string]string{
		"a": WarnDuplicate, "b": WarnDuplicate, "c": "", "d": "", "busan": "", "geneva": "", "linked": "", "e": WarnDuplicate, "f": WarnDuplicate,
	} {
		if got[id] != want {
			t.Errorf("%s warns %q; want %q", id, got[id], want)
		}
	}
	if before := codes(Filter{}.Select(solved)); before["a"] != "" {
		t.Errorf("the entries that were given warn %q", before["a"])
	}
	if e := Duplicates(solved)[0]; !strings.HasPrefix(e.Warnings[0].Words, "it looks like a duplicate of b: ") {
		t.Errorf("it says %q", e.Warnings[0].Words)
	}
}

func TestLastSafeDay(t *testing.T) {
	for _, c := range []struct{ kind, when, want string }{
		{"deadline", "at 2025-11-10 00:01 in America/New_York", "2025-11-09"},
		{"deadline", "at 2025-11-10 00:00 in America/New_York", "2025-11-09"},
		{"deadline", "at 2025-11-10 01:00 in America/New_York", ""},
		{"deadline", "at 2025-11-10 23:59 in America/New_York", ""},
		{"deadline", "at 2026-04-24 01:01 in Africa/Cairo", "2026-04-23"}, // its day begins at 01:00
		{"deadline", "by 2025-11-10", ""},
		{"meeting", "at 2025-11-10 00:01 in America/New_York", ""},
	} {
		in := input(t, "x", c.when)
		in.Revision.Event.Kind = event.Kind(c.kind)
		e := Solve([]Input{in})[0]
		d, ok := e.LastSafeDay()
		if got := d.String(); got != c.want || ok != (c.want != "") {
			t.Errorf("%s %s: %q, %t; want %q", c.kind, c.when, got, ok, c.want)
		}
		if got := e.View(in.Created).LastSafeDay; got != c.want {
			t.Errorf("%s %s: programs read %q; want %q", c.kind, c.when, got, c.want)
		}
	}
}

func TestWarning_StatementAndLine(t *testing.T) {
	in := input(t, "talks", "2026-11-01", "at 2026-11-01 01:30 in America/New_York")
	in.Revision.Event.Origin = event.Position{File: "talks.yaml", Line: 3}
	in.Revision.Event.When[1].Line = 7
	e := Solve([]Input{in})[0]
	if len(e.Warnings) != 1 || e.Warnings[0].Code != "doubled-time" || !strings.HasPrefix(e.Warnings[0].Words, "talks#2: ") || e.Warnings[0].At.String() != "talks.yaml:7" {
		t.Errorf("it warns %+v", e.Warnings)
	}
}
