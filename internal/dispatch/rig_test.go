package dispatch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
)

// rig is a dispatcher with an outbox and a sink, in virtual time.
type rig struct {
	t      reporter
	outbox *memory
	run    *mortal // the outbox as the present run sees it
	sink   *fakeSink
	other  map[string]*fakeSink // by channel; the rest goes to sink
	policy Policy
	random float64       // in place of what is random
	ran    time.Duration // for how long a run has gone on when it starts: what is overdue by less was not before it
	log    *bytes.Buffer
	events map[string]int // their revisions
	cfg    Config
	d      *Dispatcher
}

// inBubble runs a test in virtual time with a dispatcher that is stopped at its
// end.
func inBubble(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		test(t, r)
		r.stop()
	})
}

// reporter is what of a test a rig needs.
type reporter interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// problems is a reporter that keeps what it is told.
type problems []string

func (*problems) Helper()                             {}
func (p *problems) Error(args ...any)                 { *p = append(*p, fmt.Sprint(args...)) }
func (p *problems) Errorf(format string, args ...any) { *p = append(*p, fmt.Sprintf(format, args...)) }
func (p *problems) Fatal(args ...any)                 { p.Error(args...) }

func newRig(t reporter) *rig {
	r := &rig{t: t, outbox: newMemory(), sink: &fakeSink{}, other: map[string]*fakeSink{}, policy: Hold, random: 0.5, ran: time.Hour, log: &bytes.Buffer{}, events: map[string]int{}}
	r.cfg = Config{
		Sink: func(channel string) Sink {
			if s, ok := r.other[channel]; ok {
				return s
			}
			return r.sink
		},
		OnUnknown: func(string) Policy { return r.policy },
		Write: func(it notice.Item, now time.Time) (notice.Message, error) {
			m := notice.Message{Kind: it.Notice.Kind, Event: it.Notice.Event, Headline: "about " + it.Key}
			m.Revision = 1 + r.events[it.Notice.Event]
			m.Text, m.Told = []string{"why of " + it.Key}, strings.Join(it.Told, ". ")
			if it.Notice.Kind == notice.Reminder {
				m.Until = now.Add(12 * time.Hour)
			}
			if now.Sub(it.Notice.Due) > time.Hour {
				m.Late = "late"
			}
			return m, nil
		},
		CatchUp: func() time.Duration { return 24 * time.Hour },
		Pace:    func(string) time.Duration { return time.Second },
		Log:     slog.New(slog.NewTextHandler(r.log, nil)),
	}
	r.start()
	return r
}

// start begins a run, as after a start of the daemon.
func (r *rig) start() {
	r.t.Helper()
	r.run = &mortal{memory: r.outbox}
	r.cfg.Outbox = r.run
	r.d = New(r.cfg)
	r.d.began = r.d.began.Add(-r.ran)
	r.d.random = func() float64 { return r.random }
	if err := r.d.Recover(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

// kill ends a run at once: nothing more is written.
func (r *rig) kill() {
	r.run.set(true)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	r.d.Stop(gone)
	synctest.Wait()
}

func (r *rig) stop() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.d.Stop(ctx); err != nil {
		r.t.Error(err)
	}
}

// tick scans once and lets the workers go on until they wait for something.
func (r *rig) tick() {
	r.d.Scan(context.Background(), time.Now())
	synctest.Wait()
}

// pass lets time pass, with a scan every second.
func (r *rig) pass(t time.Duration) {
	r.tick()
	for end := time.Now().Add(t); time.Now().Before(end); {
		time.Sleep(time.Second)
		r.tick()
	}
}

// add puts items into the outbox.
func (r *rig) add(items ...notice.Item) { r.outbox.put(items...) }

// revise makes a new revision of an event, as a person's edit does: its cards show it
// when due.
func (r *rig) revise(event string, due time.Time) {
	r.events[event]++
	var items []notice.Item
	for _, it := range r.outbox.all() {
		if it.Notice.Event == event {
			items = append(items, it)
		}
	}
	r.outbox.put(notice.Cards("", items, 1+r.events[event], due, time.Now(), "the event changed")...)
}

// card returns the card of an event in the channel desk.
func (r *rig) card(event string) notice.Item {
	return r.outbox.get(notice.CardKey("", event, "desk"))
}

// wantCard demands that the card of an event is the message with the key root, shows the
// current revision, and still says why, where it was about a change.
func (r *rig) wantCard(event, root string) {
	r.t.Helper()
	c := r.card(event)
	for _, m := range r.sink.shown() {
		if m.ts != c.TS {
			continue
		}
		if m.key != root || m.text.Revision != 1+r.events[event] || m.thread != "" {
			r.t.Errorf("the card is %s in thread %q and shows revision %d, want %s and %d", m.key, m.thread, m.text.Revision, root, 1+r.events[event])
		}
		said := m.text.Told + strings.Join(m.text.Text, "")
		if r.outbox.get(root).Notice.Kind == notice.Changed && !strings.Contains(said, "why of "+root) {
			r.t.Errorf("the card says no more what was told first: %q", said)
		}
		return
	}
	r.t.Errorf("the card %+v is not there", c)
}

// item returns an item that was due ago.
func item(key, channel string, ago time.Duration, opts ...func(*notice.Item)) notice.Item {
	it := notice.Item{
		Key: key, Channel: channel, State: notice.Pending,
		Notice: notice.Notice{Key: "n-" + key, Event: "event-" + key, Kind: notice.Changed, Due: time.Now().Add(-ago).UTC()},
	}
	for _, o := range opts {
		o(&it)
	}
	return it
}

func of(event string) func(*notice.Item) { return func(it *notice.Item) { it.Notice.Event = event } }

func kind(k notice.Kind) func(*notice.Item) { return func(it *notice.Item) { it.Notice.Kind = k } }

func expires(in time.Duration) func(*notice.Item) {
	return func(it *notice.Item) { it.Notice.Expires = time.Now().Add(in).UTC() }
}

// tried makes of an item one that leaves by itself, however many are due.
func tried(it *notice.Item) { it.Attempts = 1 }

// many returns n items of different events.
func many(n int, channel string, ago time.Duration, opts ...func(*notice.Item)) []notice.Item {
	var out []notice.Item
	for i := range n {
		out = append(out, item(fmt.Sprintf("k%04d", i), channel, ago, opts...))
	}
	return out
}

// wantState demands a state of an item, with reason in its last error.
func (r *rig) wantState(key string, s notice.State, reason string) {
	r.t.Helper()
	it := r.outbox.get(key)
	if it.State != s || !strings.Contains(it.LastError, reason) {
		r.t.Errorf("%s is %q (%s), want %q (%s)", key, it.State, it.LastError, s, reason)
	}
}

// wantShown demands the keys of what readers see, in order.
func (r *rig) wantShown(keys ...string) {
	r.t.Helper()
	if got := r.sink.keys(); strings.Join(got, " ") != strings.Join(keys, " ") {
		r.t.Errorf("shown are %v, want %v", got, keys)
	}
}

// wantLogged demands how often something was logged.
func (r *rig) wantLogged(text string, times int) {
	r.t.Helper()
	if got := strings.Count(r.log.String(), text); got != times {
		r.t.Errorf("%q was logged %d times, want %d:\n%s", text, got, times, r.log)
	}
}
