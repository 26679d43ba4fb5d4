package notice

import "attache/internal/when"

// because returns why an event moved that nobody edited.
func (s Details) because(n Notice) string {
	c := s.Cause
	why := whyMark + c.Title
	switch {
	case n.Cause == "":
		return "Nobody edited it: the rules of its time zone or of a calendar changed"
	case c.ID == "": // it is not known any more
		return "Why: an event that it depends on was edited"
	case c.Status.Over():
		return why + " is now " + string(c.Status)
	case c.Window.Precision == when.None && c.Leaning == "" && !c.WasPutOff():
		return why + " has no date now"
	}
	return why + " is now " + s.reader().Date(&c)
}
