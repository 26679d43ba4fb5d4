package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/store"
	"attache/internal/web"
)

// follower is a machine that stands by: it follows the log, and serves pages and feeds from a copy.
// It records nothing and sends nothing.
//
// What it shows is worked out on a private copy of the replica, by a daemon that never starts: so
// pages, feeds and answers come from the code that a machine uses which leads. Each time the log
// has grown there is another copy, and the one before lives on for as long as a request may last.
type follower struct {
	o       Options
	machine *Member
	replica *store.Replica // nil while the log could not be read yet
	folder  string

	pages    handler
	commands handler
	servers  []*http.Server
	running  sync.WaitGroup
	ending   chan struct{} // closed once nobody asks for anything any more

	mu      sync.Mutex
	shown   *Daemon   // what is served
	seq     uint64    // of the last entry that is recorded here
	follows bool      // it holds all of the log: what comes is waited for, and the log answers
	inStep  time.Time // when that was so last, zero for never
	leader  string    // the machine that leads, "" for none
	trouble string    // why the log is not followed, "" while it is
	empty   bool      // nobody has led yet
	refusal string    // why this machine would not take over, "" where it would
}

// keptCopy is how long a copy lives on once there is a newer one.
const keptCopy = time.Minute

// settleFollowed is how long entries are gathered before they are shown: they come in groups.
const settleFollowed = 300 * time.Millisecond

// follow begins to serve, and follows the log until ctx ends.
func (m *Member) follow(ctx context.Context) (*follower, error) {
	f := &follower{o: m.o, machine: m, folder: m.folder, ending: make(chan struct{})}
	f.pages.set(http.HandlerFunc(starting))
	f.commands.set(http.HandlerFunc(starting))
	l, err := reopened(m.listener)
	if err != nil {
		return nil, err
	}
	if _, missing := os.Stat(store.Path(f.folder)); missing == nil {
		if err := f.show(); err != nil { // what is here, until the log is read
			return nil, errors.Join(err, l.Close())
		}
	}
	c, err := control.Listen(control.Path(f.folder))
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	f.serve(web.Limit(l, connections()), &f.pages)
	f.serve(c, &f.commands)
	f.running.Go(func() { f.run(ctx) })
	return f, nil
}

func starting(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/livez" {
		return
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, "this machine stands by, and has nothing to show yet", http.StatusServiceUnavailable)
}

func (f *follower) serve(l net.Listener, h http.Handler) {
	f.servers = append(f.servers, serveAt(l, h, f.o.Log, &f.running))
}

// run follows the log until ctx ends.
func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := f.step(ctx)
		if ctx.Err() != nil {
			return
		}
		f.note(err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// note says once why the log is not followed, which is err.
func (f *follower) note(err error) {
	words, empty := "", errors.Is(err, store.ErrEmpty)
	switch {
	case empty:
		words = "nobody has led yet"
	case err != nil:
		words = err.Error()
	}
	f.mu.Lock()
	changed := f.trouble != words
	f.trouble, f.empty = words, empty
	f.mu.Unlock()
	if changed && words != "" {
		f.o.Log.Warn("the log is not followed", "why", words)
	}
}

// step opens the replica where it is not, and follows the log until something goes wrong.
func (f *follower) step(ctx context.Context) error {
	if f.replica == nil {
		r, err := store.Follow(ctx, store.Path(f.folder), f.machine.log, store.Options{Fresh: f.o.Fresh, Now: f.o.Now})
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.replica = r
		f.mu.Unlock()
	}
	following, stop := context.WithCancel(ctx)
	defer stop()
	grown := make(chan struct{}, 1)
	var showing sync.WaitGroup
	showing.Go(func() { f.showAll(following, grown) })
	err := f.replica.Run(following, func(seq uint64) {
		f.mu.Lock()
		f.seq, f.follows, f.trouble = seq, true, ""
		f.mu.Unlock()
		signal(grown)
	})
	stop()
	showing.Wait()
	f.mu.Lock()
	if f.follows {
		f.follows, f.inStep = false, f.o.Now()
	}
	f.mu.Unlock()
	return err
}

// showAll shows what is recorded whenever the log has grown or the files changed, until ctx ends.
func (f *follower) showAll(ctx context.Context, grown <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-grown:
		case <-f.machine.reread:
		case <-time.After(again):
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(settleFollowed):
		}
		if err := f.show(); err != nil {
			f.o.Log.Error("show what is recorded", "err", err)
		}
	}
}

