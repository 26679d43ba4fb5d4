package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrChanged says that somebody changed a file meanwhile.
var ErrChanged = errors.New("the file was changed meanwhile: nothing was written")

// Save puts the new octets of drafts into their files. Of each file either the old octets or the
// new ones are there, even if the machine stops: they are written beside it and take its name. Its
// mode and owner stay, and a link still leads to it. Where one file can't be written none is. The
// error is [ErrChanged] where a file is not what it was when it was read, or where somebody else is
// about to write it.
func Save(drafts ...Draft) (err error) {
	drafts = slices.SortedFunc(slices.Values(drafts), func(a, b Draft) int { return cmp.Compare(a.File, b.File) }) // so are the locks
	var list []*exchange
	defer func() {
		for _, x := range list {
			err = errors.Join(err, x.close())
		}
	}()
	for _, d := range drafts {
		x := &exchange{draft: d}
		list = append(list, x)
		if err := x.prepare(list); err != nil {
			return fmt.Errorf("write %s: %w", d.File, err)
		}
	}
	for i, x := range list {
		if err := x.take(); err != nil {
			for _, done := range list[:i] {
				err = errors.Join(err, done.back())
			}
			return fmt.Errorf("write %s: %w", x.draft.File, err)
		}
	}
	for _, x := range list {
		if x.folder != nil {
			err = errors.Join(err, x.folder.Sync())
		}
	}
	return err
}

// exchange is one file while it is written.
type exchange struct {
	draft  Draft
	file   string   // where a link leads
	beside string   // has the new octets; "" once they are in place
	folder *os.File // locked; nil where another exchange has the lock
}

// newSuffix ends the hidden names of files that are about to take the place of others.
const newSuffix = ".attache-new"

// besideName is what the new octets of a file are called until they take its place.
func besideName(file string) string {
	return filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+newSuffix)
}

// prepare locks the folder of the file, unless one of others has done so, looks whether it still is
// what it was, and writes the new octets beside it.
func (x *exchange) prepare(others []*exchange) (err error) {
	x.file = x.draft.File
	if x.draft.Old != nil {
		if x.file, err = filepath.EvalSymlinks(x.draft.File); err != nil {
			return err
		}
	}
	folder := filepath.Dir(x.file)
	if !slices.ContainsFunc(others, func(o *exchange) bool { return o.folder != nil && filepath.Dir(o.file) == folder }) {
		if x.folder, err = locked(folder); err != nil {
			return err
		}
	}
	mode := fs.FileMode(0o644)
	var owner *syscall.Stat_t
	if x.draft.Old == nil {
		if _, err := os.Lstat(x.file); err == nil {
			return fs.ErrExist
		}
	} else {
		info, err := os.Stat(x.file)
		if err != nil {
			return err
		}
		if now, err := readFile(x.file); err != nil || !bytes.Equal(now, x.draft.Old) {
			return errors.Join(ErrChanged, err)
		}
		if err := writable(x.file); err != nil { // a file that is protected is not exchanged for another
			return err
		}
		mode = info.Mode().Perm()
		owner, _ = info.Sys().(*syscall.Stat_t)
	}
	x.beside = besideName(x.file)
	return x.save(mode, owner)
}

// patience is how long somebody else may take to write a file in the same folder.
const patience = 2 * time.Second

// locked opens and locks a folder. What a run left there that was killed goes.
func locked(folder string) (*os.File, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	for waited := time.Duration(0); syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil; waited += patience / 100 {
		if waited >= patience {
			return nil, errors.Join(ErrChanged, f.Close())
		}
		time.Sleep(patience / 100)
	}
	names, err := f.Readdirnames(-1)
	for _, name := range names {
		if strings.HasPrefix(name, ".") && strings.HasSuffix(name, newSuffix) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, name)))
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func writable(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// save writes the new octets beside the file, with a mode and an owner if there is one to keep.
func (x *exchange) save(mode fs.FileMode, owner *syscall.Stat_t) (err error) {
	f, err := os.OpenFile(x.beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(x.draft.New); err != nil {
		return err
	}
	if owner != nil {
		if err := f.Chmod(mode); err != nil {
			return err
		}
		if int(owner.Uid) != os.Geteuid() || int(owner.Gid) != os.Getegid() {
			if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
				return fmt.Errorf("its owner can't be kept: %w", err)
			}
		}
	}
	return f.Sync()
}

// take puts the new octets in the place of the old ones.
func (x *exchange) take() error {
	if x.draft.Old == nil {
		return os.Link(x.beside, x.file) // which no file that came meanwhile lets happen
	}
	err := os.Rename(x.beside, x.file)
	if err == nil {
		x.beside = ""
	}
	return err
}

// back puts the old octets where the new ones are.
func (x *exchange) back() error {
	if x.draft.Old == nil {
		return os.Remove(x.file)
	}
	info, err := os.Stat(x.file)
	if err != nil {
		return err
	}
	x.beside, x.draft.New = besideName(x.file), x.draft.Old
	owner, _ := info.Sys().(*syscall.Stat_t)
	if err := x.save(info.Mode().Perm(), owner); err != nil {
		return err
	}
	return x.take()
}

// close removes what is left beside the file, and unlocks its folder.
func (x *exchange) close() (err error) {
	if x.beside != "" {
		if err = os.Remove(x.beside); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if x.folder != nil {
		err = errors.Join(err, x.folder.Close())
	}
	return err
}
