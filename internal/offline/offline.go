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
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/story"
)

// Calendar is the calendar of a configuration while no daemon has its database. The errors
// of its methods are store.ErrLocked where one has.
type Calendar struct {
	Folder string                         // of the database
	Path   string                         // of the configuration
	Load   func() (*config.Config, error) // reads the files; called by what asks of dates
	Now    time.Time                      // when the files are read
	Warn   func(words string)             // says that an answer is not what may be expected
	Named  bool                           // somebody wrote down that the database is in Folder
	Any    bool                           // what was recorded is asked for, whomever it belongs to

	// Foreign says that the database belongs to another configuration, as its daemon told;
	// nil is to be found out.
	Foreign *store.OtherError

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
	db, err := c.own()
	if err != nil {
		return nil, err
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

// own returns a copy of the database, or an empty one where it belongs to another
// configuration: the files alone are told then.
func (c *Calendar) own() (*store.DB, error) {
	if c.Foreign == nil {
		db, err := c.scratch()
		if err == nil {
			err = c.foreign(db)
		}
		if !errors.As(err, &c.Foreign) {
			return db, err
		}
		if err := db.Close(); err != nil {
			return nil, err
		}
	}
	c.Warn(fmt.Sprintf("%s was made for %s: this is what the files of %s say, without it", c.Foreign.Path, c.Foreign.Owner, c.Foreign.Asked))
	return store.Temporary("")
}

// scratch returns a copy of the database, empty where there is none, and says so where there
// was or should be one.
func (c *Calendar) scratch() (*store.DB, error) {
	path := store.Path(c.Folder)
	db, err := store.Scratch(path)
	if err != nil {
		return nil, silent(err)
	}
	if _, missing := os.Stat(path); errors.Is(missing, fs.ErrNotExist) {
		if _, err := store.Open(path, store.Options{ReadOnly: true}); errors.Is(err, store.ErrGone) {
			c.Warn(err.Error())
		} else if c.Named {
			c.Warn("there is no database at " + path)
		}
	}
	return db, nil
}

// foreign returns an error, a *store.OtherError, where db belongs to another configuration.
func (c *Calendar) foreign(db *store.DB) error {
	o, err := store.OwnerOf(c.Path)
	if err != nil {
		return err
	}
	return db.Foreign(o)
}

// recorded calls do with the database as it is, opened by o, or an empty one where there is
// none yet.
func (c *Calendar) recorded(o store.Options, do func(*store.DB) error) error {
	if c.Foreign != nil {
		return c.Foreign
	}
	path := store.Path(c.Folder)
	_, missing := os.Stat(path)
	o.ReadOnly = o.ReadOnly || missing != nil // so that none is made
	db, err := store.Open(path, o)
	if errors.Is(err, fs.ErrNotExist) {
		c.Warn(fmt.Sprintf("there is no database at %s: nothing was recorded there", path))
		db, err = store.Temporary("")
	}
	if err != nil {
		return silent(err)
	}
	err = c.foreign(db)
	if other := new(store.OtherError); c.Any && errors.As(err, &other) {
		c.Warn(fmt.Sprintf("%s was made for %s", other.Path, other.Owner))
		err = nil
	}
	if err == nil {
		err = do(db)
	}
	return errors.Join(err, db.Close())
}

// silent returns err, and adds to that of a locked database that its daemon does not answer.
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
func (c *Calendar) List(ctx context.Context, q calendar.Query) ([]story.View, error) {
	return rehearse(ctx, c, (*calendar.View).List, q)
}

// Why reports why the event id is where it is.
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
func (c *Calendar) Changes(_ context.Context, q calendar.ChangeQuery) (list []change.View, err error) {
	err = c.recorded(store.Options{ReadOnly: true}, func(db *store.DB) error {
		list, err = calendar.Changes(db, q)
		return err
	})
	return list, err
}

// Notices returns the notices that q chooses, in the order of time.
func (c *Calendar) Notices(_ context.Context, q calendar.NoticeQuery) (list []calendar.NoticeView, err error) {
	err = c.recorded(store.Options{ReadOnly: true}, func(db *store.DB) error {
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

func (c *Calendar) onNotice(key string, do func(*dispatch.Dispatcher, string) error) (v calendar.NoticeView, err error) {
	err = c.recorded(store.Options{}, func(db *store.DB) error {
		d := dispatch.New(dispatch.Config{Outbox: db, Install: db.Install()})
		v, err = calendar.OnNotice(db, key, func(key string) error { return do(d, key) })
		return err
	})
	return v, err
}

// Answer records what a person says of an event elsewhere than in its file. The files are read
// first, as the next daemon would.
func (c *Calendar) Answer(_ context.Context, said calendar.Said) (v calendar.AnswerView, err error) {
	loaded, err := c.Load()
	if err != nil {
		return v, err
	}
	s, err := loaded.CalendarSettings()
	if err != nil {
		return v, err
	}
	err = c.recorded(store.Options{}, func(db *store.DB) error {
		out, err := answer(db, loaded, s, said, c.Now)
		v = out.InBrief()
		return err
	})
	return v, err
}

// answer records in db what the files say, and then what a person says.
func answer(db *store.DB, loaded *config.Config, s *calendar.Settings, said calendar.Said, now time.Time) (calendar.Answered, error) {
	cal := calendar.New(db)
	applied, err := cal.Apply(s, now, nil)
	if err != nil {
		return calendar.Answered{}, err
	}
	a, err := loaded.Answer(said, applied.View, now)
	if err != nil {
		return calendar.Answered{}, err
	}
	return cal.Answer(a, now)
}

// PlanAnswer returns what would follow from what a person says, as Plan does.
func (c *Calendar) PlanAnswer(ctx context.Context, said calendar.Said) (p calendar.Plan, err error) {
	loaded, err := c.Load()
	if err != nil {
		return p, err
	}
	s, err := loaded.CalendarSettings()
	if err != nil {
		return p, err
	}
	db, err := c.copied(ctx)
	if err != nil {
		return p, fmt.Errorf("plan: %w", err)
	}
	if _, err = calendar.Rehearse(db, s, c.Now); err == nil {
		p, err = calendar.PlanOfAnswer(db, s, c.Now, func() (calendar.Applied, error) {
			out, err := answer(db, loaded, s, said, c.Now)
			return out.Applied, err
		})
	}
	return p, errors.Join(err, db.Close())
}

// Unsettled returns what people said elsewhere than in the files and is not in them, with the
// sources that are known.
func (c *Calendar) Unsettled(ctx context.Context) (list []calendar.Unsettled, sources map[string]event.Source, err error) {
	s, err := c.settings()
	if err != nil {
		return nil, nil, err
	}
	db, err := c.copied(ctx)
	if err != nil {
		return nil, nil, err
	}
	applied, err := calendar.Rehearse(db, s, c.Now)
	if err == nil {
		sources = applied.View.Sources()
		list, err = applied.View.Unsettled()
	}
	return list, sources, errors.Join(err, db.Close())
}

// Plan returns what reading the files at Now would do. A running daemon gives a copy of its
// database; nothing of what the reading does is kept.
func (c *Calendar) Plan(ctx context.Context) (calendar.Plan, error) {
	s, err := c.settings()
	if err != nil {
		return calendar.Plan{}, err
	}
	return c.plan(ctx, s)
}

// PlanEdit returns what an edit of the files would do: they are as Load reads them, and would be
// as edited.
func (c *Calendar) PlanEdit(ctx context.Context, edited *config.Config) (calendar.Plan, error) {
	before, err := c.settings()
	if err != nil {
		return calendar.Plan{}, err
	}
	after, err := edited.CalendarSettings()
	if err != nil {
		return calendar.Plan{}, err
	}
	return c.plan(ctx, after, before)
}

// plan returns what reading s does to a copy of the database in which what is read before it
// has been.
func (c *Calendar) plan(ctx context.Context, s *calendar.Settings, before ...*calendar.Settings) (calendar.Plan, error) {
	db, err := c.copied(ctx)
	if err != nil {
		return calendar.Plan{}, fmt.Errorf("plan: %w", err)
	}
	var other *store.OtherError
	if err := c.foreign(db); errors.As(err, &other) {
		c.Warn(fmt.Sprintf("the database was made for %s: this is what %s would change in it", other.Owner, other.Asked))
	} else if err != nil {
		return calendar.Plan{}, errors.Join(err, db.Close())
	}
	for _, b := range before {
		if _, err := calendar.Rehearse(db, b, c.Now); err != nil {
			return calendar.Plan{}, errors.Join(err, db.Close())
		}
	}
	p, err := calendar.PlanOf(db, s, c.Now)
	return p, errors.Join(err, db.Close())
}

// Refused returns the error with which a daemon would refuse to read the files, although
// nothing in them is wrong: config.Errors, since what is known came from files that are
// gone.
func (c *Calendar) Refused(ctx context.Context) error {
	s, err := c.settings()
	if err != nil || s.NoFiles == nil { // which alone needs a look into the database
		return err
	}
	db, err := c.copied(ctx)
	if err != nil {
		return err
	}
	if err = c.foreign(db); err == nil {
		_, err = calendar.Rehearse(db, s, c.Now)
	}
	if other := new(store.OtherError); errors.As(err, &other) {
		err = nil // it knows nothing of these files
	}
	return errors.Join(err, db.Close())
}

// copied opens a copy of the database, which a running daemon gives.
func (c *Calendar) copied(ctx context.Context) (*store.DB, error) {
	got, err := control.NewClient(control.Path(c.Folder)).Copy(ctx)
	if errors.Is(err, control.ErrNoDaemon) {
		return c.scratch()
	}
	if err != nil {
		return nil, err
	}
	defer got.Content.Close()
	return store.ScratchOf(got.Content, got.Sum)
}
