package internal_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"testing"
)

// outside is what pure packages must not import.
var outside = []string{"os", "net", "log", "io/fs", "io/ioutil", "path/filepath", "syscall", "runtime", "testing", "embed",
	"math/rand", "crypto/rand", "context", "expvar"}

// clocks is what pure packages must not use of package time.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}

func pureImports(t *testing.T) {
	for _, f := range tree(t) {
		if !f.pure() {
			continue
		}
		for _, p := range f.imports() {
			if (f.room == "workday" || f.room == "source") && p == "embed" {
				continue // holidays that governments announce, and names of zones, are data: fixed when attache is built, and the same everywhere
			}
			if slices.ContainsFunc(outside, func(o string) bool { return within(p, o) }) {
				t.Errorf("%s imports %s: %s is pure, so what it needs of the outside is an argument, and what it keeps is returned", f.path, p, f.room)
			}
		}
	}
}

func pureClock(t *testing.T) {
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

func pureVariables(t *testing.T) {
	packages := make(map[string][]file)
	for _, f := range tree(t) {
		if f.pure() {
			packages[path.Dir(f.path)] = append(packages[path.Dir(f.path)], f)
		}
	}
	for _, files := range packages {
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
