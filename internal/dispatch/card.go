package dispatch

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"attache/internal/notice"
)

// Editor is a Sink that can show something else in the place of a message. Only in its
// channels are there cards: elsewhere every notice is a message of its own.
type Editor interface {
	Sink
	// Update shows p in the place of the message p.TS. To repeat it does no harm.
	Update(ctx context.Context, p notice.Post) (notice.Receipt, error)
}

// mostEdits is how often in a row a change of a card is tried that gets no definite
// answer.
const mostEdits = 30

// editPace is the least pause between changes of messages of one sink.
const editPace = 1200 * time.Millisecond

// isCard reports whether it stands for the card of an event.
func isCard(it notice.Item) bool { return it.Notice.Kind == notice.Card }

// edits reports whether what is to be done with it is to change a message that is there.
func edits(it notice.Item) bool { return isCard(it) && it.TS != "" }

// cardOf returns the key of the card in whose thread an item belongs, "" for none.
func (d *Dispatcher) cardOf(l *channel, it notice.Item) string {
	if _, ok := l.via.sink.(Editor); !ok || it.Notice.Event == "" || isCard(it) {
		return ""
	}
	return notice.CardKey(d.cfg.Install, it.Notice.Event, it.Channel)
}

// answer makes of an item that is about to be sent a reply to the card, where there is
// one.
func answer(it, card *notice.Item) {
	it.Thread = ""
	if card != nil && card.TS != "" {
		it.Thread, it.ChannelID = card.TS, card.ChannelID
	}
}

// pin keeps the card in step with an item that has just arrived. The first message
// about an event in a channel becomes its card; so does one that was meant as a reply
// and stands alone, since then the card is gone. asked is the message that it was to
// reply to. It returns the card where that is new.
func (d *Dispatcher) pin(key string, it, card *notice.Item, asked string, now time.Time) []notice.Item {
	if key == "" {
		return nil
	}
	if it.Thread != "" {
		if card != nil && card.TS == it.Thread { // its first words have served
			card.Refresh(card.Notice.To, now, now, "something else is said of the event")
		}
		return nil
	}
	if card != nil && card.TS != "" && card.TS != asked {
		return nil // it was sent before that card was
	}
	if card != nil {
		turn(card, it, now)
		return nil
	}
	made := notice.Item{Key: key, Channel: it.Channel, Notice: notice.Notice{
		Key: key, Event: it.Notice.Event, Kind: notice.Card,
	}}
	turn(&made, it, now)
	return []notice.Item{made}
}

// turn makes the message of an item the card. Once the words with which it was sent no
// longer hold, it shows the card instead, which keeps what it said of why and what follows.
func turn(card, it *notice.Item, now time.Time) {
	var shown notice.Message
	_ = json.Unmarshal(it.Payload, &shown) // it was read when it was sent
	card.ChannelID, card.TS, card.Root = it.ChannelID, it.TS, it.Key
	card.SentAt, card.Payload, card.Notice.From, card.Told = it.SentAt, nil, shown.Revision, shown.FirstWords()
	card.Attempts, card.FirstAttempt, card.NextTry = 0, time.Time{}, time.Time{}
	card.Fail("", "")
	switch {
	case card.State == notice.Unknown: // it is being looked for
	case card.Notice.To > shown.Revision: // it changed while this was on its way
		if card.State != notice.Pending {
			card.Notice.Due = now.UTC().Round(0)
			card.Become(notice.Pending, now, "is the message of "+it.Key+", which shows what was")
		}
	case shown.Until.IsZero():
		card.Become(notice.Sent, now, "is the message of "+it.Key)
	default:
		card.Notice.Due = shown.Until.UTC()
		card.Become(notice.Pending, now, "is the message of "+it.Key)
	}
	card.Notice.To = max(card.Notice.To, shown.Revision)
}

// showed makes of a card what a change of it, or posting it anew, made of it. What has
// become due since it was claimed is shown after it. Where an earlier attempt was in
// doubt, it may yet arrive and show what was: the card is then shown once more.
func (d *Dispatcher) showed(it *notice.Item, doubt bool, now time.Time) {
	var shown struct{ Revision int }
	_ = json.Unmarshal(it.Payload, &shown) // it was written by us
	it.Notice.From = shown.Revision
	it.Attempts = 0
	it.Become(notice.Sent, now, "shows revision "+strconv.Itoa(shown.Revision))
	if doubt {
		it.Sweep = append(it.Sweep, now.Add(sweeps[0]).UTC().Round(0))
	}
	if it.Notice.To > it.Notice.From || !it.Notice.Due.Before(it.Claimed) {
		it.Become(notice.Pending, now, "changed while it was being shown")
	}
}

// reshow has a card shown once more, since an earlier attempt to change it may have
// arrived late.
func reshow(it *notice.Item, now time.Time) {
	it.Payload, it.Notice.Due, it.Attempts = nil, now.UTC().Round(0), 0
	it.Become(notice.Pending, now, "to be shown once more: an earlier attempt may have arrived late")
}

// vanished makes of an item what follows from its message, or the one it replies to,
// being gone. A card with something new to show is posted anew; a reply goes out
// once more and becomes the card.
func vanished(it, card *notice.Item, now time.Time) {
	it.NextTry = now.UTC().Round(0)
	if !isCard(*it) {
		if card != nil && card.TS == it.Thread {
			card.TS, card.Payload, card.Root = "", nil, notice.Renewed(card.Key, card.Root)
		}
		it.Thread = ""
		it.Become(notice.Pending, now, it.LastError)
		return
	}
	it.Root, it.TS, it.Payload = notice.Renewed(it.Key, it.Root), "", nil
	it.Attempts, it.FirstAttempt, it.Doubt, it.Resent = 0, time.Time{}, time.Time{}, false
	if it.Notice.To > it.Notice.From {
		it.Become(notice.Pending, now, it.LastError+": to be posted anew")
		return
	}
	it.Become(notice.Superseded, now, it.LastError+": the next notice makes a new card")
}

// again puts off a change of a card of which nobody knows whether it was made.
func (d *Dispatcher) again(it *notice.Item, now time.Time) {
	if it.Result == notice.InDoubt {
		it.Question(now)
	}
	if it.Attempts >= mostEdits {
		it.Become(notice.Dead, now, it.LastError)
		return
	}
	it.NextTry = now.Add(d.backOff(it.Attempts)).UTC().Round(0)
	it.Become(notice.Pending, now, it.LastError)
}

// editing waits for the turn to change a message, for which a receiver has a limit of
// its own across all channels. It says no where others are first: what is to be sent
// must not wait for it.
func (d *Dispatcher) editing(l *channel) bool {
	d.mu.Lock()
	now := d.cfg.Now()
	at := later(now, l.via.edit)
	if at.Sub(now) > editPace {
		d.mu.Unlock()
		return false
	}
	l.via.edit = at.Add(editPace)
	d.mu.Unlock()
	return d.sleep(at.Sub(now)) && d.open(l)
}
