package config

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/phrase"
	"attache/internal/syntax"
	"attache/internal/when"
)

// dates is the part of the shape of a statement that states a date: its keys make up the
// [when.Expr], whose fields are the forms that a date has.
type dates struct {
	// On that day, or some day of that month, season or year
	On field `yaml:"on"`
	// At that instant, as in "2025-11-10 00:01"
	At field `yaml:"at"`
	// It lasts from this day; to or lasts says until when
	From field `yaml:"from"`
	// The last day of what begins at from
	To field `yaml:"to"`
	// How long it lasts, as in 5 days, from its first day on or within its window
	Lasts field `yaml:"lasts"`
	// One day between these two, both included
	Between field `yaml:"between" as:"list"`
	// That day or earlier
	By field `yaml:"by"`
	// Earlier than that day, or before the other event starts: event:ID
	Before field `yaml:"before"`
	// Later than that day, or after the other event ends: event:ID
	After field `yaml:"after"`
	// That day or later
	NotBefore field `yaml:"not_before"`
	// While the other event lasts: event:ID
	During field `yaml:"during"`
	// At most that far from another date, as in 2 weeks after event:ID
	Within field `yaml:"within"`
	// It is over on that day at the latest
	EndsBy field `yaml:"ends_by"`
	// On one of these days
	OneOf field `yaml:"one_of" as:"list"`
	// As the report said it, as in early next year; read against the day of its source
	Phrase field `yaml:"phrase"`
	// A date in EDTF (ISO 8601-2)
	EDTF field `yaml:"edtf"`
}

// hinting reads dates, and says of what is none what may have been meant.
var hinting = when.Parser{Hint: phrase.Hint}

// statement is the shape of one thing that was said of a date.
type statement struct {
	dates

	// How it comes again, as a rule of RFC 5545: FREQ=MONTHLY;BYDAY=1FR
	Recurs field `yaml:"recurs"`
	// Days on which the rule does not hold, as in 2026-03-06, or the holidays of a calendar, as in holidays(EU)
	Except field `yaml:"except" as:"one or more"`
	// Days on which it comes besides, as in 2026-03-11 08:30
	Also field `yaml:"also" as:"one or more"`

	// Whether a phrase speaks of what is to come or of what was
	Tense string `yaml:"tense" choice:"future,past"`
	// Whether the seasons of a phrase are those of the southern half of the Earth
	South bool `yaml:"south"`
	// The day on which it was said, where it is not that of its source: a phrase is read against it
	Dateline civil.Date `yaml:"dateline"`
	// The IANA zone of the date
	TZ field `yaml:"tz"`
	// The key of the source that says so
	Source string `yaml:"source" as:"source"`
	// Its exact words
	Quote string `yaml:"quote" as:"text"`
	// A whole number: of statements that exclude each other the lowest is set aside
	Priority int `yaml:"priority" range:"-1000 1000"`
	// How sure this statement is
	Certainty event.Certainty `yaml:"certainty"`
	// A name for this statement
	ID string `yaml:"id" as:"statement id"`
	// The statement that came in its place
	SupersededBy string `yaml:"superseded_by" as:"statement"`
	// What this date depends on
	If event.Condition `yaml:"if"`
	// The calendar by which it counts business days, and whose holidays a series leaves out
	Calendar field `yaml:"calendar"`

	unknown bool // there is a key that is none, and may have been meant for a date
}

