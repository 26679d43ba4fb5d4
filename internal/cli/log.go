package cli

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"syscall"
)

// The forms in which the daemon logs.
const (
	logAuto    = "auto"
	logText    = "text"    // for people
	logJSON    = "json"    // for programs: one object a line
	logJournal = "journal" // for the journal of systemd, which knows the time and takes the level
)

// newLog makes the log of the daemon.
func (a *app) newLog(form string) (*slog.Logger, error) {
	switch form = a.logForm(form); form {
	case logText:
		return slog.New(slog.NewTextHandler(a.Stderr, nil)), nil
	case logJSON:
		return slog.New(slog.NewJSONHandler(a.Stderr, nil)), nil
	case logJournal:
		return slog.New(slog.NewTextHandler(journal{a.Stderr}, &slog.HandlerOptions{ReplaceAttr: untimed})), nil
	}
	return nil, usageError{fmt.Errorf("--log is auto, text, json or journal, not %q", form)}
}

// logForm returns form, and for auto the one that suits who reads: text on a terminal, what
// the journal reads where it is at the other end, else JSON.
func (a *app) logForm(form string) string {
	if form != logAuto {
		return form
	}
	f, ok := a.Stderr.(*os.File)
	if !ok {
		return logText
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return logJSON
	case info.Mode()&os.ModeCharDevice != 0:
		return logText
	case isJournal(info, a.Getenv("JOURNAL_STREAM")):
		return logJournal
	}
	return logJSON
}

// isJournal reports whether stream, which the service manager sets to the device and the
// inode of the journal, is that of the file: what it started may have sent it elsewhere.
func isJournal(info os.FileInfo, stream string) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && stream == fmt.Sprintf("%d:%d", s.Dev, s.Ino)
}

// untimed leaves out the time, which the journal knows.
func untimed(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// journal turns the level that a line of text begins with into what the journal reads,
// sd-daemon(3).
type journal struct{ out io.Writer }

// Write writes one line.
func (j journal) Write(line []byte) (int, error) {
	for level, number := range map[string]string{"ERROR": "<3>", "WARN": "<4>", "INFO": "<6>", "DEBUG": "<7>"} {
		if rest, ok := bytes.CutPrefix(line, []byte("level="+level+" ")); ok {
			_, err := j.out.Write(append([]byte(number), rest...))
			return len(line), err
		}
	}
	return j.out.Write(line)
}
