package config

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestSave(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "kept", "a.yaml"), filepath.Join(folder, "a.yaml")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, "events: []\n")
	if err := errors.Join(os.Chmod(file, 0o640), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	d := Draft{File: link, Old: []byte("events: []\n"), New: []byte("events: [] # none\n")}
	writeFile(t, filepath.Join(folder, "kept", ".a.yaml.attache-new"), "of a run that was killed")
	if err := Save(d); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(link); err != nil || string(got) != string(d.New) {
		t.Errorf("the file holds %q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more: %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("beside the file there is more: %v, %v", left, err)
	}
	if err := Save(d); !errors.Is(err, ErrChanged) {
		t.Errorf("of a file that changed meanwhile the error is %v", err)
	}
}

func TestSave_Refused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.yaml")
	writeFile(t, file, "old")
	d := Draft{File: file, Old: []byte("old"), New: []byte("new")}

	other, err := os.Open(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := Save(d); !errors.Is(err, ErrChanged) {
		t.Errorf("while somebody else writes the error is %v", err)
	}
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 { // for root nothing is read-only
		if err := os.Chmod(file, 0o444); err != nil {
			t.Fatal(err)
		}
		if err := Save(d); !errors.Is(err, os.ErrPermission) {
			t.Errorf("of a file that is read-only the error is %v", err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "old" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	if err := Save(Draft{File: file, New: []byte("new")}); !errors.Is(err, os.ErrExist) {
		t.Errorf("of a new file that is there the error is %v", err)
	}
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
