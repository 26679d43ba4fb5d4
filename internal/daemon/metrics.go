package daemon

import (
	"runtime"
	"time"

	"attache/internal/calendar"
	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// metrics shows the numbers of the daemon. Counts run since the start. Names are a promise:
// the rules and the dashboard in config/monitoring ask for them. Who may not see everything is
// told nothing of channels and notices, which count what they may not see.
func (d *Daemon) metrics(m web.Metrics, all bool) {
	s := d.state.Load()
	m.Gauge("build_info", "The version that runs; always 1.", 1, "version", d.o.Version, "goversion", runtime.Version())
	for _, check := range d.readiness().Checks {
		m.Gauge("check_ok", "Whether a part does its work: 1 if so.", truth(check.OK), "check", check.Name)
	}
	if all {
		m.Gauge("events", "Events in the calendar.", float64(len(s.view.Entries())))
		d.noticeMetrics(m)
	} else if public, err := s.view.For(calendar.Sight{}); err == nil {
		m.Gauge("events", "Events in the calendar.", float64(len(public.Entries())))
	}
	d.workMetrics(m, s)
	d.clusterMetrics(m)
}

// noticeMetrics shows what was told and what will be.
func (d *Daemon) noticeMetrics(m web.Metrics) {
	d.outboxMetrics(m)
	status := d.dispatch.Status()
	for _, c := range status.Channels {
		channelMetrics(m, c)
	}
	totalMetrics(m, status.Totals)
	due, _ := d.next()
	m.Gauge("next_due_timestamp_seconds", "When something is due next; 0 where nothing is.", seconds(due))
}

// workMetrics shows how the daemon does its work.
func (d *Daemon) workMetrics(m web.Metrics, s *state) {
	status := d.dispatch.Status()
	m.Gauge("last_scan_timestamp_seconds", "When it was last looked for what is due.", seconds(time.Unix(0, d.scanned.Load())))
	m.Counter("scans_total", "How often it was looked for what is due.", d.counts.scans.Load())
	m.Counter("panics_total", "Panics in jobs and in sending, which were caught.", d.panics.Load()+int64(status.Totals.Panics))
	const reloads = "Readings of the files, by whether they were taken."
	m.Counter("config_reloads_total", reloads, d.counts.taken.Load(), "result", "taken")
	m.Counter("config_reloads_total", reloads, d.counts.refused.Load(), "result", "refused")
	m.Gauge("config_last_reload_successful", "Whether the last reading of the files was taken: 1 if so.", truth(s.verdict.OK))
	m.Gauge("config_last_reload_success_timestamp_seconds", "When files were last read that were taken.", float64(d.counts.takenAt.Load()))
	const heartbeats = "Heartbeats sent, by whether they were answered."
	m.Counter("heartbeats_total", heartbeats, d.counts.beats.Load(), "result", "ok")
	m.Counter("heartbeats_total", heartbeats, d.counts.lost.Load(), "result", "failed")
	size, free := d.db.Size()
	m.Gauge("store_size_bytes", "Size of the database file.", float64(size))
	m.Gauge("store_free_bytes", "Room within the database file that is free; compact gives it back.", float64(free))
	m.Gauge("store_disk_free_bytes", "Room on the disk where the database lies.", float64(store.DiskFree(d.folder)))
}

// outboxMetrics shows how many notices are in each state, those included in which none is.
func (d *Daemon) outboxMetrics(m web.Metrics) {
	states, err := d.outboxStates()
	if err != nil {
		d.o.Log.Error("count the notices", "err", err)
		return
	}
	for _, s := range []notice.State{notice.Pending, notice.Sending, notice.Unknown, notice.Sent, notice.Merged, notice.Dead, notice.Superseded} {
		m.Gauge("notices", "Notices in the outbox, by state.", float64(states[s]), "state", string(s))
	}
}

// channelMetrics shows how sending to one channel goes.
func channelMetrics(m web.Metrics, c dispatch.ChannelStatus) {
	gauge := func(name, help string, v float64) { m.Gauge("channel_"+name, help, v, "channel", c.Channel) }
	gauge("up", "Whether a channel takes messages: 1 if so.", truth(c.State != dispatch.Blocked && c.State != dispatch.NoSender))
	gauge("due", "Notices that are due in a channel.", float64(c.Due))
	gauge("doubtful", "Notices in a channel that may or may not have arrived.", float64(c.Doubtful))
	gauge("held", "Notices in a channel that may have arrived and wait for a person.", float64(c.Held))
	gauge("oldest_due_timestamp_seconds", "Since when the oldest notice in a channel is due; 0 where none is.", seconds(c.Oldest))
	gauge("last_sent_timestamp_seconds", "When a message last arrived in a channel.", seconds(c.LastSent))
	for state, n := range c.Counts {
		m.Counter("notices_processed_total", "How often a notice came into a state.", int64(n), "channel", c.Channel, "state", string(state))
	}
}

// totalMetrics shows what became of messages.
func totalMetrics(m web.Metrics, t dispatch.Totals) {
	for _, c := range []struct {
		name, help string
		n          int
	}{
		{"notices_late_total", "Notices that went out later than the catch-up time.", t.Late},
		{"notices_found_total", "Notices in doubt that had arrived.", t.Found},
		{"notices_resent_total", "Notices in doubt that had not arrived and were sent again.", t.Absent},
		{"notice_copies_deleted_total", "Second copies of notices that were deleted.", t.Copies},
		{"send_attempts_total", "Posts, and changes of cards, that were begun.", t.Tries},
		{"cards_shown_total", "Cards that were changed in place or posted anew.", t.Shown},
		{"cards_gone_total", "Messages found gone that were to be changed or replied to.", t.Renewed},
		{"notices_missing_total", "Messages that had arrived and were not there some time later.", t.Missing},
		{"slack_rate_limited_total", "Calls that Slack turned away for being too many.", t.Limited},
	} {
		m.Counter(c.name, c.help, int64(c.n))
	}
}

func truth(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// seconds returns an instant as Prometheus has it; 0 is none.
func seconds(t time.Time) float64 { return float64(max(t.UnixMilli(), 0)) / 1000 }
