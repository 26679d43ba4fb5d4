package feed

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/source/ical"
)

// Check returns every rule of RFC 5545, RFC 7986 and of this package that data
// breaks, in the order of its lines; none for whatever Render writes. It is
// strict where readers differ: what one of the common calendars misreads is a
// finding even if the RFC allows it. It takes any bytes.
func Check(data []byte) []ical.Finding {
	l := &linter{}
	l.octets(data)
	root := l.tree(l.unfold(data))
	l.calendars(root)
	l.sizes(data, root)
	l.found.Sort()
	return l.found
}

// linter collects findings.
type linter struct{ found ical.Findings }

// octets checks the lines as they stand in the file, RFC 5545 §3.1.
func (l *linter) octets(data []byte) {
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		l.found.Add(1, "it begins with a byte order mark")
	}
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		l.found.Add(0, "it does not end in CRLF")
	}
	for i, raw := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		l.octetsOf(i+1, raw)
	}
}

func (l *linter) octetsOf(no int, raw []byte) {
	text, ended := bytes.CutSuffix(raw, []byte("\r"))
	if !ended {
		l.found.Add(no, "it does not end in CRLF")
	}
	switch {
	case len(text) == 0:
		l.found.Add(no, "it is blank")
	case len(text) > maxLine:
		l.found.Add(no, "it has %d octets: %d is the most", len(text), maxLine)
	}
	if !utf8.Valid(text) {
		l.found.Add(no, "it is not UTF-8, or folded within a character")
	}
	for _, r := range string(text) {
		if unicode.IsControl(r) && r != '\t' {
			l.found.Add(no, "it has the control character %U", r)
			return
		}
	}
}

// contentLine is an unfolded line, taken apart.
type contentLine struct {
	no     int // of its first line in the file
	name   string
	params map[string]string // without quotes
	value  string
}

// unfold returns the content lines of data.
func (l *linter) unfold(data []byte) []contentLine {
	var out []contentLine
	var text []byte
	first := 0
	flush := func() {
		if len(text) > 0 {
			out = append(out, l.split(first, string(text)))
		}
	}
	for i, raw := range bytes.Split(data, []byte("\n")) {
		raw = bytes.TrimSuffix(raw, []byte("\r"))
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && first > 0 {
			if slashes(text)%2 == 1 {
				l.found.Add(i, "it is folded within an escape")
			}
			text = append(text, raw[1:]...)
			continue
		}
		flush()
		first, text = i+1, bytes.Clone(raw)
	}
	flush()
	return out
}

// slashes counts the backslashes at the end of b.
func slashes(b []byte) int {
	return len(b) - len(bytes.TrimRight(b, `\`))
}

// split takes a content line apart. A line that is none has an empty name.
func (l *linter) split(no int, s string) contentLine {
	c := contentLine{no: no, params: map[string]string{}}
	n := nameLength(s)
	name, rest := strings.ToUpper(s[:n]), s[n:]
	for strings.HasPrefix(rest, ";") {
		param, value, more, ok := cutParam(rest[1:])
		if !ok {
			l.found.Add(no, "%s has a parameter that cannot be read", name)
			return c
		}
		if _, twice := c.params[param]; twice {
			l.found.Add(no, "%s has the parameter %s twice", name, param)
		}
		if strings.ContainsAny(value, "^\\") {
			l.found.Add(no, "the parameter %s of %s has a character that readers disagree about", param, name)
		}
		c.params[param], rest = value, more
	}
	if n == 0 || !strings.HasPrefix(rest, ":") {
		l.found.Add(no, "it is not a content line: a name, a colon and a value")
		return c
	}
	c.name, c.value = name, rest[1:]
	return c
}

// nameLength returns how much of the start of s is a name.
func nameLength(s string) int { return len(s) - len(strings.TrimLeft(s, alphanumeric+"-")) }

// cutParam cuts NAME=value off s. Of a list it accepts plain values only.
func cutParam(s string) (name, value, rest string, ok bool) {
	n := nameLength(s)
	if n == 0 || n == len(s) || s[n] != '=' {
		return "", "", "", false
	}
	name, s = strings.ToUpper(s[:n]), s[n+1:]
	if strings.HasPrefix(s, `"`) {
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			return "", "", "", false
		}
		value, rest = s[1:end+1], s[end+2:]
	} else {
		end := strings.IndexAny(s, `;:"`)
		if end < 0 {
			return "", "", "", false
		}
		value, rest = s[:end], s[end:]
	}
	return name, value, rest, strings.HasPrefix(rest, ";") || strings.HasPrefix(rest, ":")
}

// component is a component of a calendar with what is in it.
type component struct {
	name     string
	no       int // line of its BEGIN
	props    []contentLine
	children []*component
}

// tree nests the components. What stands outside of every component, and what
// follows a component it belongs before, is a finding.
func (l *linter) tree(lines []contentLine) *component {
	root := &component{}
	open := []*component{root}
	for _, c := range lines {
		top := open[len(open)-1]
		switch {
		case c.name == "":
		case c.name == "BEGIN":
			child := &component{name: strings.ToUpper(c.value), no: c.no}
			top.children = append(top.children, child)
			open = append(open, child)
		case c.name == "END":
			if len(open) == 1 || top.name != strings.ToUpper(c.value) {
				l.found.Add(c.no, "END:%s ends nothing", c.value)
				continue
			}
			open = open[:len(open)-1]
		case top == root:
			l.found.Add(c.no, "%s stands outside of a component", c.name)
		default:
			if len(top.children) > 0 {
				l.found.Add(c.no, "%s stands after a component", c.name)
			}
			top.props = append(top.props, c)
		}
	}
	for _, c := range open[1:] {
		l.found.Add(c.no, "BEGIN:%s has no end", c.name)
	}
	return root
}

// one returns the property of c with a name, and false where it has none or,
// which is a finding, several.
func (l *linter) one(c *component, name string) (contentLine, bool) {
	var got contentLine
	n := 0
	for _, p := range c.props {
		if p.name == name {
			if n++; n == 1 {
				got = p
			}
		}
	}
	if n > 1 {
		l.found.Add(c.no, "%s has %s %d times", c.name, name, n)
	}
	return got, n > 0
}

// need is one for a property that has to be there.
func (l *linter) need(c *component, name string) (contentLine, bool) {
	p, ok := l.one(c, name)
	if !ok {
		l.found.Add(c.no, "%s has no %s", c.name, name)
	}
	return p, ok
}
