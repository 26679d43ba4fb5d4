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
)

// source answers commands: the running daemon, or the files and the database without one.
type source interface {
	calendar.Reader
	RetryNotice(ctx context.Context, key string) (calendar.NoticeView, error)
	DropNotice(ctx context.Context, key string) (calendar.NoticeView, error)
}

// ask has do answered by the running daemon or, where none runs on the folder, by the
// files as they would be read at the time of --now and by the database.
func ask[T any](a *app, do func(s source, now time.Time) (T, error)) (T, error) {
	var none T
	now, err := a.instant(a.flags.now)
	if err != nil {
		return none, err
	}
	folder, err := a.folder()
	if err != nil {
		return none, err
	}
	got, err := do(control.NewClient(control.Path(folder)), now)
	if !errors.Is(err, control.ErrNoDaemon) {
		return got, err
	}
	c := a.offline(folder, now)
	got, err = do(c, now)
	return got, errors.Join(err, c.Close())
}

// askDaemon asks the running daemon, which alone knows.
func (a *app) askDaemon(do func(*control.Client) error) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	err = do(control.NewClient(control.Path(folder)))
	if errors.Is(err, control.ErrNoDaemon) {
		return fmt.Errorf("no daemon runs on %s", folder)
	}
	return err
}

// offline returns the calendar whose database is in folder, while no daemon runs there.
func (a *app) offline(folder string, now time.Time) *offline.Calendar {
	return &offline.Calendar{Folder: folder, Load: a.load, Now: now}
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
