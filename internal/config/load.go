package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/workday"
)

// Load reads the configuration at path and the event files it names. The error
// is of type [Errors] and holds everything that is wrong in any of the files.
//
// Files are called by path, or by the folder of path and their own path below
// it: config/events/us-china.yaml. A draft is read in place of the file of its name.
func Load(path string, drafts ...Document) (*Config, error) {
	return newLoader().load(path, drafts)
}

func (l *loader) load(path string, drafts []Document) (*Config, error) {
	l.drafts, l.cfg.drafts = drafts, drafts
	if d := l.open(path); d != nil {
		l.settings(d)
		l.eventFiles()
		l.exposed()
	}
	return l.finish()
}

// Settings reads attache.yaml at path alone, as far as it can be read, so that a
// running daemon is found whatever a person has just done to the files. What is
// wrong is not said: Load does.
func Settings(path string) *Config { return newLoader().alone(path) }

// alone reads attache.yaml alone, as Settings does.
func (l *loader) alone(path string) *Config {
	l.partial = true
	if d := l.open(path); d != nil {
		l.settings(d)
	}
	return l.cfg
}

// Watched returns the files that the configuration at path consists of and the folders
// in which more of them can appear, as far as attache.yaml can be read: a folder that
// is named by settings with an error in them is among them, so that what mends the
// error is noticed wherever it is done.
func Watched(path string) (files, folders []string) {
	l := newLoader()
	l.cfg.File = path
	if d := l.open(path); d.root != nil {
		l.reader(d).read(field{v: d.root}, l.cfg)
	}
	files = []string{path}
	for _, pattern := range l.cfg.Events {
		files = append(files, matches(l.cfg.beside(pattern))...)
	}
	return files, l.folders()
}

// Document is a file that is already in memory, or standard input.
type Document struct {
	Name string // what errors call it
	Data []byte
}

// Checked is what a check found.
type Checked struct {
	Calendar  Calendar
	Calendars workday.Calendars
	Errors    Errors
	Warnings  Errors
	Timezone  string   // of the configuration
	Files     []string // that were read
	Broken    []string // of which YAML makes nothing, so that Names lacks theirs
	NoFiles   bool     // there are patterns of event files, and none names a file
	Names     []Name
	Public    string // what everybody can read, in one line; "" where nothing has to be said
}

// CheckFiles reads files, and documents beside them, each an attache.yaml or a file of
// events: the keys at its top tell which. Files that a document names are not read. If one
// of the files is an attache.yaml, the event files and the secrets that it names are read
// too.
func CheckFiles(paths []string, docs ...Document) Checked {
	return newLoader().check(paths, docs)
}

func (l *loader) check(paths []string, docs []Document) Checked {
	var files, all []*document
	for _, p := range paths {
		if d := l.open(p); d != nil {
			files = append(files, d)
		}
	}
	for _, d := range docs {
		all = append(all, l.parse(newFileText(d.Name, d.Data)))
	}
	whole := slices.ContainsFunc(files, (*document).isSettings)
	l.partial = !whole && slices.ContainsFunc(all, (*document).isSettings)
	l.readAll(append(files, all...))
	if whole {
		l.eventFiles()
		l.secrets()
	}
	return l.checked()
}

// document is a file that was decoded; root is nil if it could not be.
type document struct {
	src  *fileText
	root *yaml.Node
}

// isSettings tells an attache.yaml from a file of events. Both can have events:,
// which are patterns in the one and maps in the other.
func (d *document) isSettings() bool {
	if d == nil || d.root == nil || d.root.Kind != yaml.MappingNode {
		return false
	}
	settings := keyNames(keysOf(reflect.TypeFor[Config]()))
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		k, v := d.root.Content[i].Value, d.root.Content[i+1]
		if k != "events" && slices.Contains(settings, k) {
			return true
		}
		if k == "events" && (v.Kind == yaml.ScalarNode && v.Tag != "!!null" ||
			len(v.Content) > 0 && v.Content[0].Kind == yaml.ScalarNode) {
			return true
		}
	}
	return false
}

