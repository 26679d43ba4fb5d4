package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Move is that an event got another date without being revised itself: what it leans on was
// revised, or the rules of a zone or a calendar changed.
type Move struct {
	Seq      uint64 // of the change that moved it: of the event it follows, or its own where the rules changed
	Event    string // id
	Revision int    // that it had, and kept
	Was, Is  when.Window
}

type storedMove struct {
	Revision int          `json:"revision"`
	Was      storedWindow `json:"was"`
	Is       storedWindow `json:"is"`
}

func (s storedMove) move(key []byte) Move {
	n := len(key) - seqLength
	return Move{binary.BigEndian.Uint64(key[n:]), string(key[:n-1]), s.Revision, s.Was.window(), s.Is.window()}
}

// seqLength is the length of a number of a change in a key.
const seqLength = 8

func moveKey(id string, seq uint64) []byte { return append(append([]byte(id), 0), sequence(seq)...) }

// ledKey is where the index of moves by their changes has one.
func ledKey(seq uint64, id string) []byte { return append(sequence(seq), id...) }

// PutMove records m.
func (tx *Tx) PutMove(m Move) error {
	id := tx.apart(m.Event)
	if err := tx.putContent(ledBucket, ledKey(m.Seq, id), nil); err != nil {
		return err
	}
	return tx.put(moveBucket, moveKey(id, m.Seq), storedMove{m.Revision, shapeWindow(m.Was), shapeWindow(m.Is)})
}

// Moves returns what the change numbered seq moved, in the order of ids.
func (tx *Tx) Moves(seq uint64) (out []Move, err error) {
	prefix := sequence(seq)
	err = tx.scan(ledBucket, prefix, func(k, _ []byte) (bool, error) {
		if !bytes.HasPrefix(k, prefix) {
			return false, nil
		}
		id, mine := tx.own(string(k[seqLength:]))
		if !mine {
			return true, nil
		}
		key := moveKey(tx.apart(id), seq)
		s, ok, err := get[storedMove](tx, moveBucket, key)
		if err == nil && !ok {
			err = tx.damaged(ledBucket, k, errors.New("it names a move that is not there"))
		}
		if err != nil {
			return false, err
		}
		m := s.move(key)
		m.Event = id
		out = append(out, m)
		return true, nil
	})
	return out, err
}

// MovesOf returns the moves of the event id, the oldest first.
func (tx *Tx) MovesOf(id string) (out []Move, err error) {
	err = each(tx, moveBucket, append([]byte(tx.apart(id)), 0), func(k []byte, s storedMove) error {
		m := s.move(k)
		m.Event = id
		out = append(out, m)
		return nil
	})
	return out, err
}

// PutRuleChange records that the rules of a zone or a calendar moved the event id, which keeps
// its revision n. It returns the number of that change.
func (tx *Tx) PutRuleChange(id string, n int, by event.Author, at time.Time) (uint64, error) {
	return tx.putChange(storedChange{Event: id, Revision: n, At: at.UTC(), Via: by.Via, By: by.Name, Rules: true})
}

// moves reads every move, works out what the index has to hold, and compares.
func (c *checker) moves() error {
	want := make(map[string]bool)
	err := each(c.tx, moveBucket, nil, func(k []byte, s storedMove) error {
		if len(k) <= seqLength {
			return c.tx.damaged(moveBucket, k, errShort)
		}
		m := s.move(k)
		if !bytes.Equal(k, moveKey(m.Event, m.Seq)) {
			return c.tx.damaged(moveBucket, k, fmt.Errorf("it stands for nothing"))
		}
		want[string(ledKey(m.Seq, m.Event))] = true
		return nil
	})
	if err != nil {
		return err
	}
	return c.index(ledBucket, want)
}
