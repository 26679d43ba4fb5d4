package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// TestUpgrade_FromSchema3 gives events that moved the moves that schema 3 had only with the
// revisions that moved them.
func TestUpgrade_FromSchema3(t *testing.T) {
	t.Parallel()
	db, err := Temporary("")
	if err != nil {
		t.Fatal(err)
	}
	window := func(zone string) when.Window { return when.Window{Precision: when.None, Zone: zone} } // told apart by their zones
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	err = db.Update(func(tx *Tx) error {
		put := func(id string, n int) error {
			return tx.PutRevision(event.Revision{Event: event.Event{ID: id}, Number: n, At: at})
		}
		led := func(n int, was string) error {
			return tx.put(ledBucket, revisionKey("ruling", n), []storedFollow{{Event: "refund", Was: shapeWindow(window(was))}})
		}
		return errors.Join(
			put("ruling", 1), put("refund", 1),
			put("ruling", 2), led(2, "A"),
			put("ruling", 3), led(3, "B"), tx.PutWindow("refund", 1, window("C")),
			put("refund", 2),
			put("ruling", 4), led(4, "D"), tx.PutWindow("refund", 2, window("E")),
			tx.putOwn(schemaKey, "3"),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	db.schema = 3
	if err := errors.Join(db.upgrade(steps()), db.Check()); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	err = db.View(func(tx *Tx) error {
		moves, err := tx.MovesOf("refund")
		for _, m := range moves {
			got = append(got, fmt.Sprintf("change %d, revision %d: %s to %s", m.Seq, m.Revision, m.Was.Zone, m.Is.Zone))
			with, withErr := tx.Moves(m.Seq)
			if err = errors.Join(err, withErr); len(with) != 1 || with[0] != m {
				t.Errorf("change %d moved %+v", m.Seq, with)
			}
		}
		return err
	})
	want = []string{"change 3, revision 1: A to B", "change 4, revision 1: B to C", "change 6, revision 2: D to E"}
	if fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
		t.Errorf("got %q, want %q, %v", got, want, err)
	}
}
