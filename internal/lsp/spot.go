package lsp

import (
	"slices"
	"strings"
)

// spot is a place in a text that may be half written, as far as it can be told from what
// stands before it.
type spot struct {
	path   []string // the keys that it stands under, without numbers of items
	beside []string // the keys that stand before it in the same map
	key    bool     // a key can be written here
	value  bool     // a value can be
	from   int      // where the value or key begins that is being written
	word   int      // where its last word begins
	id     string   // of the event that it stands in, where that comes before it
}

// in reports whether the spot stands under a key.
func (s spot) in(key string) bool { return slices.Contains(s.path, key) }

// last returns the n-th key from the end of the path, from 1, or "".
func (s spot) last(n int) string {
	if len(s.path) < n {
		return ""
	}
	return s.path[len(s.path)-n]
}

// level is a map or a list that is open at a place.
type level struct {
	column int    // of its keys, or of the dash of its item
	item   bool   // it is an item of a list
	open   byte   // the bracket that begins it; 0 in block style
	key    string // the one whose value comes
	seen   []string
}

// scanner reads YAML up to a place, and knows no more of it than what is open there.
type scanner struct {
	levels []level
	quote  byte // that is open
	block  int  // text that is indented more is that of | or >; -1 for none
	id     string

	key, value bool
	from       int // where the value begins that is read
}

// spotAt returns what is known of an offset of a text.
func spotAt(data string, offset int) (spot, bool) {
	s := scanner{block: -1}
	at := 0
	if strings.HasPrefix(data, bom) {
		at = len(bom)
	}
	data = data[:max(offset, at)]
	for {
		end := strings.IndexByte(data[at:], '\n')
		if end < 0 {
			break
		}
		s.line(data, at, at+len(strings.TrimRight(data[at:at+end], "\r")))
		at += end + 1
	}
	if !s.line(data, at, len(data)) {
		return spot{}, false // within a comment or a text
	}
	out := spot{key: s.key, value: s.value, from: s.from, id: s.id}
	for _, l := range s.levels {
		if l.key != "" {
			out.path = append(out.path, l.key)
		}
	}
	if n := len(s.levels); n > 0 && s.key && s.levels[n-1].key == "" {
		out.beside = s.levels[n-1].seen
	}
	out.word = out.from
	if i := strings.LastIndexAny(data[out.from:], " \t"); i >= 0 {
		out.word = out.from + i + 1
	}
	return out, true
}

// line reads a line of the data, or what is written of one. It reports whether its end is a
// place where something can be written.
func (s *scanner) line(data string, at, end int) bool {
	rest := data[at:end]
	indent := len(rest) - len(strings.TrimLeft(rest, " "))
	if s.block >= 0 {
		if indent > s.block || strings.TrimSpace(rest) == "" && end < len(data) {
			return false
		}
		s.block = -1
	}
	if s.quote != 0 || s.flowing() {
		return s.inline(data, at, end)
	}
	at += indent
	s.key, s.value, s.from = true, false, at
	if at == end {
		s.close(indent, false)
		return true
	}
	if data[at] == '\t' { // which YAML does not take for an indentation
		return false
	}
	for data[at] == '-' && (at+1 == end || data[at+1] == ' ') {
		s.close(indent, true)
		s.levels = append(s.levels, level{column: indent, item: true})
		step := 1 + len(data[at+1:end]) - len(strings.TrimLeft(data[at+1:end], " "))
		at, indent = at+step, indent+step
		s.value, s.from = true, at
		if n := len(s.levels); n > 1 && s.levels[n-2].key == "events" {
			s.id = ""
		}
		if at >= end {
			return true
		}
	}
	if data[at] == '#' {
		return false
	}
	key, behind, ok := cutKey(data[at:end])
	if !ok {
		if !s.value { // no item, which can be one that is not yet a map
			s.close(indent, false)
		}
		return s.inline(data, at, end)
	}
	s.close(indent, false)
	s.enter(indent, key)
	s.key, s.value = false, true
	if key == "id" {
		s.id = strings.Trim(strings.TrimSpace(data[at+behind:end]), `"'`)
	}
	return s.inline(data, at+behind, end)
}

