package cli

import (
	"errors"
	"time"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/offline"
)

// ask has do answered by the running daemon or, where none runs on the folder, by the
// files as they would be read at now and by the database. data is the flag that names the
// folder.
func (a *app) ask(data string, now time.Time, do func(calendar.Reader) error) error {
	folder, err := a.folder(data)
	if err != nil {
		return err
	}
	err = do(control.NewClient(control.Path(folder)))
	if !errors.Is(err, control.ErrNoDaemon) {
		return err
	}
	c := a.offline(folder, now)
	return errors.Join(do(c), c.Close())
}

// offline returns the calendar whose database is in folder, while no daemon runs there.
func (a *app) offline(folder string, now time.Time) *offline.Calendar {
	return &offline.Calendar{Folder: folder, Load: a.load, Now: now}
}
