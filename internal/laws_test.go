// Package internal_test keeps the laws of the tree, so that a newcomer who breaks one
// is told which, and where the thing belongs instead.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// rooms gives every package of internal its layer. A package imports only from lower
// layers. attachetest stands beside cli, since it is a whole attache inside a test.
var rooms = map[string]int{
	"prose": -1,
	"when":  0, "schedule": 0,
	"event":  1,
	"agenda": 2, "change": 2,
	"notice": 3, "feed": 3, "control": 3,
	"config": 4, "store": 4, "dispatch": 4, "slack": 4, "web": 4,
	"daemon": 5,
	"cli":    6, "attachetest": 6,
}

// pure packages are functions of their arguments: they know no clock and no outside.
var pure = []string{"prose", "when", "event", "agenda", "change", "notice", "feed"}

// outside is what pure packages must not import.
var outside = []string{"os", "net", "log", "io/fs", "io/ioutil", "path/filepath", "syscall", "runtime", "testing", "embed",
	"math/rand", "crypto/rand", "context", "expvar"}

// clocks is what pure packages must not use of package time.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}

// edges are the adapters, which meet in daemon alone.
var edges = []string{"store", "dispatch", "slack", "web", "control", "config"}

// homes names the one room that may import each module. A module that is not here may
// stand in tests only.
var homes = map[string]string{
	"go.etcd.io/bbolt":                    "store",
	"github.com/slack-go/slack":           "slack",
	"github.com/emersion/go-ical":         "feed",
	"github.com/robfig/cron":              "schedule",
	"github.com/rickar/cal/v2":            "when",
	"github.com/teambition/rrule-go":      "when",
	"go.yaml.in/yaml":                     "config",
	"github.com/spf13/cobra":              "cli",
	"github.com/fsnotify/fsnotify":        "daemon",
	"github.com/coreos/go-systemd":        "daemon",
	"golang.org/x/sys":                    "daemon",
	"github.com/prometheus/client_golang": "web",
}

// file is one Go file of the tree.
type file struct {
	path string // from the top level: internal/when/date.go
	room string // when; "" outside internal
	ast  *ast.File
	fset *token.FileSet
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) pure() bool { return slices.Contains(pure, f.room) && !f.test() }

func (f file) at(n ast.Node) string {
	p := f.fset.Position(n.Pos())
	return strings.TrimPrefix(filepath.ToSlash(p.Filename), "../") + ":" + strconv.Itoa(p.Line)
}

func (f file) imports() []string {
	var out []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value) // it was parsed
		out = append(out, p)
	}
	return out
}

// roomsUsed returns the rooms, other than its own, that a file imports.
func (f file) roomsUsed() []string {
	var out []string
	for _, p := range f.imports() {
		if room := roomOf(strings.TrimPrefix(p, "attache/")); room != "" && room != f.room {
			out = append(out, room)
		}
	}
	return out
}

// roomOf returns the room in which a path from the top level lies, "" for none.
func roomOf(p string) string {
	rest, ok := strings.CutPrefix(p, "internal/")
	if !ok {
		return ""
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}

// within reports whether an import path is that of module or lies below it.
func within(p, module string) bool { return p == module || strings.HasPrefix(p, module+"/") }

// tree returns every Go file of cmd, config and internal, but for this one.
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
			case d.IsDir() || !strings.HasSuffix(name, ".go"):
				return nil
			}
			tree, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			name = strings.TrimPrefix(filepath.ToSlash(name), "../")
			if path.Dir(name) != "internal" {
				out = append(out, file{name, roomOf(name), tree, fset})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
})

func TestTheTopLevelHoldsOnlyWhatIsAgreed(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmd", "internal", "config", "systemd", "go.mod", "go.sum", "README.md"}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !strings.HasPrefix(e.Name(), ".") && !ignored(t, e.Name()) {
			t.Errorf("%s stands at the top level: only %s and dotfiles do; what is built goes into .gitignore", e.Name(), strings.Join(allowed, ", "))
		}
	}
}

