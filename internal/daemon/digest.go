package daemon

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/store"
)

// digestSettings is one recurring digest.
type digestSettings struct {
	name   string
	spec   schedule.Spec
	to     string
	covers notice.Lead
	match  agenda.Filter
	empty  bool // it goes out even where there is nothing to say
}

// digestItem returns the item of the digest d that was due at due, as it reads at
// now. ok is false where it has nothing to say.
func digestItem(sv notice.Survey, d digestSettings, install string, due time.Time) (notice.Item, bool, error) {
	m, ok := sv.Write()
	if !ok && !d.empty {
		return notice.Item{}, false, nil
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return notice.Item{}, false, err
	}
	n := notice.Notice{Kind: notice.Digest, Due: due.UTC(), Expires: due.Add(24 * time.Hour).UTC()}
	n.Key = notice.RecurringKey(d.name, n.Due.Format(time.RFC3339))
	it := notice.Item{Key: notice.ItemKey(install, n.Key, d.to), Notice: n, Channel: d.to, Payload: payload}
	it.Become(notice.Pending, sv.Now, "planned")
	return it, true, nil
}

// survey returns what the digest d tells at now: of what is to come, and of what changed
// behind the change numbered since.
func survey(tx *store.Tx, s *settings, d digestSettings, all []agenda.Entry, since uint64, now time.Time) (notice.Survey, error) {
	list := d.match.Select(agenda.At(all, now))
	today := civil.DateOf(now, s.location())
	agenda.Sort(list, today)
	sv := notice.Survey{Name: d.name, Entries: list, Now: now, Last: covered(today, d.covers), PublicURL: s.publicURL}
	first := make(map[string]int)
	var order []string
	for {
		const most = 1000
		records, err := tx.Changes(since, most)
		if err != nil {
			return sv, err
		}
		for _, c := range records {
			since = c.Seq
			if _, known := first[c.Event]; !known {
				first[c.Event], order = c.Revision, append(order, c.Event)
			}
		}
		if len(records) < most {
			break
		}
	}
	for _, id := range order {
		e, ok := find(all, id)
		if !ok || !d.match.Match(e) {
			continue
		}
		changes, err := changesSince(tx, e, first[id]-1, e.Revision)
		if err != nil {
			return sv, fmt.Errorf("event %q: %w", id, err)
		}
		if len(changes) > 0 {
			sv.Changed = append(sv.Changed, notice.Happened{Entry: e, Changes: changes})
		}
	}
	return sv, nil
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

// digestNow records the digest d that is due at due, once.
func digestNow(db *store.DB, s *settings, d digestSettings, due, now time.Time) error {
	err := db.Update(func(tx *store.Tx) error {
		since, err := d.since(tx)
		if err != nil {
			return err
		}
		if err := d.done(tx, due); err != nil {
			return err
		}
		all, err := entries(tx, s, db.Domain())
		if err != nil {
			return err
		}
		sv, err := survey(tx, s, d, all, since, now)
		if err != nil {
			return err
		}
		it, ok, err := digestItem(sv, d, db.Install(), due)
		if err != nil || !ok {
			return err
		}
		if _, there, err := tx.Item(it.Key); err != nil || there {
			return err
		}
		return tx.PutItem(it)
	})
	if err != nil {
		return fmt.Errorf("digest %q: %w", d.name, err)
	}
	return nil
}

// since returns the number of the last change that the digest told of. One that is new
// begins with what changes from now on.
func (d digestSettings) since(tx *store.Tx) (uint64, error) {
	text, err := tx.Meta(toldKey(d.name))
	if err != nil || text == "" {
		last, lastErr := tx.LastChange()
		return last, errors.Join(err, lastErr)
	}
	return strconv.ParseUint(text, 10, 64)
}

// done notes that the digest that was due at due is dealt with, and what it told of.
func (d digestSettings) done(tx *store.Tx, due time.Time) error {
	if err := tx.PutMeta(digestKey(d.name), due.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	return d.begin(tx)
}

// begin notes that the digest has told of all that changed until now.
func (d digestSettings) begin(tx *store.Tx) error {
	last, err := tx.LastChange()
	if err != nil {
		return err
	}
	return tx.PutMeta(toldKey(d.name), strconv.FormatUint(last, 10))
}

// beginDigests lets every digest that is new begin with what changes from now on.
func (s *settings) beginDigests(tx *store.Tx) error {
	for _, d := range s.digests {
		text, err := tx.Meta(toldKey(d.name))
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

// lastDigest returns when the digest called name was last due and dealt with; zero
// is never.
func lastDigest(db *store.DB, name string) (time.Time, error) {
	var text string
	err := db.View(func(tx *store.Tx) (err error) {
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
