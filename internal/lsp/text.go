package lsp

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// text is a text with its lines as the protocol counts them: they end with \n, \r\n or \r.
type text struct {
	data   string
	starts []int // where each line begins
	yaml   []int // the same for YAML, once it is asked for
}

func newText(data string) *text {
	t := &text{data: data, starts: []int{0}}
	for i := 0; i < len(data); i++ {
		if c := data[i]; c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// line returns where the n-th line, from 0, begins and ends, without its end.
func (t *text) line(n int) (from, to int) {
	if n < 0 || n >= len(t.starts) {
		return len(t.data), len(t.data)
	}
	from, to = t.starts[n], len(t.data)
	if n+1 < len(t.starts) {
		to = t.starts[n+1]
	}
	return from, from + len(strings.TrimRight(t.data[from:to], "\r\n"))
}

// encoding is the unit in which the characters of a line are counted.
type encoding string

// The encodings of the protocol. The last is that of all editors.
const (
	utf8Units  encoding = "utf-8"
	utf32Units encoding = "utf-32"
	utf16Units encoding = "utf-16"
)

// units returns how many units a character takes, of which size bytes stand in the text.
func (e encoding) units(r rune, size int) int {
	switch {
	case e == utf8Units:
		return size
	case e == utf16Units && r > 0xFFFF:
		return 2
	}
	return 1
}

// offset returns where in the data a position is; past the end of a line, it is that end.
func (t *text) offset(p position, e encoding) int {
	at, end := t.line(p.Line)
	for n := 0; at < end; {
		r, size := utf8.DecodeRuneInString(t.data[at:])
		if n += e.units(r, size); n > p.Character {
			break
		}
		at += size
	}
	return at
}

// position returns the position of an offset.
func (t *text) position(offset int, e encoding) position {
	offset = min(max(offset, 0), len(t.data))
	line := sort.SearchInts(t.starts, offset+1) - 1
	p := position{Line: line}
	for at := t.starts[line]; at < offset; {
		r, size := utf8.DecodeRuneInString(t.data[at:])
		p.Character += e.units(r, size)
		at += size
	}
	return p
}

// span returns the positions of a part of the data.
func (t *text) span(from, to int, e encoding) span {
	return span{t.position(from, e), t.position(to, e)}
}

// replaced returns t with other text in the place of a part.
func (t *text) replaced(r span, by string, e encoding) *text {
	from, to := t.offset(r.Start, e), t.offset(r.End, e)
	return newText(t.data[:from] + by + t.data[max(from, to):])
}

// written returns where in the data a character stands that attache counts as that of a line
// and a column, both from 1.
func (t *text) written(line, column int) int {
	starts := t.yamlStarts()
	if line > len(starts) {
		return len(t.data)
	}
	at := starts[max(line-1, 0)]
	for ; column > 1 && at < len(t.data) && t.data[at] != '\n' && t.data[at] != '\r'; column-- {
		_, size := utf8.DecodeRuneInString(t.data[at:])
		at += size
	}
	return at
}

// yamlStarts returns where each line begins for YAML, which knows more ends of lines than the
// protocol, and for which a byte order mark is no part of the text.
func (t *text) yamlStarts() []int {
	if t.yaml != nil {
		return t.yaml
	}
	t.yaml = append([]int(nil), t.starts...)
	if strings.HasPrefix(t.data, bom) {
		t.yaml[0] = len(bom)
	}
	for _, end := range []string{"\u0085", "\u2028", "\u2029"} {
		for at := 0; ; {
			i := strings.Index(t.data[at:], end)
			if i < 0 {
				break
			}
			at += i + len(end)
			t.yaml = append(t.yaml, at)
		}
	}
	sort.Ints(t.yaml)
	return t.yaml
}

const bom = "\ufeff"

// scalar returns where the value or key that begins at an offset ends on its line.
func (t *text) scalar(from int) int {
	line := t.data[from:]
	if i := strings.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	if line != "" && (line[0] == '"' || line[0] == '\'') {
		if i := strings.IndexByte(line[1:], line[0]); i >= 0 {
			return from + i + 2
		}
	}
	end := len(line)
	for _, stop := range []string{": ", " #", ", ", "}", "]"} {
		if i := strings.Index(line, stop); i > 0 && i < end {
			end = i
		}
	}
	return from + len(strings.TrimRight(strings.TrimSuffix(line[:end], ":"), " \t"))
}
