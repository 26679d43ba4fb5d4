package lsp

import (
	"context"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"attache/internal/config"
	"attache/internal/event"
)

// document is a text that the editor has open.
type document struct {
	uri     string
	path    string // "" where it is no file
	version int
	text    *text
	dirty   bool           // it was changed since it was saved
	of      *configuration // that it belongs to, as far as is known; nil is none
}

// configuration is an attache.yaml with the files that it names, or a file of events that
// belongs to none and is checked alone.
type configuration struct {
	checker  config.Checker
	alone    *document // that is checked; nil is a whole configuration
	found    Found
	done     bool                    // found is of a check
	versions map[*document]int       // of the documents that found is of
	shown    map[string][]diagnostic // what the editor was told, by address
	names    map[string][]config.Name
	entries  Found                   // the last in which nothing was wrong
	saved    map[string]event.Status // what the files say on the disk, by id
	stale    bool                    // it has to be checked
	gone     bool                    // nobody asks for it any more
}

// pathOf returns the file that an address means, "" for none.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return ""
	}
	return filepath.Clean(filepath.FromSlash(u.Path))
}

func uriOf(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute(path))}).String()
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// short returns a path as people write it: from the folder of the process, where it lies there.
func short(path string) string {
	home, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(home, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path
	}
	return rel
}

// same reports whether two paths lead to the same file.
func same(a, b string) bool {
	a, b = absolute(a), absolute(b)
	if a == b || filepath.Base(a) != filepath.Base(b) {
		return a == b
	}
	left, err := os.Stat(a)
	right, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(left, right)
}

// configuration returns the one at a path, which is a new one where nobody asked for it yet.
func (s *server) configuration(path string) *configuration {
	for _, c := range s.configs {
		if c.alone == nil && same(c.checker.Path, path) {
			return c
		}
	}
	c := &configuration{checker: config.Checker{Path: short(path)}, stale: true}
	s.configs = append(s.configs, c)
	return c
}

// enter looks for a configuration in each folder that the editor has.
func (s *server) enter(folders []folder) {
	for _, f := range folders {
		root := pathOf(f.URI)
		for _, name := range []string{"attache.yaml", filepath.Join("config", "attache.yaml")} {
			if file := filepath.Join(root, name); root != "" && isFile(file) {
				s.configuration(file)
			}
		}
	}
}

