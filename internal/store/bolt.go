package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// mapped is how much address space the file gets from the start, in bytes, so
// that an update that grows it does not have to wait for the views to end.
const mapped = 64 << 20

// growth is by how much the file grows at once, in bytes.
const growth = 1 << 20

// fileMode keeps what the store holds to its owner.
const fileMode = 0o600

// boltFile is an open bbolt file. Views run side by side and each sees one state, whatever is
// written meanwhile; updates run one after the other.
type boltFile struct {
	path   string
	access access
	file   *os.File // what db has open, whatever lies at path by now
	db     *bolt.DB
}

// access says what a file is opened for.
type access int

const (
	writing   access = iota // an update is on the disk when it returns
	reading                 // nothing can be written
	scratched               // an update need not outlive the process
)

// openBolt opens the bbolt file at path, made where it is missing and may be written. It
// waits for at most wait while another process has it, and then returns ErrLocked. The
// pages of the file are to be checked before: bbolt does not.
//
// The free pages are kept as an array, which was the faster here, and are
// written with every transaction: leaving them out makes opening a large file
// take seconds.
func openBolt(path string, a access, wait time.Duration) (*boltFile, error) {
	return openFile(path, a, wait, os.OpenFile)
}

// openFile is openBolt for a file that open opens, as os.OpenFile does.
func openFile(path string, a access, wait time.Duration, open func(string, int, os.FileMode) (*os.File, error)) (*boltFile, error) {
	d := &boltFile{path: path, access: a}
	err := guarded(path, func() (err error) {
		d.db, err = bolt.Open(path, fileMode, &bolt.Options{
			Timeout:         wait,
			ReadOnly:        a == reading,
			NoSync:          a == scratched,
			FreelistType:    bolt.FreelistArrayType,
			InitialMmapSize: mapped,
			NoStatistics:    true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				d.file, err = open(name, flag, mode)
				return d.file, err
			},
		})
		return err
	})
	var pathErr *fs.PathError
	var damaged *DamagedError
	switch {
	case err == nil:
		d.db.AllocSize = growth
		return d, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, locked(path, path)
	case errors.As(err, &pathErr), errors.As(err, &damaged):
		return nil, err
	}
	return nil, &DamagedError{Path: path, What: "the file can't be opened", Err: err}
}

// view runs fn on one state of the data and returns what fn returns.
func (d *boltFile) view(fn func(*boltTx) error) error {
	return d.run(false, func(tx *bolt.Tx) error { return fn(&boltTx{tx: tx, path: d.path}) })
}

// update runs fn and makes all that it wrote durable at once. Where fn fails or panics,
// or the writing fails, it leaves no trace.
func (d *boltFile) update(fn func(*boltTx) error) error {
	return d.run(true, func(tx *bolt.Tx) error {
		t := &boltTx{tx: tx, path: d.path, pending: make(map[string]map[string][]byte)}
		if err := fn(t); err != nil {
			return err
		}
		if err := guarded(d.path, t.commit); err != nil {
			return fmt.Errorf("write %s: %w", d.path, err)
		}
		return nil
	})
}

// run runs fn in a transaction, which is undone unless fn committed it. A page
// that can't be read any more, wherever fn meets it, is damage.
func (d *boltFile) run(write bool, fn func(*bolt.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = faultOf(d.path, r)
		}
	}()
	var tx *bolt.Tx
	if err := guarded(d.path, func() (err error) { tx, err = d.db.Begin(write); return err }); err != nil {
		return d.beginError(err)
	}
	defer tx.Rollback()
	return fn(tx)
}

func (d *boltFile) beginError(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	case errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return fmt.Errorf("%s: %w", d.path, errReadOnly)
	}
	return fmt.Errorf("begin a transaction on %s: %w", d.path, err)
}

// close ends the use of the file. Transactions that come later fail.
func (d *boltFile) close() error {
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", d.path, err)
	}
	return nil
}

// check looks over the pages while nobody writes them. It does not let bbolt do that,
// which follows damaged pages in a goroutine of its own: there they made it go round in
// circles, or read beyond the file, which ends the process.
func (d *boltFile) check() error {
	return d.run(!d.db.IsReadOnly(), func(*bolt.Tx) error { return inspectFile(d.path, d.file) })
}

// copyTo writes all of the file into f, as it is at one instant, and lets look read just
// what it wrote. The file at the path may be gone meanwhile.
func (d *boltFile) copyTo(f *os.File, look func(*boltTx) error) error {
	var id int
	err := d.run(false, func(tx *bolt.Tx) error {
		if err := look(&boltTx{tx: tx, path: d.path}); err != nil {
			return err
		}
		id = tx.ID()
		_, err := tx.WriteTo(f)
		return err
	})
	if err == nil && id%2 != 0 {
		err = evened(f)
	}
	return errors.Join(err, f.Sync())
}

// evened brings the heads of a copy into step. bbolt puts the head that holds first in a
// copy, whatever its number, but the next transaction goes by the number: after an odd
// one it would write over the head that holds and leave the one from before beside it,
// two apart, which is not told from a head that was lost.
func evened(f *os.File) error {
	e, err := openFile(f.Name(), writing, lockWait, again(f))
	if err != nil {
		return err
	}
	for range 2 {
		err = errors.Join(err, e.db.Update(func(*bolt.Tx) error { return nil }))
	}
	return errors.Join(err, e.close())
}

// again returns what opens f once more, whether it still has a name or not.
func again(f *os.File) func(string, int, os.FileMode) (*os.File, error) {
	return func(name string, _ int, _ os.FileMode) (*os.File, error) {
		fd, err := syscall.Dup(int(f.Fd()))
		if err != nil {
			return nil, os.NewSyscallError("dup", err)
		}
		return os.NewFile(uintptr(fd), name), nil
	}
}

// guarded runs fn, which only calls bbolt, and takes a panic for damage: bbolt
// has no other way to say that a page is not what it has to be.
func guarded(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{Path: path, What: "a page can't be read", Err: fmt.Errorf("%v", r)}
		}
	}()
	return fn()
}

// faultOf returns the damage that the panic r is where memory behind the file could
// not be read. Every other panic goes on: it is not the store's.
func faultOf(path string, r any) error {
	if _, ok := r.(interface{ Addr() uintptr }); !ok {
		panic(r) // for whoever called the store
	}
	return &DamagedError{Path: path, What: "a page can't be read", Err: fmt.Errorf("%v", r)}
}
