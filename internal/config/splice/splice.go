// Package splice changes a YAML text in the bytes that it must, and in no other: comments,
// blank lines, quotes, the ends of lines and the order of keys stay as their author has them.
//
//	text, err := splice.Parse(data)
//	visit, ok := text.Item("id", "beijing-visit", "events")
//	data, err = text.Set(visit, "status", "held", "certainty", "title")
//
// A YAML library knows where a value begins, and not where it ends; here that is found by how
// the value is written. Every change is proved: the new text is read again, and has to hold
// what the old one did with that one change. What can't be proved is refused with [ErrUnsafe],
// and so is what an anchor, an alias or a merge key would carry to other places.
package splice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// ErrUnsafe says that a change can't be made without changing more than was asked.
var ErrUnsafe = errors.New("it can't be changed safely here")

// Text is a YAML text of one document.
type Text struct {
	data   []byte // without a byte order mark
	mark   []byte // the byte order mark, if there is one
	starts []int  // where each line begins
	root   *yaml.Node
}

// Map is a mapping in a Text.
type Map struct{ n *yaml.Node }

// Has reports whether the mapping has a key.
func (m Map) Has(key string) bool { return value(m.n, key) != nil }

// Parse reads a text. The error is that of YAML, or of a text with more than one document.
func Parse(data []byte) (*Text, error) {
	t := &Text{data: data}
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		t.mark, t.data = data[:3:3], rest
	}
	t.starts = append(t.starts, 0)
	for i := 0; i < len(t.data); i++ {
		if c := t.data[i]; c == '\n' || c == '\r' && (i+1 == len(t.data) || t.data[i+1] != '\n') {
			t.starts = append(t.starts, i+1)
		}
	}
	l, err := yaml.NewLoader(bytes.NewReader(t.data))
	if err != nil {
		return nil, err
	}
	var doc, more yaml.Node
	if err := l.Load(&doc); err != nil {
		return nil, err
	}
	if err := l.Load(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: there is more than one document", ErrUnsafe)
	}
	t.root = doc.Content[0]
	return t, nil
}

// Item returns the mapping with a value under a key, in the list that stands at path.
func (t *Text) Item(key, value string, path ...string) (Map, bool) {
	list := t.at(path)
	if list == nil || list.Kind != yaml.SequenceNode {
		return Map{}, false
	}
	for _, item := range list.Content {
		if v := valueOf(item, key); v != nil && v.Value == value {
			return Map{item}, true
		}
	}
	return Map{}, false
}

// Map returns the mapping that stands at path.
func (t *Text) Map(path ...string) (Map, bool) {
	n := t.at(path)
	return Map{n}, n != nil && n.Kind == yaml.MappingNode
}

// Items returns the mappings of the list that stands under a key of m.
func (m Map) Items(key string) (out []Map) {
	list := value(m.n, key)
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, item := range list.Content {
		if item.Kind == yaml.MappingNode {
			out = append(out, Map{item})
		}
	}
	return out
}

// Value returns the text of the scalar under a key of m, "" where there is none.
func (m Map) Value(key string) string {
	if v := value(m.n, key); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

func (t *Text) at(path []string) *yaml.Node {
	n := t.root
	for _, key := range path {
		if n = valueOf(n, key); n == nil {
			return nil
		}
	}
	return n
}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	return value(n, key)
}

func value(m *yaml.Node, key string) *yaml.Node {
	if i := index(m, key); i >= 0 {
		return m.Content[i+1]
	}
	return nil
}

// index returns where in the content of a mapping a key stands, -1 where it does not.
func index(m *yaml.Node, key string) int {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if k := m.Content[i]; k.Kind == yaml.ScalarNode && k.Value == key {
			return i
		}
	}
	return -1
}

// Set returns the text with value, which is YAML for one line, under a key of m. A key that
// is not there yet is put behind the last of the keys named after, or behind all.
func (t *Text) Set(m Map, key, value string, after ...string) ([]byte, error) {
	want, err := model(t.root).at(m.n).set(key, value)
	if err != nil {
		return nil, err
	}
	var edits []edit
	if i := index(m.n, key); i >= 0 {
		edits, err = t.replace(m.n, i, value)
	} else {
		edits, err = t.insert(m.n, key, value, after)
	}
	return t.proved(edits, err, want)
}

// Append returns the text with item, which is YAML for one line, at the end of the list under
// a key of m. A single value becomes a list of both; a key that is not there is put as by Set.
func (t *Text) Append(m Map, key, item string, after ...string) ([]byte, error) {
	want, err := model(t.root).at(m.n).push(key, item)
	if err != nil {
		return nil, err
	}
	var edits []edit
	if i := index(m.n, key); i >= 0 {
		edits, err = t.extend(m.n, i, item)
	} else {
		edits, err = t.insertList(m.n, key, item, after)
	}
	return t.proved(edits, err, want)
}

// Entry is a key with its value, YAML for one line.
type Entry struct{ Key, Value string }

// AppendItem returns the text with a mapping at the end of the list that stands at path.
func (t *Text) AppendItem(entries []Entry, path ...string) ([]byte, error) {
	list := t.at(path)
	if list == nil || list.Kind != yaml.SequenceNode && list.ShortTag() != "!!null" {
		return nil, ErrUnsafe
	}
	want, err := model(t.root).at(list).pushMap(entries)
	if err != nil {
		return nil, err
	}
	var edits []edit
	if list.Kind == yaml.SequenceNode {
		edits, err = t.item(list, entries)
	} else {
		in := t.at(path[:len(path)-1])
		edits, err = t.firstItem(in, index(in, path[len(path)-1]), entries)
	}
	return t.proved(edits, err, want)
}

// edit puts text in the place of the bytes from one offset to another.
type edit struct {
	from, to int
	text     string
}

// proved makes the edits, and returns the new text if it holds what is wanted.
func (t *Text) proved(edits []edit, err error, want *tree) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return b.from - a.from })
	data := slices.Clone(t.data)
	for _, e := range edits {
		data = slices.Replace(data, e.from, e.to, []byte(e.text)...)
	}
	got, err := Parse(data)
	if err != nil || !model(got.root).equal(want.top) {
		return nil, ErrUnsafe
	}
	return append(slices.Clone(t.mark), data...), nil
}

// offset returns where in the data a node begins.
func (t *Text) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(t.starts) {
		return len(t.data)
	}
	at := t.starts[n.Line-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return at
}

// lineEnd returns where the line of an offset ends, and how.
func (t *Text) lineEnd(at int) (end int, newline string) {
	newline = "\n"
	if bytes.Contains(t.data, []byte("\r\n")) {
		newline = "\r\n"
	}
	if i := bytes.IndexAny(t.data[at:], "\r\n"); i >= 0 {
		return at + i, newline
	}
	return len(t.data), newline
}

// behind returns the edit that puts lines behind the line of an offset.
func (t *Text) behind(at int, lines ...string) edit {
	end, newline := t.lineEnd(at)
	text := ""
	for _, line := range lines {
		text += newline + line
	}
	return edit{end, end, text}
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }
