package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt takes the pages of its file as they are: a damaged one makes it panic,
// read outside the memory that it mapped, or go round in a circle, some of it in
// a goroutine of its own where nothing catches it. So every page is looked at
// here first, by plain reads with bounds, before bbolt sees the file. The layout
// is that of bbolt's package internal/common, in the byte order of the machine.

const (
	boltMagic   = 0xED0CDAED
	boltVersion = 2

	pageHeader = 16 // id u64, flags u16, count u16, overflow u32
	element    = 16 // branch: pos u32, key u32, page u64; leaf: flags, pos, key, value u32
	metaLength = 64

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	maxDepth    = 64         // no tree of 16-bit counts is deeper
	noFreelist  = ^uint64(0) // the free pages were not written
	manyFree    = 0xFFFF     // the count of free pages is in the first element
	maxPageSize = 1024 << 14 // as bbolt looks for
	bucketHead  = 16         // root u64, sequence u64
	maxFileSize = int64(1) << 46
)

var order = binary.NativeEndian

// meta is one of the two heads of a file, of which the later one holds.
type meta struct {
	pageSize                 int64
	root, freelist, end, txn uint64
}

func readMeta(file io.ReaderAt, at int64) (meta, error) {
	b := make([]byte, metaLength)
	if _, err := file.ReadAt(b, at+pageHeader); err != nil {
		return meta{}, fmt.Errorf("its head is cut off: %w", err)
	}
	sum := fnv.New64a()
	sum.Write(b[:56])
	switch {
	case order.Uint32(b) != boltMagic:
		return meta{}, errors.New("it does not begin as a database does")
	case order.Uint32(b[4:]) != boltVersion:
		return meta{}, fmt.Errorf("its format has version %d, not %d", order.Uint32(b[4:]), boltVersion)
	case order.Uint64(b[56:]) != sum.Sum64():
		return meta{}, errors.New("the checksum of its head is wrong")
	}
	return meta{
		pageSize: int64(order.Uint32(b[8:])), root: order.Uint64(b[16:]), freelist: order.Uint64(b[32:]),
		end: order.Uint64(b[40:]), txn: order.Uint64(b[48:]),
	}, nil
}

// currentMeta returns the head that holds. bbolt takes one sound head for enough, and
// where the later one is damaged goes back to the state before the last transaction
// without a word. That transaction may have been acknowledged, so both have to be
// sound here.
//
// This refuses nothing that a crash leaves behind. The heads are written in turn, each
// only once the pages that it speaks of are on the disk; until then the other one
// holds. The sixty-four bytes of a head lie within one sector of the disk and are
// written by one call: a process that is killed has written them or not, and a disk
// that loses its power writes a sector or not. A disk that tears sectors can leave a
// head that is refused. A backup is the safe way then: nothing tells such a head from
// one that was whole and rotted.
func currentMeta(file io.ReaderAt) (meta, error) {
	a, err := readMeta(file, 0)
	if err != nil {
		return meta{}, err
	}
	if a.pageSize < 1024 || a.pageSize > maxPageSize || a.pageSize&(a.pageSize-1) != 0 {
		return meta{}, fmt.Errorf("its pages have %d bytes", a.pageSize)
	}
	b, err := readMeta(file, a.pageSize)
	switch {
	case err != nil:
		return meta{}, err
	case a.pageSize != b.pageSize || a.txn != b.txn+1 && b.txn != a.txn+1:
		return meta{}, errors.New("its two heads do not fit together")
	case b.txn > a.txn:
		a = b
	}
	return a, nil
}

