package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/notice"
	"attache/internal/store"
)

// Outlook is what reading the files now would do.
type Outlook struct {
	Stories        []change.Story // what it changes, and what follows, one for each event that was edited
	Notices        []Outcome      // in the order in which they are due
	Contradictions []Torn         // that stand afterwards
}

// Outcome is what would become of one notice.
type Outcome struct {
	Planned
	Do  Deed
	Was time.Time // UTC; when it was due before, zero where it was not
}

// Deed is what would be done with a notice.
type Deed string

// What can be done with a notice.
const (
	Send     Deed = "send"     // it is planned
	Move     Deed = "move"     // it was planned for another instant
	Withdraw Deed = "withdraw" // it was planned and is not any more
)

// Torn is a contradiction of an event.
type Torn struct {
	Event      string
	Title      string
	Statements []string
}

// Look returns what reading c at now would do to the database in folder: a copy of it is
// read, from the running daemon where there is one, and nothing of it is kept.
func Look(ctx context.Context, c *config.Config, folder string, now time.Time) (Outlook, error) {
	s, err := settle(c, nil)
	if err != nil {
		return Outlook{}, err
	}
	tmp, err := os.MkdirTemp("", "attache-plan-")
	if err != nil {
		return Outlook{}, fmt.Errorf("plan: %w", err)
	}
	defer os.RemoveAll(tmp)
	db, err := copied(ctx, folder, tmp, now)
	if err != nil {
		return Outlook{}, fmt.Errorf("plan: %w", err)
	}
	defer db.Close()
	return outlook(db, s, now)
}

// copied opens a copy of the database in folder, or an empty one where there is none yet.
func copied(ctx context.Context, folder, tmp string, now time.Time) (*store.DB, error) {
	if _, err := os.Stat(Database(folder)); errors.Is(err, fs.ErrNotExist) {
		return store.New(store.Memory(), store.Options{})
	}
	path := filepath.Join(tmp, databaseName)
	if _, err := Backup(ctx, folder, path, 0, now); err != nil {
		return nil, err
	}
	return store.Open(path, store.Options{Now: func() time.Time { return now }})
}

// outlook reads s into db and returns what that did.
func outlook(db *store.DB, s *settings, now time.Time) (Outlook, error) {
	before, _, err := waiting(db)
	if err != nil {
		return Outlook{}, err
	}
	b := &book{db: db, unseen: true}
	r, err := b.apply(s, now, func() {})
	if err != nil {
		return Outlook{}, err
	}
	after, texts, err := waiting(db, func(tx *store.Tx, it notice.Item) (string, error) {
		m, err := writeNotice(tx, s, it.Notice, r.entries, latest(it.Notice.Due, now))
		return m.Whole(), err
	})
	if err != nil {
		return Outlook{}, err
	}
	out := Outlook{Stories: r.stories, Notices: compare(before, after, texts)}
	if r.first {
		out.Stories = news(r.entries, civil.DateOf(now, s.location()))
	}
	for _, e := range r.entries {
		for _, set := range e.Contradictions {
			out.Contradictions = append(out.Contradictions, Torn{e.ID, e.Title, set})
		}
	}
	return out, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// waiting returns what waits in the outbox, by key, and what write says of each.
func waiting(db *store.DB, write ...func(*store.Tx, notice.Item) (string, error)) (items map[string]notice.Item, texts map[string]string, err error) {
	items, texts = make(map[string]notice.Item), make(map[string]string)
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

// compare returns what became of the notices that waited, and which are new: one for all
// its channels.
func compare(before, after map[string]notice.Item, texts map[string]string) []Outcome {
	var gone []notice.Item
	for k, it := range before {
		if _, still := after[k]; !still {
			gone = append(gone, it)
		}
	}
	byKey := func(a, b notice.Item) int { return cmp.Compare(a.Key, b.Key) }
	slices.SortFunc(gone, byKey)
	var out []Outcome
	for k, it := range after {
		o := Outcome{Planned: planOf(it, texts[k]), Do: Send}
		old, was := before[k]
		if i := slices.IndexFunc(gone, func(g notice.Item) bool { return replaces(it, g) }); !was && i >= 0 {
			old, was = gone[i], true
			gone = slices.Delete(gone, i, i+1)
		}
		switch {
		case was && old.Notice.Due.Equal(it.Notice.Due) && old.Notice.Target == it.Notice.Target:
			continue
		case was:
			o.Do, o.Was = Move, old.Notice.Due.UTC().Truncate(time.Second)
		}
		out = append(out, o)
	}
	for _, it := range gone {
		out = append(out, Outcome{Planned: planOf(it, ""), Do: Withdraw, Was: it.Notice.Due.UTC().Truncate(time.Second)})
	}
	return together(out)
}

// replaces reports whether it is the notice that g was before its date moved.
func replaces(it, g notice.Item) bool {
	return it.Notice.Event == g.Notice.Event && it.Channel == g.Channel && it.Notice.SameRung(g.Notice)
}

func planOf(it notice.Item, text string) Planned {
	return Planned{
		Due: it.Notice.Due.UTC().Truncate(time.Second), Event: it.Notice.Event, Notice: it.Notice.Kind, Lead: it.Notice.Lead,
		Key: it.Notice.Key, To: []string{it.Channel}, Text: text,
	}
}

// together makes one of what happens to the same notice in several channels, and sorts.
func together(list []Outcome) []Outcome {
	slices.SortFunc(list, func(a, b Outcome) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Notice, b.Notice),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Do, b.Do), a.Was.Compare(b.Was), slices.Compare(a.To, b.To))
	})
	var out []Outcome
	for _, o := range list {
		if n := len(out) - 1; n >= 0 && out[n].Key == o.Key && out[n].Do == o.Do && out[n].Was.Equal(o.Was) {
			out[n].To = append(out[n].To, o.To...)
			continue
		}
		out = append(out, o)
	}
	return out
}

// news returns the stories of a reading of files that nobody read before: there every
// event is new.
func news(list []agenda.Entry, today civil.Date) []change.Story {
	var shifts []change.Shift
	for _, e := range list {
		shifts = append(shifts, change.Shift{New: stateNow(e), Edited: true})
	}
	return change.Stories(shifts, today)
}
