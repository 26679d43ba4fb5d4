package notice

import (
	"slices"
	"strings"
)

// Acts returns the items of queue that a change brought about and that are told with it, by key:
// with the key of the change. What is said of the changed event itself is all told with it; of
// another event, what excludes it, what waited for it, and what fell due since it moved.
func Acts(queue []Item) map[string]string {
	out := make(map[string]string)
	for _, own := range []bool{true, false} { // the change of its own event goes first
		for _, c := range queue {
			if c.Notice.Kind != Changed || c.Attempts > 0 {
				continue
			}
			for _, it := range queue {
				_, told := out[it.Key]
				with := it.Notice.Event == c.Notice.Event
				if !own {
					with = it.Notice.cameOf(c.Notice)
				}
				if with && !told && it.Channel == c.Channel && it.Attempts == 0 && it.Notice.Kind != Changed && it.Notice.Kind != Card {
					out[it.Key] = c.Key
				}
			}
		}
	}
	return out
}

// cameOf reports whether the change c of another event brought n about.
func (n Notice) cameOf(c Notice) bool {
	tells := func(id string) bool {
		return id == c.Event || slices.ContainsFunc(c.Follows, func(f Follow) bool { return f.Event == id })
	}
	switch n.Kind {
	case Contradiction, Condition:
		return tells(n.Event) || slices.ContainsFunc(n.With, func(id string) bool { return id == c.Cause || tells(id) })
	case Reminder, Window:
		return tells(n.Event) && n.Due.Equal(c.Due)
	}
	return false
}

// Told returns the messages of items, texts by their keys: what a change brought about is told in
// that of the change.
func Told(items []*Item, texts map[string]Message) []Message {
	queue := make([]Item, len(items))
	for i, it := range items {
		queue[i] = *it
	}
	acts := Acts(queue)
	whole := make(map[string]Message)
	for _, it := range items {
		if c, ok := acts[it.Key]; ok {
			if _, begun := whole[c]; !begun {
				whole[c] = texts[c]
			}
			whole[c] = whole[c].with(texts[it.Key])
		}
	}
	var out []Message
	for _, it := range items {
		m, joined := whole[it.Key]
		switch _, member := acts[it.Key]; {
		case joined:
			out = append(out, m)
		case !member:
			out = append(out, texts[it.Key])
		}
	}
	return out
}

// with returns m, which tells of a change, with what o says because of it.
func (m Message) with(o Message) Message {
	if m.Event == o.Event && m.Date == o.Date {
		return m.and(o)
	}
	said := strings.TrimPrefix(o.Headline, dateMoved)
	if o.Date != "" {
		said += ", " + o.Date
	}
	m.Text = appendNew(slices.Clip(m.Text), said)
	return m.adding(o)
}
