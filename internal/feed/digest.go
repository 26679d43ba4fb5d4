package feed

import (
	"encoding/binary"

	"attache/internal/agenda"
	"attache/internal/when"
)

// account appends to b all that is published of e. It takes in more than that where it is
// easier: what it tells apart is only made again. A test keeps it from missing a part.
func account(b []byte, e *agenda.Entry) []byte {
	b = texts(b, e.ID, e.UID, e.Title, string(e.Kind), e.Zone, string(e.Certainty), string(e.Status), e.Reason, e.Place, e.Note, e.Stated)
	b = append(texts(b, e.Parties...), 0)
	b = integer(b, e.Created.Unix())
	w := &e.Window
	b = texts(b, string(w.Precision), w.Zone)
	for _, at := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		b = integer(b, int64(at.Day.Year)<<16|int64(at.Day.Month)<<8|int64(at.Day.Day))
		b = integer(b, at.At.Unix())
		b = flag(b, at.Timed)
	}
	for i := range e.When {
		st := &e.When[i]
		b = texts(b, st.ID, st.Expr.EDTF, st.SupersededBy)
		if !st.Expr.Recurs.IsZero() { // of others the window says all
			b = texts(b, st.Expr.String())
		}
	}
	for i := range e.Because {
		b = texts(b, e.Because[i].Source, e.Because[i].Quote)
	}
	b = append(b, 1)
	for _, a := range e.SetAside {
		b = texts(b, a.Statement)
	}
	b = append(b, 2)
	for _, names := range e.Contradictions {
		b = append(texts(b, names...), 3)
	}
	for i := range e.Conditions {
		b = texts(b, string(e.Conditions[i].State), e.Conditions[i].Words())
	}
	b = append(b, 4)
	for _, l := range e.Links {
		b = texts(b, string(l.Rel), l.To)
	}
	b = append(b, 5)
	for i := range e.Sources {
		b = texts(b, e.Sources[i].Source, e.Sources[i].Quote)
	}
	return b
}

func texts(b []byte, list ...string) []byte {
	for _, s := range list {
		b = append(append(b, s...), 0)
	}
	return b
}

func integer(b []byte, n int64) []byte { return binary.LittleEndian.AppendUint64(b, uint64(n)) }

func flag(b []byte, is bool) []byte {
	if is {
		return append(b, 1)
	}
	return append(b, 0)
}
