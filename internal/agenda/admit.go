package agenda

// admitAll brings the statements into force, in their order, leaving out those that do not
// fit what holds already. What is left is the same whatever the order in which the events
// and statements came. Where one in force turns out to be superseded, s is stale: all is to be
// done again without it.
func (s *solver) admitAll(out map[ref]*aside) {
	for from, to := 0, 0; from < len(s.refs); from = to {
		first := s.statement(s.refs[from])
		for to < len(s.refs) && s.statement(s.refs[to]).alike(first) {
			to++
		}
		s.admit(from, to, out)
	}
}

// alike reports whether s and o are of the same priority, and both hard or both soft.
func (s *statement) alike(o *statement) bool { return s.rank == o.rank && s.soft == o.soft }

// admit brings the statements from one to another into force: all at once if they fit, else
// one half after the other, down to those that do not.
func (s *solver) admit(from, to int, out map[ref]*aside) {
	if from == to {
		return
	}
	trail, derivations := s.save()
	if s.try(from, to) {
		return
	}
	if to-from == 1 {
		a := s.asideFor(from, out)
		s.rollback(trail, derivations, from, to)
		if a == nil { // it is tried again
			return
		}
		if a.against == "" && a.by == nil {
			a.against = s.window(s.refs[from].node).Words()
		}
		out[s.refs[from]] = a
		return
	}
	s.rollback(trail, derivations, from, to)
	middle := from + (to-from)/2
	s.admit(from, middle, out)
	s.admit(middle, to, out)
}

// shapes returns what each event is like by its statements that are not left out.
func shapes(nodes []*prepared, without map[ref]*aside) []shape {
	out := make([]shape, len(nodes))
	for i, p := range nodes {
		out[i] = p.shape(func(k int) bool { return without[ref{int32(i), int32(k)}] != nil })
	}
	return out
}

// shape returns what p is like. A deadline that is only ever said to be due by a day is on
// that day: the limit is the date.
func (p *prepared) shape(without func(k int) bool) shape {
	sh := shape{due: -1}
	begins := false
	for k := range p.statements {
		s := &p.statements[k]
		if s.superseded != nil || without(k) {
			continue
		}
		sh.lasts = sh.lasts || len(s.lengths) > 0
		if s.dependsOn != "" {
			continue
		}
		w := s.window
		sh.lasts = sh.lasts || w.Lasts()
		sh.timed = sh.timed || w.Earliest.Timed && w.Latest.Timed
		begins = begins || w.Earliest.Known()
		if !s.onlyEnds && w.Latest.Known() && (sh.due < 0 || valueAt(w.Latest).beyond(valueAt(p.statements[sh.due].window.Latest), false)) {
			sh.due = int32(k)
		}
	}
	if begins || p.Revision.Event.Kind != deadline {
		sh.due = -1
	}
	return sh
}