// ignored reports whether .gitignore names something at the top level, such as a program
// that was built there.
func ignored(t *testing.T, name string) bool {
	t.Helper()
	b, err := os.ReadFile("../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if ok, _ := path.Match(strings.Trim(strings.TrimSpace(line), "/"), name); ok {
			return true
		}
	}
	return false
}

func TestEveryFolderIsARoom(t *testing.T) {
	for _, f := range tree(t) {
		if _, ok := rooms[f.room]; !ok && strings.HasPrefix(f.path, "internal/") {
			t.Errorf("%s: %s is no room: put it where the package comments say that it belongs, or, if it is a job of its own, give it a layer in this test", f.path, f.room)
		}
	}
	for room := range rooms {
		if !slices.ContainsFunc(tree(t), func(f file) bool { return f.room == room }) {
			t.Errorf("%s has a layer in this test and no Go file: take it out", room)
		}
	}
}

func TestPackagesAreNamedForWhatTheyAreAbout(t *testing.T) {
	for _, f := range tree(t) {
		name := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "base", "shared", "lib"}, name) {
			t.Errorf("%s: a package named %s says nothing of what it is for: name it for what it gives, or move what is in it to where it is used", f.path, name)
		}
	}
}

func TestImportsPointDown(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() || f.room == "" {
			continue
		}
		for _, room := range f.roomsUsed() {
			if rooms[room] >= rooms[f.room] {
				t.Errorf("%s imports %s, but %s is in layer %d and %s in layer %d: declare an interface where it is used and let daemon join the two", f.path, room, f.room, rooms[f.room], room, rooms[room])
			}
		}
	}
}

func TestTheTopPackagesStayThin(t *testing.T) {
	allowed := map[string][]string{"cmd": {"cli"}, "config": nil}
	for _, f := range tree(t) {
		top, _, _ := strings.Cut(f.path, "/")
		if f.test() || top == "internal" {
			continue
		}
		for _, room := range f.roomsUsed() {
			if !slices.Contains(allowed[top], room) {
				t.Errorf("%s imports %s: cmd only calls cli, and config only embeds the files beside it", f.path, room)
			}
		}
	}
}

func TestAdaptersDoNotKnowEachOther(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() || !slices.Contains(edges, f.room) {
			continue
		}
		for _, room := range f.roomsUsed() {
			if slices.Contains(edges, room) {
				t.Errorf("%s imports %s: adapters meet in daemon; what %s needs is a field of its Config", f.path, room, f.room)
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
			first, _, _ := strings.Cut(p, "/")
			if !strings.Contains(first, ".") {
				continue // the standard library, or attache
			}
			if home := homeOf(p); home == "" {
				t.Errorf("%s imports %s, which has no home: take the standard library, or give it one room in this test with the reason in that package's comment", f.path, p)
			} else if f.room != home {
				t.Errorf("%s imports %s: only %s does; ask %s for what is needed in its own terms", f.path, p, home, home)
			}
		}
	}
}

// homeOf returns the room that may import p, "" for none.
func homeOf(p string) string {
	for module, home := range homes {
		if within(p, module) {
			return home
		}
	}
	return ""
}

func TestThePureRoomsKnowNoOutside(t *testing.T) {
	for _, f := range tree(t) {
		if !f.pure() {
			continue
		}
		for _, p := range f.imports() {
			if slices.ContainsFunc(outside, func(o string) bool { return within(p, o) }) {
				t.Errorf("%s imports %s: %s is pure, so what it needs of the outside is an argument, and what it keeps is returned", f.path, p, f.room)
			}
		}
	}
}

func TestThePureRoomsHaveNoClock(t *testing.T) {
	for _, f := range tree(t) {
		if !f.pure() {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, s.Sel.Name) {
				t.Errorf("%s uses time.%s: %s is pure, so now and the zone are arguments", f.at(n), s.Sel.Name, f.room)
			}
			return true
		})
	}
}

