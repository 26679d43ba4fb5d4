package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attache/internal/prose"
)

// Error says what is wrong at one place in a file.
type Error struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 where the file as a whole is meant
	Column  int    `json:"column"` // in characters, from 1
	Message string `json:"message"`
	Code    string `json:"code,omitempty"` // of a warning about a date, such as skipped-time
	Fixes   []Fix  `json:"fixes,omitempty"`
	Source  string `json:"-"` // the line as it stands in the file, without its end

	written string // what stands at the place, which the message may repeat
	cause   error
	rest    bool // e says what is not listed, of which it stands for dropped errors
	dropped int
}

// Error writes e as file:line:column: message, for the author of the file: it may repeat
// what stands there, see [Error.Published].
func (e *Error) Error() string {
	message := e.Message
	if e.Code != "" {
		message += " (" + e.Code + ")"
	}
	if e.Line == 0 {
		return e.File + ": " + message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, message)
}

// Unwrap returns what the operating system said, where it said something.
func (e *Error) Unwrap() error { return e.cause }

// Errors is everything that is wrong, ordered by file, line and column.
type Errors []*Error

// Error returns the first error and the number of those that follow it; see
// [Format] for all of them.
func (e Errors) Error() string {
	switch len(e) {
	case 0:
		return "no errors"
	case 1:
		return e[0].Error()
	case 2:
		return e[0].Error() + " (and one more error)"
	}
	return fmt.Sprintf("%s (and %d more errors)", e[0].Error(), len(e)-1)
}

// Count returns how many errors there are, with those that are not listed.
func (e Errors) Count() (n int) {
	for _, one := range e {
		if one.rest {
			n += one.dropped - 1
		}
	}
	return n + len(e)
}

// Unwrap returns each error.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, one := range e {
		out[i] = one
	}
	return out
}

// maxErrors is how many errors are kept. Nobody mends more in one go, and a file
// of another kind altogether would give one for each of its lines.
const maxErrors = 100

// maxWarnings is how many warnings are kept.
const maxWarnings = 1000

// findings collects what is wrong and what deserves a warning.
type findings struct {
	errs, warns Errors
	dropped     int // errors that are not kept
	unread      int // events that were not read, because enough is wrong with those before them
}

// enough reports whether as many errors were found as are kept: what comes now need not be
// read.
func (f *findings) enough() bool { return len(f.errs) >= maxErrors }

func (f *findings) fail(at place, format string, args ...any) {
	if f.enough() {
		f.dropped++
		return
	}
	f.errs = append(f.errs, at.error(format, args...))
}

func (f *findings) warn(at place, format string, args ...any) {
	if len(f.warns) < maxWarnings {
		f.warns = append(f.warns, at.error(format, args...))
	}
}

// errors returns the errors in order, what is said of those not kept last.
func (f *findings) errors() Errors {
	sortByPlace(f.errs)
	var rest []string
	if f.dropped > 0 {
		rest = append(rest, prose.Count(f.dropped, "more error"))
	}
	if f.unread > 0 {
		rest = append(rest, prose.Count(f.unread, "event")+" after these not read")
	}
	if len(rest) == 0 {
		return f.errs
	}
	last := f.errs[len(f.errs)-1]
	return append(f.errs, &Error{File: last.File, Message: "and " + strings.Join(rest, ", "), rest: true, dropped: f.dropped})
}

func (f *findings) warnings() Errors {
	sortByPlace(f.warns)
	return f.warns
}

func sortByPlace(list Errors) {
	slices.SortStableFunc(list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// place is where something stands in a file.
type place struct {
	src          *fileText
	line, column int    // from 1; a line of 0 is the file as a whole
	written      string // what stands there, as far as it is text
	fixes        []Fix  // what may have been meant
}

func (p place) String() string {
	return fmt.Sprintf("%s:%d", p.src.name, p.line)
}

// is reports whether p is where o is.
func (p place) is(o place) bool { return p.src == o.src && p.line == o.line && p.column == o.column }

// slip returns p as a place that anybody may be told of: what is written there is nearly one
// of words, so it is a slip of the keyboard and no secret. Other places it returns as they are.
func (p place) slip(written string, words []string) place {
	if nearest(written, words) != "" {
		p.written = ""
	}
	return p
}

func (p place) error(format string, args ...any) *Error {
	return &Error{
		File: p.src.name, Line: p.line, Column: p.column, Fixes: p.fixes,
		Message: fmt.Sprintf(format, args...), Source: strings.Clone(p.src.line(p.line)), written: p.written,
	}
}
