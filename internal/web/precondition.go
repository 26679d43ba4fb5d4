package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// unchanged says whether the client has the representation with that entity tag
// already, RFC 9110 §13.2.2: If-None-Match decides where it is given, and
// If-Modified-Since only where it is not. What cannot be read changes nothing.
func unchanged(h http.Header, etag string, modified time.Time) bool {
	if list, ok := h["If-None-Match"]; ok {
		for _, line := range list {
			if anyMatch(line, etag) {
				return true
			}
		}
		return false
	}
	since := h.Get("If-Modified-Since")
	if since == "" || modified.IsZero() {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !modified.Truncate(time.Second).After(t)
}

// anyMatch says whether a list of entity tags holds etag, or is *. Tags are
// compared weakly, RFC 9110 §8.8.3.2, and may hold commas.
func anyMatch(list, etag string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	for list = strings.TrimLeft(list, " \t,"); list != ""; list = strings.TrimLeft(list, " \t,") {
		if list[0] == '*' {
			return true
		}
		list = strings.TrimPrefix(list, "W/")
		if list == "" || list[0] != '"' {
			return false
		}
		end := strings.IndexByte(list[1:], '"')
		if end < 0 {
			return false
		}
		if list[:end+2] == etag {
			return true
		}
		list = list[end+2:]
	}
	return false
}

// wantsGzip says whether a client that sent these Accept-Encoding fields would
// rather have gzip than the plain octets, RFC 9110 §12.5.3. Without the field
// it gets them plain, since some clients ask for nothing and read nothing else.
func wantsGzip(fields []string) bool {
	gzip, identity, rest := -1.0, -1.0, -1.0
	for _, line := range fields {
		for part := range strings.SplitSeq(line, ",") {
			coding, q := weigh(part)
			switch {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				gzip = q
			case strings.EqualFold(coding, "identity"):
				identity = q
			case coding == "*":
				rest = q
			}
		}
	}
	if gzip < 0 {
		gzip = rest
	}
	return gzip > 0 && gzip >= identity
}

// weigh reads one element of an Accept-Encoding field. A weight that cannot be
// read counts as none.
func weigh(part string) (coding string, q float64) {
	coding, params, weighted := strings.Cut(part, ";")
	coding = strings.TrimSpace(coding)
	if !weighted {
		return coding, 1
	}
	name, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return coding, 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return coding, 0
	}
	return coding, q
}
