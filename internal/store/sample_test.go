package store_test

import (
	"reflect"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// at returns an instant of the day on which the samples play.
func at(hour, minute int) time.Time { return time.Date(2026, 2, 16, hour, minute, 0, 0, time.UTC) }

func says(t testing.TB, s string) when.Expr {
	t.Helper()
	e, err := when.Parse(s)
	must(t, err)
	return e
}

// whole returns an event of which no field is empty.
func whole(t testing.TB) event.Event {
	return event.Event{
		ID: "whole-event", Title: "An event with everything", Kind: event.Visit, Zone: "Asia/Shanghai", Calendar: "CN",
		When: []event.Statement{
			{
				ID: "first", Expr: says(t, "between 2026-03-31 and 2026-04-02 in Asia/Shanghai"), Phrase: "around the turn of the month",
				Source: "paper", Quote: "“around the turn of the month”", Certainty: event.Likely, Priority: 2, SupersededBy: "second", Line: 7,
				Said: civil.Date{Year: 2026, Month: 2, Day: 1}, Joint: true,
				If: event.Condition{Text: "if it is agreed", Event: "talks", Is: event.Met},
			},
			{ID: "second", Expr: says(t, "at 2026-04-01 09:30 in America/New_York"), Line: 9},
		},
		Certainty: event.Planned, Status: event.Deferred, Reason: "put off <again> & again",
		If:    &event.Condition{Text: "if the talks succeed", Event: "talks", Is: event.Held},
		Place: "Beijing", Parties: []string{"US", "China"}, People: []string{"A person"}, Topics: []string{"tariffs"},
		Note: "two\nlines", Remind: &[]string{"7d", "2h"},
		Links:   []event.Link{{Rel: event.Follows, To: "talks"}},
		Sources: []event.Citation{{Source: "paper", Quote: "the words", Supports: []string{"when", "place"}, Seen: civil.Date{Year: 2026, Month: 2, Day: 1}}},
		Origin:  event.Position{File: "events/whole.yaml", Line: 3},
		Foreign: event.Foreign{UID: "1@example.org", Occurrence: "20260301", Lacks: "end series"}, Audience: "inner",
	}
}

// earlier returns e without what schema 1 had no place for when its golden file was
// written.
func earlier(e event.Event) event.Event {
	e.When[0].If = event.Condition{}
	e.Calendar = ""
	return unfollowed(e)
}

// unfollowed returns e without what schema 2 had no place for when its golden file was
// written.
func unfollowed(e event.Event) event.Event {
	e.When[0].Said, e.When[0].Joint = civil.Date{}, false
	e.Foreign = event.Foreign{}
	return open(e)
}

// open returns e without what schema 3 had no place for when its golden file was written.
func open(e event.Event) event.Event {
	e.Audience = ""
	return e
}

func wholeRevision(t testing.TB) event.Revision {
	return event.Revision{
		Event: whole(t), Number: 1, At: at(9, 0), Author: wholeAuthor(),
		Reason: "put off", Changed: []string{"when", "status"}, PutOff: true,
	}
}

// wholeItem returns an item of which no field is empty.
func wholeItem() notice.Item {
	return notice.Item{
		Key: "itemkey", Channel: "#dates", State: notice.Unknown, Attempts: 2, NextTry: at(9, 5).Add(250 * time.Millisecond),
		Notice: notice.Notice{
			Key: "noticekey", Event: "whole-event", Kind: notice.Reminder, Lead: "7d", About: notice.Closes,
			Target: "2026-04-02", Due: at(9, 0), Expires: at(23, 0), From: 1, To: 2,
			Was: allTimed(), Cause: "other-event", With: []string{"third-event"}, Moved: true, Missed: "while it slept", Rearmed: 3, Dropped: 1,
			Follows: []notice.Follow{{Event: "other-event", Was: allTimed(), Squeezed: true}},
		},
		LastError: "the answer was cut off", Result: notice.InDoubt, Refused: true, Claimed: at(9, 3), Doubt: at(9, 4), Resent: true, Payload: []byte(`{"Headline":"In 7 days"}`), FirstAttempt: at(9, 1), Looked: 1,
		Sweep: []time.Time{at(9, 6), at(9, 11)}, Audit: at(9, 17), ChannelID: "C0123", TS: "1771232460.000100", SentAt: at(9, 2),
		Thread: "1771230000.000100", Root: "rootkey", Told: []string{"Slipped", "Why: so it was"},
		Parent: "parentkey", Members: []string{"memberkey"},
		History: []notice.Attempt{{At: at(9, 1), State: notice.Sending, Note: "first attempt"}},
	}
}

func wholeSource() event.Source {
	return event.Source{
		Key: "paper", Title: "A paper", Publisher: "A publisher", URL: "https://example.com/paper",
		Published: civil.Date{Year: 2026, Month: 2, Day: 1}, Timezone: "Asia/Shanghai", Own: true,
	}
}

func wholeHandled() store.Handled {
	return store.Handled{
		Event: "whole-event", Channel: "#dates", By: wholeAuthor(),
		At: at(9, 0), Until: at(12, 0), Revision: 2, Window: allTimed(),
	}
}

func wholeAuthor() event.Author {
	return event.Author{Via: "slack", Name: "Ada", User: "U1", Link: "https://example.slack.com/archives/C1/p1"}
}

func wholePublication() store.Publication {
	return store.Publication{
		Event: "whole-event", Sequence: 3, Stamp: at(9, 0), Hash: "0123abcd", Hashes: map[string]string{"all": "4567cdef"}, Off: at(9, 1),
		History: []feed.Published{{Modes: 1, Suffix: "-opens", Start: at(9, 2), End: at(9, 3), AllDay: true, Gone: at(9, 4)}},
	}
}

func wholeFeed() store.FeedBody {
	return store.FeedBody{
		Plain: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Gzip: []byte{0x1f, 0x8b, 0x08, 0, 0xff},
		ETag: `"plain"`, GzipETag: `"gzip"`, Modified: at(9, 0),
	}
}

func wholeFollowed() store.Followed {
	return store.Followed{Body: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), ETag: `"theirs"`, LastModified: "Mon, 16 Feb 2026 09:00:00 GMT", At: at(9, 0), From: "0123abcd", Reissued: true}
}

