package answer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
)

var now = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)

func talks(status event.Status) agenda.Entry {
	return agenda.Compute(event.First(event.Event{ID: "talks", Title: "The talks", Status: status, Certainty: event.Likely}, event.Author{}, now), "talks@x", now)
}

func TestOutcomes_OnlyWhatItCanBecome(t *testing.T) {
	for from, want := range map[event.Status]string{
		"": "held met in force deferred averted cancelled", event.Open: "held met in force deferred averted cancelled",
		event.Held: "open", event.InForce: "open deferred cancelled", event.Lapsed: "open held met in force deferred averted cancelled",
	} {
		if got := strings.Join(Outcomes(from), " "); got != want {
			t.Errorf("from %q: %s, want %s", from, got, want)
		}
		for _, to := range Outcomes(from) {
			if err := event.CheckTransition(from, event.Status(to), "because"); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestPress_UntilTime(t *testing.T) {
	ny, err := civil.Zone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ until, day, want string }{
		{"1d", "", "2026-02-04T14:00:00Z"}, {"3d", "", "2026-02-06T14:00:00Z"}, {"", "2026-03-10", "2026-03-10T13:00:00Z"},
		{"", "2026-02-03", "Choose a day that is still to come"}, {"", "2020-02-03", "Choose a day that is still to come"},
		{"", "", "Choose a day"}, {"", "tomorrow", "Choose a day"}, {"", "2099-01-01", "A year is the longest"},
	} {
		p := Press{Do: notice.SayLater, Until: tt.until, Fields: map[string]string{FieldDay: tt.day}}
		at, words := p.UntilTime(now, ny, civil.Clock{Hour: 9})
		if got := at.Format(time.RFC3339); words != tt.want && got != tt.want {
			t.Errorf("%+v: %s %s", tt, got, words)
		}
	}
}

func TestIDOf(t *testing.T) {
	taken := map[string]bool{"the-talks": true}
	for title, want := range map[string]string{
		"The talks": "the-talks-2", "Élysée: Macron & Xi!": "elysee-macron-xi", "2026-02-03": "event-2026-02-03", "北京": "", "": "",
		strings.Repeat("word ", 100): "word-word-word-word-word-word-word-word-word-word-word-word",
	} {
		id, words := IDOf(title, func(id string) bool { return taken[id] })
		if want != "" && id != want || event.CheckID(id) != nil && words == "" {
			t.Errorf("%q: %q %s, want %q", title, id, words, want)
		}
	}
}

func TestRefusal_SaysWhatHappenedAndWhatCanBeSaid(t *testing.T) {
	held := event.Revision{Event: event.Event{Status: event.Held}, Changed: []string{"status", "reason"}, At: now.Add(-4 * time.Second), Author: event.Author{Via: "slack", Name: "Ann"}}
	edit := event.Revision{Changed: []string{"when", "title"}, At: now.Add(-3 * time.Hour), Author: event.Author{Via: "file", Name: "a.yaml:2"}}
	for _, tt := range []struct {
		err  error
		e    agenda.Entry
		want string
		say  int
	}{
		{&calendar.StaleError{Since: []event.Revision{edit, held}}, talks(event.Held), "The file a.yaml:2 changed when and title 3 h ago. Ann said held 4 s ago. It is held", 1},
		{fmt.Errorf("wrapped: %w", &calendar.AlreadyError{By: held.Author, At: held.At}), talks(event.Held), "is that already: Ann said so 4 s ago", 1},
		{&calendar.TransitionError{From: event.Held, Err: errors.New("deferred cannot follow held")}, talks(event.Held), "deferred cannot follow held. It can become open", 1},
		{calendar.ErrNoEvent, agenda.Entry{}, "not there any more", 0},
		{calendar.ErrGone, talks(event.Withdrawn), "taken out of its file", 0},
		{errors.New("the disk\nis full"), talks(event.Open), "the disk is full", 5},
	} {
		got := Refusal(tt.err, tt.e, now)
		if !strings.Contains(got.Text, tt.want) || len(got.Answers) != tt.say {
			t.Errorf("%v:\n%q, %v\nwant %q", tt.err, got.Text, got.Answers, tt.want)
		}
	}
}
