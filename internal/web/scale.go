package web

import (
	"time"

	"attache/internal/civil"
)

// scale places days along the timeline, from 0 to 100 percent. Diplomatic dates
// crowd into a few weeks with months of nothing after them; so the days around now
// are drawn at one scale, and the months before and after at others. Within each
// part the scale is even, and the parts are told apart by sight.
type scale struct {
	parts []segment // in the order of time, each beginning where the one before ends
}

// segment is a part of the timeline that is drawn at one scale.
type segment struct {
	from, to    float64 // days, counted from some day
	left, right float64 // percent
	byDay       bool    // whether days are drawn, rather than months
	today       float64 // of a part of days
}

// What is drawn, in days from now and percent of the width.
const (
	nearPast    = 3   // days before today that are drawn as days
	nearPastMax = 10  // the same, where something was in them
	nearAhead   = 15  // days after today
	farPast     = 420 // days before today that are drawn at all
	farAhead    = 730 // days after today
	margin      = 1.5 // left free at the right end
	gap         = 1   // between parts
)

// newScale makes the scale for a day and what is drawn: the days on which something
// begins or ends, in any order.
func newScale(today float64, days []float64) scale {
	first, last := today, today+1
	recent := today - nearPast
	for _, d := range days {
		if d >= today-farPast {
			first = min(first, d)
		}
		last = max(last, min(d, today+farAhead))
		if d >= today-nearPastMax {
			recent = min(recent, d)
		}
	}
	near := segment{from: recent, to: today + nearAhead, byDay: true, today: today}
	parts := []segment{near}
	if first < recent {
		parts = append([]segment{{from: monthStart(first), to: recent}}, parts...)
	}
	if last > near.to {
		parts = append(parts, segment{from: near.to, to: monthEnd(last)})
	}
	return scale{share(parts, days)}
}

// share sets the width of each part: the days about 40 percent, the months before and
// after what is left, by how much is in them.
func share(parts []segment, days []float64) []segment {
	if len(parts) == 1 {
		parts[0].right = 100 - margin
		return parts
	}
	weights := make([]float64, len(parts))
	var sum float64
	for i, p := range parts {
		if weights[i] = 2; p.byDay {
			continue
		}
		for _, d := range days {
			if d > p.from && d <= p.to {
				weights[i]++
			}
		}
		weights[i] = min(weights[i], 12)
		sum += weights[i]
	}
	const nearWidth = 40
	left := 0.0
	for i := range parts {
		width := float64(nearWidth)
		if !parts[i].byDay {
			width = (100 - margin - nearWidth) * weights[i] / sum
		}
		parts[i].left, parts[i].right = left, left+width-gap
		if left += width; i == len(parts)-1 {
			parts[i].right = 100 - margin
		}
	}
	return parts
}

// place returns where a day lies. Days outside the scale lie at its ends.
func (s scale) place(day float64) float64 {
	if day <= s.parts[0].from {
		return s.parts[0].left
	}
	for _, p := range s.parts {
		if day <= p.to {
			return p.left + (day-p.from)/(p.to-p.from)*(p.right-p.left)
		}
	}
	return s.parts[len(s.parts)-1].right
}

// holds reports whether a day is drawn where it is, rather than at an end.
func (s scale) holds(day float64) bool {
	return day >= s.parts[0].from && day <= s.parts[len(s.parts)-1].to
}

// monthStart returns the first day of the month of a day.
func monthStart(day float64) float64 {
	d := dayOf(day)
	return dayNumber(civil.Date{Year: d.Year, Month: d.Month, Day: 1})
}

// monthEnd returns the first day of the month after that of a day.
func monthEnd(day float64) float64 {
	d := dayOf(day)
	return dayNumber(civil.Date{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(1))
}

// dayNumber counts days; only differences matter.
func dayNumber(d civil.Date) float64 { return float64(d.Sub(epoch)) }

// dayOf is the inverse of dayNumber.
func dayOf(n float64) civil.Date { return epoch.AddDays(int(n)) }

// epoch is the day from which days are counted here.
var epoch = civil.Date{Year: 2000, Month: time.January, Day: 1}