// leave forgets the configurations in folders that the editor left.
func (s *server) leave(folders []folder) error {
	for _, f := range folders {
		for _, c := range slices.Clone(s.configs) {
			within, err := filepath.Rel(pathOf(f.URI), absolute(c.checker.Path))
			if c.alone != nil || err != nil || strings.HasPrefix(within, "..") || s.inUse(c) {
				continue
			}
			if err := s.drop(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *server) inUse(c *configuration) bool {
	for _, d := range s.docs {
		if d.of == c {
			return true
		}
	}
	return s.Path != "" && same(s.Path, c.checker.Path)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// home returns the configuration of a document: the nearest above it. Where there is none, a
// file of events is checked alone, and any other YAML is nothing of ours.
func (s *server) home(d *document) *configuration {
	if d.path != "" {
		for _, c := range s.configs {
			if c.alone == nil && c.reads(d.path) {
				return c
			}
		}
		if filepath.Base(d.path) == "attache.yaml" {
			return s.configuration(d.path)
		}
		for dir := filepath.Dir(d.path); ; dir = filepath.Dir(dir) {
			if file := filepath.Join(dir, "attache.yaml"); isFile(file) {
				return s.configuration(file)
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	for _, c := range s.configs {
		if c.alone == d {
			return c
		}
	}
	if !eventsLike.MatchString(d.text.data) {
		return nil
	}
	c := &configuration{alone: d, stale: true}
	s.configs = append(s.configs, c)
	return c
}

// eventsLike is what only a file of events has at its top.
var eventsLike = regexp.MustCompile(`(?m)^["']?(events|sources)["']?:`)

// reads reports whether a file is one of the configuration.
func (c *configuration) reads(path string) bool {
	return same(c.checker.Path, path) || slices.ContainsFunc(c.found.Files, func(f string) bool { return same(f, path) })
}

// edited takes what became of a document.
func (s *server) edited(method string, p changeParams) error {
	uri := p.TextDocument.URI
	d, open := s.docs[uri]
	after := time.Duration(0)
	switch {
	case method == "textDocument/didOpen":
		d = &document{uri: uri, path: pathOf(uri), version: p.TextDocument.Version, text: newText(p.TextDocument.Text)}
		s.docs[uri] = d
	case !open:
		return failed(invalidParams, "%s is not open", uri)
	case method == "textDocument/didClose":
		delete(s.docs, uri)
		if d.of != nil && d.of.alone == d {
			return s.drop(d.of)
		}
	case method == "textDocument/didSave":
		d.dirty = false
	default:
		for _, change := range p.ContentChanges {
			if change.Range == nil {
				d.text = newText(change.Text)
			} else {
				d.text = d.text.replaced(*change.Range, change.Text, s.units)
			}
		}
		d.version, d.dirty, after = p.TextDocument.Version, true, pause
	}
	if d.of == nil || method != "textDocument/didChange" {
		d.of = s.home(d)
	}
	s.recheck(d, after)
	return nil
}

// recheck has what a document belongs to checked after a time, or all for nil.
func (s *server) recheck(d *document, after time.Duration) {
	due := false
	for _, c := range s.configs {
		if d == nil || after == 0 && c == d.of || c.holds(d) {
			c.stale, due = true, true
		}
	}
	if due {
		s.due = time.After(after)
	}
}

// holds reports whether a document is checked with the configuration, or may be.
func (c *configuration) holds(d *document) bool {
	if c.alone != nil {
		return c.alone == d
	}
	return d.path != "" && (!c.done || c.reads(d.path))
}

// drop forgets a configuration, and has the editor forget what was said of it.
func (s *server) drop(c *configuration) error {
	s.configs = slices.DeleteFunc(s.configs, func(o *configuration) bool { return o == c })
	c.gone = true
	return s.publish(c, nil)
}

// checked is what a check of a configuration found.
type checked struct {
	of       *configuration
	found    Found
	versions map[*document]int
	clean    bool // the texts were those of the files on the disk
	err      error
}

// begin starts the check of one configuration that needs one.
func (s *server) begin(ctx context.Context) {
	i := slices.IndexFunc(s.configs, func(c *configuration) bool { return c.stale })
	if s.running || i < 0 {
		return // what runs comes back to what is left
	}
	c := s.configs[i]
	c.stale, s.running = false, true
	result := checked{of: c, versions: map[*document]int{}, clean: true}
	var drafts []config.Document
	for _, d := range s.docs {
		if c.alone != nil && c.alone != d || c.alone == nil && d.path == "" {
			continue
		}
		result.versions[d] = d.version
		name := d.path
		if name == "" {
			name = d.uri
		}
		data := []byte(d.text.data)
		drafts = append(drafts, config.Document{Name: short(name), Data: data})
		if c.alone == nil && name != short(name) { // a pattern can be either
			drafts = append(drafts, config.Document{Name: name, Data: data})
		}
		result.clean = result.clean && !d.dirty
	}
	go func() {
		result.found, result.err = s.Check(ctx, &c.checker, drafts...)
		select {
		case s.checks <- result:
		case <-ctx.Done():
		}
	}()
}

// accept takes what a check found, unless it is of texts that have changed.
func (s *server) accept(r checked) error {
	c := r.of
	if slices.ContainsFunc(s.configs, func(c *configuration) bool { return c.stale }) && s.due == nil {
		s.due = time.After(0)
	}
	if r.err != nil {
		s.logf("%s: %v", c.checker.Path, r.err)
	}
	for d, version := range r.versions {
		if s.docs[d.uri] == d && d.version != version && c.holds(d) {
			c.stale = true // its check is due after the pause
			if s.due == nil {
				s.due = time.After(pause)
			}
			return nil
		}
	}
	if c.gone {
		return nil
	}
	c.found, c.versions, c.done = r.found, r.versions, true
	c.remember(r)
	for _, d := range s.docs {
		if d.of == nil && c.alone == nil && d.path != "" && c.reads(d.path) {
			d.of = c
		}
	}
	return s.publish(c, s.diagnostics(c))
}

// remember keeps what is asked for while a file can't be read.
func (c *configuration) remember(r checked) {
	names := map[string][]config.Name{}
	for _, broken := range r.found.Broken {
		names[broken] = c.names[broken]
	}
	for _, n := range r.found.Names {
		names[n.File] = append(names[n.File], n)
	}
	c.names = names
	if len(r.found.Errors) == 0 {
		c.entries = r.found
	}
	if r.clean || c.saved == nil {
		c.saved = map[string]event.Status{}
		for _, e := range r.found.Calendar.Events {
			c.saved[e.ID] = e.Status
		}
	}
}

// file returns the document of a file that is open, or its address and its text as it is on
// the disk.
func (s *server) file(name string) (uri string, t *text, open *document) {
	for _, d := range s.docs {
		if d.path != "" && same(d.path, name) || d.path == "" && d.uri == name {
			return d.uri, d.text, d
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		data = nil // it is gone, or never was one: the place is its beginning
	}
	return uriOf(name), newText(strings.TrimPrefix(string(data), bom)), nil
}

// diagnostics returns what was found, by the address of the file.
func (s *server) diagnostics(c *configuration) map[string][]diagnostic {
	out := map[string][]diagnostic{}
	texts := map[string]*text{}
	uris := map[string]string{}
	for i, list := range []config.Errors{c.found.Errors, c.found.Warnings} {
		for _, e := range list {
			name := e.File
			if strings.HasPrefix(name, "<") { // it is of no file
				name = c.checker.Path
			}
			if texts[name] == nil {
				uris[name], texts[name], _ = s.file(name)
			}
			uri := uris[name]
			out[uri] = append(out[uri], diagnostic{
				Range: s.rangeOf(texts[name], e), Severity: severityError + i, Code: e.Code, Source: "attache", Message: e.Message,
			})
		}
	}
	for d := range c.versions { // what is open is told even where it is without a mistake
		if _, said := out[d.uri]; !said && s.docs[d.uri] == d && c.holds(d) {
			out[d.uri] = []diagnostic{}
		}
	}
	return out
}

// rangeOf returns the part of a text that an error is about.
func (s *server) rangeOf(t *text, e *config.Error) span {
	from := t.written(e.Line, e.Column)
	if e.Line == 0 {
		from, to := t.line(0)
		return t.span(from, to, s.units)
	}
	if e.Column == 1 && e.Source == "" { // of the line as a whole
		from, to := t.line(t.position(from, s.units).Line)
		line := t.data[from:to]
		return t.span(from+len(line)-len(strings.TrimLeft(line, " ")), to, s.units)
	}
	return t.span(from, t.scalar(from), s.units)
}

// publish tells the editor what is wrong now in the files of a configuration, and of which
// files nothing is any more.
func (s *server) publish(c *configuration, now map[string][]diagnostic) error {
	before := c.shown
	c.shown = now
	told := maps.Clone(now)
	if told == nil {
		told = map[string][]diagnostic{}
	}
	for uri := range before {
		told[uri] = now[uri]
	}
	for _, uri := range slices.Sorted(maps.Keys(told)) {
		p := publishParams{URI: uri, Diagnostics: []diagnostic{}}
		for _, other := range s.configs { // a file can be one of several
			p.Diagnostics = append(p.Diagnostics, other.shown[uri]...)
		}
		if d, open := s.docs[uri]; open {
			p.Version = &d.version
		}
		if err := s.notify("textDocument/publishDiagnostics", p); err != nil {
			return err
		}
	}
	return nil
}
