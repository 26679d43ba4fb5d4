package agenda

import "slices"

// Options returns the days or periods of which e takes place on one, as EDTF writes them:
// those that its other statements and the events around it leave. It is nil where nothing
// was stated so, or no more than one is left.
func (e Entry) Options() []string {
	var out []string
	for k := range e.When {
		st := &e.When[k]
		texts := st.Expr.Options()
		if len(texts) == 0 || !e.InForce(k) {
			continue
		}
		windows := st.Expr.OptionWindows(e.Zone, "")
		for i, text := range texts {
			if len(windows) == len(texts) {
				if _, fits := e.Window.Intersect(windows[i]); !fits {
					continue
				}
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
