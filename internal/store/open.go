package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// lockWait is how long to wait for another attache to let go of the database.
const lockWait = time.Second

// folderMode keeps the folder of the database to its owner.
const folderMode = 0o700

// The files beside the database have its name and one of these endings.
const (
	lockEnding = ".lock" // locked while the database is open; empty
	markEnding = ".id"   // the name of the installation: a database is or was here
	newEnding  = ".new"  // what is not whole yet
	oldEnding  = ".old-" // and an instant: what was put aside
)

// Open opens the database at path, and makes one, with its folder, where there never
// was any. It looks over every page and every checksum before the database is used.
// The error wraps ErrLocked where another attache has it and ErrGone where it is
// missing, and is a *DamagedError or *NewerError where it can't be used; the file is
// then left as it was.
//
// With a log and a term it has all that the log holds, as [Follow] gets it, and begins one that
// is empty. What was restored, and what was written without the log to a database that had
// all of it, goes on in the log.
func Open(path string, o Options) (*DB, error) {
	if o.Term != nil {
		return openLeading(path, o)
	}
	o = o.filled()
	unlock, err := takeLock(path, o)
	if err != nil {
		return nil, err
	}
	db, err := openLocked(path, o)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	db.unlock = unlock
	return db, nil
}

// filled returns o with what it leaves out.
func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockWait == 0 {
		o.LockWait = lockWait
	}
	return o
}

// openLocked opens the database while nobody else can write it.
func openLocked(path string, o Options) (*DB, error) {
	if !o.ReadOnly {
		sweep(path)
	}
	if err := prepare(path, o); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		return openReading(path, o.LockWait)
	}
	return openWriting(path, asBefore)
}

// asBefore keeps what a database is before it is brought on, and leaves its mark.
func asBefore(db *DB) error {
	if err := db.keepOlder(); err != nil {
		return err
	}
	return writeMark(db.path, db.install)
}

// openReading opens a sound file to read it. An older database is read from a copy that
// was brought on.
func openReading(path string, wait time.Duration) (*DB, error) {
	e, err := openBolt(path, reading, wait)
	if err != nil {
		return nil, err
	}
	db, err := existing(e)
	switch {
	case err != nil:
		return nil, errors.Join(err, e.close())
	case db.schema == schema:
		return db, nil
	}
	if err := e.close(); err != nil {
		return nil, err
	}
	return scratch(path)
}

// openWriting opens a sound file, calls first with the database as it is, and brings it on
// to the newest schema.
func openWriting(path string, first func(*DB) error) (*DB, error) {
	e, err := openBolt(path, writing, lockWait)
	if err != nil {
		return nil, err
	}
	return brought(e, first)
}

// brought returns the database that e holds, on the newest schema, and calls first with it
// as it is.
func brought(e *boltFile, first func(*DB) error) (*DB, error) {
	db, err := existing(e)
	if err == nil {
		err = first(db)
	}
	if err == nil {
		err = db.upgrade(steps())
	}
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return db, nil
}

// sweep removes drafts beside the database that a process left which was killed.
func sweep(path string) {
	drafts, _ := filepath.Glob(path + ".*" + newEnding) // a path with a bracket has its drafts a little longer
	for _, d := range drafts {
		_ = os.Remove(d) // it is in nobody's way
	}
}

// prepare sees to it that a sound database lies at path.
func prepare(path string, o Options) error {
	if o.Install == "" {
		o.Install = readMark(path) // whoever starts anew stays who they were to Slack and to calendars
	}
	err := inspect(path)
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case missing && exists(path+markEnding) && !o.Fresh:
		return fmt.Errorf("%s: %w: restore a backup, or start anew with --fresh, which may repeat what was sent already", path, ErrGone)
	case o.ReadOnly:
		return err
	case missing:
		return create(path, o)
	case o.Fresh:
		if _, err := keepAside(path, o.Now()); err != nil {
			return err
		}
		return create(path, o)
	}
	return err
}

// inspect looks over the pages of the file at path. Nothing may write it meanwhile.
func inspect(path string) error {
	info, err := os.Stat(path) // before it is opened: that waits for somebody where it is a pipe
	switch {
	case err != nil:
		return fmt.Errorf("open the database: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("open the database: %s is not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer f.Close()
	return inspectFile(path, f)
}

// inspectFile looks over the pages of f, which is called path.
func inspectFile(path string, f *os.File) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("open the database: %w", err)
	case info.Size() == 0:
		return &DamagedError{Path: path, What: "it is empty"}
	}
	if err := checkPages(f, info.Size()); err != nil {
		return &DamagedError{Path: path, What: "its pages", Err: err}
	}
	return nil
}

// create makes an empty database at path. It is whole before it bears the name.
func create(path string, o Options) error {
	draft := path + newEnding
	if err := drop(draft); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	e, err := openBolt(draft, writing, o.LockWait)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	_, err = newDB(e, o)
	if err := errors.Join(err, e.close()); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return putInPlace(path, draft)
}

// putInPlace gives the file draft, which is to be the database at path or to stand beside it,
// that name.
func putInPlace(path, draft string) error {
	handOver(draft)
	return moveInto(path, draft)
}

// handOver gives the file at path, where root made it, to the owner of its folder: what a
// command of root left there could not be opened by a service, which is another user.
func handOver(path string) {
	if os.Geteuid() != 0 {
		return
	}
	if info, err := os.Stat(filepath.Dir(path)); err == nil {
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			_ = os.Chown(path, int(s.Uid), int(s.Gid)) // where that can't be, whoever can't open it says so
		}
	}
}

// moveInto returns the file draft the name path, durably.
func moveInto(path, draft string) error {
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("put the database in its place: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("make the database durable: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// keepAside returns what lies at path a second name, which outlives what takes its place,
// and returns that name.
func keepAside(path string, now time.Time) (aside string, err error) {
	aside = asideName(path, now)
	if os.Link(path, aside) == nil {
		return aside, nil
	}
	if err := os.Rename(path, aside); err != nil { // a file system without links
		return "", fmt.Errorf("put the database aside: %w", err)
	}
	return aside, nil
}

// asideName returns a name beside path that nothing has.
func asideName(path string, now time.Time) string {
	aside := path + oldEnding + now.UTC().Format("20060102T150405")
	for n, stem := 2, aside; exists(aside); n++ {
		aside = fmt.Sprintf("%s-%d", stem, n)
	}
	return aside
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// readMark returns the name of the installation that has or had its database at path,
// "" where the mark beside it is missing or can't be read.
func readMark(path string) string {
	b, err := os.ReadFile(path + markEnding)
	install := strings.TrimSpace(string(b))
	if err != nil || checkInstall(install) != nil {
		return ""
	}
	return install
}

// writeMark leaves the name of the installation beside path.
func writeMark(path, install string) error {
	if readMark(path) == install {
		return nil
	}
	draft := path + markEnding + newEnding
	if err := writeFile(draft, strings.NewReader(install+"\n")); err != nil {
		return fmt.Errorf("mark the database: %w", err)
	}
	return putInPlace(path+markEnding, draft)
}

// writeFile makes the file at path of what from gives, and has it on the disk when it
// returns.
func writeFile(path string, from io.Reader) error {
	f, err := newFile(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Sync(), f.Close())
}

// newFile makes an empty file at path, whatever was there.
func newFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fileMode)
}

// copyFile makes the file at path a copy of from.
func copyFile(path, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(path, in)
}

// Path returns the path of the database in a data folder.
func Path(folder string) string { return filepath.Join(folder, "attache.db") }
