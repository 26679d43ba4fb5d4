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

	"attache/internal/access"
	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/slack"
	"attache/internal/store"
	"attache/internal/web"
)

// Options are what a daemon is made of besides its configuration.
type Options struct {
	ConfigPath string              // of attache.yaml
	Loaded     *config.Config      // what the files there said just now, as they were read already; nil is to be read
	Edits      string              // a file of edits, made as their time comes over what the event files say; "" is none
	Listen     string              // instead of the configuration's, or ""
	Listener   net.Listener        // is open already, and goes before Listen; nil is none
	Data       string              // instead of the configuration's, or ""
	Fresh      bool                // start with an empty database although one once was there
	TakeOver   bool                // the database may have been made for another configuration
	Version    string              // shown in health
	Env        func(string) string // the environment
	Out        io.Writer           // where alerts are shown without Slack
	Color      bool                // whether Out takes colour
	Log        *slog.Logger
	Now        func() time.Time                                                                // the clock
	Refresh    time.Duration                                                                   // after how long a browser asks for a page again; zero is never
	HTTPClient *http.Client                                                                    // for Slack; nil is the usual one
	Chat       func(ctx context.Context, r calendar.Reader, now time.Time, text string) string // answers /attache
	Help       []web.Topic                                                                     // the reference, as the pages show it
	Banner     func(files []string) web.Banner                                                 // what every page begins with, by the files that were read; nil is none
	Notify     func(state string)

	cluster *clustered // of a machine among several, nil of one alone
}

// Daemon is one running attache.
type Daemon struct {
	o         Options
	owner     store.Owner       // the configuration
	starts    map[string]string // see config.Config.Starts, without what the options say instead
	folder    string            // of the database
	db        *store.DB
	calendar  *calendar.Calendar // changed under changing alone
	addresses *calendar.Addresses
	access    *access.Guard // says who asks for pages
	public    string        // what the log said last of what everybody can read
	state     atomic.Pointer[state]
	read      config.Cache // likewise
	veil      *veil
	screen    *slack.Console

	changing   sync.Mutex   // held by whoever changes the calendar; no request waits for it
	committing sync.RWMutex // see sending
	settling   time.Time    // nothing is sent before: another machine led until just now

	dispatch  *dispatch.Dispatcher
	loop      *schedule.Loop
	watch     *watcher
	listener  net.Listener
	control   net.Listener
	servers   []*http.Server
	handler   handler // of the pages
	polls     web.FeedStats
	heartbeat heartbeat
	slack     slackCheck
	hearing   hearing
	issuer    issuerCheck
	reread    chan struct{} // holds one: calendars that are files are read again
	followed  sync.Map      // fetchResult by the name of a calendar that is followed
	outbox    outboxCounts
	lost      bool // the file of the database; only the scan loop has it

	started time.Time    // by its clock
	began   time.Time    // with its monotonic reading
	scanned atomic.Int64 // when the last scan was, in Unix nanoseconds
	panics  atomic.Int64
	counts  counts

	files    readings
	readFile func(config.Follow) ([]byte, error) // a calendar that is a file; tests have it hang

	running   sync.WaitGroup
	recurring sync.WaitGroup     // the loop
	interrupt context.CancelFunc // ends what works for itself
	cancel    context.CancelFunc // ends what works for readers, too
}

