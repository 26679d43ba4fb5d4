package config

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"

	"attache/internal/event"
)

// A long file of events is read in pieces of some dozens of events: what YAML makes of a text takes
// ten times as much memory as the text, and most of a file that changed is what and where it was at
// the last reading.
//
// A file is cut where an item of events begins. What YAML makes of the pieces, each by itself, is
// what it makes of the whole: where nothing has an anchor, the one thing that reaches from item to
// item is a text or a list that is not closed, and that is an error at the end of a piece. Where a
// piece is wrong, or is not made up of the items that it was cut by, the file is read as one.

// smallestCut is from how many bytes on a file is read in pieces.
const smallestCut = 32 << 10

// itemsCut is how many items a piece has.
const itemsCut = 32

// section is a piece of the text of a file.
type section struct {
	text  []byte
	items []int // the lines on which its items begin
}

// cut returns the pieces of s, and what is around them with empty lines in their place. It is
// false where s cannot be cut.
func (s *fileText) cut() (head []byte, list int, parts []section, ok bool) {
	if len(s.data) < smallestCut || !cuttable(s.data) {
		return nil, 0, nil, false
	}
	indent, line, from, inside := -1, 0, 0, false
	end := func(at int) {
		if len(parts) > 0 {
			parts[len(parts)-1].text = s.data[from:at]
		}
	}
	for start := 0; start < len(s.data); {
		text, _, _ := bytes.Cut(s.data[start:], []byte("\n"))
		next := min(start+len(text)+1, len(s.data))
		line++
		bare := bytes.TrimLeft(text, " ")
		in, item := len(text)-len(bare), bytes.HasPrefix(bare, []byte("- "))
		switch {
		case inside && (len(bare) == 0 || bare[0] == '#'):
		case inside && indent < 0 && item:
			indent = in
			fallthrough
		case inside && item && in == indent:
			if n := len(parts); n == 0 || len(parts[n-1].items) == itemsCut {
				end(start)
				from, parts = start, append(parts, section{})
			}
			last := &parts[len(parts)-1]
			last.items = append(last.items, line)
		case inside && indent >= 0 && in > indent:
		case inside && in == 0 && indent >= 0:
			inside = false
			end(start)
		case inside:
			return nil, 0, nil, false
		}
		opens := !inside && bytes.HasPrefix(text, []byte("events:"))
		if opens && list > 0 {
			return nil, 0, nil, false
		}
		if inside {
			head = append(head, '\n')
		} else {
			head = append(head, s.data[start:next]...)
		}
		if opens {
			inside, list = true, line
		}
		start = next
	}
	if inside {
		end(len(s.data))
	}
	return head, list, parts, len(parts) > 1
}

// cuttable reports whether data has nothing that reaches from one item to another: an anchor, a
// directive or another document; nor ends of lines that are counted otherwise.
func cuttable(data []byte) bool {
	for _, end := range unusualEnds {
		if bytes.Contains(data, []byte(end)) {
			return false
		}
	}
	for _, first := range []string{"%", "---", "..."} {
		if bytes.HasPrefix(data, []byte(first)) || bytes.Contains(data, []byte("\n"+first)) {
			return false
		}
	}
	for _, mark := range []byte("&*") {
		for at := 0; ; at++ {
			i := bytes.IndexByte(data[at:], mark)
			if i < 0 {
				break
			}
			at += i
			begins := at == 0 || bytes.IndexByte([]byte(" \t\n[{,:-?"), data[at-1]) >= 0
			if named := at+1 < len(data) && data[at+1] > ' '; begins && named {
				return false
			}
		}
	}
	return true
}

// decodePiece returns what YAML makes of p, with the lines that it has in the file; nil where that
// is not its items.
func (s *fileText) decodePiece(p section) *yaml.Node {
	root, errs := s.decodePart(p.text)
	if errs != nil || root.Kind != yaml.SequenceNode || len(root.Content) != len(p.items) {
		return nil
	}
	shift(root, p.items[0]-1)
	for i, item := range root.Content {
		if item.Line != p.items[i] {
			return nil
		}
	}
	return root
}

func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, c := range n.Content {
		shift(c, lines)
	}
}

// piece is what was read of a part of a file. Its places have no file: they keep no text.
type piece struct {
	declared *collected
	warns    Errors
	line     int // where it stood
	from     int // its first event among those of the reading
}

// pieces are those of a reading, and of the one before it.
type pieces struct {
	context hash.Hash // of all that was read so far and that says how an event is read
	before  map[[sha256.Size]byte]*piece
	now     map[[sha256.Size]byte]*piece
	reused  bool
}

func newPieces() pieces {
	return pieces{context: sha256.New(), now: map[[sha256.Size]byte]*piece{}}
}

// under notes that what is read from here on is read by what data says.
func (p *pieces) under(data []byte) {
	sum := sha256.Sum256(data)
	_, _ = p.context.Write(sum[:]) // it never fails
}

// key names a text as it is read here.
func (p *pieces) key(text []byte) [sha256.Size]byte {
	h := sha256.New()
	_, _ = h.Write(p.context.Sum(nil)) // it never fails
	_, _ = h.Write(text)               // nor does this
	return [sha256.Size]byte(h.Sum(nil))
}

