package feed

import (
	"hash/maphash"

	"attache/internal/agenda"
	"attache/internal/when"
)

// digest writes to h all that is published of e. It takes in more than that where it is
// easier: what it tells apart is only made again. A test keeps it from missing a part.
func digest(h *maphash.Hash, e *agenda.Entry) {
	text := func(list ...string) {
		for _, s := range list {
			h.WriteString(s)
			h.WriteByte(0)
		}
	}
	text(e.ID, e.UID, e.Title, string(e.Kind), e.Zone, string(e.Certainty), string(e.Status), e.Reason, e.Place, e.Note, e.Stated)
	text(e.Parties...)
	maphash.WriteComparable(h, [2]int64{e.Created.Unix(), int64(len(e.Parties))})
	w := e.Window
	text(string(w.Precision), w.Zone)
	for _, b := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		maphash.WriteComparable(h, [4]int64{int64(b.Day.Year), int64(b.Day.Month), int64(b.Day.Day), b.At.Unix()})
		maphash.WriteComparable(h, b.Timed)
	}
	for i := range e.When {
		st := &e.When[i]
		text(st.ID, st.Expr.EDTF, st.SupersededBy)
		if !st.Expr.Recurs.IsZero() { // of others the window says all
			text(st.Expr.String())
		}
	}
	for _, r := range e.Because {
		text(r.Source, r.Quote)
	}
	h.WriteByte(1)
	for _, a := range e.SetAside {
		text(a.Statement)
	}
	h.WriteByte(2)
	for _, names := range e.Contradictions {
		text(names...)
		h.WriteByte(3)
	}
	for _, c := range e.Conditions {
		text(string(c.State), c.Words())
	}
	h.WriteByte(4)
	for _, l := range e.Links {
		text(string(l.Rel), l.To)
	}
	h.WriteByte(5)
	for _, c := range e.Sources {
		text(c.Source, c.Quote)
	}
}
