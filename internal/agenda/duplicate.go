package agenda

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"attache/internal/event"
	"attache/internal/prose"
)

// WarnDuplicate warns that two events look like one that was entered twice.
const WarnDuplicate = "duplicate-event"

// Duplicates adds a warning to each entry of list that looks like another one: they have
// the same title but for case, accents and punctuation, they may take place at the same time and
// place, neither is called off, and neither is linked to the other. It returns list with
// those warnings; the entries that were given stay as they are.
func Duplicates(list []*Entry) []*Entry {
	first := make(map[string]int, len(list))
	same := make(map[int][]int) // by the first of a title, the others of it
	for i := range list {
		title := plainTitle(list[i].Title)
		if at, seen := first[title]; seen && title != "" {
			same[at] = append(same[at], i)
		} else {
			first[title] = i
		}
	}
	if len(same) == 0 {
		return list
	}
	list = slices.Clone(list)
	for at, rest := range same {
		all := append([]int{at}, rest...)
		for _, i := range all {
			k := slices.IndexFunc(all, func(k int) bool { return k != i && alike(list[i], list[k]) })
			if k >= 0 {
				list[i] = list[i].doubled(list[all[k]])
			}
		}
	}
	return list
}

// doubled returns e with the warning that o looks like it.
func (e Entry) doubled(o *Entry) *Entry {
	e.Warnings = append(slices.Clip(e.Warnings), Warning{
		Code: WarnDuplicate, At: e.Origin,
		Words: fmt.Sprintf("it looks like a duplicate of %s: the same title, and possibly the same date. Change one of the titles, or link the two", o.ID),
	})
	return &e
}

// alike reports whether two events of the same title may be one.
func alike(a, b *Entry) bool {
	off := func(e *Entry) bool { return e.Status.CalledOff() || e.Status == event.Superseded }
	linked := func(x, y *Entry) bool {
		return slices.ContainsFunc(x.Links, func(l event.Link) bool { return l.To == y.ID })
	}
	if off(a) || off(b) || linked(a, b) || linked(b, a) || a.Place != "" && b.Place != "" && !prose.SameWord(a.Place, b.Place) {
		return false
	}
	_, fits := a.Window.Intersect(b.Window)
	return fits
}

// plainTitle returns the letters and digits of a title as they are compared.
func plainTitle(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, prose.Fold(s))
}
