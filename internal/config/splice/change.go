package splice

import (
	"bytes"
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
	k, v := m.Content[i], m.Content[i+1]
	if shared(m) || shared(v) {
		return nil, ErrUnsafe
	}
	key, end, err := t.entryEnds(m, i)
	if err != nil {
		return nil, err
	}
	block := len(v.Content) > 0 && !isFlow(v)
	if lines := laid(value, block); !isFlow(m) && lines != nil {
		return []edit{{key, end, ""}, t.behind(end, indented(m.Column+1, lines)...)}, nil
	}
	from := key
	if start := t.offset(v); end > key && v.Line == k.Line { // else its lines go
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
	return []edit{t.behind(end, t.entryLines(m.Column-1, Entry{Key: key, Value: value}, lastMap(m))...)}, nil
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
	lines := append([]string{spaces(m.Column-1) + key + ":"}, t.itemLines(m.Column+1, key, nil, item)...)
	return []edit{t.behind(end, lines...)}, nil
}

// without takes the i-th key of a mapping out, with its lines where it has lines of its own.
func (t *Text) without(m *yaml.Node, i int) ([]edit, error) {
	k, v := m.Content[i], m.Content[i+1]
	if shared(m) || shared(v) || len(m.Content) == 2 {
		return nil, ErrUnsafe
	}
	_, end, err := t.entryEnds(m, i)
	if err != nil {
		return nil, err
	}
	from := t.offset(k)
	begins := t.starts[k.Line-1]
	switch alone := len(bytes.TrimSpace(t.data[begins:from])) == 0; {
	case !isFlow(m) && alone && t.lineEnd(end) == len(t.data) && begins > 0: // there is no end of line behind it
		return []edit{{begins - len(t.newline), len(t.data), ""}}, nil
	case !isFlow(m) && alone:
		end = t.lineEnd(end)
		return []edit{{begins, end + len(t.newline), ""}}, nil
	case i+2 < len(m.Content): // the next one takes its place
		end = t.offset(m.Content[i+2])
	default:
		if _, from, err = t.entryEnds(m, i-2); err != nil {
			return nil, err
		}
	}
	if bytes.ContainsRune(t.data[from:end], '#') { // that may be a comment of something else
		return nil, ErrUnsafe
	}
	return []edit{{from, end, ""}}, nil
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
		return []edit{t.behind(end, t.itemLines(v.Column-1, k.Value, v.Content, item)...)}, nil
	case isFlow(m):
		return []edit{{start, start, "["}, {end, end, ", " + item + "]"}}, nil
	case v.Line == k.Line:
		return []edit{{key, start, t.newline + spaces(m.Column+1) + "- "}, t.behind(end, t.itemLines(m.Column+1, k.Value, m.Content[i+1:i+2], item)...)}, nil
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
	return []edit{{start - 2, start, "- "}, t.behind(end, t.itemLines(v.Column-3, k.Value, []*yaml.Node{v}, item)...)}, nil
}

// items puts mappings behind the last item of a list, apart from it if the others are.
func (t *Text) items(list *yaml.Node, items [][]Entry) ([]edit, error) {
	if shared(list) {
		return nil, ErrUnsafe
	}
	end, err := t.end(list, 0, list.Column-1)
	if err != nil {
		return nil, err
	}
	if isFlow(list) {
		parts := make([]string, len(items))
		for i, entries := range items {
			parts[i] = flowMap(entries)
		}
		return t.extendFlow(list, end, strings.Join(parts, ", "))
	}
	n := len(list.Content)
	return []edit{t.behind(end, t.mapLines(list.Column-1, items, n < 2 || t.apart(list.Content[n-1]), true)...)}, nil
}

// firstItems puts mappings into the list under the i-th key of a mapping, which has none yet.
func (t *Text) firstItems(m *yaml.Node, i int, items [][]Entry) ([]edit, error) {
	key, end, err := t.entryEnds(m, i)
	if err != nil || shared(m) || shared(m.Content[i+1]) || bytes.ContainsRune(t.data[key:end], '#') {
		return nil, errors.Join(err, ErrUnsafe)
	}
	return []edit{{key, end, ""}, t.behind(end, t.mapLines(m.Column+1, items, true, false)...)}, nil
}

// mapLines returns the lines of mappings that are items of a list, a blank one between them
// where they stand apart.
func (t *Text) mapLines(indent int, items [][]Entry, apart, first bool) (lines []string) {
	for i, entries := range items {
		if apart && (i > 0 || first) {
			lines = append(lines, "")
		}
		mark := len(lines)
		for _, e := range entries {
			lines = append(lines, t.entryLines(indent+2, e, nil)...)
		}
		lines[mark] = spaces(indent) + "- " + lines[mark][indent+2:]
	}
	return lines
}

// apart reports whether a blank line stands above an item, or above its comment.
func (t *Text) apart(item *yaml.Node) bool {
	for line := item.Line - 1; line >= 1; line-- {
		end := t.lineEnd(t.starts[line-1])
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
