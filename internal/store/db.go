package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// schema is the newest form of the database that this version reads and writes.
const schema = 4

// The names in the meta bucket that are the store's own.
const (
	ownPrefix  = "store."
	schemaKey  = ownPrefix + "schema"
	installKey = ownPrefix + "install"
	changesKey = ownPrefix + "changes" // the number of the last change
	sumsKey    = ownPrefix + "tallies" // by bucket; of all records but this one
)

// Options say how a database is opened.
type Options struct {
	Fresh    bool             // start anew: what is in the way is put aside, never deleted
	Now      func() time.Time // names what is put aside; nil is time.Now
	LockWait time.Duration    // how long to wait for another attache to let go; 0 is 1 s
	ReadOnly bool             // refuse to write, and to make what is missing
	Install  string           // the name of a new installation; "" makes one up
	Log      Log              // that keeps what is written here, with Term; nil is none
	Term     Term             // the time for which this machine leads: without it nothing is added to a log
}

// DB is a database.
type DB struct {
	writing sync.Mutex   // held by an update, and while the file is compacted; taken before swap
	swap    sync.RWMutex // held for reading while the file is used
	bolt    *boltFile
	path    string
	install string
	schema  int           // of the records, 0 where there are none
	unlock  func() error  // nil where nobody else knows of the file
	at      position      // up to where it holds a log; used while writing is held
	lead    *lead         // what adds to the log; nil where nothing does
	epoch   atomic.Uint64 // of the term in which it does, 0 without
	follows bool          // only the log is recorded
}

// newDB returns the database that e holds, on the newest schema, and makes e one where it is
// empty.
func newDB(e *boltFile, o Options) (*DB, error) {
	db, err := load(e)
	switch {
	case err != nil:
		return nil, err
	case db.schema == 0:
		return db, db.begin(o)
	}
	return db, db.upgrade(steps())
}

// existing returns the database that e holds, of whatever schema it is.
func existing(e *boltFile) (*DB, error) {
	db, err := load(e)
	if err == nil && db.schema == 0 {
		err = &DamagedError{Path: e.path, What: "it does not say what it is"}
	}
	return db, err
}

// load returns what e holds, whose schema is 0 where that is nothing, and an error where
// it can't be used.
func load(e *boltFile) (*DB, error) {
	db := &DB{bolt: e, path: e.path}
	var found string
	err := db.View(func(tx *Tx) (err error) {
		if found, err = tx.Meta(schemaKey); err != nil {
			return err
		}
		if db.install, err = tx.Meta(installKey); err != nil {
			return err
		}
		db.at, err = tx.position()
		return err
	})
	if err != nil || found == "" {
		return db, err
	}
	switch db.schema, err = strconv.Atoi(found); {
	case err != nil || db.schema < 1 || db.install == "":
		return nil, &DamagedError{Path: e.path, What: "it does not say what it is"}
	case db.schema > schema:
		return nil, &NewerError{Path: e.path, Found: db.schema, Known: schema}
	}
	return db, db.View((*Tx).verify)
}

// begin writes what makes an empty file a database.
func (db *DB) begin(o Options) error {
	db.install = o.Install
	if db.install == "" {
		db.install = newInstall()
	}
	if err := checkInstall(db.install); err != nil {
		return err
	}
	db.schema = schema
	return db.Update(func(tx *Tx) error {
		if err := tx.putOwn(installKey, db.install); err != nil {
			return err
		}
		return tx.putOwn(schemaKey, strconv.Itoa(schema))
	})
}

// newInstall makes the name of an installation: 130 random bits.
func newInstall() string { return strings.ToLower(rand.Text()) }

// checkInstall reports what is wrong with the name of an installation, which the UIDs of
// all its events end in.
func checkInstall(name string) error {
	other := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }
	if name == "" || len(name) > maxInstall || strings.ContainsFunc(name, other) {
		return fmt.Errorf("the name of an installation has 1 to %d lower-case letters, digits and hyphens, not %q", maxInstall, name)
	}
	return nil
}

// maxInstall is the greatest length of the name of an installation in bytes.
const maxInstall = 64

// Install returns the opaque name of the installation, which no other has.
func (db *DB) Install() string { return db.install }

// domainLength is how much of the name of the installation stands in UIDs.
const domainLength = 12

// Domain returns the domain of the UIDs of this installation, for ever the same. It
// names no host: RFC 7986 §5.3 advises against that.
func (db *DB) Domain() string { return db.install[:min(len(db.install), domainLength)] + ".attache" }

// View runs fn on one state of the database.
func (db *DB) View(fn func(*Tx) error) error {
	db.swap.RLock()
	defer db.swap.RUnlock()
	return db.bolt.view(func(t *boltTx) error { return fn(&Tx{raw: t}) })
}

// view returns what fn reads of one state of the database.
func view[T any](db *DB, fn func(*Tx) (T, error)) (v T, err error) {
	err = db.View(func(tx *Tx) error {
		v, err = fn(tx)
		return err
	})
	return v, err
}

// errNothing undoes an update that wrote nothing, which saves the writing.
var errNothing = errors.New("nothing was written")

// Update runs fn and makes all that it wrote durable at once, or nothing where fn or
// the writing fails, or where the file is lost. Where this machine leads, what it wrote is in
// the log before it is durable here.
func (db *DB) Update(fn func(*Tx) error) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	db.swap.RLock()
	defer db.swap.RUnlock()
	if err := db.lost(); err != nil {
		return err
	}
	if err := db.recordAhead(); err != nil {
		return err
	}
	at := db.at
	err := db.bolt.update(func(t *boltTx) (err error) {
		tx := &Tx{raw: t}
		if db.lead != nil {
			t.logged = make(map[string]map[string][]byte)
		}
		if err := fn(tx); err != nil {
			return err
		}
		if tx.raw.sums == nil {
			return errNothing
		}
		if err := tx.putSums(); err != nil {
			return err
		}
		at, err = db.logged(tx)
		return err
	})
	switch {
	case err == errNothing:
		return nil
	case err == nil:
		db.recorded(at)
	}
	return err
}

// Close ends the use of the database and lets others open it.
func (db *DB) Close() error {
	db.swap.Lock()
	defer db.swap.Unlock()
	err := db.bolt.close()
	if db.unlock != nil {
		err = errors.Join(err, db.unlock())
		db.unlock = nil
	}
	if err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}
