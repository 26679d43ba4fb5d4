package when

import (
	"cmp"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// instantOf reads a period, or a day with a time of day and the zone behind it, "" for none:
// 2026-02-16, 2025-11-10 00:01 ET, and as RFC 3339 and ISO 8601 write it, with the offset
// close behind or in the basic form, 20251110T000100Z.
func instantOf(words []syntax.Word) (Point, string, error) {
	if len(words) == 0 {
		return Point{}, "", syntax.Errorf(0, "a date is missing: write it as 2026-02-16")
	}
	if len(words) == 2 && strings.EqualFold(words[0].Text, civil.WeekName) {
		p, err := civil.ParsePeriod(words[0].Text + " " + words[1].Text)
		return Point{Period: p}, "", syntax.Shift(err, max(words[1].At-len(civil.WeekName)-1, 0))
	}
	day, rest := words[0], words[1:]
	clock, basic := syntax.Word{At: -1}, false
	if i := strings.IndexAny(day.Text, "Tt"); i >= len("2026") && isDigit(day.Text[i-1]) {
		clock = syntax.Word{Text: day.Text[i+1:], At: day.At + i + 1}
		day.Text = day.Text[:i]
		if _, ok := syntax.Digits(day.Text, 8); ok && i == 8 {
			day.Text, basic = day.Text[:4]+"-"+day.Text[4:6]+"-"+day.Text[6:], true
		}
	} else if len(rest) > 0 {
		clock, rest = rest[0], rest[1:]
	}
	zone := ""
	switch len(rest) {
	case 0:
	case 1:
		zone = civil.ZoneText(rest[0].Text)
	default:
		clock.Text += " " + syntax.Join(rest)
	}
	p, err := civil.ParsePeriod(day.Text)
	if err != nil {
		return Point{}, "", syntax.Shift(plainer(day.Text, err), day.At)
	}
	if clock.At < 0 {
		return Point{Period: p}, "", nil
	}
	if !p.IsDay() {
		return Point{}, "", syntax.Errorf(day.At, "%q is not a day: a time of day needs one", day.Text)
	}
	point, offset, err := timeOf(p, clock, basic)
	if offset != "" && zone != "" {
		return Point{}, "", syntax.Errorf(clock.At, "the zone is given twice: %s and %s", offset, zone)
	}
	return point, offset + zone, err
}

// plainer returns the error that says which plain date to write in place of what EDTF would take
// alone; otherwise where text is no EDTF or names no such date.
func plainer(text string, otherwise error) error {
	e, err := parseEDTF(text)
	if err != nil || e.Kind == oneOfSet {
		return otherwise
	}
	s := e.Spans[0]
	first, last := s.First.plain(), s.Last.plain()
	switch {
	case e.Kind == singleDate && first != "":
		return syntax.Errorf(0, "%q can only stand alone: write %s here", text, first)
	case e.Kind == singleDate:
		return otherwise
	case first == "" || last == "" || first == last:
		return syntax.Errorf(0, "%q is a span, and one date stands here: write %s", text, cmp.Or(first, last, "one of its days"))
	}
	return syntax.Errorf(0, "%q is a span, and one date stands here: write its beginning, %s, or its end, %s", text, first, last)
}

// plain returns the day, month or year in which d lies, with no sign and no digit unknown, as
// people write it; "" where there is none.
func (d edtfDate) plain() string {
	var out []string
	for i, p := range d.parts() {
		if !p.known() {
			break
		}
		out = append(out, p.text([]int{4, 2, 2}[i]))
	}
	return strings.Join(out, "-")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// timeOf reads the time of day of a day, with the offset close behind it, "" for none. What
// is finer than a second is left out, and 24:00 begins the next day.
func timeOf(day civil.Period, w syntax.Word, basic bool) (Point, string, error) {
	text, zone := w.Text, ""
	if i := strings.IndexAny(text, "Zz+-"); i > 0 {
		at := w.At + i
		zone, text = text[i:], text[:i]
		if len(zone) == len("+08") {
			zone += ":00"
		}
		loc, err := civil.Zone(zone)
		if err != nil {
			return Point{}, "", syntax.Errorf(at, "%s", err)
		}
		zone = loc.String()
	}
	if i := strings.IndexAny(text, ".,"); i >= len("12:30") && strings.Trim(text[i+1:], "0123456789") == "" && i < len(text)-1 {
		text = text[:i]
	}
	if _, ok := syntax.Digits(text, len(text)); ok && basic && len(text) >= 4 && len(text) <= 6 {
		text = strings.TrimRight(text[:2]+":"+text[2:4]+":"+text[4:], ":")
	}
	if text == civil.DayEnd || text == civil.DayEnd+":00" {
		return Point{Period: civil.Day(day.First().AddDays(1)), Timed: true}, zone, nil
	}
	c, err := civil.ParseClock(text)
	if err != nil {
		return Point{}, "", syntax.Shift(err, w.At)
	}
	return Point{Period: day, Clock: c, Timed: true}, zone, nil
}

// Zoned returns e, of which A has its time of day in one zone and B in another, with both in
// one, "" for that of the event. The error says where only one of the two has a zone.
func (e Expr) Zoned(a, b string) (Expr, error) {
	e.Zone = a
	if !e.B.Timed || a == b {
		return e, nil
	}
	from, err := civil.Zone(b)
	if err != nil || a == "" {
		return e, &FieldError{"to", "one end has a zone and the other none: give both a zone, or write it as tz"}
	}
	into, err := civil.Zone(a)
	if err != nil {
		return e, &FieldError{"tz", err.Error()}
	}
	wall := civil.Wall(e.B.instant(from), into)
	e.B = Point{Period: civil.Day(civil.DateOf(wall, wall.Location())), Clock: civil.Clock{Hour: wall.Hour(), Minute: wall.Minute(), Second: wall.Second()}, Timed: true}
	return e, nil
}
