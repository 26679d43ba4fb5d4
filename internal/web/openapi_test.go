package web

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/story"
)

// TestOpenAPI_Schemas holds the shapes of the document against the types that answers are
// made of. With -update it writes them.
func TestOpenAPI_Schemas(t *testing.T) {
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schemas()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("api/schemas.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(apiSchemas, want.Bytes()) {
		t.Error("api/schemas.json differs from the types: go test ./internal/web -run OpenAPI -update writes it anew")
	}
}

// apiShapes returns what is answered, by the name in the document.
func apiShapes() map[string]any {
	return map[string]any{
		"Events": eventsView{}, "Event": story.View{}, "Why": agenda.WhyView{}, "Changes": changesView{},
		"Change": change.View{}, "Move": change.Change{}, "Led": change.Followed{}, "Feeds": feedsView{}, "Problem": problemView{},
		"Aside": agenda.SetAside{},
	}
}

// schemas returns the schemas of all that is answered.
func schemas() map[string]any {
	all := shapes{named: make(map[reflect.Type]string), out: make(map[string]any)}
	for name, v := range apiShapes() {
		all.named[reflect.TypeOf(v)] = name
	}
	for t := range all.named {
		all.object(t)
	}
	enums(all.out["Event"])
	return all.out
}

// enums names the vocabularies of an event.
func enums(event any) {
	properties := event.(map[string]any)["properties"].(map[string]any)
	for name, values := range vocabularies() {
		properties[name].(map[string]any)["enum"] = values
	}
}

func vocabularies() map[string]any {
	return map[string]any{
		"kind": event.Kinds(), "certainty": event.Certainties(), "status": event.Statuses(),
		"precision": []string{"instant", "day", "span", "window", "none"},
	}
}

// shapes writes types as JSON Schema 2020-12, as encoding/json writes their values.
type shapes struct {
	named map[reflect.Type]string
	out   map[string]any // by name
}

// of returns the schema of a type. A struct stands on its own and is referred to.
func (s shapes) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return map[string]any{"anyOf": []any{s.of(t.Elem()), map[string]any{"type": "null"}}}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case t.Kind() == reflect.Struct:
		return map[string]any{"$ref": "#/components/schemas/" + s.object(t)}
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": "integer"}
}

// object writes a struct and returns its name. A field that can be left out is not
// required.
func (s shapes) object(t reflect.Type) string {
	name, ok := s.named[t]
	if !ok {
		name = strings.TrimSuffix(t.Name(), "View")
		s.named[t] = name
	}
	if s.out[name] != nil {
		return name
	}
	properties, required := map[string]any{}, []string{}
	s.out[name] = map[string]any{"type": "object"} // so that a type can hold itself
	for _, f := range reflect.VisibleFields(t) {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || f.Anonymous || tag == "-" {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		properties[tag] = s.of(f.Type)
		if !strings.Contains(options, "omit") {
			required = append(required, tag)
		}
	}
	s.out[name] = map[string]any{"type": "object", "properties": properties, "required": required}
	return name
}
