package ical

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	goical "github.com/emersion/go-ical"

	"attache/internal/prose"
)

// block is a component of a calendar in its lines, unfolded.
type block struct {
	name     string
	line     int // of its BEGIN, from 1
	calendar int // which VCALENDAR of the text it stands in, from 0
	lines    []string
	lost     []string // the names of those of its lines that can't be read
}

// blocks takes a text apart into the components right within its VCALENDARs. ok is false
// where there is none.
func (p *parser) blocks(data []byte) (out []block, ok bool) {
	var n nesting
	var b block
	other := unfoldLines(data, func(no int, l string) {
		name, value := cutProperty(l)
		switch name {
		case "BEGIN":
			value = component(value)
			p.breaks(no, n.begin(value))
			p.account.component(no, n.open)
			if len(n.open) == 1 && value == goical.CompCalendar {
				ok = true
				p.methods = append(p.methods, "")
			}
			if n.at(goical.CompCalendar, 2) {
				b = block{name: value, line: no, calendar: len(p.methods) - 1}
				return
			}
		case "END":
			if err := n.end(component(value)); err != nil {
				p.breaks(no, err)
				return
			}
			if n.at(goical.CompCalendar, 1) && b.name != "" {
				out = append(out, b)
				b = block{}
				return
			}
		default:
			p.property(no, l, n.open)
		}
		if b.name != "" && len(n.open) >= 2 && len(n.open) <= maxDepth {
			p.keep(&b, no, l, len(n.open))
		}
	})
	other.tell(&p.found)
	p.breaks(0, n.close())
	return out, ok
}

// taken reports whether components of a name become events.
func taken(name string) bool { return name == goical.CompEvent || name == goical.CompToDo }

// component returns the name of a component as RFC 5545 writes it.
func component(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// property takes what a line says of the calendar as a whole; open are the components that
// it stands in.
func (p *parser) property(no int, l string, open []string) {
	name, value := cutProperty(l)
	p.account.property(no, open, l)
	switch {
	case len(open) == 0:
		p.outside(no, l)
	case len(open) == 1 && name == goical.PropCalendarScale && component(value) != "GREGORIAN":
		p.found.Add(no, "its CALSCALE is %s: its dates are read as Gregorian ones", value)
	case len(open) == 1 && (name == "X-WR-CALNAME" || name == "NAME"):
		if p.title == "" {
			p.title = prose.Clip(prose.CleanLine(unescape(value)), maxTitle)
		}
	case len(open) == 1 && name == "X-WR-TIMEZONE":
		p.zoneHint = prose.Clip(prose.CleanLine(value), maxQuoted)
	case len(open) == 1 && name == goical.PropProductID:
		p.product = cmp.Or(p.product, prose.Clip(prose.CleanLine(value), maxTitle))
	case len(open) == 1 && name == goical.PropMethod && len(p.methods) > 0:
		p.methods[len(p.methods)-1] = component(value)
	case len(open) == 1 && (partOf(name) != "" || name == goical.PropDateTimeStart):
		p.breaks(no, fmt.Errorf("%s stands in no event", name))
	}
	if name == goical.PropUID && (len(open) < 2 || !taken(open[1])) {
		p.unread = append(p.unread, Unread{Key: Key{UID: strings.TrimSpace(value)}, Line: no, Why: errNoEvent})
	}
}

// cutProperty returns the name of a content line in capitals, without its parameters, and its
// value.
func cutProperty(l string) (name, value string) {
	head, quoted := l, false
	for i := range len(l) {
		if l[i] == '"' {
			quoted = !quoted
		}
		if l[i] == ':' && !quoted {
			head, value = l[:i], l[i+1:]
			break
		}
	}
	name, _, _ = strings.Cut(head, ";")
	return strings.ToUpper(name), value
}

// keep adds a line to the block if go-ical can read it. Components within an event, its
// alarms, are of no use here; those of a time zone are.
func (p *parser) keep(b *block, no int, l string, depth int) {
	name, _ := cutProperty(l)
	edge := name == "BEGIN" || name == "END"
	switch {
	case taken(b.name) && (depth > 2 || edge):
		return
	case !edge && !readable(l):
		p.found.Add(no, "the line is left out: it can't be read")
		b.lost = append(b.lost, leadingName(l))
		return
	}
	b.lines = append(b.lines, l)
}

// readable reports whether go-ical reads the line; it panics on some.
func readable(l string) bool {
	head, quoted := -1, false
	for i := 0; i < len(l) && i < maxHead && head < 0; i++ {
		switch l[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				head = i
			}
		}
	}
	if head < 1 {
		return false
	}
	_, err := decode("BEGIN:X\r\n" + l[:head] + ":\r\nEND:X\r\n")
	return err == nil
}

