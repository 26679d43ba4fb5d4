package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/lengthtest"
)

// TestSave_Killed kills programs that write two files in turn. Each file has octets that one of them
// wrote whole; and the next to write finds nothing beside them, or takes it away.
func TestSave_Killed(t *testing.T) {
	folder := os.Getenv("ATTACHE_SAVE")
	texts := [2][]byte{bytes.Repeat([]byte("# one\n"), 40000), bytes.Repeat([]byte("# two\n"), 50000)}
	names := []string{filepath.Join(folder, "a.yaml"), filepath.Join(folder, "b.yaml")}
	if folder != "" {
		for n := 1; ; n++ {
			if err := Save(Draft{File: names[0], Old: texts[1-n%2], New: texts[n%2]}, Draft{File: names[1], Old: texts[1-n%2], New: texts[n%2]}); err != nil {
				t.Fatal(err)
			}
			fmt.Println("saved")
		}
	}
	folder = t.TempDir()
	names = []string{filepath.Join(folder, "a.yaml"), filepath.Join(folder, "b.yaml")}
	left := 0
	for n := range lengthtest.Of(5, 200) {
		for _, name := range names {
			writeFile(t, name, string(texts[0]))
		}
		killed(t, folder, time.Duration(n%20)*300*time.Microsecond)
		for _, name := range names {
			if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, texts[0]) && !bytes.Equal(got, texts[1]) {
				t.Fatalf("%s has %d octets, beginning with %.10q, %v", name, len(got), got, err)
			}
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) > 2 {
			left++
		}
	}
	old, err := os.ReadFile(names[0])
	if err := errors.Join(err, Save(Draft{File: names[0], Old: old, New: []byte("events: []\n")})); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
	t.Logf("after %d kills something was left beside the files", left)
}

// killed has this test write files, and kills it some time after it has begun.
func killed(t *testing.T, folder string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSave_Killed$")
	cmd.Env = append(os.Environ(), "ATTACHE_SAVE="+folder)
	out, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// TestSave_AtOnce has many change the same file and others beside it: who is not told otherwise has
// changed it.
func TestSave_AtOnce(t *testing.T) {
	folder := t.TempDir()
	shared := filepath.Join(folder, "shared.yaml")
	writeFile(t, shared, "events: []\n")
	var all sync.WaitGroup
	landed := make([]bool, 8)
	for n := range landed {
		own := filepath.Join(folder, fmt.Sprintf("own-%d.yaml", n))
		writeFile(t, own, "events: []\n")
		all.Go(func() {
			old, err := os.ReadFile(shared)
			if err != nil {
				t.Error(err)
				return
			}
			err = Save(Draft{File: shared, Old: old, New: fmt.Appendf(old, "# by %d\n", n)})
			if landed[n] = err == nil; err != nil && !errors.Is(err, ErrChanged) {
				t.Error(err)
			}
			err = Save(Draft{File: own, Old: []byte("events: []\n"), New: []byte("# changed\n")})
			if got, wrong := os.ReadFile(own); wrong != nil || (string(got) == "# changed\n") != (err == nil) || err != nil && !errors.Is(err, ErrChanged) {
				t.Errorf("of a file that nobody else writes it is said %v, and it holds %q, %v", err, got, wrong)
			}
		})
	}
	all.Wait()
	got, err := os.ReadFile(shared)
	if err != nil {
		t.Fatal(err)
	}
	for n, ok := range landed {
		if has := strings.Contains(string(got), fmt.Sprintf("# by %d\n", n)); has != ok {
			t.Errorf("writer %d was told %t; the file is\n%s", n, ok, got)
		}
	}
}

// TestSave_AllOrNone writes none of several files where one changed meanwhile or is there by now.
func TestSave_AllOrNone(t *testing.T) {
	for name, last := range map[string]Draft{
		"one changed meanwhile": {File: "b.yaml", Old: []byte("was"), New: []byte("new")},
		"one is there by now":   {File: "b.yaml", New: []byte("new")},
		"one has no folder":     {File: "gone/b.yaml", New: []byte("new")},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			file := filepath.Join(folder, "a.yaml")
			writeFile(t, file, "old")
			writeFile(t, filepath.Join(folder, "b.yaml"), "other")
			last.File = filepath.Join(folder, last.File)
			if err := Save(Draft{File: file, Old: []byte("old"), New: []byte("new")}, last, Draft{File: filepath.Join(folder, "c.yaml"), New: []byte("new")}); err == nil {
				t.Fatal("there is no error")
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != "old" {
				t.Errorf("the first file holds %q, %v", got, err)
			}
			if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
				t.Errorf("the folder has %v, %v", entries, err)
			}
		})
	}
}

// TestSave_Otherwhere writes a file on another device, to which a link leads, and a new file.
func TestSave_Otherwhere(t *testing.T) {
	elsewhere, err := os.MkdirTemp("/dev/shm", "attache-")
	if err != nil {
		t.Skip("there is no other device")
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(elsewhere); err != nil {
			t.Error(err)
		}
	})
	there, link := filepath.Join(elsewhere, "a.yaml"), filepath.Join(t.TempDir(), "a.yaml")
	writeFile(t, there, "old")
	if err := os.Symlink(there, link); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(filepath.Dir(link), "b.yaml")
	if err := Save(Draft{File: link, Old: []byte("old"), New: []byte("new")}, Draft{File: fresh, New: []byte("events: []\n")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{there: "new", fresh: "events: []\n"} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	if to, err := os.Readlink(link); err != nil || to != there {
		t.Errorf("the link leads to %s, %v", to, err)
	}
}
