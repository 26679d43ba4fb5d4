package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/notice"
	"attache/internal/store"
)

// Rehearse does in db, which is a copy that nobody needs, what Apply would do at now. The
// view of it tells what people would be shown; its feeds are not kept.
func Rehearse(db *store.DB, s *Settings, now time.Time) (Applied, error) {
	c := &Calendar{db: db}
	out, err := c.Apply(s, now, nil)
	if err != nil {
		return Applied{}, err
	}
	v := out.View
	p := publisher{s: v.settings, now: now, context: v.settings.context()}
	err = db.View(func(tx *store.Tx) error {
		items, _, err := p.items(tx, v.entries)
		ed := newEdition(v.settings, items, p.context, now)
		ed.of = func(Feed) *edition { return ed }
		v.edition = func() *edition { return ed }
		return err
	})
	return out, err
}

// Plan is what a reading would do.
type Plan struct {
	Stories        []change.Story // what it changes, and what follows, one for each event that was edited
	Notices        []Outcome      // in the order in which they are due
	Contradictions []Contradiction
	Unsettled      []Unsettled // what people said that is in no file then
}

// Outcome is what would become of one notice.
type Outcome struct {
	Planned
	Do  Action
	Was time.Time // UTC; when it was due before, zero where it was not
}

// Action is what would be done with a notice.
type Action string

// What can be done with a notice.
const (
	Send     Action = "send"     // it is planned
	Move     Action = "move"     // it was planned for another instant
	Withdraw Action = "withdraw" // it was planned and is not any more
)

// Contradiction is a set of statements of an event that cannot all hold.
type Contradiction struct {
	Event      string
	Statements []string
}

// PlanOf returns what reading s at now would do to db, which is a copy that nobody needs.
func PlanOf(db *store.DB, s *Settings, now time.Time) (Plan, error) {
	return PlanOfAnswer(db, s, now, func() (Applied, error) { return Rehearse(db, s, now) })
}

// PlanOfAnswer returns what do changes in db, which is a copy that nobody needs.
func PlanOfAnswer(db *store.DB, s *Settings, now time.Time, do func() (Applied, error)) (Plan, error) {
	before, _, err := waiting(db)
	if err != nil {
		return Plan{}, err
	}
	r, err := do()
	if err != nil {
		return Plan{}, err
	}
	list := r.View.entries
	after, texts, err := waiting(db, func(tx *store.Tx, it notice.Item) (notice.Message, error) {
		at := it.Notice.Due
		if at.Before(now) {
			at = now
		}
		seen, err := r.View.in(it.Channel)
		if err != nil {
			return notice.Message{}, err
		}
		return writeNotice(seen.eyes.through(tx), s, it, seen.entries, at)
	})
	if err != nil {
		return Plan{}, err
	}
	out := Plan{Stories: r.Stories, Notices: compare(before, after, texts, now)}
	if r.First {
		out.Stories = news(list, civil.DateOf(now, s.Location))
	}
	for _, e := range list {
		for _, set := range e.Contradictions {
			out.Contradictions = append(out.Contradictions, Contradiction{e.ID, set})
		}
	}
	out.Unsettled, err = r.View.Unsettled()
	return out, err
}

// waiting returns what waits in the outbox, by key, and what write says of each.
func waiting(db *store.DB, write ...func(*store.Tx, notice.Item) (notice.Message, error)) (items map[string]notice.Item, texts map[string]notice.Message, err error) {
	items, texts = make(map[string]notice.Item), make(map[string]notice.Message)
	err = db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			if it.State != notice.Pending || it.Notice.Kind == notice.Card || it.Notice.Event == "" {
				return nil
			}
			items[it.Key] = it
			for _, w := range write {
				text, err := w(tx, it)
				if err != nil {
					return fmt.Errorf("event %q: %w", it.Notice.Event, err)
				}
				texts[it.Key] = text
			}
			return nil
		})
	})
	return items, texts, err
}

