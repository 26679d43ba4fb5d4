package when

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// checkSyntax requires that err is a *syntax.Error of one short line, at a place
// in s.
func checkSyntax(t *testing.T, s string, err error) {
	t.Helper()
	var se *syntax.Error
	switch {
	case !errors.As(err, &se):
		t.Errorf("%q: the error %v is a %T", s, err, err)
	case se.Offset < 0 || se.Offset > len(s):
		t.Errorf("%q: offset %d lies outside the text", s, se.Offset)
	case strings.ContainsAny(se.Msg, "\n\r") || !utf8.ValidString(se.Msg) || len(se.Msg) > 1000:
		t.Errorf("%q: %q is not one short line", s, se.Msg)
	}
}

// wrong returns the message and the offset of a *syntax.Error, and -1 where err is
// none.
func wrong(err error) (string, int) {
	var se *syntax.Error
	if errors.As(err, &se) {
		return se.Msg, se.Offset
	}
	return message(err), -1
}

// dates draws a date that can be written.
func dates() *rapid.Generator[civil.Date] {
	return rapid.Custom(func(t *rapid.T) civil.Date {
		year, month := rapid.IntRange(1000, 9999).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
		return civil.Date{Year: year, Month: time.Month(month), Day: rapid.IntRange(1, civil.DaysIn(year, month)).Draw(t, "day")}
	})
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// changeable are zones with clock changes of many kinds.
var changeable = []string{
	"America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut",
	"America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "Asia/Gaza",
	"Asia/Kathmandu", "UTC", "Antarctica/Troll", "America/St_Johns", "America/Toronto",
	"Pacific/Kwajalein", "Asia/Manila", "Antarctica/Casey", "America/Nuuk", "Africa/Monrovia",
}
