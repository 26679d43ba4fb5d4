package answer

import (
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
)

// Recorded returns what a person is told of what they said, which made e what it is.
func Recorded(p Press, e event.Event) string {
	t := title(agenda.Entry{Event: e})
	switch p.Do {
	case notice.SayOutcome:
		return fmt.Sprintf("Recorded: %s is %s", t, e.Status)
	case notice.SayStands:
		return fmt.Sprintf("Recorded: %s still stands, as of today", t)
	case notice.SayDate:
		return fmt.Sprintf("Recorded: what you said of the date of %s", t)
	case Add:
		return fmt.Sprintf("Made: %s, as %s. attache keeps it, and no file has it yet", t, e.ID)
	}
	return "Recorded: " + t
}

// Noted returns what a person is told who has got a notice or snoozed it, in the zone loc.
func Noted(h calendar.Handled, e agenda.Entry, loc *time.Location) string {
	if h.Until.IsZero() {
		return fmt.Sprintf("Noted: you have got %s", title(e))
	}
	return fmt.Sprintf("Snoozed: this channel hears of %s again on %s", title(e), moment(h.Until, loc))
}

func moment(t time.Time, loc *time.Location) string {
	return civil.Long(civil.DateOf(t, loc)) + ", " + t.In(loc).Format("15:04 MST")
}
