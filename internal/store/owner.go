package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ownerKey is where a database keeps the path of the configuration that it was made for.
const ownerKey = ownPrefix + "owner"

// Owner names a configuration, so that it is told from others however it is called: by a
// relative path, through a link, or from within a container.
type Owner struct {
	Path string // of attache.yaml, absolute

	device, inode uint64 // of the file; 0 where there is none now
}

// OwnerOf returns what names the configuration in the file at path.
func OwnerOf(path string) (Owner, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Owner{}, fmt.Errorf("name the configuration: %w", err)
	}
	o := Owner{Path: abs}
	if info, err := os.Stat(abs); err == nil {
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			o.device, o.inode = uint64(s.Dev), s.Ino
		}
	}
	return o, nil
}

// Same reports whether both name one configuration.
func (o Owner) Same(p Owner) bool {
	return o.Path == p.Path || o.inode != 0 && o.device == p.device && o.inode == p.inode
}

// String returns o as [ParseOwner] reads it.
func (o Owner) String() string { return fmt.Sprintf("%d:%d:%s", o.device, o.inode, o.Path) }

// ParseOwner reads what [Owner.String] returns, from another process perhaps.
func ParseOwner(text string) (o Owner, err error) {
	device, rest, _ := strings.Cut(text, ":")
	inode, path, _ := strings.Cut(rest, ":")
	if o.device, err = strconv.ParseUint(device, 10, 64); err == nil {
		o.inode, err = strconv.ParseUint(inode, 10, 64)
	}
	if err != nil || path == "" {
		return Owner{}, fmt.Errorf("%q names no configuration", text)
	}
	o.Path = path
	return o, nil
}

// OtherError says that a database was made for another configuration than the one that
// wants it. Nothing was changed. The exit code is 78.
type OtherError struct {
	Path  string // the database
	Owner string // the configuration that it was made for
	Asked string // the one that wants it
}

// Error returns in one line what does not fit together and the ways on.
func (e *OtherError) Error() string {
	return fmt.Sprintf("%s was made for %s, not for %s: give that one a database of its own with data: or --data, or have it take this one over with attache serve --take-over",
		e.Path, e.Owner, e.Asked)
}

// Foreign returns an *OtherError where the database was made for another configuration than
// o. One that was made for none yet belongs to whoever takes it.
func (db *DB) Foreign(o Owner) error {
	made, err := view(db, (*Tx).owner)
	if err != nil || made == "" {
		return err
	}
	by, err := OwnerOf(made)
	if err != nil || by.Same(o) {
		return err
	}
	return &OtherError{Path: db.path, Owner: made, Asked: o.Path}
}

// Take records that the database was made for o.
func (db *DB) Take(o Owner) error {
	return db.Update(func(tx *Tx) error { return tx.putOwn(ownerKey, o.Path) })
}

// disown returns what the database was made for way to the configuration at path, "" is none.
func (tx *Tx) disown(path string) error {
	if path == "" {
		return tx.remove(metaBucket, []byte(ownerKey))
	}
	return tx.putOwn(ownerKey, path)
}

// owner returns the path of the configuration that the database was made for, "" where that
// is none yet.
func (tx *Tx) owner() (string, error) { return tx.Meta(ownerKey) }
