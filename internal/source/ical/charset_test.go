package ical

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// inUTF16 returns s in UTF-16, the byte high of each two being the greater one.
func inUTF16(s string, high int) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		two := []byte{byte(u), byte(u)}
		two[high], two[1-high] = byte(u>>8), byte(u)
		out = append(out, two...)
	}
	return out
}

func TestParse_Charset(t *testing.T) {
	event := func(title string) string {
		return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n" + title + "\r\nDTSTART:20260217\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	}
	for name, c := range map[string]struct {
		data       []byte
		want, word string
	}{
		"UTF-8":                         {[]byte(event("SUMMARY:Réunion à 会谈")), "Réunion à 会谈", ""},
		"latin-1":                       {[]byte(event("SUMMARY:R\xe9union \xe0 Gen\xe8ve")), "Réunion à Genève", "line 4: it is no UTF-8, and is read as Windows-1252"},
		"Windows-1252":                  {[]byte(event("SUMMARY:\x93R\xe9union\x94 \x96 5 \x80")), "“Réunion” – 5 €", "line 4: it is no UTF-8"},
		"one line of another":           {[]byte(event("LOCATION:Zürich\r\nSUMMARY:R\xe9union")), "Réunion", "line 5: it is no UTF-8"},
		"folded":                        {[]byte(event("SUMMARY:R\xe9\r\n union")), "Réunion", "line 4: it is no UTF-8"},
		"a damaged character":           {[]byte(event("SUMMARY:Réunion \xe4\xbc")), "Réunion \uFFFD", "line 4: a character is damaged"},
		"UTF-16, little end first":      {inUTF16("\uFEFF"+event("SUMMARY:Réunion 会谈 😀"), 1), "Réunion 会谈 😀", "the text is UTF-16LE"},
		"UTF-16, big end first":         {inUTF16("\uFEFF"+event("SUMMARY:Réunion 会谈 😀"), 0), "Réunion 会谈 😀", "the text is UTF-16BE"},
		"UTF-16 without a mark":         {inUTF16(event("SUMMARY:Réunion"), 1), "Réunion", "the text is UTF-16LE"},
		"UTF-16 without a mark, other":  {inUTF16(event("SUMMARY:Réunion"), 0), "Réunion", "the text is UTF-16BE"},
		"quoted-printable":              {[]byte(event("SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:R=C3=A9union =E2=82=AC")), "Réunion €", ""},
		"quoted-printable in latin-1":   {[]byte(event("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:R=E9union")), "Réunion", "line 4: it is no UTF-8"},
		"quoted-printable over 2 lines": {[]byte(event("SUMMARY;ENCODING=QUOTED-PRINTABLE:R=C3=A9=\r\nunion")), "Réunion", ""},
	} {
		got, found := oneOf(t, c.data, Options{})
		if got.Title != c.want {
			t.Errorf("%s: %q, want %q", name, got.Title, c.want)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) != 1 || !strings.HasPrefix(found[0].String(), c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}

func TestParse_LongLine(t *testing.T) {
	data := eventOf("DTSTART:20260217", "DESCRIPTION:"+strings.Repeat("会", maxValue))
	if _, found := oneOf(t, data, Options{}); len(found) > 0 {
		t.Errorf("%v", found)
	}
	if text, was := unicodeText([]byte("BE")); was != "" || !bytes.Equal(text, []byte("BE")) {
		t.Errorf("%q %q", text, was)
	}
	if !slices.Equal([]rune(westernText([]byte{0x80, 0xff})), []rune("€ÿ")) {
		t.Error(westernText([]byte{0x80, 0xff}))
	}
}
