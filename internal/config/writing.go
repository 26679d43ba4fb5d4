package config

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// writing gathers what is to be written into files, so that each is read and proved once however
// much that is.
type writing struct {
	c       *Config
	known   known
	files   []*writtenFile
	chosen  map[string]string // how values are written that were asked for before
	sources map[string]bool   // by their keys; false are those that are new
}

// writtenFile is a file and what is to be written into it.
type writtenFile struct {
	name    string
	text    []byte
	sources []splice.Entry
	events  [][]splice.Entry
	steps   map[string][]step // of each event that is there, in their order
	ids     []string          // of these events
}

// step is one thing that is written into an event.
type step struct {
	calendar.Assignment        // its value is YAML for one line; "" takes the field out
	note                string // a comment behind it, where there is room
	within              string // key of a source: the value goes into what the event cites of it
}

func (c *Config) writing() *writing {
	w := &writing{c: c, chosen: map[string]string{}, sources: map[string]bool{}, known: known{slices.Clone(c.Calendar.Sources), c.Calendar.Events}}
	for _, s := range c.Calendar.Sources {
		w.sources[s.Key] = true
	}
	return w
}

// file returns what is to be written into a file, which may be new.
func (w *writing) file(name string) (*writtenFile, error) {
	for _, f := range w.files {
		if f.name == name {
			return f, nil
		}
	}
	f := &writtenFile{name: name, steps: map[string][]step{}}
	holds, err := readFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %s", name, plainCause(err))
	}
	f.text = w.c.draftOf(name, holds)
	w.files = append(w.files, f)
	return f, nil
}

// fileOf returns an event and the file in which it stands.
func (w *writing) fileOf(id string) (e event.Event, f *writtenFile, err error) {
	e, ok := w.c.Calendar.Event(id)
	if !ok {
		return e, nil, fmt.Errorf("no file has an event %s%s", quoted(id), didYouMean(id, w.c.Calendar.ids()))
	}
	f, err = w.file(e.Origin.File)
	return e, f, err
}

// source has a source written that no file has.
func (w *writing) source(f *writtenFile, s event.Source) {
	if _, there := w.sources[s.Key]; s.Key != "" && !there {
		w.sources[s.Key] = false
		w.known.sources = append(w.known.sources, s)
		f.sources = append(f.sources, splice.Entry{Key: splice.Quote(s.Key), Value: sourceText(s)})
	}
}

// cite has the source written that a change rests on, where it is a new one.
func (w *writing) cite(f *writtenFile, cite calendar.Cited, today civil.Date) error {
	switch inFile, known := w.sources[cite.Key]; {
	case cite == calendar.Cited{}:
		return nil
	case cite.Key == "":
		return errors.New("a quote and the particulars of a source need its key: add --source")
	case inFile && cite.IsNew():
		return fmt.Errorf("the source %s is there already: leave out what describes it, or choose another key", quoted(cite.Key))
	case known:
		return nil
	case !cite.IsNew():
		keys := make([]string, len(w.known.sources))
		for i, s := range w.known.sources {
			keys[i] = s.Key
		}
		return fmt.Errorf("there is no source %s%s; describe a new one with --publisher, --url and --published", quoted(cite.Key), didYouMean(cite.Key, keys))
	}
	if err := event.CheckID(cite.Key); err != nil {
		return fmt.Errorf("--source: %w", err)
	}
	w.source(f, event.Source{Key: cite.Key, Publisher: cite.Publisher, URL: cite.URL, Published: cmp.Or(cite.Published, today)})
	return nil
}

// step has something written into an event.
func (f *writtenFile) step(id string, s step) {
	if len(f.steps[id]) == 0 {
		f.ids = append(f.ids, id)
	}
	f.steps[id] = append(f.steps[id], s)
}

// written returns how the value of a field is written, in the first way that can be read.
func (w *writing) written(of event.Event, a calendar.Assignment, cite calendar.Cited, today civil.Date) (string, error) {
	switch {
	case a.Field == "id":
		return "", errors.New("the id of an event stays for ever")
	case a.Add && event.Adder(a.Field) == nil && event.Setter(a.Field) != nil:
		return "", fmt.Errorf("it is one value: write %s=", a.Field)
	case a.Value == "":
		return "", nil
	}
	same := strings.Join([]string{of.Zone, of.Calendar, a.String(), restsOn(cite)}, "\x00")
	if text, ok := w.chosen[same]; ok {
		return text, nil
	}
	_, wrong := w.c.readFields(a.Field+": "+values(a, "", civil.Date{})[0], of, w.known) // it has the words that were written
	for _, text := range values(a, restsOn(cite), today) {
		value := text
		if a.Add {
			value = "[" + text + "]"
		}
		_, err := w.c.readFields(a.Field+": "+value, of, w.known)
		if err == nil {
			w.chosen[same] = text
			return text, nil
		}
		wrong = cmp.Or(wrong, err)
	}
	return "", wrong
}

// done returns all files as they would be read.
func (w *writing) done() (*Config, error) {
	docs := slices.Clone(w.c.drafts)
	for _, f := range w.files {
		text, err := f.written(w.c)
		if err != nil {
			return nil, err
		}
		docs = slices.DeleteFunc(docs, func(d Document) bool { return d.Name == f.name })
		docs = append(docs, Document{Name: f.name, Data: text})
	}
	after, err := Load(w.c.File, docs...)
	if err != nil {
		return nil, firstOf(err)
	}
	return after, nil
}

