package dispatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"attache/internal/notice"
)

// claim records that an item is being sent, and freezes its text at the first
// attempt. ok is false where it is not to be sent: it changed meanwhile, it
// expired, or it can't be written.
func (d *Dispatcher) claim(l *channel, it notice.Item) (claimed notice.Item, ok bool, err error) {
	now := d.cfg.Now()
	payload := it.Payload
	if payload == nil || edits(it) { // a card shows what is so now
		if payload, err = d.compose(l, it, now); err != nil {
			return d.bury(l, it, err)
		}
	}
	shown := edits(it) && it.Attempts == 0 && bytes.Equal(payload, it.Payload)
	first := d.serverTime(l)
	claimed, err = d.alter(l, it, unchanged(it), d.cardOf(l, it), func(it, card *notice.Item) []notice.Item {
		switch {
		case expired(*it, now): // a new scan ends it
			return nil
		case shown:
			it.Notice.From, it.Attempts = it.Notice.To, 0
			it.Become(notice.Sent, now, "shows it already")
			return nil
		}
		it.Payload = payload
		if !isCard(*it) {
			answer(it, card)
		}
		startAttempt(it, now, first)
		return nil
	})
	return claimed, err == nil && claimed.State == notice.Sending, err
}

// startAttempt makes an attempt of an item.
func startAttempt(it *notice.Item, now, first time.Time) {
	it.Attempts++
	it.Looked = 0
	it.NextTry = time.Time{}
	if it.FirstAttempt.IsZero() {
		it.FirstAttempt = first
	}
	it.Become(notice.Sending, now, fmt.Sprintf("attempt %d", it.Attempts))
}

// compose returns the text of an item as it is to be kept.
func (d *Dispatcher) compose(l *channel, it notice.Item, now time.Time) ([]byte, error) {
	m, err := d.write(l, it, now)
	if err != nil {
		return nil, err
	}
	return json.Marshal(m)
}

// write asks what an item says. A panic there is an error of that item alone.
func (d *Dispatcher) write(l *channel, it notice.Item, now time.Time) (m notice.Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			d.panics(l, p, debug.Stack())
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return d.cfg.Write(it, now)
}

// bury makes an item dead that can't be written, for the reason cause.
func (d *Dispatcher) bury(l *channel, it notice.Item, cause error) (notice.Item, bool, error) {
	now := d.cfg.Now()
	dead, err := d.change(l, it, func(it *notice.Item) {
		it.Fail("", "can't be written: "+oneLine(cause))
		it.Become(notice.Dead, now, it.LastError)
	})
	if err == nil {
		d.cfg.Log.Warn("notice can't be written", "key", it.Key, "channel", it.Channel, "event", it.Notice.Event, "error", cause)
	}
	return dead, false, err
}
