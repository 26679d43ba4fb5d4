package dispatch

import (
	"slices"
	"time"

	"attache/internal/notice"
)

// channel is what is known of a channel besides the outbox. All but the items of
// its pass is guarded by the dispatcher's mu.
type channel struct {
	name     string
	via      *sender
	busy     bool // a pass is under way
	unnamed  bool // its id is not known yet: its pass ends with the first message
	broken   bool // a pass ended in a panic: something may still be sending
	resting  bool // no pass was under way when the outbox was read
	due      int  // items due at the last scan
	oldest   time.Time
	next     time.Time
	wait     pause // rate limited, backing off
	blocked  pause
	failures int       // attempts in a row that reached nobody
	blind    pause     // looking failed: what is not in doubt goes on meanwhile
	misses   int       // looks in a row that failed
	seen     time.Time // what was due until then, and may have been sent before the start, has been looked for
	open     map[string]opened
	counts   map[notice.State]int
	problem  string    // the last thing that went wrong
	sent     time.Time // when something last arrived
}

// pause is until when something rests, and why. The zero value rests not at all.
type pause struct {
	until   time.Time
	why     string
	certain bool // the receiver, or what it refused with, tells for how long
}

func (p pause) over(now time.Time) bool { return !now.Before(p.until) }

// sender is what all channels of one sink share.
type sender struct {
	sink    Sink // nil where a channel has none
	blocked pause
	failing bool      // it did not answer: its channels take turns
	next    time.Time // while failing, when the next may call
	edit    time.Time // when a message may be changed next
	server  time.Time // the receiver's clock …
	local   time.Time // … when ours read this, with its monotonic reading
}

// opened is an item that was tried and is not finished.
type opened struct {
	events []string  // it keeps later items of these back
	next   time.Time // its NextAction
	doubt  time.Time // since when nobody knows whether it arrived; zero where that is known
	held   bool      // it waits for a person
}

// channel returns what is known of a channel. The caller holds mu.
func (d *Dispatcher) channel(name string) *channel {
	l, ok := d.channels[name]
	if !ok {
		l = &channel{name: name, resting: true, via: &sender{}, open: map[string]opened{}, counts: map[notice.State]int{}}
		d.channels[name] = l
	}
	return l
}

// sender returns what is known of a sink. The caller holds mu.
func (d *Dispatcher) sender(s Sink) *sender {
	if s == nil {
		return &sender{blocked: pause{why: "no sender is configured for this channel"}}
	}
	v, ok := d.senders[s]
	if !ok {
		v = &sender{sink: s, edit: d.began.Add(editPace)} // a run before this one may just have changed one
		d.senders[s] = v
	}
	return v
}

// ready reports whether a pass over the due items would do anything.
func (l *channel) ready(items []notice.Item, now time.Time) bool {
	pending := false
	for _, it := range items {
		if expired(it, now) {
			return true
		}
		pending = pending || it.State == notice.Pending
	}
	if !l.free(now) {
		return false
	}
	if l.broken {
		return true
	}
	if l.blind.over(now) && slices.ContainsFunc(items, looksFor) {
		return true
	}
	return pending && !l.doubts(now) && len(l.eligible(items)) > 0
}

// looksFor reports whether what is due for an item is a look at the history.
func looksFor(it notice.Item) bool { return it.State == notice.Unknown || it.State == notice.Sent }

// free reports whether the channel may be called.
func (l *channel) free(now time.Time) bool {
	return l.via.sink != nil && l.wait.over(now) && l.blocked.over(now) && l.via.blocked.over(now)
}

// open returns the same to a pass.
func (d *Dispatcher) open(l *channel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.going() && l.free(d.cfg.Now())
}

// mostBlocked is how long an item in doubt keeps its whole channel back.
const mostBlocked = 2 * time.Minute

// doubts reports whether an item in doubt keeps the whole channel back.
func (l *channel) doubts(now time.Time) bool {
	for _, o := range l.open {
		if !o.doubt.IsZero() && !o.held && now.Sub(o.doubt) < mostBlocked {
			return true
		}
	}
	return false
}

// eligible returns those of the due items that may be sent now, in order: all that
// are pending, unless an unfinished item of their event is not among them.
func (l *channel) eligible(items []notice.Item) []notice.Item {
	var pending []notice.Item
	here := map[string]bool{}
	for _, it := range items {
		if it.State == notice.Pending {
			pending = append(pending, it)
			here[it.Key] = true
		}
	}
	kept := map[string]bool{}
	for key, o := range l.open {
		if here[key] || o.held {
			continue
		}
		for _, e := range o.events {
			kept[e] = true
		}
	}
	out := pending[:0]
	for _, it := range pending {
		if it.Notice.Event == "" || !kept[it.Notice.Event] {
			out = append(out, it)
		}
	}
	inOrder(out)
	return out
}

// forget drops unfinished items whose time has come and that are not due: others
// than the dispatcher ended them.
func (l *channel) forget(due []notice.Item, now time.Time) {
	if len(l.open) == 0 {
		return
	}
	here := map[string]bool{}
	for _, it := range due {
		here[it.Key] = true
	}
	for key, o := range l.open {
		if !here[key] && !o.next.After(now) {
			delete(l.open, key)
		}
	}
}

// note keeps in mind what became of an item that was in the state was. events
// are those it speaks of.
func (d *Dispatcher) note(l *channel, was notice.State, it notice.Item, events []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if it.State != was && !isCard(it) {
		l.counts[it.State]++
	}
	if it.State == notice.Dead || it.State == notice.Unknown {
		l.problem = it.LastError
	}
	l.track(it, events)
}

// track keeps an unfinished item in mind, and forgets a finished one. The caller
// holds mu.
func (l *channel) track(it notice.Item, events []string) {
	next, ok := it.NextAction()
	if edits(it) {
		events = nil // a card that can't be changed keeps no notice back
	}
	switch {
	case ok && it.State == notice.Unknown:
		l.open[it.Key] = opened{events: events, next: next, doubt: it.Doubt, held: it.Held()}
	case ok && it.State == notice.Pending && it.Attempts > 0:
		l.open[it.Key] = opened{events: events, next: next}
	default:
		delete(l.open, it.Key)
	}
}
