package when

import (
	"fmt"

	"attache/internal/prose"
)

// SyntaxError says what is wrong with a date that a person wrote, and where.
type SyntaxError struct {
	Offset int    // bytes from the start of the text to what is wrong
	Msg    string // one line, for the person who wrote it
}

// Error returns the message alone; whoever knows the file adds line and column.
func (e *SyntaxError) Error() string { return e.Msg }

func errAt(offset int, format string, args ...any) error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = clip(s)
		}
	}
	return &SyntaxError{Offset: offset, Msg: fmt.Sprintf(format, args...)}
}

// quoteLimit is how many bytes of what a person wrote a message repeats.
const quoteLimit = 80

// clip shortens what a person wrote to the quote limit.
func clip(s string) string { return prose.Clip(s, quoteLimit) }
