// Package internal_test keeps the laws of the tree, so that a newcomer who breaks one
// is told which, and where the thing belongs instead.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// room is a package of attache, with those in folders below it.
type room struct {
	name    string // its folder in internal; "cmd" and "shipped" are cmd and config at the top
	kind    kind
	job     string // what it is for, in a line
	imports string // the rooms that it imports; all of them stand above it
	modules string // the modules of other people that it alone imports
}

// kind says what more is asked of a room.
type kind string

const (
	pure    kind = "pure"    // functions of their arguments: no clock, nothing outside, and only pure rooms are imported
	adapter kind = "adapter" // one side of what is outside; it imports no other adapter
)

// rooms is the structure of attache, from the bottom up: who may import whom.
// To add a package, add its line below the rooms that it imports. A line that allows
// what nobody needs is an error too, so that what is not used can't come back unseen.
var rooms = []room{
	{name: "shipped", job: "the files people edit, embedded as attache ships them"},
	{name: "lengthtest", job: "how far the tests go"},
	{name: "prose", kind: pure, job: "text that people read: cut, counted, capitalised, compared", modules: "golang.org/x/text/unicode"},
	{name: "syntax", kind: pure, job: "words that people write, where they stand, and what is wrong with them", imports: "prose"},
	{name: "civil", kind: pure, job: "dates, times of day, periods and zones", imports: "syntax"},
	{name: "schedule", job: "when things recur, and the loop that runs what is due", imports: "civil prose", modules: "github.com/robfig/cron"},
	{name: "workday", kind: pure, job: "business days, holidays, the Lunar New Year", imports: "civil syntax", modules: "github.com/rickar/cal/v2"},
	{name: "recur", kind: pure, job: "what comes again, by the rules of RFC 5545", imports: "civil prose syntax", modules: "github.com/teambition/rrule-go"},
	{name: "when", kind: pure, job: "what a date is: parse, print, bounds", imports: "civil prose recur syntax workday"},
	{name: "phrase", kind: pure, job: "dates in the words of a report, and what was meant by what is none", imports: "civil prose syntax when workday"},
	{name: "event", kind: pure, job: "one event: statements, certainty, status, revisions", imports: "civil when workday"},
	{name: "agenda", kind: pure, job: "all events together: which window follows from what, and why", imports: "civil event prose when"},
	{name: "change", kind: pure, job: "what differs between two revisions", imports: "agenda civil event prose when"},
	{name: "story", kind: pure, job: "what is known of an event, as facts in words that every output prints", imports: "agenda civil event prose when"},
	{name: "notice", kind: pure, job: "what has to be said, to whom and when", imports: "agenda change civil event prose story when workday"},
	{name: "source", kind: pure, job: "events from what other people publish", imports: "civil event prose recur when", modules: "github.com/emersion/go-ical golang.org/x/text/encoding"},
	{name: "feed", kind: pure, job: "events as iCalendar text: write, and in lint check", imports: "agenda civil event prose source story when"},
	{name: "fetch", kind: adapter, job: "a text from an address that a person wrote down", modules: "golang.org/x/net/html/charset"},
	{name: "draft", kind: pure, job: "the dates ahead in an article, as events to look at", imports: "civil event phrase prose", modules: "golang.org/x/net/html"},
	{name: "store", job: "what attache knows, in one file", imports: "civil event feed notice when", modules: "go.etcd.io/bbolt"},
	{name: "cluster", job: "the log of an installation, where its machines reach it, and who of them leads", imports: "store", modules: "go.etcd.io/etcd go.uber.org/zap google.golang.org/grpc"},
	{name: "calendar", job: "the core: every change comes through Apply, every question is answered by a View",
		imports: "agenda change civil event feed notice prose schedule source store story when workday", modules: "github.com/hashicorp/golang-lru/v2"},
	{name: "answer", job: "what people say in a channel: what they press and fill in, what that means, what they are told", imports: "agenda calendar civil event notice prose story"},
	{name: "config", kind: adapter, job: "the YAML files as checked values with positions", imports: "agenda calendar civil draft event feed notice phrase prose recur schedule source syntax when workday", modules: "go.yaml.in/yaml golang.org/x/text/width"},
	{name: "control", kind: adapter, job: "questions and answers on the local socket", imports: "agenda calendar change notice story"},
	{name: "dispatch", kind: adapter, job: "a due notice is sent once, whatever happens", imports: "notice prose"},
	{name: "slack", kind: adapter, job: "notices as Slack messages, or on a console", imports: "answer notice prose", modules: "github.com/gorilla/websocket github.com/slack-go/slack"},
	{name: "access", kind: adapter, job: "who asks for pages, and so what they may see", imports: "calendar prose", modules: "github.com/coreos/go-oidc golang.org/x/oauth2"},
	{name: "web", kind: adapter, job: "feeds, pages, API, health and metrics over HTTP", imports: "agenda calendar change civil event feed notice prose story when", modules: "github.com/prometheus/client_golang github.com/yuin/goldmark"},
	{name: "offline", job: "a calendar without its daemon: the files and the database answer", imports: "agenda calendar change config control dispatch event notice store story"},
	{name: "doctor", job: "the examination of an installation", imports: "access civil config control feed prose slack store"},
	{name: "lsp", job: "what an editor asks, by the Language Server Protocol", imports: "agenda civil config event shipped"},
	{name: "daemon", job: "the process: joins the rooms, starts, reloads, stops",
		imports: "access agenda answer calendar change civil cluster config control dispatch event fetch notice prose schedule slack store story web",
		modules: "github.com/coreos/go-systemd github.com/fsnotify/fsnotify golang.org/x/sys"},
	{name: "cli", job: "the commands, one file each", modules: "github.com/cpuguy83/go-md2man github.com/rogpeppe/go-internal github.com/spf13/cobra",
		imports: "agenda calendar change civil cluster config control daemon doctor draft event feed fetch lsp notice offline phrase prose shipped slack source store story syntax web"},
	{name: "cmd", job: "main, which only calls cli", imports: "cli"},
}

