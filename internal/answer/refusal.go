package answer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/prose"
	"attache/internal/story"
)

// Refusal returns what a person is told where err kept what they said from being recorded: what
// happened since, and what can be said of e now. e is the zero Entry where there is none any more.
func Refusal(err error, e agenda.Entry, now time.Time) Told {
	var stale *calendar.StaleError
	var already *calendar.AlreadyError
	var turn *calendar.TransitionError
	t := Told{Event: e.ID, Revision: e.Revision, Answers: notice.AnswersTo(e)}
	title := title(e)
	switch {
	case errors.As(err, &stale):
		t.Text = fmt.Sprintf("Not recorded, since %s changed before you said so. %s It is %s now. Say it again if it still holds:",
			title, since(stale.Since, now), state(e))
	case errors.As(err, &already):
		t.Text = fmt.Sprintf("%s is that already: %s. Say otherwise if it is not so:", title, said(already.By, already.At, now))
	case errors.As(err, &turn):
		t.Text = fmt.Sprintf("Not recorded: %s: %v. It can become %s:", title, turn.Err, prose.List(Outcomes(turn.From), "or"))
	case errors.Is(err, calendar.ErrNoEvent):
		return Told{Text: "Not recorded: that event is not there any more. /attache list shows those that are"}
	case errors.Is(err, calendar.ErrGone):
		return Told{Text: fmt.Sprintf("Not recorded: %s was taken out of its file. Put it back there first", title)}
	default:
		t.Text = fmt.Sprintf("Not recorded: %s: %s", title, prose.OneLine(err.Error()))
	}
	return t
}

func title(e agenda.Entry) string {
	if e.Title == "" {
		return "the event"
	}
	return "“" + prose.Measure(prose.UTF16).Cut(e.Title, maxAbout) + "”"
}

// state returns what e is, in words.
func state(e agenda.Entry) string {
	s := string(e.Status)
	if s == "" {
		s = string(event.Open)
	}
	date := story.Reader{}.Line(&e)
	if strings.HasPrefix(date, s) {
		return date
	}
	return s + ", " + date
}

// mostSince is how many revisions a refusal names.
const mostSince = 4

// since says what happened, the newest last.
func since(list []event.Revision, now time.Time) string {
	if len(list) > mostSince {
		list = list[len(list)-mostSince:]
	}
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%s %s.", prose.Capital(who(r.Author)), made(r, now)))
	}
	return strings.Join(out, " ")
}

// who names an author for people.
func who(a event.Author) string {
	if a.Via == "file" || a.Via == "" {
		return "the file " + a.Name
	}
	return a.Name
}

// made says what an author made of an event, and when: "said held 4 s ago".
func made(r event.Revision, now time.Time) string {
	what := "changed " + prose.List(r.Changed, "and")
	for _, f := range r.Changed {
		if f == "status" {
			what = "said " + string(r.Event.Status)
		}
	}
	return what + " " + ago(now.Sub(r.At))
}

func said(by event.Author, at, now time.Time) string { return who(by) + " said so " + ago(now.Sub(at)) }

// ago returns how long ago something was, as people say it.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", max(int(d.Seconds()), 0))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return prose.Count(int(d.Hours()/24), "day") + " ago"
}
