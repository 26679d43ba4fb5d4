package store

import (
	"errors"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Sizes are the bytes of a database file before and after it was compacted.
type Sizes struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

// compactStep is how much one transaction of a compaction holds, in bytes.
const compactStep = 4 << 20

// Compact returns the room that the file no longer needs back to the disk: a bbolt file
// never shrinks by itself. It writes a new file beside the old one, proves that both
// hold the same, and moves it into place; until then the old one holds, and after a
// crash too. Reading goes on meanwhile, writing waits.
func (db *DB) Compact() (Sizes, error) {
	s, err := db.compact()
	if err != nil {
		return s, fmt.Errorf("compact %s: %w", db.path, err)
	}
	return s, nil
}

func (db *DB) compact() (s Sizes, err error) {
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := db.lost(); err != nil {
		return s, err
	}
	if s.Before, err = sizeOf(db.path); err != nil {
		return s, err
	}
	draft := db.path + ".compact" + newEnding
	if err := drop(draft); err != nil {
		return s, err
	}
	old := db.bolt
	next, err := old.compactTo(draft)
	if err != nil {
		return s, errors.Join(err, drop(draft))
	}
	if err := db.same(next); err != nil {
		return s, errors.Join(err, next.close(), drop(draft))
	}
	db.swap.Lock()
	defer db.swap.Unlock()
	if err := putInPlace(db.path, draft); err != nil {
		return s, errors.Join(err, next.close(), drop(draft))
	}
	next.path = db.path
	db.bolt = next
	if err := old.close(); err != nil {
		return s, err
	}
	s.After, err = sizeOf(db.path)
	return s, err
}

// same reports that the file next holds what db holds, and that its pages are sound.
func (db *DB) same(next *boltFile) error {
	if err := inspect(next.path); err != nil {
		return err
	}
	want, err := db.Sum()
	if err != nil {
		return err
	}
	got, err := (&DB{bolt: next}).Sum()
	if err == nil && got != want {
		err = errors.New("the new file does not hold what the old one does")
	}
	return err
}

// Size returns how large the database file is, and how much of it is free, in bytes.
func (db *DB) Size() (file, free int64) {
	db.swap.RLock()
	defer db.swap.RUnlock()
	info, err := db.bolt.file.Stat()
	if err != nil {
		return 0, 0
	}
	return info.Size(), freeIn(db.bolt.file, info.Size())
}

// freeIn returns how much of the database file f of size bytes nothing is in, 0 where that
// can't be told now: it may be written meanwhile.
func freeIn(f io.ReaderAt, size int64) int64 {
	m, err := currentMeta(f)
	if err != nil {
		return 0
	}
	var head [pageHeader + 8]byte
	if _, err := f.ReadAt(head[:], int64(m.freelist)*m.pageSize); err != nil {
		return 0
	}
	count := int64(order.Uint16(head[10:]))
	if count == manyFree {
		count = int64(order.Uint64(head[pageHeader:]))
	}
	return max(0, min(size, size-int64(m.end)*m.pageSize+count*m.pageSize))
}

func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// compactTo writes a new file at path, without the room that is free, and returns it open.
func (d *boltFile) compactTo(path string) (*boltFile, error) {
	next, err := openBolt(path, writing, lockWait)
	if err != nil {
		return nil, err
	}
	err = guarded(d.path, func() error { return bolt.Compact(next.db, d.db, compactStep) })
	if err == nil {
		err = next.db.Sync()
	}
	if err != nil {
		return nil, errors.Join(err, next.close())
	}
	return next, nil
}
