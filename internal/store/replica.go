package store

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Replica is a database that follows a log. Whatever asks may read it meanwhile; an update of
// it fails with ErrFollows until it leads.
type Replica struct {
	*DB
	log Log
	now func() time.Time
}

// Follow opens the database at path to have it follow log. What is there goes on from where it
// is in the log; where it is missing, damaged, or no longer a part of the log, the newest
// snapshot takes its place, and what was there is kept beside it. The error wraps ErrEmpty where
// the log has nothing yet, ErrLocked where another attache has the database, and is an
// *InstallError where it is that of another installation; that one gives way with o.Fresh.
func Follow(ctx context.Context, path string, log Log, o Options) (*Replica, error) {
	return replica(path, log, o, func(r *Replica) error { return r.follow(ctx, o, false) })
}

// openLeading opens the database at path with all that the log holds, to add to it in o.Term.
func openLeading(path string, o Options) (*DB, error) {
	ctx, stop := untilDeposed(o.Term)
	defer stop()
	r, err := replica(path, o.Log, o, func(r *Replica) error {
		err := r.follow(ctx, o, true)
		switch {
		case errors.Is(err, ErrEmpty):
			return r.begin(ctx, o)
		case err != nil:
			return err
		}
		return r.Lead(ctx, o.Term)
	})
	if err != nil && context.Cause(ctx) == ErrDeposed {
		err = fmt.Errorf("%w: %w", ErrDeposed, err)
	}
	if err != nil {
		return nil, err
	}
	return r.DB, nil
}

// untilDeposed returns a context that ends with a term.
func untilDeposed(t Term) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancelCause(context.Background())
	go func() {
		select {
		case <-t.Done():
			stop(ErrDeposed)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { stop(nil) }
}

// replica locks the database at path and has open fill it.
func replica(path string, log Log, o Options, open func(*Replica) error) (*Replica, error) {
	o = o.filled()
	unlock, err := takeLock(path, o)
	if err != nil {
		return nil, err
	}
	sweep(path)
	r := &Replica{DB: &DB{path: path}, log: log, now: o.Now}
	if err := open(r); err != nil {
		if r.bolt != nil {
			err = errors.Join(err, r.bolt.close())
		}
		return nil, errors.Join(err, unlock())
	}
	r.unlock = unlock
	return r, nil
}

// follow opens what lies at the path, or takes the snapshot, and records what the log has
// behind it. Where this machine leads, what holds more than the log is left as it is; else
// another one does, and goes by the log.
func (r *Replica) follow(ctx context.Context, o Options, leading bool) error {
	head, err := r.head(ctx)
	if err != nil {
		return err
	}
	if err := r.openHere(); err != nil {
		return err
	}
	how := newSnapshot
	switch {
	case r.bolt == nil, o.Fresh:
	case r.install != head.Install:
		return &InstallError{Path: r.path, Here: r.install, Log: head.Install}
	default:
		if how, err = r.compare(ctx, head); err != nil {
			return err
		}
	}
	r.follows = true
	if leading && how == ahead {
		return nil
	}
	if how != within {
		if err := r.adopt(ctx); err != nil {
			return err
		}
	}
	return r.CatchUp(ctx)
}

// openHere opens the database at the path where it can be used; one that is damaged is put aside.
func (r *Replica) openHere() error {
	err := inspect(r.path)
	if err == nil {
		var db *DB
		if db, err = openWriting(r.path, asBefore); err == nil {
			r.take(db)
			return nil
		}
	}
	var damaged *DamagedError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.As(err, &damaged):
		return nil
	}
	return err
}

// take makes db what r is of.
func (r *Replica) take(db *DB) {
	r.bolt, r.install, r.schema, r.at = db.bolt, db.install, db.schema, db.at
}

// relation says how a database stands to a log.
type relation int

const (
	newSnapshot relation = iota // it is behind what the log holds, or apart from it
	within                      // it holds a beginning of it
	ahead                       // it holds all of it, and more
)

