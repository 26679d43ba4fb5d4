package answer

import (
	"strings"

	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/notice"
)

// Author returns who says it.
func (p Press) Author() event.Author {
	return event.Author{Via: "slack", Name: p.By.Name, User: p.By.ID, Link: p.Link}
}

// Said returns what p says of an event.
func (p Press) Said() calendar.Said {
	s := calendar.Said{ID: p.Event, Revision: p.Revision, By: p.Author(), Press: p.Key}
	set := func(field, name string, add bool) {
		if v := strings.TrimSpace(p.Fields[name]); v != "" {
			s.Fields = append(s.Fields, calendar.Assignment{Field: field, Value: v, Add: add})
		}
	}
	switch p.Do {
	case notice.SayStands:
		s.Stands = true
	case notice.SayOutcome:
		set("status", FieldStatus, false)
		set("reason", FieldReason, false)
	case notice.SayDate:
		set("when", FieldWhen, true)
		set("certainty", FieldCertainty, false)
		set("reason", FieldReason, false)
	case Add:
		s.New, s.Revision = true, 0
		set("title", FieldTitle, false)
		set("kind", FieldKind, false)
		set("when", FieldWhen, false)
		set("certainty", FieldCertainty, false)
		set("place", FieldPlace, false)
	}
	s.Cite = calendar.Cited{Quote: strings.TrimSpace(p.Fields[FieldQuote]), URL: strings.TrimSpace(p.Fields[FieldURL])}
	return s
}
