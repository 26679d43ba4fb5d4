package feed

import (
	"encoding/binary"

	"attache/internal/agenda"
	"attache/internal/when"
)

// appendState appends to b all that is published of e. It takes in more than that where it is
// easier: what it tells apart is only made again. A test keeps it from missing a part.
func appendState(b []byte, e *agenda.Entry) []byte {
	b = appendTexts(b, e.ID, e.UID, e.Title, string(e.Kind), e.Zone, string(e.Certainty), string(e.Status), e.Reason, e.Place, e.Note, e.Stated, e.Leaning, e.Was)
	b = append(appendTexts(b, e.Parties...), 0)
	b = append(appendTexts(b, e.Topics...), 0)
	b = appendInt(b, e.Created.Unix())
	b = appendTexts(b, e.Past.Was, e.Past.Why)
	b = appendInt(appendInt(b, e.Past.Moved.Unix()), e.Past.Since.Unix())
	w := &e.Window
	b = appendTexts(b, string(w.Precision), w.Zone)
	for _, at := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		b = appendInt(b, int64(at.Day.Year)<<16|int64(at.Day.Month)<<8|int64(at.Day.Day))
		b = appendInt(b, at.At.Unix())
		b = appendBool(b, at.Timed)
	}
	if last := lastDay(e); e.Unrecorded() {
		b = appendInt(b, int64(last.Number()))
	}
	for i := range e.When {
		st := &e.When[i]
		b = appendTexts(b, st.ID, st.Expr.String(), st.SupersededBy)
		if e.Series != nil && st.Expr.UsesCalendar() {
			for _, at := range excepted(e) {
				b = appendInt(b, at.Unix())
			}
		}
	}
	for i := range e.Because {
		b = appendTexts(b, e.Because[i].Source, e.Because[i].Quote)
	}
	b = append(b, 1)
	for _, a := range e.SetAside {
		b = appendTexts(b, a.Statement, a.By, a.Says, a.Source, a.Quote)
	}
	b = append(b, 2)
	for _, c := range e.Conflicts {
		b = appendTexts(b, c.SetAside)
		for _, st := range c.Steps {
			b = appendTexts(b, st.Owner, st.Title, st.Statement, st.Says, st.Source, st.Quote)
		}
	}
	b = append(b, 3)
	for i := range e.Conditions {
		b = appendTexts(b, string(e.Conditions[i].State), e.Conditions[i].Words())
	}
	b = appendBool(append(b, 4), e.Veiled)
	for _, l := range e.Links {
		b = appendTexts(b, string(l.Rel), l.To)
	}
	b = append(b, 5)
	for i := range e.Sources {
		b = appendTexts(b, e.Sources[i].Source, e.Sources[i].Quote)
	}
	return b
}

func appendTexts(b []byte, list ...string) []byte {
	for _, s := range list {
		b = append(append(b, s...), 0)
	}
	return b
}

func appendInt(b []byte, n int64) []byte { return binary.LittleEndian.AppendUint64(b, uint64(n)) }

func appendBool(b []byte, is bool) []byte {
	if is {
		return append(b, 1)
	}
	return append(b, 0)
}
