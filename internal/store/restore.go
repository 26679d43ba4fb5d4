package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/notice"
)

// restoredKey is where a database that was put in the place of another one keeps what
// that one knew, until the first reading of the files has acted upon it.
const restoredKey = ownPrefix + "restored"

// Restored says what a restoring did.
type Restored struct {
	Aside   string // the path of the database that was there, "" where there was none
	Learnt  int    // how many notices it had dealt with that the backup did not know to be
	Doubted bool   // nothing could be learnt from it: what is due is looked for before it is sent
}

// Restore puts the database file from in the place of the one at path, which is kept
// beside it. It is refused with ErrLocked while an attache has path open, and with a
// *DamagedError where from is not sound.
//
// What was sent after the backup was taken must not be sent again. The database that
// goes knows it, so what it says of notices is taken over; where it is gone, damaged or
// that of another installation, whatever is due at the first reading of the files is to be
// looked for first; see [Tx.Aftermath].
//
// The place goes on to belong to the configuration that the database there was made for;
// where there was none, to whoever takes it.
func Restore(path, from string, o Options) (Restored, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	unlock, err := takeLock(path, Options{LockWait: lockWait})
	if err != nil {
		return Restored{}, err
	}
	r, err := restore(path, from, o.Now())
	return r, errors.Join(err, unlock())
}

func restore(path, from string, now time.Time) (r Restored, err error) {
	if err := Prove(from, ""); err != nil {
		return r, fmt.Errorf("the backup: %w", err)
	}
	draft := path + ".restore" + newEnding
	if err := copyFile(draft, from); err != nil {
		return r, fmt.Errorf("restore: %w", errors.Join(err, drop(draft)))
	}
	install, err := amend(draft, path, now, &r)
	if err != nil {
		return r, fmt.Errorf("restore: %w", errors.Join(err, drop(draft)))
	}
	if exists(path) {
		if r.Aside, err = keepAside(path, now); err != nil {
			return r, errors.Join(err, drop(draft))
		}
	}
	if err := putInPlace(path, draft); err != nil {
		return r, err
	}
	return r, writeMark(path, install)
}

// amend writes into the copy at draft what the database at path knows, or that nothing
// is known, and returns the name of the installation.
func amend(draft, path string, now time.Time, r *Restored) (install string, err error) {
	db, err := openWriting(draft, func(*DB) error { return nil })
	if err != nil {
		return "", err
	}
	left, err := legacy(path, db.install)
	r.Doubted = err != nil
	left.At, left.Doubted = now.UTC(), r.Doubted
	err = db.Update(func(tx *Tx) error {
		if left.Known, err = tx.lastKnown(); err != nil {
			return err
		}
		for _, it := range left.items {
			if learnt, err := tx.learn(it); err != nil {
				return err
			} else if learnt {
				r.Learnt++
			}
		}
		if err := tx.learnFeeds(left); err != nil {
			return err
		}
		if err := tx.disown(left.owner); err != nil {
			return err
		}
		return tx.put(metaBucket, []byte(restoredKey), left.Aftermath)
	})
	return db.install, errors.Join(err, db.Close())
}

// lastKnown returns the instant, UTC, of the last thing that was recorded, zero where nothing was.
func (tx *Tx) lastKnown() (last time.Time, err error) {
	n, err := tx.LastChange()
	if err != nil || n == 0 {
		return last, err
	}
	changes, err := tx.Changes(n-1, 1)
	if err != nil {
		return last, err
	}
	for _, c := range changes {
		last = c.At
	}
	return last, tx.Items(func(it notice.Item) error {
		if n := len(it.History); n > 0 && it.History[n-1].At.After(last) {
			last = it.History[n-1].At
		}
		return nil
	})
}

// legacyOf is what a database knows that a backup of it can't.
type legacyOf struct {
	Aftermath
	items     []notice.Item // that are no longer pending
	owner     string        // the configuration that it was made for
	published []Publication // how events were published last
	tokens    []FeedToken   // that open private feeds, without those that were revoked
}

// legacy returns what the database at path knows. The error says that nothing can be learnt
// from it.
func legacy(path, install string) (left legacyOf, err error) {
	if err := inspect(path); err != nil {
		return left, err
	}
	db, err := openReading(path, lockWait)
	if err != nil {
		return left, err
	}
	defer db.Close()
	if left.owner, err = view(db, (*Tx).owner); err != nil {
		return left, err
	}
	if db.install != install {
		return left, errors.New("it is that of another installation")
	}
	left.Said = make(map[string]string)
	return left, db.View(func(tx *Tx) error { return tx.leave(&left) })
}