// loader reads the files of one configuration.
type loader struct {
	found   findings
	cal     *collected
	cfg     *Config
	read    map[string]bool      // files by their clean path
	partial bool                 // not every file was to be read
	drafts  []Document           // read in place of the files of their names
	known   map[string]*document // decoded before, to be used where the text is the same; nil is none
	broken  []string             // the files of which YAML makes nothing
	pieces  pieces
}

func newLoader() *loader {
	cfg := Default()
	return &loader{cal: newCollected(), cfg: cfg, read: map[string]bool{}, pieces: newPieces()}
}

// open reads and decodes a file once; nil is a file that was read before.
func (l *loader) open(path string) *document {
	src, err := l.text(path)
	switch {
	case src == nil:
		return nil
	case err != nil:
		return &document{src: src}
	}
	return l.parse(src)
}

// text reads a file once; nil is a file that was read before. What is wrong is noted.
func (l *loader) text(path string) (*fileText, error) {
	clean := filepath.Clean(path)
	if l.read[clean] {
		return nil, nil
	}
	l.read[clean] = true
	l.cfg.Files = append(l.cfg.Files, path)
	data, err := l.content(clean)
	src := newFileText(path, data)
	if err != nil {
		e := src.whole().error("%s", plainCause(err))
		e.cause = err
		l.found.errs = append(l.found.errs, e)
	}
	return src, err
}

// content returns what stands in a file, or in the draft of it.
func (l *loader) content(clean string) ([]byte, error) {
	for _, d := range l.drafts {
		if filepath.Clean(d.Name) == clean {
			return d.Data, nil
		}
	}
	return readFile(clean)
}

func (l *loader) parse(src *fileText) *document {
	d, known := l.known[src.name]
	if !known || !bytes.Equal(d.src.data, src.data) {
		root, errs := src.decode()
		l.found.errs = append(l.found.errs, errs...)
		d = &document{src, root}
	}
	switch {
	case d.root == nil:
		l.broken = append(l.broken, src.name)
	case l.known != nil:
		l.known[src.name] = d
	}
	return d
}

// readAll reads settings before events, which need the zone that those set.
func (l *loader) readAll(docs []*document) {
	for _, d := range docs {
		if d.isSettings() {
			l.settings(d)
		}
	}
	for _, d := range docs {
		if d != nil && !d.isSettings() {
			l.events(d)
		}
	}
}

func (l *loader) reader(d *document) *reader {
	return newReader(d.src, &l.found, l.cfg, l.cal)
}

func (l *loader) settings(d *document) {
	l.cfg.File = d.src.name
	l.pieces.under(d.src.data)
	if d.root == nil {
		return
	}
	l.reader(d).read(field{v: d.root}, l.cfg)
	for _, f := range l.cfg.Follow {
		if f.File != "" {
			l.cfg.Files = append(l.cfg.Files, f.File)
		}
		if f.Name != "" {
			l.cal.addSource(f.source(), d.src.whole(), &l.found)
		}
	}
}

func (l *loader) events(d *document) {
	if d.root != nil {
		l.reader(d).read(field{v: d.root}, &Calendar{})
	}
}

// eventFiles reads the files that the patterns of the configuration name.
func (l *loader) eventFiles() {
	l.cfg.Folders = l.folders()
	for i, pattern := range l.cfg.Events {
		names := append(matches(l.cfg.beside(pattern)), l.newFiles(l.cfg.beside(pattern))...)
		if len(names) == 0 {
			l.unmatched(i, pattern)
		}
		for _, name := range names {
			l.eventFile(name)
		}
	}
	l.strays()
}

// eventFile reads a file of events, piece by piece where it can be cut.
func (l *loader) eventFile(name string) {
	src, err := l.text(name)
	if src == nil || err != nil || l.known == nil && l.inPieces(src) {
		return
	}
	l.pieces.under(src.data)
	l.events(l.parse(src))
}

