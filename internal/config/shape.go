package config

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/workday"
)

// key is a key of a map in a file, as a field of a struct describes it: see the comment
// of the package.
type key struct {
	name     string
	field    reflect.StructField
	word     reflect.Value // the key in a Go map that stands inline; invalid where field is no such map
	standard *yaml.Node    // what holds where nothing is written, or nil
	words    []string      // of which the value, or each item of it, is one; nil is any
	noun     string        // what messages call one of the words
}

func (k key) tag(name string) string { return k.field.Tag.Get(name) }

var knownKeys sync.Map // of reflect.Type to []key

// keysOf returns the keys of the struct t in the order in which they are read.
func keysOf(t reflect.Type) []key {
	if known, ok := knownKeys.Load(t); ok {
		return known.([]key)
	}
	var out []key
	for _, f := range reflect.VisibleFields(t) {
		k := key{name: f.Tag.Get("yaml"), field: f}
		if text, ok := f.Tag.Lookup("default"); ok {
			k.standard = yamlOf(text)
		}
		k.words, k.noun = k.choices()
		switch {
		case k.name == ",inline":
			words, _ := vocabulary(f.Type.Key())
			for _, w := range words {
				out = append(out, key{name: w, field: f, word: reflect.ValueOf(w).Convert(f.Type.Key())})
			}
		case k.name != "":
			out = append(out, k)
		}
	}
	knownKeys.Store(t, out)
	return out
}

// yamlOf returns the YAML of a default. A test reads every one of them.
func yamlOf(text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

func hasKey(keys []key, name string) bool {
	return slices.ContainsFunc(keys, func(k key) bool { return k.name == name })
}

func keyNames(keys []key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.name
	}
	return out
}

// shapeOf returns the struct whose tags describe t, which is of another package, as a
// pointer; nil where there is none. The two have the same fields.
func shapeOf(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[agenda.Filter]():
		return new(filter)
	case reflect.TypeFor[notice.Route]():
		return new(route)
	}
	return nil
}

// vocabulary returns the words that t is one of, and what messages call one.
func vocabulary(t reflect.Type) (words []string, noun string) {
	switch t {
	case reflect.TypeFor[event.Kind]():
		return wordsOf(event.Kinds()), "kind"
	case reflect.TypeFor[event.Status]():
		return wordsOf(event.Statuses()), "status"
	case reflect.TypeFor[event.Certainty]():
		return wordsOf(event.Certainties()), "certainty"
	case reflect.TypeFor[notice.Kind]():
		return wordsOf(notice.Kinds()), "kind of notice"
	case reflect.TypeFor[event.Relation]():
		return wordsOf(event.Relations()), "relation"
	}
	return nil, ""
}

func wordsOf[W ~string](list []W) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// choices returns the words of which the value of k, or each item of it, is one, and what
// messages call one.
func (k key) choices() (words []string, noun string) {
	if list := k.tag("choice"); list != "" {
		return strings.Split(list, ","), "choice for " + k.name
	}
	if k.tag("as") == "fields" {
		return keyNames(keysOf(reflect.TypeFor[entry]())), "field of an event"
	}
	t := k.field.Type
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return vocabulary(t)
}

// read reads the map f into the struct that to points to, over its defaults. It returns
// the keys that are written, in the order of the file, and whether f is a map at all.
// Unknown keys are errors. A check of to is called last.
func (r *reader) read(f field, to any) (written fieldList, ok bool) {
	v := reflect.ValueOf(to).Elem()
	keys := keysOf(v.Type())
	r.setDefaults(to)
	all, ok := r.fields(f)
	for _, one := range all {
		if hasKey(keys, one.key) {
			written = append(written, one)
			continue
		}
		hint := meant(to, one.key, keys)
		at := r.at(one.k).cured(one.key, hint, func(name string) bool { return hasKey(keys, name) })
		r.found.fail(at.slip(one.key, keyNames(keys)), "unknown key %s%s", quoted(one.key), hint)
	}
	for _, k := range keys {
		if one := written.get(k.name); one.k != nil {
			if one.in = cmp.Or(f.in, f.key); f.k != nil && f.in != "" { // no item of a list
				one.in = f.in + "." + f.key
			}
			r.setKey(one, v, k)
		}
	}
	if !ok {
		return written, false
	}
	for _, k := range keys {
		if what, required := k.field.Tag.Lookup("required"); required && !written.has(k.name) && !r.partial {
			if what != "" {
				what = ": " + what
			}
			_, noun, _ := strings.Cut(f.key, " ") // of "a route"
			r.fail(r.resolve(f.v), "the %s has no %s%s", cmp.Or(noun, f.key), k.name, what)
		}
	}
	if c, ok := to.(interface {
		check(*reader, field, fieldList)
	}); ok {
		c.check(r, f, written)
	}
	return written, true
}

// meant returns which key may have been meant.
func meant(shape any, written string, keys []key) string {
	if s, ok := shape.(interface{ meant(string) string }); ok {
		if hint := s.meant(written); hint != "" {
			return hint
		}
	}
	return orChoose(written, keyNames(keys))
}

