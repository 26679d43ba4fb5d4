package offline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/store"
)

// Calendar is the calendar of a configuration while no daemon has its database. The errors
// of its methods are store.ErrLocked where one has.
type Calendar struct {
	Folder string                         // of the database
	Load   func() (*config.Config, error) // reads the files; called by what asks of dates
	Now    time.Time                      // when the files are read

	db   *store.DB      // that of view
	view *calendar.View // once it is made
}

// Close lets go of what was worked out.
func (c *Calendar) Close() error {
	if c.db == nil {
		return nil
	}
	return c.db.Close()
}

var _ calendar.Reader = (*Calendar)(nil)

// rehearsed returns the calendar as the daemon would show it at Now.
func (c *Calendar) rehearsed() (*calendar.View, error) {
	if c.view != nil {
		return c.view, nil
	}
	s, err := c.settings()
	if err != nil {
		return nil, err
	}
	db, err := store.Scratch(store.Path(c.Folder))
	if err != nil {
		return nil, silent(err)
	}
	applied, err := calendar.Rehearse(db, s, c.Now)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	c.db, c.view = db, applied.View
	return c.view, nil
}

func (c *Calendar) settings() (*calendar.Settings, error) {
	loaded, err := c.Load()
	if err != nil {
		return nil, err
	}
	return loaded.CalendarSettings()
}

// recorded gives do the database as it is, or an empty one where there is none yet.
func (c *Calendar) recorded(do func(*store.DB) error) error {
	path := store.Path(c.Folder)
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if _, missing := os.Stat(path); errors.Is(missing, fs.ErrNotExist) {
		db, err = store.New(store.Memory(), store.Options{})
	}
	if err != nil {
		return silent(err)
	}
	return errors.Join(do(db), db.Close())
}

// silent says of a locked database that its daemon does not answer.
func silent(err error) error {
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("the daemon has the database and does not answer: %w", err)
	}
	return err
}

// rehearse asks the calendar as the daemon would show it at Now.
func rehearse[Q, A any](ctx context.Context, c *Calendar, ask func(*calendar.View, context.Context, Q) (A, error), q Q) (A, error) {
	v, err := c.rehearsed()
	if err != nil {
		var none A
		return none, err
	}
	return ask(v, ctx, q)
}

// List returns the events that q chooses, in its order.
func (c *Calendar) List(ctx context.Context, q calendar.Query) ([]agenda.View, error) {
	return rehearse(ctx, c, (*calendar.View).List, q)
}

// Why says why the event id is where it is.
func (c *Calendar) Why(ctx context.Context, id string) (agenda.WhyView, error) {
	return rehearse(ctx, c, (*calendar.View).Why, id)
}

// Export returns events as an iCalendar text.
func (c *Calendar) Export(ctx context.Context, x calendar.Export) ([]byte, error) {
	return rehearse(ctx, c, (*calendar.View).Export, x)
}

// Render returns what a channel is given about an event.
func (c *Calendar) Render(ctx context.Context, x calendar.Rendering) (notice.Post, error) {
	return rehearse(ctx, c, (*calendar.View).Render, x)
}

// Changes returns what was changed, the newest first.
func (c *Calendar) Changes(_ context.Context, f agenda.Filter, r change.Range) (list []change.View, err error) {
	err = c.recorded(func(db *store.DB) error {
		list, err = calendar.Changes(db, f, r)
		return err
	})
	return list, err
}

// Notices returns the notices that q chooses, in the order of time.
func (c *Calendar) Notices(_ context.Context, q calendar.NoticeQuery) (list []calendar.NoticeView, err error) {
	err = c.recorded(func(db *store.DB) error {
		list, err = calendar.Notices(db, q)
		return err
	})
	return list, err
}

// RetryNotice has the next daemon send the notice whose key begins with key, which is dead
// or held.
func (c *Calendar) RetryNotice(_ context.Context, key string) (calendar.NoticeView, error) {
	return c.onNotice(key, (*dispatch.Dispatcher).Retry)
}

// DropNotice makes a notice dead that is planned or held, or puts a dead one away.
func (c *Calendar) DropNotice(_ context.Context, key string) (calendar.NoticeView, error) {
	return c.onNotice(key, (*dispatch.Dispatcher).Drop)
}

func (c *Calendar) onNotice(key string, do func(*dispatch.Dispatcher, string) error) (calendar.NoticeView, error) {
	db, err := store.Open(store.Path(c.Folder), store.Options{})
	if err != nil {
		return calendar.NoticeView{}, silent(err)
	}
	d := dispatch.New(dispatch.Config{Outbox: db, Install: db.Install()})
	v, err := calendar.OnNotice(db, key, func(key string) error { return do(d, key) })
	return v, errors.Join(err, db.Close())
}

// Plan returns what reading the files at Now would do. A running daemon gives a copy of its
// database; nothing of what the reading does is kept.
func (c *Calendar) Plan(ctx context.Context) (calendar.Plan, error) {
	s, err := c.settings()
	if err != nil {
		return calendar.Plan{}, err
	}
	db, err := c.copied(ctx)
	if err != nil {
		return calendar.Plan{}, fmt.Errorf("plan: %w", err)
	}
	p, err := calendar.PlanOf(db, s, c.Now)
	return p, errors.Join(err, db.Close())
}

// copied opens a copy of the database, which a running daemon gives.
func (c *Calendar) copied(ctx context.Context) (db *store.DB, err error) {
	got, err := control.NewClient(control.Path(c.Folder)).Backup(ctx)
	if errors.Is(err, control.ErrNoDaemon) {
		db, err = store.Scratch(store.Path(c.Folder))
		return db, silent(err)
	}
	if err != nil {
		return nil, err
	}
	defer got.Content.Close()
	return store.ScratchOf(got.Content, got.Sum)
}
