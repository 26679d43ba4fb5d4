package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// logged returns what is logged in the form to a file, and whether it is told to be the
// journal's.
func logged(t *testing.T, form string, toJournal bool) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	stream := ""
	if toJournal {
		stream = fmt.Sprintf("%d:%d", s.Dev, s.Ino)
	}
	a := &app{Env: Env{Stderr: f, Getenv: func(string) string { return stream }}}
	log, err := a.newLog(form)
	if err != nil {
		t.Fatal(err)
	}
	log.Info("event revised", "event", "visit")
	log.Error("two\nlines <7>", "path", "a\nb")
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLog_ForWhoeverReadsIt(t *testing.T) {
	for _, out := range []string{logged(t, logAuto, false), logged(t, logJSON, true)} {
		for line := range strings.Lines(out) {
			var record map[string]any
			if err := json.Unmarshal([]byte(line), &record); err != nil || record["msg"] == "" || record["level"] == "" || record["time"] == "" {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if got, want := logged(t, logAuto, true), "<6>msg=\"event revised\" event=visit\n<3>msg=\"two\\nlines <7>\" path=\"a\\nb\"\n"; got != want {
		t.Errorf("the journal gets\n%s", got)
	}
	if got := logged(t, logText, true); !strings.Contains(got, " level=INFO msg=\"event revised\" event=visit\n") {
		t.Errorf("people get\n%s", got)
	}
	for _, form := range []string{logAuto, logJSON, logText} {
		if n := strings.Count(logged(t, form, form == logAuto), "\n"); n != 2 {
			t.Errorf("%s: %d lines for two acts", form, n)
		}
	}
}

func TestLog_UnknownFormIsWrongUse(t *testing.T) {
	a := &app{Env: Env{Stderr: io.Discard, Getenv: func(string) string { return "" }}}
	var usage usageError
	if _, err := a.newLog("xml"); !errors.As(err, &usage) {
		t.Errorf("%v", err)
	}
	var b bytes.Buffer
	a.Stderr = &b
	if log, err := a.newLog(logAuto); err != nil {
		t.Error(err)
	} else if log.Info("x"); !strings.Contains(b.String(), "level=INFO") {
		t.Errorf("%s", b.String())
	}
}
