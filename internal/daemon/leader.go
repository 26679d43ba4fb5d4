package daemon

import (
	"context"
	"fmt"
	"time"

	"attache/internal/control"
	"attache/internal/store"
)

// clustered is what a daemon knows of the machines among which it is.
type clustered struct {
	log  store.Log
	name string     // of this machine
	term store.Term // nil while it stands by
	role func() control.Check
}

// fresh returns what reports whether this machine may still send, nil where it is alone.
func (c *clustered) fresh() func() bool {
	if c == nil || c.term == nil {
		return nil
	}
	return c.term.Fresh
}

// storeOptions returns how the database is opened.
func (d *Daemon) storeOptions() store.Options {
	o := store.Options{Fresh: d.o.Fresh, Now: d.o.Now}
	if c := d.o.cluster; c != nil {
		o.Log, o.Term = c.log, c.term
	}
	return o
}

// leaderKey is where the store keeps the name of the machine that records in it.
const leaderKey = "leader"

// lead notes that this machine leads. Where another one did before, that may be about to post
// what it claimed, so nothing is sent until no request of it can be under way any more.
func (d *Daemon) lead() error {
	c := d.o.cluster
	if c == nil {
		return nil
	}
	before, err := leaderOf(d.db)
	if err != nil || before == c.name {
		return err
	}
	if before != "" {
		d.settling = d.o.Now().Add(sendDeadline)
		d.o.Log.Info("this machine leads from now on", "machine", c.name, "before", before, "sends after", sendDeadline)
	}
	return d.db.Update(func(tx *store.Tx) error { return tx.PutMeta(leaderKey, c.name) })
}

// leaderOf returns the name of the machine that recorded in db last, "" where it is alone.
func leaderOf(db *store.DB) (name string, err error) {
	err = db.View(func(tx *store.Tx) error {
		name, err = tx.Meta(leaderKey)
		return err
	})
	return name, err
}

// sendDeadline is how long a request to Slack can be under way.
const sendDeadline = 30 * time.Second

// settles reports whether it is too early to send, since another machine led until just now.
func (d *Daemon) settles(now time.Time) bool { return now.Before(d.settling) }

// keepPause is how often it is looked whether the log has grown so much that it is to be cut.
const keepPause = time.Minute

// stayInLog cuts the log when it has grown, and wakes who waits to send, until ctx ends.
func (d *Daemon) stayInLog(ctx context.Context) {
	if d.o.cluster == nil {
		return
	}
	next := time.After(max(0, d.settling.Sub(d.o.Now())))
	for {
		select {
		case <-ctx.Done():
			return
		case <-next:
		}
		d.loop.Wake()
		next = time.After(keepPause)
		if !d.db.KeepDue() {
			continue
		}
		d.guarded("cutting the log", func() {
			if err := d.db.Keep(ctx); err != nil && ctx.Err() == nil {
				d.o.Log.Error("cut the log", "err", err)
			}
		})
	}
}

// clusterChecks tells what this machine is among several; none where it is alone.
func (d *Daemon) clusterChecks() []control.Check {
	c := d.o.cluster
	switch {
	case c == nil:
		return nil
	case c.role != nil:
		return []control.Check{c.role()}
	}
	check := control.Check{Name: control.ClusterCheck, OK: true, Words: fmt.Sprintf("%s leads", c.name)}
	switch {
	case !c.term.Fresh():
		check.OK, check.Words = false, fmt.Sprintf("%s leads and can't reach the log: nothing is sent, and soon another machine leads", c.name)
	case d.settles(d.o.Now()):
		check.Words += ", and sends nothing yet: another machine did until just now"
	}
	return []control.Check{check}
}

// Deposed is closed once another machine may lead; nil where this one is alone.
func (d *Daemon) Deposed() <-chan struct{} {
	if d.o.cluster == nil {
		return nil
	}
	return d.o.cluster.term.Done()
}

// errStandsBy refuses what only the machine that leads can do.
type errStandsBy struct{ leader string }

func (e errStandsBy) Error() string {
	if e.leader == "" {
		return "this machine stands by and records nothing, and none leads"
	}
	return fmt.Sprintf("this machine stands by and records nothing: do it on %s, which leads", e.leader)
}
