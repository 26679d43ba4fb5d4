package ical

import (
	"cmp"
	"fmt"
	"slices"

	"attache/internal/prose"
)

// Finding is something in an iCalendar text that is wrong.
type Finding struct {
	Line  int    // of the file, from 1; 0 is the text as a whole
	What  string // one line
	Entry Key    // the entry that it is about, where it is about one
}

// Key names an entry of a calendar. The zero Key is of one that has no UID.
type Key struct {
	UID        string
	Occurrence string // the RECURRENCE-ID of one of a series, as it stands, or ""
}

// String writes f as "line 12: …".
func (f Finding) String() string {
	if f.Line == 0 {
		return f.What
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.What)
}

// Findings are what is wrong with one text, up to the first 200.
type Findings []Finding

// Bounds of findings.
const (
	maxFindings = 200
	maxQuoted   = 60 // octets of a value that a message repeats
)

// Add notes what is wrong in a line. Strings among args come from the text, and are cut
// where they are long.
func (f *Findings) Add(line int, format string, args ...any) {
	f.of(Key{}, line, format, args...)
}

// of is Add for a finding about an entry.
func (f *Findings) of(entry Key, line int, format string, args ...any) {
	if len(*f) == maxFindings {
		return
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = prose.Clip(s, maxQuoted)
		}
	}
	*f = append(*f, Finding{line, prose.CleanLine(fmt.Sprintf(format, args...)), entry})
}

// Sort puts the findings in the order of their lines.
func (f Findings) Sort() {
	slices.SortStableFunc(f, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
}
