package config

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Format writes each error on a line of its own, with the line of the file that
// it is about below, and a caret below the column.
func Format(w io.Writer, errs Errors) error {
	out := bufio.NewWriter(w)
	for _, e := range errs {
		fmt.Fprintln(out, e.Error())
		if e.Line > 0 && strings.TrimSpace(e.Source) != "" {
			text, caret := excerpt(e.Source, e.Column)
			fmt.Fprintf(out, "  %s\n  %s^\n", text, caret)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the errors: %w", err)
	}
	return nil
}

// Bounds of an excerpt, in characters: how much is shown before the column and
// in all.
const (
	excerptBefore = 60
	excerptLength = 120
)

// excerpt returns the part of line around column that fits a terminal, and the
// blanks that put a caret below that column.
func excerpt(line string, column int) (text, blanks string) {
	chars := []rune(line)
	at := min(max(column-1, 0), len(chars))
	cutLeft, cutRight := "", ""
	if len(chars) > excerptLength {
		from := max(0, at-excerptBefore)
		to := min(len(chars), from+excerptLength)
		if from > 0 {
			cutLeft = "…"
		}
		if to < len(chars) {
			cutRight = "…"
		}
		chars, at = chars[from:to], at-from
	}
	var shown, below strings.Builder
	shown.WriteString(cutLeft)
	below.WriteString(strings.Repeat(" ", len([]rune(cutLeft))))
	for i, c := range chars {
		shown.WriteRune(visible(c))
		if i < at {
			below.WriteString(blank(c))
		}
	}
	return shown.String() + cutRight, below.String()
}

// visible stands in for characters that would steer a terminal.
func visible(c rune) rune {
	if c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)) {
		return unicode.ReplacementChar
	}
	return c
}

// blank returns an empty space as wide as c on a terminal.
func blank(c rune) string {
	switch {
	case c == '\t':
		return "\t"
	case unicode.In(c, unicode.Mn, unicode.Me), unicode.Is(unicode.Cf, c) && !unicode.Is(unicode.Bidi_Control, c):
		return ""
	case wide(c):
		return "  "
	}
	return " "
}

// wide reports whether c takes two columns (Unicode Standard Annex 11).
func wide(c rune) bool {
	k := width.LookupRune(c).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}
