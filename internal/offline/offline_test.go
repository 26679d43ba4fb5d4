package offline_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/config"
	"attache/internal/offline"
	"attache/internal/store"
)

var (
	now = time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)
	ctx = context.Background()
)

// desk is a configuration and the folder of its database.
type desk struct {
	t      *testing.T
	folder string
	warned []string
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, folder: t.TempDir()}
	d.write("attache.yaml", "timezone: UTC\n")
	d.write("other.yaml", "timezone: UTC\n")
	d.write("events/a.yaml", "events: [{id: talks, title: Talks, when: 2026-03-02}]\n")
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.folder, name) }

func (d *desk) write(name, content string) {
	d.t.Helper()
	must(d.t, os.MkdirAll(filepath.Dir(d.path(name)), 0o700))
	must(d.t, os.WriteFile(d.path(name), []byte(content), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// record has a daemon of the configuration read the files, as it were, and returns the
// database.
func (d *desk) record(configuration string) *store.DB {
	d.t.Helper()
	db, err := store.Open(store.Path(d.path("data")), store.Options{})
	must(d.t, err)
	d.t.Cleanup(func() { db.Close() }) // the test may have closed it
	c, err := config.Load(d.path("attache.yaml"))
	must(d.t, err)
	s, err := c.CalendarSettings()
	must(d.t, err)
	_, err = calendar.New(db).Apply(s, now, nil)
	must(d.t, err)
	o, err := store.OwnerOf(d.path(configuration))
	must(d.t, err)
	must(d.t, db.Take(o))
	return db
}

// calendar returns the calendar of attache.yaml without a daemon.
func (d *desk) calendar() *offline.Calendar {
	path := d.path("attache.yaml")
	c := &offline.Calendar{
		Folder: d.path("data"), Path: path, Load: func() (*config.Config, error) { return config.Load(path) }, Now: now,
		Warn: func(words string) { d.warned = append(d.warned, strings.ReplaceAll(words, d.folder, "DIR")) },
	}
	d.t.Cleanup(func() { must(d.t, c.Close()) })
	return c
}

func (d *desk) warns(want ...string) {
	d.t.Helper()
	if !slices.EqualFunc(d.warned, want, strings.HasPrefix) {
		d.t.Errorf("it warns %q, want %q", d.warned, want)
	}
}

func ids(t *testing.T, c *offline.Calendar) string {
	t.Helper()
	list, err := c.List(ctx, calendar.Query{Now: now})
	must(t, err)
	var out []string
	for _, v := range list {
		out = append(out, v.ID)
	}
	return strings.Join(out, " ")
}

func TestCalendar_WithoutADatabase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.calendar()
	if got := ids(t, c); got != "talks" {
		t.Errorf("it lists %q", got)
	}
	d.warns()
	if _, err := os.Stat(d.path("data")); err == nil {
		t.Error("a question made the folder of the database")
	}
	named := d.calendar()
	named.Named = true
	if got := ids(t, named); got != "talks" {
		t.Errorf("it lists %q", got)
	}
	d.warns("there is no database at DIR/data/attache.db")
	if list, err := c.Notices(ctx, calendar.NoticeQuery{}); err != nil || len(list) != 0 {
		t.Errorf("%d notices, %v", len(list), err)
	}
}

func TestCalendar_AnswersAndWritesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	db := d.record("attache.yaml")
	before, err := db.Sum()
	must(t, err)
	must(t, db.Close())
	d.write("events/b.yaml", "events: [{id: visit, title: Visit, when: 2026-03-09}]\n")
	c := d.calendar()
	if got := ids(t, c); got != "talks visit" {
		t.Errorf("it lists %q", got)
	}
	if v, err := c.Why(ctx, "visit"); err != nil || v.ID != "visit" {
		t.Errorf("Why = %q, %v", v.ID, err)
	}
	if _, err := c.Why(ctx, "nothing"); !errors.Is(err, calendar.ErrNoEvent) {
		t.Errorf("Why of nothing = %v", err)
	}
	if text, err := c.Export(ctx, calendar.Export{ID: "talks"}); err != nil || !strings.Contains(string(text), "UID:talks@") {
		t.Errorf("Export = %s, %v", text, err)
	}
	if list, err := c.Changes(ctx, calendar.ChangeQuery{Range: change.Range{}}); err != nil || len(list) != 1 {
		t.Errorf("%d changes are recorded, %v", len(list), err)
	}
	if p, err := c.Plan(ctx); err != nil || len(p.Stories) != 1 || p.Stories[0].Root.New.Event.ID != "visit" {
		t.Errorf("Plan = %+v, %v", p.Stories, err)
	}
	must(t, c.Refused(ctx))
	d.warns()
	if err := store.Prove(store.Path(d.path("data")), before); err != nil {
		t.Errorf("the database was changed: %v", err)
	}
}

func TestCalendar_OfAnotherConfiguration(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.write("events/b.yaml", "events: [{id: visit, title: Visit, when: 2026-03-09}]\n")
	must(t, d.record("other.yaml").Close())
	must(t, os.Remove(d.path("events/b.yaml")))
	c := d.calendar()
	if got := ids(t, c); got != "talks" {
		t.Errorf("it lists %q, some of which only the other one holds", got)
	}
	d.warns("DIR/data/attache.db was made for DIR/other.yaml")
	var other *store.OtherError
	if _, err := d.calendar().Changes(ctx, calendar.ChangeQuery{Range: change.Range{}}); !errors.As(err, &other) {
		t.Errorf("its changes: %v", err)
	}
	must(t, d.calendar().Refused(ctx))
	whoever := d.calendar()
	whoever.Any = true
	if list, err := whoever.Changes(ctx, calendar.ChangeQuery{Range: change.Range{}}); err != nil || len(list) != 2 {
		t.Errorf("%d changes whomever they belong to, %v", len(list), err)
	}
}

func TestCalendar_WhileSomebodyHasTheDatabase(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*desk, *offline.Calendar) error{
		"list": func(_ *desk, c *offline.Calendar) error { _, err := c.List(ctx, calendar.Query{}); return err },
		"changes": func(_ *desk, c *offline.Calendar) error {
			_, err := c.Changes(ctx, calendar.ChangeQuery{Range: change.Range{}})
			return err
		},
		"plan": func(_ *desk, c *offline.Calendar) error { _, err := c.Plan(ctx); return err },
		"drop": func(_ *desk, c *offline.Calendar) error { _, err := c.DropNotice(ctx, "x"); return err },
		"backup": func(d *desk, _ *offline.Calendar) error {
			_, err := offline.Backup(ctx, d.path("data"), d.path("copy.db"), 0, now)
			return err
		},
		"restore": func(d *desk, _ *offline.Calendar) error {
			d.write("backup.db", "")
			_, err := offline.Restore(d.path("data"), d.path("backup.db"), time.Now)
			return err
		},
		"compact": func(d *desk, _ *offline.Calendar) error { _, err := offline.Compact(ctx, d.path("data")); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each waits a while for the database
			d := newDesk(t)
			d.record("attache.yaml")
			if err := ask(d, d.calendar()); !errors.Is(err, store.ErrLocked) {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestCalendar_DropNotice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	must(t, d.record("attache.yaml").Close())
	c := d.calendar()
	list, err := c.Notices(ctx, calendar.NoticeQuery{States: []string{"planned"}})
	if err != nil || len(list) == 0 {
		t.Fatalf("%d notices are planned, %v", len(list), err)
	}
	if v, err := c.DropNotice(ctx, list[0].Key); err != nil || v.State != "dead" {
		t.Errorf("it is %q, %v", v.State, err)
	}
	if _, err := c.DropNotice(ctx, "no such key"); err == nil {
		t.Error("a notice that is not there was dropped")
	}
	left, err := c.Notices(ctx, calendar.NoticeQuery{States: []string{"planned"}})
	if err != nil || len(left) != len(list)-1 {
		t.Errorf("%d notices are planned then, %v", len(left), err)
	}
}

func TestCalendar_RefusesFilesThatAreGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	must(t, d.record("attache.yaml").Close())
	must(t, os.Rename(d.path("events"), d.path("elsewhere")))
	var wrong config.Errors
	if err := d.calendar().Refused(ctx); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "1 of the events came from there") {
		t.Errorf("it says %v", err)
	}
	if _, err := d.calendar().Plan(ctx); !errors.As(err, &wrong) {
		t.Errorf("its plan says %v", err)
	}
}

func TestBackup_KeepsTheNewest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	must(t, d.record("attache.yaml").Close())
	d.write("copies/attache-of-mine.db", "mine")
	for day := range 4 {
		path, err := offline.Backup(ctx, d.path("data"), d.path("copies"), 2, now.AddDate(0, 0, day))
		must(t, err)
		must(t, store.Prove(path, ""))
	}
	entries, err := os.ReadDir(d.path("copies"))
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"attache-20260218T090000Z.db", "attache-20260219T090000Z.db", "attache-of-mine.db"}; !slices.Equal(names, want) {
		t.Errorf("it keeps %q, want %q", names, want)
	}
	r, err := offline.Restore(d.path("data"), d.path("copies/"+names[0]), func() time.Time { return now })
	if err != nil || r.Doubted || r.Aside == "" {
		t.Errorf("Restore = %+v, %v", r, err)
	}
	if _, err := offline.Compact(ctx, d.path("data")); err != nil {
		t.Errorf("Compact: %v", err)
	}
	if _, err := offline.Compact(ctx, d.path("nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Compact of nothing: %v", err)
	}
}
