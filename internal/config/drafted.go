package config

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/config/splice"
	"attache/internal/draft"
	"attache/internal/event"
	"attache/internal/prose"
)

// DraftSource is the source of a draft.
type DraftSource struct {
	event.Source
	Known  bool // a file of the calendar has it
	Within bool // what is written becomes a file of that calendar, which has it once
}

// WriteDraft writes what was drafted from a text as a file of events, which CheckFiles takes:
// a person looks at it, and keeps what is right. What is no new event, and what could not be
// read, stands in comments. The source is that of all statements.
func WriteDraft(w io.Writer, source DraftSource, d draft.Draft) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Drafted from %s, read against %s: %s.\n", comment(cmp.Or(source.Title, source.Key)), d.Published, comment(d.Tells))
	b.WriteString("# Look at each event against its quote before you keep it.\n")
	if !source.Known || !source.Within {
		fmt.Fprintf(&b, "\nsources:\n  %s:\n", splice.Quote(source.Key))
		for _, p := range sourceParts(source.Source) {
			fmt.Fprintf(&b, "    %s: %s\n", p[0], p[1])
		}
	}
	var known, events []draft.Candidate
	for _, c := range d.Candidates {
		if c.Perhaps != "" {
			known = append(known, c)
		} else {
			events = append(events, c)
		}
	}
	if len(events) == 0 {
		b.WriteString("\nevents: []\n")
	} else {
		b.WriteString("\nevents:\n")
	}
	for _, c := range events {
		draftedEvent(&b, source.Key, c)
	}
	for _, c := range known {
		b.WriteString("\n")
		for _, command := range DraftCommands(source, c) {
			fmt.Fprintf(&b, "# perhaps %s: %s\n", c.Perhaps, comment(command))
		}
	}
	if len(d.Unread) > 0 {
		b.WriteString("\n# not read:\n")
	}
	for _, p := range d.Unread {
		fmt.Fprintf(&b, "#   line %d, %s: %s\n", p.Line, comment(p.Words), comment(p.Says))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the draft: %w", err)
	}
	return nil
}

// draftedEvent writes one event.
func draftedEvent(b *strings.Builder, key string, c draft.Candidate) {
	line := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	line("\n  - id: %s", splice.Quote(c.ID))
	line("    title: %s", splice.Quote(c.Title))
	if c.Kind != event.Other {
		line("    kind: %s", c.Kind)
	}
	if c.Unsure != "" {
		line("    # It is not clear where this looks: %s.", comment(c.Unsure))
	}
	line("    when:")
	for _, st := range c.Statements {
		mark := "- "
		for _, k := range append(slices.Clone(st.Keys), draft.Key{Name: "source", Value: key}, draft.Key{Name: "quote", Value: st.Quote}) {
			line("      %s%s: %s", mark, k.Name, splice.Quote(k.Value))
			mark = "  "
		}
	}
	line("    certainty: %s", c.Certainty)
	line("    status: open")
	for _, a := range draftedDetails(key, c) {
		line("    %s: %s", a.Field, a.Value)
	}
	about := "{at: " + splice.Quote(c.At) + ", why: " + splice.Quote(c.Why)
	if c.Unsure != "" {
		about += ", tense: unsure"
	}
	line("    x-draft: %s}", about)
}

// draftedDetails returns what else is known of a candidate, as YAML in one line.
func draftedDetails(key string, c draft.Candidate) (out []calendar.Assignment) {
	add := func(field, value string) { out = append(out, calendar.Assignment{Field: field, Value: value}) }
	if c.If != "" {
		add("if", "{text: "+splice.Quote(c.If)+"}")
	}
	if c.Place != "" {
		add("place", splice.Quote(c.Place))
	}
	if len(c.Parties) > 0 {
		add("parties", "["+quotedList(c.Parties)+"]")
	}
	var cites []string
	for _, q := range c.Quotes {
		cites = append(cites, "{source: "+key+", quote: "+splice.Quote(q)+"}")
	}
	if len(cites) > 0 {
		add("sources", "["+strings.Join(cites, ", ")+"]")
	}
	return out
}

func quotedList(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = splice.Quote(strings.TrimSpace(s))
	}
	return strings.Join(out, ", ")
}

// statementMap returns a statement as YAML in one line.
func statementMap(key string, st draft.Statement) string {
	var parts []string
	for _, k := range append(slices.Clone(st.Keys), draft.Key{Name: "source", Value: key}, draft.Key{Name: "quote", Value: st.Quote}) {
		parts = append(parts, k.Name+": "+splice.Quote(k.Value))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// DraftChange returns what adds a candidate to the files: a new event, or what was said to one
// that the calendar has.
func DraftChange(source event.Source, c draft.Candidate) Change {
	ch := Change{ID: c.ID, Source: source}
	var list []string
	for _, st := range c.Statements {
		list = append(list, statementMap(source.Key, st))
	}
	if c.Perhaps != "" {
		ch.ID = c.Perhaps
		for _, st := range list {
			ch.Fields = append(ch.Fields, calendar.Assignment{Field: "when", Value: st, Add: true})
		}
		return ch
	}
	ch.Fields = []calendar.Assignment{{Field: "title", Value: c.Title}, {Field: "certainty", Value: string(c.Certainty)}, {Field: "when", Value: "[" + strings.Join(list, ", ") + "]"}}
	if c.Kind != event.Other {
		ch.Fields = append(ch.Fields, calendar.Assignment{Field: "kind", Value: string(c.Kind)})
	}
	ch.Fields = append(ch.Fields, draftedDetails(source.Key, c)...)
	return ch
}

// DraftCommands returns the commands that add a candidate to the event of the calendar that it
// may be, for a shell.
func DraftCommands(source DraftSource, c draft.Candidate) (out []string) {
	for i, st := range c.Statements {
		value := st.Keys[0].Value
		if len(st.Keys) > 1 || st.Keys[0].Name != "phrase" {
			var parts []string
			for _, k := range st.Keys {
				parts = append(parts, k.Name+": "+splice.Quote(k.Value))
			}
			value = "{" + strings.Join(parts, ", ") + "}"
		}
		s := "attache set " + c.Perhaps + " " + shellWord("when+="+value) + " --source " + source.Key + " --quote " + shellWord(st.Quote)
		if !source.Known && i == 0 {
			s += " --published " + source.Published.String()
		}
		out = append(out, s)
	}
	return out
}

// shellWord returns text as one word of a shell.
func shellWord(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+=-_./:,", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// comment returns text that can stand in a comment.
func comment(s string) string { return prose.CleanLine(prose.OneLine(s)) }
