package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"attache/internal/calendar"
	"attache/internal/cluster"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/store"
)

// Member is a machine of several that keep one calendar. It leads, or stands by until it does:
//
//	stand by → lead → (the lead is lost) → stand by → …
//
// While it leads it is a daemon like any other, whose updates are in the log before they hold.
// The address stays open all the while.
type Member struct {
	o        Options
	log      store.Log
	name     string
	folder   string // of the database
	standsBy bool   // it does not begin a log
	force    bool   // it leads although its files are not those that were read last
	config   *config.Config
	listener net.Listener
	began    time.Time
	reread   chan struct{} // holds one: the files are to be looked at

	mu      sync.Mutex
	leading *Daemon       // nil while it stands by
	roles   func(*Daemon) // told of each role, nil of standing by
}

// MemberOptions say how a machine is one of several.
type MemberOptions struct {
	StandsBy bool          // it never is the first to lead
	Force    bool          // it leads although its event files are not those that were read last
	Role     func(*Daemon) // told of each role that it takes, nil of standing by
}

// NewMember makes the machine that o.Loaded, a configuration with a cluster, is about. It stands
// by yet.
func NewMember(o Options, m MemberOptions) (_ *Member, err error) {
	c := o.Loaded
	o.Loaded = nil // each role reads the files as they are then
	if c.PublicURL == "" {
		o.Log.Warn("there is no public_url: links and feeds change when another machine leads; add the address by which readers reach whichever leads")
	}
	out := &Member{
		o: o, standsBy: m.StandsBy, force: m.Force, roles: m.Role, config: c,
		began: o.Now().UTC().Truncate(time.Second), reread: make(chan struct{}, 1),
	}
	if out.name, err = c.Cluster.Machine(); err != nil {
		return nil, err
	}
	if out.log, err = OpenLog(c.Cluster, o.Env); err != nil {
		return nil, err
	}
	if out.folder, err = config.DataFolder(o.Data, c.Data, o.Env); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(out.folder, 0o700); err != nil {
		return nil, err
	}
	if out.listener = o.Listener; out.listener == nil {
		address := c.Listen
		if o.Listen != "" {
			address = o.Listen
		}
		if out.listener, err = bare(address); err != nil {
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
	}
	return out, nil
}

// pollFolder is how often a folder is looked at for what another machine wrote.
const pollFolder = 200 * time.Millisecond

// OpenLog returns the log that c names. Nothing is asked of it yet.
func OpenLog(c *config.Cluster, env func(string) string) (store.Log, error) {
	name, err := c.Machine()
	if err != nil {
		return nil, err
	}
	if c.Folder != "" {
		return cluster.NewFolder(c.Folder, name, pollFolder)
	}
	password, err := c.Password(env)
	if err != nil {
		return nil, err
	}
	return cluster.NewEtcd(cluster.EtcdConfig{
		Endpoints: c.Etcd, Prefix: c.Prefix, Name: name, User: c.User, Password: password.Reveal(),
		CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile, Lease: c.Lease,
	})
}

// firstTry is how long a machine tries to lead before it stands by.
const firstTry = 2 * time.Second

// Run leads and stands by until ctx ends, and then stops within the time that stopping allows.
func (m *Member) Run(ctx context.Context, drain time.Duration) (err error) {
	defer func() { err = errors.Join(err, m.listener.Close(), m.log.Close()) }()
	term, err := m.first(ctx)
	if err != nil {
		return err
	}
	if term != nil {
		if err := m.lead(ctx, term, drain); err != nil { // as of any daemon that can't start
			return err
		}
	}
	for ctx.Err() == nil {
		if term, err = m.standBy(ctx, drain); err != nil || term == nil {
			return err
		}
		if err := m.lead(ctx, term, drain); err != nil {
			m.o.Log.Error("lead", "machine", m.name, "err", err)
		}
	}
	return nil
}

// first tries to lead at once, where this machine may be the first.
func (m *Member) first(ctx context.Context) (store.Term, error) {
	if m.standsBy {
		return nil, nil
	}
	if why, err := m.refusesHere(); err != nil || why != "" {
		return nil, err
	}
	short, stop := context.WithTimeout(ctx, firstTry)
	defer stop()
	term, err := m.log.Lead(short)
	if err != nil {
		return nil, nil // it stands by, and goes on trying
	}
	return term, nil
}

// refusesHere says why this machine would not lead with the database that is here.
func (m *Member) refusesHere() (why string, err error) {
	path := store.Path(m.folder)
	if _, err := os.Stat(path); err != nil {
		return "", nil // there is none
	}
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	why, err = m.refuses(m.config, db)
	return why, errors.Join(err, db.Close())
}

// refuses says why this machine would not lead with db: its files are not those that another one
// read last, so that it would take back what is newer.
func (m *Member) refuses(c *config.Config, db *store.DB) (string, error) {
	leader, err := leaderOf(db)
	if err != nil || leader == "" || leader == m.name || m.force {
		return "", err
	}
	read, err := calendar.FilesSum(db)
	if err != nil || read == "" {
		return "", err
	}
	mine, err := c.FilesSum()
	if err != nil || mine == read {
		return "", err
	}
	return fmt.Sprintf("the event files here are not those that %s read last: bring them here, or start attache standby --force", leader), nil
}

// standBy follows until this machine leads, or ctx ends: the term is nil then.
func (m *Member) standBy(ctx context.Context, drain time.Duration) (store.Term, error) {
	following, stop := context.WithCancel(ctx)
	defer stop()
	f, err := m.follow(following)
	if err != nil {
		return nil, err
	}
	defer func() { m.o.Fresh = false }() // what is here now is to stay
	m.role(nil)
	m.o.Log.Info("this machine stands by", "machine", m.name)
	notify(m.o, "READY=1")
	term := m.elected(ctx, f)
	stop()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return term, f.stop(closing)
}

// elected waits until this machine leads, and returns nil where ctx ends before.
func (m *Member) elected(ctx context.Context, f *follower) store.Term {
	beat := time.NewTicker(tryPause)
	defer beat.Stop()
	for {
		if f.ready() {
			if term := m.tryLead(ctx, f); term != nil {
				return term
			}
		}
		notify(m.o, "WATCHDOG=1")
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
		}
	}
}