func TestThePureRoomsChangeNoPackageVariable(t *testing.T) {
	for _, room := range pure {
		var files []file
		for _, f := range tree(t) {
			if f.room == room && f.pure() && path.Dir(f.path) == "internal/"+room {
				files = append(files, f)
			}
		}
		for _, id := range changed(files) {
			t.Errorf("%s: the package variable %s is changed: two daemons in one process would share it; make it a value that is passed", files[0].at(id), id.Name)
		}
		for _, f := range files {
			for _, n := range locked(f.ast) {
				t.Errorf("%s: a package variable of package sync is there to be changed, and two daemons in one process would share it; make it a part of a value", f.at(n))
			}
		}
	}
}

// locked returns the package variables that are declared with something of package sync.
func locked(tree *ast.File) []ast.Node {
	var out []ast.Node
	for _, d := range tree.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.VAR {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && (x.Name == "sync" || x.Name == "atomic") {
					out = append(out, n)
				}
			}
			return true
		})
	}
	return out
}

// changed returns the package variables of one package that its functions assign to, take
// the address of, or empty.
func changed(files []file) []*ast.Ident {
	var trees []*ast.File
	for _, f := range files {
		trees = append(trees, f.ast)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	blind := types.Config{Error: func(error) {}} // imports stay unknown: only names are asked for
	pkg, _ := blind.Check("", files[0].fset, trees, info)
	var out []*ast.Ident
	note := func(e ast.Expr) {
		if id := root(e); id != nil {
			if v, ok := info.Uses[id].(*types.Var); ok && v.Parent() == pkg.Scope() {
				out = append(out, id)
			}
		}
	}
	for _, tree := range trees {
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					note(e)
				}
			case *ast.IncDecStmt:
				note(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					note(n.X)
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
					note(n.Args[0])
				}
			}
			return true
		})
	}
	return out
}

// root returns the variable that an expression such as v.f[i] is a part of, nil for none.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, f := range tree(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s: func init: two daemons run in one process, and each is made by New; do it there", f.at(fn))
			}
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, f := range tree(t) {
		most := 700
		if f.path == "cmd/attache/main.go" {
			most = 30
		}
		if n := f.fset.File(f.ast.Pos()).LineCount() - 1; n > most && !f.test() {
			t.Errorf("%s has %d lines and may have %d: a file is about one thing, and main only calls cli", f.path, n, most)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	described := make(map[string]bool)
	for _, f := range tree(t) {
		if !f.test() {
			folder := path.Dir(f.path)
			described[folder] = described[folder] || f.ast.Doc != nil
		}
	}
	for folder, ok := range described {
		if !ok {
			t.Errorf("%s has no package comment: say its purpose, its invariants and why it is as it is", folder)
		}
	}
}

func TestWhatIsExportedIsDescribed(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, n := range undescribed(d) {
				t.Errorf("%s: %s is exported and has no comment: say what it is, in which units and zone, and which errors it gives, or do not export it", f.at(n), n.Name)
			}
		}
	}
}

func TestEverySettingIsDescribed(t *testing.T) {
	for _, f := range tree(t) {
		if f.test() || f.room == "" || f.room == "config" { // the Config of config is what was read, not how to read
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "Config" {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					if field.Doc == nil && field.Comment == nil {
						t.Errorf("%s: a field of Config has no comment: say what it does and what its zero value means", f.at(field))
					}
				}
			}
			return true
		})
	}
}

// undescribed returns the exported names that d declares without a comment.
func undescribed(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		if d.Doc != nil { // one comment may describe a group
			return nil
		}
		var out []*ast.Ident
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Doc == nil {
					out = append(out, s.Name)
				}
			case *ast.ValueSpec:
				if s.Doc == nil && s.Comment == nil {
					out = append(out, s.Names...)
				}
			}
		}
		return slices.DeleteFunc(out, func(id *ast.Ident) bool { return !id.IsExported() })
	}
	return nil
}

// exportedReceiver reports whether a function is one of an exported type, or of none.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	switch g := t.(type) {
	case *ast.IndexExpr:
		t = g.X
	case *ast.IndexListExpr:
		t = g.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}
