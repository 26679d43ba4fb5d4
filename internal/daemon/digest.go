package daemon

import (
	"encoding/json"
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/internal/when"
)

// digestSettings is one recurring digest.
type digestSettings struct {
	name   string
	spec   schedule.Spec
	to     string
	covers notice.Lead
	match  agenda.Filter
}

// digestItem gives the item of the digest d that was due at due, as it reads at
// now. ok is false where it has nothing to say.
func digestItem(list []agenda.Entry, s *settings, d digestSettings, install string, due, now time.Time) (notice.Item, bool, error) {
	loc := s.location()
	m, ok := notice.Coming(d.name, d.match.Select(list), now, covered(when.DateOf(now, loc), d.covers), s.publicURL)
	if !ok {
		return notice.Item{}, false, nil
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return notice.Item{}, false, fmt.Errorf("digest %q: %w", d.name, err)
	}
	n := notice.Notice{Kind: notice.Digest, Due: due.UTC(), Expires: due.Add(24 * time.Hour).UTC()}
	n.Key = notice.RecurringKey(d.name, n.Due.Format(time.RFC3339))
	it := notice.Item{Key: notice.ItemKey(install, n.Key, d.to), Notice: n, Channel: d.to, Payload: payload}
	it.Become(notice.Pending, now, "planned")
	return it, true, nil
}

// covered gives the last day that a digest from today on speaks of.
func covered(today when.Date, l notice.Lead) when.Date {
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
		if err := tx.PutMeta(digestKey(d.name), due.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		list, err := entries(tx, s, db.Domain())
		if err != nil {
			return err
		}
		agenda.Sort(list, when.DateOf(now, s.location()))
		it, ok, err := digestItem(list, s, d, db.Install(), due, now)
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

// lastDigest gives when the digest called name was last due and dealt with; zero
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