// setDefaults sets the fields of the struct that to points to, as far as they have defaults.
func (r *reader) setDefaults(to any) {
	names := r.names
	r.names = nil // those of the file may be the same
	defer func() { r.names = names }()
	v := reflect.ValueOf(to).Elem()
	for _, k := range keysOf(v.Type()) {
		if k.standard != nil {
			r.setKey(field{key: k.name, v: k.standard}, v, k)
		}
	}
}

// setKey sets the field of v that k describes.
func (r *reader) setKey(f field, v reflect.Value, k key) {
	to := v.FieldByIndex(k.field.Index)
	if !k.word.IsValid() {
		r.set(f, to, k)
		return
	}
	item := reflect.New(to.Type().Elem()).Elem()
	if !r.set(f, item, k) {
		return
	}
	if to.IsNil() {
		to.Set(reflect.MakeMap(to.Type()))
	}
	to.SetMapIndex(k.word, item)
}

// set reads f into v, which k describes, and reports whether there is a value. Where
// there is none, or a wrong one, v stays as it is.
func (r *reader) set(f field, v reflect.Value, k key) bool {
	switch null := f.k != nil && r.null(f.v); {
	case k.words != nil && v.Kind() == reflect.String:
		return setString(v, r.word(f, k.words, k.noun))
	case null && v.Kind() != reflect.String && v.Type() != reflect.TypeFor[field]():
		return false
	case k.words != nil:
		return r.setList(f, v, k)
	}
	switch to := v.Addr().Interface().(type) {
	case *time.Duration:
		return keep(to)(parsed(r, f, underKey(f, parseDuration)))
	case *Peers:
		*to = r.peers(f)
		return true
	case *civil.Clock:
		return keep(to)(parsed(r, f, underKey(f, civil.ParseClock)))
	case *notice.Lead:
		if k.tag("as") == "never or a lead" {
			return keep(to)(r.leadOrNever(f))
		}
		return keep(to)(r.lead(f))
	case *[]notice.Lead:
		return r.ladder(f, to)
	case *[]string:
		*to = r.strings(f, k)
		return true
	case **workday.Calendar:
		*to = r.holidays(f)
		return *to != nil
	case *workday.Calendars:
		r.calendars(f)
		return true
	case *[]notice.Mention:
		*to = r.mentions(f)
		return true
	case *notice.Exempt:
		*to = r.exempt(f)
		return true
	}
	return r.setOfEvent(f, v, k)
}

// setOfEvent does as set for what stands in files of events.
func (r *reader) setOfEvent(f field, v reflect.Value, k key) bool {
	switch to := v.Addr().Interface().(type) {
	case *field:
		*to = f
	case *[]event.Source:
		r.sources(f)
	case *[]event.Event:
		r.readEvents(r.list(f))
	case *[]event.Statement:
		*to = r.statements(f)
	case *event.Condition:
		*to = r.condition(f)
	case **[]string:
		*to = r.rungs(f)
	case *[]event.Link:
		*to = r.links(f)
	case *[]event.Citation:
		*to = r.citations(f)
	case *[]civil.Date:
		*to = r.days(f)
	case *civil.Date:
		*to = r.day(f)
	case *time.Time:
		*to = r.instantOrDay(f)
	default:
		return r.setKind(f, v, k)
	}
	return true
}

// setKind reads f into v by the kind of its type.
func (r *reader) setKind(f field, v reflect.Value, k key) bool {
	switch v.Kind() {
	case reflect.String:
		return setString(v, r.string(f, k.tag("as")))
	case reflect.Bool:
		b, ok := r.truth(f)
		if ok {
			v.SetBool(b != (k.tag("as") == "unless"))
		}
		return ok
	case reflect.Int:
		return r.setNumber(f, v, k)
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		ok := r.set(f, to.Elem(), k)
		if ok {
			v.Set(to)
		}
		return ok
	case reflect.Slice:
		return r.setList(f, v, k)
	}
	shape := shapeOf(v.Type())
	if shape == nil {
		_, ok := r.read(f, v.Addr().Interface())
		return ok
	}
	s := reflect.ValueOf(shape).Elem()
	s.Set(v.Convert(s.Type()))
	_, ok := r.read(f, shape)
	v.Set(s.Convert(v.Type()))
	return ok
}

// keep returns what sets to to a value, where there is one.
func keep[T any](to *T) func(T, bool) bool {
	return func(x T, ok bool) bool {
		if ok {
			*to = x
		}
		return ok
	}
}

func setString(v reflect.Value, s string) bool {
	if s != "" {
		v.SetString(s)
	}
	return s != ""
}

// setList reads a list of values, or one alone where k takes that too. No value of a map
// is as good as no list.
func (r *reader) setList(f field, v reflect.Value, k key) bool {
	items := []field{f}
	if k.tag("as") != "one or more" || r.resolve(f.v).Kind == yaml.SequenceNode {
		items = r.list(f)
	}
	out := reflect.MakeSlice(v.Type(), 0, len(items))
	for _, item := range items {
		one := reflect.New(v.Type().Elem()).Elem()
		item.in = f.key
		if noun := cmp.Or(k.tag("item"), k.noun); noun != "" {
			item.key, item.k = noun, nil
		}
		if r.set(item, one, k) {
			out = reflect.Append(out, one)
		}
	}
	if out.Len() > 0 || v.Type().Elem().Kind() != reflect.Struct {
		v.Set(out)
	}
	return true
}
