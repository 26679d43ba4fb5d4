package ical

import (
	"cmp"
	"fmt"
	"slices"

	"attache/internal/prose"
)

// Finding is something in an iCalendar text that is wrong, or that is to be known of its reading.
type Finding struct {
	Line  int    // of the file, from 1, and of an entry that of its BEGIN; 0 is the text as a whole
	What  string // one line
	Times int    // how often it is there, 0 for what is told each time
}

// String writes f as "line 12: …, 3 times".
func (f Finding) String() string {
	s := f.What
	if f.Line > 0 {
		s = fmt.Sprintf("line %d: %s", f.Line, s)
	}
	if f.Times > 1 {
		s += fmt.Sprintf(", %d times", f.Times)
	}
	return s
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
	if len(*f) == maxFindings {
		return
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = prose.Clip(s, maxQuoted)
		}
	}
	*f = append(*f, Finding{Line: line, What: prose.CleanLine(fmt.Sprintf(format, args...))})
}

// Sort puts the findings in the order of their lines.
func (f Findings) Sort() {
	slices.SortStableFunc(f, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
}