// inPieces reads a file of events in pieces. It is false where that can't be done; nothing is
// read then.
func (l *loader) inPieces(src *fileText) bool {
	if src.check() != nil {
		return false
	}
	head, list, parts, ok := src.cut()
	if !ok {
		return false
	}
	root, errs := src.decodePart(head)
	if errs != nil || !opensAt(root, list) {
		return false
	}
	found, sources, uses := l.found, len(l.cal.Sources), len(l.cal.uses)
	r := l.reader(&document{src: src})
	r.read(field{v: root}, &Calendar{})
	l.pieces.under([]byte(src.name))
	l.pieces.under(head)
	var read []*piece
	for i, p := range parts {
		if l.found.enough() {
			for _, unread := range parts[i:] {
				l.found.unread += len(unread.items)
			}
			break
		}
		one := l.piece(src, p, r.audience)
		if one == nil { // as if nothing had been read
			for _, s := range l.cal.Sources[sources:] {
				delete(l.cal.sources, s.Key)
			}
			l.found, l.cal.Sources, l.cal.uses = found, l.cal.Sources[:sources], l.cal.uses[:uses]
			return false
		}
		read = append(read, one)
	}
	events, used := 0, 0
	for _, one := range read {
		events, used = events+len(one.declared.Events), used+len(one.declared.uses)
	}
	l.cal.Events, l.cal.uses = slices.Grow(l.cal.Events, events), slices.Grow(l.cal.uses, used)
	for _, one := range read {
		l.add(one, src)
	}
	return true
}

// opensAt reports whether root has events, with nothing in it, on that line.
func opensAt(root *yaml.Node, line int) bool {
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if k := root.Content[i]; k.Value == "events" && k.Line == line {
			return root.Content[i+1].Tag == "!!null"
		}
	}
	return false
}

// piece returns what a part of a file declares, as it was read before or reads now; nil where the
// file cannot be read in pieces.
func (l *loader) piece(src *fileText, p section, audience string) *piece {
	key := l.pieces.key(p.text)
	if known, ok := l.pieces.before[key]; ok && known.line == p.items[0] {
		l.pieces.now[key], l.pieces.reused = known, true
		l.found.warns = append(l.found.warns, known.warns...)
		return known
	}
	root := src.decodePiece(p)
	if root == nil {
		return nil
	}
	errs, warns, unread := len(l.found.errs)+l.found.dropped, len(l.found.warns), l.found.unread
	one := &piece{declared: newCollected(), line: p.items[0]}
	one.declared.Sources = l.cal.Sources
	r := newReader(src, &l.found, l.cfg, one.declared)
	r.audience = audience
	r.readEvents(r.list(field{key: "events", in: "events", v: root}))
	one.declared.forget()
	one.warns = slices.Clone(l.found.warns[warns:])
	if len(l.found.errs)+l.found.dropped == errs && l.found.unread == unread && len(l.found.warns) < maxWarnings {
		l.pieces.now[key] = one
	}
	return one
}

// forget takes the texts of files out of what c knows.
func (c *collected) forget() {
	for _, m := range []map[string]place{c.events, c.statements, c.conditionAt} {
		for k, at := range m {
			at.src = nil
			m[k] = at
		}
	}
	for _, list := range [][]use{c.uses, c.leans} {
		for i := range list {
			list[i].at.src = nil
		}
	}
}

// add adds what a piece of src declares.
func (l *loader) add(p *piece, src *fileText) {
	c := p.declared
	here := func(at place) place {
		at.src = src
		return at
	}
	p.from = len(l.cal.Events)
	for _, e := range c.Events {
		at := here(c.events[e.ID])
		l.cal.addEvent(e, at, &l.found)
		if l.cal.events[e.ID].is(at) {
			l.cal.statuses[e.ID] = c.statuses[e.ID]
		}
	}
	for k, at := range c.statements {
		l.cal.statements[k] = here(at)
	}
	for k, at := range c.conditionAt {
		l.cal.conditionAt[k] = here(at)
	}
	for _, u := range c.uses {
		l.cal.uses = append(l.cal.uses, use{u.what, u.to, here(u.at)})
	}
	for _, u := range c.leans {
		l.cal.leans = append(l.cal.leans, use{u.what, u.to, here(u.at)})
	}
	maps.Copy(l.cal.series, c.series)
}

// Cache knows what the files said at the last reading, so that of long ones only what changed is
// read again. The zero Cache knows nothing. The events of a Config that it returns are not to be
// changed.
type Cache struct {
	pieces  map[[sha256.Size]byte]*piece
	sources []event.Source
}

// Load does as [Load].
func (c *Cache) Load(path string) (*Config, error) {
	l := newLoader()
	l.pieces.before = c.pieces
	cfg, err := l.load(path, nil)
	if l.pieces.reused && !slices.Equal(c.sources, l.cal.Sources) { // their days go into what events say
		c.pieces = nil
		return c.Load(path)
	}
	if err != nil {
		return nil, err
	}
	for _, p := range l.pieces.now {
		n := len(p.declared.Events)
		p.declared.Events, p.declared.Sources = cfg.Calendar.Events[p.from:p.from+n:p.from+n], nil
	}
	c.pieces, c.sources = l.pieces.now, slices.Clone(cfg.Calendar.Sources)
	return cfg, nil
}
