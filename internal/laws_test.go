// Package internal_test keeps the laws of the tree, so that a newcomer who breaks one
// is told which, and where the thing belongs instead.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms gives every package of internal its layer. A package imports only from lower
// layers.
var rooms = map[string]int{
	"when": 0, "schedule": 0,
	"event":  1,
	"agenda": 2, "change": 2,
	"notice": 3, "feed": 3, "control": 3,
	"config": 4, "store": 4, "dispatch": 4, "slack": 4, "web": 4,
	"daemon": 5,
	"cli":    6, "attachetest": 6,
}

// pure packages are functions of their arguments: they know no clock and no outside.
var pure = []string{"when", "event", "agenda", "change", "notice", "feed"}

// outside is what pure packages must not import.
var outside = []string{"os", "net", "log", "io/fs", "io/ioutil", "path/filepath", "syscall", "runtime", "testing", "embed"}

// homes names the one room that may import each module.
var homes = map[string]string{
	"go.etcd.io/bbolt":               "store",
	"github.com/slack-go/slack":      "slack",
	"github.com/emersion/go-ical":    "feed",
	"github.com/robfig/cron":         "schedule",
	"go.yaml.in/yaml":                "config",
	"github.com/spf13/cobra":         "cli",
	"github.com/fsnotify/fsnotify":   "daemon",
	"github.com/coreos/go-systemd":   "daemon",
	"github.com/prometheus":          "web",
	"github.com/teambition/rrule-go": "when",
	"github.com/rickar/cal":          "when",
}

// file is one Go file of the tree.
type file struct {
	path string // from internal: when/date.go
	room string // the first folder
	ast  *ast.File
	fset *token.FileSet
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) at(n ast.Node) string {
	p := f.fset.Position(n.Pos())
	return f.path + ":" + strconv.Itoa(p.Line)
}

func (f file) imports() []string {
	var out []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value) // it was parsed
		out = append(out, p)
	}
	return out
}

func tree(t *testing.T) []file {
	t.Helper()
	var out []file
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || !strings.Contains(filepath.ToSlash(name), "/") {
			return nil
		}
		parsed, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		room, _, _ := strings.Cut(name, "/")
		out = append(out, file{name, room, parsed, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheTopLevelHoldsOnlyWhatIsAgreed(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmd", "internal", "config", "systemd", "go.mod", "go.sum", "README.md"}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s stands at the top level: only %s and dotfiles do", e.Name(), strings.Join(allowed, ", "))
		}
	}
}

func TestEveryFolderIsARoom(t *testing.T) {
	for _, f := range tree(t) {
		if _, ok := rooms[f.room]; !ok {
			t.Errorf("%s: %s is no room: the rooms and their jobs stand in the package comments, and in this test", f.path, f.room)
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "misc"}, f.ast.Name.Name) {
			t.Errorf("%s: a package named %s says nothing of what it is for", f.path, f.ast.Name.Name)
		}
	}
}

func TestImportsPointDown(t *testing.T) {
	for _, f := range tree(t) {
		for _, p := range f.imports() {
			rest, ours := strings.CutPrefix(p, "attache/internal/")
			room, _, _ := strings.Cut(rest, "/")
			if ours && !f.test() && room != f.room && rooms[room] >= rooms[f.room] {
				t.Errorf("%s imports %s, which is not in a lower layer: put an interface where it is used and let daemon join them", f.path, room)
			}
		}
	}
}

func TestAdaptersDoNotKnowEachOther(t *testing.T) {
	edges := []string{"store", "dispatch", "slack", "web", "control", "config"}
	for _, f := range tree(t) {
		for _, p := range f.imports() {
			rest, ours := strings.CutPrefix(p, "attache/internal/")
			room, _, _ := strings.Cut(rest, "/")
			if ours && !f.test() && room != f.room && slices.Contains(edges, f.room) && slices.Contains(edges, room) {
				t.Errorf("%s imports %s: adapters meet in daemon", f.path, room)
			}
		}
	}
}

func TestEachModuleHasOneHome(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() {
			continue
		}
		for _, p := range f.imports() {
			for module, home := range homes {
				if strings.HasPrefix(p, module) && f.room != home {
					t.Errorf("%s imports %s: only %s does", f.path, p, home)
				}
			}
		}
	}
}

func TestThePureRoomsKnowNoOutside(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() || !slices.Contains(pure, f.room) {
			continue
		}
		for _, p := range f.imports() {
			for _, o := range outside {
				if p == o || strings.HasPrefix(p, o+"/") {
					t.Errorf("%s imports %s: %s is pure, what it needs is an argument", f.path, p, f.room)
				}
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := call.X.(*ast.Ident)
			if ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker", "Local"}, call.Sel.Name) {
				t.Errorf("%s uses time.%s: %s is handed the time", f.at(n), call.Sel.Name, f.room)
			}
			return true
		})
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, f := range tree(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s: no init: two daemons run in one process, and each is made by New", f.at(fn))
			}
		}
	}
}

func TestFilesCanBeReadAtOnce(t *testing.T) {
	const most = 700
	for _, f := range tree(t) {
		if n := f.fset.File(f.ast.Pos()).LineCount(); n > most && !f.test() {
			t.Errorf("%s has %d lines: a file is about one thing and has at most %d", f.path, n, most)
		}
	}
	b, err := os.ReadFile("../cmd/attache/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "\n"); n > 30 {
		t.Errorf("main.go has %d lines: what it does belongs into cli", n)
	}
}

func TestWhatIsExportedIsDescribed(t *testing.T) {
	described := make(map[string]bool) // packages by folder
	for _, f := range tree(t) {
		folder := path.Dir(f.path)
		described[folder] = described[folder] || f.ast.Doc != nil
		if f.test() {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, n := range undescribed(d) {
				t.Errorf("%s: %s is exported and has no comment", f.at(n), n.Name)
			}
		}
	}
	for folder, ok := range described {
		if !ok {
			t.Errorf("package %s has no comment that says what it is for", folder)
		}
	}
}

// undescribed gives the exported names that d declares without a comment.
func undescribed(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var out []*ast.Ident
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					out = append(out, s.Name)
				}
			case *ast.ValueSpec:
				if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					out = append(out, s.Names[0])
				}
			}
		}
		return out
	}
	return nil
}

// exportedReceiver says whether a function is one of an exported type, or of none.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if g, ok := t.(*ast.IndexExpr); ok {
		t = g.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}