// tryLead waits for the lead for a while, so that the watchdog is fed in between.
func (m *Member) tryLead(ctx context.Context, f *follower) store.Term {
	short, stop := context.WithTimeout(ctx, tryFor)
	defer stop()
	term, err := m.log.Lead(short)
	if err != nil {
		return nil // another machine leads, or the log is away, which the follower tells
	}
	if f.ready() {
		return term
	}
	if err := term.Resign(ctx); err != nil { // the files changed while it waited
		m.o.Log.Error("give the lead back", "err", err)
	}
	return nil
}

// tryFor is how long the lead is waited for at once.
const tryFor = 5 * time.Second

// tryPause is how long to wait before the lead is asked for again.
const tryPause = time.Second

// ready reports whether this machine would lead.
func (f *follower) ready() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusal != "" {
		return false
	}
	if f.replica == nil { // nothing was followed: only the first to lead begins a log
		return !f.machine.standsBy && f.empty
	}
	return true
}

// lead runs a daemon for as long as term lasts, or until ctx ends.
func (m *Member) lead(ctx context.Context, term store.Term, drain time.Duration) error {
	l, err := reopened(m.listener)
	if err != nil {
		return err
	}
	o := m.o
	o.Listener, o.cluster = l, &clustered{log: m.log, name: m.name, term: term}
	d, err := New(o)
	if err == nil {
		err = d.Start(ctx)
	}
	if err != nil {
		err = errors.Join(err, term.Resign(context.WithoutCancel(ctx)))
		if errors.Is(err, store.ErrDeposed) {
			return nil // it was too late
		}
		return err
	}
	m.o.Fresh = false // as when it stands by
	m.role(d)
	select {
	case <-ctx.Done():
	case <-term.Done():
		m.o.Log.Warn("this machine does not lead any more", "machine", m.name)
	}
	m.mu.Lock()
	m.leading = nil
	m.mu.Unlock()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	err = d.Stop(closing)
	select {
	case <-term.Done():
		if err != nil { // what it could not record any more is recorded by who leads now
			m.o.Log.Warn("stop leading", "err", err)
		}
		return nil
	default:
		return errors.Join(err, term.Resign(closing))
	}
}

// role notes what this machine is.
func (m *Member) role(d *Daemon) {
	m.mu.Lock()
	m.leading = d
	m.mu.Unlock()
	m.roles(d)
}

// ReloadLater has the files read again.
func (m *Member) ReloadLater() {
	m.mu.Lock()
	d := m.leading
	m.mu.Unlock()
	if d != nil {
		d.ReloadLater()
		return
	}
	signal(m.reread)
}

// leader returns the name of the machine that leads.
func (m *Member) leader(ctx context.Context) (string, error) {
	asked, ok := m.log.(interface {
		Leader(context.Context) (string, error)
	})
	if !ok {
		return "", nil
	}
	return asked.Leader(ctx)
}

// notify tells the service manager of a state.
func notify(o Options, state string) {
	if o.Notify != nil {
		o.Notify(state)
	}
}

// Address returns where the pages are served.
func (m *Member) Address() string { return addressOf(m.listener) }

// reopened returns l once more: closing it leaves l open.
func reopened(l net.Listener) (net.Listener, error) {
	f, ok := l.(interface{ File() (*os.File, error) })
	if !ok {
		return nil, fmt.Errorf("the address %s can't be handed on", l.Addr())
	}
	file, err := f.File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return net.FileListener(file)
}

// readOnly is a daemon at the socket of a machine that stands by: it answers, and records nothing.
type readOnly struct {
	*Daemon
	leader func() string
}

func (r readOnly) refused() error { return errStandsBy{r.leader()} }

func (r readOnly) Reload(context.Context) error { return nil }

func (r readOnly) Compact(context.Context) (control.Sizes, error) {
	return control.Sizes{}, r.refused()
}

func (r readOnly) NewAddress(string, string) (calendar.NewAddress, error) {
	return calendar.NewAddress{}, r.refused()
}

func (r readOnly) RevokeAddress(string) (calendar.AddressView, error) {
	return calendar.AddressView{}, r.refused()
}

func (r readOnly) Answer(calendar.Said) (calendar.Answered, error) {
	return calendar.Answered{}, r.refused()
}

func (r readOnly) NewLink(calendar.LinkFor) (calendar.NewLink, error) {
	return calendar.NewLink{}, r.refused()
}

func (r readOnly) RevokeLink(string) (calendar.LinkView, error) {
	return calendar.LinkView{}, r.refused()
}

func (r readOnly) RetryNotice(string) (calendar.NoticeView, error) {
	return calendar.NoticeView{}, r.refused()
}

func (r readOnly) DropNotice(string) (calendar.NoticeView, error) {
	return calendar.NoticeView{}, r.refused()
}
