package calendar_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"attache/internal/event"
	"attache/internal/lengthtest"
)

// sound are calendars as they are published.
func sound() []string {
	const zone = "BEGIN:VTIMEZONE\r\nTZID:Customized\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	const more = "DTSTAMP:20260101T000000Z\r\nDESCRIPTION:What is to be said of it\\, in a line that is folded in the middle of it\r\n  and goes on here\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM"
	series := vevent("talks@wto.example", weekly, more) + vevent("talks@wto.example", late, "DTSTAMP:20260102T000000Z")
	unnamed := vevent("", council) + vevent("", "SUMMARY:Réunion\r\nDTSTART:20260703T090000Z") + vevent("", passed)
	return []string{
		vcalendar(vevent("council@wto.example", council, more), vevent("panel@wto.example", panel), vevent("old@wto.example", passed)),
		vcalendar(zone, series, vevent("r1@wto.example", "SUMMARY:Réunion du comité\r\nDTSTART;TZID=Customized:20260703T090000\r\nDTEND;TZID=Customized:20260703T100000", more)),
		vcalendar(vevent("1@a.example", council)) + vcalendar(vevent("1@b.example", panel), vevent("{2C-9}", "SUMMARY:Vote\r\nDTSTART:20260801")),
		strings.ReplaceAll(vcalendar(unnamed), "UID:\r\n", ""),
	}
}

// mutations change a calendar in one place, or in how it is written, so that every entry is
// still there.
func mutations() map[string]func(*rand.Rand, string) string {
	onLine := func(change func(r *rand.Rand, lines []string, i int) []string) func(*rand.Rand, string) string {
		return func(r *rand.Rand, s string) string {
			lines := strings.SplitAfter(s, "\r\n")
			return strings.Join(change(r, lines, r.IntN(len(lines)-1)), "")
		}
	}
	encoded := func(bigEndian bool) func(*rand.Rand, string) string {
		return func(_ *rand.Rand, s string) string {
			var b bytes.Buffer
			for _, u := range utf16.Encode([]rune("\uFEFF" + s)) {
				pair := []byte{byte(u), byte(u >> 8)}
				if bigEndian {
					slices.Reverse(pair)
				}
				b.Write(pair)
			}
			return b.String()
		}
	}
	ends := func(end string) func(*rand.Rand, string) string {
		return func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, "\r\n", end) }
	}
	return map[string]func(*rand.Rand, string) string{
		"cut": func(r *rand.Rand, s string) string {
			end := r.IntN(len(s))
			for end > 0 && strings.HasSuffix(strings.TrimSpace(s[:end]), "END:VCALENDAR") && strings.TrimSpace(s[end:]) != "" {
				end-- // between two calendars, nothing shows that there was another one
			}
			return s[:end]
		},
		"bit flipped": func(r *rand.Rand, s string) string {
			b := []byte(s)
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			return string(b)
		},
		"octet changed": func(r *rand.Rand, s string) string {
			b := []byte(s)
			b[r.IntN(len(b))] = byte(r.IntN(256))
			return string(b)
		},
		"octet lost": func(r *rand.Rand, s string) string {
			i := r.IntN(len(s))
			return s[:i] + s[i+1:]
		},
		"line lost":     onLine(func(_ *rand.Rand, l []string, i int) []string { return slices.Delete(l, i, i+1) }),
		"line doubled":  onLine(func(_ *rand.Rand, l []string, i int) []string { return slices.Insert(l, i, l[i]) }),
		"line blanked":  onLine(func(_ *rand.Rand, l []string, i int) []string { l[i] = "\r\n"; return l }),
		"line indented": onLine(func(_ *rand.Rand, l []string, i int) []string { l[i] = " " + l[i]; return l }),
		"lines swapped": onLine(func(r *rand.Rand, l []string, i int) []string {
			j := r.IntN(len(l) - 1)
			l[i], l[j] = l[j], l[i]
			return l
		}),
		"line moved": onLine(func(r *rand.Rand, l []string, i int) []string {
			one := l[i]
			l = slices.Delete(l, i, i+1)
			return slices.Insert(l, r.IntN(len(l)), one)
		}),
		"UTF-16, little end first": encoded(false),
		"UTF-16, big end first":    encoded(true),
		"latin-1": func(_ *rand.Rand, s string) string {
			var b []byte
			for _, r := range s {
				b = append(b, byte(r))
			}
			return string(b)
		},
		"byte order mark": func(_ *rand.Rand, s string) string { return "\uFEFF" + s },
		"CR":              ends("\r"), "LF": ends("\n"), "CR CR LF": ends("\r\r\n"), "blank lines": ends("\r\n\r\n"),
	}
}