// written returns the text of the file with all that is to be written. What is written into one
// event is written in turn, and into all events together.
func (f *writtenFile) written(c *Config) ([]byte, error) {
	text, err := f.begun()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	for turn := 0; ; turn++ {
		more := false
		for _, id := range f.ids {
			if turn >= len(f.steps[id]) {
				continue
			}
			more = true
			err := f.put(text, id, f.steps[id][turn])
			if err == nil && len(f.ids) == 1 {
				_, err = text.Bytes()
			}
			if err != nil {
				return nil, f.byHand(c, id, f.steps[id][turn], err)
			}
		}
		data, err := text.Bytes()
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", f.name, err)
		case !more:
			return data, nil
		}
		if text, err = splice.Parse(data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
}

// byHand says what has to be written by a person.
func (f *writtenFile) byHand(c *Config, id string, s step, err error) error {
	if !errors.Is(err, splice.ErrUnsafe) {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	e, _ := c.Calendar.Event(id) // the steps are of events that are there
	line := s.Field + ": " + s.Value
	switch {
	case s.Value == "":
		line = "without " + s.Field
	case s.within != "":
		line = "in what it cites of " + s.within + ", " + line
	case s.Add:
		line = s.Field + ": with one more item, " + s.Value
	}
	return fmt.Errorf("%s: %s:%d: %w: %w, %s", s.Assignment, f.name, e.Origin.Line, err, ErrByHand, line)
}

// begun returns the text of the file with its new sources and events.
func (f *writtenFile) begun() (*splice.Text, error) {
	text, err := splice.Parse(f.text)
	if errors.Is(err, io.EOF) { // there is nothing in it, or comments
		data := f.text
		if len(data) > 0 && data[len(data)-1] != '\n' {
			data = append(slices.Clip(data), '\n')
		}
		text, err = splice.Parse(append(slices.Clip(data), "events:\n"...))
	}
	if err != nil {
		return nil, err
	}
	in, path := splice.Map{}, []string{"events"}
	in, ok := text.Map()
	if calendar, inside := text.Map("calendar"); inside {
		in, path = calendar, []string{"calendar", "events"}
	}
	if !ok {
		return nil, splice.ErrUnsafe
	}
	for _, s := range f.sources {
		if err := text.Within(in, "sources", s, "events"); err != nil {
			return nil, err
		}
		if !in.Has("sources") { // now it has
			data, err := text.Bytes()
			if err != nil {
				return nil, err
			}
			rest := &writtenFile{name: f.name, text: data, sources: f.sources[1:], events: f.events}
			return rest.begun()
		}
	}
	if len(f.events) == 0 {
		return text, nil
	}
	return text, text.AppendItems(f.events, path...)
}

// put writes one thing into an event of the text.
func (f *writtenFile) put(text *splice.Text, id string, s step) error {
	m, ok := eventIn(text, id)
	if s.within != "" {
		i := slices.IndexFunc(m.Items("sources"), func(cited splice.Map) bool { return cited.Value("source") == s.within })
		if ok = ok && i >= 0; ok {
			m = m.Items("sources")[i]
		}
	}
	if !ok {
		return splice.ErrUnsafe
	}
	behind := order[:max(slices.Index(order, s.Field), 0)]
	value := s.Value
	if !m.Inline(s.Field, s.Add) {
		value += s.note
	}
	switch {
	case s.Value == "" && !s.Add:
		return text.Remove(m, s.Field)
	case !s.Add, s.Field == "when" && (!m.Has("when") || m.Value("when") == "tbd"):
		return text.Set(m, s.Field, value, behind...)
	case !m.Has(s.Field) && s.Field != "sources": // a list of words stands in one line
		return text.Set(m, s.Field, "["+s.Value+"]", behind...)
	}
	return text.Append(m, s.Field, value, behind...)
}

// order is where a new field comes: behind these, as far as they are there.
var order = []string{"id", "title", "kind", "when", "zone", "calendar", "certainty", "status", "reason", "if", "place", "parties", "people", "topics", "note", "remind", "links", "sources", "audience"}

// sourceText returns a source as YAML for one line.
func sourceText(s event.Source) string {
	var parts []string
	for _, p := range sourceParts(s) {
		parts = append(parts, p[0]+": "+p[1])
	}
	return "{" + strings.Join(parts, ", ") + "}"
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

// values returns how an assignment can be written, the simplest first. Which is right is known
// when it is read: the words of a date tell nobody whether they are a day, an instant or a phrase.
// What a date rests on goes with it; words that rest on nothing are read against today.
func values(a calendar.Assignment, rests string, today civil.Date) []string {
	written := strings.TrimSpace(a.Value)
	structured := strings.HasPrefix(written, "{") || strings.HasPrefix(written, "[") && !strings.Contains(written, "..")
	switch inner, closed := strings.CutSuffix(written, "}"); {
	case a.Field == "when" && rests != "" && closed && strings.HasPrefix(written, "{"):
		return []string{strings.TrimRight(inner, " ,") + rests + "}"}
	case structured:
		return []string{written}
	case a.Field == "when" && rests != "":
		var out []string
		for _, key := range []string{"on", "at", "edtf", "phrase"} {
			out = append(out, "{"+key+": "+splice.Quote(written)+rests+"}")
		}
		return out
	case a.Field == "when" && !today.IsZero():
		return []string{splice.Quote(written), "{phrase: " + splice.Quote(written) + ", dateline: " + today.String() + "}"}
	case slices.Contains(lists, a.Field) && !a.Add:
		return []string{splice.Quote(written), "[" + quotedList(strings.Split(written, ",")) + "]"}
	}
	return []string{splice.Quote(written)}
}

// lists are the fields that are lists of words: those of a person are divided by commas.
var lists = []string{"parties", "people", "topics", "remind", "audience"}

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
