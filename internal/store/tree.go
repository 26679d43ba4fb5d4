package store

import (
	"bytes"
	"hash/fnv"
)

// node is a binary search tree by key and a heap by weight (a treap: Aragon and
// Seidel, 1989). The weight follows from the key, so that the same keys always
// make the same tree, of a depth logarithmic in their number.
//
// A tree that one transaction made is never changed by another: with and without
// copy every node that is not their owner's, and share all the rest.
type node struct {
	key, value  []byte
	weight      uint64
	owner       *owner
	left, right *node
}

// owner stands for a transaction that may change what it made.
type owner struct{ _ byte }

func newNode(o *owner, key, value []byte) *node {
	h := fnv.New64a()
	h.Write(key)
	w := h.Sum64() * 0x9e3779b97f4a7c15 // spreads the last bytes over the high bits
	return &node{key: key, value: value, weight: w ^ w>>32, owner: o}
}

// by returns n for o to change: itself where o made it, else a copy.
func (n *node) by(o *owner) *node {
	if n.owner == o {
		return n
	}
	m := *n
	m.owner = o
	return &m
}

// find returns the node of key, nil where there is none.
func (n *node) find(key []byte) *node {
	for n != nil {
		switch c := bytes.Compare(key, n.key); {
		case c == 0:
			return n
		case c < 0:
			n = n.left
		default:
			n = n.right
		}
	}
	return nil
}

// with returns n with leaf, a node of its owner without children, in place of the one
// that has its key.
func (n *node) with(leaf *node) *node {
	if n == nil {
		return leaf
	}
	m := n.by(leaf.owner)
	switch c := bytes.Compare(leaf.key, n.key); {
	case c == 0:
		m.value = leaf.value
	case c < 0:
		l := m.left.with(leaf)
		if m.left = l; l.weight > m.weight { // l is the owner's: it may be turned
			m.left, l.right = l.right, m
			return l
		}
	default:
		r := m.right.with(leaf)
		if m.right = r; r.weight > m.weight {
			m.right, r.left = r.left, m
			return r
		}
	}
	return m
}

// without returns n without the node of key, which is there.
func (n *node) without(o *owner, key []byte) *node {
	c := bytes.Compare(key, n.key)
	if c == 0 {
		return join(o, n.left, n.right)
	}
	m := n.by(o)
	if c < 0 {
		m.left = m.left.without(o, key)
	} else {
		m.right = m.right.without(o, key)
	}
	return m
}

// join returns one tree of two of which all keys of a come before those of b.
func join(o *owner, a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.weight > b.weight:
		m := a.by(o)
		m.right = join(o, m.right, b)
		return m
	}
	m := b.by(o)
	m.left = join(o, a, m.left)
	return m
}

// walker goes through a tree in the order of its keys. It is of no use once the tree
// has changed.
type walker struct {
	stack []*node // those still to come, the next one last
}

// walk returns a walker over the keys of n from from on.
func walk(n *node, from []byte) *walker {
	w := &walker{}
	for n != nil {
		if bytes.Compare(n.key, from) >= 0 {
			w.stack = append(w.stack, n)
			n = n.left
		} else {
			n = n.right
		}
	}
	return w
}

// next returns the next node, nil after the last.
func (w *walker) next() *node {
	if len(w.stack) == 0 {
		return nil
	}
	n := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	for m := n.right; m != nil; m = m.left {
		w.stack = append(w.stack, m)
	}
	return n
}
