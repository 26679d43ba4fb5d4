package daemon

import (
	"errors"
	"io/fs"
	"os"

	"attache/internal/control"
)

// watchStore looks whether the database still is the file at its path, says so once where
// that changes, and sees to it that what is open can be saved.
func (d *Daemon) watchStore() {
	err := d.db.Lost()
	switch was := d.lost; {
	case err != nil && !was:
		d.o.Log.Error("the database", "err", err)
	case err == nil && was:
		d.o.Log.Info("the database is in its place again")
	}
	if d.lost = err != nil; d.lost {
		d.reach()
	}
}

// reach leaves a mark that a database was there, and has the daemon answer at the control
// socket again where that was removed too, with its folder.
func (d *Daemon) reach() {
	if err := d.db.Mark(); err != nil {
		d.o.Log.Error("the data folder", "err", err)
		return
	}
	path := control.Path(d.folder)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	l, err := control.Listen(path)
	if err != nil {
		d.o.Log.Error("answer commands again", "err", err)
		return
	}
	d.serve(l, control.Handler(d))
}
