package lsp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// hover says what is known of what stands at a place: of an event why it is where it is, of a
// source who published it, of a key what it is for.
func (s *server) hover(d *document, p placeParams) (any, error) {
	if d.of == nil {
		return nil, nil
	}
	if n, at, ok := s.nameAt(d, p.Position); ok {
		if text := s.told(d.of, n.Of, n.Text); text != "" {
			return hover{s.markup(text), &at}, nil
		}
	}
	offset := d.text.offset(p.Position, s.units)
	shape, err := schemaOf(d.of.alone == nil && same(d.of.checker.Path, d.path))
	if err != nil {
		return nil, err
	}
	if from, to, ok := d.text.key(offset); ok {
		at, _ := spotAt(d.text.data, from)
		if about := shape.describes(append(slices.Clone(at.path), d.text.data[from:to])); about != "" {
			key := d.text.span(from, to, s.units)
			return hover{s.markup(about), &key}, nil
		}
	}
	if at, ok := spotAt(d.text.data, offset); ok && at.in("when") {
		if text := s.told(d.of, "event", s.eventAt(d, offset)); text != "" {
			return hover{Contents: s.markup(text)}, nil
		}
	}
	return nil, nil
}

// key returns the word at an offset that a colon follows.
func (t *text) key(offset int) (from, to int, ok bool) {
	letter := func(i int) bool {
		return i >= 0 && i < len(t.data) && (t.data[i] == '_' || t.data[i] >= 'a' && t.data[i] <= 'z')
	}
	for from = offset; letter(from - 1); from-- {
	}
	for to = offset; letter(to); to++ {
	}
	return from, to, from < to && strings.HasPrefix(t.data[to:], ":")
}

// told returns what is known of an event or a source, "" for nothing.
func (s *server) told(c *configuration, of, name string) string {
	switch of {
	case "event":
		i := slices.IndexFunc(c.entries.Entries, func(e *agenda.Entry) bool { return e.ID == name })
		if i < 0 {
			return ""
		}
		e := *c.entries.Entries[i]
		return s.block(e.Title, e.WhyView().Text()) + strings.Join(zones(e, c.entries.Timezone), "\n")
	case "source":
		source, ok := c.source(name)
		if !ok {
			return ""
		}
		lines := []string{source.Words()}
		if !source.Published.IsZero() {
			lines = append(lines, "published "+civil.Long(source.Published))
		}
		if source.URL != "" {
			lines = append(lines, source.URL)
		}
		return strings.Join(lines, "\n")
	}
	return ""
}

// block returns a text of several lines below its title.
func (s *server) block(title, text string) string {
	if s.plain {
		return title + "\n\n" + text + "\n"
	}
	return markdown.Replace(title) + "\n\n```text\n" + text + "```\n\n"
}

var markdown = strings.NewReplacer("*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, `\`, `\\`)

// markup returns a text as the editor takes it. Its lines stay lines.
func (s *server) markup(text string) markup {
	if s.plain {
		return markup{"plaintext", text}
	}
	return markup{"markdown", strings.ReplaceAll(text, "\n- ", "  \n- ")}
}

// zones returns when an event can be by the clocks of its own zone, of the desk, and UTC.
func zones(e agenda.Entry, desk string) (out []string) {
	start, begins := e.Window.Start()
	end, ends := e.Window.End()
	if !begins && !ends {
		return nil
	}
	var seen []string
	for _, name := range []string{e.Window.Zone, desk, "UTC"} {
		loc, err := civil.Zone(name)
		if err != nil || slices.Contains(seen, loc.String()) {
			continue
		}
		seen = append(seen, loc.String())
		out = append(out, fmt.Sprintf("- %s: %s", loc, between(start, end, begins, ends, loc)))
	}
	return out
}

func between(start, end time.Time, begins, ends bool, loc *time.Location) string {
	clock := func(t time.Time) string {
		return civil.Long(civil.DateOf(t, loc)) + t.In(loc).Format(", 15:04")
	}
	switch {
	case begins && ends && start.Equal(end):
		return clock(start)
	case begins && ends:
		return clock(start) + " – " + clock(end)
	case begins:
		return "from " + clock(start)
	}
	return "until " + clock(end)
}
