package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// Change is what a person asks to be written into the file of an event.
type Change struct {
	ID     string // of an event that stands in a file
	Fields []calendar.Assignment
	Cite   calendar.Cited // what the fields rest on
	Source event.Source   // that the values name themselves: it is added where no file has it
	Seen   civil.Date     // the day on which somebody found that it still stands; zero is none
}

// Draft is a file as it is and as it would be.
type Draft struct {
	File     string
	Old, New []byte
	Line     int     // at which the event begins
	After    *Config // all files, as they would be read then; a further change is made to that
}

// ErrByHand says that a change has to be made by hand, with what to write.
var ErrByHand = errors.New("write it yourself")

// Draft returns the file of an event as it would be after a change, all else in it octet for
// octet as it is. Nothing is written. What the file would say is read by the rules of every
// file: the error is one of the value that was given, an [ErrByHand] where the file is written
// in a way that does not let the change be made safely, or of type [Errors].
func (c *Config) Draft(ch Change) (Draft, error) {
	d, err := c.fileOf(ch.ID)
	if err != nil {
		return d, err
	}
	if d, err = d.knowing(ch.Source); err != nil {
		return d, err
	}
	cite := ch.Cite
	if cite.Key != "" || cite.Quote != "" || cite.IsNew() {
		if d, err = d.withSource(cite); err != nil {
			return d, err
		}
	}
	for _, a := range ch.Fields {
		if d, err = d.assign(ch.ID, a, cite); err != nil {
			return d, fmt.Errorf("%s: %w", a, err)
		}
	}
	if !ch.Seen.IsZero() {
		d, err = d.seen(ch)
	}
	return d, err
}

// becomes returns d with data as what its file would say, if all files can be read then.
func (d Draft) becomes(data []byte, err error) (Draft, error) {
	if err != nil {
		return d, err
	}
	docs := slices.DeleteFunc(slices.Clone(d.After.drafts), func(doc Document) bool { return doc.Name == d.File })
	after, err := Load(d.After.File, append(docs, Document{Name: d.File, Data: data})...)
	if err != nil {
		return d, firstOf(err)
	}
	d.New, d.After = data, after
	return d, nil
}

// seen returns the draft in which a source of the event was read on a day: the one that is
// cited, or the latest that the event rests on.
func (d Draft) seen(ch Change) (Draft, error) {
	key := cmp.Or(ch.Cite.Key, d.After.latest(ch.ID))
	if key == "" {
		return d, fmt.Errorf("%s rests on no source: name one with --source", quoted(ch.ID))
	}
	text, m, err := find(d.New, ch.ID)
	if err != nil {
		return d, err
	}
	for _, cited := range m.Items("sources") {
		if cited.Value("source") == key && ch.Cite.Quote == "" {
			return d.becomes(text.Set(cited, "seen", ch.Seen.String()))
		}
	}
	value := "{source: " + key
	if ch.Cite.Quote != "" {
		value += ", quote: " + splice.Quote(ch.Cite.Quote)
	}
	return d.assign(ch.ID, calendar.Assignment{Field: "sources", Value: value + ", seen: " + ch.Seen.String() + "}", Add: true}, calendar.Cited{})
}

// latest returns the key of the source that was published last of those an event rests on.
func (c *Config) latest(id string) (key string) {
	var latest civil.Date
	e, _ := c.Calendar.Event(id) // whose file was found
	var keys []string
	for _, s := range e.When {
		keys = append(keys, s.Source)
	}
	for _, s := range e.Sources {
		keys = append(keys, s.Source)
	}
	for _, s := range c.Calendar.Sources {
		if slices.Contains(keys, s.Key) && (key == "" || s.Published.Compare(latest) > 0) {
			key, latest = s.Key, s.Published
		}
	}
	return key
}

// fileOf reads the file in which an event stands.
func (c *Config) fileOf(id string) (Draft, error) {
	e, ok := c.Calendar.Event(id)
	if !ok {
		return Draft{}, fmt.Errorf("no file has an event %s%s", quoted(id), didYouMean(id, c.Calendar.ids()))
	}
	d := Draft{File: e.Origin.File, Line: e.Origin.Line}
	var err error
	if d.Old, err = readFile(d.File); err != nil {
		return d, fmt.Errorf("read %s: %s", d.File, plainCause(err))
	}
	d.New, d.After = c.draftOf(d.File, d.Old), c
	return d, nil
}

