package splice

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v4"
)

// end returns where a value ends: behind its last byte. from is where the token before it
// ended, which is the place of a value that is left out; indent is how far the collection
// that it stands in is indented.
func (t *Text) end(n *yaml.Node, from, indent int) (int, error) {
	if n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0 && n.Anchor == "" {
		return from, nil
	}
	at := t.behindProperties(t.offset(n))
	switch n.Kind {
	case yaml.AliasNode:
		return at + 1 + len(n.Value), nil
	case yaml.ScalarNode:
		return t.scalarEnd(n, at, indent)
	case yaml.SequenceNode, yaml.MappingNode:
		return t.collectionEnd(n, at)
	}
	return 0, ErrUnsafe
}

// behindProperties returns where a value begins behind its anchor and its tag.
func (t *Text) behindProperties(at int) int {
	for at < len(t.data) && (t.data[at] == '&' || t.data[at] == '!') {
		for at < len(t.data) && !space(t.data[at]) {
			at++
		}
		for at < len(t.data) && space(t.data[at]) {
			at++
		}
	}
	return at
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (t *Text) scalarEnd(n *yaml.Node, at, indent int) (int, error) {
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(at, indent), nil
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := at + 1; i < len(t.data); i++ {
			switch {
			case t.data[i] != '\'':
			case i+1 < len(t.data) && t.data[i+1] == '\'':
				i++
			default:
				return i + 1, nil
			}
		}
		return 0, ErrUnsafe
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := at + 1; i < len(t.data); i++ {
			switch t.data[i] {
			case '\\':
				i++
			case '"':
				return i + 1, nil
			}
		}
		return 0, ErrUnsafe
	}
	return t.plainEnd(n.Value, at)
}

// plainEnd follows the characters of a plain scalar, whose lines may be folded.
func (t *Text) plainEnd(text string, at int) (int, error) {
	for i := range len(text) {
		if space(text[i]) {
			continue
		}
		for at < len(t.data) && space(t.data[at]) {
			at++
		}
		if at >= len(t.data) || t.data[at] != text[i] {
			return 0, ErrUnsafe
		}
		at++
	}
	return at, nil
}

// blockEnd returns where a literal or folded scalar ends: its lines are blank, or indented
// further than what it stands in. Blank lines at its end are not part of it.
func (t *Text) blockEnd(at, indent int) int {
	end := t.lineEnd(at)
	next, _ := slices.BinarySearch(t.starts, end+1)
	for _, start := range t.starts[next:] {
		stop := t.lineEnd(start)
		line := t.data[start:stop]
		text := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if len(line)-len(text) <= indent {
			break
		}
		end = stop
	}
	return end
}

// collectionEnd returns where a list or a mapping ends.
func (t *Text) collectionEnd(n *yaml.Node, at int) (end int, err error) {
	flow := n.Style&yaml.FlowStyle != 0
	open := flow && at < len(t.data) && (t.data[at] == '[' || t.data[at] == '{')
	end = at
	if open {
		end++
	}
	indent := n.Column - 1
	for i, child := range n.Content {
		if end, err = t.end(child, end, indent); err != nil {
			return 0, err
		}
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			end = t.behindColon(end)
		}
	}
	if !open {
		return end, nil
	}
	end = t.behindBlank(end)
	if end >= len(t.data) || t.data[end] != ']' && t.data[end] != '}' {
		return 0, ErrUnsafe
	}
	return end + 1, nil
}

// behindColon returns where the colon behind a key ends, or at where there is none.
func (t *Text) behindColon(at int) int {
	for i := at; i < len(t.data) && (space(t.data[i]) || t.data[i] == ':'); i++ {
		if t.data[i] == ':' {
			return i + 1
		}
	}
	return at
}

// behindBlank returns what follows behind blanks, commas and comments within [] or {}.
func (t *Text) behindBlank(at int) int {
	for at < len(t.data) {
		switch c := t.data[at]; {
		case space(c) || c == ',':
			at++
		case c == '#':
			at = t.lineEnd(at)
		default:
			return at
		}
	}
	return at
}
