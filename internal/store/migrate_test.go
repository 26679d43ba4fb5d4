package store

import (
	"errors"
	"strconv"
	"testing"
)

func TestUpgrade(t *testing.T) {
	t.Parallel()
	step := func(name string) func(*Tx) error {
		return func(tx *Tx) error {
			done, err := tx.Meta("steps")
			return errors.Join(err, tx.PutMeta("steps", done+name))
		}
	}
	wrong := errors.New("wrong")
	fail := func(*Tx) error { return wrong }
	for name, c := range map[string]struct {
		from   int
		steps  []func(*Tx) error
		err    error
		schema int
		done   string
	}{
		"nothing to do":           {1, nil, nil, 1, ""},
		"from the first":          {1, []func(*Tx) error{step("a"), step("b")}, nil, 3, "ab"},
		"from a later one":        {2, []func(*Tx) error{step("a"), step("b"), step("c")}, nil, 4, "bc"},
		"a step that fails":       {1, []func(*Tx) error{step("a"), fail}, wrong, 1, ""},
		"already beyond the last": {3, []func(*Tx) error{step("a")}, nil, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := Temporary("")
			if err == nil {
				err = db.Update(func(tx *Tx) error { return tx.putOwn(schemaKey, strconv.Itoa(c.from)) })
			}
			if err != nil {
				t.Fatal(err)
			}
			db.schema = c.from
			if err := db.upgrade(c.steps); !errors.Is(err, c.err) {
				t.Errorf("%v", err)
			}
			expect(t, db, map[string]string{schemaKey: strconv.Itoa(c.schema), "steps": c.done})
			if db.schema != c.schema {
				t.Errorf("it takes itself for schema %d", db.schema)
			}
		})
	}
}

// expect says where meta is not as it has to be.
func expect(t *testing.T, db *DB, want map[string]string) {
	t.Helper()
	err := db.View(func(tx *Tx) error {
		for key, value := range want {
			if got, err := tx.Meta(key); got != value || err != nil {
				t.Errorf("%s is %q, %v, want %q", key, got, err, value)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