// statements reads when: a date in one line, a map, or a list of either.
func (r *reader) statements(f field) []event.Statement {
	n := r.resolve(f.v)
	switch n.Kind {
	case yaml.SequenceNode:
		if s, ok := window(n); ok {
			return r.short(f, n.Content[0], s)
		}
		var out []event.Statement
		for _, item := range n.Content {
			out = append(out, r.statement(f.item(item))...)
		}
		return out
	default:
		return r.statement(f)
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

func (r *reader) statement(f field) []event.Statement {
	switch n := r.resolve(f.v); {
	case n.Tag == "!!null":
		return nil
	case n.Kind == yaml.MappingNode:
		f.v = mended(n)
		return r.statementMap(f, f.v)
	case n.Kind == yaml.SequenceNode:
		r.fail(n, "a statement in when is a date or a map, not a list")
		return nil
	}
	n := r.scalar(f)
	if n == nil {
		return nil
	}
	return r.short(f, n, n.Value)
}

// short reads a date in one line; its text stands at n.
func (r *reader) short(f field, n *yaml.Node, text string) []event.Statement {
	takes := func(text string) bool { return r.takes(f, text) }
	e, err := hinting.Parse(text)
	if err != nil {
		r.dateError(n, text, err, takes)
		return nil
	}
	r.leansOn(e.A.Ref, n)
	if e, err = r.counted(e, field{}); err != nil {
		r.dateError(n, text, err, takes)
		return nil
	}
	return []event.Statement{{Expr: e, Line: r.resolve(f.v).Line}}
}

// takes reports whether text, YAML or a date in one line, could stand in the place of the
// statement f.
func (r *reader) takes(f field, text string) bool {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Line: 1, Column: 1}
	if strings.HasPrefix(text, "{") {
		n = yamlOf(text)
	}
	if n == nil || r.trial {
		return false
	}
	trial := newReader(newFileText("", nil), &findings{}, r.cfg, newCollected())
	trial.trial, trial.all.Sources, trial.event.calendar = true, r.all.Sources, r.event.calendar
	return len(trial.statement(f.item(n))) > 0 && len(trial.found.errs) == 0
}

// statementMap reads one map. Two dates in it both hold, and become two
// statements with the same source.
func (r *reader) statementMap(f field, n *yaml.Node) []event.Statement {
	var s statement
	p, _ := r.read(f, &s)
	tz := ""
	if f := p.get("tz"); f.k != nil {
		if tz = civil.ZoneText(r.resolve(f.v).Value); !halfYear(tz) { // which stays, to be warned of
			tz = r.zoneName(f)
		}
	}
	exprs := r.exprs(&s, p, tz)
	if len(exprs) == 0 && !s.unknown && !slices.ContainsFunc(p, isDate) {
		r.fail(n, "this says no date: add on, at, from, between, by, before, after, not_before, during or within")
	}
	if len(exprs) > 1 && s.ID != "" {
		r.fail(p.get("id").v, "an id names one statement and this makes two: write them as a list of two")
	}
	var out []event.Statement
	for i, e := range exprs {
		out = append(out, event.Statement{
			ID: s.ID, Expr: e, Phrase: s.phrase(r), Source: s.Source, Quote: s.Quote, Certainty: s.Certainty,
			Priority: s.Priority, SupersededBy: s.SupersededBy, If: s.If, Said: s.Dateline, Joint: i > 0, Line: n.Line,
		})
	}
	return out
}

// halfYear reports whether a zone is named as in one half of the year.
func halfYear(zone string) bool {
	_, half := civil.ShortOffset(zone)
	return half
}

// phrase returns the words of the report on one line, "" where the date is no reading of any.
func (s *statement) phrase(r *reader) string {
	if s.Phrase.k == nil {
		return ""
	}
	return strings.Join(strings.Fields(r.resolve(s.Phrase.v).Value), " ")
}

// otherKeys are words that people use for the keys of a statement.
var otherKeys = map[string]string{
	"until": "by, which includes the day", "till": "by, which includes the day", "due": "by", "deadline": "by",
	"date": "on", "day": "on", "time": "at", "datetime": "at", "start": "from", "end": "to, or ends_by", "since": "not_before",
	"duration": "lasts", "length": "lasts", "timezone": "tz", "zone": "tz", "said": "quote", "text": "quote", "words": "phrase",
	"at least": "after: at least 10 days after event:signature", "at most": "within: 10 days after event:signature",
	"exactly": "on: 10 days after event:signature", "either": "one_of", "options": "one_of", "rrule": "recurs", "exclude": "except",
}

// meant returns which key may have been meant.
func (s *statement) meant(key string) string {
	s.unknown = true
	if other, ok := otherKeys[strings.ToLower(strings.ReplaceAll(key, "_", " "))]; ok {
		return ": did you mean " + other + "?"
	}
	return ""
}

func isDate(f field) bool { return slices.Contains(dateKeys(), f.key) }

// dateKeys returns the keys that state a date.
var dateKeys = sync.OnceValue(func() []string { return keyNames(keysOf(reflect.TypeFor[dates]())) })

// statementID reads an id that only one statement of the event may have.
func (r *reader) statementID(f field) string {
	id := r.id(f)
	if id == "" {
		return ""
	}
	if first, twice := r.event.named[id]; twice {
		r.fail(f.v, "two statements of the event have the id %q: the first is on line %d", id, first.line)
		return ""
	}
	if r.event.named == nil {
		r.event.named = map[string]place{}
	}
	r.event.named[id] = r.at(f.v)
	r.all.statements[id] = r.event.named[id]
	return id
}

// exprs reads the dates of a statement, in the order of the file.
func (r *reader) exprs(s *statement, p fieldList, tz string) []when.Expr {
	var out []when.Expr
	if s.Calendar.k != nil {
		r.calendarName(s.Calendar)
		defer func() { r.countsNone(out, s.Calendar) }()
	}
	for _, f := range p {
		var e when.Expr
		var ok bool
		switch f.key {
		case "on", "by", "before", "after", "not_before", "during", "within", "ends_by":
			e, ok = r.simple(f)
		case "at":
			e, ok = r.instant(s)
		case "from":
			e, ok = r.span(s)
		case "between":
			e, ok = r.between(f)
		case "one_of":
			e, ok = r.oneOf(f, s.Calendar)
		case "phrase":
			e, ok = r.said(s, p)
		case "edtf":
			e, ok = r.edtf(f)
		case "tense", "south", "dateline":
			if s.Phrase.k == nil {
				r.fail(f.k, "%s goes with a phrase", f.key)
			}
		case "to":
			if s.From.k == nil {
				r.fail(f.k, "to needs from beside it: add the first day")
			}
		case "lasts":
			if p.count(dateKeys()...) == 1 {
				r.fail(f.k, "lasts needs a date beside it: add from, between or another")
			}
		}
		if !ok || !r.lasting(&e, s) {
			continue
		}
		if tz != "" && e.Zone != "" {
			r.fail(s.TZ.k, "the zone is given twice: %s and %s", e.Zone, tz)
		} else if e.Zone == "" {
			e.Zone = tz
		}
		if !r.recurring(&e, s, p) {
			continue
		}
		for _, e := range apart(e) {
			if e, ok = r.checked(e, f, p); ok {
				r.unlike(e, s)
				out = append(out, e)
			}
		}
	}
	return out
}

// lasting returns e the length of what takes place in its window. What is at an instant, or
// from a day on, has it already.
func (r *reader) lasting(e *when.Expr, s *statement) (ok bool) {
	if s.Lasts.k == nil || e.Form == when.At || e.Form == when.From {
		return true
	}
	e.Lasts, ok = parsedDate(r, s.Lasts, when.ParseLength)
	*e = e.AsSpan()
	return ok
}

// apart returns what lies between two events, or an event and a day, as the two dates that
// it makes: each leans on one event at most.
func apart(e when.Expr) []when.Expr {
	if e.Form != when.Between || e.A.Ref.Event == "" && e.B.Ref.Event == "" {
		return []when.Expr{e}
	}
	return []when.Expr{{Form: when.NotBefore, A: e.A, Zone: e.Zone, Lasts: e.Lasts}, {Form: when.By, A: e.B, Zone: e.Zone, Lasts: e.Lasts}}
}

// checked returns e with the calendar that it is counted by, says whether there can be
// such a date, and points to what is wrong.
func (r *reader) checked(e when.Expr, f field, p fieldList) (when.Expr, bool) {
	err := e.Check()
	if err == nil {
		e, err = r.counted(e, p.get("calendar"))
	}
	if err == nil {
		return e, true
	}
	at := r.resolve(f.v)
	var wrong *when.FieldError
	if errors.As(err, &wrong) {
		if other := p.get(wrong.Field); other.k != nil {
			at = r.resolve(other.v)
		}
	}
	if at.Kind == yaml.SequenceNode && len(at.Content) == 2 && f.key == string(when.Between) {
		at = at.Content[1]
	}
	r.fail(at, "%s", oneLine(err.Error()))
	return e, false
}

// simple reads a form with one period: on, by, before, after, not_before.
func (r *reader) simple(f field) (when.Expr, bool) {
	form := when.Form(f.key)
	p, ok := parsedDate(r, f, func(text string) (when.Point, error) {
		p, err := when.ParsePoint(text)
		if err == nil {
			return p, nil
		}
		if whole := phrase.Hint(form.Words()+" "+text, err); whole != err { // what stands behind by can mean less than by itself
			return p, whole
		}
		return p, phrase.Hint(text, err)
	})
	r.leansOn(p.Ref, r.resolve(f.v))
	return when.Expr{Form: form, A: p}, ok
}

// parsedDate reads the date, or part of one, that stands at f, and says at which character
// it goes wrong.
func parsedDate[T any](r *reader, f field, parse func(string) (T, error)) (x T, ok bool) {
	n := r.date(f)
	if n == nil {
		return x, false
	}
	read, err := parse(n.Value)
	if err != nil {
		r.dateError(n, n.Value, err, takenBy(parse))
		return x, false
	}
	return read, true
}

// point reads the day or period of f.
func (r *reader) point(f field) (when.Point, bool) {
	p, ok := parsedDate(r, f, hinting.ParsePoint)
	r.leansOn(p.Ref, r.resolve(f.v))
	return p, ok
}

// leansOn records that the date at n leans on an event, which has to be there.
func (r *reader) leansOn(ref when.Ref, n *yaml.Node) {
	if ref.Event != "" {
		u := use{toEvent, ref.Event, r.at(n)}
		r.all.uses, r.all.leans = append(r.all.uses, u), append(r.all.leans, u)
	}
}

// date returns the node of f if it has a text to read a date from.
func (r *reader) date(f field) *yaml.Node {
	n := r.scalar(f)
	switch {
	case n != nil:
		return n
	case r.null(f.v):
		r.fail(f.k, "%s has no date behind it", f.key)
	}
	return nil
}

func (r *reader) instant(s *statement) (when.Expr, bool) {
	point, zone, ok := r.pointAndZone(s.At)
	e := when.Expr{Form: when.At, A: point, Zone: zone}
	if !ok || s.Lasts.k == nil || s.From.k != nil {
		return e, ok
	}
	if e.Lasts, ok = parsedDate(r, s.Lasts, when.ParseLength); ok && e.Lasts.Minutes == 0 {
		r.fail(s.Lasts.v, "lasts: an instant lasts hours or minutes; use from for days")
		return e, false
	}
	return e, ok
}

// pointAndZone reads an instant, or a day, and the zone behind it, "" for none.
func (r *reader) pointAndZone(f field) (when.Point, string, bool) {
	n := r.date(f)
	if n == nil {
		return when.Point{}, "", false
	}
	point, zone, err := hinting.ParseInstant(n.Value)
	if err != nil {
		r.dateError(n, n.Value, err, func(text string) bool {
			_, _, err := hinting.ParseInstant(text)
			return err == nil
		})
		return when.Point{}, "", false
	}
	r.leansOn(point.Ref, n)
	if _, err := civil.Zone(zone); zone != "" && err != nil {
		r.failInside(n, strings.LastIndex(n.Value, zone), "%s", err)
		return when.Point{}, "", false
	}
	return point, zone, true
}

func (r *reader) span(s *statement) (when.Expr, bool) {
	first, zone, ok := r.pointAndZone(s.From)
	e := when.Expr{Form: when.From, A: first, Zone: zone}
	switch {
	case s.To.k != nil && s.Lasts.k != nil:
		r.fail(s.Lasts.k, "to and lasts both say when it ends: keep one of them")
		return e, false
	case s.To.k != nil:
		last, zoneB, good := r.pointAndZone(s.To)
		if e.B, ok = last, ok && good; ok {
			var err error
			if e, err = e.Zoned(zone, zoneB); err != nil {
				r.fail(s.To.v, "%s", err)
				return e, false
			}
		}
	case s.Lasts.k != nil:
		length, good := parsedDate(r, s.Lasts, when.ParseLength)
		e.Lasts, ok = length, ok && good
	case ok:
		r.fail(s.From.k, "from has no end: add to or lasts, or use not_before")
		return e, false
	}
	return e, ok
}

func (r *reader) between(f field) (when.Expr, bool) {
	n := mended(r.resolve(f.v))
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		r.fail(n, "between is a list of two dates: write [2026-01-01, 2026-02-16]")
		return when.Expr{}, false
	}
	a, okA := r.point(f.item(n.Content[0]))
	b, okB := r.point(f.item(n.Content[1]))
	return when.Expr{Form: when.Between, A: a, B: b}, okA && okB
}

