package ical

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// unicodeText returns a text that is UTF-16 in UTF-8, and which UTF-16 it is; others stay as
// they are. The first characters of a calendar are of ASCII, so that its zeros say it where
// it has no byte order mark.
func unicodeText(data []byte) (text []byte, was string) {
	at := func(i int) byte {
		if i < len(data) {
			return data[i]
		}
		return 1
	}
	var order unicode.Endianness
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), at(1) == 0 && at(3) == 0 && at(0) != 0:
		order, was = unicode.LittleEndian, "UTF-16LE"
	case bytes.HasPrefix(data, []byte("\xFE\xFF")), at(0) == 0 && at(2) == 0 && at(1) != 0:
		order, was = unicode.BigEndian, "UTF-16BE"
	default:
		return data, ""
	}
	text, _ = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data) // what is no character is damaged
	return text, was
}

// westernText reads b as Windows-1252, of which what is called latin-1 is nearly always a part.
func westernText(b []byte) string {
	text, _ := charmap.Windows1252.NewDecoder().Bytes(b) // every byte is a character
	return string(text)
}

// charsets notes the first lines of a text that are not UTF-8.
type charsets struct {
	western int // is read as Windows-1252
	damaged int // has characters that are none
}

// read returns a line, which starts at number no, as UTF-8. One that has characters of UTF-8
// and others that are none is damaged, and one that has only such is of another charset.
func (c *charsets) read(line []byte, no int) string {
	line = unquoted(line)
	if utf8.Valid(line) {
		return string(line)
	}
	for rest := line; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r != utf8.RuneError && n > 1 {
			c.damaged = first(c.damaged, no)
			return strings.ToValidUTF8(string(line), "\uFFFD")
		}
		rest = rest[n:]
	}
	c.western = first(c.western, no)
	return westernText(line)
}

// first returns the number that is known, or the one that is now.
func first(known, now int) int {
	if known > 0 {
		return known
	}
	return now
}

// tell says in what the text is not UTF-8.
func (c *charsets) tell(found *Findings) {
	if c.western > 0 {
		found.Add(c.western, "it is no UTF-8, and is read as Windows-1252 from this line on where it is not")
	}
	if c.damaged > 0 {
		found.Add(c.damaged, "a character is damaged: it is no UTF-8")
	}
}

// isQuoted reports whether the value of a line is quoted-printable, as vCalendar 1.0 has it.
func isQuoted(line []byte) bool {
	head, _, ok := bytes.Cut(line, []byte(":"))
	return ok && bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// unquoted undoes quoted-printable.
func unquoted(line []byte) []byte {
	if !isQuoted(line) {
		return line
	}
	head, value, _ := bytes.Cut(line, []byte(":"))
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(value)))
	if err != nil {
		return line
	}
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte(`\n`)), []byte("\n"), []byte(`\n`))
	return append(append(bytes.Clone(head), ':'), text...)
}