// compare says how the database stands to the log.
func (r *Replica) compare(ctx context.Context, head snapshotHead) (relation, error) {
	restored, err := view(r.DB, func(tx *Tx) (bool, error) {
		_, restored, err := tx.Aftermath()
		return restored, err
	})
	switch {
	case err != nil:
		return newSnapshot, err
	case restored && (r.at.Left || r.at.Seq == 0): // a person wants that it holds
		return ahead, nil
	case r.at.Seq < head.Seq || r.at.Seq == head.Seq && r.at.Entry != head.Entry:
		return newSnapshot, nil
	}
	same, last := r.at.Seq == head.Seq, head.Seq
	err = r.log.Read(ctx, max(r.at.Seq, head.Seq+1), func(seq uint64, encoded []byte) error {
		same = same || seq == r.at.Seq && linkOf(encoded) == r.at.Entry
		last = seq
		if !same || !r.at.Left {
			return errEnough
		}
		return nil
	})
	switch {
	case errors.Is(err, ErrCut): // meanwhile
		return newSnapshot, nil
	case err != nil && !errors.Is(err, errEnough):
		return newSnapshot, err
	case last < r.at.Seq, same && r.at.Left && last == r.at.Seq:
		return ahead, nil
	case same && !r.at.Left:
		return within, nil
	}
	return newSnapshot, nil
}

// errEnough ends a reading of the log.
var errEnough = errors.New("enough was read")

// A batch is recorded in one update: as many entries, or as many bytes of them.
const (
	batchEntries = 200
	batchBytes   = 4 << 20
)

// CatchUp records what the log has behind what is here.
func (r *Replica) CatchUp(ctx context.Context) error {
	for {
		err := r.readOn(ctx)
		var damaged *DamagedError
		if !errors.Is(err, ErrCut) && !errors.Is(err, ErrDiverged) && !errors.As(err, &damaged) {
			return err
		}
		head, headErr := r.head(ctx)
		if headErr != nil || head.Seq <= r.held() {
			return errors.Join(err, headErr)
		}
		if err := r.adopt(ctx); err != nil {
			return err
		}
	}
}

// held returns the number of the last entry that is here.
func (r *Replica) held() uint64 {
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.at.Seq
}

// readOn records what the log has behind what is here, in batches.
func (r *Replica) readOn(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.swap.RLock()
	defer r.swap.RUnlock()
	var batch [][]byte
	size := 0
	record := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := r.apply(batch...)
		batch, size = nil, 0
		return err
	}
	err := r.log.Read(ctx, r.at.Seq+1, func(_ uint64, encoded []byte) error {
		batch, size = append(batch, encoded), size+len(encoded)
		if len(batch) < batchEntries && size < batchBytes {
			return nil
		}
		return record()
	})
	if err != nil {
		return err
	}
	return record()
}

// Run follows the log until ctx ends or something is wrong with what is in it. It calls step
// whenever the replica holds all that the log had, with the number of the last entry.
func (r *Replica) Run(ctx context.Context, step func(seq uint64)) error {
	for {
		if err := r.CatchUp(ctx); err != nil {
			return err
		}
		seq := r.held()
		step(seq)
		if err := r.log.Wait(ctx, seq); err != nil {
			return err
		}
	}
}

// Lead makes the replica a database of the machine that leads, with all that the log holds:
// from now on it can be written, and the log is.
func (r *Replica) Lead(ctx context.Context, term Term) error {
	head, err := r.head(ctx)
	if err != nil {
		return err
	}
	how, err := r.compare(ctx, head)
	switch {
	case err != nil:
		return err
	case how == ahead:
		return r.anew(ctx, term)
	case how == newSnapshot:
		err = r.adopt(ctx)
	}
	if err == nil {
		err = r.CatchUp(ctx)
	}
	if err != nil {
		return err
	}
	r.leads(term, head.Seq)
	return nil
}

// leads has the database add to the log, whose last snapshot is that up to the entry kept.
func (r *Replica) leads(term Term, kept uint64) {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.follows, r.lead = false, newLead(term)
	r.lead.entries = int(r.at.Seq - kept)
	r.epoch.Store(term.Epoch())
}