// said reads a date in the words of a report, against the day on which it was written.
func (r *reader) said(s *statement, p fieldList) (when.Expr, bool) {
	f := s.Phrase
	if r.date(f) == nil {
		return when.Expr{}, false
	}
	if p.count(dateKeys()...)-p.count("lasts") > 1 {
		r.fail(f.k, "a phrase stands alone: write when as a list, each with what it rests on")
		return when.Expr{}, false
	}
	r.swallowed(f)
	context := phrase.Context{Dateline: s.Dateline, South: s.South, Tense: phrase.Tense(s.Tense)}
	if !p.has("dateline") {
		i := slices.IndexFunc(r.all.Sources, func(one event.Source) bool { return one.Key == s.Source })
		if i >= 0 {
			context.Dateline = r.all.Sources[i].Published
		}
	}
	if context.Dateline.IsZero() {
		r.fail(f.k, "a phrase is read against the day on which it was written: give dateline, or a source with published above its events")
		return when.Expr{}, false
	}
	return parsedDate(r, f, func(text string) (when.Expr, error) {
		read, err := phrase.Read(text, context)
		if err != nil {
			return when.Expr{}, err
		}
		return read.Expr(), nil
	})
}

// oneOf reads a list of dates of which one holds.
func (r *reader) oneOf(f, calendar field) (when.Expr, bool) {
	n := mended(r.resolve(f.v))
	if n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
		r.fail(n, "one_of is a list of two dates or more: write [2026-01-15, 2026-02-10]")
		return when.Expr{}, false
	}
	var options []string
	for _, item := range n.Content {
		p, ok := r.point(f.item(item))
		if !ok {
			return when.Expr{}, false
		}
		if p.Timed {
			r.fail(item, "one_of lists days, months or years")
			return when.Expr{}, false
		}
		first, last, ok := r.daysOf(p, f.item(item), calendar)
		if !ok {
			return when.Expr{}, false
		}
		options = append(options, optionText(p, first, last))
	}
	e, err := hinting.Parse("edtf [" + strings.Join(options, ",") + "]")
	if err != nil {
		r.fail(n, "%s", oneLine(err.Error()))
		return when.Expr{}, false
	}
	return e, true
}

