package web

import (
	"maps"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/prose"
)

// standing is an index with what comes again at the day that it stands at, which holds until
// the first of these days is over.
type standing struct {
	*index
	from, until time.Time // zero has no end
}

// standing returns the index with what comes again at the day that it stands at. It is ix
// itself where nothing does.
func (ix *index) standing(now time.Time) *index {
	if !ix.comesAgain {
		return ix
	}
	if s := ix.stood.Load(); s != nil && !now.Before(s.from) && (s.until.IsZero() || now.Before(s.until)) {
		return s.index
	}
	out := *ix
	out.all, out.byID, out.orders = slices.Clone(ix.all), maps.Clone(ix.byID), &orders{}
	s := &standing{index: &out, from: now}
	for i, e := range out.all {
		if e.Series == nil {
			continue
		}
		at := e.At(now)
		out.all[i], out.byID[e.ID] = &at, &at
		if end, ok := at.Window.End(); ok && !end.Before(now) && (s.until.IsZero() || end.Before(s.until)) {
			s.until = end
		}
	}
	ix.stood.Store(s)
	return s.index
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
		out = append(out, prose.Capital(req.reader().Window(o.Window).Words()))
	}
	return out
}
