package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"attache/internal/event"
	"attache/internal/notice"
)

// restoredKey is where a database that was put in the place of another one keeps what
// that one knew, until the first reading of the files has acted upon it.
const restoredKey = ownPrefix + "restored"

// epochKey is where such a database keeps when that was.
const epochKey = ownPrefix + "epoch"

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
	if _, err := Prove(from, ""); err != nil {
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
	if err := moveInto(path, draft); err != nil {
		return r, err
	}
	return r, writeMark(path, install)
}

// amend writes into the copy at draft what the database at path knows, or that nothing
// is known, and gives the name of the installation.
func amend(draft, path string, now time.Time, r *Restored) (install string, err error) {
	e, err := openBolt(draft, false, lockWait)
	if err != nil {
		return "", err
	}
	db, err := newDB(e, draft, Options{})
	if err != nil {
		return "", errors.Join(err, e.Close())
	}
	after, told, published, err := legacy(path, db.install)
	r.Doubted = err != nil
	after.At, after.Doubted = now.UTC(), r.Doubted
	err = db.Update(func(tx *Tx) error {
		for _, it := range told {
			if learnt, err := tx.learn(it); err != nil {
				return err
			} else if learnt {
				r.Learnt++
			}
		}
		if err := tx.learnPublished(published, r.Doubted); err != nil {
			return err
		}
		if err := tx.putOwn(epochKey, strconv.FormatInt(now.Unix(), 36)); err != nil {
			return err
		}
		return tx.put(metaBucket, []byte(restoredKey), after)
	})
	return db.install, errors.Join(err, db.Close())
}

// legacy gives what the database at path knows that a backup can't: the items that are
// no longer pending, what the files had said last, and how events were published. The
// error says that nothing can be learnt from it.
func legacy(path, install string) (after Aftermath, items []notice.Item, published []Publication, err error) {
	if err := inspect(path); err != nil {
		return after, nil, nil, err
	}
	e, err := openBolt(path, true, lockWait)
	if err != nil {
		return after, nil, nil, err
	}
	defer e.Close()
	db, err := newDB(e, path, Options{ReadOnly: true})
	if err != nil {
		return after, nil, nil, err
	}
	if db.install != install {
		return after, nil, nil, errors.New("it is that of another installation")
	}
	after.Said = make(map[string]string)
	err = db.View(func(tx *Tx) error {
		err := tx.Bases(func(e event.Event) error { after.Said[e.ID] = gist(e); return nil })
		if err != nil {
			return err
		}
		err = each(tx, publicBucket, nil, func(k []byte, s storedPublication) error {
			published = append(published, s.publication(string(k)))
			return nil
		})
		if err != nil {
			return err
		}
		return tx.Items(func(it notice.Item) error {
			if it.State != notice.Pending || it.Attempts > 0 {
				items = append(items, it)
			}
			return nil
		})
	})
	return after, items, published, err
}

// learn records what came of an item after the backup was taken, and says whether that
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

// learnPublished records how events were published last, so that calendars, which keep
// what has the greater SEQUENCE, are given no smaller one. Where nobody knows, that is
// recorded.
func (tx *Tx) learnPublished(list []Publication, doubted bool) error {
	if doubted {
		return tx.putOwn(overtakeKey, "all")
	}
	for _, p := range list {
		if err := tx.PutPublication(p); err != nil {
			return err
		}
	}
	return nil
}

// Overtake says whether every SEQUENCE has to be raised above what it may have been in a
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
	Doubted bool              `json:"doubted,omitempty"` // nothing is known: what is pending may have been sent
	Said    map[string]string `json:"said,omitempty"`    // by id, the gist of what the files had said last
}

// Told says whether what the files say of the event id, nil where they do not name it
// any more, was acted upon by the database that was there before.
func (a Aftermath) Told(id string, e *event.Event) bool {
	if a.Doubted {
		return false
	}
	if e == nil {
		return a.Said[id] == ""
	}
	return a.Said[id] == gist(*e)
}

// gist names what a file says of an event, wherever in it that stands.
func gist(e event.Event) string {
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

// Aftermath gives what is known of the time before the database was put in its place,
// and false where it was not restored, or that was acted upon.
func (tx *Tx) Aftermath() (a Aftermath, ok bool, err error) {
	ok, err = tx.get(metaBucket, []byte(restoredKey), &a)
	return a, ok, err
}

// EndAftermath records that what Aftermath gives was acted upon.
func (tx *Tx) EndAftermath() error { return tx.remove(metaBucket, []byte(restoredKey)) }

// copyFile writes the file from to a new file at path, durably.
func copyFile(path, from string) error {
	if err := drop(path); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(fileMode))
	if err != nil {
		return err
	}
	_, err = out.ReadFrom(in)
	return errors.Join(err, out.Sync(), out.Close())
}

// Epoch names the last restoring, "" where there never was one. Revisions are counted
// anew from those of the backup, so that a number alone does not tell a revision from
// one that is only in the database that was there before.
func (tx *Tx) Epoch() (string, error) { return tx.Meta(epochKey) }