// begin makes what lies at the path, or an empty database, the first snapshot of the log.
func (r *Replica) begin(ctx context.Context, o Options) error {
	if err := prepare(r.path, o.filled()); err != nil {
		return err
	}
	db, err := openWriting(r.path, asBefore)
	if err != nil {
		return err
	}
	r.take(db)
	return r.anew(ctx, o.Term)
}

// anew has the log go on with all that is here, as a snapshot that no entries lead to.
func (r *Replica) anew(ctx context.Context, term Term) error {
	last, err := r.last(ctx)
	if err != nil {
		return err
	}
	at := position{Seq: max(last, r.at.Seq) + 1, Epoch: term.Epoch()}
	if _, err := rand.Read(at.Entry[:]); err != nil {
		return err
	}
	r.writing.Lock()
	err = r.bolt.update(func(t *boltTx) error { return (&Tx{raw: t}).putPosition(at) })
	if err == nil {
		r.at = at
	}
	r.writing.Unlock()
	if err != nil {
		return err
	}
	r.leads(term, at.Seq)
	return r.Keep(ctx)
}

// last returns the number of the last entry in the log.
func (r *Replica) last(ctx context.Context) (uint64, error) {
	seq, body, err := r.log.Snapshot(ctx)
	if err != nil || seq == 0 {
		return 0, err
	}
	err = body.Close()
	return seq, errors.Join(err, r.log.Read(ctx, seq+1, func(n uint64, _ []byte) error {
		seq = n
		return nil
	}))
}

// InstallError says that a log is that of another installation than the database that is to
// follow it. Nothing was changed.
type InstallError struct {
	Path      string
	Here, Log string // the names of the installations
}

// Error returns in one line what does not fit together and the ways on.
func (e *InstallError) Error() string {
	return fmt.Sprintf("%s is of the installation %s, and the log is of %s: give this one a log of its own, or have it follow that one with --fresh, which puts the database aside",
		e.Path, e.Here, e.Log)
}

// snapshotHead is the first line of a snapshot. A database follows, compressed.
type snapshotHead struct {
	Install string `json:"install"`
	Schema  int    `json:"schema"`
	position
}

// maxSnapshotHead bounds the first line of a snapshot in bytes.
const maxSnapshotHead = 4096

// head returns what the newest snapshot says of itself.
func (r *Replica) head(ctx context.Context) (h snapshotHead, err error) {
	seq, body, err := r.log.Snapshot(ctx)
	switch {
	case err != nil:
		return h, fmt.Errorf("read the newest snapshot: %w", err)
	case seq == 0:
		return h, ErrEmpty
	}
	h, _, err = readHead(seq, body)
	return h, errors.Join(err, body.Close())
}

func readHead(seq uint64, body io.Reader) (h snapshotHead, rest *bufio.Reader, err error) {
	rest = bufio.NewReaderSize(body, maxSnapshotHead)
	line, err := rest.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err == nil && (h.Seq != seq || checkInstall(h.Install) != nil) {
		err = errors.New("it does not say what it is")
	}
	if err != nil {
		return h, nil, &DamagedError{Path: "the log", What: fmt.Sprintf("the snapshot up to entry %d", seq), Err: err}
	}
	return h, rest, nil
}

// known returns an error where records of a schema that the log has are none that this version
// writes.
func known(found int) error {
	switch {
	case found > schema:
		return &NewerError{Path: "the log", Found: found, Known: schema}
	case found < schema:
		return &OlderLogError{Found: found, Known: schema}
	}
	return nil
}

