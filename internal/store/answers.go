package store

import (
	"bytes"
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// PutAnswered records that something is said of the event id that no file says.
func (tx *Tx) PutAnswered(id string) error { return tx.putContent(answeredBucket, []byte(id), nil) }

// DropAnswered records that its file says all that is said of the event id.
func (tx *Tx) DropAnswered(id string) error { return tx.remove(answeredBucket, []byte(id)) }

// Answered returns the ids of the events of which something is said that no file says.
func (tx *Tx) Answered() (ids []string, err error) {
	err = tx.scan(answeredBucket, nil, func(k, _ []byte) (bool, error) {
		ids = append(ids, string(k))
		return true, nil
	})
	return ids, err
}

// Press is an act of a person that may be reported more than once, and has one effect.
type Press struct {
	At       time.Time // UTC, when it had its effect
	Event    string
	Revision int // that it made, 0 where it made none
}

type storedPress struct {
	At       time.Time `json:"at"`
	Event    string    `json:"event"`
	Revision int       `json:"revision,omitempty"`
}

// pressKept is how long an act is remembered: longer than anybody reports it again.
const pressKept = 24 * time.Hour

// Press returns what became of the act called key, and false where it had no effect yet.
func (tx *Tx) Press(key string) (Press, bool, error) {
	s, ok, err := get[storedPress](tx, pressBucket, []byte(key))
	return Press(s), ok, err
}

// PutPress records the effect of an act, and forgets those that are past.
func (tx *Tx) PutPress(key string, p Press) error {
	var past [][]byte
	err := each(tx, pressBucket, nil, func(k []byte, s storedPress) error {
		if p.At.Sub(s.At) > pressKept {
			past = append(past, slices.Clone(k))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range past {
		if err := tx.remove(pressBucket, k); err != nil {
			return err
		}
	}
	p.At = p.At.UTC()
	return tx.put(pressBucket, []byte(key), storedPress(p))
}

// Handled is what somebody in a channel did with what the channel was told of an event: they
// have got it, or want to hear of it later. It is the channel's alone.
type Handled struct {
	Event, Channel string
	By             event.Author
	At             time.Time   // UTC
	Until          time.Time   // UTC, when it is to be told again; zero where somebody has got it
	Revision       int         // of the event then
	Window         when.Window // of the event then: where it moves, this is over
}

type storedHandled struct {
	Via      string       `json:"via,omitempty"`
	By       string       `json:"by,omitempty"`
	User     string       `json:"user,omitempty"`
	Link     string       `json:"link,omitempty"`
	At       time.Time    `json:"at"`
	Until    time.Time    `json:"until,omitzero"`
	Revision int          `json:"revision,omitempty"`
	Window   storedWindow `json:"window,omitzero"`
}

// Handled returns what channel did with what it was told of the event id, and false where that
// is nothing.
func (tx *Tx) Handled(id, channel string) (Handled, bool, error) {
	s, ok, err := get[storedHandled](tx, handledBucket, unsaidKey(id, channel))
	by := event.Author{Via: s.Via, Name: s.By, User: s.User, Link: s.Link}
	return Handled{id, channel, by, s.At, s.Until, s.Revision, s.Window.window()}, ok, err
}

// PutHandled records h in the place of what its channel did before.
func (tx *Tx) PutHandled(h Handled) error {
	return tx.put(handledBucket, unsaidKey(h.Event, h.Channel), storedHandled{
		h.By.Via, h.By.Name, h.By.User, h.By.Link, h.At.UTC(), h.Until.UTC(), h.Revision, shapeWindow(h.Window),
	})
}

// DropHandled records that what channel did with what it was told of the event id is over.
func (tx *Tx) DropHandled(id, channel string) error {
	return tx.remove(handledBucket, unsaidKey(id, channel))
}

// AllHandled returns what each channel did with what it was told, by event and channel.
func (tx *Tx) AllHandled() (out []Handled, err error) {
	err = each(tx, handledBucket, nil, func(k []byte, _ storedHandled) error {
		id, channel, _ := bytes.Cut(k, []byte{0})
		h, _, err := tx.Handled(string(id), string(channel))
		out = append(out, h)
		return err
	})
	return out, err
}
