package daemon

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long files must have been left alone before they are read:
// editors write a file in several steps.
const quiet = 200 * time.Millisecond

// longest is how long a folder that never is quiet, since somebody keeps a log in
// it, keeps us from reading.
const longest = time.Second

// again is how often the files are looked at even if nothing was heard, for
// file systems that tell of no change.
const again = 30 * time.Second

// watcher reads the files again when one of them changes. It watches folders,
// since editors put a new file in the place of the old one.
type watcher struct {
	d    *Daemon
	fs   *fsnotify.Watcher // nil where the system has none to give
	seen [sha256.Size]byte
}

func watchFiles(d *Daemon) *watcher {
	w := &watcher{d: d}
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		d.o.Log.Warn("changes of the files are noticed late", "err", err)
	} else {
		w.fs = fs
		w.follow()
	}
	w.seen = w.sum()
	return w
}

// follow watches every folder in which a file of the configuration stands or can
// appear.
func (w *watcher) follow() {
	if w.fs == nil {
		return
	}
	have := w.fs.WatchList()
	for _, dir := range w.folders() {
		if slices.Contains(have, dir) {
			continue
		}
		if err := w.fs.Add(dir); err != nil {
			w.d.o.Log.Warn("a folder can't be watched", "folder", dir, "err", err)
		}
	}
}

func (w *watcher) folders() []string {
	c := w.d.config.Load()
	dirs := slices.Clone(c.Folders)
	for _, f := range c.Files {
		dirs = append(dirs, filepath.Dir(f))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// run reads the files again after each change, until ctx ends.
func (w *watcher) run(ctx context.Context) {
	var events chan fsnotify.Event
	var failures chan error
	if w.fs != nil {
		defer w.fs.Close()
		events, failures = w.fs.Events, w.fs.Errors
	}
	settled := time.NewTimer(again)
	defer settled.Stop()
	var since time.Time // of the first change that was not looked at yet
	for {
		select {
		case <-ctx.Done():
			return
		case <-events:
			if since.IsZero() {
				since = time.Now()
			}
			settled.Reset(min(quiet, time.Until(since.Add(longest))))
		case err := <-failures:
			w.d.o.Log.Warn("watch the files", "err", err)
		case <-settled.C:
			since = time.Time{}
			w.look(ctx)
			settled.Reset(again)
		}
	}
}

// look reads the files again if a byte of them changed.
func (w *watcher) look(ctx context.Context) {
	sum := w.sum()
	if sum == w.seen {
		return
	}
	w.seen = sum
	_ = w.d.Reload(ctx) // it has told of its error already
	w.follow()
}

// sum gives a checksum over what was read, all YAML files in the folders, and their
// names.
func (w *watcher) sum() [sha256.Size]byte {
	files := slices.Clone(w.d.config.Load().Files)
	for _, dir := range w.folders() {
		for _, pattern := range []string{"*.yaml", "*.yml"} {
			more, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is well formed
			files = append(files, more...)
		}
	}
	slices.Sort(files)
	h := sha256.New()
	for _, f := range slices.Compact(files) {
		var b []byte
		info, err := os.Stat(f)
		if err == nil && info.Mode().IsRegular() { // a pipe would be waited for
			b, err = os.ReadFile(f)
		}
		if err != nil {
			b = []byte(err.Error())
		}
		h.Write([]byte(f))
		h.Write(b)
	}
	return [sha256.Size]byte(h.Sum(nil))
}
