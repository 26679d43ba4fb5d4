package config

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"attache/internal/prose"
)

// Greatest lengths of text, in characters.
const (
	maxTitle = 300
	maxText  = 10_000
)

// reader turns the nodes of one file into values. What it cannot read it records
// and leaves at its zero value, so that one pass finds every error.
type reader struct {
	src     *fileText
	found   *findings
	cfg     *Config        // as far as it was read: its zone and its calendars are those of what follows
	all     *collected     // the events and sources of all files
	names   map[string]int // the lines of what is to be unique
	partial bool           // what is required may be missing: not all of a map is written here
	trial   bool           // something is tried that nobody wrote
	event   eventState

	audience string // of the events of the file that do not say so themselves

	entry entry // the event at hand: a new one for each would cost more than its text

	spent   int       // nodes read once more through aliases
	nothing yaml.Node // what an alias past the bound stands for
	sizes   map[*yaml.Node]int

	zones map[string]string // the names of zones, by how they are written
}

func newReader(src *fileText, found *findings, cfg *Config, all *collected) *reader {
	return &reader{src: src, found: found, cfg: cfg, all: all, sizes: map[*yaml.Node]int{}, zones: map[string]string{}}
}

// field is a value with the key it stands under; the items of a list stand under
// the key of the list.
type field struct {
	key  string
	in   string // the key at the top of the file that it stands under
	k, v *yaml.Node
}

func (f field) item(v *yaml.Node) field { return field{f.key, f.in, f.k, v} }

// called returns f with another key for messages: for one that its author chose.
func (f field) called(name string) field { return field{name, f.in, f.k, f.v} }

// fieldList is the fields of a map in the order of the file.
type fieldList []field

// get returns the field with a key, the zero field where there is none.
func (l fieldList) get(key string) field {
	for _, f := range l {
		if f.key == key {
			return f
		}
	}
	return field{}
}

func (l fieldList) has(key string) bool { return l.get(key).k != nil }

// count returns how many of the keys there are.
func (l fieldList) count(keys ...string) (n int) {
	for _, key := range keys {
		if l.has(key) {
			n++
		}
	}
	return n
}

func (r *reader) at(n *yaml.Node) place {
	at := place{src: r.src, line: n.Line, column: n.Column, written: n.Value}
	if n.Style&yaml.TaggedStyle != 0 {
		at.written = n.Tag + " " + n.Value
	}
	return at
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.found.fail(r.at(n), format, args...)
}

// failInside records what is wrong at a byte of the text of n. Where the text
// does not stand on its line as it is, because of escapes or folding, n itself
// is the place.
func (r *reader) failInside(n *yaml.Node, offset int, format string, args ...any) {
	r.found.fail(r.inside(n, offset), format, args...)
}

// inside returns the place of a byte of the text of n.
func (r *reader) inside(n *yaml.Node, offset int) place {
	at := r.at(n)
	line := []rune(r.src.line(n.Line))
	first := n.Column - 1
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		first++
	}
	if first < len(line) && offset <= len(n.Value) && strings.HasPrefix(string(line[first:]), n.Value) {
		at.column = first + 1 + utf8.RuneCountInString(n.Value[:offset])
	}
	return at
}

// maxSpent is how many nodes aliases may repeat in one file. People repeat a
// channel or a list; bombs repeat repetitions.
const maxSpent = 100_000

// resolve follows an alias to what it stands for. Past the bound it returns an
// empty value.
func (r *reader) resolve(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.AliasNode {
		return n
	}
	before := r.spent
	r.spent += r.size(n.Alias)
	if r.spent > maxSpent {
		if before <= maxSpent {
			r.fail(n, "aliases repeat more than %d values: write less of the file as *%s", maxSpent, n.Value)
		}
		r.nothing.Kind, r.nothing.Tag, r.nothing.Line, r.nothing.Column = yaml.ScalarNode, "!!null", n.Line, n.Column
		return &r.nothing
	}
	return n.Alias
}

