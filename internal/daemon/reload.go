package daemon

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
)

// Reload reads the files again. A reading that fails changes nothing: what held
// goes on to hold, and the verdict says what is wrong. The address and the data
// folder stay as they were at the start. Whoever asks for it may have put something right
// in Slack: what is held is tried again.
func (d *Daemon) Reload(context.Context) error {
	_, err := d.reload()
	if err == nil {
		d.retrySlack()
	}
	return err
}

// ReloadLater is Reload for who has more to do than to wait for it: where files lie on a
// mount that is dead it takes for ever. It is not called after Stop.
func (d *Daemon) ReloadLater() {
	d.running.Go(func() { _ = d.Reload(context.Background()) }) // it tells of its error, and reads no context
}

// retrySlack asks Slack how it is, and tries again what its refusals hold back.
func (d *Daemon) retrySlack() {
	d.dispatch.Unblock()
	signal(d.slack.ask)
	d.loop.Wake()
}

// reload reads the files again, and reports whether notices go elsewhere from now on.
func (d *Daemon) reload() (elsewhere bool, err error) {
	d.changing.Lock()
	defer d.changing.Unlock()
	d.notify(reloadingState())
	defer d.notify("READY=1")
	d.watch.note(d.watch.files())
	before := d.state.Load()
	err = d.guard("reading the files", func() error {
		c, err := d.load()
		if err == nil {
			err = d.take(c)
		}
		return err
	})
	if err != nil {
		d.refuse(err)
		return false, err
	}
	signal(d.hearing.anew)
	signal(d.hearing.ask)
	signal(d.issuer.ask)
	d.loop.SetJobs(d.jobs())
	d.loop.Wake()
	signal(d.reread)
	return d.state.Load().reaches(before), nil
}

// load reads the files, and makes the edits whose time has come.
func (d *Daemon) load() (*config.Config, error) {
	if d.o.Edits == "" {
		return d.read.Load(d.o.ConfigPath)
	}
	c, err := config.Load(d.o.ConfigPath)
	if err != nil {
		return nil, err
	}
	edits, err := c.Edits(d.o.Edits)
	now := d.o.Now()
	for _, e := range edits {
		if !e.At.After(now) {
			e.Make(c.Calendar.Events)
		}
	}
	return c, err
}

// signal tells who waits at ch that there is something to do, unless that was told
// already.
func signal(ch chan<- struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// take makes c the configuration that holds, if all of it can be. Its caller holds
// d.changing, unless nothing runs yet.
func (d *Daemon) take(c *config.Config) error {
	s, err := d.settingsOf(c)
	if err != nil {
		return err
	}
	d.veil.learn(c, d.o.Env)
	senders, err := d.newSenders(c)
	if err != nil {
		return err
	}
	before := d.state.Load()
	now, committing := d.o.Now(), false
	committed := func() {
		if committing {
			committing = false
			d.committing.Unlock()
		}
	}
	defer committed() // of a commit that fails or panics, too: else nothing would be sent any more
	applied, err := d.calendar.Apply(s, now, func() {
		d.committing.Lock()
		committing = true
	})
	if err != nil {
		return err
	}
	d.state.Store(&state{
		config: c, senders: senders, view: applied.View, followed: applied.Followed, banner: d.o.Banner(c.Files), who: newAnswerers(c, before), issuer: newIssuer(c, s.PublicURL, d.o.Env),
		verdict: control.Verdict{At: now.UTC().Format(time.RFC3339), OK: true, Errors: []string{}, Restart: d.restart(c)},
	})
	committed() // before anything is logged, which can take its time
	d.counts.taken.Add(1)
	d.counts.takenAt.Store(now.Unix())
	d.tell(c, applied)
	d.tellPublic(c)
	if next := d.state.Load().verdict.Restart; !slices.Equal(before.verdict.Restart, next) {
		for _, w := range next {
			d.o.Log.Warn(w)
		}
	}
	d.tellFollowed(before, applied.Followed)
	return nil
}

// settingsOf returns what the core goes by as c says.
func (d *Daemon) settingsOf(c *config.Config) (*calendar.Settings, error) {
	s, err := c.CalendarSettings()
	if err != nil {
		return nil, err
	}
	s.PublicURL = d.publicURL(c)
	if d.o.cluster != nil {
		s.FilesSum, err = c.FilesSum()
	}
	return s, err
}

// restart returns what c changes and holds only once the daemon is started again.
func (d *Daemon) restart(c *config.Config) []string {
	out := []string{}
	for _, w := range c.Restart(d.starts) {
		out = append(out, w.Error())
	}
	return out
}

// tell logs what a reading changed.
func (d *Daemon) tell(c *config.Config, a calendar.Applied) {
	for _, w := range c.Warnings {
		d.o.Log.Warn(w.Error())
	}
	for _, o := range a.Doubtful {
		d.o.Log.Warn(c.Calendar.AtStatus(o.Event, o.Words).Error())
	}
	d.logNotes(a.Notes)
	if a.First {
		d.o.Log.Info("read the calendar for the first time", "events", len(a.Revised))
		return
	}
	d.logRevised(a)
	d.o.Log.Info("read the files", "events", len(c.Calendar.Events), "revised", len(a.Revised))
}

// mostRevised is how many revised events the log names one by one.
const mostRevised = 20

// logRevised logs each event that was revised. Where they are many that is for who looks for
// faults: for all others it is one line.
func (d *Daemon) logRevised(a calendar.Applied) {
	level := slog.LevelInfo
	if n := len(a.Revised); n > mostRevised {
		level = slog.LevelDebug
		d.o.Log.Info("many events were revised: attache changes lists them", "events", n)
	}
	for _, rev := range a.Revised {
		said := []any{"event", rev.Event.ID, "revision", rev.Number, "changed", rev.Changed, "by", rev.Author.String()}
		if d.state.Load().config.Log.Titles {
			said = append(said, "title", rev.Event.Title)
		}
		d.o.Log.Log(context.Background(), level, "event revised", said...)
	}
}

func (d *Daemon) logNotes(notes []calendar.Note) {
	for _, n := range notes {
		if n.Warning {
			d.o.Log.Warn(n.Text, n.Args...)
		} else {
			d.o.Log.Info(n.Text, n.Args...)
		}
	}
}

// refuse records that a reading failed.
func (d *Daemon) refuse(err error) {
	d.counts.refused.Add(1)
	v := control.Verdict{At: d.o.Now().UTC().Format(time.RFC3339), Errors: config.Published(err), Restart: d.state.Load().verdict.Restart}
	for i, e := range v.Errors {
		v.Errors[i] = d.veil.hide(e)
	}
	d.change(func(next *state) { next.verdict = v })
	for _, e := range v.Errors {
		d.o.Log.Error(e)
	}
	d.o.Log.Error("the files were not taken: the last good state stays", "errors", len(v.Errors))
}
