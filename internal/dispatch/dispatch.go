package dispatch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"attache/internal/notice"
)

// Outbox keeps the items. An error of any method means that nothing was read or
// stored.
type Outbox interface {
	// Due returns the items whose NextAction is not after now, in that order, at
	// most limit of them.
	Due(now time.Time, limit int) ([]notice.Item, error)
	// Next returns the earliest NextAction of all items, UTC, and false where
	// nothing is to be done.
	Next() (time.Time, bool, error)
	// Sending returns the items that are in the state sending.
	Sending() ([]notice.Item, error)
	// Edit loads those of the items with the keys that exist, in the order of
	// keys, lets fn change them, and stores them together with what fn adds, all
	// in one transaction. An error of fn is returned as it is and stores nothing.
	Edit(keys []string, fn func(items []*notice.Item) (add []notice.Item, err error)) error
	// ChannelID returns the receiver's id of the channel with that name, and false
	// where it is not known yet.
	ChannelID(name string) (string, bool, error)
	// SetChannelID records it.
	SetChannelID(name, id string) error
	// ChannelNames returns the names under which the channel with an id was reached, in order.
	ChannelNames(id string) ([]string, error)
}

// Sink sends messages to channels of one receiver. Its methods return when ctx
// is done, at the latest. Every error is a *notice.SendError; another one counts
// as in doubt. Sinks are told apart by ==, so they are pointers.
type Sink interface {
	// Post sends one message.
	Post(ctx context.Context, p notice.Post) (notice.Receipt, error)
	// Find returns those of our messages in a channel that have one of the keys.
	Find(ctx context.Context, q notice.Search) ([]notice.Receipt, error)
	// Delete removes one of our messages; one that is gone already is no error.
	Delete(ctx context.Context, channelID, ts string) error
}

// Policy says what becomes of an item of which nobody can say whether it
// arrived, because the history of its channel can't be read.
type Policy string

// The policies.
const (
	Hold   Policy = "hold"   // it stays unknown until history can be read or a person decides
	Resend Policy = "resend" // it is sent again: perhaps twice, never lost
	Drop   Policy = "drop"   // it is dead: perhaps lost, never twice
)

// Config is what a dispatcher is made of. Now and Log may be left out; Retry and Drop use
// only Outbox and those.
type Config struct {
	// Outbox keeps the items.
	Outbox Outbox
	// Sink gives the sender of a channel; nil where it has none, and its items wait.
	Sink func(channel string) Sink
	// OnUnknown gives the policy of a channel.
	OnUnknown func(channel string) Policy
	// Write gives what an item says at now, UTC. An error makes the item dead. It
	// is not called while an Edit is under way.
	Write func(it notice.Item, now time.Time) (notice.Message, error)
	// Wait gives the instant until which an item that is due is to wait at now, by rules that
	// hold then, such as quiet hours; it is not after now where there is none. It is not
	// called while an Edit is under way. Nil is never.
	Wait func(it notice.Item, now time.Time) (time.Time, error)
	// Missed reports whether an item that expired before it was sent is told all the same,
	// as missed. Nil is never.
	Missed func(it notice.Item, now time.Time) bool
	// CatchUp gives how late an item still goes out on its own.
	CatchUp func() time.Duration
	// Rows gives how many lines of one message can have something that people can say to them.
	// Nil is as many as there is room for lines.
	Rows func() int
	// Leads reports whether this machine may still send, of several that keep one outbox. Nothing is
	// begun while it may not. Nil is always.
	Leads func() bool
	// Install is the opaque name of the installation.
	Install string
	// Pace gives the least pause between calls on a channel.
	Pace func(channel string) time.Duration
	// Now tells the time. Nil is time.Now, whose monotonic reading is made use of.
	Now func() time.Time
	// Log takes what happens, without what messages say. Nil discards it.
	Log *slog.Logger
}

// Dispatcher sends what is due. Its methods may be called from any goroutine.
type Dispatcher struct {
	cfg    Config
	random func() float64 // in [0, 1), for jitter
	halted chan struct{}  // closed when Stop begins: nothing new is started
	halt   func()
	cutOff chan struct{} // closed when Stop runs out of time: calls under way are cut
	cut    func()

	scanning sync.Mutex // one scan at a time; taken before mu

	mu       sync.Mutex
	channels map[string]*channel
	senders  map[Sink]*sender
	named    map[string]bool // channels whose id is known, or of no matter; guarded by scanning
	began    time.Time
	scanned  time.Time     // when it was last asked what is due
	awake    time.Time     // since when it was asked so without a break
	running  int           // passes under way
	quiet    chan struct{} // closed when running falls to 0
	rest     time.Time     // no scan before, after one that was slow and found nothing to start
	// Why the outbox can't be used, "" when it can.
	unreadable, unwritable string
	panicked               map[string]bool
	totals                 Totals
}

// New makes a dispatcher. Call Recover before the first Scan.
func New(cfg Config) *Dispatcher {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &Dispatcher{
		cfg:      cfg,
		random:   rand.Float64,
		channels: map[string]*channel{},
		senders:  map[Sink]*sender{},
		named:    map[string]bool{},
		panicked: map[string]bool{},
	}
	d.began = cfg.Now()
	d.halted, d.cutOff = make(chan struct{}), make(chan struct{})
	d.halt = sync.OnceFunc(func() { close(d.halted) })
	d.cut = sync.OnceFunc(func() { close(d.cutOff) })
	return d
}
