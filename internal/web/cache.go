package web

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// answer is a page as it is sent, in two encodings.
type answer struct {
	status      int
	plain, gzip []byte
	etag        string // of plain, with its quotes; that of gzip has a mark behind it
	kind        string // media type; "" is HTML
}

// send writes it, or says that the client has it already.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // it speaks of now
	h.Set("Vary", "Accept-Encoding")
	body, etag := a.plain, a.etag
	zipped := wantsGzip(r.Header["Accept-Encoding"])
	if zipped {
		body, etag = a.gzip, a.etag[:len(a.etag)-1]+`-gzip"`
	}
	if a.status == http.StatusOK {
		h.Set("ETag", etag)
		if unchanged(r.Header, etag, time.Time{}) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", cmp.Or(a.kind, "text/html; charset=utf-8"))
	if zipped {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no error of ours
	}
}

// pageCache keeps pages of one version of the calendar and one minute, by what was
// asked. Nothing in it outlives either, and there is a bound to what it holds, so
// that no number of queries fills the memory.
type pageCache struct {
	mu      sync.Mutex
	version any
	minute  int64
	size    int // octets of all pages
	pages   map[string]*answer
}

// Bounds of what is kept.
const (
	mostCached = 16 << 20 // octets of all pages
	mostQuery  = 1 << 10  // octets of a query; pages of longer ones are made each time
)

// get returns the page of that key, if it is of that version and minute.
func (c *pageCache) get(version any, minute int64, key string) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version || c.minute != minute {
		c.version, c.minute, c.size, c.pages = version, minute, 0, make(map[string]*answer)
	}
	return c.pages[key]
}

// put keeps a page.
func (c *pageCache) put(version any, minute int64, key string, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version || c.minute != minute || len(key) > mostQuery {
		return
	}
	if c.size += len(a.plain) + len(a.gzip) + len(key); c.size > mostCached {
		c.size, c.pages = len(a.plain)+len(a.gzip)+len(key), make(map[string]*answer)
	}
	c.pages[key] = a
}
