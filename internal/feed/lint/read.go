package lint

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is how many octets a line may have without its line break, RFC 5545 §3.1.
const maxLine = 75

// property is a content line, taken apart.
type property struct {
	no     int // of its first line in the file
	name   string
	params map[string]string // without quotes
	value  string
}

// is reports whether p has a VALUE of this type.
func (p property) is(valueType string) bool { return p.params["VALUE"] == valueType }

// lines returns the content lines of data, unfolded.
func (l *linter) lines(data []byte) []property {
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		l.found.Add(1, "it begins with a byte order mark")
	}
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		l.found.Add(0, "it does not end in CRLF")
	}
	var out []property
	var text []byte
	first := 0
	flush := func() {
		if len(text) == 0 {
			return
		}
		if p, ok := l.property(first, string(text)); ok {
			out = append(out, p)
		}
	}
	for i, raw := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		raw = l.octets(i+1, raw)
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && first > 0 {
			if slashes := len(text) - len(bytes.TrimRight(text, `\`)); slashes%2 == 1 {
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

// octets checks a line as it stands in the file, RFC 5545 §3.1, and returns it without its
// line break.
func (l *linter) octets(no int, raw []byte) []byte {
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
			break
		}
	}
	return text
}

// A content line begins with a name, and each parameter of it is followed by another or by
// the value. Of a list of values of a parameter only plain ones are accepted.
var (
	nameText  = regexp.MustCompile(`^[A-Za-z0-9-]*`)
	paramText = regexp.MustCompile(`^;([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)[;:]`)
)

// property takes a content line apart. It is false where that can't be done.
func (l *linter) property(no int, s string) (p property, ok bool) {
	name := nameText.FindString(s)
	p = property{no: no, name: strings.ToUpper(name), params: map[string]string{}}
	rest := s[len(name):]
	for strings.HasPrefix(rest, ";") {
		m := paramText.FindStringSubmatch(rest)
		if m == nil {
			l.found.Add(no, "%s has a parameter that cannot be read", p.name)
			return p, false
		}
		param, value := strings.ToUpper(m[1]), strings.Trim(m[2], `"`)
		if _, twice := p.params[param]; twice {
			l.found.Add(no, "%s has the parameter %s twice", p.name, param)
		}
		if strings.ContainsAny(value, "^\\") {
			l.found.Add(no, "the parameter %s of %s has a character that readers disagree about", param, p.name)
		}
		p.params[param], rest = value, rest[len(m[0])-1:]
	}
	p.value, ok = strings.CutPrefix(rest, ":")
	if ok = ok && name != ""; !ok {
		l.found.Add(no, "it is not a content line: a name, a colon and a value")
	}
	return p, ok
}

// component is a component of a calendar with what is in it.
type component struct {
	name     string
	no       int // line of its BEGIN
	props    []property
	children []*component
}

// get returns the first property of c with a name, and false where it has none.
func (c *component) get(name string) (property, bool) {
	for _, p := range c.props {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// count returns how many properties of c have a name.
func (c *component) count(name string) (n int) {
	for _, p := range c.props {
		if p.name == name {
			n++
		}
	}
	return n
}

// tree nests the components. What stands outside of every component, and what
// follows a component it belongs before, is a finding.
func (l *linter) tree(lines []property) *component {
	root := &component{}
	open := []*component{root}
	for _, p := range lines {
		top := open[len(open)-1]
		switch {
		case p.name == "BEGIN":
			child := &component{name: strings.ToUpper(p.value), no: p.no}
			top.children = append(top.children, child)
			open = append(open, child)
		case p.name == "END" && (len(open) == 1 || top.name != strings.ToUpper(p.value)):
			l.found.Add(p.no, "END:%s ends nothing", p.value)
		case p.name == "END":
			open = open[:len(open)-1]
		case top == root:
			l.found.Add(p.no, "%s stands outside of a component", p.name)
		default:
			if len(top.children) > 0 {
				l.found.Add(p.no, "%s stands after a component", p.name)
			}
			top.props = append(top.props, p)
		}
	}
	for _, c := range open[1:] {
		l.found.Add(c.no, "BEGIN:%s has no end", c.name)
	}
	return root
}
