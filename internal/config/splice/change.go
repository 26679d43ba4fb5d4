package splice

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"
)

// entryEnds returns where the i-th key of a mapping ends, with its colon, and its value.
func (t *Text) entryEnds(m *yaml.Node, i int) (key, value int, err error) {
	k, v := m.Content[i], m.Content[i+1]
	if key, err = t.end(k, t.offset(k), m.Column-1); err != nil {
		return 0, 0, err
	}
	key = t.behindColon(key)
	value, err = t.end(v, key, m.Column-1)
	return key, value, err
}

// shared reports whether a value stands in other places too, or comes from one.
func shared(n *yaml.Node) bool { return n.Anchor != "" || n.Kind == yaml.AliasNode }

func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// replace puts value in the place of the i-th value of a mapping.
func (t *Text) replace(m *yaml.Node, i int, value string) ([]edit, error) {
	v := m.Content[i+1]
	if shared(m) || shared(v) {
		return nil, ErrUnsafe
	}
	key, end, err := t.entryEnds(m, i)
	if err != nil {
		return nil, err
	}
	from := key
	if start := t.offset(v); end > key && v.Line == m.Content[i].Line { // else its lines go
		from = start
	}
	if from == key {
		value = " " + value
	}
	return []edit{{from, end, value}}, nil
}

// insert puts a new key into a mapping.
func (t *Text) insert(m *yaml.Node, key, value string, after []string) ([]edit, error) {
	end, err := t.place(m, after)
	switch {
	case err != nil:
		return nil, err
	case isFlow(m):
		return []edit{t.next(end, key+": "+value)}, nil
	}
	return []edit{t.behind(end, spaces(m.Column-1)+key+": "+value)}, nil
}

// insertList puts a new key with a list of one item into a mapping.
func (t *Text) insertList(m *yaml.Node, key, item string, after []string) ([]edit, error) {
	end, err := t.place(m, after)
	switch {
	case err != nil:
		return nil, err
	case isFlow(m):
		return []edit{t.next(end, key+": ["+item+"]")}, nil
	}
	return []edit{t.behind(end, spaces(m.Column-1)+key+":", spaces(m.Column+1)+"- "+item)}, nil
}

// next puts one more entry behind another within [] or {}. A colon with nothing behind it is
// one to every reader only before a blank.
func (t *Text) next(at int, text string) edit {
	if at > 0 && t.data[at-1] == ':' {
		return edit{at, at, " , " + text}
	}
	return edit{at, at, ", " + text}
}

// place returns where the entry ends behind which a new key comes.
func (t *Text) place(m *yaml.Node, after []string) (int, error) {
	if shared(m) || len(m.Content) == 0 {
		return 0, ErrUnsafe
	}
	last := -1
	for _, key := range after {
		last = max(last, index(m, key))
	}
	if last < 0 {
		last = len(m.Content) - 2
	}
	_, end, err := t.entryEnds(m, last)
	return end, err
}

// extend puts item behind what stands under the i-th key of a mapping.
func (t *Text) extend(m *yaml.Node, i int, item string) ([]edit, error) {
	k, v := m.Content[i], m.Content[i+1]
	if shared(m) || shared(v) {
		return nil, ErrUnsafe
	}
	key, end, err := t.entryEnds(m, i)
	if err != nil {
		return nil, err
	}
	start := t.offset(v)
	switch {
	case v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Value == "":
		return []edit{{key, key, " " + item}}, nil
	case v.Kind == yaml.SequenceNode && isFlow(v):
		return t.extendFlow(v, end, item)
	case v.Kind == yaml.SequenceNode:
		return []edit{t.behind(end, spaces(v.Column-1)+"- "+item)}, nil
	case isFlow(m):
		return []edit{{start, start, "["}, {end, end, ", " + item + "]"}}, nil
	case v.Line == k.Line:
		indent := spaces(m.Column + 1)
		_, newline := t.lineEnd(key)
		return []edit{{key, start, newline + indent + "- "}, t.behind(end, indent+"- "+item)}, nil
	}
	return t.extendBlock(k, v, end, item)
}

// extendFlow puts item behind the last one of [list].
func (t *Text) extendFlow(list *yaml.Node, end int, item string) ([]edit, error) {
	if len(list.Content) == 0 {
		return []edit{{end - 1, end - 1, item}}, nil
	}
	at := t.behindProperties(t.offset(list)) + 1
	for _, child := range list.Content {
		var err error
		if at, err = t.end(child, at, 0); err != nil {
			return nil, err
		}
	}
	return []edit{t.next(at, item)}, nil
}

// extendBlock makes a list of a mapping on lines of its own and of item. The mark of the first
// item takes the place of two blanks, so that no other line moves.
func (t *Text) extendBlock(k, v *yaml.Node, end int, item string) ([]edit, error) {
	start := t.offset(v)
	if v.Column < k.Column+2 || start < 2 || string(t.data[start-2:start]) != "  " {
		return nil, ErrUnsafe
	}
	return []edit{{start - 2, start, "- "}, t.behind(end, spaces(v.Column-3)+"- "+item)}, nil
}

// item puts a mapping behind the last item of a list, apart from it if the others are.
func (t *Text) item(list *yaml.Node, entries []Entry) ([]edit, error) {
	if shared(list) {
		return nil, ErrUnsafe
	}
	end, err := t.end(list, 0, list.Column-1)
	if err != nil {
		return nil, err
	}
	if isFlow(list) {
		return t.extendFlow(list, end, flowMap(entries))
	}
	lines := itemLines(entries, list.Column-1)
	if n := len(list.Content); n < 2 || t.apart(list.Content[n-1]) {
		lines = append([]string{""}, lines...)
	}
	return []edit{t.behind(end, lines...)}, nil
}

// firstItem puts a mapping into the list under the i-th key of a mapping, which has none yet.
func (t *Text) firstItem(m *yaml.Node, i int, entries []Entry) ([]edit, error) {
	key, end, err := t.entryEnds(m, i)
	if err != nil || shared(m) || isFlow(m) || key != end {
		return nil, errors.Join(err, ErrUnsafe)
	}
	return []edit{t.behind(key, itemLines(entries, m.Column+1)...)}, nil
}

// itemLines returns the lines of a mapping that is an item of a list.
func itemLines(entries []Entry, indent int) (lines []string) {
	mark := spaces(indent) + "- "
	for _, e := range entries {
		lines = append(lines, mark+e.Key+": "+e.Value)
		mark = spaces(indent + 2)
	}
	return lines
}

// apart reports whether a blank line stands above an item, or above its comment.
func (t *Text) apart(item *yaml.Node) bool {
	for line := item.Line - 1; line >= 1; line-- {
		end, _ := t.lineEnd(t.starts[line-1])
		text := strings.TrimSpace(string(t.data[t.starts[line-1]:end]))
		if !strings.HasPrefix(text, "#") {
			return text == ""
		}
	}
	return false
}

func flowMap(entries []Entry) string {
	parts := make([]string, len(entries))
	for i, e := range entries {
		parts[i] = e.Key + ": " + e.Value
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
