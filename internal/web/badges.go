package web

import (
	"slices"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
)

// badge is a word on how things stand.
type badge struct {
	About string // what it is about, for those who do not see its place
	Text  string
	Tone  string // ok, info, warn, off
}

// badges returns how certain e is and what became of it.
func badges(e *agenda.Entry, phase agenda.Phase) []badge {
	var out []badge
	if !e.WasPutOff() && !e.Status.Over() { // how sure it was is of no interest
		out = append(out, badge{"Certainty", prose.Capital(string(e.Certainty)), certaintyTone(e.Certainty)})
	}
	if b := statusBadge(e, phase); b.Text != "" {
		out = append(out, b)
	}
	if len(e.Contradictions) > 0 {
		out = append(out, badge{"Statements", "Contradiction", "warn"})
	}
	return out
}

func certaintyTone(c event.Certainty) string {
	switch {
	case c.AtLeast(event.Confirmed):
		return "ok"
	case c.AtLeast(event.Planned):
		return "info"
	}
	return "warn"
}

// statusBadge returns the status of e, or the phase it is in while it has none.
func statusBadge(e *agenda.Entry, phase agenda.Phase) badge {
	b := badge{About: "Status", Text: prose.Capital(string(e.Status)), Tone: "off"}
	switch {
	case e.Unrecorded():
		b.Text, b.Tone = b.Text+", day not recorded", "warn"
	case e.Status.TookPlace():
		b.Tone = "ok"
	case e.WasPutOff():
		b.Text = "Deferred, no new date"
	case e.Status == event.Deferred:
		b.Text, b.Tone = "Deferred to this date", "warn"
	case e.Status == event.Lapsed:
		b.Tone = "warn"
	}
	if e.Status != event.Open {
		return b
	}
	switch phase {
	case agenda.AwaitingOutcome:
		b.Text, b.Tone = "No outcome recorded", "warn"
	case agenda.UnderWay:
		b.Text, b.Tone = "Under way", "info"
	case agenda.Over:
		b.Text = "Passed"
	default:
		b.Text = ""
	}
	return b
}

// unsettled returns what is not known about e, a sentence each.
func unsettled(e *agenda.Entry, told story.Facts) []string {
	var out []string
	for _, f := range told {
		switch f.About {
		case story.Bounds:
			out = append(out, prose.Capital(f.Words)+".")
			if e.Window.Earliest.Soft || e.Window.Latest.Soft {
				out = append(out, softWords(e))
			}
		case story.Hour, story.Disputed:
			out = append(out, f.String()+".")
		case story.Unseen:
			out = append(out, "It "+f.Words+".")
		}
	}
	return out
}

// softWords returns which ends of a window nobody stated.
func softWords(e *agenda.Entry) string {
	ends := "the first and the last day are"
	switch {
	case !e.Window.Latest.Soft:
		ends = "the first day is"
	case !e.Window.Earliest.Soft:
		ends = "the last day is"
	}
	if slices.ContainsFunc(e.When, func(s event.Statement) bool { return s.Expr.LeansOn() != "" }) {
		return "No day was named: " + ends + " how such words are usually read."
	}
	return "The words were “" + e.Stated + "”: " + ends + " how they are usually read."
}