// New makes a daemon: it reads the configuration, opens the store and its address, and
// records what the files say. Everything that can go wrong at a start
// goes wrong here: the error is config.Errors for what people wrote, and
// store.ErrLocked, *store.DamagedError or *store.OtherError for the database.
func New(o Options) (_ *Daemon, err error) {
	d := newDaemon(o)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	c := d.o.Loaded
	if d.o.Loaded = nil; c == nil { // it is not to be kept once there is a newer one
		if c, err = d.load(); err != nil {
			return nil, err
		}
	}
	d.begins(c)
	d.watch = watchFiles(d) // from here on no edit is missed
	if err := d.open(c); err != nil {
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
	if err := d.db.Take(d.owner); err != nil {
		return nil, err
	}
	d.build()
	return d, nil
}

// newDaemon returns a daemon that has nothing but its options yet.
func newDaemon(o Options) *Daemon {
	if o.HTTPClient == nil {
		o.HTTPClient = slack.NewClient() // one for all readings of the files
	}
	if o.Banner == nil {
		o.Banner = func([]string) web.Banner { return web.Banner{} }
	}
	d := &Daemon{o: o, veil: &veil{}, screen: slack.NewConsole(o.Out, o.Color, o.Now), reread: make(chan struct{}, 1)}
	d.o.Log = d.veil.over(o.Log)
	d.readFile = config.Follow.Read
	d.heartbeat.due, d.slack.ask = make(chan struct{}, 1), make(chan struct{}, 1)
	d.issuer.ask = make(chan struct{}, 1)
	d.hearing.ask, d.hearing.anew = make(chan struct{}, 1), make(chan struct{}, 1)
	return d
}

// begins notes what c says of a start.
func (d *Daemon) begins(c *config.Config) {
	d.state.Store(&state{config: c})
	d.starts = c.Starts()
	if o := d.o; o.Listen != "" || o.Listener != nil && o.cluster == nil {
		delete(d.starts, "listen")
	}
	if d.o.Data != "" {
		delete(d.starts, "data")
	}
}

// open opens the database.
func (d *Daemon) open(c *config.Config) (err error) {
	if d.folder, err = config.DataFolder(d.o.Data, c.Data, d.o.Env); err != nil {
		return err
	}
	if d.db, err = store.Open(store.Path(d.folder), d.storeOptions()); err != nil {
		return err
	}
	if d.owner, err = store.OwnerOf(d.o.ConfigPath); err != nil {
		return err
	}
	if err := d.db.Foreign(d.owner); err != nil && !d.o.TakeOver && d.o.cluster == nil {
		return err
	}
	d.shrink()
	if err := d.lead(); err != nil {
		return err
	}
	return d.keepIn()
}

// keepIn makes what works on the database.
func (d *Daemon) keepIn() (err error) {
	d.calendar = calendar.New(d.db)
	if d.access, err = d.newGuard(); err != nil {
		return err
	}
	d.addresses, err = calendar.LoadAddresses(d.db)
	return err
}

// build makes the parts that do not change with the configuration.
func (d *Daemon) build() {
	d.dispatch = dispatch.New(dispatch.Config{
		Outbox:    d.db,
		Install:   d.db.Install(),
		Leads:     d.o.cluster.fresh(),
		Sink:      func(ch string) dispatch.Sink { return d.sending().senders.sink(ch) },
		OnUnknown: func(ch string) dispatch.Policy { return d.sending().senders.onUnknown(ch) },
		Write:     func(it notice.Item, now time.Time) (notice.Message, error) { return d.sending().view.Message(it, now) },
		Wait:      func(it notice.Item, now time.Time) (time.Time, error) { return d.sending().view.Wait(it, now) },
		Missed:    func(it notice.Item, now time.Time) bool { return d.sending().view.Missed(it, now) },
		CatchUp:   func() time.Duration { return d.sending().settings().Rules.CatchUp },
		Rows:      d.rows,
		Pace:      func(ch string) time.Duration { return d.sending().senders.pace(ch) },
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
	if own, has := d.dispatch.Next(); has && (!ok || own.Before(at)) {
		return own, true
	}
	return at, ok
}

// NextDue returns when something is due next, UTC, and false where nothing is.
func (d *Daemon) NextDue() (time.Time, bool, error) { return d.db.Next() }

// Busy reports whether something is due at now, or being sent.
func (d *Daemon) Busy(now time.Time) (bool, error) {
	if due, ok, err := d.db.Next(); err != nil || ok && !due.After(now) {
		return true, err
	}
	sending, err := d.db.Sending()
	return len(sending) > 0, err
}

// Wake has what is due looked at now. It is for clocks that do not run as the machine's does,
// by which the pauses are measured.
func (d *Daemon) Wake() { d.loop.Wake() }

// alive feeds the watchdog from the loop itself, so that a loop that stands still
// is noticed from outside.
func (d *Daemon) alive() {
	d.scanned.Store(d.o.Now().UnixNano())
	d.counts.scans.Add(1)
	d.watchStore()
	d.notify("WATCHDOG=1")
	d.pulse()
}

func (d *Daemon) notify(state string) {
	if d.o.Notify != nil {
		d.o.Notify(state)
	}
}

// listen opens the address of the pages and the control socket.
func (d *Daemon) listen(c *config.Config) (err error) {
	address := c.Listen
	if d.o.Listen != "" {
		address = d.o.Listen
	}
	if d.o.Listener != nil {
		d.listener = web.Limit(d.o.Listener, connections())
	} else if d.listener, err = listen(address); err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	d.control, err = control.Listen(control.Path(d.folder))
	return err
}

// listen listens at host:port, or at unix: and a path.
func listen(address string) (net.Listener, error) {
	l, err := bare(address)
	if err != nil {
		return nil, err
	}
	return web.Limit(l, connections()), nil
}

// bare is listen without a limit of connections.
func bare(address string) (net.Listener, error) {
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
	return l, nil
}

// publicURL returns what links begin with: where c does not say, the address that is
// listened on, whoever chose that.
func (d *Daemon) publicURL(c *config.Config) string {
	a := d.listener.Addr()
	if a.Network() == "unix" {
		return c.PublicAt("unix:" + a.String())
	}
	return c.PublicAt(a.String())
}

// Address returns where the pages are served: http://127.0.0.1:8080.
func (d *Daemon) Address() string { return addressOf(d.listener) }

func addressOf(l net.Listener) string {
	a := l.Addr()
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
	d.handler.set(d.pages())
	if len(d.servers) == 0 { // nothing was kept that could be served before
		d.serve(d.listener, &d.handler)
	}
	d.serve(d.control, control.Handler(d))
	d.began = time.Now()
	own, interrupt := context.WithCancel(ctx)
	d.interrupt = interrupt
	d.listenTo(own, d.state.Load()) // before the first message, which is to have its buttons
	d.running.Go(func() { d.hear(own) })
	d.recurring.Go(func() { d.loop.Run(own) })
	d.running.Go(func() { d.watch.run(own) })
	d.running.Go(func() { d.sendHeartbeats(own) })
	d.running.Go(func() { d.checkSlackRegularly(own) })
	d.running.Go(func() { d.learnAnswerers(own) })
	d.running.Go(func() { d.askIssuerRegularly(own) })
	d.running.Go(func() { d.rereadFollowed(own) })
	d.running.Go(func() { d.stayInLog(own) })
	d.running.Go(func() { d.guarded("noting who reads private feeds", func() { d.noteAddresses(ctx) }) })
	d.notify("READY=1")
	return nil
}

// pages returns what answers at the address of the pages.
func (d *Daemon) pages() http.Handler {
	return web.New(web.Config{
		Calendar: d.seen, Access: d.access,
		PublicURL: func() string { return d.state.Load().settings().PublicURL }, WeekStarts: func() string { return d.state.Load().config.WeekStarts },
		Readiness: d.readiness, Status: d.status, Private: d.privateFeed, FeedStats: &d.polls, Metrics: d.metrics, Help: d.o.Help,
		Now: d.o.Now, Refresh: d.o.Refresh, Log: d.o.Log,
	})
}

func (d *Daemon) serve(l net.Listener, h http.Handler) {
	d.servers = append(d.servers, serveAt(l, d.caught(h), d.o.Log, &d.running))
}

// serveAt answers at l by h, in running, until the server is shut down.
func serveAt(l net.Listener, h http.Handler, log *slog.Logger, running *sync.WaitGroup) *http.Server {
	s := web.Server(h)
	s.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	running.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("serve", "address", l.Addr().String(), "err", err)
		}
	})
	return s
}

// loopEnd is how much of the time of a stop the loop may take, whose jobs were interrupted.
const loopEnd = 2 * time.Second

// Stop lets what is being sent end, or leaves it in doubt in the store, and
// closes everything. ctx bounds how long that may take.
func (d *Daemon) Stop(ctx context.Context) error {
	d.notify("STOPPING=1")
	d.interrupt()
	soon, cancel := context.WithTimeout(ctx, loopEnd)
	defer cancel()
	d.await(soon, "what recurs", d.recurring.Wait)
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
	d.await(ctx, "the reading of files", d.running.Wait)
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
		if d.db.Lost() != nil { // the mark may have gone just now, too
			errs = append(errs, d.db.Mark())
		}
		errs = append(errs, d.db.Close())
	}
	if d.watch != nil && d.watch.fs != nil {
		errs = append(errs, d.watch.fs.Close())
	}
	return errors.Join(errs...)
}
