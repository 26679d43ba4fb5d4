package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v4"
)

// Show returns attache.yaml at path with what holds where it says nothing, as YAML that
// can be read again. Where redact is set, what may be secret is shown as ***; what lies
// in files of its own, the environment or credentials is never shown, only where it
// comes from. env looks up a variable, as os.Getenv does. The error is of type [Errors]
// where the file can't be read.
func Show(path string, env func(string) string, redact bool) ([]byte, error) {
	l := newLoader()
	d := l.open(path)
	if len(l.found.errs) > 0 {
		return nil, l.found.errors()
	}
	root := d.root
	if root == nil || root.Kind != yaml.MappingNode {
		root = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	}
	cfg := Settings(path)
	if redact {
		hide(root, reflect.TypeFor[Config]())
	}
	complete(root)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", path)
	if cfg.PublicURL == "" {
		fmt.Fprintf(&out, "# public_url: %s, since that is listened on\n", cfg.PublicAt(cfg.Listen))
	}
	for _, s := range []struct {
		what string
		read func(func(string) string) (Secret, Errors, error)
	}{{"slack bot token", cfg.SlackToken}, {"slack app token", cfg.SlackAppToken}} {
		fmt.Fprintf(&out, "# %s: %s\n", s.what, standing(s.read(env)))
	}
	b, err := yaml.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	out.Write(b)
	return out.Bytes(), nil
}

// standing returns of a secret whether it is there.
func standing(s Secret, _ Errors, err error) string {
	var wrong Errors
	switch {
	case errors.As(err, &wrong):
		return "can't be read: " + wrong[0].Message
	case err != nil:
		return "can't be read: " + oneLine(err.Error())
	case s.IsZero():
		return "none"
	}
	return hidden
}

// hide replaces what may be secret in the value n that has the shape t.
func hide(n *yaml.Node, t reflect.Type) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range n.Content {
			hide(item, t.Elem())
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		for _, k := range keysOf(t) {
			for i := 0; i+1 < len(n.Content); i += 2 {
				switch {
				case n.Content[i].Value != k.name:
				case k.tag("secret") != "":
					*n.Content[i+1] = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: hidden, Style: yaml.DoubleQuotedStyle}
				default:
					hide(n.Content[i+1], k.field.Type)
				}
			}
		}
	}
}

// complete adds to the map of a file what holds for the keys that it lacks.
func complete(root *yaml.Node) {
	have := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		have[root.Content[i].Value] = root.Content[i+1].Tag != "!!null"
	}
	comment := "# left out, so that this holds:"
	for _, k := range keysOf(reflect.TypeFor[Config]()) {
		if have[k.name] || k.standard == nil {
			continue
		}
		name, value := yaml.Node{Kind: yaml.ScalarNode, Value: k.name, HeadComment: comment}, *k.standard
		comment = ""
		if value.Kind == yaml.MappingNode {
			value.Style = 0 // one line for each of its keys
		}
		root.Content = append(root.Content, &name, &value)
	}
}
