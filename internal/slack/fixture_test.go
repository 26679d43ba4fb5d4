package slack

import (
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

const site = "https://attache.example"

var sources = map[string]event.Source{
	"talks": {
		Key: "talks", Title: "US–China talks in Kuala Lumpur: 'very substantial framework'",
		URL: "https://news.example/talks?id=1&from=kl", Published: civil.Date{Year: 2025, Month: time.October, Day: 26},
	},
}

// entry makes an event of what was said of its date.
func entry(t testing.TB, e event.Event, dates ...string) agenda.Entry {
	t.Helper()
	for _, d := range dates {
		expr, err := when.Parse(d)
		if err != nil {
			t.Fatal(err)
		}
		e.When = append(e.When, event.Statement{Expr: expr, Source: "talks", Certainty: e.Certainty})
	}
	at := utc("2025-10-26 12:00")
	return agenda.Compute(event.First(e, event.Author{}, at), e.ID+"@attache.example", at)
}

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

func tariffs(t testing.TB) agenda.Entry {
	e := entry(t, event.Event{
		ID: "us-tariffs", Title: "US tariffs of 100% on Chinese goods", Kind: event.Deadline, Zone: "America/New_York",
		Certainty: event.Possible, Status: event.Open, Parties: []string{"US", "China"},
		If: &event.Condition{Text: "Beijing moves forward with restrictions on rare earth exports"},
		Sources: []event.Citation{{Source: "talks", Quote: "the sweeping tariffs President Trump has threatened " +
			"to implement on 1 November if Beijing moves forward with restrictions on rare earth exports"}},
	}, "2025-11-01")
	return e
}

func beijing(t testing.TB) agenda.Entry {
	return entry(t, event.Event{
		ID: "beijing-visit", Title: "Trump to Beijing", Kind: event.Visit, Zone: "Asia/Shanghai",
		Certainty: event.Possible, Status: event.Open, Place: "Beijing",
		Sources: []event.Citation{{Source: "talks", Quote: "Trump may also travel to Beijing early next year, ahead of the Lunar New Year on 17 February"}},
	}, "[2026-01-01..2026-02-16]")
}

func meeting(t testing.TB) agenda.Entry {
	return entry(t, event.Event{
		ID: "trump-xi", Title: "Trump–Xi meeting", Kind: event.Meeting, Zone: "Asia/Seoul",
		Certainty: event.Likely, Status: event.Open, Place: "South Korea",
		Origin: event.Position{File: "events/us-china.yaml", Line: 40},
	}, "2025-10-30")
}

// filing is no event of this world: it has a time of day.
func filing(t testing.TB, at string) agenda.Entry {
	return entry(t, event.Event{
		ID: "filing", Title: "Example filing", Kind: event.Deadline, Zone: "America/New_York",
		Certainty: event.Confirmed, Status: event.Open,
	}, at)
}

func wrote(n notice.Notice, e agenda.Entry, now time.Time, changes []change.Change, reason string) notice.Message {
	return notice.Write(n, notice.Details{Entry: e, Changes: changes, Reason: reason, Sources: sources, Now: now, PublicURL: site})
}

// messages returns one message of every kind, by name.
func messages(t testing.TB) map[string]notice.Message {
	now := utc("2025-10-31 13:00")
	day := notice.Notice{Event: "us-tariffs", Kind: notice.Reminder, About: notice.TheDate, Due: now}
	instant := notice.Notice{Event: "filing", Kind: notice.Reminder, About: notice.TheDate, Due: utc("2025-11-10 02:00")}
	reminder := wrote(day, tariffs(t), now, nil, "")
	reminder.Mentions = []string{"@here", "U0ALICE"}

	before, after := filing(t, "2025-11-10 00:01 America/New_York"), filing(t, "2025-11-12 00:01 America/New_York")
	moved := change.Between(change.State{Event: before.Event, Window: before.Window}, change.State{Event: after.Event, Window: after.Window})
	was, is := tariffs(t), tariffs(t)
	is.Status = event.Deferred
	put := change.Between(change.State{Event: was.Event, Window: was.Window}, change.State{Event: is.Event, Window: is.Window})

	window := wrote(notice.Notice{Kind: notice.Window, About: notice.Closes, Due: utc("2026-02-09 01:00")}, beijing(t), utc("2026-02-09 01:00"), nil, "")
	asked := wrote(notice.Notice{Kind: notice.Outcome, About: notice.ItsEnd, Due: utc("2025-10-31 00:00")}, meeting(t), now, nil, "")
	coming, _ := notice.Survey{
		Name: "this week", Entries: []agenda.Entry{tariffs(t), meeting(t), beijing(t)}, Now: now,
		Last: civil.Date{Year: 2025, Month: time.November, Day: 7}, PublicURL: site,
	}.Write()
	return map[string]notice.Message{
		"reminder":         reminder,
		"reminder-instant": wrote(instant, after, utc("2025-11-12 03:01"), nil, ""),
		"change":           wrote(notice.Notice{Kind: notice.Changed, Due: now}, after, now, moved, "the court gave two more days"),
		"change-status":    wrote(notice.Notice{Kind: notice.Changed, Due: now}, is, now, put, ""),
		"window":           window,
		"outcome":          asked,
		"stale":            wrote(notice.Notice{Kind: notice.Stale, Due: now}, beijing(t), now, nil, ""),
		"condition":        wrote(notice.Notice{Kind: notice.Condition, Due: now}, tariffs(t), now, nil, ""),
		"contradiction":    wrote(notice.Notice{Kind: notice.Contradiction, Due: now}, beijing(t), now, nil, ""),
		"digest":           notice.Merge([]notice.Message{reminder, window, asked}, now),
		"digest-coming":    coming,
	}
}

func post(m notice.Message) notice.Post {
	return notice.Post{Key: "k7", Event: m.Event, Revision: 2, Channel: "#trade-desk", Message: m}
}

// cards returns the card of an event in each of its states, by name.
func cards(t testing.TB) map[string]notice.Message {
	moved := func(was, is agenda.Entry) notice.LastChange {
		return notice.LastChange{At: utc("2025-10-29 12:00"), Changes: change.Between(
			change.State{Event: was.Event, Window: was.Window}, change.State{Event: is.Event, Window: is.Window})}
	}
	card := func(e agenda.Entry, last notice.LastChange) notice.Message {
		return notice.WriteCard(notice.Details{Entry: e, Sources: sources, PublicURL: site}, last)
	}
	averted := tariffs(t)
	averted.Status, averted.Reason = event.Averted, "a framework was agreed"
	because := moved(tariffs(t), averted)
	because.Reason = averted.Reason
	timed := filing(t, "2025-11-12 00:01 America/New_York")
	told := notice.WriteCard(notice.Details{Entry: averted, Sources: sources, PublicURL: site, Told: []string{
		"Slipped", "date: Sat 1 Nov 2025 → Mon 10 Nov 2025", "Why: talks go on", "This also moves Example talks: now Tue 11 Nov 2025 (was Sun 2 Nov 2025)",
	}}, because)
	return map[string]notice.Message{
		"card-day":      card(tariffs(t), notice.LastChange{}),
		"card-window":   card(beijing(t), notice.LastChange{}),
		"card-instant":  card(timed, moved(filing(t, "2025-11-10 00:01 America/New_York"), timed)),
		"card-averted":  told,
		"card-awaiting": notice.WriteCard(notice.Details{Entry: meeting(t), Sources: sources, Now: utc("2025-11-02 12:00"), PublicURL: site}, notice.LastChange{}),
		"card-dateless": card(entry(t, event.Event{ID: "talks", Title: "Example talks", Kind: event.Talks, Zone: "UTC",
			Certainty: event.Rumoured, Status: event.Open}), notice.LastChange{}),
	}
}
