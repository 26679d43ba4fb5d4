package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const contributing = "../.github/CONTRIBUTING.md"

func readText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onTheMap holds that CONTRIBUTING names every package of internal with its job, and none
// that is not there.
func onTheMap(t *testing.T) {
	text := readText(t, contributing)
	for _, r := range rooms {
		if r.name != "cmd" && r.name != "shipped" && !strings.Contains(text, "\n| `internal/"+r.name+"` | ") {
			t.Errorf("%s: its map lacks internal/%s: add a row with what it is for", fromTop(contributing), r.name)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(internal/[a-z/]+)` \\|").FindAllStringSubmatch(text, -1) {
		checkThere(t, contributing, filepath.Join("..", m[1]))
	}
}

// inReach holds that the files and packages that the documents link to or name are there.
func inReach(t *testing.T) {
	topics, err := filepath.Glob("cli/help/*.md")
	if err != nil || len(topics) == 0 {
		t.Fatal("there are no help topics", err)
	}
	for _, name := range append(topics, "../README.md", contributing) {
		text := readText(t, name)
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[1], "://") {
				checkThere(t, name, filepath.Join(filepath.Dir(name), m[1]))
			}
		}
		for _, m := range regexp.MustCompile("`((?:config|internal|systemd|\\.ci)/[^`*… ]+\\.[a-z]+)`").FindAllStringSubmatch(text, -1) {
			checkThere(t, name, filepath.Join("..", m[1]))
		}
		for _, m := range regexp.MustCompile(`\./((?:internal|cmd)[a-z/]*)`).FindAllStringSubmatch(text, -1) {
			checkThere(t, name, filepath.Join("..", m[1]))
		}
	}
}

func checkThere(t *testing.T, in, name string) {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		t.Errorf("%s names %s, which is not there", fromTop(in), fromTop(name))
	}
}

// shortReadme holds that the README stays something to read in a few minutes.
func shortReadme(t *testing.T) {
	if n := strings.Count(readText(t, "../README.md"), "\n"); n > 150 {
		t.Errorf("README.md has %d lines and may have 150: the reference is in internal/cli/help", n)
	}
}