// wholeWindow returns a window of which every bound has a day or an instant.
func wholeWindow() when.Window {
	day := func(d int) when.Bound {
		return when.Bound{Day: civil.Date{Year: 2026, Month: 4, Day: d}, Soft: true, By: "first"}
	}
	timed := when.Bound{Day: civil.Date{Year: 2026, Month: 2, Day: 16}, At: at(9, 0), Timed: true, By: "second"}
	return when.Window{Precision: when.SomeDay, Zone: "Asia/Shanghai", Earliest: timed, Latest: day(2), EndsEarliest: timed, EndsLatest: day(3)}
}

// wholeMove returns a move of which no part is empty: its event is one that the second change moved.
func wholeMove() store.Move {
	return store.Move{Seq: 2, Event: "bare-event", Revision: 1, Was: wholeWindow(), Is: allTimed()}
}

// allTimed returns a window of which no part of a bound is empty.
func allTimed() when.Window {
	b := when.Bound{Day: civil.Date{Year: 2026, Month: 2, Day: 16}, At: at(9, 0), Timed: true, Soft: true, By: "first"}
	return when.Window{Precision: when.Instant, Zone: "Asia/Shanghai", Earliest: b, Latest: b, EndsEarliest: b, EndsLatest: b}
}

// empties names the parts of v that hold nothing: a sample that has any would not show
// that they are kept.
func empties(name string, v reflect.Value) (out []string) {
	switch {
	case v.IsZero():
		return []string{name}
	case v.Kind() == reflect.Pointer:
		return empties(name, v.Elem())
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem() != reflect.TypeFor[time.Time]():
		return empties(name+"[0]", v.Index(0))
	case v.Kind() == reflect.Struct && v.Type().PkgPath() != "time" && v.Type() != reflect.TypeFor[when.Expr]():
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() || v.Type().Field(i).Name == "Veiled" { // which is never recorded
				continue
			}
			out = append(out, empties(name+"."+v.Type().Field(i).Name, v.Field(i))...)
		}
	}
	return out
}

func TestSamples_LeaveNothingOut(t *testing.T) {
	t.Parallel()
	for _, v := range []any{wholeRevision(t), wholeItem(), wholeSource(), wholePublication(), wholeFeed(), wholeFollowed(), wholeHandled()} {
		if e := empties(reflect.TypeOf(v).Name(), reflect.ValueOf(v)); len(e) > 0 {
			t.Errorf("%v are empty: fill them in, so that they are seen to be kept", e)
		}
	}
}