// TestLaws has a case for each law: `go test -run TestLaws/imports ./internal`.
func TestLaws(t *testing.T) {
	for _, law := range []struct {
		name string
		test func(*testing.T)
	}{
		{"top level", topLevel},
		{"imports", importsAreAllowed},
		{"testing stays out", testingStaysOut},
		{"pure imports", pureImports},
		{"pure clock", pureClock},
		{"pure variables", pureVariables},
		{"package names", packageNames},
		{"package comments", packageComments},
		{"exported comments", exportedComments},
		{"Config comments", configComments},
		{"reasons", reasons},
		{"init", noInit},
		{"contexts", noContextInStruct},
		{"file length", fileLength},
		{"function length", functionLength},
		{"map of packages", onTheMap},
		{"documents", inReach},
		{"README length", shortReadme},
	} {
		t.Run(law.name, law.test)
	}
}

// file is one Go file of the tree.
type file struct {
	path string // from the top level: internal/when/date.go
	room string // when
	ast  *ast.File
	fset *token.FileSet
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) pure() bool { return !f.test() && roomNamed(f.room).kind == pure }

func (f file) line(p token.Pos) int { return f.fset.Position(p).Line }

func (f file) at(n ast.Node) string {
	return fromTop(f.fset.Position(n.Pos()).Filename) + ":" + strconv.Itoa(f.line(n.Pos()))
}

// fromTop returns a path from here as one from the top level.
func fromTop(name string) string { return strings.TrimPrefix(filepath.ToSlash(name), "../") }

func (f file) imports() []string {
	var out []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value) // it was parsed
		out = append(out, p)
	}
	return out
}

func roomNamed(name string) room {
	if i := slices.IndexFunc(rooms, func(r room) bool { return r.name == name }); i >= 0 {
		return rooms[i]
	}
	return room{name: name}
}

// roomOf returns the room in which a path from the top level lies.
func roomOf(p string) string {
	top, rest, _ := strings.Cut(p, "/")
	switch top {
	case "internal":
		name, _, _ := strings.Cut(rest, "/")
		return name
	case "config":
		return "shipped"
	}
	return top
}

// within reports whether an import path is that of module or lies below it.
func within(p, module string) bool { return p == module || strings.HasPrefix(p, module+"/") }

// product returns every Go file of attache that is no test.
func product(t *testing.T) []file {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(tree(t)), file.test)
}

// tree returns every Go file of cmd, config and internal, but for those beside this one.
func tree(t *testing.T) []file {
	t.Helper()
	files, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var parsed = sync.OnceValues(func() ([]file, error) {
	var out []file
	fset := token.NewFileSet()
	for _, top := range []string{"cmd", "config", "internal"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || filepath.Dir(name) == filepath.Join("..", "internal"):
				return nil
			}
			tree, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			name = fromTop(name)
			out = append(out, file{name, roomOf(name), tree, fset})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
})
