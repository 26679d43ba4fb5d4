package splice

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// tree is what a text holds, without how it is written.
type tree struct {
	from     *yaml.Node // where it was read
	kind     yaml.Kind
	text     string // of a scalar, or the name of an alias
	tag      string
	anchor   string
	children []*tree // of a mapping each key and its value
}

// model returns what a node holds.
func model(n *yaml.Node) *tree {
	t := &tree{from: n, kind: n.Kind, tag: n.ShortTag(), anchor: n.Anchor}
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.AliasNode {
		t.text = n.Value
		return t
	}
	for _, child := range n.Content {
		t.children = append(t.children, model(child))
	}
	return t
}

func (t *tree) each(do func(*tree)) {
	do(t)
	for _, child := range t.children {
		child.each(do)
	}
}

// parsed returns what YAML for one line holds.
func parsed(text string) (*tree, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, fmt.Errorf("%q is more than one line", text)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte("- "+text+"\n"), &doc); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", text, err)
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode || len(list.Content) != 1 {
		return nil, fmt.Errorf("%s is not one value", text)
	}
	return model(list.Content[0]), nil
}

// entry returns the place of the value under a key of a mapping, -1 for none.
func (t *tree) entry(key string) int {
	for i := 0; i+1 < len(t.children); i += 2 {
		if t.children[i].kind == yaml.ScalarNode && t.children[i].text == key {
			return i + 1
		}
	}
	return -1
}

// set puts a value under a key of a mapping.
func (t *tree) set(key, text string) error {
	v, err := parsed(text)
	if err != nil {
		return err
	}
	if i := t.entry(key); i >= 0 {
		t.children[i] = v
		return nil
	}
	return t.add(key, v)
}

func (t *tree) add(key string, v *tree) error {
	k, err := parsed(key)
	if err == nil {
		t.children = append(t.children, k, v)
	}
	return err
}

// remove takes a key out of a mapping.
func (t *tree) remove(key string) {
	if i := t.entry(key); i >= 0 {
		t.children = slices.Delete(t.children, i-1, i+1)
	}
}

// push puts a value at the end of the list under a key of a mapping.
func (t *tree) push(key, text string) error {
	v, err := parsed(text)
	if err != nil {
		return err
	}
	i := t.entry(key)
	if i < 0 {
		return t.add(key, &tree{kind: yaml.SequenceNode, tag: "!!seq", children: []*tree{v}})
	}
	switch have := t.children[i]; {
	case have.kind == yaml.SequenceNode:
		have.children = append(have.children, v)
	case have.tag == "!!null" && have.text == "":
		t.children[i] = v
	default:
		t.children[i] = &tree{kind: yaml.SequenceNode, tag: "!!seq", children: []*tree{have, v}}
	}
	return nil
}

// pushMap puts a mapping at the end of a list.
func (t *tree) pushMap(entries []Entry) error {
	item := &tree{kind: yaml.MappingNode, tag: "!!map"}
	for _, e := range entries {
		v, err := parsed(e.Value)
		if err != nil {
			return err
		}
		if err := item.add(e.Key, v); err != nil {
			return err
		}
	}
	t.kind, t.tag, t.text = yaml.SequenceNode, "!!seq", ""
	t.children = append(t.children, item)
	return nil
}

// equal reports whether both hold the same. The keys of a mapping may stand in another order:
// a new one is put where it reads best.
func (t *tree) equal(o *tree) bool {
	if t.kind != o.kind || t.text != o.text || t.tag != o.tag || t.anchor != o.anchor || len(t.children) != len(o.children) {
		return false
	}
	if t.kind != yaml.MappingNode {
		return slices.EqualFunc(t.children, o.children, (*tree).equal)
	}
	for i := 0; i+1 < len(t.children); i += 2 {
		j := o.find(t.children[i])
		if j < 0 || !t.children[i+1].equal(o.children[j+1]) {
			return false
		}
	}
	return true
}

// find returns where in a mapping a key stands, -1 for nowhere.
func (t *tree) find(key *tree) int {
	for i := 0; i+1 < len(t.children); i += 2 {
		if t.children[i].equal(key) {
			return i
		}
	}
	return -1
}
