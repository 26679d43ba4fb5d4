package config

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/workday"
)

// object is a part of a JSON Schema.
type object = map[string]any

// schemaMaker makes a JSON Schema, draft-07, of the structs that describe the files. What
// an editor shows of a key is the comment of its field.
type schemaMaker struct {
	t           *testing.T
	comments    map[string]string // by Type.Field
	definitions object
}

func newSchemaMaker(t *testing.T) *schemaMaker {
	t.Helper()
	m := &schemaMaker{t: t, comments: map[string]string{}, definitions: object{}}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, name := range f.Names {
						m.comments[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
					}
				}
			}
			return true
		})
	}
	return m
}

// typed is a schema of some types; nothing behind a key is always taken.
func typed(names ...string) object {
	list := []any{}
	for _, n := range append(names, "null") {
		list = append(list, n)
	}
	return object{"type": list}
}

func text() object { return typed("string", "number", "boolean") }

func pattern(p string, examples ...any) object {
	s := typed("string")
	s["pattern"], s["examples"] = p, examples
	return s
}

func lead() object {
	return pattern(`^[0-9]+(m|h|d|w|mo|bd)$`, "7d", "2h", "15m", "2w", "1mo", "3bd")
}

func listOf(item object) object {
	s := typed("array")
	s["items"] = item
	return s
}

func mapSchema(item any) object {
	s := typed("object")
	s["additionalProperties"], s["patternProperties"] = item, object{"^x-": true}
	return s
}

func anyOf(list ...object) object { return object{"anyOf": list} }

func oneOrList(item object) object { return anyOf(item, listOf(item)) }

// choice takes one of the words; a person may write in_force for in force.
func choice(words []string) object {
	var also []string
	for _, w := range words {
		if strings.Contains(w, " ") {
			also = append(also, strings.ReplaceAll(w, " ", "[_-]"))
		}
	}
	if also == nil {
		return object{"enum": words}
	}
	return anyOf(object{"enum": words}, object{"type": "string", "pattern": "^(" + strings.Join(also, "|") + ")$"})
}

// ofKey returns the schema of a value of the type t that k describes.
func (m *schemaMaker) ofKey(k key, t reflect.Type) object {
	switch {
	case k.words != nil && k.tag("as") != "fields" && t.Kind() == reflect.String:
		return choice(k.words)
	case k.tag("as") == "list":
		return listOf(text())
	case k.tag("as") == "leads":
		return listOf(lead())
	case k.tag("as") == "one or more" && t == reflect.TypeFor[field]():
		return oneOrList(text())
	case k.tag("as") == "one or more":
		return oneOrList(m.ofType(t.Elem()))
	}
	switch reflect.Zero(t).Interface().(type) {
	case time.Duration:
		return pattern(`^[0-9]+[smhdw]$`, "30s", "2m", "24h", "7d")
	case notice.Lead:
		if k.tag("as") == "" {
			return lead()
		}
		return text()
	case civil.Clock, civil.Date, workday.Calendar, time.Time, field:
		return text()
	case workday.Calendars:
		return mapSchema(m.ref(ownCalendar{}))
	case []notice.Mention:
		return mapSchema(m.ref(limited{}))
	case []event.Source:
		return mapSchema(m.ref(source{}))
	case []event.Statement:
		return anyOf(m.ref(statement{}), text(), listOf(anyOf(m.ref(statement{}), text())))
	case event.Condition:
		return anyOf(m.ref(condition{}), text())
	case event.Citation:
		return anyOf(m.ref(citation{}), text())
	case event.Event:
		return m.ref(entry{})
	case []event.Link:
		return oneOrList(mapSchema(oneOrList(text())))
	}
	switch t.Kind() {
	case reflect.String, reflect.Int:
		return text()
	case reflect.Bool: // in quotes it is text, and read all the same
		return anyOf(typed("boolean"), object{"type": "string", "pattern": "^(true|True|TRUE|false|False|FALSE)$"})
	case reflect.Pointer:
		return m.ofKey(k, t.Elem())
	case reflect.Map: // that stands inline
		return m.ofKey(key{}, t.Elem())
	case reflect.Slice:
		return listOf(m.ofKey(k, t.Elem()))
	}
	return m.ofType(t)
}

// ofType returns the schema of a struct.
func (m *schemaMaker) ofType(t reflect.Type) object {
	if t == reflect.TypeFor[notice.Exempt]() {
		return m.ref(limited{})
	}
	if shape := shapeOf(t); shape != nil {
		return m.ref(reflect.ValueOf(shape).Elem().Interface())
	}
	return m.ref(reflect.Zero(t).Interface())
}

// ref defines the schema of a struct, once, and refers to it.
func (m *schemaMaker) ref(shape any) object {
	t := reflect.TypeOf(shape)
	name := map[string]string{"filter": "match", "entry": "event", "QuietHours": "quiet"}[t.Name()]
	if name == "" {
		name = strings.ToLower(t.Name()[:1]) + t.Name()[1:]
	}
	if m.definitions[name] == nil {
		m.definitions[name] = object{} // it may refer to itself
		m.definitions[name] = m.object(t)
	}
	return object{"$ref": "#/definitions/" + name}
}

// object returns the schema of the map that the struct t describes.
func (m *schemaMaker) object(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, k := range keysOf(t) {
		s := m.ofKey(k, k.field.Type)
		if s["$ref"] != nil {
			s = object{"allOf": []object{s}} // draft-07 ignores what stands beside $ref
		}
		s["description"] = m.describe(t, k)
		properties[k.name] = s
		if _, ok := k.field.Tag.Lookup("required"); ok {
			required = append(required, k.name)
		}
	}
	s := mapSchema(false)
	s["properties"] = properties
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// describe returns what editors show of a key.
func (m *schemaMaker) describe(t reflect.Type, k key) string {
	if k.word.IsValid() {
		return "Of events of the kind " + k.name
	}
	owner := t // or a struct that is embedded in it
	for _, i := range k.field.Index[:len(k.field.Index)-1] {
		owner = owner.Field(i).Type
	}
	text := m.comments[owner.Name()+"."+k.field.Name]
	if text == "" {
		m.t.Errorf("the field %s of %s has no comment above it: it is what editors show of the key %s", k.field.Name, owner.Name(), k.name)
	}
	return text
}

// schema returns the schema of a file that the struct root describes.
func schema[T any](t *testing.T, title string) []byte {
	t.Helper()
	m := newSchemaMaker(t)
	doc := m.object(reflect.TypeFor[T]())
	doc["$schema"] = "http://json-schema.org/draft-07/schema#"
	doc["title"], doc["definitions"] = title, m.definitions
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func TestSchema_IsMadeOfTheShapes(t *testing.T) {
	for name, want := range map[string][]byte{
		"attache.schema.json": schema[Config](t, "How attache runs"),
		"events.schema.json":  schema[Calendar](t, "Events of attache, and their sources"),
	} {
		path := filepath.Join("..", "..", "config", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("config/%s is not what the structs of this package make: go test ./internal/config -run Schema -update", name)
		}
	}
}

func TestSchema_OffersTheWordsOfTheVocabularies(t *testing.T) {
	b := schema[Config](t, "")
	for _, list := range [][]string{wordsOf(event.Kinds()), wordsOf(event.Statuses()), wordsOf(event.Certainties()), wordsOf(notice.Kinds())} {
		for _, w := range slices.Sorted(slices.Values(list)) {
			if !bytes.Contains(b, []byte(`"`+w+`"`)) {
				t.Errorf("it does not offer %q", w)
			}
		}
	}
}
