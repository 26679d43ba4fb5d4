package when

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
)

// EDTF is a date in a subset of the Extended Date/Time Format of ISO 8601-2: all
// of levels 0 and 1 with years of four digits from 1000 on, and of level 2 the
// sets of which one member holds, the groupings of months and the signs that
// qualify a part.
//
//	2026-02-17, 2026-02, 2026            a day, a month, a year
//	2025-11-10T00:01:00-05:00            an instant; with no offset, of the event's own zone
//	2026-23, 2026-33, 2026-40            autumn; the first quarter; the first half
//	2026-02-XX, 2026-XX, 202X            digits not known
//	2026-XX-31                           the 31st of some month: one of seven days
//	2026-02?, 2026-02~, 2026-02%         uncertain, approximate, both
//	2026-02~-17, ?2026-02-~17            parts of it so: a sign counts for all to its
//	                                     left, and one before a part for that part
//	2026-01-01/2026-02-16                lasts from the one to the other
//	2026-01-01/.., 2026-01-01/           no end; an end that is not known
//	[2026-01-15,2026-02-10]              one of these
//	[2026-01..2026-03], [..2026], [2026..]
//
// Beyond the format itself, an instant may be approximate, seconds may be left
// out, instants may bound an interval, and spaces may stand around the parts of a
// set.
type EDTF struct {
	Kind  EDTFKind
	Spans []EDTFSpan // exactly one, but for EDTFOneOf
}

// EDTFKind says what an EDTF is made of.
type EDTFKind uint8

// The kinds.
const (
	EDTFSingle   EDTFKind = iota // one date
	EDTFInterval                 // lasts from one date to another
	EDTFOneOf                    // takes place on one of several dates
)

// EDTFSpan is one date, or the stretch from one to another. The two are equal
// where there is one only.
type EDTFSpan struct {
	First, Last EDTFEnd
}

// EDTFEnd is one end of a stretch.
type EDTFEnd struct {
	State EDTFState
	Date  EDTFDate // zero unless the state is EDTFStated
}

// EDTFState says what is known of an end.
type EDTFState uint8

// The states.
const (
	EDTFStated  EDTFState = iota // a date is given
	EDTFOpen                     // there is no such end: ".."
	EDTFUnknown                  // there is one, and nobody knows it: nothing written
)

// EDTFDate is a single date, some digits of which may be unknown and some parts
// of which may be qualified.
type EDTFDate struct {
	Year, Month, Day Part        // the month and the day zero where none is given; the month is a code from 21 to 41 for a grouping
	Clock            civil.Clock // zero unless Timed
	Timed            bool
	Zone             string // of an instant: UTC, an offset such as +08:00, "" for the event's own
}

// Part is the year, the month or the day of an EDTFDate.
type Part struct {
	Value       int // with 0 for every digit that is not known
	Unspecified int // how many digits on the right are not known
	Qualifier   Qualifier
}

// Qualifier says how far a part is to be trusted.
type Qualifier uint8

// The qualifiers, which add up.
const (
	Uncertain   Qualifier = 1 << iota // "?": the source may be wrong
	Approximate                       // "~": about then
)

// given reports whether p is there at all.
func (p Part) given() bool { return p.Value != 0 || p.Unspecified != 0 }

// known reports whether p is given with all its digits.
func (p Part) known() bool { return p.given() && p.Unspecified == 0 }

// text writes p in a number of digits, without its qualifier.
func (p Part) text(width int) string {
	s := fmt.Sprintf("%0*d", width, p.Value)
	return s[:width-p.Unspecified] + strings.Repeat("X", p.Unspecified)
}

// String returns the sign of q, "" for none.
func (q Qualifier) String() string { return [4]string{"", "?", "~", "%"}[q&(Uncertain|Approximate)] }

// parts returns those of the year, month and day that are given.
func (d EDTFDate) parts() []Part {
	all := []Part{d.Year, d.Month, d.Day}
	n := slices.IndexFunc(all, func(p Part) bool { return !p.given() })
	if n < 0 {
		return all
	}
	return all[:n]
}

// qualifier returns the qualifiers of all parts together.
func (d EDTFDate) qualifier() (q Qualifier) {
	for _, p := range d.parts() {
		q |= p.Qualifier
	}
	return q
}

// Approx reports whether any part of d is approximate.
func (d EDTFDate) Approx() bool { return d.qualifier()&Approximate != 0 }