// size counts the nodes below n; an alias counts as one.
func (r *reader) size(n *yaml.Node) int {
	if known, ok := r.sizes[n]; ok {
		return known
	}
	total := 1
	for _, c := range n.Content {
		total += r.size(c)
	}
	if n.Anchor != "" {
		r.sizes[n] = total
	}
	return total
}

// null reports whether n has no value: a key with nothing behind its colon.
func (r *reader) null(n *yaml.Node) bool { return r.resolve(n).Tag == "!!null" }

// fields returns the keys of a map and their values, merged ones (<<) behind those
// that stand in it, and whether f is a map. Keys that begin with x- are the user's own.
func (r *reader) fields(f field) (fieldList, bool) {
	n := r.resolve(f.v)
	switch {
	case n.Tag == "!!null":
		return nil, true
	case n.Kind != yaml.MappingNode:
		r.fail(n, "%s holds keys and values, not %s", f.name(), described(n))
		return nil, false
	case len(n.Content)/2 > maxKeys:
		r.fail(n, "%s has more than %d keys", f.name(), maxKeys)
		return nil, false
	}
	return slices.DeleteFunc(r.ownFields(n, nil, 0), func(f field) bool { return strings.HasPrefix(f.key, "x-") }), true
}

// maxMerges is how many maps may be merged into each other in a row.
const maxMerges = 8

// ownFields adds the fields of n that are not in list already.
func (r *reader) ownFields(n *yaml.Node, list fieldList, depth int) fieldList {
	merged := len(list)
	index := map[string]int{}
	for i, f := range list {
		index[f.key] = i
	}
	var bases []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Tag == "!!merge" {
			bases = append(bases, v)
			continue
		}
		key, ok := r.key(k)
		if !ok {
			continue
		}
		if first, twice := index[key]; !twice {
			index[key] = len(list)
			list = append(list, field{key: key, k: k, v: v})
		} else if first >= merged && depth == 0 {
			r.fail(k, "the key %s stands here twice: first on line %d", quoted(key), list[first].k.Line)
		}
	}
	for _, b := range bases {
		list = r.merge(b, list, depth)
	}
	return list
}

// merge adds the fields of the map, or of each map of the list, behind <<.
func (r *reader) merge(base *yaml.Node, list fieldList, depth int) fieldList {
	n := r.resolve(base)
	switch {
	case depth >= maxMerges:
		r.fail(base, "<< merges more than %d maps into each other", maxMerges)
	case n.Kind == yaml.MappingNode:
		return r.ownFields(n, list, depth+1)
	case n.Kind == yaml.SequenceNode:
		for _, c := range n.Content {
			list = r.merge(c, list, depth+1)
		}
	case n.Tag != "!!null":
		r.fail(base, "<< takes a map, as in <<: *name")
	}
	return list
}

func (r *reader) key(k *yaml.Node) (string, bool) {
	k = r.resolve(k)
	if k.Kind != yaml.ScalarNode || k.Value == "" {
		r.fail(k, "a key is a word, not %s", described(k))
		return "", false
	}
	return k.Value, true
}

// list returns the items of f.
func (r *reader) list(f field) []field {
	n := r.resolve(f.v)
	switch {
	case n.Tag == "!!null":
		return nil
	case n.Kind != yaml.SequenceNode:
		mend, at := "", r.at(n)
		if n.Kind == yaml.ScalarNode {
			mend = ": write [" + clipped(n.Value) + "]"
			if list := "[" + n.Value + "]"; yamlOf(list) != nil {
				at = at.mending(n.Value, list)
			}
		}
		r.found.fail(at, "%s is a list, not %s%s", f.name(), described(n), mend)
		return nil
	}
	items := make([]field, len(n.Content))
	for i, c := range n.Content {
		items[i] = f.item(c)
	}
	return items
}

// scalar returns the node of f if it holds text, a number or a date, all of which
// are text to attache; nil where there is none or it holds something else.
func (r *reader) scalar(f field) *yaml.Node {
	n := r.resolve(f.v)
	switch {
	case n.Kind != yaml.ScalarNode:
		r.fail(n, "%s is text, not %s", f.name(), described(n))
	case n.Tag == "!!null":
		return nil
	case n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str":
		r.fail(n, "tags such as %s mean nothing to attache: leave it out", quoted(n.Tag))
	default:
		return n
	}
	return nil
}