// optionText writes an option of a set as EDTF does: a code where it has one, so that the
// bounds of a season stay a convention, or else its days.
func optionText(p when.Point, first, last civil.Date) string {
	switch {
	case first == last:
		return first.String()
	case p.Ref.IsZero() && !p.Period.Week:
		return p.Period.Code()
	}
	return first.String() + ".." + last.String()
}

// daysOf returns the days that the point at f can mean, which leans on no event.
func (r *reader) daysOf(p when.Point, f, calendar field) (first, last civil.Date, ok bool) {
	if p.Ref.Event != "" {
		r.fail(f.v, "%s moves with another event: write a day here", quoted(p.String()))
		return first, last, false
	}
	e, err := r.counted(when.Expr{Form: when.On, A: p}, calendar)
	if err == nil {
		e, err = e.With(r.cfg.Calendars)
	}
	if err != nil {
		r.fail(f.v, "%s", oneLine(err.Error()))
		return first, last, false
	}
	first, last = e.Days()
	return first, last, !first.IsZero()
}

func (r *reader) edtf(f field) (when.Expr, bool) {
	n := r.resolve(f.v)
	text, bare := window(n)
	if !bare {
		return parsedDate(r, f, hinting.Parse)
	}
	e, err := hinting.Parse(text)
	if err != nil {
		r.dateError(n.Content[0], text, err, takenBy(hinting.Parse))
	}
	return e, err == nil
}

