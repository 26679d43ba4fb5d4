package daemon

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/answer"
	"attache/internal/calendar"
	"attache/internal/notice"
	"attache/internal/store"
)

// unstarted returns a daemon on settings and a visit, which is not started.
func unstarted(t *testing.T, settings string) *Daemon {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "attache.yaml")
	const visit = "events: [{id: visit, title: A visit, kind: visit, when: 2099-02-03, sources: [{quote: they go}]}]\n"
	for name, text := range map[string]string{path: settings, filepath.Join(folder, "a.yaml"): visit} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := New(Options{
		ConfigPath: path, Listen: "127.0.0.1:0", Data: filepath.Join(folder, "data"), Env: func(string) string { return "" },
		Out: io.Discard, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Chat: func(ctx context.Context, r calendar.Reader, now time.Time, _ string) string {
			list, err := r.List(ctx, calendar.Query{Now: now})
			return fmt.Sprint(list, err)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestDesk_AnswersWhileTheDatabaseIsBusy holds a transaction that writes, one that reads, and
// what every change of the calendar waits for: nothing that is only asked waits for them.
func TestDesk_AnswersWhileTheDatabaseIsBusy(t *testing.T) {
	d := unstarted(t, "timezone: UTC\nslack: {channel: C0TRADE}\nevents: [a.yaml]\n")
	k, by := desk{d}, answer.Press{By: answer.Person{ID: "U1", Team: "T1"}, Team: "T1", Channel: "C0TRADE"}
	d.changing.Lock()
	defer d.changing.Unlock()
	err := d.db.View(func(*store.Tx) error {
		return d.db.Update(func(*store.Tx) error {
			if told := k.Command(t.Context(), by, "list"); !strings.Contains(told.Text, "A visit") {
				t.Errorf("%+v", told)
			}
			about := by
			about.Event, about.Revision, about.Do = "visit", 1, notice.SayDate
			if f, told, ok := k.Form(about); !ok || f.Title != "New date" {
				t.Errorf("no form: %+v", told)
			}
			about.Fields = map[string]string{answer.FieldWhen: "2099-05-01"}
			if said := k.Preview(about); !strings.Contains(said, "2099-05-01") {
				t.Errorf("preview: %q", said)
			}
			if s := k.Home(t.Context(), by); len(s) != 3 || len(s[1].Lines) != 1 {
				t.Errorf("Home: %+v", s)
			}
			if said := k.Refuses(by).Text; said != "" {
				t.Errorf("refused: %q", said)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}
