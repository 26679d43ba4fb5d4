package internal_test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// use is an import of a file, by its room and the room or module that it names.
type use struct{ file, from, to string }

func importsAreAllowed(t *testing.T) {
	var uses []use
	for _, f := range product(t) {
		uses = append(uses, use{f.path, f.room, ""}) // it is there even if it imports nothing
		for _, p := range f.imports() {
			first, rest, _ := strings.Cut(p, "/")
			if first == "attache" {
				uses = append(uses, use{f.path, f.room, roomOf(rest)})
			} else if strings.Contains(first, ".") { // else it is of the standard library
				uses = append(uses, use{f.path, f.room, p})
			}
		}
	}
	for _, b := range append(faults(rooms), breaches(rooms, uses)...) {
		t.Error(b)
	}
}

// faults returns what is wrong with the table itself.
func faults(table []room) []string {
	var out []string
	above := make(map[string]kind)
	owner := make(map[string]string)
	for _, r := range table {
		if r.job == "" {
			out = append(out, fmt.Sprintf("%s: say in a line what its job is", r.name))
		}
		if _, ok := above[r.name]; ok {
			out = append(out, fmt.Sprintf("%s: there are two lines of it: make one of them", r.name))
		}
		for _, to := range strings.Fields(r.imports) {
			k, ok := above[to]
			switch {
			case !ok:
				out = append(out, fmt.Sprintf("%s may import %s, which does not stand above it: no import goes up, so that none goes round; move one of the lines, or turn the import round with an interface in %s", r.name, to, r.name))
			case r.kind == pure && k != pure:
				out = append(out, fmt.Sprintf("%s is pure and may import %s, which is not: move what it needs of %s into a pure room, or let the caller pass it in", r.name, to, to))
			case r.kind == adapter && k == adapter:
				out = append(out, fmt.Sprintf("%s and %s are adapters, and none imports another: declare in %s an interface or a field of its Config, and let daemon join them", r.name, to, r.name))
			}
		}
		for _, m := range strings.Fields(r.modules) {
			if owner[m] != "" {
				out = append(out, fmt.Sprintf("%s and %s both have %s: one of them has it, the other asks that one", owner[m], r.name, m))
			}
			owner[m] = r.name
		}
		above[r.name] = r.kind
	}
	return out
}

// breaches returns the uses that the table does not allow, and what it allows to nobody.
func breaches(table []room, uses []use) []string {
	var out []string
	rows := make(map[string]room)
	used := make(map[string][]string) // by room
	for _, r := range table {
		rows[r.name] = r
	}
	for _, u := range uses {
		if u.to != u.from && u.to != "" {
			used[u.from] = append(used[u.from], u.to)
		} else if used[u.from] == nil {
			used[u.from] = []string{}
		}
	}
	said := make(map[string]bool)
	for _, u := range uses {
		r, ok := rows[u.from]
		switch {
		case !ok && !said[u.from]:
			said[u.from] = true
			out = append(out, fmt.Sprintf("%s: %s has no line in the table of laws_test.go. If it is a job of its own, add below the rooms that it imports:\n\t{name: %q, job: \"…\", imports: %q},\nelse move it to the room whose job it is", u.file, u.from, u.from, strings.Join(roomsIn(used[u.from]), " ")))
		case !ok || u.to == u.from || u.to == "":
		case strings.Contains(u.to, "."):
			if home := homeOf(table, u.to); home == "" {
				out = append(out, fmt.Sprintf("%s imports %s, which no room has: take the standard library, or add the module to the line of %s in laws_test.go and the reason to its package comment", u.file, u.to, u.from))
			} else if home != u.from {
				out = append(out, fmt.Sprintf("%s imports %s, which only %s does: ask %s for what is needed, in its own terms", u.file, u.to, home, home))
			}
		case !slices.Contains(strings.Fields(r.imports), u.to):
			out = append(out, fmt.Sprintf("%s imports %s, and %s is not to: declare in %s what it needs, as an interface or an argument, and let the room that joins them pass it in. If %s is to build on %s, add it to the line of %s in laws_test.go", u.file, u.to, u.from, u.from, u.from, u.to, u.from))
		}
	}
	for _, r := range table {
		if used[r.name] == nil {
			out = append(out, fmt.Sprintf("%s has a line in laws_test.go and no Go file: take the line out", r.name))
			continue
		}
		for _, to := range strings.Fields(r.imports) {
			if !slices.Contains(used[r.name], to) {
				out = append(out, fmt.Sprintf("%s may import %s and does not: take %s out of its line in laws_test.go", r.name, to, to))
			}
		}
		for _, m := range strings.Fields(r.modules) {
			if !slices.ContainsFunc(used[r.name], func(p string) bool { return within(p, m) }) {
				out = append(out, fmt.Sprintf("%s has %s and does not import it: take it out of its line in laws_test.go", r.name, m))
			}
		}
	}
	return out
}

