package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/store"
	"attache/internal/web"
)

// Serves returns a *control.OtherError where asked, as [store.Owner] writes it, names
// another configuration than the one that runs.
func (d *Daemon) Serves(asked string) error {
	o, err := store.ParseOwner(asked)
	if err != nil {
		return err
	}
	mine, err := store.OwnerOf(d.owner.Path) // the file may have been exchanged since the start
	if err == nil && !mine.Same(o) {
		err = &control.OtherError{Runs: mine.Path}
	}
	return err
}

// Reader answers what commands ask, from what holds now.
func (d *Daemon) Reader() calendar.Reader { return d.state.Load().view }

// RetryNotice sends the notice whose key begins with key, which is dead or held.
func (d *Daemon) RetryNotice(key string) (calendar.NoticeView, error) {
	defer d.loop.Wake()
	return calendar.OnNotice(d.db, key, d.dispatch.Retry)
}

// DropNotice makes a notice dead that is planned or held, or puts a dead one away.
func (d *Daemon) DropNotice(key string) (calendar.NoticeView, error) {
	return calendar.OnNotice(d.db, key, d.dispatch.Drop)
}

// Feeds returns all feeds as they are served.
func (d *Daemon) Feeds() []control.FeedView {
	s, polls := d.state.Load(), d.polls.Values()
	out := []control.FeedView{}
	for _, f := range s.settings().Feeds {
		p, _ := s.view.Feed(f.Name)
		v := control.FeedView{
			Name: f.Name, Title: f.Title, Private: f.Private, Entries: p.Entries, Undated: p.Undated,
			CutPast: p.CutPast, CutAhead: p.CutAhead, Complete: p.Incomplete(), Bytes: len(p.Plain), Modified: p.Modified.Format(time.RFC3339),
			LeftOut: []string{}, Addresses: d.addresses.Of(f.Name), Polls: pollsOf(polls, f.Name),
		}
		if !f.Private {
			v.Address = s.settings().Address(f.Name)
		}
		for _, bad := range p.Problems {
			v.LeftOut = append(v.LeftOut, bad.String())
		}
		out = append(out, v)
	}
	return out
}

func pollsOf(list []web.FeedStat, feed string) []control.PollView {
	out := []control.PollView{}
	for _, p := range list {
		if p.Feed == feed {
			out = append(out, control.PollView{Client: p.Client, Full: p.Full, Unchanged: p.Unchanged, Refused: p.Refused, Octets: p.Octets, Last: p.Last})
		}
	}
	return out
}

// NewAddress makes a secret address of the private feed called name, for whom note says.
func (d *Daemon) NewAddress(name, note string) (calendar.NewAddress, error) {
	a, err := d.addresses.Make(d.state.Load().settings(), name, note, d.o.Now())
	if err == nil {
		d.o.Log.Info("a secret address was made", "feed", name, "id", a.ID, "note", note)
	}
	return a, err
}

// RevokeAddress makes the secret address id lead nowhere.
func (d *Daemon) RevokeAddress(id string) (calendar.AddressView, error) {
	a, err := d.addresses.Revoke(id)
	if err == nil {
		d.o.Log.Info("a secret address was revoked", "feed", a.Feed, "id", id)
	}
	return a, err
}

// noteEvery is how often it is written down when private feeds were read.
const noteEvery = 5 * time.Minute

// noteAddresses writes down from time to time when private feeds were read, until ctx ends.
func (d *Daemon) noteAddresses(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
		case <-time.After(noteEvery):
		}
		if err := d.addresses.Note(); err != nil {
			d.o.Log.Error("write down when private feeds were read", "err", err)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// Backup is a Copy of which the log takes note.
func (d *Daemon) Backup(ctx context.Context) (control.Copy, error) {
	c, err := d.Copy(ctx)
	if err == nil {
		d.o.Log.Info("backed up", "bytes", c.Size, "sum", c.Sum)
	}
	return c, err
}

// Copy returns a copy of the database as it is at one instant. It lies, without a name,
// in the data folder until it is closed: who asks may be slow to read, and nobody who
// writes is to wait for that.
func (d *Daemon) Copy(context.Context) (control.Copy, error) {
	f, sum, err := d.db.Snapshot(d.folder)
	if err != nil {
		return control.Copy{}, fmt.Errorf("copy the database: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return control.Copy{}, errors.Join(fmt.Errorf("copy the database: %w", err), f.Close())
	}
	return control.Copy{Content: f, Size: info.Size(), Sum: sum}, nil
}

// A database is compacted at the start where it is large and most of it is free: a file
// of bbolt never shrinks by itself, and while it runs people decide.
const (
	largeFile = 64 << 20
	freeShare = 2 // of that many parts one is free
)

// shrink compacts the database where that is worth it.
func (d *Daemon) shrink() {
	if file, free := d.db.Size(); file > largeFile && free > file/freeShare {
		_, _ = d.Compact(context.Background()) // it has told of its error, and goes on without
	}
}

// Compact returns the room that the database file no longer needs back to the disk.
func (d *Daemon) Compact(context.Context) (control.Sizes, error) {
	s, err := d.db.Compact()
	if err != nil {
		d.o.Log.Error("compact the database", "err", err)
		return control.Sizes{}, err
	}
	d.o.Log.Info("compacted the database", "before", s.Before, "after", s.After)
	return control.Sizes(s), nil
}
