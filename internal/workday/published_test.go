package workday

import "testing"

func TestParsePublished(t *testing.T) {
	c, err := parsePublished("XX", `
# a note
known 2026-01-01..2026-12-31
2026-01-01  New Year's Day; off 2026-01-01..2026-01-02; worked 2026-01-04  # a Sunday
2027-01-01  New Year's Day
`)
	if err != nil {
		t.Fatal(err)
	}
	for day, worked := range map[string]bool{"2026-01-01": false, "2026-01-02": false, "2026-01-04": true, "2026-01-05": true, "2027-01-01": false} {
		if got := c.Business(civilDate(t, day)); got != worked {
			t.Errorf("%s: worked %t, want %t", day, got, worked)
		}
	}
	if names := c.Names(2027); len(names) != 0 {
		t.Errorf("a year that is not known has the holidays %q", names)
	}
}

func TestParsePublished_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "XX.txt: has no line such as known 2024-01-01..2026-12-31",
		"\nknown 2026-01-01":           `XX.txt:2: "" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
		"2026-13-01  New Year":         `XX.txt:1: "2026-13-01": there is no month 13`,
		"2026-01-01 New Year":          `XX.txt:1: "2026-01-01 New Year" is not a date: nothing may follow "2026-01-01"`,
		"2026-01-01  ":                 "XX.txt:1: the holiday of 2026-01-01 has no name",
		"2026-01-01  A; shut":          `XX.txt:1: "shut" is neither off nor worked`,
		"2026-01-01  A; off now":       `XX.txt:1: "now" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
		"2026-01-01  A; worked sunday": `XX.txt:1: "sunday" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
	} {
		if _, err := parsePublished("XX", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