func (s *scanner) flowing() bool {
	return len(s.levels) > 0 && s.levels[len(s.levels)-1].open != 0
}

// close leaves the levels that a key, or the dash of an item, with this indentation ends.
func (s *scanner) close(indent int, dash bool) {
	for n := len(s.levels); n > 0; n-- {
		top := &s.levels[n-1]
		if top.column < indent {
			return
		}
		if top.column == indent && !top.item {
			if !dash { // the next key of the same map
				top.key = ""
			}
			return
		}
		s.levels = s.levels[:n-1]
	}
}

// enter begins the value of a key, in the map that is open at its column or in a new one.
func (s *scanner) enter(column int, key string) {
	if n := len(s.levels); n == 0 || s.levels[n-1].item || s.levels[n-1].column != column {
		s.levels = append(s.levels, level{column: column})
	}
	top := &s.levels[len(s.levels)-1]
	top.key, top.seen = key, append(top.seen, key)
}

// cutKey returns the key that a line begins with, and where what is behind its colon begins.
func cutKey(line string) (key string, behind int, ok bool) {
	if q := line[0]; q == '"' || q == '\'' {
		i := strings.IndexByte(line[1:], q)
		if i < 0 {
			return "", 0, false
		}
		rest := line[i+2:]
		if !strings.HasPrefix(rest, ":") || len(rest) > 1 && rest[1] != ' ' {
			return "", 0, false
		}
		return line[1 : i+1], i + 3, true
	}
	if strings.ContainsRune("{[&*!|>#%@`", rune(line[0])) {
		return "", 0, false
	}
	i := strings.Index(line, ": ")
	if i < 0 && strings.HasSuffix(line, ":") {
		i = len(line) - 1
	}
	if i < 0 || strings.Contains(line[:i], " #") {
		return "", 0, false
	}
	return line[:i], i + 1, true
}

// inline reads what stands behind a key or within brackets.
func (s *scanner) inline(data string, at, end int) bool {
	skip := func() {
		for at < end && (data[at] == ' ' || data[at] == '\t') {
			at++
		}
		s.from = at
	}
	if s.quote == 0 {
		if skip(); at < end && !s.flowing() && strings.IndexByte("|>", data[at]) >= 0 && s.value {
			s.block = s.levels[len(s.levels)-1].column
			return false
		}
	}
	for start := at; at < end; at++ {
		c := data[at]
		switch {
		case s.quote != 0:
			if c == '\\' && s.quote == '"' {
				at++
			} else if c == s.quote {
				s.quote = 0
			}
			continue
		case (c == '"' || c == '\'') && at == s.from:
			s.quote = c
			s.from = at + 1
			continue
		case c == '#' && (at == start || data[at-1] == ' '):
			return false
		}
		if !s.bracket(data, &at, end) {
			continue
		}
		at++
		skip()
		at--
	}
	if s.flowing() {
		top := s.levels[len(s.levels)-1]
		s.key, s.value = top.open == '{' && top.key == "", top.open == '[' || top.key != ""
	}
	return true
}

// bracket follows the marks of flow style, and reports whether a value or key begins behind one.
func (s *scanner) bracket(data string, at *int, end int) bool {
	i := *at
	n := len(s.levels)
	switch c := data[i]; {
	case (c == '{' || c == '[') && i == s.from:
		s.levels = append(s.levels, level{open: c})
		return true
	case !s.flowing():
		return false
	case c == '}' || c == ']':
		s.levels = s.levels[:n-1]
		s.key, s.value = false, false
		return true
	case c == ',':
		s.levels[n-1].key = ""
		return true
	case c == ':' && s.levels[n-1].open == '{' && s.levels[n-1].key == "" && (i+1 == end || data[i+1] == ' ' || data[i-1] == '"' || data[i-1] == '\''):
		key := strings.Trim(strings.TrimSpace(data[s.from:i]), `"'`)
		s.levels[n-1].key, s.levels[n-1].seen = key, append(s.levels[n-1].seen, key)
		if key == "id" {
			s.id = strings.TrimLeft(data[i+1:end], ` "'`)
			if stop := strings.IndexAny(s.id, `,}"' `); stop >= 0 {
				s.id = s.id[:stop]
			}
		}
		return true
	}
	return false
}
