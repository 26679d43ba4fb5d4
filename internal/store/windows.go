package store

import (
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// storedWindow is a window as it is stored. Like every shape it only grows.
type storedWindow struct {
	Precision    when.Precision `json:"precision"`
	Zone         string         `json:"zone"`
	Earliest     storedBound    `json:"earliest,omitzero"`
	Latest       storedBound    `json:"latest,omitzero"`
	EndsEarliest storedBound    `json:"ends_earliest,omitzero"`
	EndsLatest   storedBound    `json:"ends_latest,omitzero"`
}

type storedBound struct {
	Day  civil.Date `json:"day,omitzero"`
	At   time.Time  `json:"at,omitzero"` // only where it has a time of day
	Soft bool       `json:"soft,omitempty"`
	By   string     `json:"by,omitempty"`
}

func shapeBound(b when.Bound) storedBound { return storedBound{b.Day, b.At, b.Soft, b.By} }

func (s storedBound) bound() when.Bound {
	return when.Bound{Day: s.Day, At: s.At, Timed: !s.At.IsZero(), Soft: s.Soft, By: s.By}
}

func shapeWindow(w when.Window) storedWindow {
	return storedWindow{
		w.Precision, w.Zone, shapeBound(w.Earliest), shapeBound(w.Latest), shapeBound(w.EndsEarliest), shapeBound(w.EndsLatest),
	}
}

func (s storedWindow) window() when.Window {
	return when.Window{
		Precision: s.Precision, Zone: s.Zone, Earliest: s.Earliest.bound(), Latest: s.Latest.bound(),
		EndsEarliest: s.EndsEarliest.bound(), EndsLatest: s.EndsLatest.bound(),
	}
}

// keptWindow is when a revision could be, as it was last worked out. First is the window as it
// was first, where that was another one: what the event leans on has moved since.
type keptWindow struct {
	storedWindow
	First *storedWindow `json:"first,omitempty"`
}

// Window returns when the revision n of the event id could be, as it was last worked out
// while that revision held, and false where it never was.
func (tx *Tx) Window(id string, n int) (when.Window, bool, error) {
	s, ok, err := get[keptWindow](tx, windowBucket, revisionKey(tx.apart(id), n))
	return s.window(), ok, err
}

// FirstWindow returns when the revision n of the event id could be when it was made, as far as
// that is known, and false where it was never worked out.
func (tx *Tx) FirstWindow(id string, n int) (when.Window, bool, error) {
	s, ok, err := get[keptWindow](tx, windowBucket, revisionKey(tx.apart(id), n))
	if s.First != nil {
		return s.First.window(), ok, err
	}
	return s.window(), ok, err
}

// PutWindow records when the revision n of the event id can be now.
func (tx *Tx) PutWindow(id string, n int, w when.Window) error {
	key := revisionKey(tx.apart(id), n)
	was, known, err := get[keptWindow](tx, windowBucket, key)
	if err != nil {
		return err
	}
	now := keptWindow{storedWindow: shapeWindow(w), First: was.First}
	if known && now.First == nil {
		now.First = &was.storedWindow
	}
	return tx.put(windowBucket, key, now)
}
