package agenda

// Why returns, for each bound of e that is known, how it follows.
func (e Entry) Why() []Why {
	if e.cluster == nil {
		return nil
	}
	s := e.cluster.solver()
	var out []Why
	for b := range bounds {
		if b >= endsEarliest && !e.Window.Lasts() {
			break
		}
		variable := s.variableOf(e.node, b)
		at := s.bound(variable)
		if b == earliest && !at.Known() { // a deadline is due on its last day
			variable, at = s.variableOf(e.node, latest), e.Window.Earliest
		}
		if at.Known() {
			out = append(out, Why{boundNames[b], at, s.steps(variable)})
		}
	}
	return out
}