// dateError records what is wrong with the date that text states at n, at the
// character where it goes wrong. What may have been meant, and is taken there, mends it.
func (r *reader) dateError(n *yaml.Node, text string, err error, takes func(string) bool) {
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
	at := r.inside(n, offset)
	at.fixes = r.at(n).cured(n.Value, err.Error(), takes).fixes
	r.found.fail(at, "%s", oneLine(err.Error()))
}

// oneLine keeps a message on its line whatever it quotes.
func oneLine(s string) string {
	if strings.ContainsFunc(s, breaks) || len(s) > 500 {
		return clipped(s)
	}
	return s
}

// mended returns a map or a list in braces with a holiday that has no quotes about it put
// together again: YAML takes {on: holiday(US, Labor Day, 2026)} for three keys.
func mended(n *yaml.Node) *yaml.Node {
	broken := func(v *yaml.Node) bool {
		return v.Kind == yaml.ScalarNode && v.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 &&
			strings.Contains(v.Value, "holiday(") && !strings.Contains(v.Value, ")")
	}
	if n.Style&yaml.FlowStyle == 0 || !slices.ContainsFunc(n.Content, broken) {
		return n
	}
	whole := *n
	whole.Content = nil
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i < len(n.Content); i++ {
		v := n.Content[i]
		whole.Content = append(whole.Content, v)
		if !broken(v) || step == 2 && i%2 == 0 {
			continue
		}
		joined := *v
		for j := i + 1; j < len(n.Content) && j <= i+2*step; j += step {
			rest := n.Content[j]
			if rest.Kind != yaml.ScalarNode || step == 2 && n.Content[j+1].Tag != "!!null" {
				break
			}
			joined.Value += ", " + rest.Value
			if strings.HasSuffix(rest.Value, ")") {
				whole.Content[len(whole.Content)-1], i = &joined, j+step-1
				break
			}
		}
	}
	return &whole
}
