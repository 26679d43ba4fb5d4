package phrase

import (
	"errors"

	"attache/internal/syntax"
	"attache/internal/when"
)

// wrong returns the message and the offset of a *syntax.Error, and -1 where err is none.
func wrong(err error) (string, int) {
	var se *syntax.Error
	if errors.As(err, &se) {
		return se.Msg, se.Offset
	}
	return message(err), -1
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// fataler is what a test and a property have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// windowText writes the bounds of w, which does not last.
func windowText(w when.Window) string {
	return boundText(w.Earliest) + " " + boundText(w.Latest) + " " + string(w.Precision)
}

func boundText(b when.Bound) string {
	switch {
	case !b.Known():
		return "-"
	case b.Soft:
		return b.Day.String() + "~"
	}
	return b.Day.String()
}

// tense is that of what has been, or the one to come.
func tense(past bool) Tense {
	if past {
		return Past
	}
	return Future
}