// show works out what is to be seen, from a copy of what is recorded here.
func (f *follower) show() error {
	db, err := f.copied()
	if err != nil {
		return err
	}
	d, refusal, err := f.shadow(db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	d.started = f.machine.began
	leader, _ := f.machine.leader(context.Background()) // where it can't be asked, the log can't be read either
	f.pages.set(d.pages())
	f.commands.set(control.Handler(readOnly{d, func() string { f.mu.Lock(); defer f.mu.Unlock(); return f.leader }}))
	f.mu.Lock()
	before := f.shown
	changed := f.refusal != refusal && refusal != ""
	f.shown, f.leader, f.refusal = d, leader, refusal
	f.mu.Unlock()
	if changed {
		f.o.Log.Warn("this machine would not take over", "why", refusal)
	}
	if before != nil {
		f.running.Go(func() {
			select {
			case <-time.After(keptCopy):
			case <-f.ending:
			}
			f.letGo(before)
		})
	}
	return nil
}

func (f *follower) letGo(d *Daemon) {
	if err := d.db.Close(); err != nil {
		f.o.Log.Error("let go of a copy of the database", "err", err)
	}
}

// copied returns a private copy of the database.
func (f *follower) copied() (*store.DB, error) {
	f.mu.Lock()
	r := f.replica
	f.mu.Unlock()
	if r == nil {
		return store.Scratch(store.Path(f.folder))
	}
	file, sum, err := r.Snapshot(f.folder)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return store.ScratchOf(file, sum)
}

// shadow returns a daemon that shows what is in db, and why this machine would not take over.
func (f *follower) shadow(db *store.DB) (_ *Daemon, refusal string, err error) {
	o := f.o
	o.cluster = &clustered{log: f.machine.log, name: f.machine.name, role: f.role, step: f.behind}
	o.Listener = f.machine.listener
	d := newDaemon(o)
	d.db, d.folder, d.listener = db, f.folder, f.machine.listener
	if d.owner, err = store.OwnerOf(f.o.ConfigPath); err != nil {
		return nil, "", err
	}
	c, err := d.load()
	if err != nil { // what is served goes by the last one that could be read
		refusal = "the files can't be read: " + config.Published(err)[0]
		if c = f.machine.config; c == nil {
			return nil, "", err
		}
	}
	f.machine.config = c
	d.begins(c)
	if err := d.keepIn(); err != nil {
		return nil, "", err
	}
	if refusal == "" {
		if refusal, err = f.machine.refuses(c, db); err != nil {
			return nil, "", err
		}
	}
	if err := d.resume(c); err != nil {
		return nil, "", err
	}
	d.build()
	return d, refusal, nil
}

// resume shows what is recorded, by the settings of c.
func (d *Daemon) resume(c *config.Config) error {
	s, err := d.settingsOf(c)
	if err != nil {
		return err
	}
	d.veil.learn(c, d.o.Env)
	now := d.o.Now()
	applied, err := d.calendar.Resume(s, now)
	if err != nil {
		return err
	}
	d.state.Store(&state{
		config: c, senders: &senders{console: d.screen}, view: applied.View, followed: applied.Followed, banner: d.o.Banner(c.Files), who: newAnswerers(c, nil), issuer: newIssuer(c, s.PublicURL, d.o.Env),
		verdict: control.Verdict{At: now.UTC().Format(time.RFC3339), OK: true, Errors: []string{}, Restart: []string{}},
	})
	return nil
}

// role tells what this machine does, and how far it is.
func (f *follower) role() control.Check {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := control.Check{Name: control.ClusterCheck, OK: f.follows && f.refusal == "", Words: fmt.Sprintf("%s stands by", f.machine.name)}
	if f.leader != "" {
		c.Words += fmt.Sprintf(": %s leads", f.leader)
	} else {
		c.Words += ": no machine leads"
	}
	switch {
	case f.follows:
		c.Words += fmt.Sprintf("; it has all up to entry %d", f.seq)
	case !f.inStep.IsZero():
		c.Words += fmt.Sprintf("; as of entry %d, %s ago", f.seq, f.o.Now().Sub(f.inStep).Round(time.Second))
	}
	for _, w := range []string{f.trouble, f.refusal} {
		if w != "" {
			c.Words += "; " + w
		}
	}
	return c
}

// behind returns the last entry that is here, and how long ago this machine held all of the log.
func (f *follower) behind() (entry uint64, since time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.follows:
		return f.seq, 0
	case f.inStep.IsZero():
		return f.seq, f.o.Now().Sub(f.machine.began)
	}
	return f.seq, f.o.Now().Sub(f.inStep)
}

// stop ends the serving and lets everything go.
func (f *follower) stop(ctx context.Context) error {
	var errs []error
	for _, s := range f.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	close(f.ending)
	f.running.Wait()
	if f.shown != nil {
		f.letGo(f.shown)
	}
	if f.replica != nil {
		errs = append(errs, f.replica.Close())
	}
	return errors.Join(errs...)
}
