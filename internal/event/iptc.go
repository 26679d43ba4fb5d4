package event

import (
	"fmt"
	"strings"

	"attache/internal/prose"
	"attache/internal/when"
)

// IPTC returns the IPTC event occurrence status of an event, eos0 to eos6, with no
// prefix (http://cv.iptc.org/newscodes/eventoccurstatus/). precision is that of its
// date: what was put off to no date is no more than possible.
func IPTC(c Certainty, s Status, precision when.Precision) string {
	switch {
	case s.CalledOff():
		return "eos6"
	case s.TookPlace():
		return "eos5"
	case postponed(s, precision):
		return "eos3"
	}
	return c.iptc()
}

// postponed reports whether an event was put off and has no date yet.
func postponed(s Status, precision when.Precision) bool {
	return s == Deferred && precision == when.None
}

func (c Certainty) iptc() string {
	switch c {
	case Unscheduled:
		return "eos0"
	case Planned:
		return "eos1"
	case Rumoured:
		return "eos2"
	case Likely:
		return "eos4"
	case Confirmed:
		return "eos5"
	}
	return "eos3" // possible, and the default
}

// FromIPTC returns what an IPTC event occurrence status from elsewhere says, with any
// prefix before it: eos5, eventoccurstatus:eos5, eocstat:eos5. eos6 is a status and
// leaves the certainty empty, so that what was known of it stays.
//
// Superdesk writes eos5 wherever an editor chose nothing. So it counts as likely,
// unless the source is trusted to mean it. The error says that code is none.
func FromIPTC(code string, trusted bool) (Certainty, Status, error) {
	bare := code[strings.LastIndexAny(code, ":/")+1:]
	switch strings.ToLower(strings.TrimSpace(bare)) {
	case "eos0":
		return Unscheduled, Open, nil
	case "eos1":
		return Planned, Open, nil
	case "eos2":
		return Rumoured, Open, nil
	case "eos3":
		return Possible, Open, nil
	case "eos4":
		return Likely, Open, nil
	case "eos5":
		if trusted {
			return Confirmed, Open, nil
		}
		return Likely, Open, nil
	case "eos6":
		return "", Cancelled, nil
	}
	return "", "", fmt.Errorf("%q is no IPTC event occurrence status: they go from eos0 to eos6", prose.Clip(code, 40))
}
