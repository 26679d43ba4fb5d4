package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/schedule"
	"attache/internal/slack"
	"attache/internal/store"
	"attache/internal/web"
)

// Options are what a daemon is made of besides its configuration.
type Options struct {
	ConfigPath string              // of attache.yaml
	Listen     string              // instead of the configuration's, or ""
	Listener   net.Listener        // is open already, and goes before Listen; nil is none
	Data       string              // instead of the configuration's, or ""
	Fresh      bool                // start with an empty database although one once was there
	Version    string              // shown in health
	Env        func(string) string // the environment
	Out        io.Writer           // where alerts are shown without Slack
	Color      bool                // whether Out takes colour
	Log        *slog.Logger
	Now        func() time.Time // the clock
	HTTPClient *http.Client     // for Slack; nil is the usual one
	Help       []web.Topic      // the reference, as the pages show it
	Notify     func(state string)
}

// Daemon is one running attache.
type Daemon struct {
	o       Options
	folder  string // of the database
	db      *store.DB
	book    book
	screen  *slack.Console
	config  atomic.Pointer[config.Config]
	now     atomic.Pointer[settings]
	shown   atomic.Pointer[snapshot]
	hired   atomic.Pointer[senders]
	verdict atomic.Pointer[control.Verdict]
	asked   atomic.Pointer[slackAnswer]
	beat    atomic.Int64 // of the last scan, in Unix nanoseconds
	panics  atomic.Int64
	counts  counts
	pasts   pasts // calendars as of other days, as the pages show them
	tally   tally // of the outbox, for the page of the state
	started time.Time
	polls   web.FeedStats
	keys    keys

	lookedAt sync.Map // fetchResult by the name of a calendar that is followed

	reloading sync.Mutex
	reloaded  chan struct{} // holds one
	began     time.Time     // with its monotonic reading
	dispatch  *dispatch.Dispatcher
	loop      *schedule.Loop
	listener  net.Listener
	control   net.Listener
	servers   []*http.Server
	pages     pages
	watch     *watcher
	running   sync.WaitGroup
	heartbeat heartbeat
	cancel    context.CancelFunc
}

// New makes a daemon: it reads the configuration, opens the store and its address, and
// records what the files say. Everything that can go wrong at a start
// goes wrong here: the error is config.Errors for what people wrote, and
// store.ErrLocked or *store.DamagedError for the database.
func New(o Options) (_ *Daemon, err error) {
	if o.HTTPClient == nil {
		o.HTTPClient = slack.NewClient() // one for all readings of the files
	}
	d := &Daemon{o: o, screen: slack.NewConsole(o.Out, o.Color), reloaded: make(chan struct{}, 1)}
	d.heartbeat.due = make(chan struct{}, 1)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	c, err := config.Load(o.ConfigPath)
	if err != nil {
		return nil, err
	}
	d.config.Store(c)
	d.watch = watchFiles(d) // from here on no edit is missed
	if d.folder, err = DataFolder(o.Data, c.Data, o.Env); err != nil {
		return nil, err
	}
	if d.db, err = store.Open(Database(d.folder), store.Options{Fresh: o.Fresh, Now: o.Now}); err != nil {
		return nil, err
	}
	d.shrink()
	d.book = book{db: d.db, made: presses{}}
	if err := d.keys.load(d.db); err != nil {
		return nil, err
	}
	if err := d.listen(c); err != nil { // before anything is recorded
		return nil, err
	}
	if err := d.serveKept(c); err != nil {
		return nil, err
	}
	if err := d.take(c); err != nil {
		return nil, err
	}
	d.build()
	return d, nil
}

// build makes the parts that do not change with the configuration.
func (d *Daemon) build() {
	w := &writer{db: d.db, settings: d.now.Load, shown: d.shown.Load}
	d.dispatch = dispatch.New(dispatch.Config{
		Outbox:    d.db,
		Install:   d.db.Install(),
		Sink:      func(ch string) dispatch.Sink { return d.hired.Load().sink(ch) },
		OnUnknown: func(ch string) dispatch.Policy { return d.hired.Load().onUnknown(ch) },
		Write:     w.write,
		CatchUp:   func() time.Duration { return d.now.Load().rules.CatchUp },
		Pace:      func(ch string) time.Duration { return d.hired.Load().pace(ch) },
		Now:       d.o.Now,
		Log:       d.o.Log,
	})
	d.loop = schedule.New(schedule.Config{
		Now:     d.o.Now,
		Next:    d.next,
		Scan:    d.scan,
		OnScan:  d.alive,
		Jobs:    d.jobs(),
		Log:     d.o.Log,
		OnPanic: func(any) { d.panics.Add(1) },
	})
}

// next returns when something is due next. What the store can't tell now is asked
// again at the next scan.
func (d *Daemon) next() (time.Time, bool) {
	at, ok, err := d.db.Next()
	if err != nil {
		d.o.Log.Error("ask what is due", "err", err)
		return time.Time{}, false
	}
	return at, ok
}

