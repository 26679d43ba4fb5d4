package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// defaults is what holds where attache.yaml says nothing, as it would be written.
const defaults = `listen: 127.0.0.1:8080
public_url: http://127.0.0.1:8080
timezone: America/New_York
events: [events/*.yaml]
slack: {api_url: "https://slack.com/api/", on_unknown: hold}
remind:
  deadline: [30d, 7d, 1d, 2h]
  meeting: [7d, 1d]
  default: [7d, 1d]
  at: "09:00"
  window: {opens: [0d], closes: [7d, 1d]}
  recheck: {settled: never, unsettled: 30d}
settle: 2m
catch_up: 24h
feeds: [{name: all, title: Diplomatic calendar}]
`

// secretKeys are the keys of lists and maps of attache.yaml under which a secret may
// stand itself, by the key that they stand under.
var secretKeys = map[string][]string{"follow": {"url"}, "heartbeat": {"url"}}

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
		hide(root)
	}
	if err := complete(root, cfg.PublicURL); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", path)
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

// standing says of a secret whether it is there.
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

// hide replaces what may be secret in the maps of a file.
func hide(root *yaml.Node) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if keys := secretKeys[root.Content[i].Value]; keys != nil {
			hideIn(root.Content[i+1], keys)
		}
	}
}

func hideIn(n *yaml.Node, keys []string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			hideIn(c, keys)
		case n.Kind == yaml.MappingNode && i%2 == 1 && slices.Contains(keys, n.Content[i-1].Value):
			*c = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: hidden, Style: yaml.DoubleQuotedStyle}
		}
	}
}

// complete adds to the map of a file what holds for the keys that it lacks.
func complete(root *yaml.Node, publicURL string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(defaults), &doc); err != nil {
		return fmt.Errorf("read the defaults: %w", err)
	}
	have := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		have[root.Content[i].Value] = root.Content[i+1].Tag != "!!null"
	}
	all, said := doc.Content[0].Content, false
	for i := 0; i+1 < len(all); i += 2 {
		if have[all[i].Value] {
			continue
		}
		if all[i].Value == "public_url" {
			all[i+1].Value = publicURL
		}
		if !said {
			all[i].HeadComment, said = "# left out, so that this holds:", true
		}
		root.Content = append(root.Content, all[i], all[i+1])
	}
	return nil
}
