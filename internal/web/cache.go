package web

import "sync"

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
