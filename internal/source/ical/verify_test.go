package ical

import (
	"strings"
	"testing"
)

func TestIsLink(t *testing.T) {
	for s, want := range map[string]bool{
		"https://attache.example/events/a": true, "http://localhost:8080/x?y=1,2;3": true, "https://[::1]/": true,
		"": false, "https://": false, "https:///path": false, "ftp://example.org": false, "javascript:alert(1)": false,
		"/events/a": false, "https://example.org/a b": false, "https://example.org/é": false, "https://example.org/\r\nX:y": false, `https://example.org/"`: false,
	} {
		if got := IsLink(s); got != want {
			t.Errorf("IsLink(%q) is %v", s, got)
		}
	}
}

func TestVerify(t *testing.T) {
	const times = "DTSTAMP:20260101T000000Z\r\nDTSTART:20260217T090000Z\r\nDTEND:20260217T100000Z\r\n"
	for name, c := range map[string]struct{ event, want string }{
		"fine":                  {"UID:a\r\n" + times, ""},
		"another UID":           {"UID:b\r\n" + times, `entry "a": it is read back with the UID "b"`},
		"no event":              {"", "0 entries were read back of 1"},
		"no property":           {"UID:a\r\nno colon\r\n" + times, "it can't be read back"},
		"an escape without end": {"UID:a\r\nSUMMARY:b\\\r\n" + times, "its SUMMARY can't be read back"},
		"no beginning":          {"UID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:soon\r\n", "its beginning can't be read back"},
		"no end":                {"UID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260217T090000Z\r\nDTEND:late\r\n", "its end can't be read back"},
		"an end at its start":   {"UID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260217T090000Z\r\nDTEND:20260217T090000Z\r\n", "ending when it begins"},
		"what go-ical dies of":  {"UID:a\r\nX-A;B=c\r\n" + times, "it can't be read: "},
	} {
		t.Run(name, func(t *testing.T) {
			if c.event != "" {
				c.event = "BEGIN:VEVENT\r\n" + c.event + "END:VEVENT\r\n"
			}
			err := Verify([]byte(c.event), []string{"a"})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
