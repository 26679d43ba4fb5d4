package daemon

import (
	"context"
	"sync/atomic"
	"time"

	"attache/internal/web"
)

// counts are what the daemon counts of itself since its start.
type counts struct {
	scans, taken, refused, beats, lost atomic.Int64
	takenAt                            atomic.Int64 // in Unix seconds
}

// heart tells a service elsewhere that all is well, by fetching an address; the service
// tells people when it is not fetched any more. It beats after a scan that went well, and
// not more often than it is told to.
type heart struct {
	next    time.Time // on the monotonic clock; only the scan loop has it
	beating atomic.Bool
}

// pulse is called after each scan. Fetching must not hold up the next one.
func (d *Daemon) pulse() {
	h := d.config.Load().Heartbeat
	if !h.On() || time.Now().Before(d.heart.next) || !d.delivering() || !d.heart.beating.CompareAndSwap(false, true) {
		return
	}
	d.heart.next = time.Now().Add(h.Every)
	d.running.Go(func() {
		defer d.heart.beating.Store(false)
		ctx, cancel := context.WithTimeout(d.ctx, 10*time.Second)
		defer cancel()
		if err := d.guard("a heartbeat", func() error { return d.beatOnce(ctx) }); err != nil {
			if d.counts.lost.Add(1); ctx.Err() == nil {
				d.o.Log.Warn("heartbeat", "err", err)
			}
			return
		}
		d.counts.beats.Add(1)
	})
}

func (d *Daemon) beatOnce(ctx context.Context) error {
	h := d.config.Load().Heartbeat
	address, err := h.Address()
	if err != nil {
		return err
	}
	_, err = web.Fetcher{Agent: "attache/" + d.o.Version, Local: h.Local}.Get(ctx, address.Reveal(), web.Validators{})
	return err
}

// delivering reports whether what is due can be read and recorded.
func (d *Daemon) delivering() bool { return d.dispatch.Status().Outbox == "" }
