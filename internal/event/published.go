package event

import (
	"regexp"

	"attache/internal/when"
)

// The values of STATUS in a VEVENT, RFC 5545 §3.8.1.11.
const (
	ICalTentative = "TENTATIVE"
	ICalConfirmed = "CONFIRMED"
	ICalCancelled = "CANCELLED"
)

// ICalStatus returns STATUS, RFC 5545 §3.8.1.11. Confirmed is only what has a known day or
// time, and took place or is certain: precision is that of the date, and a window is
// tentative whatever is in it, for nobody knows on which of its days it was. What was put
// off to no date is cancelled where it stood.
func ICalStatus(c Certainty, s Status, precision when.Precision) string {
	switch {
	case s.CalledOff(), postponed(s, precision):
		return ICalCancelled
	case dated(precision) && (s.TookPlace() || c.AtLeast(Confirmed)):
		return ICalConfirmed
	}
	return ICalTentative
}

// dated reports whether the day is known.
func dated(p when.Precision) bool { return p == when.Instant || p == when.OneDay || p == when.Span }

// postponed reports whether an event was put off and has no date yet.
func postponed(s Status, precision when.Precision) bool {
	return s == Deferred && precision == when.None
}

// cancelledWords are what programs write before the title of what is cancelled.
const cancelledWords = `(cancell?ed|abgesagt|annul[ée]e?|annullat[oa]|cancelad[oa]|geannuleerd|odwołane)`

// saysCancelled finds such a word, with a colon, a dash or brackets that set it off.
var saysCancelled = regexp.MustCompile(`(?i)^\s*([\[(]` + cancelledWords + `[\])][:\s]*|` + cancelledWords + `\s*(:|\s[–—-]\s))\s*`)

// CutCancelled returns a title without the word before it that says that the event is
// cancelled, such as "Canceled:", and whether there is one.
func CutCancelled(title string) (rest string, says bool) {
	rest = title[len(saysCancelled.FindString(title)):]
	if rest == "" || rest == title {
		return title, false
	}
	return rest, true
}

// The values of eventStatus, https://schema.org/EventStatusType.
const (
	SchemaScheduled   = "https://schema.org/EventScheduled"
	SchemaRescheduled = "https://schema.org/EventRescheduled"
	SchemaPostponed   = "https://schema.org/EventPostponed"
	SchemaCancelled   = "https://schema.org/EventCancelled"
)

// Schema is the status of an event in its markup for search engines.
type Schema struct {
	Status   string // the address of an EventStatusType
	Previous bool   // whether previousStartDate names the date that it had
}

// SchemaOrg returns the status of an event as https://schema.org/Event has it, and
// false where there is best no markup: schema.org knows nothing tentative, so what
// is less than likely would be read as certain. That it was called off, put off to
// no date or took place on a known day is certain, however unsure the event was.
// precision is that of its date.
func SchemaOrg(c Certainty, s Status, precision when.Precision) (schema Schema, ok bool) {
	switch {
	case s.CalledOff():
		return Schema{Status: SchemaCancelled}, true
	case postponed(s, precision):
		return Schema{SchemaPostponed, true}, true
	case s.TookPlace() && !dated(precision):
		return Schema{}, false
	case s.TookPlace():
		return Schema{Status: SchemaScheduled}, true
	case !c.AtLeast(Likely):
		return Schema{}, false
	case s == Deferred:
		return Schema{SchemaRescheduled, true}, true
	}
	return Schema{Status: SchemaScheduled}, true
}
