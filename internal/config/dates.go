package config

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/syntax"
	"attache/internal/when"
)

var (
	dateKeys      = []string{"on", "at", "from", "to", "lasts", "between", "by", "before", "after", "not_before", "during", "within", "ends_by", "one_of", "phrase", "edtf"}
	statementKeys = append(slices.Clone(dateKeys), "tense", "south", "dateline", "tz", "source", "quote", "priority", "certainty", "id", "superseded_by", "if", "calendar", "recurs", "except", "also")
)

// statements reads when: a date in one line, a map, or a list of either.
func (c *calendarReader) statements(f field) []event.Statement {
	n := c.resolve(f.v)
	switch n.Kind {
	case yaml.SequenceNode:
		if s, ok := window(n); ok {
			return c.short(f, n.Content[0], s)
		}
		var out []event.Statement
		for _, item := range n.Content {
			out = append(out, c.statement(f.item(item))...)
		}
		return out
	default:
		return c.statement(f)
	}
}

// window finds [2026-01-01..2026-02-16] without quotes, which YAML takes for a
// list of one.
func window(n *yaml.Node) (string, bool) {
	if n.Style&yaml.FlowStyle == 0 || len(n.Content) != 1 || n.Content[0].Kind != yaml.ScalarNode {
		return "", false
	}
	s := n.Content[0].Value
	return "[" + s + "]", strings.Contains(s, "..") && n.Content[0].Style&yaml.DoubleQuotedStyle == 0
}

func (c *calendarReader) statement(f field) []event.Statement {
	switch n := c.resolve(f.v); {
	case n.Tag == "!!null":
		return nil
	case n.Kind == yaml.MappingNode:
		f.v = mended(n)
		return c.statementMap(f, f.v)
	case n.Kind == yaml.SequenceNode:
		c.fail(n, "a statement in when is a date or a map, not a list")
		return nil
	}
	n := c.scalar(f)
	if n == nil {
		return nil
	}
	return c.short(f, n, n.Value)
}

// short reads a date in one line; its text stands at n.
func (c *calendarReader) short(f field, n *yaml.Node, text string) []event.Statement {
	e, err := when.Parse(text)
	if err != nil {
		c.dateError(n, text, err)
		return nil
	}
	c.leansOn(e.A.Ref, n)
	if e, err = c.counted(e, field{}); err != nil {
		c.dateError(n, text, err)
		return nil
	}
	return []event.Statement{{Expr: e, Line: c.resolve(f.v).Line}}
}

// parts are the fields of a statement by their key.
type parts map[string]field

// statementMap reads one map. Two dates in it both hold, and become two
// statements with the same source.
func (c *calendarReader) statementMap(f field, n *yaml.Node) []event.Statement {
	p := parts{}
	s := event.Statement{Line: n.Line}
	fields, _ := c.fields(f)
	tz := ""
	for _, one := range fields {
		switch {
		case strings.HasPrefix(one.key, "x-"):
			continue
		case !slices.Contains(statementKeys, one.key):
			p["unknown"] = one
			c.fail(one.k, "unknown key %s%s", quoted(one.key), orMeant(one.key))
		default:
			p[one.key] = one
		}
	}
	if one, ok := p["tz"]; ok {
		if tz = c.resolve(one.v).Value; tz != "EST" && tz != "EDT" { // which stay, to be warned of
			tz = c.zoneName(one)
		}
	}
	c.provenance(&s, p)
	exprs := c.exprs(p, fields, tz)
	if f, ok := p["phrase"]; ok {
		s.Phrase = strings.Join(strings.Fields(c.resolve(f.v).Value), " ")
	}
	if len(exprs) == 0 && p["unknown"].k == nil && !slices.ContainsFunc(fields, isDate) {
		c.fail(n, "this says no date: add on, at, from, between, by, before, after, not_before, during or within")
	}
	if len(exprs) > 1 && s.ID != "" {
		c.fail(p["id"].v, "an id names one statement and this makes two: write them as a list of two")
	}
	var out []event.Statement
	for _, e := range exprs {
		s.Expr = e
		out = append(out, s)
	}
	return out
}

