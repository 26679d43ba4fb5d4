package internal_test

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

func noInit(t *testing.T) {
	for _, f := range tree(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s: func init: two daemons run in one process, and each is made by New; do it there", f.at(fn))
			}
		}
	}
}

func packageNames(t *testing.T) {
	for _, f := range tree(t) {
		name := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "base", "shared", "lib"}, name) {
			t.Errorf("%s: a package named %s says nothing of what it is for: name it for what it gives, or move what is in it to where it is used", f.path, name)
		}
	}
}

func fileLength(t *testing.T) {
	for _, f := range product(t) {
		most := 700
		if f.path == "cmd/attache/main.go" {
			most = 30
		}
		if n := f.fset.File(f.ast.Pos()).LineCount() - 1; n > most {
			t.Errorf("%s has %d lines and may have %d: a file is about one thing, and main only calls cli", f.path, n, most)
		}
	}
}

func functionLength(t *testing.T) {
	const most = 60
	for _, f := range product(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if n := f.line(fn.End()) - f.line(fn.Pos()) + 1; n > most {
					t.Errorf("%s: %s has %d lines and may have %d: give its steps names of their own", f.at(fn), fn.Name.Name, n, most)
				}
			}
		}
	}
}

// noContextInStruct: a context ends with the call that it was made for, and a struct
// outlives that.
func noContextInStruct(t *testing.T) {
	for _, f := range product(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range s.Fields.List {
				if of, ok := field.Type.(*ast.SelectorExpr); ok && of.Sel.Name == "Context" && named(of.X, "context") {
					t.Errorf("%s: a struct keeps a context: pass it as the first argument of what needs it, or keep a channel that is closed at the end", f.at(field))
				}
			}
			return true
		})
	}
}

func named(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// reasons: whoever drops a value or panics says why, on the line or on the one above.
func reasons(t *testing.T) {
	for _, f := range product(t) {
		said := make(map[int]bool) // by line
		for _, g := range f.ast.Comments {
			for l := f.line(g.Pos()); l <= f.line(g.End()); l++ {
				said[l] = true
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			what := ""
			switch n := n.(type) {
			case *ast.AssignStmt:
				if !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return !named(e, "_") }) {
					what = "a value is dropped"
				}
			case *ast.CallExpr:
				if named(n.Fun, "panic") {
					what = "a panic"
				}
			}
			if what != "" && !said[f.line(n.Pos())] && !said[f.line(n.Pos())-1] && !said[f.line(n.End())] {
				t.Errorf("%s: %s, and no comment on the line or above it: say why that is right, or handle the error", f.at(n), what)
			}
			return true
		})
	}
}

func packageComments(t *testing.T) {
	described := make(map[string]bool)
	for _, f := range product(t) {
		folder := path.Dir(f.path)
		described[folder] = described[folder] || f.ast.Doc != nil
	}
	for folder, ok := range described {
		if !ok {
			t.Errorf("%s has no package comment: say its purpose, its invariants and why it is as it is", folder)
		}
	}
}

func exportedComments(t *testing.T) {
	for _, f := range product(t) {
		for _, d := range f.ast.Decls {
			for _, n := range undescribed(d) {
				t.Errorf("%s: %s is exported and has no comment: say what it is, in which units and zone, and which errors it gives, or do not export it", f.at(n), n.Name)
			}
		}
	}
}

func configComments(t *testing.T) {
	for _, f := range product(t) {
		if f.room == "config" { // the Config of config is what was read, not how to read
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
