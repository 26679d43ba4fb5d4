package splice

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// wide is how long a line may get where the file does not show how it lays out such a value.
const wide = 100

// Within puts an entry into the mapping under a key of m. Where there is none yet, it is put in
// front of the key before, or behind all.
func (t *Text) Within(m Map, key string, e Entry, before string) error {
	if in := value(m.n, key); in != nil && in.Kind == yaml.MappingNode && len(in.Content) > 0 {
		return t.Set(Map{in}, e.Key, e.Value)
	}
	if isFlow(m.n) || shared(m.n) || len(m.n.Content) == 0 {
		return t.Set(m, key, "{"+e.Key+": "+e.Value+"}")
	}
	if err := t.trees[m.n].set(key, "{"+e.Key+": "+e.Value+"}"); err != nil {
		return err
	}
	indent := m.n.Column - 1
	lines := t.entryLines(indent+2, e, nil)
	if i := index(m.n, key); i >= 0 { // with nothing in it
		from, end, err := t.entryEnds(m.n, i)
		return t.asked([]edit{{from, end, ""}, t.behind(end, lines...)}, err)
	}
	lines = append([]string{spaces(indent) + key + ":"}, lines...)
	i := index(m.n, before)
	if i < 0 {
		end, err := t.place(m.n, nil)
		return t.asked([]edit{t.behind(end, lines...)}, err)
	}
	at := t.above(m.n.Content[i].Line)
	return t.asked([]edit{{at, at, strings.Join(append(lines, "", ""), t.newline)}}, nil)
}

// above returns where a line begins with the comments above it, but for those at the top of the
// text: they are about all of it.
func (t *Text) above(line int) int {
	for n := line - 1; n > 0; n-- {
		if text := t.data[t.starts[n-1]:t.starts[n]]; !strings.HasPrefix(strings.TrimSpace(string(text)), "#") {
			return t.starts[n]
		}
	}
	return t.starts[line-1]
}

// entryLines returns the lines of an entry of a mapping. like is a map beside it, which shows how
// such a value is laid out where no other of its key does.
func (t *Text) entryLines(indent int, e Entry, like *yaml.Node) []string {
	one := spaces(indent) + e.Key + ": " + e.Value + e.Note
	if of := t.shown(e.Key, strings.HasPrefix(e.Value, "[")); of != nil {
		like = of
	}
	lines := laid(e.Value+e.Note, like != nil && !isFlow(like) || like == nil && len(one) > wide)
	if lines == nil {
		return []string{one}
	}
	return append([]string{spaces(indent) + e.Key + ":"}, indented(indent+2, lines)...)
}

// itemLines returns the lines of an item of the list under a key, which is laid out as the last
// map beside it.
func (t *Text) itemLines(indent int, key string, beside []*yaml.Node, item string) []string {
	var like *yaml.Node
	for _, n := range beside {
		if n.Kind == yaml.MappingNode {
			like = n
		}
	}
	if like == nil {
		like = t.shown(key, true)
	}
	lines := laid(item, like != nil && !isFlow(like) || like == nil && indent+2+len(item) > wide)
	if lines == nil {
		lines = []string{item}
	}
	return indented(indent, marked(lines))
}

// marked returns the lines of an item of a list.
func marked(lines []string) []string {
	for i, line := range lines[1:] {
		lines[i+1] = "  " + line
	}
	lines[0] = "- " + lines[0]
	return lines
}

func indented(indent int, lines []string) []string {
	for i, line := range lines {
		lines[i] = spaces(indent) + line
	}
	return lines
}

// laid returns the lines of a value that is given as YAML for one line: one for each key of a map
// if it shall have lines of its own, and one or more for each item of a list of maps. Any other
// value has none: it stands behind its key. A comment behind the value comes behind its first line.
func laid(value string, block bool) []string {
	v, err := Parse([]byte(value))
	if err != nil || !isFlow(v.root) || len(v.root.Content) == 0 {
		return nil
	}
	end, err := v.end(v.root, 0, 0)
	if err != nil {
		return nil
	}
	var lines []string
	switch v.root.Kind {
	case yaml.MappingNode:
		if !block {
			return nil
		}
		for i := 0; i < len(v.root.Content); i += 2 {
			_, to, err := v.entryEnds(v.root, i)
			if err != nil {
				return nil
			}
			lines = append(lines, value[v.offset(v.root.Content[i]):to])
		}
	case yaml.SequenceNode:
		at := 1
		for _, item := range v.root.Content {
			from := v.offset(item)
			if at, err = v.end(item, at, 0); err != nil || item.Kind != yaml.MappingNode {
				return nil
			}
			one := laid(value[from:at], block)
			if one == nil {
				one = []string{value[from:at]}
			}
			lines = append(lines, marked(one)...)
		}
	}
	lines[0] += value[end:]
	return lines
}

// shown returns the last map of the text that stands under a key, or that is an item of the list
// there: it shows how its author lays out such a map.
func (t *Text) shown(key string, item bool) (last *yaml.Node) {
	var look func(n *yaml.Node)
	look = func(n *yaml.Node) {
		for i, child := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == key {
				switch {
				case child.Kind == yaml.MappingNode && !item:
					last = child
				case child.Kind == yaml.SequenceNode && len(child.Content) > 0 && child.Content[0].Kind == yaml.MappingNode:
					last = child.Content[0]
				}
			}
			look(child)
		}
	}
	look(t.root)
	return last
}

// lastMap returns the last value of a mapping of maps, nil where it holds others too.
func lastMap(m *yaml.Node) (last *yaml.Node) {
	for i := 1; i < len(m.Content); i += 2 {
		if m.Content[i].Kind != yaml.MappingNode {
			return nil
		}
		last = m.Content[i]
	}
	return last
}
