package workday

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
)

// published holds the calendars that exist only as a government announced them, a file each:
// published/CN.txt is the calendar CN.
//
//	# Everything behind a # is a note.
//	known 2024-01-01..2026-12-31
//	2026-01-01  New Year's Day
//	2026-02-17  Spring Festival; off 2026-02-15..2026-02-23; worked 2026-02-14 2026-02-28
//
// A line gives the holiday itself, its name, the days off where they are others than that day
// alone, and the days of a weekend that are worked in return. A calendar is known up to the last
// day for which a second source agrees; later ones are for the configuration to add.
//
//go:embed published/*.txt
var published embed.FS

// publishedNames returns the names of the calendars in published, in order.
func publishedNames() []string {
	files, _ := published.ReadDir("published") // it is embedded, so it is there
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".txt"))
	}
	return names
}

// parsePublished reads a calendar from the text of its file. The error names the line.
func parsePublished(name, text string) (*Calendar, error) {
	c := &Calendar{Name: name}
	days := daySet{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		var err error
		if span, ok := strings.CutPrefix(line, "known "); ok {
			c.PublishedFrom, c.PublishedUntil, err = parseSpan(span)
		} else if line != "" {
			err = c.addPublished(days, line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s.txt:%d: %w", name, number, err)
		}
	}
	if c.PublishedUntil.IsZero() {
		return nil, fmt.Errorf("%s.txt: has no line such as known 2024-01-01..2026-12-31", name)
	}
	c.named = slices.DeleteFunc(c.named, func(h holiday) bool { return h.day.After(c.PublishedUntil) })
	slices.SortStableFunc(c.named, func(a, b holiday) int { return a.day.Compare(b.day) })
	c.closed, c.open = days.lists()
	return c, nil
}

// addPublished adds the holiday of one line to c, and its days to days.
func (c *Calendar) addPublished(days daySet, line string) error {
	parts := strings.Split(line, "; ")
	date, name, _ := strings.Cut(parts[0], "  ")
	day, err := civil.ParseDate(date)
	if err != nil {
		return err
	}
	if name == "" {
		return fmt.Errorf("the holiday of %s has no name", date)
	}
	c.named = append(c.named, holiday{day, name})
	from, to := day, day
	var worked []string
	for _, part := range parts[1:] {
		switch what, list, _ := strings.Cut(part, " "); what {
		case "off":
			if from, to, err = parseSpan(list); err != nil {
				return err
			}
		case "worked":
			worked = strings.Fields(list)
		default:
			return fmt.Errorf("%q is neither off nor worked", part)
		}
	}
	for d := from; !d.After(to); d = d.AddDays(1) {
		days.set(d, false)
	}
	for _, s := range worked {
		d, err := civil.ParseDate(s)
		if err != nil {
			return err
		}
		days.set(d, true)
	}
	return nil
}

// parseSpan reads the first and the last day of 2024-01-01..2024-01-03.
func parseSpan(s string) (first, last civil.Date, err error) {
	a, b, _ := strings.Cut(s, "..")
	if first, err = civil.ParseDate(a); err != nil {
		return first, last, err
	}
	last, err = civil.ParseDate(b)
	return first, last, err
}
