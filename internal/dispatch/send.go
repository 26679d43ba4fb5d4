package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"attache/internal/notice"
)

// longPass is how long a pass goes on starting sends before a new scan looks at
// what else has become due.
const longPass = 10 * time.Second

// callTimeout is how long one call may take.
const callTimeout = 30 * time.Second

// deliver sends what is pending, in order, until something is left unfinished.
func (d *Dispatcher) deliver(l *channel, pending []notice.Item) (progress bool) {
	now := d.cfg.Now()
	d.mu.Lock()
	doubts, queue := l.doubts(now), l.eligible(pending)
	d.mu.Unlock()
	if doubts {
		return false
	}
	queue, ok := d.lookBack(l, queue)
	if !ok {
		return false
	}
	queue, err := d.released(l, queue)
	if err == nil {
		queue, err = d.single(l, queue)
	}
	if err == nil {
		queue, err = d.newest(l, queue)
	}
	if unstored(err) {
		return false
	}
	for _, u := range group(queue, now, d.cfg.CatchUp()) {
		for len(u) > 0 {
			if d.cfg.Now().Sub(now) >= longPass {
				return true
			}
			card := isCard(u[0])
			rest, done := d.sendUnit(l, u)
			if !done {
				return progress
			}
			if progress, u = true, rest; card || l.unnamed {
				return true // what has become due meanwhile goes first, or the other channels do
			}
		}
	}
	return progress
}

// released puts off what may not go out now, and returns what may. Whatever made it late,
// the rules that hold when it is sent are asked once more.
func (d *Dispatcher) released(l *channel, queue []notice.Item) (free []notice.Item, err error) {
	if d.cfg.Wait == nil {
		return queue, nil
	}
	for _, it := range queue {
		now := d.cfg.Now()
		until, err := d.cfg.Wait(it, now)
		if err != nil || isCard(it) || !until.After(now) { // what cannot be asked of is sent rather than lost
			free = append(free, it)
			continue
		}
		_, err = d.change(l, it, func(it *notice.Item) {
			it.NextTry = until.UTC().Round(0)
			it.Become(notice.Pending, now, "quiet hours")
		})
		if unstored(err) {
			return nil, err
		}
	}
	return free, nil
}

// sendUnit sends one message: the first of the items, or a digest of as many as
// it can tell. It returns the items that remain, and done is false where no more is
// to be sent now.
func (d *Dispatcher) sendUnit(l *channel, u []notice.Item) (rest []notice.Item, done bool) {
	if !d.await(l) {
		return u, false
	}
	if len(u) == 1 {
		return nil, d.sendOne(l, u[0])
	}
	return d.sendDigest(l, u)
}

// sendOne claims, sends and records one item, and reports whether that is finished.
func (d *Dispatcher) sendOne(l *channel, it notice.Item) (finished bool) {
	if edits(it) && !d.editing(l) {
		return false
	}
	if limitedBefore(it) && !edits(it) {
		if there, ok := d.lookFirst(l, it); there || !ok {
			return there
		}
		if !d.await(l) {
			return false
		}
	}
	if !d.probing(l) {
		return false
	}
	claimed, ok, err := d.claim(l, it)
	switch {
	case unstored(err):
		return false
	case !ok: // superseded or dead meanwhile
		return true
	}
	return d.transmit(l, claimed)
}

// transmit posts an item that is recorded as being sent, records the result, and
// says whether the item is finished.
func (d *Dispatcher) transmit(l *channel, it notice.Item) (finished bool) {
	p, fail := d.post(it)
	if fail == nil && !d.leads() { // the claim took long: others may send by now
		fail = &notice.SendError{Result: notice.NotSent, Err: errLead}
	}
	if fail != nil { // nothing has left
		return d.record(l, it, attempt{err: fail, plain: true})
	}
	d.count(func(t *Totals) { t.Tries++ })
	began := d.cfg.Now()
	r, fail := try(d, l, func(ctx context.Context) (notice.Receipt, error) {
		if p.TS == "" {
			return l.via.sink.Post(ctx, p)
		}
		e, ok := l.via.sink.(Editor)
		if !ok { // the channel has another sender now
			return notice.Receipt{}, &notice.SendError{Result: notice.Gone, Err: errNoEditor}
		}
		return e.Update(ctx, p)
	})
	a := attempt{receipt: r, err: fail, plain: p.Plain, took: d.cfg.Now().Sub(began)}
	d.answered(l, a.at(), fail)
	return d.record(l, it, a)
}

// post makes of an item what its sender is asked to deliver. An item whose text
// can't be read will never be sent.
func (d *Dispatcher) post(it notice.Item) (notice.Post, *notice.SendError) {
	id, err := it.ChannelID, error(nil)
	if id == "" {
		id, _, err = d.cfg.Outbox.ChannelID(it.Channel)
	}
	if err != nil {
		return notice.Post{}, &notice.SendError{Result: notice.NotSent, Err: fmt.Errorf("channel %q: %w", it.Channel, err)}
	}
	p := notice.Post{
		Key: it.PostKey(), Event: notice.OpaqueEvent(it.Notice.Event), Revision: it.Notice.To,
		Channel: it.Channel, ChannelID: id, Members: it.Members, Thread: it.Thread, Plain: it.Refused,
	}
	if err := json.Unmarshal(it.Payload, &p.Message); err != nil {
		return notice.Post{}, &notice.SendError{Result: notice.Refused, Err: fmt.Errorf("its text in the outbox: %w", err)}
	}
	if p.Revision == 0 || isCard(it) {
		p.Revision = p.Message.Revision
	}
	if isCard(it) {
		p.TS = it.TS
	}
	p.Broadcast = p.Thread != "" && !p.Message.Quiet
	return p, nil
}

// try makes one call of a sender, with a deadline. A panic in it leaves in doubt
// what it did.
func try[T any](d *Dispatcher, l *channel, call func(ctx context.Context) (T, error)) (got T, fail *notice.SendError) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	go func() {
		select {
		case <-d.cutOff:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() {
		if p := recover(); p != nil {
			d.panics(l, p, debug.Stack())
			fail = &notice.SendError{Result: notice.InDoubt, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	got, err := call(ctx)
	return got, asSendError(err)
}

// asSendError takes an error that says nothing of what is known as doubt.
func asSendError(err error) *notice.SendError {
	var e *notice.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e) && e == nil: // a nil pointer in an interface means no error
		return nil
	case e != nil:
		if e.Err == nil {
			e = &notice.SendError{Result: e.Result, RetryAfter: e.RetryAfter, At: e.At, Err: errors.New("no reason given")}
		}
		return e
	}
	return &notice.SendError{Result: notice.InDoubt, Err: err}
}

// panics logs a panic once, however often it comes back.
func (d *Dispatcher) panics(l *channel, p any, stack []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.totals.Panics++
	what := fmt.Sprint(p)
	if !d.panicked[what] && len(d.panicked) < 100 {
		d.panicked[what] = true
		d.cfg.Log.Error("panic while sending", "channel", l.name, "panic", what, "stack", string(stack))
	}
}
