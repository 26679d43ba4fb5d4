package daemon

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"attache/internal/config"
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
// since editors put a new file in the place of the old one, and every folder that
// holds a link on the way to a file: what is mounted into a container is exchanged
// by turning a link, and what a link leads to is edited where it lies.
type watcher struct {
	d  *Daemon
	fs *fsnotify.Watcher // nil where the system has none to give
	on map[string]os.FileInfo

	mu   sync.Mutex
	seen [sha256.Size]byte // when they were last read, by whoever asked for that
}

func watchFiles(d *Daemon) *watcher {
	w := &watcher{d: d, on: make(map[string]os.FileInfo)}
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		d.o.Log.Warn("changes of the files are noticed late", "err", err)
	} else {
		w.fs = fs
	}
	files, folders := w.files()
	w.follow(files, folders)
	w.note(files, folders)
	return w
}

// follow watches every folder in which a change can be one of the configuration, and
// no other. A folder that was exchanged for another one of its name is watched anew.
func (w *watcher) follow(files, folders []string) {
	if w.fs == nil {
		return
	}
	want := make(map[string]bool)
	for _, dir := range linkless(files, folders) {
		want[dir] = true
		info, err := os.Stat(dir)
		if err != nil || os.SameFile(info, w.on[dir]) {
			continue // what is not there yet is noticed in the folder above, or in time
		}
		if w.on[dir] != nil {
			_ = w.fs.Remove(dir) // the system may have forgotten it already
		}
		if err := w.fs.Add(dir); err != nil {
			w.d.o.Log.Warn("a folder can't be watched", "folder", dir, "err", err)
		}
		w.on[dir] = info
	}
	for dir := range w.on {
		if !want[dir] {
			_ = w.fs.Remove(dir) // as above
			delete(w.on, dir)
		}
	}
}

// files returns the files and folders of the configuration that holds, and of the one
// that is written: it may have been refused.
func (w *watcher) files() (files, folders []string) {
	files, folders = config.Watched(w.d.o.ConfigPath)
	c := w.d.state.Load().config
	files, folders = append(files, c.Files...), append(folders, c.Folders...)
	slices.Sort(files)
	slices.Sort(folders)
	return slices.Compact(files), slices.Compact(folders)
}

// linkless returns the folders to watch so that no change of the files, nor of what lies
// in the folders, is missed.
func linkless(files, folders []string) (dirs []string) {
	for _, f := range files {
		real, links := trail(f)
		dirs = append(append(dirs, links...), filepath.Dir(real))
	}
	for _, f := range folders {
		real, links := trail(f)
		dirs = append(append(dirs, links...), real)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// maxLinks is how many links may lead to a file, as in Linux.
const maxLinks = 40

// trail returns what path leads to, free of links as far as it exists, and the folders
// of the links that lead there.
func trail(path string) (real string, folders []string) {
	rest, err := filepath.Abs(path)
	if err != nil {
		return path, nil
	}
	real = string(filepath.Separator)
	for links := 0; rest != "" && links <= maxLinks; {
		var name string
		name, rest, _ = strings.Cut(strings.TrimLeft(rest, string(filepath.Separator)), string(filepath.Separator))
		target, err := os.Readlink(filepath.Join(real, name))
		if err != nil {
			real = filepath.Join(real, name)
			continue
		}
		folders = append(folders, real)
		links++
		if filepath.IsAbs(target) {
			real = string(filepath.Separator)
		}
		rest = target + string(filepath.Separator) + rest
	}
	return real, folders
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
			w.d.guarded("watching the files", func() { w.look() })
			settled.Reset(again)
		}
	}
}

// rounds is how often look looks at most: what changes after that is heard of.
const rounds = 3

// look reads the files again if a byte of them changed. Each time the folders are watched
// first, and what changed before they were is seen by looking once more.
func (w *watcher) look() {
	for range rounds {
		files, folders := w.files()
		w.follow(files, folders)
		if !w.changed(files, folders) {
			return
		}
		if elsewhere, _ := w.d.reload(); elsewhere { // it has told of its error already
			w.d.retrySlack()
		}
	}
	w.follow(w.files())
}

// changed reports whether the files are not what they were when they were last read.
func (w *watcher) changed(files, folders []string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen != w.sum(files, folders)
}

// note takes the files as they are for read: it comes before they are, so that what
// changes meanwhile is noticed.
func (w *watcher) note(files, folders []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = w.sum(files, folders)
}

// sum returns a checksum over the files, all YAML files in the folders, and their names.
func (w *watcher) sum(files, folders []string) [sha256.Size]byte {
	files = slices.Clone(files)
	for _, dir := range folders {
		for _, pattern := range []string{"*.yaml", "*.yml"} {
			more, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is well formed
			files = append(files, more...)
		}
	}
	slices.Sort(files)
	h := sha256.New()
	for _, f := range slices.Compact(files) {
		b, err := w.d.files.read(context.Background(), f, func() ([]byte, error) { // bounded by itself
			info, err := os.Stat(f)
			if err != nil || !info.Mode().IsRegular() { // a pipe would be waited for
				return nil, err
			}
			return os.ReadFile(f)
		})
		if err != nil {
			b = []byte(err.Error())
		}
		h.Write([]byte(f))
		h.Write(b)
	}
	return [sha256.Size]byte(h.Sum(nil))
}
