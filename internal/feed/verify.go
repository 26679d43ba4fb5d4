package feed

import (
	"bytes"
	"fmt"
	"io"

	"github.com/emersion/go-ical"
)

// verify reads entries back as a calendar would, each a folded VEVENT with the UID of the
// same place in uids, and says what is wrong with the first that does not come back. go-ical panics on some input: that is an error like any
// other.
func verify(entries []byte, uids []string) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it can't be read back: %v", v)
		}
	}()
	const head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + product + "\r\n"
	in := io.MultiReader(bytes.NewReader([]byte(head)), bytes.NewReader(entries), bytes.NewReader([]byte(endCalendar)))
	cal, err := ical.NewDecoder(in).Decode()
	if err != nil {
		return fmt.Errorf("it can't be read back: %w", err)
	}
	events := cal.Events()
	if len(events) != len(uids) {
		return fmt.Errorf("%d entries were read back of %d", len(events), len(uids))
	}
	for i, e := range events {
		if err := verifyEvent(e, uids[i]); err != nil {
			return fmt.Errorf("entry %q: %w", uids[i], err)
		}
	}
	return nil
}

// verifyEvent says what readers would stumble over in e.
func verifyEvent(e ical.Event, uid string) error {
	if got, err := e.Props.Text(ical.PropUID); err != nil || got != uid {
		return fmt.Errorf("it is read back with the UID %q: %w", got, err)
	}
	for _, name := range []string{ical.PropSummary, ical.PropDescription, ical.PropLocation} {
		if _, err := e.Props.Text(name); err != nil {
			return fmt.Errorf("its %s can't be read back: %w", name, err)
		}
	}
	from, err := e.DateTimeStart(nil)
	if err != nil {
		return fmt.Errorf("its beginning can't be read back: %w", err)
	}
	to, err := e.DateTimeEnd(nil)
	if err != nil {
		return fmt.Errorf("its end can't be read back: %w", err)
	}
	if !to.After(from) {
		return fmt.Errorf("it is read back as ending when it begins or before")
	}
	return nil
}
