package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// digestItem returns the item of the digest d that was due at due, as it reads at
// now. ok is false where it has nothing to say.
func digestItem(sv notice.Survey, d Digest, install string, due time.Time) (notice.Item, bool, error) {
	m, ok := sv.Write()
	if !ok && !d.Empty {
		return notice.Item{}, false, nil
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return notice.Item{}, false, err
	}
	n := notice.Notice{Kind: notice.Digest, Due: due.UTC(), Expires: due.Add(24 * time.Hour).UTC()}
	n.Key = notice.RecurringKey(d.Name, n.Due.Format(time.RFC3339))
	it := notice.Item{Key: notice.ItemKey(install, n.Key, d.To), Notice: n, Channel: d.To, Payload: payload}
	it.Become(notice.Pending, sv.Now, "planned")
	return it, true, nil
}

// survey returns what the digest d tells at now: of what is to come, and of what changed
// behind the change numbered since.
func survey(tx *store.Tx, s *Settings, d Digest, all []*agenda.Entry, since uint64, now time.Time) (notice.Survey, error) {
	list := d.Match.Select(agenda.At(all, now))
	today := civil.DateOf(now, s.Location)
	agenda.Sort(list, today)
	sv := notice.Survey{Name: d.Name, Entries: list, Sources: s.Sources, Now: now, Last: covered(today, d.Covers), PublicURL: s.PublicURL}
	began, err := stood(tx, since)
	if err != nil {
		return sv, err
	}
	for _, b := range began {
		e, ok := find(all, b.event)
		if !ok || !d.Match.Match(&e) {
			continue
		}
		changes, err := changesSince(tx, e, b.revision, e.Revision, b.window)
		if err != nil {
			return sv, fmt.Errorf("event %q: %w", b.event, err)
		}
		if len(changes) > 0 {
			sv.Changed = append(sv.Changed, notice.Happened{Entry: e, Changes: changes})
		}
	}
	return sv, nil
}

// standing is how an event stood.
type standing struct {
	event    string
	revision int         // 0 before it was known
	window   when.Window // the zero Window where that is what the revision says
}

// stood returns how the events stood that changed or moved behind the change numbered since, in
// the order in which they first did.
func stood(tx *store.Tx, since uint64) (out []standing, err error) {
	known := make(map[string]bool)
	add := func(s standing) {
		if !known[s.event] {
			known[s.event], out = true, append(out, s)
		}
	}
	records, err := tx.Changes(since, math.MaxInt)
	if err != nil {
		return nil, err
	}
	for _, c := range records {
		if !c.Rules {
			add(standing{event: c.Event, revision: c.Revision - 1})
		}
		moves, err := tx.Moves(c.Seq)
		if err != nil {
			return nil, err
		}
		for _, m := range moves {
			add(standing{m.Event, m.Revision, m.Was})
		}
	}
	return out, nil
}

// covered returns the last day that a digest from today on speaks of.
func covered(today civil.Date, l notice.Lead) civil.Date {
	switch l.Unit {
	case notice.Weeks:
		return today.AddDays(7 * l.N)
	case notice.Months:
		return today.AddMonths(l.N)
	}
	return today.AddDays(l.N)
}

// WriteDigest records the digest d that is due at due, as it reads at now, once. It works
// by the settings of the last reading.
func (c *Calendar) WriteDigest(d Digest, due, now time.Time) error {
	s := c.view.settings
	seen, err := c.view.in(d.To)
	if err != nil {
		return fmt.Errorf("digest %q: %w", d.Name, err)
	}
	err = c.db.Update(func(tx *store.Tx) error {
		since, err := d.since(tx)
		if err != nil {
			return err
		}
		if err := d.done(tx, due); err != nil {
			return err
		}
		sv, err := survey(seen.eyes.through(tx), s, d, seen.entries, since, now)
		if err != nil {
			return err
		}
		it, ok, err := digestItem(sv, d, c.db.Install(), due)
		if err != nil || !ok {
			return err
		}
		if _, there, err := tx.Item(it.Key); err != nil || there {
			return err
		}
		return tx.PutItem(it)
	})
	if err != nil {
		return fmt.Errorf("digest %q: %w", d.Name, err)
	}
	return nil
}

// since returns the number of the last change that the digest told of. One that is new
// begins with what changes from now on.
func (d Digest) since(tx *store.Tx) (uint64, error) {
	text, err := tx.Meta(toldKey(d.Name))
	if err != nil || text == "" {
		last, lastErr := tx.LastChange()
		return last, errors.Join(err, lastErr)
	}
	return strconv.ParseUint(text, 10, 64)
}

// done records that the digest that was due at due is dealt with, and what it told of.
func (d Digest) done(tx *store.Tx, due time.Time) error {
	if err := tx.PutMeta(digestKey(d.Name), due.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	return d.begin(tx)
}

// begin records that the digest has told of all that changed until now.
func (d Digest) begin(tx *store.Tx) error {
	last, err := tx.LastChange()
	if err != nil {
		return err
	}
	return tx.PutMeta(toldKey(d.Name), strconv.FormatUint(last, 10))
}

// beginDigests lets every digest that is new begin with what changes from now on.
func beginDigests(tx *store.Tx, digests []Digest) error {
	for _, d := range digests {
		text, err := tx.Meta(toldKey(d.Name))
		if err != nil {
			return err
		}
		if text == "" {
			if err := d.begin(tx); err != nil {
				return err
			}
		}
	}
	return nil
}

// LastDigest returns when the digest called name was last due and dealt with, UTC; zero is
// never.
func (c *Calendar) LastDigest(name string) (time.Time, error) {
	var text string
	err := c.db.View(func(tx *store.Tx) (err error) {
		text, err = tx.Meta(digestKey(name))
		return err
	})
	if err != nil || text == "" {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, text)
}

// digestKey is where the store keeps when a digest was last due.
func digestKey(name string) string { return "digest " + name }

// toldKey is where the store keeps what a digest has told of.
func toldKey(name string) string { return "digest told " + name }
