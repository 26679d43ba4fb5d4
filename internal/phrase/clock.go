package phrase

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

var clockText = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?(a\.?m|p\.?m|o['’]clock)?$`)

// isClock reports whether w is part of a time of day.
func isClock(w syntax.Word) bool {
	m := clockText.FindStringSubmatch(w.Text)
	return w.Text == "noon" || slices.Contains([]string{"am", "pm", "a.m", "p.m", "o'clock", "o’clock"}, w.Text) ||
		m != nil && (m[3] != "" || strings.Contains(w.Text, ":"))
}

// hour is a time of day that stands among words, with the zone behind it, "" for none.
type hour struct {
	clock civil.Clock
	zone  string
}

// String writes h as it stands behind a day.
func (h hour) String() string { return strings.TrimSpace(h.clock.String() + " " + h.zone) }

// hourIn finds the one time of day that stands in words, and returns the others. It is false
// where there is none, or more than one.
func hourIn(words []syntax.Word) (h hour, rest []syntax.Word, ok bool) {
	from := slices.IndexFunc(words, isClock)
	if from < 0 {
		return hour{}, nil, false
	}
	to := from + 1
	if clockText.FindString(words[from].Text) == "" && from > 0 && dayOnly.MatchString(words[from-1].Text) { // 5 pm
		from--
	} else if to < len(words) && isClock(words[to]) { // 12:01 a.m.
		to++
	}
	if h.clock, ok = clockOf(syntax.Join(words[from:to])); !ok {
		return hour{}, nil, false
	}
	if to < len(words) {
		for _, name := range []string{strings.ToUpper(words[to].Text), words[to].Text, "AoE"} {
			if _, err := civil.Zone(name); err == nil && strings.EqualFold(name, words[to].Text) {
				h.zone = name
				to++
				break
			}
		}
	}
	if from > 0 && words[from-1].Text == "at" {
		from--
	}
	rest = slices.Delete(slices.Clone(words), from, to)
	return h, rest, !slices.ContainsFunc(rest, isClock)
}

// clockOf reads 12:01 a.m., 5pm, 14:00 or noon.
func clockOf(s string) (civil.Clock, bool) {
	s = strings.ReplaceAll(s, " ", "")
	if s == "noon" || s == "12noon" {
		return civil.Clock{Hour: 12}, true
	}
	m := clockText.FindStringSubmatch(s)
	if m == nil {
		return civil.Clock{}, false
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi("0" + m[2])
	if m[3] != "" && m[3][0] != 'o' {
		if h < 1 || h > 12 {
			return civil.Clock{}, false
		}
		h %= 12
		if m[3][0] == 'p' {
			h += 12
		}
	} else if m[3] != "" {
		return civil.Clock{}, false // of which half of the day
	}
	return civil.Clock{Hour: h, Minute: minute}, h < 24 && minute < 60
}
