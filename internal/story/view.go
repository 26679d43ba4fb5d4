package story

import "attache/internal/agenda"

// View is an event as programs read it, from the command line and over HTTP: its values, and
// what is known of it in the words that people read elsewhere. Its names are a promise.
type View struct {
	agenda.View
	Facts Facts `json:"facts"` // in the order of importance
}

// View returns e as programs read it.
func (r Reader) View(e agenda.Entry) View {
	e = e.At(r.Now)
	return View{e.View(r.Now), r.Of(&e)}
}
