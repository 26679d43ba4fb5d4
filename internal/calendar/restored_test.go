package calendar_test

import (
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/calendar"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// TestApply_AfterRestoring puts a backup in the place of a database that told of an edit
// since. Where that one can be read nothing is told again; where it can't, what is due is
// looked for before it is sent.
func TestApply_AfterRestoring(t *testing.T) {
	for name, lost := range map[string]bool{"the database can be read": false, "the database is gone": true} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			w := newWorld(t, march, made(t, "visit", event.Visit, "2026-03-12"), made(t, "talks", event.Talks, "2026-03-13"))
			open := func(path string) {
				db, err := store.Open(path, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				w.db, w.sent = db, make(map[string]int)
				w.restart()
			}
			path, backup := store.Path(folder), filepath.Join(folder, "backup.db")
			open(path)
			if err := store.SaveCopy(backup, w.db); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(hours(1))
			w.edit("visit", set(t, "2026-03-19"))
			w.pass(hours(1))
			first, n := body(t, w.view, "all"), len(w.told)
			if err := w.db.Close(); err != nil {
				t.Fatal(err)
			}
			if lost {
				w.now = w.now.Add(hours(24 * 8)) // a reminder came due meanwhile
				path = store.Path(t.TempDir())
			}
			if _, err := store.Restore(path, backup, store.Options{}); err != nil {
				t.Fatal(err)
			}
			open(path)
			defer w.db.Close()
			doubtful, err := w.view.Notices(t.Context(), calendar.NoticeQuery{States: []string{string(notice.Unknown)}})
			if err != nil || len(doubtful) > 0 != lost {
				t.Errorf("in doubt are %+v, %v", doubtful, err)
			}
			if !lost {
				w.pass(hours(1))
				if got := w.says(n); got != "" {
					t.Errorf("it is told again:\n%s", got)
				}
			}
			if now := body(t, w.view, "all"); strings.Contains(first, "SEQUENCE:1\r\n") == strings.Contains(now, "SEQUENCE:0\r\nDTSTART;VALUE=DATE:20260319") {
				t.Errorf("a number of the feed fell\n%s", now)
			}
		})
	}
}