// alive feeds the watchdog from the loop itself, so that a loop that stands still
// is noticed from outside.
func (d *Daemon) alive() {
	d.beat.Store(d.o.Now().UnixNano())
	d.counts.scans.Add(1)
	d.notify("WATCHDOG=1")
	d.pulse()
}

func (d *Daemon) notify(state string) {
	if d.o.Notify != nil {
		d.o.Notify(state)
	}
}

// jobs returns the recurring digests. One that was missed while no daemon ran is
// made up for, once.
func (d *Daemon) jobs() []schedule.Job {
	out := append(d.followJobs(), d.dayJob(), d.tendJob())
	for _, g := range d.now.Load().digests {
		since, err := lastDigest(d.db, g.name)
		if err != nil {
			d.o.Log.Error("ask when a digest was last written", "digest", g.name, "err", err)
		}
		out = append(out, schedule.Job{Name: g.name, Spec: g.spec, Since: since, Run: func(_ context.Context, now time.Time) {
			if err := digestNow(d.db, d.now.Load(), g, lastBefore(g.spec, now), now); err != nil {
				d.o.Log.Error("write a digest", "err", err)
			}
			d.loop.Wake()
		}})
	}
	return out
}

// lastBefore returns the last instant up to now at which s was due.
func lastBefore(s schedule.Spec, now time.Time) time.Time {
	const longest = 32 * 24 * time.Hour
	last := now
	for at := s.Next(now.Add(-longest)); !at.IsZero() && !at.After(now); at = s.Next(at) {
		last = at
	}
	return last
}

// listen opens the address of the pages and the control socket.
func (d *Daemon) listen(c *config.Config) (err error) {
	address := c.Listen
	if d.o.Listen != "" {
		address = d.o.Listen
	}
	if d.o.Listener != nil {
		d.listener = web.Limit(d.o.Listener, connections())
	} else if d.listener, err = open(address); err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	d.control, err = control.Listen(control.Path(d.folder))
	return err
}

// open listens at host:port, or at unix: and a path.
func open(address string) (net.Listener, error) {
	network := "tcp"
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", path
		if err := control.Vacate(path); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	if network == "unix" { // the pages are for whoever can reach the folder, such as a proxy
		if err := os.Chmod(address, 0o666); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return web.Limit(l, connections()), nil
}

// Address returns where the pages are served: http://127.0.0.1:8080.
func (d *Daemon) Address() string {
	a := d.listener.Addr()
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return "http://" + a.String()
}

// Start lets the daemon run until Stop. It returns once the feeds answer.
func (d *Daemon) Start(ctx context.Context) error {
	d.started = d.o.Now().UTC().Truncate(time.Second)
	ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := d.dispatch.Recover(ctx); err != nil {
		return fmt.Errorf("take up what was left in doubt: %w", err)
	}
	d.pages.set(web.New(web.Config{
		Calendar: (*calendar)(d), PublicURL: func() string { return d.now.Load().publicURL },
		Query: d.query, Private: d.private, FeedStats: &d.polls, Now: d.o.Now, Log: d.o.Log, Metrics: d.metrics, Help: d.o.Help,
	}))
	if len(d.servers) == 0 { // nothing was kept that could be served before
		d.serve(d.listener, &d.pages)
	}
	d.serve(d.control, control.Handler(d))
	d.began = time.Now()
	d.loop.Start(ctx)
	d.running.Go(func() { d.watch.run(ctx) })
	d.running.Go(func() { d.sendHeartbeats(ctx) })
	d.running.Go(func() { d.mindSlack(ctx) })
	d.running.Go(func() { d.guarded("minding the feeds", func() { d.mindKeys(ctx) }) })
	d.notify("READY=1")
	return nil
}

func (d *Daemon) serve(l net.Listener, h http.Handler) {
	s := web.Server(d.caught(h))
	s.ErrorLog = slog.NewLogLogger(d.o.Log.Handler(), slog.LevelDebug)
	d.servers = append(d.servers, s)
	d.running.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			d.o.Log.Error("serve", "address", l.Addr().String(), "err", err)
		}
	})
}

// Stop lets what is being sent end, or leaves it in doubt in the store, and
// closes everything. ctx bounds how long that may take.
func (d *Daemon) Stop(ctx context.Context) error {
	d.notify("STOPPING=1")
	d.loop.Stop()
	errs := []error{d.dispatch.Stop(ctx)}
	if len(d.servers) > 0 {
		web.Drain(ctx, d.servers[0], d.listener) // that of the pages
	}
	for _, s := range d.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	d.cancel()
	d.running.Wait()
	return errors.Join(append(errs, d.close())...)
}

// close closes what New opened.
func (d *Daemon) close() error {
	var errs []error
	for _, s := range d.servers {
		errs = append(errs, s.Close()) // of a start that failed; after a stop there is nothing left to close
	}
	for _, l := range []net.Listener{d.listener, d.control} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	if d.watch != nil && d.watch.fs != nil {
		errs = append(errs, d.watch.fs.Close())
	}
	return errors.Join(errs...)
}
