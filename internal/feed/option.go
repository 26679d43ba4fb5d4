package feed

import (
	"slices"
	"strconv"
	"time"

	"attache/internal/event"
)

// Windows says how a date is shown of which only a window is known.
type Windows string

// The ways to show a window. One of up to a fortnight is a single entry over all its
// days in each but the last.
const (
	Edges  Windows = "edges" // the default: one entry on its first day, one on its last
	Spans  Windows = "span"  // a single entry over all its days, however many
	Hidden Windows = "none"  // not at all: only days that are known
)

// AllWindows lists the ways to show a window.
func AllWindows() []Windows { return []Windows{Edges, Spans, Hidden} }

// Cancelled says how what is called off is shown.
type Cancelled string

// The ways to show what is called off. Some calendars drop or ignore
// STATUS:CANCELLED, so that the title says it too unless a feed wants otherwise.
const (
	ByBoth   Cancelled = "both"   // the default: by its STATUS and by its title
	ByStatus Cancelled = "status" // by its STATUS alone
	ByTitle  Cancelled = "title"  // by its title alone: calendars that drop what is cancelled go on showing it
)

// AllCancelled lists the ways to show what is called off.
func AllCancelled() []Cancelled { return []Cancelled{ByStatus, ByTitle, ByBoth} }

// Alarm is how long before an entry calendars are to ring.
type Alarm struct {
	Name   string        // as people write it, such as 1d: letters and digits
	Days   int           // by the calendar; 0 where it is counted in elapsed time
	Before time.Duration // elapsed, in whole seconds; for Days 0
}

// AlarmOf returns the alarm that is called n and unit: m and h are elapsed, d and w go by
// the calendar. It is false for other units.
func AlarmOf(n int, unit string) (Alarm, bool) {
	a := Alarm{Name: strconv.Itoa(n) + unit}
	switch unit {
	case "w":
		a.Days = 7 * n
	case "d":
		a.Days = n
	case "h":
		a.Before = time.Duration(n) * time.Hour
	case "m":
		a.Before = time.Duration(n) * time.Minute
	default:
		return Alarm{}, false
	}
	return a, true
}

// Options say how the events of a feed are shown. The zero Options are the usual ones.
type Options struct {
	Windows   Windows      // "" is Edges
	Cancelled Cancelled    // "" is ByBoth
	Alarms    []Alarm      // none unless asked for
	Technical bool         // whether descriptions tell the date as EDTF writes it too, for those who know that
	Busy      []event.Kind // kinds that take up time when their hour is known; nil is meetings, summits and talks
}

func (o Options) windows() Windows {
	if o.Windows == "" {
		return Edges
	}
	return o.Windows
}

// inTitle reports whether the title tells that something is called off.
func (o Options) inTitle() bool { return o.Cancelled != ByStatus }

// inStatus reports whether STATUS tells that something is called off.
func (o Options) inStatus() bool { return o.Cancelled != ByTitle }

func (o Options) busy(k event.Kind) bool {
	if o.Busy == nil {
		return k == event.Meeting || k == event.Summit || k == event.Talks
	}
	return slices.Contains(o.Busy, k)
}
