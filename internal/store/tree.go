package store

import (
	"bytes"

	"github.com/google/btree"
)

// entry is a key and its value.
type entry struct{ key, value []byte }

// tree is a sorted map. A clone of it shares what neither of them changes.
type tree = btree.BTreeG[entry]

// degree is how wide the nodes of a tree are. An update of a clone copies a node on every
// level, so that narrow ones were the faster here.
const degree = 8

func newTree() *tree {
	return btree.NewG(degree, func(a, b entry) bool { return bytes.Compare(a.key, b.key) < 0 })
}

// firstOf returns the first entry of t, which may be nil, from the key from on, and false
// where there is none.
func firstOf(t *tree, from []byte) (e entry, ok bool) {
	if t != nil {
		t.AscendGreaterOrEqual(entry{key: from}, func(is entry) bool {
			e, ok = is, true
			return false
		})
	}
	return e, ok
}

// after returns the first key behind k.
func after(k []byte) []byte {
	return append(append(make([]byte, 0, len(k)+1), k...), 0)
}