// checkPages reports what is wrong with the pages of a bbolt file of so many bytes:
// every page below the end of the data must be reached exactly once from the
// root or be free, and be whole within itself; keys must ascend. What lies beyond the
// end of the data and in free pages was left by transactions that never came to hold,
// and is not looked at.
func checkPages(file io.ReaderAt, size int64) error {
	m, err := currentMeta(file)
	if err != nil {
		return err
	}
	if size > maxFileSize || m.end > uint64(size/m.pageSize) {
		return fmt.Errorf("it is cut off: %d bytes are left of %d pages", size, m.end)
	}
	p := &pages{file: file, meta: m, seen: make([]bool, m.end)}
	p.seen[0], p.seen[1] = true, true
	if err := p.tree(m.root, 0, nil, nil, true); err != nil {
		return err
	}
	if err := p.free(); err != nil {
		return err
	}
	for id, seen := range p.seen {
		if !seen {
			return fmt.Errorf("page %d is lost: nothing leads to it", id)
		}
	}
	return nil
}

// pages is a walk over the pages of a file.
type pages struct {
	file io.ReaderAt
	meta meta
	seen []bool               // by page
	bufs [maxDepth + 1][]byte // one for every depth, since keys of a parent bound its children
}

// page is one page with the pages that it runs over into.
type page struct {
	id    uint64
	flags uint16
	count int
	data  []byte
}

// claim notes that the page id and those that it runs over into are in use.
func (p *pages) claim(id, over uint64) error {
	if id < 2 || id >= p.meta.end || over >= p.meta.end-id {
		return fmt.Errorf("page %d lies outside the data", id)
	}
	for i := id; i <= id+over; i++ {
		if p.seen[i] {
			return fmt.Errorf("page %d is used twice", i)
		}
		p.seen[i] = true
	}
	return nil
}

// read returns the page id, which nothing may have led to before.
func (p *pages) read(id uint64, depth int) (page, error) {
	if id < 2 || id >= p.meta.end || depth > maxDepth {
		return page{}, fmt.Errorf("page %d lies outside the data", id)
	}
	var head [pageHeader]byte
	at := int64(id) * p.meta.pageSize
	if _, err := p.file.ReadAt(head[:], at); err != nil {
		return page{}, fmt.Errorf("page %d: %w", id, err)
	}
	if got := order.Uint64(head[:]); got != id {
		return page{}, fmt.Errorf("page %d says that it is page %d", id, got)
	}
	over := uint64(order.Uint32(head[12:]))
	if err := p.claim(id, over); err != nil {
		return page{}, err
	}
	length := int(over+1) * int(p.meta.pageSize)
	if cap(p.bufs[depth]) < length {
		p.bufs[depth] = make([]byte, length)
	}
	data := p.bufs[depth][:length]
	if _, err := p.file.ReadAt(data, at); err != nil {
		return page{}, fmt.Errorf("page %d: %w", id, err)
	}
	return pageOf(id, data), nil
}

// pageOf reads the head of a page in data.
func pageOf(id uint64, data []byte) page {
	return page{id: id, flags: order.Uint16(data[8:]), count: int(order.Uint16(data[10:])), data: data}
}

// cell is one element of a page.
type cell struct {
	key, value []byte // no value on a branch
	bucket     bool   // the value is a bucket
	child      uint64 // on a branch, the page below
}

// cell returns the i-th element.
func (g page) cell(i int) (c cell, err error) {
	at := pageHeader + i*element
	if at+element > len(g.data) {
		return c, fmt.Errorf("page %d has %d elements in %d bytes", g.id, g.count, len(g.data))
	}
	e := g.data[at : at+element]
	var pos, klen, vlen int64
	if g.flags == branchPage {
		pos, klen = int64(order.Uint32(e)), int64(order.Uint32(e[4:]))
		c.child = order.Uint64(e[8:])
	} else {
		flags := order.Uint32(e)
		pos, klen, vlen = int64(order.Uint32(e[4:])), int64(order.Uint32(e[8:])), int64(order.Uint32(e[12:]))
		if c.bucket = flags == 1; flags > 1 {
			return c, fmt.Errorf("page %d: element %d is of an unknown sort", g.id, i)
		}
	}
	from := int64(at) + pos
	if klen == 0 || from+klen+vlen > int64(len(g.data)) {
		return c, fmt.Errorf("page %d: element %d reaches beyond its page", g.id, i)
	}
	c.key, c.value = g.data[from:from+klen], g.data[from+klen:from+klen+vlen]
	return c, nil
}

