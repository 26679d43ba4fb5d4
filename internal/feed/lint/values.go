package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/source/ical"
)

// words are what the values of some properties have to be among, RFC 5545 §3.7 and §3.8.
var words = map[string]string{
	"VERSION":                     "2.0",
	"CALSCALE":                    "GREGORIAN",
	"STATUS":                      "TENTATIVE, CONFIRMED, CANCELLED",
	"TRANSP":                      "OPAQUE, TRANSPARENT",
	"CLASS":                       "PUBLIC", // others are shown as "busy" and nothing else
	"X-MICROSOFT-CDO-BUSYSTATUS":  "FREE, TENTATIVE, BUSY, OOF",
	"X-MICROSOFT-CDO-ALLDAYEVENT": "TRUE, FALSE",
}

// types are the properties that have to name the type of their value.
var types = map[string]string{"SOURCE": "URI", "REFRESH-INTERVAL": "DURATION"}

// values says what the value of a property is, and how that is told, in the order in which it
// is looked at.
var values = []struct {
	names string // of properties
	what  string // as in `COLOR "#008080" is not a CSS3 colour name`
	ok    func(property) bool
}{
	{"DTSTAMP CREATED LAST-MODIFIED", "an instant in UTC", isInstant},
	{"DTSTART DTEND RECURRENCE-ID", "the date or time that its VALUE says", isMoment},
	{"DURATION REFRESH-INTERVAL X-PUBLISHED-TTL", "a positive duration", isDuration},
	{"SEQUENCE", "a number from 0", isCount},
	{"URL SOURCE", "an absolute http or https address", func(p property) bool { return ical.IsLink(p.value) }},
	{"COLOR", "a CSS3 colour name", func(p property) bool { return isColor(p.value) }},
	{"ATTENDEE", "for a feed, which invites nobody", func(property) bool { return false }},
	{"GEO", "a latitude and a longitude", isPlace},
	{"X-WR-TIMEZONE", "a zone of the IANA database", isZone},
	{"SUMMARY LOCATION UID PRODID X-WR-CALNAME", "there", func(p property) bool { return p.value != "" }},
	{"SUMMARY LOCATION UID PRODID X-WR-CALNAME DESCRIPTION COMMENT NAME RELATED-TO X-WR-CALDESC", "escaped text", isText},
	{"CATEGORIES RESOURCES", "a list of escaped texts", isTexts},
}

// value checks a property by itself.
func (l *linter) value(p property) {
	switch list := words[p.name]; {
	case list == "" || slices.Contains(strings.Split(list, ", "), p.value):
	case !strings.Contains(list, ","):
		l.found.Add(p.no, "%s is %q, not %s", p.name, p.value, list)
	default:
		l.found.Add(p.no, "%s is %q: it can be %s", p.name, p.value, list)
	}
	if want, ok := types[p.name]; ok && !p.is(want) {
		l.found.Add(p.no, "%s has no VALUE=%s", p.name, want)
	}
	for _, v := range values {
		if slices.Contains(strings.Fields(v.names), p.name) && !v.ok(p) {
			l.found.Add(p.no, "%s %q is not %s", p.name, p.value, v.what)
			return
		}
	}
}

// moment reads a DATE or DATE-TIME, without its zone.
func moment(p property) (time.Time, bool) {
	layout := "20060102T150405"
	switch v, has := p.params["VALUE"]; {
	case v == "DATE":
		layout = "20060102"
	case has && v != "DATE-TIME":
		return time.Time{}, false
	case strings.HasSuffix(p.value, "Z"):
		layout += "Z"
	}
	t, err := time.Parse(layout, p.value)
	return t, err == nil && len(p.value) == len(layout)
}

func isMoment(p property) bool {
	_, ok := moment(p)
	return ok
}

func isInstant(p property) bool {
	return isMoment(p) && strings.HasSuffix(p.value, "Z") && len(p.params) == 0
}

// durationText is a duration of RFC 5545 §3.3.6 but for its sign: weeks stand alone.
var durationText = regexp.MustCompile(`^\+?P(?:([0-9]{1,6})W|(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?)$`)

// parseDuration reads a duration that is not negative, RFC 5545 §3.3.6.
func parseDuration(s string) (total time.Duration, ok bool) {
	m := durationText.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return 0, false
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1]) // at most six digits; none is 0
		total += time.Duration(n) * unit
	}
	return total, true
}

func isDuration(p property) bool {
	d, ok := parseDuration(p.value)
	return ok && d > 0
}

func isCount(p property) bool {
	n, err := strconv.ParseInt(p.value, 10, 32)
	return err == nil && n >= 0 && p.value[0] != '+'
}

func isPlace(p property) bool {
	a, b, ok := strings.Cut(p.value, ";")
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return ok && err == nil && err2 == nil && x >= -90 && x <= 90 && y >= -180 && y <= 180
}

func isZone(p property) bool {
	_, err := civil.Zone(p.value)
	return err == nil && strings.Contains(p.value, "/")
}

// A value of type TEXT, RFC 5545 §3.3.11, and a list of such.
var (
	textValue  = regexp.MustCompile(`^(?:[^\\;,]|\\[\\;,nN])*$`)
	textsValue = regexp.MustCompile(`^(?:[^\\;]|\\[\\;,nN])*$`)
)

func isText(p property) bool  { return textValue.MatchString(p.value) }
func isTexts(p property) bool { return textsValue.MatchString(p.value) }
