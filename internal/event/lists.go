package event

import "slices"

// take gives the field that merged points to what the file makes of it: was points to what the
// file said of it last time, is to what it says now.
func take(was, is, merged any) {
	switch to := merged.(type) {
	case *[]Statement:
		m := mergeLists(together(*was.(*[]Statement)), together(*is.(*[]Statement)), together(*to), true)
		*to = slices.Concat(m...)
	case *[]Citation:
		*to = mergeLists(*was.(*[]Citation), *is.(*[]Citation), *to, false)
	case *[]Link:
		*to = mergeLists(*was.(*[]Link), *is.(*[]Link), *to, false)
	case *[]string:
		*to = mergeLists(*was.(*[]string), *is.(*[]string), *to, false)
	default:
		set(merged, is)
	}
}

// overrules reports whether the list that holds points to has something that was said elsewhere
// in the place of an item that the file had, and that the file changes or takes back now; and
// whether it is a list at all.
func overrules(was, is, holds any) (lost, isList bool) {
	switch list := holds.(type) {
	case *[]Statement:
		return overrulesList(together(*was.(*[]Statement)), together(*is.(*[]Statement)), together(*list)), true
	case *[]Citation, *[]Link, *[]string: // an item of these is what it says: none takes the place of another
		return false, true
	}
	return false, false
}

// lacking gives the list that out points to the items of that which holds points to that the list
// which was points to lacks.
func lacking(was, holds, out any) {
	switch list := holds.(type) {
	case *[]Statement:
		*out.(*[]Statement) = slices.Concat(without(together(*list), together(*was.(*[]Statement)))...)
	case *[]Citation:
		*out.(*[]Citation) = without(*list, *was.(*[]Citation))
	}
}

// without returns the items of list that are not in other as they are.
func without[T any](list, other []T) (out []T) {
	for i, j := range match(list, other) {
		if j < 0 || !same(bare(&list[i]), bare(&other[j])) {
			out = append(out, list[i])
		}
	}
	return out
}

func overrulesList[T any](was, is, holds []T) bool {
	inBase, inFile := match(holds, was), match(holds, is)
	for i, item := range holds {
		b, f := inBase[i], inFile[i]
		if b < 0 || same(&item, &was[b]) {
			continue
		}
		if f < 0 || !same(&is[f], &was[b]) && !same(&is[f], &item) {
			return true
		}
	}
	return false
}

// together returns the statements of a list in groups: those that were said in one map belong
// to each other.
func together(list []Statement) (groups [][]Statement) {
	for i, s := range list {
		if s.Joint && i > 0 {
			groups[len(groups)-1] = append(groups[len(groups)-1], s)
			continue
		}
		groups = append(groups, []Statement{s})
	}
	return groups
}

// mergeLists returns the items that hold after a file was read, which said base last time and
// says file now:
//
//	in base   in file   in current
//	  -         -          x         stays: it was said elsewhere
//	  -         x          -         comes: the file is new to say so
//	  x         -          x         goes: the file took it back
//	  x         x          -         stays out: it was taken back elsewhere, unless the file changed it
//	  x         x          x         as current has it, unless the file changed it
//
// They stand in the order in which they held, and what is new behind that which it follows in
// the file; where the file puts them in another order, that is theirs. In a list of what was
// said one after the other, what comes last in the file is the last of all.
func mergeLists[T any](base, file, current []T, inTime bool) []T {
	inBase, inFile, fileBase := match(current, base), match(current, file), match(file, base)
	changed := func(f int) bool { return fileBase[f] < 0 || !same(&file[f], &base[fileBase[f]]) }
	m := merging[T]{held: make([]bool, len(file))}
	for i, item := range current {
		f := inFile[i]
		switch {
		case f < 0 && inBase[i] >= 0:
			continue
		case f >= 0 && changed(f):
			item = file[f]
		}
		if f >= 0 {
			m.held[f] = true
		}
		m.items, m.at = append(m.items, item), append(m.at, f)
	}
	m.order()
	for f, item := range file {
		if !m.held[f] && changed(f) {
			m.insert(f, item, inTime)
		}
	}
	return m.items
}

// merging is a list that is being merged.
type merging[T any] struct {
	items []T
	at    []int  // of each, where it stands in the file; -1 where it does not
	held  []bool // of each item of the file, whether it is among items
}

// order puts the items in the order of the file, those that it does not have at the end, unless
// they are in the order of the file already.
func (m *merging[T]) order() {
	inFile := slices.DeleteFunc(slices.Clone(m.at), func(f int) bool { return f < 0 })
	if slices.IsSorted(inFile) {
		return
	}
	slices.Sort(inFile)
	var items []T
	for _, f := range inFile {
		items = append(items, m.items[slices.Index(m.at, f)])
	}
	for i, f := range m.at {
		if f < 0 {
			items, inFile = append(items, m.items[i]), append(inFile, -1)
		}
	}
	m.items, m.at = items, inFile
}

// insert puts the item that stands at f in the file behind that which it follows there, or, if
// the list is one in time and nothing of the file follows it, at the end.
func (m *merging[T]) insert(f int, item T, inTime bool) {
	place, last := 0, inTime
	for i, at := range m.at {
		if at >= 0 && at < f {
			place = i + 1
		}
		last = last && at < f
	}
	if last {
		place = len(m.items)
	}
	m.items, m.at = slices.Insert(m.items, place, item), slices.Insert(m.at, place, f)
}

// match returns for each item of a which one of b is the same, -1 for none: that of its id,
// else one that says the same. No item of b is that of two.
func match[T any](a, b []T) []int {
	out, taken := make([]int, len(a)), make([]bool, len(b))
	for i := range out {
		out[i] = -1
	}
	for _, alike := range []func(x, y any) bool{sameID, sameWords} {
		for i := range a {
			for j := range b {
				if out[i] < 0 && !taken[j] && alike(&a[i], &b[j]) {
					out[i], taken[j] = j, true
				}
			}
		}
	}
	return out
}

// sameID reports whether two items, as pointers, have the same id.
func sameID(x, y any) bool { return idOf(x) != "" && idOf(x) == idOf(y) }

// sameWords reports whether two items, as pointers, say the same and are not told apart by ids.
func sameWords(x, y any) bool {
	if idOf(x) != "" && idOf(y) != "" {
		return false
	}
	return same(bare(x), bare(y))
}

func idOf(item any) string {
	switch s := item.(type) {
	case *Statement:
		return s.ID
	case *[]Statement:
		return (*s)[0].ID
	}
	return ""
}

// bare returns a pointer to a statement, or to those of one map, without their ids and lines;
// any other item as it is.
func bare(item any) any {
	switch s := item.(type) {
	case *Statement:
		b := *s
		b.ID, b.Line = "", 0
		return &b
	case *[]Statement:
		list := unplaced(*s)
		list[0].ID = ""
		return &list
	}
	return item
}
