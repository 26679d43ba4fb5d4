package agenda

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/event"
	"attache/internal/when"
)

// phrases are statements of every form; %s is the id of an event, %d a number of days.
var phrases = []string{
	"tbd", "2026-%[3]s", "by 2026-%[3]s", "not before 2026-%[3]s", "before 2026-%[3]s", "2026-21", "2026-22",
	"2026-%[3]s 09:30", "2026-%[3]s 23:30 in America/New_York", "from 2026-%[3]s lasting %[2]d days", "ends by 2026-%[3]s",
	"[2025-12-05,2025-12-20,2026-%[3]s]", "edtf 2026-%[3]s~", "edtf 2026-%[3]s?",
	"after event:%[1]s", "before event:%[1]s", "by event:%[1]s", "not before event:%[1]s", "during event:%[1]s", "event:%[1]s",
	"after event:%[1]s.start", "before event:%[1]s.end", "%[2]d days after event:%[1]s", "within %[2]d days before event:%[1]s",
	"at least %[2]d days after event:%[1]s", "at most %[2]d days before event:%[1]s", "%[2]d months after event:%[1]s",
	"at least 1 month before event:%[1]s", "%[2]d hours after event:%[1]s", "at least %[2]d hours before event:%[1]s",
	"%[2]d business days after event:%[1]s", "at most %[2]d business days before event:%[1]s",
	"ends by event:%[1]s",
}

// anyEvent draws an event that may lean on any of n others.
func anyEvent(t *rapid.T, id string, n int) Input {
	e := event.Event{ID: id, Title: "Title of " + id, Status: event.Open, Certainty: event.Possible}
	e.Zone = rapid.SampledFrom([]string{"UTC", "Asia/Seoul", "America/New_York"}).Draw(t, "zone")
	e.Kind = rapid.SampledFrom([]event.Kind{event.Visit, event.Deadline}).Draw(t, "kind")
	for range rapid.IntRange(0, 3).Draw(t, "statements") {
		text := rapid.SampledFrom(phrases).Draw(t, "phrase")
		day := fmt.Sprintf("%02d-%02d", rapid.IntRange(1, 6).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
		text = fmt.Sprintf(text+"%[4]s", fmt.Sprint("e", rapid.IntRange(0, n-1).Draw(t, "on")), rapid.IntRange(2, 40).Draw(t, "days"), day, "")
		text, _, _ = strings.Cut(text, "%!(")
		x, err := when.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		st := event.Statement{Expr: x, Priority: rapid.IntRange(0, 1).Draw(t, "priority")}
		if rapid.IntRange(0, 9).Draw(t, "superseded") == 0 {
			st.SupersededBy = "another"
		}
		e.When = append(e.When, st)
	}
	if rapid.IntRange(0, 3).Draw(t, "if") == 0 {
		e.If = &event.Condition{Event: fmt.Sprint("e", rapid.IntRange(0, n-1).Draw(t, "decides")), Is: event.Held}
	}
	e.Status = rapid.SampledFrom([]event.Status{event.Open, event.Open, event.Held, event.Averted}).Draw(t, "status")
	at := time.Unix(int64(rapid.IntRange(0, 2).Draw(t, "at")), 0).UTC()
	return Input{Revision: event.First(e, event.Author{}, at), UID: id + "@test"}
}

// dump writes all that is known of entries.
func dump(list []Entry) string {
	var out strings.Builder
	for _, e := range list {
		w := e.Window
		fmt.Fprintln(&out, e.ID, e.Stated, w.Precision, w.Zone, w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest, e.Conflicts, e.Conditions, e.Recorded().Status)
		view, _ := json.Marshal(e.View(time.Unix(0, 0)))
		why, _ := json.Marshal(e.WhyView())
		fmt.Fprintf(&out, "%s\n%s\n", view, why)
	}
	return out.String()
}

func TestNet_ApplyIsSolve(t *testing.T) {
	const n = 6
	rapid.Check(t, func(t *rapid.T) {
		var net Net
		have := make(map[string]Input)
		for range rapid.IntRange(1, 5).Draw(t, "edits") {
			var put []Input
			var gone []string
			for i := range n {
				id := fmt.Sprint("e", i)
				switch rapid.IntRange(0, 5).Draw(t, "what") {
				case 0, 1:
					in := anyEvent(t, id, n)
					put, have[id] = append(put, in), in
				case 2:
					gone = append(gone, id)
					delete(have, id)
				}
			}
			before, was := net, dump(Filter{}.Select(net.Entries()))
			net = net.Apply(put, gone)
			if dump(Filter{}.Select(before.Entries())) != was {
				t.Fatal("an edit changed what held before it")
			}
			all := slices.Collect(maps.Values(have))
			slices.SortFunc(all, func(a, b Input) int { return strings.Compare(a.Revision.Event.ID, b.Revision.Event.ID) })
			if got, want := dump(Filter{}.Select(net.Entries())), dump(Solve(all)); got != want {
				t.Fatalf("after the edit:\n%s\nall at once:\n%s", got, want)
			}
		}
	})
}

func TestNet_OrderMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 6
		var list []Input
		for i := range n {
			list = append(list, anyEvent(t, fmt.Sprint("e", i), n))
		}
		shuffled := rapid.Permutation(list).Draw(t, "order")
		if got, want := dump(Filter{}.Select(Net{}.Apply(shuffled, nil).Entries())), dump(Solve(list)); got != want {
			t.Fatalf("in another order:\n%s\nwant\n%s", got, want)
		}
	})
}

func TestNet_OtherClustersAreLeftAlone(t *testing.T) {
	net := Net{}.Apply([]Input{
		input(t, "a", "2026-01-01"), input(t, "b", "after event:a"), input(t, "c", "2026-01-01"), input(t, "d", "after event:c", "after event:nobody"),
	}, nil)
	next := net.Apply([]Input{input(t, "a", "2026-02-01")}, nil)
	if got := windows(Filter{}.Select(next.Entries())); got != "a: Sun 1 Feb 2026\nb: on or after 2 Feb 2026\nc: Thu 1 Jan 2026\nd: on or after 2 Jan 2026" {
		t.Errorf("after the edit:\n%s", got)
	}
	if next.find("d") != net.find("d") || next.find("b") == net.find("b") {
		t.Error("not the cluster of the edit alone was worked out again")
	}
	if got := windows(Filter{}.Select(next.Apply([]Input{input(t, "nobody", "2026-03-01")}, nil).Entries()[3:])); got != "d: on or after 2 Mar 2026\nnobody: Sun 1 Mar 2026" {
		t.Errorf("once the event leaned on is there:\n%s", got)
	}
}