// draftOf returns what a file says in c: what its draft does, or else what it holds.
func (c *Config) draftOf(file string, holds []byte) []byte {
	for _, doc := range c.drafts {
		if doc.Name == file {
			return doc.Data
		}
	}
	return holds
}

// Drafts returns the files that were changed in c, in the order in which they were.
func (c *Config) Drafts() (list []Draft, err error) {
	for _, doc := range c.drafts {
		d := Draft{File: doc.Name, New: doc.Data, After: c}
		if d.Old, err = readFile(doc.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return list, fmt.Errorf("read %s: %s", doc.Name, plainCause(err))
		}
		list = append(list, d)
	}
	return list, nil
}

// withSource returns the draft with a source that is new, or as it is where the source is known.
func (d Draft) withSource(cite calendar.Cited) (Draft, error) {
	if cite.Key == "" {
		return d, errors.New("a quote and the particulars of a source need its key: add --source")
	}
	known := slices.ContainsFunc(d.After.Calendar.Sources, func(s event.Source) bool { return s.Key == cite.Key })
	switch {
	case known && cite.IsNew():
		return d, fmt.Errorf("the source %s is there already: leave out what describes it, or choose another key", quoted(cite.Key))
	case known:
		return d, nil
	case !cite.IsNew():
		keys := make([]string, len(d.After.Calendar.Sources))
		for i, s := range d.After.Calendar.Sources {
			keys[i] = s.Key
		}
		return d, fmt.Errorf("there is no source %s%s; describe a new one with --publisher, --url and --published", quoted(cite.Key), didYouMean(cite.Key, keys))
	}
	if err := event.CheckID(cite.Key); err != nil {
		return d, fmt.Errorf("--source: %w", err)
	}
	text, err := splice.Parse(d.New)
	if err != nil {
		return d, err
	}
	return d.becomes(addSource(text, event.Source{Key: cite.Key, Publisher: cite.Publisher, URL: cite.URL, Published: cite.Published}))
}

// knowing returns the draft with a source, or as it is where a file has one of its key.
func (d Draft) knowing(s event.Source) (Draft, error) {
	if s.Key == "" || slices.ContainsFunc(d.After.Calendar.Sources, func(o event.Source) bool { return o.Key == s.Key }) {
		return d, nil
	}
	text, err := splice.Parse(d.New)
	if err != nil {
		return d, err
	}
	return d.becomes(addSource(text, s))
}

func addSource(text *splice.Text, s event.Source) ([]byte, error) {
	var parts []string
	for _, p := range sourceParts(s) {
		parts = append(parts, p[0]+": "+p[1])
	}
	value := "{" + strings.Join(parts, ", ") + "}"
	for _, path := range [][]string{{"sources"}, {"calendar", "sources"}} {
		if m, ok := text.Map(path...); ok {
			return text.Set(m, s.Key, value)
		}
	}
	root, ok := text.Map()
	if in, inside := text.Map("calendar"); inside {
		root, ok = in, true
	}
	if !ok {
		return nil, splice.ErrUnsafe
	}
	return text.Set(root, "sources", "{"+splice.Quote(s.Key)+": "+value+"}")
}

// sourceParts returns the keys of a source with their values, as YAML for one line.
func sourceParts(s event.Source) (parts [][2]string) {
	for _, p := range [][2]string{{"title", s.Title}, {"publisher", s.Publisher}, {"url", s.URL}, {"published", s.Published.String()}, {"timezone", s.Timezone}} {
		if p[1] != "" {
			parts = append(parts, [2]string{p[0], splice.Quote(p[1])})
		}
	}
	return parts
}

// order is where a new field comes: behind these, as far as they are there.
var order = []string{"id", "title", "kind", "when", "zone", "calendar", "certainty", "status", "reason", "if", "place", "parties", "people", "topics", "note", "remind", "links", "sources", "audience"}

