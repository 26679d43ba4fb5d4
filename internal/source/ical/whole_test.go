package ical

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestParse_Broken(t *testing.T) {
	one := "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260217\r\nEND:VEVENT"
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"whole":                      {"BEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR", ""},
		"two calendars":              {"BEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\nBEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\n", ""},
		"a word before and behind":   {"Notice: x\nBEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\n<!-- made in 3 ms -->\n\x1a", ""},
		"no end":                     {"BEGIN:VCALENDAR\n" + one, "BEGIN:VCALENDAR has no end: the text was cut"},
		"the second one cut":         {"BEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\nBEGIN:VCALENDAR\n" + one, "BEGIN:VCALENDAR has no end: the text was cut"},
		"a cut BEGIN":                {"BEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\nBEG", "line 7: BEG is the beginning of a calendar: the text was cut"},
		"a lost BEGIN":               {"BEGIN:VCALENDAR\nUID:a\nEND:VEVENT\nEND:VCALENDAR", "line 3: END:VEVENT ends nothing"},
		"a lost END":                 {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:b\n" + one + "\nEND:VCALENDAR", "line 4: BEGIN:VEVENT stands within a VEVENT, whose END is missing"},
		"one END more":               {"BEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\nEND:VCALENDAR", "line 7: END:VCALENDAR ends nothing"},
		"a title of no event":        {"BEGIN:VCALENDAR\nSUMMARY:x\n" + one + "\nEND:VCALENDAR", "line 2: SUMMARY stands in no event"},
		"an event behind the end":    {"BEGIN:VCALENDAR\nEND:VCALENDAR\n" + one, "line 3: BEGIN:VEVENT stands in no calendar"},
		"a calendar within another":  {"BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\nEND:VCALENDAR", "line 2: BEGIN:VCALENDAR stands within a VCALENDAR, whose END is missing"},
		"a web page":                 {"<html><body><pre>\nBEGIN:VCALENDAR\n" + one + "\nEND:VCALENDAR\n</pre>", "line 1: it is a web page, and not a calendar"},
		"a web page and no calendar": {"\n<!DOCTYPE html>\n<title>Sign in</title>", "it is a web page, and not a calendar"},
		"nothing":                    {"\uFEFF \r\n", "it is empty"},
		"another text":               {"hello", "it is no iCalendar text: it has no BEGIN:VCALENDAR"},
	} {
		got, _, err := Parse([]byte(c.text), Options{})
		if err == nil {
			err = got.Broken
		}
		if s := fmt.Sprint(err); s != c.want && (err != nil || c.want != "") {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}

func TestParse_CutText(t *testing.T) {
	data := calendarOf(strings.ReplaceAll(outlookZone, "%s", "x"), "BEGIN:VEVENT", "UID:a", "DTSTART:20260217", "BEGIN:VALARM", "END:VALARM", "END:VEVENT")
	end := bytes.LastIndex(data, []byte("END:VCALENDAR")) + len("END:VCALENDAR")
	for n := range data {
		got, _, err := Parse(data[:n], Options{Zone: "UTC"})
		if whole := err == nil && got.Broken == nil; whole != (n >= end) {
			t.Fatalf("cut at %d of %d: %v, %v", n, end, got.Broken, err)
		}
	}
}

func TestParse_Message(t *testing.T) {
	of := func(methods ...string) (text string) {
		for _, m := range methods {
			text += "BEGIN:VCALENDAR\nMETHOD:" + m + "\nEND:VCALENDAR\n"
		}
		return text
	}
	for text, want := range map[string]string{
		of("PUBLISH"): "", of("REQUEST"): "", of(""): "", of("Cancel"): "CANCEL", of("CANCEL", "PUBLISH"): "", of("ADD", "CANCEL"): "ADD",
	} {
		if got, _, err := Parse([]byte(text), Options{}); got.Message != want || err != nil {
			t.Errorf("%q: %q, want %q; %v", text, got.Message, want, err)
		}
	}
}