// leave gathers what is to be learnt.
func (tx *Tx) leave(left *legacyOf) error {
	err := tx.Bases(func(e event.Event) error { left.Said[e.ID] = Gist(e); return nil })
	if err != nil {
		return err
	}
	err = each(tx, publicBucket, nil, func(k []byte, s storedPublication) error {
		left.published = append(left.published, s.publication(string(k)))
		return nil
	})
	if err != nil {
		return err
	}
	if left.tokens, err = tx.allTokens(); err != nil {
		return err
	}
	return tx.Items(func(it notice.Item) error {
		if it.State != notice.Pending || it.Attempts > 0 {
			left.items = append(left.items, it)
		}
		return nil
	})
}

// learn records what came of an item after the backup was taken, and reports whether that
// is news.
func (tx *Tx) learn(it notice.Item) (bool, error) {
	have, known, err := tx.Item(it.Key)
	if err != nil || known && have.State == it.State && have.Attempts == it.Attempts {
		return false, err
	}
	return true, tx.PutItem(it)
}

// overtakeKey is where a database keeps that events were published that it can't know of.
const overtakeKey = ownPrefix + "overtake"

// learnFeeds records how events were published last, so that calendars, which keep what
// has the greater SEQUENCE, are given no smaller one; and which addresses of private feeds
// there are, so that one that was revoked stays so. Where nobody knows, every SEQUENCE is
// to be raised, and the addresses are those of the backup.
func (tx *Tx) learnFeeds(left legacyOf) error {
	if left.Doubted {
		return tx.putOwn(overtakeKey, "all")
	}
	for _, p := range left.published {
		if err := tx.PutPublication(p); err != nil {
			return err
		}
	}
	revoked, err := tx.allTokens()
	if err != nil {
		return err
	}
	for _, t := range revoked {
		if err := tx.DeleteToken(t.ID); err != nil {
			return err
		}
	}
	for _, t := range left.tokens {
		if err := tx.PutToken(t); err != nil {
			return err
		}
	}
	return nil
}

// Overtake reports whether every SEQUENCE has to be raised above what it may have been in a
// database that is lost.
func (tx *Tx) Overtake() (bool, error) {
	text, err := tx.Meta(overtakeKey)
	return text != "", err
}

// EndOvertake records that it was raised.
func (tx *Tx) EndOvertake() error { return tx.remove(metaBucket, []byte(overtakeKey)) }

// Aftermath is what is known, after a backup was restored, of the time between.
type Aftermath struct {
	At      time.Time         `json:"at"`                // of the restoring, UTC
	Known   time.Time         `json:"known,omitzero"`    // what the backup tells of last, UTC; zero for nothing
	Doubted bool              `json:"doubted,omitempty"` // nothing is known: what is pending may have been sent
	Said    map[string]string `json:"said,omitempty"`    // by id, the gist of what the files had said last
}

// Told reports whether what the files say of the event id, nil where they do not name it
// any more, was acted upon by the database that was there before.
func (a Aftermath) Told(id string, e *event.Event) bool {
	if a.Doubted {
		return false
	}
	if e == nil {
		return a.Said[id] == ""
	}
	return a.Said[id] == Gist(*e)
}

// Gist names what is said of an event, wherever in a file that stands. Events of which the same
// is said have the same one, in every database.
func Gist(e event.Event) string {
	s := shapeEvent(e)
	s.File, s.Line = "", 0
	s.When = slices.Clone(s.When)
	for i := range s.When {
		s.When[i].Line = 0
	}
	b, _ := json.Marshal(s) // plain data: it always marshals
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Aftermath returns what is known of the time before the database was put in its place,
// and false where it was not restored, or that was acted upon.
func (tx *Tx) Aftermath() (a Aftermath, ok bool, err error) {
	return get[Aftermath](tx, metaBucket, []byte(restoredKey))
}

// EndAftermath records that what Aftermath gives was acted upon.
func (tx *Tx) EndAftermath() error { return tx.remove(metaBucket, []byte(restoredKey)) }
