package ical

import "testing"

// Each of two rules takes all dates out.
func TestParse_AllTakenOutTwice(t *testing.T) {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270301T100000Z\r\n" +
		"RRULE:FREQ=DAILY;COUNT=3\r\nEXRULE:FREQ=DAILY;COUNT=9\r\nEXRULE:FREQ=DAILY;COUNT=9\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	c, _, err := Parse([]byte(text), Options{})
	if err != nil || len(c.Events) > 1 {
		t.Errorf("%d events, %v", len(c.Events), err)
	}
}
