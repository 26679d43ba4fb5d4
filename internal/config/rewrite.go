package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrChanged says that somebody changed a file meanwhile.
var ErrChanged = errors.New("the file was changed meanwhile: nothing was written")

// Write puts the new octets of a draft into its file, all of them or none, even if the machine
// stops: they are written beside it and take its name. Its mode and owner stay, and a link
// still leads to it. The error is [ErrChanged] where the file is not what it was when it was read,
// or where somebody else is about to write it.
func (d Draft) Write() error {
	if d.Old == nil {
		return d.create()
	}
	file, err := filepath.EvalSymlinks(d.File)
	if err == nil {
		err = d.exchange(file)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", d.File, err)
	}
	return nil
}

// create writes a file that is not there.
func (d Draft) create() error {
	f, err := os.OpenFile(d.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.Write(d.New)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	return err
}

func (d Draft) exchange(file string) error {
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer folder.Close() // and with it the lock
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return ErrChanged
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if now, err := readFile(file); err != nil || !bytes.Equal(now, d.Old) {
		return errors.Join(ErrChanged, err)
	}
	if err := writable(file); err != nil { // a file that is protected is not exchanged for another
		return err
	}
	draft := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".new")
	if err := d.save(draft, info); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	if err := os.Rename(draft, file); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	return folder.Sync()
}

func writable(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// save writes the new octets to a file with the mode and the owner of another. What is left of
// a run that was killed is written over.
func (d Draft) save(name string, like fs.FileInfo) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, like.Mode().Perm())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(d.New); err != nil {
		return err
	}
	if err := f.Chmod(like.Mode().Perm()); err != nil {
		return err
	}
	if s, ok := like.Sys().(*syscall.Stat_t); ok && (int(s.Uid) != os.Geteuid() || int(s.Gid) != os.Getegid()) {
		if err := f.Chown(int(s.Uid), int(s.Gid)); err != nil {
			return fmt.Errorf("its owner can't be kept: %w", err)
		}
	}
	return f.Sync()
}
