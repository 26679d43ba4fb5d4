package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// checkPreconditions returns with which status the preconditions of a request for a representation are
// to be answered, RFC 9110 §13.2.2: 412 where it is not the one that the client speaks of,
// 304 where the client has it already, else 200. What cannot be read changes nothing.
func checkPreconditions(h http.Header, etag string, modified time.Time) int {
	if list, ok := h["If-Match"]; ok {
		if !someMatch(list, etag, strongly) {
			return http.StatusPreconditionFailed
		}
	} else if t, ok := since(h["If-Unmodified-Since"]); ok && modified.Truncate(time.Second).After(t) {
		return http.StatusPreconditionFailed
	}
	if unchanged(h, etag, modified) {
		return http.StatusNotModified
	}
	return http.StatusOK
}

// unchanged reports whether the client has the representation with that entity tag
// already: If-None-Match decides where it is given, and If-Modified-Since only where it
// is not.
func unchanged(h http.Header, etag string, modified time.Time) bool {
	if list, ok := h["If-None-Match"]; ok {
		return someMatch(list, etag, weakly)
	}
	t, ok := since(h["If-Modified-Since"])
	return ok && !modified.IsZero() && !modified.Truncate(time.Second).After(t)
}

// since reads a field that holds one date.
func since(field []string) (time.Time, bool) {
	if len(field) != 1 {
		return time.Time{}, false
	}
	t, err := http.ParseTime(field[0])
	return t, err == nil
}

// The ways to compare entity tags, RFC 9110 §8.8.3.2.
const (
	strongly = false
	weakly   = true
)

// someMatch reports whether a line of list holds etag.
func someMatch(list []string, etag string, weak bool) bool {
	for _, line := range list {
		if anyMatch(line, etag, weak) {
			return true
		}
	}
	return false
}

// anyMatch reports whether a list of entity tags holds etag, which is strong, or is *. Tags
// may hold commas.
func anyMatch(list, etag string, weak bool) bool {
	for list = strings.TrimLeft(list, " \t,"); list != ""; list = strings.TrimLeft(list, " \t,") {
		if list[0] == '*' {
			return true
		}
		tag, isWeak := strings.CutPrefix(list, "W/")
		list = tag
		if list == "" || list[0] != '"' {
			return false
		}
		end := strings.IndexByte(list[1:], '"')
		if end < 0 {
			return false
		}
		if list[:end+2] == etag && (weak || !isWeak) {
			return true
		}
		list = list[end+2:]
	}
	return false
}

// wantsGzip reports whether a client that sent these Accept-Encoding fields would
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