// otherKeys are words that people use for the keys of a statement.
var otherKeys = map[string]string{
	"until": "by, which includes the day", "till": "by, which includes the day", "due": "by", "deadline": "by",
	"date": "on", "day": "on", "time": "at", "datetime": "at", "start": "from", "end": "to, or ends_by", "since": "not_before",
	"duration": "lasts", "length": "lasts", "timezone": "tz", "zone": "tz", "said": "quote", "text": "quote", "words": "phrase",
	"at least": "after: at least 10 days after event:signature", "at most": "within: 10 days after event:signature",
	"exactly": "on: 10 days after event:signature", "either": "one_of", "options": "one_of", "rrule": "recurs", "exclude": "except",
}

// orMeant says which key may have been meant.
func orMeant(key string) string {
	if other, ok := otherKeys[strings.ToLower(strings.ReplaceAll(key, "_", " "))]; ok {
		return ": did you mean " + other + "?"
	}
	return orChoose(key, statementKeys)
}

func isDate(f field) bool { return slices.Contains(dateKeys, f.key) }

// provenance reads who said it, in which words, and how it stands to others.
func (c *calendarReader) provenance(s *event.Statement, p parts) {
	if f, ok := p["source"]; ok {
		s.Source = c.reference(f, toSource)
	}
	if f, ok := p["quote"]; ok {
		s.Quote = c.text(f, maxText)
	}
	if f, ok := p["certainty"]; ok {
		s.Certainty = word(c.reader, f, event.Certainties())
	}
	if f, ok := p["priority"]; ok {
		s.Priority = c.number(f, -1000, 1000)
	}
	if f, ok := p["superseded_by"]; ok {
		s.SupersededBy = c.reference(f, toStatement)
	}
	if f, ok := p["if"]; ok {
		if cond := c.condition(f); cond != nil {
			s.If = *cond
		}
	}
	if f, ok := p["id"]; ok {
		s.ID = c.statementID(f)
	}
}

// statementID reads an id that only one statement of the event may have.
func (c *calendarReader) statementID(f field) string {
	id := c.id(f)
	if id == "" {
		return ""
	}
	if first, twice := c.named[id]; twice {
		c.fail(f.v, "two statements of the event have the id %q: the first is on line %d", id, first.line)
		return ""
	}
	if c.named == nil {
		c.named = map[string]place{}
	}
	c.named[id] = c.at(f.v)
	c.all.statements[id] = c.named[id]
	return id
}

// exprs reads the dates of a statement, in the order of the file.
func (c *calendarReader) exprs(p parts, fields []field, tz string) []when.Expr {
	var out []when.Expr
	if f, ok := p["calendar"]; ok {
		c.calendarName(f)
	}
	for _, f := range fields {
		var e when.Expr
		var ok bool
		switch f.key {
		case "on", "by", "before", "after", "not_before", "during", "within", "ends_by":
			e, ok = c.simple(f)
		case "at":
			e, ok = c.instant(f, p)
		case "from":
			e, ok = c.span(f, p)
		case "between":
			e, ok = c.between(f)
		case "one_of":
			e, ok = c.oneOf(f)
		case "phrase":
			e, ok = c.said(f, p)
		case "edtf":
			e, ok = c.edtf(f)
		case "tense", "south", "dateline":
			if p["phrase"].k == nil {
				c.fail(f.k, "%s goes with a phrase", f.key)
			}
		case "to":
			if _, has := p["from"]; !has {
				c.fail(f.k, "to needs from beside it: add the first day")
			}
		case "lasts":
			if p["from"].k == nil && p["at"].k == nil {
				c.fail(f.k, "lasts needs from or at beside it")
			}
		}
		if !ok {
			continue
		}
		if tz != "" && e.Zone != "" {
			c.fail(p["tz"].k, "the zone is given twice: %s and %s", e.Zone, tz)
		} else if e.Zone == "" {
			e.Zone = tz
		}
		if !c.recurring(&e, p) {
			continue
		}
		for _, e := range apart(e) {
			if e, ok = c.checked(e, f, p); ok {
				c.unlike(e, p)
				out = append(out, e)
			}
		}
	}
	return out
}

// apart returns what lies between two events, or an event and a day, as the two dates that
// it makes: each leans on one event at most.
func apart(e when.Expr) []when.Expr {
	if e.Form != when.Between || e.A.Ref.Event == "" && e.B.Ref.Event == "" {
		return []when.Expr{e}
	}
	return []when.Expr{{Form: when.NotBefore, A: e.A, Zone: e.Zone}, {Form: when.By, A: e.B, Zone: e.Zone}}
}

