package config

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// Bounds on a file. They are far above what a person writes and below what
// would cost more than a moment and 100 MB.
const (
	maxBytes = 8 << 20
	maxLine  = 64 << 10 // bytes in a line
	maxNodes = 800_000  // values and keys, estimated from the text
	maxFlow  = 50_000   // values in one [list] or {map}, estimated likewise
	maxKeys  = 10_000   // keys in one map
)

// fileText is the text of one file.
type fileText struct {
	name  string
	data  []byte // without a byte order mark
	lines func() lines
}

// lines are the lines of a text.
type lines struct {
	text  []byte
	ends  []uint32 // where each ends, without what ends it, where that is one octet
	split []string // instead, where it is more
}

func (l lines) count() int { return max(len(l.ends), len(l.split)) }

// at returns the n-th line, counted from 1.
func (l lines) at(n int) string {
	if l.split != nil {
		return l.split[n-1]
	}
	start := uint32(0)
	if n > 1 {
		start = l.ends[n-2] + 1
	}
	return string(l.text[start:l.ends[n-1]])
}

// linesOf finds the lines of a text as splitLines does.
func linesOf(text []byte) lines {
	for _, end := range unusualEnds {
		if bytes.Contains(text, []byte(end)) {
			return lines{split: splitLines(string(text))}
		}
	}
	l := lines{text: text, ends: make([]uint32, 0, bytes.Count(text, []byte("\n"))+1)}
	for start := 0; ; {
		i := bytes.IndexByte(text[start:], '\n')
		if i < 0 {
			if start < len(text) || start == 0 {
				l.ends = append(l.ends, uint32(len(text)))
			}
			return l
		}
		l.ends = append(l.ends, uint32(start+i))
		start += i + 1
	}
}

// newFileText takes the text of a file under the name that errors give it.
func newFileText(name string, data []byte) *fileText {
	s := &fileText{name: name, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	s.lines = sync.OnceValue(func() lines { return linesOf(s.data) })
	return s
}

// line returns the n-th line, counted from 1, or "" if there is none.
func (s *fileText) line(n int) string {
	if n < 1 || len(s.data) > maxBytes || n > s.lines().count() {
		return ""
	}
	return s.lines().at(n)
}

// splitLines cuts text where YAML sees the end of a line: the library counts the
// separators of Unicode too.
func splitLines(text string) []string {
	text = lineEnds.Replace(text)
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// unusualEnds are the ends of lines that few files have.
var unusualEnds = []string{"\r", "\u0085", "\u2028", "\u2029"}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// at returns the place of the byte at offset.
func (s *fileText) at(offset int) place {
	lines := splitLines(string(s.data[:offset]) + "|")
	last := strings.TrimSuffix(lines[len(lines)-1], "|")
	return place{src: s, line: len(lines), column: utf8.RuneCountInString(last) + 1}
}

// whole is the file as a whole.
func (s *fileText) whole() place { return place{src: s} }

// check refuses what is no text, and text too large to be decoded cheaply.
func (s *fileText) check() *Error {
	if len(s.data) > maxBytes {
		return s.whole().error("the file is larger than %d MiB: split it", maxBytes>>20)
	}
	if bytes.HasPrefix(s.data, []byte("\xff\xfe")) || bytes.HasPrefix(s.data, []byte("\xfe\xff")) {
		return s.at(0).error("the file is UTF-16: save it as UTF-8")
	}
	if err := s.checkCharacters(); err != nil {
		return err
	}
	return s.checkSize()
}

// checkCharacters finds the first character that YAML does not allow. The
// library refuses it too, without saying where it is.
func (s *fileText) checkCharacters() *Error {
	for i := 0; i < len(s.data); {
		c := s.data[i]
		if c >= ' ' && c <= '~' || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(s.data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return s.at(i).error("byte 0x%02x is not UTF-8: save the file as UTF-8 text", c)
		case r == 0:
			return s.at(i).error("there is a zero byte here: this is not a text file")
		case r < ' ' || r == 0xFFFE || r == 0xFFFF:
			return s.at(i).error("the control character U+%04X cannot stand here: remove it", r)
		}
		i += size
	}
	return nil
}

// checkSize estimates from the text how many values it has, before they cost
// anything: a map of 8 MiB would take a gigabyte.
func (s *fileText) checkSize() *Error {
	var e estimate
	for start := 0; start < len(s.data); {
		line := s.data[start:]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
		}
		e.add(line)
		if problem := e.oversized(len(line)); problem != "" {
			return s.at(start).error("%s", problem)
		}
		start += len(line) + 1
	}
	return nil
}

// estimate counts values as the lines of a file suggest them.
type estimate struct {
	nodes int     // in all
	flow  int     // since a [list] or {map} can have begun
	keys  int     // in the fullest map so far
	depth [64]int // keys of the map at each indentation; deeper ones are not watched
}

func (e *estimate) add(line []byte) {
	marks := bytes.Count(line, []byte(",")) + bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{"))
	e.nodes += 2 + marks
	text := bytes.TrimLeft(line, " ")
	indent := len(line) - len(text)
	item := bytes.HasPrefix(text, []byte("- "))
	if item {
		e.flow = 0 // an item in block style never stands inside a flow
	}
	e.flow += marks
	if indent >= len(e.depth) || len(text) == 0 || text[0] == '#' {
		return
	}
	clear(e.depth[indent+1:]) // maps further in are over
	if item {
		e.depth[indent] = 0
	} else if bytes.IndexByte(text, ':') > 0 {
		e.depth[indent]++
		e.keys = max(e.keys, e.depth[indent])
	}
}

func (e *estimate) oversized(line int) string {
	switch {
	case line > maxLine:
		return fmt.Sprintf("the line is longer than %d KiB", maxLine>>10)
	case e.nodes > maxNodes:
		return "the file has too many values: split it into several"
	case e.flow > maxFlow:
		return "too many values stand in one list or map: split it"
	case e.keys > maxKeys:
		return fmt.Sprintf("one map has more than %d keys: split it", maxKeys)
	}
	return ""
}
