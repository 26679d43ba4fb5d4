package event

import (
	"reflect"
	"slices"
)

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
		{"audience", func(e *Event) any { return &e.Audience }},
	}
}

// Fields returns the names of the parts of an event that can change.
func Fields() (names []string) {
	for _, f := range fields() {
		names = append(names, f.name)
	}
	return names
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

// Adder returns what adds the items of the list called name that from has to those of to, nil
// where there is no such list.
func Adder(name string) func(from, to *Event) {
	for _, f := range fields() {
		if f.name == name && reflect.TypeOf(f.of(&Event{})).Elem().Kind() == reflect.Slice {
			return func(from, to *Event) {
				list := reflect.ValueOf(f.of(to)).Elem()
				list.Set(reflect.AppendSlice(list.Slice3(0, list.Len(), list.Len()), reflect.ValueOf(f.of(from)).Elem()))
			}
		}
	}
	return nil
}

// Changed names the fields in which b differs from a, in a fixed order. Where
// something stands in a file makes no difference.
func Changed(a, b Event) []string {
	if !sameLines(a.When, b.When) {
		a.When, b.When = unplaced(a.When), unplaced(b.When)
	}
	var names []string
	for _, f := range fields() {
		if !same(f.of(&a), f.of(&b)) {
			names = append(names, f.name)
		}
	}
	return names
}

// same compares two pointers to fields, or to items of lists. An empty list is as good as
// none, but a pointer to an empty list is not as good as no pointer.
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

// sameLines reports whether the statements stand on the same lines.
func sameLines(a, b []Statement) bool {
	return len(a) == len(b) && slices.EqualFunc(a, b, func(x, y Statement) bool { return x.Line == y.Line })
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
// whoever set it. Lists are merged item by item, see [mergeLists], so that what was said
// elsewhere than in the file is lost only where somebody takes it back. A new status brings
// its reason along: that of the status before says nothing of it.
//
// For an event that is new to the file base is the zero Event, and so is current where it is
// new to everybody.
func Merge(base, file, current Event) Event {
	merged := current
	said := file.When
	base.When, file.When, merged.When = unplaced(base.When), unplaced(file.When), unplaced(current.When)
	for _, f := range fields() {
		if was, is := f.of(&base), f.of(&file); !same(was, is) {
			take(was, is, f.of(&merged))
		}
	}
	if !same(&base.Status, &file.Status) {
		merged.Reason = file.Reason
	}
	for i, at := range match(merged.When, said) {
		if at >= 0 {
			merged.When[i].Line = said[at].Line
		}
	}
	merged.ID, merged.Origin, merged.Foreign = file.ID, file.Origin, file.Foreign
	return merged
}

// Beyond returns what current says and its file, which says base, does not: the names of the
// fields that differ, and of the lists the items that the file lacks.
func Beyond(base, current Event) (names []string, items Event) {
	names = Changed(base, current)
	for _, f := range fields() {
		if f.name == "when" || f.name == "sources" {
			lacking(f.of(&base), f.of(&current), f.of(&items))
		}
	}
	return names, items
}

// Overruled names the fields of current that somebody set elsewhere than in the file, and that
// the file, which said base last time, sets otherwise or takes back now.
func Overruled(base, file, current Event) []string {
	base.When, file.When, current.When = unplaced(base.When), unplaced(file.When), unplaced(current.When)
	var out []string
	for _, f := range fields() {
		was, is, holds := f.of(&base), f.of(&file), f.of(&current)
		if same(was, is) || same(was, holds) || same(is, holds) {
			continue
		}
		if lost, isList := overrules(was, is, holds); lost || !isList {
			out = append(out, f.name)
		}
	}
	return out
}

func set(dst, src any) { reflect.ValueOf(dst).Elem().Set(reflect.ValueOf(src).Elem()) }
