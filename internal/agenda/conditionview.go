package agenda

import "time"

// ConditionView is a Condition as programs read it. Its names are a promise.
type ConditionView struct {
	State     string `json:"state"` // true, false or unknown
	Text      string `json:"text,omitempty"`
	Event     string `json:"event,omitempty"`     // the id of the event that decides it
	Is        string `json:"is,omitempty"`        // the status that it has to have
	Status    string `json:"status,omitempty"`    // the one that it has
	Statement string `json:"statement,omitempty"` // with which it was stated; none is the event itself
	Decided   string `json:"decided,omitempty"`   // RFC 3339, UTC: since when it is true or false
	Says      string `json:"says"`                // all of it in one line
}

// conditionView returns the condition of e that matters most, nil where it has none.
func (e Entry) conditionView() *ConditionView {
	c, ok := e.Condition()
	if !ok {
		return nil
	}
	v := c.view()
	return &v
}

func (c Condition) view() ConditionView {
	v := ConditionView{
		State: string(c.State), Text: c.Text, Event: c.Event, Is: string(c.Is), Status: string(c.Status),
		Statement: c.Statement, Says: c.Words(),
	}
	if !c.Decided.IsZero() {
		v.Decided = c.Decided.UTC().Format(time.RFC3339)
	}
	return v
}