// tree looks at the page id and all below it, whose keys are from low, if that
// is not empty, to below high. Only the top tree holds buckets.
func (p *pages) tree(id uint64, depth int, low, high []byte, top bool) error {
	g, err := p.read(id, depth)
	if err != nil {
		return err
	}
	switch g.flags {
	case branchPage:
		return p.branch(g, depth, low, high, top)
	case leafPage:
		return p.leaf(g, depth, low, high, top)
	}
	return fmt.Errorf("page %d is of an unknown sort", id)
}

func (p *pages) branch(g page, depth int, low, high []byte, top bool) error {
	if g.count == 0 {
		return fmt.Errorf("page %d leads nowhere", g.id)
	}
	return g.each(low, high, func(c cell, next []byte) error {
		return p.tree(c.child, depth+1, c.key, next, top)
	})
}

func (p *pages) leaf(g page, depth int, low, high []byte, top bool) error {
	return g.each(low, high, func(c cell, _ []byte) error {
		if c.bucket != top {
			return fmt.Errorf("page %d: a bucket and a record are mixed up", g.id)
		}
		if c.bucket {
			return p.bucket(c, depth+1)
		}
		return nil
	})
}

// each calls fn for the elements of g with the key that bounds them above, and
// says where keys are out of order.
func (g page) each(low, high []byte, fn func(c cell, next []byte) error) error {
	var c cell
	for i := range g.count {
		next := high
		var err error
		if i == 0 {
			if c, err = g.cell(0); err != nil {
				return err
			}
		}
		var following cell
		if i+1 < g.count {
			if following, err = g.cell(i + 1); err != nil {
				return err
			}
			next = following.key
		}
		if bytes.Compare(c.key, low) < 0 || next != nil && bytes.Compare(c.key, next) >= 0 {
			return fmt.Errorf("page %d: its keys are out of order", g.id)
		}
		if err := fn(c, next); err != nil {
			return err
		}
		c = following
	}
	return nil
}

// bucket looks at the tree of a bucket, which may lie within the value itself.
func (p *pages) bucket(c cell, depth int) error {
	if len(c.value) < bucketHead {
		return fmt.Errorf("the bucket %q is cut off", c.key)
	}
	if root := order.Uint64(c.value); root != 0 {
		return p.tree(root, depth, nil, nil, false)
	}
	inline := c.value[bucketHead:]
	if len(inline) < pageHeader {
		return fmt.Errorf("the bucket %q is cut off", c.key)
	}
	g := pageOf(0, inline)
	if g.flags != leafPage {
		return fmt.Errorf("the bucket %q is of an unknown sort", c.key)
	}
	return p.leaf(g, depth, nil, nil, false)
}

// free notes the pages that are free, and those of the list itself.
func (p *pages) free() error {
	if p.meta.freelist == noFreelist {
		return errors.New("the list of its free pages is missing")
	}
	g, err := p.read(p.meta.freelist, 0)
	if err != nil {
		return err
	}
	if g.flags != freelistPage {
		return fmt.Errorf("page %d is not the list of free pages", g.id)
	}
	list, count := g.data[pageHeader:], uint64(g.count)
	if count == manyFree {
		count, list = order.Uint64(list), list[8:]
	}
	if count > uint64(len(list)/8) {
		return fmt.Errorf("page %d lists %d free pages in %d bytes", g.id, count, len(list))
	}
	for i := range count {
		if err := p.claim(order.Uint64(list[i*8:]), 0); err != nil {
			return fmt.Errorf("a free page: %w", err)
		}
	}
	return nil
}
