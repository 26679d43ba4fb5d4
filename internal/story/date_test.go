package story

import (
	"testing"

	"attache/internal/civil"
	"attache/internal/event"
)

func TestReader_Away(t *testing.T) {
	const day, span, window = "2025-10-30", "from 2025-10-26 to 2025-10-30", "[2026-01-01..2026-02-16]"
	const by, after = "by 2026-02-16", "not before 2026-02-16"
	tests := []struct {
		name, zone string
		says       string
		now        string
		want       string
	}{
		{"days of the page's zone", "Asia/Seoul", day, "2025-10-26T18:00:00Z", "in 4 days"},
		{"the same of every event", "America/New_York", day, "2025-10-26T18:00:00Z", "in 4 days"},
		{"today there, tomorrow here", "Asia/Seoul", day, "2025-10-29T15:00:00Z", "tomorrow"},
		{"today", "Asia/Seoul", day, "2025-10-30T15:00:00Z", "today"},
		{"yesterday", "Asia/Seoul", day, "2025-10-31T15:00:00Z", "yesterday"},
		{"begun there only", "Asia/Kuala_Lumpur", span, "2025-10-25T18:00:00Z", "day 1 of 5"},
		{"under way", "Asia/Kuala_Lumpur", span, "2025-10-27T18:00:00Z", "day 2 of 5"},
		{"over", "Asia/Kuala_Lumpur", span, "2025-11-01T18:00:00Z", "ended 2 days ago"},
		{"window ahead", "Asia/Shanghai", window, "2025-10-26T12:00:00Z", "first possible day in 67 days"},
		{"window open", "Asia/Shanghai", window, "2026-02-01T12:00:00Z", "within 15 days"},
		{"last but one", "Asia/Shanghai", window, "2026-02-15T12:00:00Z", "tomorrow at the latest"},
		{"last", "Asia/Shanghai", window, "2026-02-16T12:00:00Z", "today at the latest"},
		{"window passed", "Asia/Shanghai", window, "2026-02-17T12:00:00Z", "its last possible day was yesterday"},
		{"only a last day", "UTC", by, "2026-02-01T12:00:00Z", "within 15 days"},
		{"only a first day", "UTC", after, "2026-02-01T12:00:00Z", "first possible day in 15 days"},
		{"first day reached", "UTC", after, "2026-03-01T12:00:00Z", "any day now"},
		{"no date", "UTC", "tbd", "2026-03-01T12:00:00Z", ""},
	}
	for _, tt := range tests {
		e := entry(t, event.Meeting, tt.zone, tt.says)
		now := at(t, tt.now)
		if got := (Reader{Now: now}).Away(&e, civil.DateOf(now, zone(t, "America/New_York"))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReader_Large(t *testing.T) {
	for says, want := range map[string]Large{
		"2025-10-30":                                       {"Thu", "30 Oct", "2025"},
		"at 2025-10-30 09:00 lasting 90 minutes":           {"Thu", "30 Oct", "2025, 09:00–10:30 Seoul time"},
		"from 2025-10-26 to 2025-10-30":                    {"Sun–Thu", "26–30 Oct", "2025"},
		"[2026-01-01..2026-02-16]":                         {"Some day from", "1 Jan to 16 Feb", "2026"},
		"[2025-12-20..2026-02-16]":                         {"Some day from", "20 Dec 2025 to 16 Feb 2026", ""},
		"[2025-10-01..2026-02-16]":                         {"Could happen any day until", "16 Feb", "2026"},
		"[2026-03-14,2026-03-21]":                          {"", "14 or 21 Mar", "2026"},
		"[2026-12-30,2027-01-02]":                          {"", "30 Dec 2026 or 2 Jan 2027", ""},
		"by 2026-02-16":                                    {"On or before", "16 Feb", "2026"},
		"not before 2026-02-16":                            {"On or after", "16 Feb", "2026"},
		"between 2026-05-01 and 2026-05-31 lasting 3 days": {"3 days, some time from", "1 to 31 May", "2026"},
		"tbd": {"", "No date yet", ""},
	} {
		e := entry(t, event.Talks, "Asia/Seoul", says)
		r := Reader{Now: at(t, "2025-10-26T18:00:00Z")}
		if got := r.Large(&e); got != want {
			t.Errorf("%s: %+v, want %+v", says, got, want)
		}
	}
}