// decode reads the component with go-ical.
func (b block) decode() (*goical.Component, error) {
	return decode("BEGIN:" + b.name + "\r\n" + strings.Join(b.lines, "\r\n") + "\r\nEND:" + b.name + "\r\n")
}

// decode lets go-ical read one component.
func decode(component string) (c *goical.Component, err error) {
	err = guard(func() error {
		cal, err := goical.NewDecoder(strings.NewReader("BEGIN:VCALENDAR\r\n" + component + "END:VCALENDAR\r\n")).Decode()
		if err == nil && len(cal.Children) == 1 {
			c = cal.Children[0]
		} else if err == nil {
			err = errors.New("it can't be read")
		}
		return err
	})
	return c, err
}

// guard calls read, which lets go-ical read something. Its decoder panics on some input:
// that is an error like any other.
func guard(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it can't be read: %v", p)
		}
	}()
	return read()
}

// unfoldLines returns the content lines of data with the number of their first line,
// whatever ends them, blank ones left out (RFC 5545 §3.1), and which of them are not UTF-8
// once they are unfolded. What a line has beyond its bound is cut off.
func unfoldLines(data []byte, each func(no int, l string)) (other charsets) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	var at []byte
	first := 0
	flush := func() {
		if l := strings.TrimRight(other.read(at, first), " \t"); l != "" {
			each(first, prose.Clean(l))
		}
		at = at[:0]
	}
	for no := 1; len(data) > 0; no++ {
		var raw []byte
		raw, data = cutLine(data)
		switch {
		case len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && len(at) > 0:
			raw = raw[1:]
		case bytes.HasSuffix(at, []byte("=")) && isQuoted(at):
			at = at[:len(at)-1]
		default:
			flush()
			first = no
		}
		if room := maxValue - len(at); len(raw) > room {
			raw = raw[:room]
			for len(raw) > 0 && !utf8.RuneStart(raw[len(raw)-1]) {
				raw = raw[:len(raw)-1]
			}
			if n := len(raw); n > 0 && raw[n-1] >= utf8.RuneSelf {
				raw = raw[:n-1] // the beginning of a character
			}
		}
		at = append(at, raw...)
	}
	flush()
	return other
}

// cutLine cuts the first line off data: it ends in CRLF, LF or CR.
func cutLine(data []byte) (l, rest []byte) {
	i := bytes.IndexAny(data, "\r\n")
	if i < 0 {
		return data, nil
	}
	rest = data[i+1:]
	if returns := bytes.TrimLeft(data[i:], "\r"); len(returns) > 0 && returns[0] == '\n' {
		rest = returns[1:] // CRLF, or CR CR LF of a program that made CRLF of CRLF
	}
	return data[:i], rest
}

// unescape undoes what RFC 5545 §3.3.11 does to a text, and takes a backslash before
// anything else for no more than that character, as some programs write.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if i++; s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// splitList splits a list of values at the commas that are not escaped.
func splitList(s string) []string {
	var out []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			out, from = append(out, s[from:i]), i+1
		}
	}
	return append(out, s[from:])
}

// valueOf returns the value of a property as it stands, "" where there is none.
func valueOf(c *goical.Component, name string) string {
	if p := c.Props.Get(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

// text returns the value of a property of type TEXT. All of it: go-ical stops at a comma
// that was not escaped.
func text(c *goical.Component, name string) string {
	if p := c.Props.Get(name); p != nil {
		return unescape(p.Value)
	}
	return ""
}

func number(c *goical.Component, name string) int {
	n, _ := strconv.Atoi(valueOf(c, name)) // what is no number counts as none
	return n
}