// assign returns the draft with one field of the event assigned.
func (d Draft) assign(id string, a calendar.Assignment, cite calendar.Cited) (Draft, error) {
	var firstErr error
	for _, value := range values(a, restsOn(cite)) {
		data, err := put(d.New, id, a, value)
		if errors.Is(err, splice.ErrUnsafe) {
			return d, fmt.Errorf("%s:%d: %w: %w, %s", d.File, d.Line, err, ErrByHand, byHand(a, value))
		}
		next, err := d.becomes(data, err)
		switch {
		case err != nil:
			firstErr = cmp.Or(firstErr, err)
		case cite.Key != "" && !slices.Contains([]string{"when", "sources", "reason"}, a.Field):
			return next.cited(id, a.Field, cite)
		default:
			return next, nil
		}
	}
	return d, firstErr
}

// cited returns the draft with the words of a source for a field.
func (d Draft) cited(id, field string, cite calendar.Cited) (Draft, error) {
	value := "{source: " + cite.Key
	if cite.Quote != "" {
		value += ", quote: " + splice.Quote(cite.Quote)
	}
	return d.assign(id, calendar.Assignment{Field: "sources", Value: value + ", supports: [" + field + "]}", Add: true}, calendar.Cited{})
}

func byHand(a calendar.Assignment, value string) string {
	if a.Add {
		return a.Field + ": with one more item, " + value
	}
	return a.Field + ": " + value
}

// put writes a value, YAML for one line, into the event.
func put(data []byte, id string, a calendar.Assignment, value string) ([]byte, error) {
	text, m, err := find(data, id)
	if err != nil {
		return nil, err
	}
	behind := order[:max(slices.Index(order, a.Field), 0)]
	switch {
	case !a.Add:
		return text.Set(m, a.Field, value, behind...)
	case !m.Has(a.Field) && a.Field == "when":
		return text.Set(m, a.Field, value, behind...)
	case !m.Has(a.Field) && a.Field != "sources": // a list of words stands in one line
		return text.Set(m, a.Field, "["+value+"]", behind...)
	}
	return text.Append(m, a.Field, value, behind...)
}

// find returns the map of an event in the text of its file.
func find(data []byte, id string) (*splice.Text, splice.Map, error) {
	text, err := splice.Parse(data)
	if err != nil {
		return nil, splice.Map{}, err
	}
	for _, path := range [][]string{{"events"}, {"calendar", "events"}} {
		if m, ok := text.Item("id", id, path...); ok {
			return text, m, nil
		}
	}
	return nil, splice.Map{}, splice.ErrUnsafe
}

// values returns how an assignment can be written, the simplest first. Which is right is known
// when it is read: the words of a date tell nobody whether they are a day, an instant or a phrase.
// What a date rests on goes with it.
func values(a calendar.Assignment, rests string) []string {
	written := strings.TrimSpace(a.Value)
	structured := strings.HasPrefix(written, "{") || strings.HasPrefix(written, "[") && !strings.Contains(written, "..")
	if a.Field != "when" || rests == "" {
		if structured {
			return []string{written}
		}
		if a.Field == "when" {
			return []string{splice.Quote(written), "{phrase: " + splice.Quote(written) + "}"}
		}
		return []string{splice.Quote(written)}
	}
	if inner, ok := strings.CutSuffix(written, "}"); ok && strings.HasPrefix(written, "{") {
		return []string{strings.TrimRight(inner, " ,") + rests + "}"}
	}
	var out []string
	for _, key := range []string{"on", "at", "edtf", "phrase"} {
		out = append(out, "{"+key+": "+splice.Quote(written)+rests+"}")
	}
	return out
}

// restsOn returns what is written behind a date that rests on a source.
func restsOn(cite calendar.Cited) string {
	switch {
	case cite.Key == "":
		return ""
	case cite.Quote == "":
		return ", source: " + cite.Key
	}
	return ", source: " + cite.Key + ", quote: " + splice.Quote(cite.Quote)
}

// firstOf returns the first of several errors, without its place in a file that nobody has.
func firstOf(err error) error {
	var wrong Errors
	if errors.As(err, &wrong) {
		return errors.New(wrong[0].Message)
	}
	return err
}
