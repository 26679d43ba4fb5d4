// Package splice changes a YAML text in the bytes that it must, and in no other: comments,
// blank lines, quotes, the ends of lines and the order of keys stay as their author has them.
//
//	text, err := splice.Parse(data)
//	visit, ok := text.Item("id", "beijing-visit", "events")
//	err = text.Set(visit, "status", "held", "certainty", "title")
//	data, err = text.Bytes()
//
// A YAML library knows where a value begins, and not where it ends; here that is found by how
// the value is written. All changes are proved together: the new text is read again, and has to
// hold what the old one did with those changes. What can't be proved is refused with [ErrUnsafe],
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

// Text is a YAML text of one document with what is to be changed in it. A change is asked for
// what the text said when it was parsed, so that none may touch what another one does.
type Text struct {
	data    []byte // without a byte order mark
	mark    []byte // the byte order mark, if there is one
	starts  []int  // where each line begins
	newline string // how its lines end
	root    *yaml.Node

	want  *tree                // what it shall hold
	trees map[*yaml.Node]*tree // of want, by where they were read
	edits []edit
}

// Map is a mapping in a Text.
type Map struct{ n *yaml.Node }

// Has reports whether the mapping has a key.
func (m Map) Has(key string) bool { return value(m.n, key) != nil }

// Parse reads a text. The error is that of YAML, or of a text with more than one document.
func Parse(data []byte) (*Text, error) {
	t := &Text{data: data, newline: "\n"}
	if bytes.Contains(data, []byte("\r\n")) {
		t.newline = "\r\n"
	}
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
	t.want = model(t.root)
	t.trees = map[*yaml.Node]*tree{}
	t.want.each(func(of *tree) { t.trees[of.from] = of })
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

// Items returns the mappings of the list that the text is.
func (t *Text) Items() []Map { return maps(t.root) }

// Items returns the mappings of the list that stands under a key of m.
func (m Map) Items(key string) []Map { return maps(value(m.n, key)) }

func maps(list *yaml.Node) (out []Map) {
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

// Inline reports whether a value that is put under a key of m, or at the end of the list there,
// stands within [] or {}, so that no comment can stand behind it.
func (m Map) Inline(key string, item bool) bool {
	v := value(m.n, key)
	return isFlow(m.n) || item && v != nil && v.Kind == yaml.SequenceNode && isFlow(v)
}

// Entries returns what m has, each value as YAML for one line, and false where some of it stands in
// other places too.
func (m Map) Entries() (out []Entry, ok bool) {
	if m.n == nil {
		return nil, true
	}
	ok = !shared(m.n)
	for i := 0; i+1 < len(m.n.Content); i += 2 {
		key, plain := line(m.n.Content[i])
		text, one := line(m.n.Content[i+1])
		out, ok = append(out, Entry{Key: key, Value: text}), ok && plain && one
	}
	return out, ok
}

// Line returns what stands under a key of m as YAML for one line, "" where nothing does, and
// false for what stands in other places too.
func (m Map) Line(key string) (string, bool) {
	v := value(m.n, key)
	if v == nil {
		return "", true
	}
	return line(v)
}

func line(n *yaml.Node) (string, bool) {
	if shared(n) {
		return "", false
	}
	if n.Kind == yaml.ScalarNode {
		if n.Style&^yaml.TaggedStyle == 0 && !strings.ContainsAny(n.Value, ",[]{}#\n") { // numbers, too, stay what they are
			return n.Value, true
		}
		return Quote(n.Value), true
	}
	var parts []string
	for i, child := range n.Content {
		text, ok := line(child)
		if !ok {
			return "", false
		}
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			parts[len(parts)-1] += ": " + text
			continue
		}
		if n.Kind == yaml.MappingNode && slices.Contains(truths, child.Value) { // on: is a key as people write it
			text = child.Value
		}
		parts = append(parts, text)
	}
	if n.Kind == yaml.MappingNode {
		return "{" + strings.Join(parts, ", ") + "}", true
	}
	return "[" + strings.Join(parts, ", ") + "]", true
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
	if m == nil {
		return nil
	}
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

// Set puts value, which is YAML for one line, under a key of m. A key that is not there yet is
// put behind the last of the keys named after, or behind all.
func (t *Text) Set(m Map, key, value string, after ...string) error {
	if err := t.trees[m.n].set(key, value); err != nil {
		return err
	}
	if i := index(m.n, key); i >= 0 {
		return t.asked(t.replace(m.n, i, value))
	}
	return t.asked(t.insert(m.n, key, value, after))
}

// Append puts item, which is YAML for one line, at the end of the list under a key of m. A
// single value becomes a list of both; a key that is not there is put as by Set.
func (t *Text) Append(m Map, key, item string, after ...string) error {
	if err := t.trees[m.n].push(key, item); err != nil {
		return err
	}
	if i := index(m.n, key); i >= 0 {
		return t.asked(t.extend(m.n, i, item))
	}
	return t.asked(t.insertList(m.n, key, item, after))
}

// Remove takes a key and its value out of m, and the comment behind it. Where there is no such
// key, nothing is done.
func (t *Text) Remove(m Map, key string) error {
	i := index(m.n, key)
	if i < 0 {
		return nil
	}
	t.trees[m.n].remove(key)
	return t.asked(t.without(m.n, i))
}

// Entry is a key with its value, YAML for one line, and the comment behind it, where there is
// room for one.
type Entry struct{ Key, Value, Note string }

// AppendItems puts mappings at the end of the list that stands at path.
func (t *Text) AppendItems(items [][]Entry, path ...string) error {
	list := t.at(path)
	if list == nil || list.Kind != yaml.SequenceNode && list.ShortTag() != "!!null" {
		return ErrUnsafe
	}
	for _, entries := range items {
		if err := t.trees[list].pushMap(entries); err != nil {
			return err
		}
	}
	in := t.at(path[:len(path)-1])
	if empty := len(list.Content) == 0; empty && !isFlow(in) {
		return t.asked(t.firstItems(in, index(in, path[len(path)-1]), items))
	}
	return t.asked(t.items(list, items))
}

// edit puts text in the place of the bytes from one offset to another.
type edit struct {
	from, to int
	text     string
}

// asked keeps the edits that make a change.
func (t *Text) asked(edits []edit, err error) error {
	t.edits = append(t.edits, edits...)
	return err
}

// Bytes returns the text with all changes, if it holds what they ask for and nothing else.
func (t *Text) Bytes() ([]byte, error) {
	slices.SortStableFunc(t.edits, func(a, b edit) int { return a.from - b.from })
	var data []byte
	at := 0
	for _, e := range t.edits {
		if e.from < at {
			return nil, ErrUnsafe
		}
		data = append(append(data, t.data[at:e.from]...), e.text...)
		at = e.to
	}
	data = append(data, t.data[at:]...)
	got, err := Parse(data)
	if err != nil || !got.want.equal(t.want) {
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

// lineEnd returns where the line of an offset ends.
func (t *Text) lineEnd(at int) int {
	if i := bytes.IndexAny(t.data[at:], "\r\n"); i >= 0 {
		return at + i
	}
	return len(t.data)
}

// behind returns the edit that puts lines behind the line of an offset.
func (t *Text) behind(at int, lines ...string) edit {
	end := t.lineEnd(at)
	return edit{end, end, t.newline + strings.Join(lines, t.newline)}
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }
