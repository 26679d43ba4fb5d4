package event

import "reflect"

// field is one part of an event that a revision can change.
type field struct {
	name string
	of   func(*Event) any // points into the event
}

// fields lists every part of an event except its id, and where and how it was written.
func fields() []field {
	return []field{
		{"title", func(e *Event) any { return &e.Title }},
		{"kind", func(e *Event) any { return &e.Kind }},
		{"when", func(e *Event) any { return &e.When }},
		{"zone", func(e *Event) any { return &e.Zone }},
		{"calendar", func(e *Event) any { return &e.Calendar }},
		{"certainty", func(e *Event) any { return &e.Certainty }},
		{"status", func(e *Event) any { return &e.Status }},
		{"reason", func(e *Event) any { return &e.Reason }},
		{"if", func(e *Event) any { return &e.If }},
		{"place", func(e *Event) any { return &e.Place }},
		{"parties", func(e *Event) any { return &e.Parties }},
		{"people", func(e *Event) any { return &e.People }},
		{"topics", func(e *Event) any { return &e.Topics }},
		{"note", func(e *Event) any { return &e.Note }},
		{"remind", func(e *Event) any { return &e.Remind }},
		{"links", func(e *Event) any { return &e.Links }},
		{"sources", func(e *Event) any { return &e.Sources }},
	}
}

// Setter returns what sets the field called name of to as from has it, nil where there is
// no such field.
func Setter(name string) func(from, to *Event) {
	for _, f := range fields() {
		if f.name == name {
			return func(from, to *Event) { set(f.of(to), f.of(from)) }
		}
	}
	return nil
}

// Identical reports whether a and b say the same, on the same lines of the same file.
func Identical(a, b *Event) bool { return same(a, b) }

// Changed names the fields in which b differs from a, in a fixed order. Where
// something stands in a file makes no difference.
func Changed(a, b Event) []string {
	a.When, b.When = unplaced(a.When), unplaced(b.When)
	var names []string
	for _, f := range fields() {
		if !same(f.of(&a), f.of(&b)) {
			names = append(names, f.name)
		}
	}
	return names
}

// same compares two pointers to fields; an empty list is as good as none, but a
// pointer to an empty list is not as good as no pointer.
func same(a, b any) bool { return equal(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()) }

// equal is reflect.DeepEqual but for lists without elements, which are equal at
// any depth.
func equal(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// unplaced returns the statements without the lines on which they stand.
func unplaced(list []Statement) []Statement {
	out := make([]Statement, len(list))
	for i, s := range list {
		s.Line = 0
		out[i] = s
	}
	return out
}

// Merge returns the event that holds after its file was read: base is what the
// file said last time, file what it says now, and current what holds. A field
// that the file changed is taken from the file; every other stays as it is,
// whoever set it. A new status brings its reason along: that of the status before
// says nothing of it. An event that was withdrawn and stands in its file again is
// taken as the file has it, unless the file itself calls it withdrawn.
//
// For an event that is new to the file, base and current are the zero Event.
func Merge(base, file, current Event) Event {
	merged := current
	back := current.Status == Withdrawn && file.Status != Withdrawn
	was, is := base, file
	was.When, is.When = unplaced(base.When), unplaced(file.When)
	for _, f := range fields() {
		if back || !same(f.of(&was), f.of(&is)) {
			set(f.of(&merged), f.of(&file))
		}
	}
	if !same(&was.Status, &is.Status) {
		merged.Reason = file.Reason
	}
	// What the file still says is on the line where it stands now.
	if here := unplaced(merged.When); same(&here, &is.When) {
		merged.When = file.When
	}
	merged.ID, merged.Origin, merged.Foreign = file.ID, file.Origin, file.Foreign
	return merged
}

func set(dst, src any) { reflect.ValueOf(dst).Elem().Set(reflect.ValueOf(src).Elem()) }