// compare returns what became of the notices that waited at now, and which are new: one for all
// its channels, and with a change what is told with it.
func compare(before, after map[string]notice.Item, texts map[string]notice.Message, now time.Time) []Outcome {
	var gone []notice.Item
	for k, it := range before {
		if _, still := after[k]; !still {
			gone = append(gone, it)
		}
	}
	byKey := func(a, b notice.Item) int { return cmp.Compare(a.Key, b.Key) }
	slices.SortFunc(gone, byKey)
	with, told := acts(after, now)
	found := make(map[string]Outcome)
	for k, it := range after {
		old, was := before[k]
		if i := slices.IndexFunc(gone, func(g notice.Item) bool { return replaces(it, g) }); !was && i >= 0 {
			old, was = gone[i], true
			gone = slices.Delete(gone, i, i+1)
		}
		o := Outcome{Planned: planOf(it, with[k], texts), Do: Send}
		switch {
		case was && old.Notice.Due.Equal(it.Notice.Due) && old.Notice.Target == it.Notice.Target:
			continue
		case was:
			o.Do, o.Was = Move, old.Notice.Due.UTC().Truncate(time.Second)
		}
		found[k] = o
	}
	var out []Outcome
	for k, o := range found {
		if _, within := found[told[k]]; !within {
			out = append(out, o)
		}
	}
	for _, it := range gone {
		out = append(out, Outcome{Planned: planOf(it, nil, nil), Do: Withdraw, Was: it.Notice.Due.UTC().Truncate(time.Second)})
	}
	return together(out)
}

// acts returns, by the key of a change, which items it tells besides, and by theirs which change
// that is: of what is due by now, or later at one instant, as the daemon finds it.
func acts(items map[string]notice.Item, now time.Time) (with map[string][]*notice.Item, told map[string]string) {
	due := make(map[time.Time][]notice.Item)
	for _, k := range slices.Sorted(maps.Keys(items)) {
		it := items[k]
		at := it.Notice.Due.UTC()
		if at.Before(now) {
			at = now.UTC()
		}
		due[at] = append(due[at], it)
	}
	with, told = make(map[string][]*notice.Item), make(map[string]string)
	for _, queue := range due {
		of := notice.Acts(queue)
		for i, it := range queue {
			if c, ok := of[it.Key]; ok {
				with[c], told[it.Key] = append(with[c], &queue[i]), c
			}
		}
	}
	return with, told
}

// replaces reports whether it is the notice that g was before its date moved.
func replaces(it, g notice.Item) bool {
	return it.Notice.Event == g.Notice.Event && it.Channel == g.Channel && it.Notice.SameRung(g.Notice)
}

// planOf returns an item as it would be sent, when its message tells with besides.
func planOf(it notice.Item, with []*notice.Item, texts map[string]notice.Message) Planned {
	p := Planned{
		Due: it.Notice.Due.UTC().Truncate(time.Second), Event: it.Notice.Event, Notice: it.Notice.Kind, Lead: it.Notice.Lead,
		Key: it.Notice.Key, To: []string{it.Channel}, Text: notice.Told(append([]*notice.Item{&it}, with...), texts)[0].Whole(),
	}
	for _, w := range with {
		p.With = append(p.With, w.Notice.Kind)
	}
	return p
}

// together makes one of what happens to the same notice in several channels, and sorts.
func together(list []Outcome) []Outcome {
	slices.SortFunc(list, func(a, b Outcome) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Notice, b.Notice),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Do, b.Do), a.Was.Compare(b.Was), slices.Compare(a.With, b.With), slices.Compare(a.To, b.To))
	})
	var out []Outcome
	for _, o := range list {
		if n := len(out) - 1; n >= 0 && out[n].Key == o.Key && out[n].Do == o.Do && out[n].Was.Equal(o.Was) && slices.Equal(out[n].With, o.With) {
			out[n].To = append(out[n].To, o.To...)
			continue
		}
		out = append(out, o)
	}
	return out
}

// news returns the stories of a reading of files that nobody read before: there every
// event is new.
func news(list []*agenda.Entry, today civil.Date) []change.Story {
	var shifts []change.Shift
	for _, e := range list {
		shifts = append(shifts, change.Shift{New: stateNow(*e), Edited: true})
	}
	return change.Stories(shifts, today)
}
