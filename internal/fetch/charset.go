package fetch

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// Page returns a page in UTF-8, by its byte order mark or by what it says of itself in its head.
// What is UTF-8 stays as it is; without a word about it the rest is taken for Windows-1252, as
// browsers do.
func Page(text []byte) []byte {
	if !hasMark(text) && utf8.Valid(text) {
		return text
	}
	encoding, _, _ := charset.DetermineEncoding(text[:min(len(text), 1024)], "text/html")
	out, err := encoding.NewDecoder().Bytes(text)
	if err != nil {
		return text // whoever reads it says what is wrong with it
	}
	return bytes.TrimPrefix(out, []byte("\uFEFF"))
}

// inUTF8 returns a text in UTF-8 where its server names another charset for it. What
// begins with a byte order mark, or is UTF-8 though the server names a charset of single
// bytes, as many name one for all that they have, stays as it is.
func inUTF8(text []byte, contentType string) []byte {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] == "" || hasMark(text) {
		return text
	}
	encoding, name := charset.Lookup(params["charset"])
	switch {
	case encoding == nil, name == "utf-8", name == "replacement", name == "x-user-defined":
		return text
	case singleBytes(name) && utf8.Valid(text):
		return text
	}
	out, err := encoding.NewDecoder().Bytes(text)
	if err != nil {
		return text // whoever reads it says what is wrong with it
	}
	return out
}

// hasMark reports whether a text says itself which Unicode it is.
func hasMark(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) || bytes.HasPrefix(text, []byte("\xFF\xFE")) || bytes.HasPrefix(text, []byte("\xFE\xFF"))
}

// singleBytes reports whether a charset, by its name in the Encoding Standard, has a byte for
// each character: no text in it is UTF-8 by chance, unless it is ASCII.
func singleBytes(name string) bool {
	for _, family := range []string{"windows-", "iso-8859-", "koi8-", "ibm", "macintosh", "x-mac-"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}