// checked returns e with the calendar that it is counted by, says whether there can be
// such a date, and points to what is wrong.
func (c *calendarReader) checked(e when.Expr, f field, p parts) (when.Expr, bool) {
	err := e.Check()
	if err == nil {
		e, err = c.counted(e, p["calendar"])
	}
	if err == nil {
		return e, true
	}
	at := c.resolve(f.v)
	var wrong *when.FieldError
	if errors.As(err, &wrong) {
		if other, ok := p[wrong.Field]; ok {
			at = c.resolve(other.v)
		}
	}
	if at.Kind == yaml.SequenceNode && len(at.Content) == 2 && f.key == string(when.Between) {
		at = at.Content[1]
	}
	c.fail(at, "%s", oneLine(err.Error()))
	return e, false
}

// simple reads a form with one period: on, by, before, after, not_before.
func (c *calendarReader) simple(f field) (when.Expr, bool) {
	p, ok := c.point(f)
	return when.Expr{Form: when.Form(f.key), A: p}, ok
}

// point reads the day or period of f.
func (c *calendarReader) point(f field) (when.Point, bool) {
	n := c.date(f)
	if n == nil {
		return when.Point{}, false
	}
	p, err := when.ParsePoint(n.Value)
	if err != nil {
		c.dateError(n, n.Value, err)
		return when.Point{}, false
	}
	c.leansOn(p.Ref, n)
	return p, true
}

// leansOn records that the date at n leans on an event, which has to be there.
func (c *calendarReader) leansOn(r when.Ref, n *yaml.Node) {
	if r.Event != "" {
		u := use{toEvent, r.Event, c.at(n)}
		c.all.uses, c.all.leans = append(c.all.uses, u), append(c.all.leans, u)
	}
}

// date returns the node of f if it has a text to read a date from.
func (c *calendarReader) date(f field) *yaml.Node {
	n := c.scalar(f)
	switch {
	case n != nil:
		return n
	case c.null(f.v):
		c.fail(f.k, "%s has no date behind it", f.key)
	}
	return nil
}

func (c *calendarReader) instant(f field, p parts) (when.Expr, bool) {
	n := c.date(f)
	if n == nil {
		return when.Expr{}, false
	}
	point, zone, err := when.ParseInstant(n.Value)
	if err != nil {
		c.dateError(n, n.Value, err)
		return when.Expr{}, false
	}
	e := when.Expr{Form: when.At, A: point, Zone: zone}
	if _, err := civil.Zone(zone); zone != "" && err != nil {
		c.failInside(n, strings.LastIndex(n.Value, zone), "%s", err)
		return when.Expr{}, false
	}
	if lasts, has := p["lasts"]; has && p["from"].k == nil {
		if e.Lasts, has = c.length(lasts); !has {
			return when.Expr{}, false
		}
		if e.Lasts.Minutes == 0 {
			c.fail(lasts.v, "lasts: an instant lasts hours or minutes; use from for days")
			return when.Expr{}, false
		}
	}
	return e, true
}

func (c *calendarReader) span(f field, p parts) (when.Expr, bool) {
	first, ok := c.point(f)
	e := when.Expr{Form: when.From, A: first}
	to, hasTo := p["to"]
	lasts, hasLasts := p["lasts"]
	switch {
	case hasTo && hasLasts:
		c.fail(lasts.k, "to and lasts both say when it ends: keep one of them")
		return e, false
	case hasTo:
		last, good := c.point(to)
		e.B, ok = last, ok && good
	case hasLasts:
		length, good := c.length(lasts)
		e.Lasts, ok = length, ok && good
	case ok:
		c.fail(f.k, "from has no end: add to or lasts, or use not_before")
		return e, false
	}
	return e, ok
}

func (c *calendarReader) length(f field) (when.Length, bool) {
	n := c.date(f)
	if n == nil {
		return when.Length{}, false
	}
	l, err := when.ParseLength(n.Value)
	if err != nil {
		c.dateError(n, n.Value, err)
		return when.Length{}, false
	}
	return l, true
}

