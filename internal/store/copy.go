package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Snapshot returns a copy of all that the store holds at one instant, and the sum of what it
// copied, in a file of folder that has no name and is gone once it is closed. Others read and
// write meanwhile.
func (db *DB) Snapshot(folder string) (f *os.File, sum string, err error) {
	if f, err = nameless(folder); err != nil {
		return nil, "", fmt.Errorf("copy the store: %w", err)
	}
	sum, err = db.copyTo(f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", errors.Join(err, f.Close())
	}
	return f, sum, nil
}

// copyTo writes all that the store holds into f, which is empty, and returns its sum.
func (db *DB) copyTo(f *os.File) (sum string, err error) {
	db.swap.RLock()
	defer db.swap.RUnlock()
	err = db.bolt.copyTo(f, func(t *boltTx) error {
		sum, err = sumOfAll(&Tx{raw: t})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("copy the store: %w", err)
	}
	return sum, nil
}

// Sum returns a checksum of every record of the database: two databases have the same
// one if, and only if, they hold the same.
func (db *DB) Sum() (string, error) { return view(db, sumOfAll) }

func sumOfAll(tx *Tx) (string, error) {
	h := sha256.New()
	for _, bucket := range buckets() {
		err := tx.records(bucket, func(k, v []byte) {
			for _, part := range [][]byte{[]byte(bucket), k, v} {
				h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
				h.Write(part)
			}
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Prove opens the database file at path, which nobody else uses, checks every page,
// record and index in it, and reports whether it holds just what has the sum; "" is
// whatever it holds.
func Prove(path, sum string) error {
	if err := inspect(path); err != nil {
		return err
	}
	e, err := openBolt(path, reading, lockWait)
	if err != nil {
		return err
	}
	defer e.close()
	db, err := existing(e)
	if err != nil {
		return err
	}
	if err := db.Check(); err != nil {
		return err
	}
	if got, err := db.Sum(); err != nil || sum == "" || got == sum {
		return err
	}
	return fmt.Errorf("%s does not hold what was copied", path)
}

// Save puts what from gives, a database with the sum, into the file path. It is proven
// before it takes the place of what is there; only an older copy gives way to it.
func Save(path string, from io.Reader, sum string) error {
	return save(path, func(draft *os.File) (string, error) {
		_, err := io.Copy(draft, from)
		return sum, errors.Join(err, draft.Sync())
	})
}

// SaveCopy puts a copy of db into the file path, as Save does.
func SaveCopy(path string, db *DB) error { return save(path, db.copyTo) }

// save has write fill a draft beside path, proves that it has the sum that write gives,
// and moves it into place.
func save(path string, write func(draft *os.File) (sum string, err error)) error {
	if err := replaceable(path); err != nil {
		return err
	}
	release := sweepDrafts(path)
	defer release()
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*"+newEnding) // of mode 0600
	if err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	draft := f.Name()
	sum, err := write(f)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = Prove(draft, sum)
	}
	if err == nil {
		err = moveInto(path, draft)
	}
	if err != nil {
		return fmt.Errorf("write the copy: %w", errors.Join(err, drop(draft)))
	}
	return nil
}

// sweepDrafts removes the drafts that were left in the folder of path by copying that was
// killed. Whoever copies shares a lock on the folder until release: nobody sweeps
// meanwhile. Where a folder can't be locked they stay.
func sweepDrafts(path string) (release func()) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return func() {} // it is told when the draft is made
	}
	if flock(dir, false, 0) == nil {
		names, _ := dir.Readdirnames(-1) // what can't be read stays
		for _, name := range names {
			if draftOf(name, filepath.Base(path)) {
				_ = os.Remove(filepath.Join(filepath.Dir(path), name)) // it is in nobody's way
			}
		}
	}
	_ = flock(dir, true, lockWait) // unlocked, a copy that is taken for a stale one fails, and says so
	return func() { _ = dir.Close() }
}

// draftOf reports whether a file is called as the draft of a copy called base, or of one
// with the time in its name.
func draftOf(name, base string) bool {
	stem, ok := strings.CutSuffix(name, newEnding)
	at := strings.LastIndexByte(stem, '.')
	if !ok || at < 1 || stem[0] != '.' || strings.Trim(stem[at+1:], "0123456789") != "" {
		return false
	}
	of := stem[1:at]
	return of == base || strings.HasPrefix(of, "attache-") && strings.HasSuffix(of, ".db")
}

// replaceable reports whether the file at path may give way to a copy of a database.
func replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("write the copy: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("write the copy: %s is not a file", path)
	case exists(path + markEnding), exists(path + lockEnding):
		return fmt.Errorf("write the copy: %s is a database in use: restore is what replaces it", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	defer f.Close()
	if _, err := readMeta(f, 0); err != nil {
		return fmt.Errorf("write the copy: %s is there already and is no database", path)
	}
	return nil
}

// drop removes what is not whole, if it is there.
func drop(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
