package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"attache/internal/store"
)

// Folder is a log in a folder that several machines see, such as one on NFS. There are no leases:
// who leads is said by a person, with Promote, and by whoever finds an empty folder.
//
// Each entry is a file, written whole under another name and then linked to its number, which
// succeeds once for each. So is each term: the one with the greatest number holds.
type Folder struct {
	path string
	name string
	poll time.Duration
}

// The files of a folder have one of these names and a number in 16 hexadecimal digits.
const (
	entryFile    = "entry-"
	leadFile     = "lead-"
	snapshotFile = "snapshot-"
	draftFile    = ".draft-"
)

// NewFolder returns the log in the folder at path, which is made where it is missing, for the
// machine called name. What is new there is looked for as often as poll says; 0 is every second.
func NewFolder(path, name string, poll time.Duration) (*Folder, error) {
	if poll == 0 {
		poll = time.Second
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the log: %w", err)
	}
	return &Folder{path, name, poll}, nil
}

// Promote has this machine lead from now on, and no other: the one that did adds nothing more.
func (f *Folder) Promote(context.Context) error {
	for {
		epoch, _, err := f.leader()
		if err != nil {
			return err
		}
		if err := f.take(leadFile, epoch+1, []byte(f.name)); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// Leader returns the name of the machine that leads, "" where none ever did.
func (f *Folder) Leader(context.Context) (string, error) {
	_, name, err := f.leader()
	return name, err
}

func (f *Folder) leader() (epoch uint64, name string, err error) {
	numbers, err := f.numbers(leadFile)
	if err != nil || len(numbers) == 0 {
		return 0, "", err
	}
	epoch = numbers[len(numbers)-1]
	b, err := os.ReadFile(f.file(leadFile, epoch))
	return epoch, string(b), wrapped("read who leads", err)
}

// Lead implements [store.Log]: it waits until a person says that this machine leads, unless
// no machine ever did.
func (f *Folder) Lead(ctx context.Context) (store.Term, error) {
	for {
		epoch, name, err := f.leader()
		if err != nil {
			return nil, err
		}
		if name == f.name || name == "" { // an own term from before is over: its process may still run
			err := f.take(leadFile, epoch+1, []byte(f.name))
			if err == nil {
				t := &folderTerm{log: f, epoch: epoch + 1, done: make(chan struct{})}
				go t.watch()
				return t, nil
			}
			if !errors.Is(err, fs.ErrExist) {
				return nil, err
			}
			continue
		}
		if err := f.pause(ctx); err != nil {
			return nil, err
		}
	}
}

func (f *Folder) pause(ctx context.Context) error {
	select {
	case <-time.After(f.poll):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Read implements [store.Log].
func (f *Folder) Read(ctx context.Context, from uint64, fn func(uint64, []byte) error) error {
	for seq := from; ctx.Err() == nil; seq++ {
		entry, err := os.ReadFile(f.file(entryFile, seq))
		if errors.Is(err, fs.ErrNotExist) {
			return f.missing(seq)
		}
		if err != nil {
			return fmt.Errorf("read entry %d: %w", seq, err)
		}
		kept, err := f.kept()
		if err != nil {
			return err
		}
		if seq <= kept { // it is about to be removed
			return cut(seq, kept)
		}
		if err := fn(seq, entry); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// missing says why there is no entry seq, nil where it is yet to come.
func (f *Folder) missing(seq uint64) error {
	kept, err := f.kept()
	if err != nil {
		return err
	}
	if seq <= kept {
		return cut(seq, kept)
	}
	entries, err := f.numbers(entryFile)
	if err != nil {
		return err
	}
	if i, _ := slices.BinarySearch(entries, seq); i < len(entries) && entries[i] > seq && (i == 0 || entries[i-1] < seq) {
		if _, err := os.Stat(f.file(entryFile, seq)); err != nil { // it may have come meanwhile
			return &store.DamagedError{Path: f.path, What: fmt.Sprintf("entry %d", seq), Err: errors.New("it is missing")}
		}
	}
	return nil
}

// kept returns the number of the last entry that the newest snapshot holds, 0 where there is none.
func (f *Folder) kept() (uint64, error) {
	numbers, err := f.numbers(snapshotFile)
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return numbers[len(numbers)-1], nil
}

// Snapshot implements [store.Log].
func (f *Folder) Snapshot(context.Context) (uint64, io.ReadCloser, error) {
	for {
		seq, err := f.kept()
		if err != nil || seq == 0 {
			return 0, nil, err
		}
		body, err := os.Open(f.file(snapshotFile, seq))
		if !errors.Is(err, fs.ErrNotExist) { // else there is a newer one
			return seq, body, wrapped("read the snapshot", err)
		}
	}
}

// Wait implements [store.Log].
func (f *Folder) Wait(ctx context.Context, after uint64) error {
	for {
		kept, err := f.kept()
		if err != nil || kept > after {
			return err
		}
		if _, err := os.Stat(f.file(entryFile, after+1)); !errors.Is(err, fs.ErrNotExist) {
			return wrapped("look for a new entry", err)
		}
		if err := f.pause(ctx); err != nil {
			return err
		}
	}
}

// Size implements [store.Log].
func (f *Folder) Size(context.Context) (size int64, err error) {
	files, err := os.ReadDir(f.path)
	for _, file := range files {
		if info, err := file.Info(); err == nil { // else it was removed meanwhile
			size += info.Size()
		}
	}
	return size, wrapped("measure the log", err)
}

// Close implements [store.Log].
func (f *Folder) Close() error { return nil }

// wrapped says what was being done when err came, nil where there is none.
func wrapped(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func (f *Folder) file(kind string, n uint64) string {
	return filepath.Join(f.path, fmt.Sprintf("%s%016x", kind, n))
}

// numbers returns the numbers of the files of a kind, in order.
func (f *Folder) numbers(kind string) (out []uint64, err error) {
	files, err := os.ReadDir(f.path)
	for _, file := range files {
		if text, ok := strings.CutPrefix(file.Name(), kind); ok && len(text) == 16 {
			if n, err := strconv.ParseUint(text, 16, 64); err == nil {
				out = append(out, n)
			}
		}
	}
	slices.Sort(out)
	return out, wrapped("look into the log", err)
}

// take makes the file of a kind and number of what it is to say, durably, unless it is there:
// then the error is fs.ErrExist, also where it says the same.
func (f *Folder) take(kind string, n uint64, says []byte) error {
	return f.takeFrom(kind, n, bytes.NewReader(says))
}

func (f *Folder) takeFrom(kind string, n uint64, from io.Reader) error {
	draft, err := os.CreateTemp(f.path, draftFile)
	if err != nil {
		return fmt.Errorf("write to the log: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = io.Copy(draft, from)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return fmt.Errorf("write to the log: %w", err)
	}
	name := f.file(kind, n)
	if err := os.Link(draft.Name(), name); err != nil && !same(draft.Name(), name) { // NFS may have done it and lost the answer
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		return fmt.Errorf("write to the log: %w: %w", errUnsure, err)
	}
	folder, err := os.Open(f.path)
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		return fmt.Errorf("make the log durable: %w: %w", errUnsure, err)
	}
	return nil
}

// errUnsure says that nobody here knows what came of it.
var errUnsure = errors.New("it may be there or not")

// same reports whether two names are of one file.
func same(a, b string) bool {
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other)
}

// folderTerm is a term of a Folder.
type folderTerm struct {
	log   *Folder
	epoch uint64
	once  sync.Once
	done  chan struct{} // closed when the lead is lost
}

// Epoch implements [store.Term].
func (t *folderTerm) Epoch() uint64 { return t.epoch }

// Done implements [store.Term].
func (t *folderTerm) Done() <-chan struct{} { return t.done }

// Fresh implements [store.Term]: it looks who leads now.
func (t *folderTerm) Fresh() bool { return t.holds() == nil }

// holds returns an error where this term does not hold any more, or nobody can tell.
func (t *folderTerm) holds() error {
	select {
	case <-t.done:
		return store.ErrDeposed
	default:
	}
	epoch, name, err := t.log.leader()
	switch {
	case err != nil:
		return err
	case epoch != t.epoch:
		t.end()
		return fmt.Errorf("%s leads: %w", name, store.ErrDeposed)
	}
	return nil
}

func (t *folderTerm) end() { t.once.Do(func() { close(t.done) }) }

// watch ends the term once another one holds.
func (t *folderTerm) watch() {
	for {
		select {
		case <-t.done:
			return
		case <-time.After(t.log.poll):
			_ = t.holds() // which ends it
		}
	}
}

// Append implements [store.Term].
func (t *folderTerm) Append(_ context.Context, seq uint64, entry []byte) error {
	if err := t.holds(); err != nil {
		return err
	}
	err := t.log.take(entryFile, seq, entry)
	switch {
	case errors.Is(err, fs.ErrExist):
		t.end()
		return fmt.Errorf("entry %d is there already: %w", seq, store.ErrDeposed)
	case errors.Is(err, errUnsure):
		t.end()
		return fmt.Errorf("%w: %w", store.ErrDeposed, err)
	}
	return err
}

// Keep implements [store.Term].
func (t *folderTerm) Keep(_ context.Context, seq uint64, snapshot io.Reader) error {
	if err := t.holds(); err != nil {
		return err
	}
	kept, err := t.log.kept()
	if err != nil || kept >= seq {
		return err // the newer one stays
	}
	if err := t.log.takeFrom(snapshotFile, seq, snapshot); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	for _, kind := range []string{entryFile, snapshotFile} {
		numbers, err := t.log.numbers(kind)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			if n < seq || n == seq && kind == entryFile {
				if err := os.Remove(t.log.file(kind, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("cut the log: %w", err)
				}
			}
		}
	}
	return nil
}

// Resign implements [store.Term]. The lead stays with this machine until a person says otherwise.
func (t *folderTerm) Resign(context.Context) error {
	t.end()
	return nil
}
