package ical

import (
	_ "embed"
	"strings"
)

// windowsText has a line for each name that Windows gives a zone, with the IANA zone
// behind a tab.
//
//go:embed windows.txt
var windowsText string

// windowsZone returns the IANA zone of a name that Windows has, which Exchange and Outlook
// write as TZID; "" for none.
func windowsZone(name string) string {
	_, rest, found := strings.Cut(windowsText, "\n"+name+"\t")
	if !found || strings.Contains(name, "\n") {
		return ""
	}
	zone, _, _ := strings.Cut(rest, "\n")
	return zone
}
