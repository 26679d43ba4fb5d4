package daemon

import (
	"time"

	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// metrics returns the numbers of the daemon.
func (d *Daemon) metrics() web.Metrics {
	s := d.state.Load()
	m := web.Metrics{
		Version: d.o.Version, Events: len(s.view.Entries()), Notices: make(map[string]int),
		Checks: d.readiness().Checks,
		Scans:  int(d.counts.scans.Load()), LastScan: time.Unix(0, d.scanned.Load()),
		Reloads: int(d.counts.taken.Load()), Refused: int(d.counts.refused.Load()), ReloadOK: s.verdict.OK,
		ReloadedAt: time.Unix(d.counts.takenAt.Load(), 0),
		Heartbeats: int(d.counts.beats.Load()), HeartbeatsFailed: int(d.counts.lost.Load()),
	}
	for _, s := range []notice.State{notice.Pending, notice.Sending, notice.Unknown, notice.Sent, notice.Merged, notice.Dead, notice.Superseded} {
		m.Notices[string(s)] = 0
	}
	err := d.db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error { m.Notices[string(it.State)]++; return nil })
	})
	if err != nil {
		d.o.Log.Error("count the notices", "err", err)
	}
	if at, ok := d.next(); ok {
		m.NextDue = at
	}
	m.StoreBytes, m.StoreFree = d.db.Size()
	m.DiskFree = store.DiskFree(d.folder)
	d.delivery(&m)
	return m
}

// delivery adds how sending goes.
func (d *Daemon) delivery(m *web.Metrics) {
	s := d.dispatch.Status()
	m.Panics = int(d.panics.Load()) + s.Tally.Panics
	m.Late, m.Found, m.Resent, m.Copies, m.Limited = s.Tally.Late, s.Tally.Found, s.Tally.Absent, s.Tally.Copies, s.Tally.Limited
	m.Tries, m.Shown, m.Renewed, m.Missing = s.Tally.Tries, s.Tally.Shown, s.Tally.Renewed, s.Tally.Missing
	for _, c := range s.Channels {
		one := web.ChannelMetrics{
			Channel: c.Channel, Due: c.Due, Doubtful: c.Doubtful, Counts: make(map[string]int), LastSent: c.LastSent, Oldest: c.Oldest, Held: c.Held,
			Flowing: c.State != dispatch.Parked && c.State != dispatch.Unserved,
		}
		for state, n := range c.Counts {
			one.Counts[string(state)] = n
		}
		m.Channels = append(m.Channels, one)
	}
}