// text returns f as text of at most most characters, without the line ends at its
// end. It may have several lines.
func (r *reader) text(f field, most int) string {
	n := r.scalar(f)
	if n == nil {
		return ""
	}
	s := strings.TrimRight(n.Value, "\r\n")
	switch i := strings.IndexFunc(s, forbidden); {
	case i >= 0:
		c, _ := utf8.DecodeRuneInString(s[i:])
		r.failInside(n, i, "%s has the control character U+%04X in it: remove it", f.name(), c)
	case len(s) > most && utf8.RuneCountInString(s) > most:
		r.fail(n, "%s has %d characters: %d is the most", f.name(), utf8.RuneCountInString(s), most)
	default:
		return r.straight(f, n, s)
	}
	return s
}

// straight returns s, the text of n, without characters that turn text round, and warns of
// them.
func (r *reader) straight(f field, n *yaml.Node, s string) string {
	i := strings.IndexFunc(s, prose.Turns)
	if i < 0 {
		return s
	}
	c, _ := utf8.DecodeRuneInString(s[i:])
	r.found.warn(r.inside(n, i), "%s has the invisible character U+%04X in it, which turns the text behind it round: attache leaves it out", f.name(), c)
	return strings.Map(func(c rune) rune {
		if prose.Turns(c) {
			return -1
		}
		return c
	}, s)
}

func forbidden(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' }

// phrase returns f as one line of text.
func (r *reader) phrase(f field) string {
	n := r.scalar(f)
	if n == nil {
		return ""
	}
	s := strings.TrimSpace(n.Value)
	if i := strings.IndexFunc(s, breaks); i >= 0 {
		r.failInside(n, i, "%s must be one line: replace the line break by a space", f.name())
		return s
	}
	return r.text(f, maxTitle)
}

func breaks(c rune) bool {
	return c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029'
}

// phrases returns the items of f, each one line that is not empty.
func (r *reader) phrases(f field) []string {
	var out []string
	for _, item := range r.list(f) {
		r.swallowed(item)
		s := r.phrase(item)
		if s == "" && r.resolve(item.v).Kind == yaml.ScalarNode {
			r.fail(item.v, "an item of %s is empty", f.key)
			continue
		}
		out = append(out, s)
	}
	return out
}

// truth returns f as true or false, and whether it is. YAML has three ways to write each.
func (r *reader) truth(f field) (is, ok bool) {
	n := r.scalar(f)
	if n == nil {
		return false, false
	}
	switch n.Value {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	r.fail(n, "%s is true or false, not %s", f.key, quoted(n.Value))
	return false, false
}

// word returns f as one of the words of a vocabulary, each of which is a noun. A person
// may write in_force for in force.
func (r *reader) word(f field, words []string, noun string) string {
	n := r.scalar(f)
	if n == nil {
		return ""
	}
	if slices.Contains(words, n.Value) {
		return n.Value
	}
	written := strings.Join(strings.FieldsFunc(n.Value, func(c rune) bool { return c == '_' || c == '-' || c == ' ' }), " ")
	if slices.Contains(words, written) {
		return written
	}
	at := r.at(n).mending(n.Value, nearest(n.Value, words))
	r.found.fail(at.slip(n.Value, words), "%s is no %s%s", quoted(n.Value), noun, orChoose(n.Value, words))
	return ""
}

// name is what messages call the value.
func (f field) name() string {
	if f.key == "" {
		return "the file"
	}
	return f.key
}

// described returns what sort of value n is.
func described(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a map"
	case n.Tag == "!!null" || n.Value == "":
		return "nothing"
	}
	return quoted(n.Value)
}

// clipped is quoted without the quotes, for text that can stand bare.
func clipped(s string) string {
	q := quoted(s)
	return q[1 : len(q)-1]
}
