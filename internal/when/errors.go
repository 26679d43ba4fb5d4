package when

import "fmt"

// SyntaxError says what is wrong with a date that a person wrote, and where.
type SyntaxError struct {
	Offset int    // bytes from the start of the text to what is wrong
	Msg    string // one line, for the person who wrote it
}

// Error gives the message alone; whoever knows the file adds line and column.
func (e *SyntaxError) Error() string { return e.Msg }

func errAt(offset int, format string, args ...any) error {
	return &SyntaxError{Offset: offset, Msg: fmt.Sprintf(format, args...)}
}
