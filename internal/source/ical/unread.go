package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	goical "github.com/emersion/go-ical"

	"attache/internal/prose"
)

// Unread is an entry that is there and can't be read.
type Unread struct {
	Key   Key    // without an Occurrence it stands for every entry with that UID
	Title string // "" where that is not known
	Line  int    // of the text, from 1
	Why   error  // one line
}

// leaveOut notes an entry that can't be read.
func (p *parser) leaveOut(e vevent, why error) {
	title := prose.Clip(prose.CleanLine(text(e.Component, goical.PropSummary)), maxTitle)
	p.found.Add(e.line, "the event %q is left out: %v", cmp.Or(title, untitled), why)
	p.unread = append(p.unread, Unread{e.key(), title, e.line, why})
	for _, uid := range e.Props.Values(goical.PropUID) {
		if key := (Key{UID: strings.TrimSpace(uid.Value)}); key.UID != e.key().UID {
			p.unread = append(p.unread, Unread{key, title, e.line, why})
		}
	}
}

// undecoded notes a component that go-ical can't read.
func (p *parser) undecoded(b block, why error) {
	u := Unread{Line: b.line, Why: why}
	for _, l := range b.lines {
		switch name, value := cutProperty(l); name {
		case goical.PropUID:
			u.Key.UID = strings.TrimSpace(value)
		case goical.PropRecurrenceID:
			u.Key.Occurrence = strings.TrimSpace(value)
		case goical.PropSummary:
			u.Title = prose.Clip(prose.CleanLine(unescape(value)), maxTitle)
		}
	}
	p.found.Add(b.line, "the event %q is left out: %v", cmp.Or(u.Title, untitled), why)
	p.unread = append(p.unread, u)
}

// ambiguous returns why it can't be said which entry e is, and when: RFC 5545 §3.6.1 has these
// properties once.
func (e vevent) ambiguous() error {
	if e.unnamed && e.uid == "" {
		return errors.New("it has no UID, no title and no day")
	}
	for _, name := range []string{goical.PropUID, goical.PropRecurrenceID, goical.PropDateTimeStart, goical.PropDue} {
		if slices.Contains(e.lost, name) {
			return fmt.Errorf("its %s can't be read", name)
		}
		for _, v := range e.Props.Values(name) {
			if strings.TrimSpace(v.Value) != valueOf(e.Component, name) {
				return fmt.Errorf("it has more than one %s", name)
			}
		}
	}
	return nil
}

// partOf names the part of an entry that a property tells of.
func partOf(property string) string {
	switch property {
	case goical.PropDue:
		return "day"
	case goical.PropDateTimeEnd, goical.PropDuration:
		return "end"
	case goical.PropRecurrenceRule, goical.PropRecurrenceDates, goical.PropExceptionDates, "EXRULE":
		return "series"
	case goical.PropStatus:
		return "status"
	case goical.PropSummary:
		return "title"
	}
	return ""
}

// lacks names the parts of an entry that could not be read, besides those of its date.
func (e vevent) lacks(date []string) string {
	parts := slices.Clone(date)
	for _, name := range e.lost {
		parts = append(parts, partOf(name))
	}
	if e.Props.Get(goical.PropDateTimeStart) == nil && e.Props.Get(goical.PropDue) == nil {
		parts = append(parts, "day")
	}
	if text(e.Component, goical.PropSummary) == "" {
		parts = append(parts, "title")
	}
	if !slices.Contains([]string{"", "CONFIRMED", "TENTATIVE", "CANCELLED", "CANCELED", "NEEDS-ACTION", "IN-PROCESS", "COMPLETED"}, e.status()) {
		parts = append(parts, "status")
	}
	slices.Sort(parts)
	return strings.TrimSpace(strings.Join(slices.Compact(parts), " "))
}

// leadingName returns the name with which a line begins that can't be read.
func leadingName(l string) string {
	end := strings.IndexFunc(l, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if end < 0 {
		end = len(l)
	}
	return strings.ToUpper(l[:end])
}

// short cuts what a text says to what a message repeats of it.
func short(s string) string { return prose.Clip(s, maxQuoted) }

var errNoEvent = errors.New("its UID stands in no event")