// adopt puts the newest snapshot in the place of what is here. What was here is kept beside it,
// unless all of it is in the log.
func (r *Replica) adopt(ctx context.Context) error {
	next, err := r.fetched(ctx)
	if err != nil {
		return fmt.Errorf("take the newest snapshot of the log: %w", err)
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	r.swap.Lock()
	defer r.swap.Unlock()
	old, inLog := r.bolt, r.at.Seq > 0 && !r.at.Left && r.at.Seq < next.at.Seq && r.install == next.install
	if exists(r.path) && !inLog {
		if _, err := keepAside(r.path, r.now()); err != nil {
			return errors.Join(err, next.bolt.close())
		}
	}
	if err := putInPlace(r.path, next.bolt.path); err != nil {
		return errors.Join(err, next.bolt.close())
	}
	next.bolt.path = r.path
	r.take(next)
	if old != nil {
		err = old.close()
	}
	return errors.Join(err, writeMark(r.path, r.install))
}

// fetched returns the database of the newest snapshot, whole and open, in a draft.
func (r *Replica) fetched(ctx context.Context) (*DB, error) {
	seq, body, err := r.log.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if seq == 0 {
		return nil, ErrEmpty
	}
	defer body.Close()
	head, rest, err := readHead(seq, body)
	if err == nil {
		err = known(head.Schema)
	}
	if err != nil {
		return nil, err
	}
	draft := r.path + ".snapshot" + newEnding
	err = unpack(draft, rest)
	if err == nil {
		err = inspect(draft)
	}
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, new(flate.CorruptInputError)) {
		err = &DamagedError{Path: "the log", What: fmt.Sprintf("the snapshot up to entry %d", seq), Err: err}
	}
	if err != nil {
		return nil, errors.Join(err, drop(draft))
	}
	e, err := openBolt(draft, writing, lockWait)
	if err != nil {
		return nil, errors.Join(err, drop(draft))
	}
	db, err := existing(e)
	if err == nil && (db.at != head.position || db.install != head.Install || db.schema != head.Schema) {
		err = &DamagedError{Path: "the log", What: fmt.Sprintf("the snapshot up to entry %d", seq), Err: errors.New("it does not hold what it says")}
	}
	if err != nil {
		return nil, errors.Join(err, e.close(), drop(draft))
	}
	return db, nil
}

func unpack(path string, from io.Reader) error {
	z, err := gzip.NewReader(from)
	if err != nil {
		return err
	}
	return writeFile(path, z)
}

// A snapshot is due after so many entries, or bytes of them.
const (
	snapshotEntries = 1000
	snapshotBytes   = 64 << 20
)

// KeepDue reports whether the log has grown so much that a snapshot is to be kept, false while
// an update waits for the log.
func (db *DB) KeepDue() bool {
	if !db.writing.TryLock() {
		return false
	}
	defer db.writing.Unlock()
	return db.lead != nil && (db.lead.entries >= snapshotEntries || db.lead.bytes >= snapshotBytes)
}

// Keep puts a snapshot of the database into the log, once it is proven to be sound, and so cuts
// the log behind it. Others read and write meanwhile.
func (db *DB) Keep(ctx context.Context) error {
	draft := db.path + ".keep" + newEnding
	err := db.keep(ctx, draft)
	if err = errors.Join(err, drop(draft)); err != nil {
		return fmt.Errorf("keep a snapshot in the log: %w", err)
	}
	return nil
}

func (db *DB) keep(ctx context.Context, draft string) error {
	db.writing.Lock()
	lead := db.lead
	db.writing.Unlock()
	if lead == nil {
		return ErrFollows
	}
	f, err := newFile(draft)
	if err != nil {
		return err
	}
	defer f.Close()
	sum, err := db.copyTo(f)
	if err != nil {
		return err
	}
	head, err := proven(draft, sum)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, in := io.Pipe()
	go func() { _ = in.CloseWithError(pack(in, head, f)) }() // it never fails
	err = lead.term.Keep(ctx, head.Seq, out)
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	lead.entries, lead.bytes = int(db.at.Seq-head.Seq), 0
	return nil
}

// proven returns the head of a snapshot of the database file at path, once that is looked over.
func proven(path, sum string) (h snapshotHead, err error) {
	if err := Prove(path, sum); err != nil {
		return h, err
	}
	e, err := openBolt(path, reading, lockWait)
	if err != nil {
		return h, err
	}
	db := &DB{bolt: e, path: path}
	err = db.View(func(tx *Tx) (err error) {
		if h.Install, err = tx.Meta(installKey); err != nil {
			return err
		}
		h.position, err = tx.position()
		return err
	})
	h.Schema = schema
	return h, errors.Join(err, e.close())
}

// pack writes a snapshot: its head, then the database.
func pack(w io.Writer, head snapshotHead, f *os.File) error {
	line, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	_, err = io.Copy(z, f)
	return errors.Join(err, z.Close())
}
