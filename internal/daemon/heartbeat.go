package daemon

import (
	"context"
	"sync/atomic"
	"time"

	"attache/internal/fetch"
)

// counts are what the daemon counts of itself since its start.
type counts struct {
	scans, taken, refused, beats, lost atomic.Int64
	takenAt                            atomic.Int64 // in Unix seconds
}

// heartbeat tells a service elsewhere that all is well, by fetching an address; the
// service tells people when it is not fetched any more. It is sent after a scan that went
// well, and not more often than it is told to.
type heartbeat struct {
	next time.Time     // on the monotonic clock; only the scan loop has it
	due  chan struct{} // holds one
}

// pulse is called after each scan. Fetching must not hold up the next one.
func (d *Daemon) pulse() {
	h := d.state.Load().config.Heartbeat
	if !h.On() || time.Now().Before(d.heartbeat.next) || !d.delivering() {
		return
	}
	select {
	case d.heartbeat.due <- struct{}{}:
		d.heartbeat.next = time.Now().Add(h.Every)
	default: // one is on its way still
	}
}

// sendHeartbeats sends each heartbeat that is due, until ctx ends.
func (d *Daemon) sendHeartbeats(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.heartbeat.due:
		}
		if err := d.guard("a heartbeat", func() error { return d.sendHeartbeat(ctx) }); err == nil {
			d.counts.beats.Add(1)
		} else if d.counts.lost.Add(1); ctx.Err() == nil {
			d.o.Log.Warn("heartbeat", "err", err)
		}
	}
}

func (d *Daemon) sendHeartbeat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	h := d.state.Load().config.Heartbeat
	address, err := h.Address(d.o.Env)
	if err != nil {
		return err
	}
	_, err = fetch.Client{Agent: "attache/" + d.o.Version, Local: h.Local}.Get(ctx, address.Reveal(), fetch.Validators{})
	return err
}

// delivering reports whether what is due can be read and recorded.
func (d *Daemon) delivering() bool { return d.dispatch.Status().Outbox == "" && !d.lost }
