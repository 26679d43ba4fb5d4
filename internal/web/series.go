package web

import (
	"maps"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/prose"
)

// standing returns the index with what comes again at the day that it stands at. It is ix
// itself where nothing does.
func (ix *index) standing(now time.Time) *index {
	if !slices.ContainsFunc(ix.all, func(e *agenda.Entry) bool { return e.Series != nil }) {
		return ix
	}
	out := *ix
	out.all, out.byID, out.orders = slices.Clone(ix.all), maps.Clone(ix.byID), &orders{}
	for i, e := range out.all {
		if e.Series != nil {
			at := e.At(now)
			out.all[i], out.byID[e.ID] = &at, &at
		}
	}
	return &out
}

// mostOccurrences is how many coming days of a series its page names.
const mostOccurrences = 12

// occurrences returns the days of e that come after the one that it stands at, in words.
func (req request) occurrences(e *agenda.Entry) []string {
	if e.Series == nil {
		return nil
	}
	var out []string
	for _, o := range e.Series.Next(req.now, mostOccurrences) {
		out = append(out, prose.Capital(req.window(o.Window).Words()))
	}
	return out
}

// repeats returns how e comes again, "" where it comes once.
func repeats(e *agenda.Entry) string {
	if e.Series == nil {
		return ""
	}
	return e.Series.Rule.Words()
}