// Uncertain reports whether any part of d is uncertain.
func (d EDTFDate) Uncertain() bool { return d.qualifier()&Uncertain != 0 }

// Soft reports whether the ends of d are a convention rather than stated: those of a
// season are, and those of what is approximate.
func (d EDTFDate) Soft() bool { return d.Approx() || d.Grain() == civil.GrainSeason }

// period returns the year of d with its month, which may be a grouping of months.
func (d EDTFDate) period() civil.Period {
	return civil.Period{Year: d.Year.Value, Month: d.Month.Value}
}

// Grain says how finely d is written. Digits that are not known count for
// nothing: 2026-02-XX and 2026-02-1X are of a month.
func (d EDTFDate) Grain() civil.Grain {
	switch {
	case d.Timed:
		return civil.GrainTime
	case d.Day.known():
		return civil.GrainDay
	case d.period().Grouped():
		return d.period().Grain()
	case d.Month.known():
		return civil.GrainMonth
	}
	return civil.GrainYear + civil.Grain(d.Year.Unspecified)
}

// String writes d in its one canonical form.
func (d EDTFDate) String() string {
	if d.Timed {
		return d.date(d.unqualified()) + "T" + d.clock() + d.Year.Qualifier.String()
	}
	return d.date(d.parts())
}

// unqualified returns the parts of d without their qualifiers.
func (d EDTFDate) unqualified() []Part {
	parts := d.parts()
	for i := range parts {
		parts[i].Qualifier = 0
	}
	return parts
}

// date writes parts. A sign that the first of them share stands behind the last
// that has it, any other one before its part.
func (d EDTFDate) date(parts []Part) string {
	if len(parts) == 0 {
		return ""
	}
	shared := 1
	for shared < len(parts) && parts[shared].Qualifier == parts[0].Qualifier {
		shared++
	}
	var b strings.Builder
	for i, p := range parts {
		width := 2
		if i == 0 {
			width = 4
		} else {
			b.WriteByte('-')
		}
		if i >= shared {
			b.WriteString(p.Qualifier.String())
		}
		b.WriteString(p.text(width))
		if i == shared-1 {
			b.WriteString(p.Qualifier.String())
		}
	}
	return b.String()
}

// clock writes the time of day of d, always with seconds, and its offset.
func (d EDTFDate) clock() string {
	zone := d.Zone
	if zone == "UTC" {
		zone = "Z"
	}
	return fmt.Sprintf("%02d:%02d:%02d%s", d.Clock.Hour, d.Clock.Minute, d.Clock.Second, zone)
}

// String writes e as it is read; the end that is not known is "".
func (e EDTFEnd) String() string {
	switch e.State {
	case EDTFOpen:
		return ".."
	case EDTFUnknown:
		return ""
	}
	return e.Date.String()
}

// option writes s as a member of a set.
func (s EDTFSpan) option() string {
	switch {
	case s.First == s.Last:
		return s.First.String()
	case s.First.State == EDTFOpen:
		return ".." + s.Last.String()
	case s.Last.State == EDTFOpen:
		return s.First.String() + ".."
	}
	return s.First.String() + ".." + s.Last.String()
}

// String writes e in its one canonical form, which ParseEDTF reads back as e, and
// "" for the zero EDTF.
func (e EDTF) String() string {
	if len(e.Spans) == 0 {
		return ""
	}
	switch e.Kind {
	case EDTFInterval:
		return e.Spans[0].First.String() + "/" + e.Spans[0].Last.String()
	case EDTFOneOf:
		options := make([]string, len(e.Spans))
		for i, s := range e.Spans {
			options[i] = s.option()
		}
		return "[" + strings.Join(options, ",") + "]"
	}
	return e.Spans[0].First.String()
}

// any reports whether what holds for any date of e.
func (e EDTF) any(what func(EDTFDate) bool) bool {
	return slices.ContainsFunc(e.Spans, func(s EDTFSpan) bool { return what(s.First.Date) || what(s.Last.Date) })
}

// Approx reports whether any date of e is approximate, be it in part.
func (e EDTF) Approx() bool { return e.any(EDTFDate.Approx) }

// Uncertain reports whether any date of e is uncertain, be it in part. That changes
// no bound.
func (e EDTF) Uncertain() bool { return e.any(EDTFDate.Uncertain) }

// Soft reports whether any end of e is a convention rather than stated.
func (e EDTF) Soft() bool { return e.any(EDTFDate.Soft) }
