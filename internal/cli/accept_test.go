package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// accepting runs draft --accept on an article with the answers of a person, in a folder with the
// calendar that is shipped, and returns what was said and the file of events.
func accepting(t *testing.T, article, answers string, env map[string]string) (said, file string) {
	t.Helper()
	folder := t.TempDir()
	if err := copyShipped(filepath.Join(folder, "config")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "wire.txt")
	if err := os.WriteFile(name, []byte(article), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := Env{
		Stdin: strings.NewReader(answers), Stdout: &out, Stderr: &out, Ask: true, Now: time.Now, Version: "test",
		Getenv: func(key string) string { return env[key] },
	}
	status := Run(context.Background(), e, []string{"--config", filepath.Join(folder, "config", "attache.yaml"), "draft", name, "--published", "2025-12-01", "--accept"})
	if status != exitOK {
		t.Errorf("the status is %d:\n%s", status, out.String())
	}
	b, err := os.ReadFile(filepath.Join(folder, "config", "events", "us-china.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), string(b)
}

const threeDates = "Ministers of Norland and Sudland will meet on 10 December 2025, if both parliaments agree. " +
	"The court of Norland will rule on 12 December 2025. A forum on steel may follow early next year, ahead of 17 February.\n\n" +
	"Trump may travel to Beijing in April 2026.\n"

func TestAccept(t *testing.T) {
	_, before := accepting(t, threeDates, "n\nn\nn\nn\n", nil)
	said, after := accepting(t, threeDates, "yes\nwhat?\nno\ns\ny\n", nil)
	for _, want := range []string{
		"title: Ministers of Norland and Sudland will meet", "    if:\n      text: both parliaments agree\n", "      - phrase: on 10 December 2025\n        source: wire\n        quote: ",
		"      - phrase: in April 2026\n        source: wire\n        quote: Trump may travel to Beijing in April 2026.\n", "  wire:\n    published: 2025-12-01\n",
	} {
		if !strings.Contains(after, want) || strings.Contains(before, want) {
			t.Errorf("the file lacks %q, or had it:\n%s", want, after)
		}
	}
	for _, no := range []string{"court", "steel"} {
		if strings.Contains(after, no) {
			t.Errorf("the file has %q, which nobody accepted:\n%s", no, after)
		}
	}
	if !strings.Contains(said, "left for later: Forum on steel may follow") {
		t.Error(said)
	}
	if strings.Count(after, "#") != strings.Count(before, "#") {
		t.Errorf("a comment was lost:\n%s", after)
	}
}

// Nothing is written where the person goes away, and what they make of it in their editor is.
func TestAccept_GoneAndEdited(t *testing.T) {
	_, before := accepting(t, threeDates, "n\nn\nn\nn\n", nil)
	if _, after := accepting(t, threeDates, "", nil); after != before {
		t.Error("a file was written for nobody")
	}
	editor := filepath.Join(t.TempDir(), "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\nsed -i 's/title: Ministers of Norland and Sudland will meet/title: Border talks/' \"$2\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, after := accepting(t, threeDates, "e\n", map[string]string{"EDITOR": editor}); !strings.Contains(after, "title: Border talks") {
		t.Errorf("the file lacks what was edited:\n%s", after)
	}
}
