package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/offline"
	"attache/internal/store"
)

// source answers commands: the running daemon, or the files and the database without one.
type source interface {
	calendar.Reader
	Answer(ctx context.Context, said calendar.Said) (calendar.AnswerView, error)
	RetryNotice(ctx context.Context, key string) (calendar.NoticeView, error)
	DropNotice(ctx context.Context, key string) (calendar.NoticeView, error)
}

// readerAlone is a source that only reads.
type readerAlone struct{ calendar.Reader }

// RetryNotice refuses.
func (readerAlone) RetryNotice(context.Context, string) (calendar.NoticeView, error) {
	return calendar.NoticeView{}, errReadOnly
}

// DropNotice refuses.
func (readerAlone) DropNotice(context.Context, string) (calendar.NoticeView, error) {
	return calendar.NoticeView{}, errReadOnly
}

// Answer refuses.
func (readerAlone) Answer(context.Context, calendar.Said) (calendar.AnswerView, error) {
	return calendar.AnswerView{}, errReadOnly
}

var errReadOnly = errors.New("nothing can be changed here")

// ask has do answered by the running daemon or, where none runs on the folder, by the
// files as they would be read at the time of --now and by the database. A daemon of another
// configuration is asked only where its folder was named.
func ask[T any](a *app, do func(s source, now time.Time) (T, error)) (T, error) {
	var none T
	now, err := a.instant(a.flags.now)
	if err != nil {
		return none, err
	}
	if a.reader != nil {
		return do(readerAlone{a.reader}, now)
	}
	folder, err := a.folder()
	if err != nil {
		return none, err
	}
	c := a.offline(folder, now)
	var got T
	err = a.askOn(folder, func(client *control.Client) (err error) {
		got, err = do(client, now)
		return err
	})
	if !errors.As(err, &c.Foreign) && !errors.Is(err, control.ErrNoDaemon) {
		return got, err
	}
	got, err = do(c, now)
	return got, errors.Join(err, c.Close())
}

// askDaemon asks the running daemon, which alone knows.
func (a *app) askDaemon(do func(*control.Client) error) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	err = a.askOn(folder, do)
	if errors.Is(err, control.ErrNoDaemon) {
		return fmt.Errorf("no daemon runs on %s", folder)
	}
	return err
}

// askOn asks the daemon on folder. The error is a *store.OtherError where that runs another
// configuration, unless --data names the folder: then it answers all the same.
func (a *app) askOn(folder string, do func(*control.Client) error) error {
	client := control.NewClient(control.Path(folder))
	p, err := a.path()
	if err != nil { // the folder was named
		return do(client)
	}
	o, err := store.OwnerOf(p)
	if err != nil {
		return err
	}
	err = do(client.For(o.String()))
	var other *control.OtherError
	switch {
	case !errors.As(err, &other):
		return err
	case a.flags.data == "":
		return &store.OtherError{Path: store.Path(folder), Owner: other.Runs, Asked: o.Path}
	}
	a.warn(fmt.Sprintf("the daemon on %s runs %s, and answers for that", folder, other.Runs))
	return do(client)
}

// warn says that an answer is not what may be expected.
func (a *app) warn(words string) { fmt.Fprintln(a.Stderr, "warning:", words) }

// offline returns the calendar whose database is in folder, as it is without a daemon.
func (a *app) offline(folder string, now time.Time) *offline.Calendar {
	c := &offline.Calendar{
		Folder: folder, Load: a.load, Now: now, Warn: a.warn, Any: a.flags.data != "", Named: a.flags.data != "",
	}
	if s, err := a.settings(); err == nil { // else Load says so to whom needs it
		c.Path, c.Named = s.File, c.Named || s.Data != ""
	}
	return c
}

// folder returns the folder of the database: that of --data, or the configuration's.
func (a *app) folder() (string, error) {
	if a.flags.data != "" {
		return a.flags.data, nil
	}
	c, err := a.settings()
	if err != nil {
		return "", err
	}
	return config.DataFolder("", c.Data, a.Getenv)
}
