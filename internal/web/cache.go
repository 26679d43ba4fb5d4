package web

import "sync"

// pageCache keeps pages of one minute, by the version of the calendar, which is that of one kind
// of reader, and by what was asked. Nothing in it outlives the minute, and there is a bound to
// what it holds, so that no number of queries fills the memory.
type pageCache struct {
	mu     sync.Mutex
	minute int64
	size   int // octets of all pages
	pages  map[pageKey]*answer
}

type pageKey struct {
	version any
	asked   string
}

// Bounds of what is kept.
const (
	mostCached = 16 << 20 // octets of all pages
	mostQuery  = 1 << 10  // octets of a query; pages of longer ones are made each time
)

// get returns the page of that key, if it is of that minute.
func (c *pageCache) get(minute int64, key pageKey) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.minute != minute {
		c.minute, c.size, c.pages = minute, 0, make(map[pageKey]*answer)
	}
	return c.pages[key]
}

// put keeps a page.
func (c *pageCache) put(minute int64, key pageKey, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.minute != minute || len(key.asked) > mostQuery {
		return
	}
	size := len(a.plain) + len(a.gzip) + len(key.asked)
	if c.size += size; c.size > mostCached {
		c.size, c.pages = size, make(map[pageKey]*answer)
	}
	c.pages[key] = a
}
