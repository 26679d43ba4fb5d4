package lsp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	shipped "attache/config"
)

// schema is a part of a JSON Schema, as far as those of attache have it.
type schema struct {
	Ref         string             `json:"$ref"`
	Description string             `json:"description"`
	Properties  map[string]*schema `json:"properties"`
	Additional  *schema            `json:"additionalProperties"`
	Items       *schema            `json:"items"`
	AnyOf       []*schema          `json:"anyOf"`
	AllOf       []*schema          `json:"allOf"`
	Enum        []string           `json:"enum"`
	Examples    []string           `json:"examples"`
	Definitions map[string]*schema `json:"definitions"`
}

// UnmarshalJSON takes true and false too, which say nothing of what there is.
func (s *schema) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return nil
	}
	type plain schema
	return json.Unmarshal(data, (*plain)(s))
}

// schemaOf returns the schema of attache.yaml, or that of a file of events.
func schemaOf(settings bool) (*schema, error) {
	name := "events.schema.json"
	if settings {
		name = "attache.schema.json"
	}
	data, err := shipped.FS.ReadFile(name)
	if err != nil {
		return nil, err
	}
	s := new(schema)
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return s, nil
}

// under returns what the schema says of what stands under a path of keys. Lists are as their
// items.
func (s *schema) under(path []string) []*schema {
	at := s.parts(s)
	for _, key := range path {
		var next []*schema
		for _, one := range at {
			if p, ok := one.Properties[key]; ok {
				next = append(next, s.parts(p)...)
			} else if one.Additional != nil {
				next = append(next, s.parts(one.Additional)...)
			}
		}
		at = next
	}
	return at
}

// parts returns a part of the schema with all that it may also be.
func (s *schema) parts(of *schema) []*schema {
	out := []*schema{of}
	if name, ok := strings.CutPrefix(of.Ref, "#/definitions/"); ok && s.Definitions[name] != nil {
		out = append(out, s.parts(s.Definitions[name])...)
	}
	for _, one := range slices.Concat(of.AnyOf, of.AllOf) {
		out = append(out, s.parts(one)...)
	}
	if of.Items != nil {
		out = append(out, s.parts(of.Items)...)
	}
	return out
}

// keys returns the keys that can stand under a path, with what each is for.
func (s *schema) keys(path []string) map[string]string {
	out := map[string]string{}
	for _, one := range s.under(path) {
		for name, p := range one.Properties {
			out[name] = p.Description
		}
	}
	return out
}

// words returns the words of which what stands at a path is one.
func (s *schema) words(path []string) (out []string) {
	for _, one := range s.under(path) {
		out = append(out, one.Enum...)
		out = append(out, one.Examples...)
	}
	if len(path) > 0 && path[len(path)-1] == "supports" {
		out = slices.Sorted(maps.Keys(s.keys(path[:len(path)-2])))
	}
	return out
}

// describes returns what the last key of a path is for.
func (s *schema) describes(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return s.keys(path[:len(path)-1])[path[len(path)-1]]
}
