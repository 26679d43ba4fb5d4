package syntax

import (
	"fmt"

	"attache/internal/prose"
)

// Error says what is wrong with a date that a person wrote, and where.
type Error struct {
	Offset int    // bytes from the start of the text to what is wrong
	Msg    string // one line, for the person who wrote it
}

// Error returns the message alone; whoever knows the file adds line and column.
func (e *Error) Error() string { return e.Msg }

// Errorf returns an *Error at an offset. The texts among args are shortened as Clip does.
func Errorf(offset int, format string, args ...any) error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = Clip(s)
		}
	}
	return &Error{Offset: offset, Msg: fmt.Sprintf(format, args...)}
}

// quoteLimit is how many bytes of what a person wrote a message repeats.
const quoteLimit = 80

// Clip shortens what a person wrote to 80 bytes, for a message that repeats it.
func Clip(s string) string { return prose.Clip(s, quoteLimit) }

// Shift moves an *Error to where its text stands in a longer one. Any other error stays
// as it is.
func Shift(err error, by int) error {
	if se, ok := err.(*Error); ok {
		return &Error{se.Offset + by, se.Msg}
	}
	return err
}
