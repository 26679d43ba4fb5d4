package web

import (
	"math"
	"slices"
)

// scale places days along the timeline, from 0 to 100 percent.
//
// Diplomatic dates crowd into a few weeks with months of nothing between them.
// On an even scale the crowd would be one blot, so every gap between two days
// that matter gets room by the logarithm of its length: the order of days and
// which gap is longer stay true, their proportions do not.
type scale struct {
	days []float64 // that matter, ascending; days counted from some day
	at   []float64 // their places in percent, as many
}

// margin is what is left free at both ends, in percent.
const margin = 2.5

// newScale makes a scale on which every one of days has a place of its own.
func newScale(days []float64) scale {
	days = slices.Clone(days)
	slices.Sort(days)
	days = slices.Compact(days)
	s := scale{days: days, at: make([]float64, len(days))}
	var sum float64
	for i := 1; i < len(days); i++ {
		sum += math.Log2(1 + days[i] - days[i-1])
		s.at[i] = sum
	}
	for i := range s.at {
		s.at[i] = margin + s.at[i]/max(sum, 1)*(100-2*margin)
	}
	return s
}

// place gives where a day lies. Days outside the scale lie at its ends.
func (s scale) place(day float64) float64 {
	i, exact := slices.BinarySearch(s.days, day)
	switch {
	case len(s.days) == 0 || i == 0 && !exact:
		return 0
	case i == len(s.days):
		return 100
	case exact:
		return s.at[i]
	}
	part := (day - s.days[i-1]) / (s.days[i] - s.days[i-1])
	return s.at[i-1] + part*(s.at[i]-s.at[i-1])
}