func (c *calendarReader) between(f field) (when.Expr, bool) {
	n := mended(c.resolve(f.v))
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		c.fail(n, "between is a list of two dates: write [2026-01-01, 2026-02-16]")
		return when.Expr{}, false
	}
	a, okA := c.point(f.item(n.Content[0]))
	b, okB := c.point(f.item(n.Content[1]))
	return when.Expr{Form: when.Between, A: a, B: b}, okA && okB
}

// said reads a date in the words of a report, against the day on which it was written.
func (c *calendarReader) said(f field, p parts) (when.Expr, bool) {
	n := c.date(f)
	if n == nil {
		return when.Expr{}, false
	}
	if len(p.dates()) > 1 {
		c.fail(f.k, "a phrase stands alone: write when as a list, each with what it rests on")
		return when.Expr{}, false
	}
	context := when.PhraseContext{Dateline: c.dateline(p)}
	if context.Dateline.IsZero() {
		c.fail(f.k, "a phrase is read against the day on which it was written: give dateline, or a source with published above its events")
		return when.Expr{}, false
	}
	if south, ok := p["south"]; ok {
		context.South = c.truth(south)
	}
	if tense, ok := p["tense"]; ok {
		context.Past = word(c.reader, tense, []string{"future", "past"}) == "past"
	}
	r, err := when.ReadPhrase(n.Value, context)
	if err != nil {
		c.dateError(n, n.Value, err)
		return when.Expr{}, false
	}
	return r.Expr(), true
}

// dates names the keys of p that state a date.
func (p parts) dates() (out []string) {
	for _, k := range dateKeys {
		if p[k].k != nil {
			out = append(out, k)
		}
	}
	return out
}

// dateline returns the day against which a phrase is read: its own, or that of its source.
func (c *calendarReader) dateline(p parts) civil.Date {
	if f, ok := p["dateline"]; ok {
		return c.day(f)
	}
	f, ok := p["source"]
	if !ok {
		return civil.Date{}
	}
	key := c.resolve(f.v).Value
	for _, s := range c.all.Sources {
		if s.Key == key {
			return s.Published
		}
	}
	return civil.Date{}
}

// oneOf reads a list of dates of which one holds.
func (c *calendarReader) oneOf(f field) (when.Expr, bool) {
	n := c.resolve(f.v)
	if n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
		c.fail(n, "one_of is a list of two dates or more: write [2026-01-15, 2026-02-10]")
		return when.Expr{}, false
	}
	var options []string
	for _, item := range n.Content {
		p, ok := c.point(f.item(item))
		if !ok {
			return when.Expr{}, false
		}
		if p.Timed || !p.Ref.IsZero() {
			c.fail(item, "one_of lists days, months or years")
			return when.Expr{}, false
		}
		options = append(options, p.String())
	}
	e, err := when.Parse("edtf [" + strings.Join(options, ",") + "]")
	if err != nil {
		c.fail(n, "%s", oneLine(err.Error()))
		return when.Expr{}, false
	}
	return e, true
}

func (c *calendarReader) edtf(f field) (when.Expr, bool) {
	n, text := c.resolve(f.v), ""
	if s, ok := window(n); ok {
		n, text = n.Content[0], s
	} else if n = c.date(f); n != nil {
		text = n.Value
	} else {
		return when.Expr{}, false
	}
	e, err := when.Parse(text)
	if err != nil {
		c.dateError(n, text, err)
		return when.Expr{}, false
	}
	return e, true
}

// dateError records what is wrong with the date that text states at n, at the
// character where it goes wrong.
func (c *calendarReader) dateError(n *yaml.Node, text string, err error) {
	offset := 0
	var wrong *syntax.Error
	var part *when.FieldError
	switch {
	case errors.As(err, &wrong):
		offset = min(wrong.Offset, len(text))
	case errors.As(err, &part) && part.Field == "tz":
		offset = strings.LastIndexAny(strings.TrimRight(text, " "), " ") + 1
	}
	if text != n.Value { // the bracket that YAML took
		offset = min(max(offset-1, 0), len(n.Value))
	}
	c.failInside(n, offset, "%s", oneLine(err.Error()))
}

// oneLine keeps a message on its line whatever it quotes.
func oneLine(s string) string {
	if strings.ContainsFunc(s, breaks) || len(s) > 500 {
		return clipped(s)
	}
	return s
}
