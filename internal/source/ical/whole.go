package ical

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	goical "github.com/emersion/go-ical"
)

// nesting follows which components are open. Of a text that was cut, or has lost lines or
// their order, it says so: entries may be missing then that the calendar has.
type nesting struct{ open []string }

// begin opens a component. The error says why it can't stand where it does.
func (n *nesting) begin(name string) error {
	within := slices.Clone(n.open)
	n.open = append(n.open, name)
	switch {
	case len(within) == 0 && name != goical.CompCalendar:
		return fmt.Errorf("BEGIN:%s stands in no calendar", short(name))
	case len(within) > 0 && name == goical.CompCalendar, len(within) > 1 && name == goical.CompEvent:
		return fmt.Errorf("BEGIN:%s stands within a %s, whose END is missing", name, short(within[len(within)-1]))
	}
	return nil
}

// end closes a component. The error says that it is not the one that is open.
func (n *nesting) end(name string) error {
	last := len(n.open) - 1
	if last < 0 || n.open[last] != name {
		return fmt.Errorf("END:%s ends nothing", short(name))
	}
	n.open = n.open[:last]
	return nil
}

// close returns what is wrong where the text ends.
func (n *nesting) close() error {
	if len(n.open) == 0 {
		return nil
	}
	return fmt.Errorf("BEGIN:%s has no end: the text was cut", short(n.open[len(n.open)-1]))
}

// at reports whether depth components are open, of which the first is outer.
func (n *nesting) at(outer string, depth int) bool { return len(n.open) == depth && n.open[0] == outer }

// breaks notes what shows that the text is not whole, nil for nothing.
func (p *parser) breaks(line int, err error) {
	if err == nil {
		return
	}
	p.found.Add(line, "%v", err)
	if p.broken == nil && line > 0 {
		err = fmt.Errorf("line %d: %w", line, err)
	}
	if p.broken == nil {
		p.broken = err
	}
}

// webPage is how a page of the web begins.
var webPage = regexp.MustCompile(`(?i)^\s*<(!doctype|html|head|body|pre|\?xml)\b`)

// outside takes a line that stands in no calendar: a word of the program that made the text,
// or the page that somebody wrapped it into.
func (p *parser) outside(no int, l string) {
	switch {
	case l == "":
		return
	case len(p.methods) == 0 && webPage.MatchString(l):
		p.breaks(no, errors.New("it is a web page, and not a calendar"))
	case strings.HasPrefix("BEGIN:VCALENDAR", strings.ToUpper(l)):
		p.breaks(no, fmt.Errorf("%s is the beginning of a calendar: the text was cut", short(l)))
	case !p.strayed:
		p.found.Add(no, "what stands outside the calendar is left out")
	}
	p.strayed = true
}

// noCalendar returns what a text is that is no calendar.
func noCalendar(data []byte) error {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	switch {
	case len(text) == 0:
		return errors.New("it is empty")
	case webPage.Match(text):
		return errors.New("it is a web page, and not a calendar")
	}
	return errors.New("it is no iCalendar text: it has no BEGIN:VCALENDAR")
}

// message returns the METHOD, RFC 5546 §1.4, of a text that tells of some entries alone, ""
// where one of its calendars is all that there is.
func (p *parser) message() string {
	for _, m := range p.methods {
		if !slices.Contains([]string{"ADD", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "REPLY"}, m) {
			return ""
		}
	}
	return strings.Join(p.methods[:1], "")
}
