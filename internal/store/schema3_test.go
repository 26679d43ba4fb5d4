package store

import (
	"errors"
	"strconv"
	"testing"

	"attache/internal/notice"
	"attache/internal/when"
)

// TestUpgrade_FromSchema2 looks for what a revision moved along where schema 2 had it: in the
// notices of the change.
func TestUpgrade_FromSchema2(t *testing.T) {
	t.Parallel()
	db, err := Temporary("")
	if err != nil {
		t.Fatal(err)
	}
	moved := []notice.Follow{{Event: "talks", Was: when.Window{Precision: when.None}}}
	err = db.Update(func(tx *Tx) error {
		for key, n := range map[string]notice.Notice{
			"a": {Event: "visit", Kind: notice.Changed, From: 2, To: 3, Follows: moved},
			"b": {Event: "visit", Kind: notice.Changed, From: 3, To: 4},
			"c": {Event: "visit", Kind: notice.Card},
		} {
			if err := tx.PutItem(notice.Item{Key: key, Channel: "#dates", State: notice.Pending, Notice: n}); err != nil {
				return err
			}
		}
		return tx.putOwn(schemaKey, "2")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(err, db.Update(func(tx *Tx) error { return tx.remove(changingBucket, []byte("b")) })); err != nil {
		t.Fatal(err)
	}
	db.schema = 2
	if err := db.upgrade(steps()[:2]); err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *Tx) error {
		for n, want := range map[int]int{2: 0, 3: 1, 4: 0} {
			list, _, err := get[[]storedFollow](tx, ledBucket, revisionKey("visit", n))
			got := convert(list, storedFollow.follow)
			if err != nil || len(got) != want || want > 0 && got[0] != moved[0] {
				t.Errorf("revision %d led %+v, %v", n, got, err)
			}
		}
		return nil
	})
	if err := errors.Join(err, db.upgrade(steps()), db.Check()); err != nil {
		t.Error(err)
	}
	expect(t, db, map[string]string{schemaKey: strconv.Itoa(schema)})
}