// roomsIn returns the rooms among what is used, in order and each once.
func roomsIn(used []string) []string {
	used = slices.DeleteFunc(slices.Clone(used), func(p string) bool { return strings.Contains(p, ".") })
	slices.Sort(used)
	return slices.Compact(used)
}

// homeOf returns the room that has the module of an import path, "" for none.
func homeOf(table []room, p string) string {
	for _, r := range table {
		if slices.ContainsFunc(strings.Fields(r.modules), func(m string) bool { return within(p, m) }) {
			return r.name
		}
	}
	return ""
}

// TestImportTable shows that each fault of the table and each breach of it is found.
func TestImportTable(t *testing.T) {
	a, b := room{name: "a", job: "a"}, room{name: "b", job: "b"}
	with := func(r room, change func(*room)) room { change(&r); return r }
	imports := func(r room, of string) room { return with(r, func(r *room) { r.imports = of }) }
	has := func(r room, m string) room { return with(r, func(r *room) { r.modules = m }) }
	is := func(r room, k kind) room { return with(r, func(r *room) { r.kind = k }) }
	there := []use{{"a/a.go", "a", ""}, {"b/b.go", "b", ""}}
	b2a := append(slices.Clone(there), use{"b/b.go", "b", "a"})
	for _, c := range []struct {
		name  string
		table []room
		uses  []use
		want  string // how the one complaint begins, "" for none
	}{
		{"all is well", []room{a, imports(b, "a")}, b2a, ""},
		{"not allowed", []room{a, b}, b2a, "b/b.go imports a, and b is not to"},
		{"not used", []room{a, imports(b, "a")}, there, "b may import a and does not"},
		{"no line", []room{a}, b2a, "b/b.go: b has no line"},
		{"no file", []room{a, b}, there[:1], "b has a line in laws_test.go and no Go file"},
		{"no job", []room{a, {name: "b"}}, there, "b: say in a line"},
		{"two lines", []room{a, b, b}, there, "b: there are two lines"},
		{"upwards", []room{imports(b, "a"), a}, b2a, "b may import a, which does not stand above it"},
		{"itself", []room{a, imports(b, "b")}, append(b2a[:2:2], use{"b/b.go", "b", "b"}), "b may import b, which does not stand above it"},
		{"pure imports what is not", []room{a, imports(is(b, pure), "a")}, b2a, "b is pure and may import a, which is not"},
		{"adapter imports adapter", []room{is(a, adapter), imports(is(b, adapter), "a")}, b2a, "b and a are adapters"},
		{"module of nobody", []room{a, b}, append(there, use{"b/b.go", "b", "x.org/m/sub"}), "b/b.go imports x.org/m/sub, which no room has"},
		{"module of another", []room{has(a, "x.org/m"), b}, append(there, use{"a/a.go", "a", "x.org/m"}, use{"b/b.go", "b", "x.org/m/sub"}), "b/b.go imports x.org/m/sub, which only a does"},
		{"module of both", []room{has(a, "x.org/m"), has(b, "x.org/m")}, append(there, use{"a/a.go", "a", "x.org/m"}, use{"b/b.go", "b", "x.org/m"}), "a and b both have x.org/m"},
		{"module not used", []room{a, has(b, "x.org/m")}, append(there, use{"b/b.go", "b", "x.org/more"}), "b/b.go imports x.org/more, which no room has"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := append(faults(c.table), breaches(c.table, c.uses)...)
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) == 0 || !strings.HasPrefix(got[0], c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// testingStaysOut keeps what tests use out of the program: a package whose name ends
// with test may import testing, and only another such one may import it.
func testingStaysOut(t *testing.T) {
	forTests := func(p string) bool { return strings.HasSuffix(p, "test") || within(p, "testing") }
	for _, f := range product(t) {
		if forTests(f.ast.Name.Name) {
			continue
		}
		for _, p := range f.imports() {
			if forTests(p) {
				t.Errorf("%s imports %s, which is for tests: move what needs it into a _test.go file or a package whose name ends with test", f.path, p)
			}
		}
	}
}

func topLevel(t *testing.T) {
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
