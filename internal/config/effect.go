package config

import (
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/prose"
	"attache/internal/when"
)

// What stands in the files and has no effect is most often a slip, and nothing else would
// tell of it: the text is well formed, and attache does less than its author thinks. All
// such warnings are made here. None is made of what may well be meant, since whoever is
// warned for nothing reads no warning.

// wanted is a topic or party that a route, a feed or a digest chooses events by.
type wanted struct {
	key, word string
	at        place
}

// withoutEffect warns of what has no effect, once every file was read.
func (l *loader) withoutEffect() {
	if l.partial || len(l.found.errs) > 0 {
		return
	}
	l.unknownWords()
	l.untold()
	l.reach()
}

// unknownWords warns of topics and parties that are asked for and that no event has. Without
// any event there is nothing to compare them with, and the topics of the calendars that are
// followed are known only when they are fetched.
func (l *loader) unknownWords() {
	if len(l.cal.Events) == 0 {
		return
	}
	have := map[string]map[string]string{"topics": {}, "parties": {}} // as they are written, by what they are compared by
	for _, e := range l.cal.Events {
		for _, t := range e.Topics {
			have["topics"][prose.Fold(t)] = t
		}
		for _, p := range e.Parties {
			have["parties"][prose.Fold(p)] = p
		}
	}
	for _, w := range l.cal.wanted {
		if _, ok := have[w.key][prose.Fold(w.word)]; ok || w.key == "topics" && len(l.cfg.Follow) > 0 {
			continue
		}
		what := map[string]string{"topics": "topic", "parties": "party"}[w.key]
		words := slices.Sorted(maps.Values(have[w.key]))
		l.found.warn(w.at.mending(w.word, nearest(w.word, words)), "no event has the %s %s%s", what, quoted(w.word), didYouMean(w.word, words))
	}
}

// mostUntold is how many events are named that no route takes.
const mostUntold = 20

// untold warns of events that no route can take, whatever becomes of them: routes choose
// them by what they are about, who takes part, and their kind. Of holidays nobody has to
// be told.
func (l *loader) untold() {
	if len(l.cfg.Routes) == 0 {
		return
	}
	more := 0
	var last place
	for _, e := range l.cal.Events {
		if !e.Kind.AwaitsOutcome() || e.Status.Over() || slices.ContainsFunc(l.cfg.Routes, func(r notice.Route) bool { return couldTake(r.Match, e) }) {
			continue
		}
		last = l.cal.events[e.ID]
		if more++; more <= mostUntold {
			l.found.warn(last, "no route takes this event, so nobody is told of it: add one that does, or one of its topics to a route")
		}
	}
	if more > mostUntold {
		l.found.warn(last, "no route takes %s more", prose.Count(more-mostUntold, "event"))
	}
}

// couldTake reports whether f can choose e, whatever its certainty and its status become.
func couldTake(f agenda.Filter, e event.Event) bool {
	lasting := agenda.Filter{Topics: f.Topics, Parties: f.Parties, Kinds: f.Kinds}
	return lasting.Match(&agenda.Entry{Event: e})
}

// countsNone warns of the calendar of a statement that counts no business days by it.
func (r *reader) countsNone(list []when.Expr, f field) {
	name := r.resolve(f.v).Value
	if len(list) > 0 && !slices.ContainsFunc(list, when.Expr.UsesCalendar) {
		r.found.warn(r.at(f.k), "calendar has no effect: this date counts no business days by %s", quoted(name))
	}
}

// countsNothing warns of the calendar of an event none of whose dates and reminders counts
// business days.
func (r *reader) countsNothing(e event.Event, f field) {
	counted := slices.ContainsFunc(e.When, func(s event.Statement) bool { return s.Expr.UsesCalendar() })
	ladder := r.cfg.Remind.Default
	if own, ok := r.cfg.Remind.Ladders[e.Kind]; ok {
		ladder = own
	}
	inDays := slices.ContainsFunc(ladder, func(l notice.Lead) bool { return l.Unit == notice.BusinessDays })
	if e.Remind != nil {
		inDays = slices.ContainsFunc(*e.Remind, func(l string) bool { return strings.HasSuffix(l, string(notice.BusinessDays)) })
	}
	if e.Calendar != "" && f.k != nil && !counted && !inDays {
		words := "calendar has no effect: no date and no reminder of this event counts business days"
		if slices.ContainsFunc(e.When, func(s event.Statement) bool { return !s.Expr.Recurs.IsZero() }) {
			words += "; except: holidays beside recurs leaves out its holidays"
		}
		r.found.warn(r.at(f.k), "%s", words)
	}
}

// swallowed warns of a comment behind text without quotation marks that may be meant as a
// part of it: DS #597. A comment that keeps its distance, with two blanks before # and one
// behind it, is meant as one.
func (r *reader) swallowed(f field) {
	n := r.resolve(f.v)
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Value == "" {
		return
	}
	if !strings.Contains(r.src.line(n.Line), "#") {
		return
	}
	line := []rune(r.src.line(n.Line))
	text := []rune(n.Value)
	end := n.Column - 1 + len(text)
	if end >= len(line) || string(line[n.Column-1:end]) != n.Value {
		return // it goes on in the next line
	}
	if m := closeComment.FindStringIndex(string(line[end:])); m != nil {
		at := r.at(n)
		at.column = end + m[1]
		r.found.warn(at, "what follows # is a comment, and no part of the text: put the text into quotes if it is one, or another blank before # if it is not")
	}
}

// closeComment finds a comment that stands like a word of the text before it.
var closeComment = regexp.MustCompile(`^(?:[ \t]#|[ \t]{2,}#[^\s#])`)

// mostStray is how many files are named that are not read.
const mostStray = 20

// strays warns of files that look like files of events, lie where such files are looked for,
// and that no pattern names.
func (l *loader) strays() {
	home := filepath.Clean(filepath.Dir(l.cfg.File))
	seen := map[string]bool{}
	for _, folder := range l.cfg.Folders {
		if filepath.Clean(folder) == home {
			continue // other files stand beside attache.yaml
		}
		// What can't be read here is no file of events, or told of where it is read.
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case d.IsDir() && (path != folder && strings.HasPrefix(d.Name(), ".") || strings.Count(path, "/")-strings.Count(folder, "/") > 3):
				return fs.SkipDir
			case d.IsDir() || seen[path] || l.read[filepath.Clean(path)] || !looksLikeEvents(path):
				return nil
			}
			if seen[path] = true; len(seen) <= mostStray {
				l.found.warn(newFileText(path, nil).whole(), "this file is not read: no pattern under events in %s names it", l.cfg.File)
			}
			return nil
		})
	}
}

// looksLikeEvents reports whether a file seems to be meant for one of events: it is YAML, or
// JSON, with the keys of one, or YAML that can't be read.
func looksLikeEvents(path string) bool {
	extension := strings.ToLower(filepath.Ext(path))
	if strings.HasPrefix(filepath.Base(path), ".") || !slices.Contains([]string{".yaml", ".yml", ".json"}, extension) {
		return false
	}
	data, err := readFile(path)
	if err != nil {
		return false
	}
	d := &document{src: newFileText(path, data)}
	var errs Errors
	if d.root, errs = d.src.decode(); d.root == nil || d.isSettings() {
		return len(errs) > 0 && extension != ".json" && len(data) > 0
	}
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if key := d.root.Content[i].Value; d.root.Kind == yaml.MappingNode && (key == "events" || key == "sources") {
			return true
		}
	}
	return false
}