// outcome counts what became of mutated calendars.
type outcome struct{ kept, told, refused, withdrawn int }

// TestFollow_Mutated mutates sound calendars: nothing that is still there is withdrawn, what
// is said is true, and once the calendar is sound again all is as before.
func TestFollow_Mutated(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	classes := mutations()
	names := slices.Sorted(maps.Keys(classes))
	counts := make(map[string]*outcome)
	for _, n := range names {
		counts[n] = &outcome{}
	}
	total := lengthtest.Of(300, 2_000)
	for n := 0; n < total; {
		body := sound()[r.IntN(4)]
		f := newFollower(t, body)
		for range 25 {
			name := names[r.IntN(len(names))]
			f.mutate(t, name, body, classes[name](r, body), counts[name])
			n++
		}
	}
	var sum outcome
	for _, n := range names {
		c := counts[n]
		t.Logf("%-25s %5d kept %5d told %5d refused %5d withdrawn", n, c.kept, c.told, c.refused, c.withdrawn)
		sum = outcome{sum.kept + c.kept, sum.told + c.told, sum.refused + c.refused, sum.withdrawn + c.withdrawn}
	}
	t.Logf("%-25s %5d kept %5d told %5d refused %5d withdrawn", "all", sum.kept, sum.told, sum.refused, sum.withdrawn)
}

// TestFollow_MutatedMore mutates calendars in many places: whatever comes, what is read again is
// read as before, and no event takes the id of another.
func TestFollow_MutatedMore(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	classes := mutations()
	names := slices.Sorted(maps.Keys(classes))
	for range lengthtest.Of(10, 100) {
		body := sound()[r.IntN(4)]
		f := newFollower(t, body)
		for range 10 {
			for range 1 + r.IntN(4) {
				name := names[r.IntN(len(names))]
				if s := classes[name](r, body); len(s) > 0 && !strings.HasPrefix(name, "UTF") {
					body = s
				}
				if !strings.Contains(body, "\r\n") {
					body = sound()[r.IntN(4)]
				}
			}
			if f.fetch(body) != nil {
				body = sound()[r.IntN(4)]
				continue
			}
			before := f.events()
			if f.read(); len(f.applied.Revised) > 0 || f.events() != before || strings.Contains(f.words(), "another event has its id") {
				t.Fatalf("%s\n%s\nbefore: %s\nof %q", f.events(), f.words(), before, body)
			}
		}
	}
}

// mutate fetches a mutated calendar instead of the sound one that is followed, and that one
// again.
func (f *follower) mutate(t *testing.T, name, body, mutated string, count *outcome) {
	t.Helper()
	before, words := f.declared(), f.words()
	f.applied.Revised, f.applied.Followed = nil, nil
	err := f.fetch(mutated)
	after := f.declared()
	revised := make(map[string]bool)
	for _, rev := range f.applied.Revised {
		revised[rev.Event.ID] = true
	}
	bad := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s: %s\n%s\nwords: %s, %v\nof %q", name, fmt.Sprintf(format, args...), f.events(), f.words(), err, mutated)
	}
	for id, e := range before {
		if _, there := after[id]; !there {
			count.withdrawn++
			bad("%q is withdrawn", e.Title)
		}
		if revised[id] && (strings.Contains(f.words(), fmt.Sprintf("the event %q stays as it was", e.Title)) || strings.Contains(f.words(), fmt.Sprintf("the event %q is left out", e.Title))) {
			bad("%q is said to stay or to be left out, and changed", e.Title)
		}
	}
	switch {
	case err != nil:
		count.refused++
		if len(f.applied.Revised) > 0 {
			bad("it is refused, and something changed")
		}
	case len(f.applied.Revised) > 0 || f.words() != words:
		count.told++
	default:
		count.kept++
	}
	said := f.words()
	if f.read(); err == nil && (len(f.applied.Revised) > 0 || f.words() != said || strings.Contains(said, "another event has its id")) {
		bad("what is read again is read otherwise: %d revised; before: %s", len(f.applied.Revised), said)
	}
	if err := f.fetch(body); err != nil {
		bad("the sound one is refused: %v", err)
	}
	for id, e := range before {
		if now := f.declared()[id]; len(event.Changed(e, now)) > 0 {
			bad("%q is not as before: %v", e.Title, event.Changed(e, now))
		}
	}
}

// declared returns the events of the calendar by id.
func (f *follower) declared() map[string]event.Event {
	out := make(map[string]event.Event)
	for _, e := range f.list {
		if e.Followed() != "" && e.Status != event.Withdrawn {
			out[e.ID] = e.Event
		}
	}
	return out
}
