package daemon

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"attache/internal/control"
	"attache/internal/store"
	"attache/internal/web"
)

// clustered is what a daemon knows of the machines among which it is.
type clustered struct {
	log  store.Log
	name string                                      // of this machine
	term store.Term                                  // nil while it stands by
	role func() control.Check                        // what it says of itself while it stands by, else nil
	step func() (entry uint64, behind time.Duration) // how far it is then
	size atomic.Int64                                // of the log in bytes, 0 while it was not measured
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
		d.o.Log.Info("this machine leads from now on", "machine", c.name, "before", before, "sends after", sendDeadline.String())
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
		if n, err := d.o.cluster.log.Size(ctx); err == nil {
			d.o.cluster.size.Store(n)
		}
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
	case d.standsBy():
		return []control.Check{c.role()}
	}
	check := control.Check{Name: control.ClusterCheck, OK: true, Words: fmt.Sprintf("%s leads", c.name)}
	if n := c.size.Load(); n > 0 {
		check.Words += fmt.Sprintf("; the log takes %.1f MB", float64(n)/1e6)
	}
	switch {
	case !c.term.Fresh():
		check.OK, check.Words = false, fmt.Sprintf("%s leads and can't reach the log: nothing is sent, and soon another machine leads", c.name)
	case d.settles(d.o.Now()):
		check.Words += ", and sends nothing yet: another machine did until just now"
	}
	return []control.Check{check}
}

// standsBy reports whether this machine follows another one: it is not ready for who wants to write.
func (d *Daemon) standsBy() bool { return d.o.cluster != nil && d.o.cluster.role != nil }

// clusterMetrics shows what this machine is among several.
func (d *Daemon) clusterMetrics(m web.Metrics) {
	c := d.o.cluster
	if c == nil {
		return
	}
	m.Gauge("cluster_leads", "Whether this machine leads: 1 if so.", truth(c.term != nil))
	if c.step != nil {
		entry, behind := c.step()
		m.Gauge("cluster_entry", "The last entry of the log that is recorded here.", float64(entry))
		m.Gauge("cluster_behind_seconds", "How long ago this machine held all of the log.", behind.Seconds())
		return
	}
	m.Gauge("cluster_log_bytes", "What the log takes; 0 while it was not measured.", float64(c.size.Load()))
	var entry uint64
	if err := d.db.View(func(tx *store.Tx) (err error) { entry, _, err = tx.Position(); return err }); err == nil {
		m.Gauge("cluster_entry", "The last entry of the log that is recorded here.", float64(entry))
	}
}

// errStandsBy refuses what only the machine that leads can do.
type errStandsBy struct{ leader string }

func (e errStandsBy) Error() string {
	if e.leader == "" {
		return "this machine stands by and records nothing, and none leads"
	}
	return fmt.Sprintf("this machine stands by and records nothing: do it on %s, which leads", e.leader)
}
