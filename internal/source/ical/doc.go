// Package ical reads the iCalendar texts of other people (RFC 5545, RFC 7986): calendars
// that are imported or followed, and, before they are published, our own entries.
//
// Invariants:
//   - [Parse] takes any bytes. A line that can't be read costs only itself, and an event
//     only that event; each is named in a [Finding].
//   - What was meant is taken wherever that is plain, however it is written. A time that
//     names no zone is never guessed.
//   - What is read depends on the bytes and the [Options] alone.
//
// Each component is decoded by itself, since the decoder of go-ical panics on some lines
// and one bad line would cost the whole calendar. Zones are found by their IANA or Windows
// name, and otherwise by the calendar's own definition. CONFIRMED means no more than
// likely unless somebody vouches for the calendar: many programs write it of everything.
//
// To read a calendar whose times without a zone are meant in Brussels:
//
//	c, findings, err := ical.Parse(data, ical.Options{Source: "council", Zone: "Europe/Brussels"})
//	if err != nil {
//		return err // it is no calendar at all
//	}
//	for _, f := range findings {
//		fmt.Println(f) // line 12: the event "Talks" is left out: …
//	}
//	for _, e := range c.Events {
//		fmt.Println(e.ID, e.Title, e.When[0].Expr) // talks Talks on 2026-02-17
//	}
package ical
