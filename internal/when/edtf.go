package when

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
)

// edtf is a date in a subset of the Extended Date/Time Format of ISO 8601-2: all
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
type edtf struct {
	Kind  edtfKind
	Spans []edtfSpan // exactly one, but for oneOfSet
}

// edtfKind says what an EDTF is made of.
type edtfKind uint8

// The kinds.
const (
	singleDate edtfKind = iota // one date
	interval                   // lasts from one date to another
	oneOfSet                   // takes place on one of several dates
)

// edtfSpan is one date, or the stretch from one to another. The two are equal
// where there is one only.
type edtfSpan struct {
	First, Last edtfDate
}

// endState says what is known of an end.
type endState uint8

// The states.
const (
	endStated  endState = iota // a date is given
	endOpen                    // there is no such end: ".."
	endUnknown                 // there is one, and nobody knows it: nothing written
)

// edtfDate is a single date, some digits of which may be unknown and some parts
// of which may be qualified.
type edtfDate struct {
	State            endState    // that of an end of a stretch: all else is zero unless a date is given
	Year, Month, Day datePart    // the month and the day zero where none is given; the month is a code from 21 to 41 for a grouping
	Clock            civil.Clock // zero unless Timed
	Timed            bool
	Zone             string // of an instant: UTC, an offset such as +08:00, "" for the event's own
}

// datePart is the year, the month or the day of an edtfDate.
type datePart struct {
	Value       int // with 0 for every digit that is not known
	Unspecified int // how many digits on the right are not known
	Qualifier   qualifier
}

// qualifier says how far a part is to be trusted.
type qualifier uint8

// The qualifiers, which add up.
const (
	uncertain   qualifier = 1 << iota // "?": the source may be wrong
	approximate                       // "~": about then
)

// given reports whether p is there at all.
func (p datePart) given() bool { return p.Value != 0 || p.Unspecified != 0 }

// known reports whether p is given with all its digits.
func (p datePart) known() bool { return p.given() && p.Unspecified == 0 }

// text writes p in a number of digits, without its qualifier.
func (p datePart) text(width int) string {
	s := fmt.Sprintf("%0*d", width, p.Value)
	return s[:width-p.Unspecified] + strings.Repeat("X", p.Unspecified)
}

// signs has the sign of each qualifier at its number.
const signs = " ?~%"

// qualifierOf returns what c is the sign of, 0 for none.
func qualifierOf(c byte) qualifier { return qualifier(max(strings.IndexByte(signs, c), 0)) }

// String returns the sign of q, "" for none.
func (q qualifier) String() string { return strings.TrimSpace(signs[q : q+1]) }

// parts returns those of the year, month and day that are given.
func (d edtfDate) parts() []datePart {
	all := []datePart{d.Year, d.Month, d.Day}
	n := slices.IndexFunc(all, func(p datePart) bool { return !p.given() })
	if n < 0 {
		return all
	}
	return all[:n]
}

// qualifier returns the qualifiers of all parts together.
func (d edtfDate) qualifier() (q qualifier) {
	for _, p := range d.parts() {
		q |= p.Qualifier
	}
	return q
}

// Approx reports whether any part of d is approximate.
func (d edtfDate) Approx() bool { return d.qualifier()&approximate != 0 }

// Uncertain reports whether any part of d is uncertain.
func (d edtfDate) Uncertain() bool { return d.qualifier()&uncertain != 0 }

// Soft reports whether the ends of d are a convention rather than stated: those of a
// season are, and those of what is approximate.
func (d edtfDate) Soft() bool { return d.Approx() || d.Grain() == civil.GrainSeason }

// period returns the year of d with its month, which may be a grouping of months.
func (d edtfDate) period() civil.Period {
	return civil.Period{Year: d.Year.Value, Month: d.Month.Value}
}

// Grain returns how finely d is written. Digits that are not known count for
// nothing: 2026-02-XX and 2026-02-1X are of a month.
func (d edtfDate) Grain() civil.Grain {
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

// String writes d in its one canonical form; the end that is not known is "".
func (d edtfDate) String() string {
	switch {
	case d.State == endOpen:
		return ".."
	case d.State == endUnknown:
		return ""
	case d.Timed:
		return d.date(d.unqualified()) + "T" + d.clock() + d.Year.Qualifier.String()
	}
	return d.date(d.parts())
}

// unqualified returns the parts of d without their qualifiers.
func (d edtfDate) unqualified() []datePart {
	parts := d.parts()
	for i := range parts {
		parts[i].Qualifier = 0
	}
	return parts
}

// date writes parts. A sign that the first of them share stands behind the last
// that has it, any other one before its part.
func (d edtfDate) date(parts []datePart) string {
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
func (d edtfDate) clock() string {
	zone := d.Zone
	if zone == "UTC" {
		zone = "Z"
	}
	return fmt.Sprintf("%02d:%02d:%02d%s", d.Clock.Hour, d.Clock.Minute, d.Clock.Second, zone)
}

// option writes s as a member of a set.
func (s edtfSpan) option() string {
	if s.First == s.Last {
		return s.First.String()
	}
	return strings.TrimSuffix(s.First.String(), "..") + ".." + strings.TrimPrefix(s.Last.String(), "..")
}

// String writes e in its one canonical form, which parseEDTF reads back as e, and
// "" for the zero edtf.
func (e edtf) String() string {
	if len(e.Spans) == 0 {
		return ""
	}
	switch e.Kind {
	case interval:
		return e.Spans[0].First.String() + "/" + e.Spans[0].Last.String()
	case oneOfSet:
		options := make([]string, len(e.Spans))
		for i, s := range e.Spans {
			options[i] = s.option()
		}
		return "[" + strings.Join(options, ",") + "]"
	}
	return e.Spans[0].First.String()
}

// any reports whether what holds for any date of e.
func (e edtf) any(what func(edtfDate) bool) bool {
	return slices.ContainsFunc(e.Spans, func(s edtfSpan) bool { return what(s.First) || what(s.Last) })
}