// newFiles returns the drafts of files that are not there yet and that pattern names.
func (l *loader) newFiles(pattern string) (names []string) {
	for _, d := range l.drafts {
		named, err := filepath.Match(pattern, filepath.Clean(d.Name))
		if _, missing := os.Lstat(d.Name); named && err == nil && missing != nil {
			names = append(names, d.Name)
		}
	}
	return names
}

// beside returns pattern as it is seen from the folder of the process: what is relative
// starts at the folder of attache.yaml.
func (c *Config) beside(pattern string) string {
	if filepath.IsAbs(pattern) {
		return pattern
	}
	return filepath.Join(filepath.Dir(c.File), pattern)
}

// folders returns the folders in which a file can appear that the configuration names.
// Of a pattern with folders that are patterns it returns those that there are, and the
// one that they lie in.
func (l *loader) folders() []string {
	out := []string{filepath.Dir(l.cfg.File)}
	for _, pattern := range l.cfg.Events {
		in := filepath.Dir(l.cfg.beside(pattern))
		found, _ := filepath.Glob(in) // a bad pattern is refused where it is read
		for strings.ContainsAny(in, `*?[\`) {
			in = filepath.Dir(in)
		}
		out = append(out, append(found, in)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unmatched notes that no file matches the i-th pattern.
func (l *loader) unmatched(i int, pattern string) {
	at := place{src: newFileText(l.cfg.File, nil)}
	if i < len(l.cfg.patterns) {
		at = l.cfg.patterns[i]
		at.written = "" // it was taken for a pattern, and may be repeated to anybody
		l.found.warn(at, "no file matches %s", quoted(pattern))
	}
	l.cfg.Unmatched = append(l.cfg.Unmatched, at.error("no file matches %s any more", quoted(pattern)))
}

// matches returns the files that pattern names, sorted. Hidden ones, such as the
// locks that editors leave, have to be named as such.
func matches(pattern string) []string {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil // the pattern is checked where it is written
	}
	if strings.HasPrefix(filepath.Base(pattern), ".") {
		return names
	}
	return slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(filepath.Base(n), ".") })
}

func (l *loader) finish() (*Config, error) {
	l.references()
	l.cal.date()
	l.withoutEffect()
	if errs := l.found.errors(); len(errs) > 0 {
		return nil, errs
	}
	l.cfg.Calendar = l.cal.Calendar
	l.cfg.Warnings = l.found.warnings()
	return l.cfg, nil
}

func (l *loader) checked() Checked {
	l.references()
	l.cal.date()
	l.withoutEffect()
	out := Checked{
		Calendar: l.cal.Calendar, Calendars: l.cfg.Calendars, Errors: l.found.errors(), Warnings: l.found.warnings(),
		Timezone: l.cfg.Timezone, Files: l.cfg.Files, Broken: l.broken, NoFiles: l.cfg.unmatched(), Names: l.cal.names(),
	}
	if l.cfg.File != "" && !l.partial && len(out.Errors) == 0 {
		l.cfg.Calendar = l.cal.Calendar
		out.Public = l.cfg.Public(l.cfg.Listen)
	}
	return out
}

// references checks what names something else, unless that may stand in what was not
// read.
func (l *loader) references() {
	if !l.partial && l.found.unread == 0 {
		l.cal.check(&l.found)
	}
}

// readFile reads a regular file up to just beyond the greatest size, so that a
// larger one is noticed and costs no more.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := bytes.NewBuffer(make([]byte, 0, min(info.Size(), maxBytes)+16+bytes.MinRead))
	_, err = text.ReadFrom(io.LimitReader(f, maxBytes+16))
	return text.Bytes(), err
}

var errNotRegular = errors.New("it is not a file")

// plainCause reports why a file could not be read, without its name.
func plainCause(err error) string {
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "the user that attache runs as may not read the file: chmod a+r makes it readable"
	case errors.As(err, &pe):
		return "the file cannot be read: " + pe.Err.Error()
	}
	return "the file cannot be read: " + err.Error()
}
