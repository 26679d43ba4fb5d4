package store

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestAnOlderSchemaIsBroughtOnAndACopyKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attache.db")
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	step := func(name string) func(*Tx) error {
		return func(tx *Tx) error {
			done, err := tx.Meta("steps")
			return errors.Join(err, tx.PutMeta("steps", done+name))
		}
	}
	if err := db.migrate(1, []func(*Tx) error{step("a"), step("b")}); err != nil {
		t.Fatal(err)
	}
	if err := db.migrate(2, []func(*Tx) error{step("a"), step("b"), step("c")}); err != nil {
		t.Fatal(err)
	}
	expect(t, db, map[string]string{schemaKey: "4", "steps": "abbc"})
	old, err := Open(path+".schema-1", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	expect(t, old, map[string]string{schemaKey: "1", "steps": ""})
	if err := old.Check(); err != nil {
		t.Error(err)
	}
}

func TestAStepThatFailsLeavesTheSchemaAsItWas(t *testing.T) {
	db, err := New(Memory(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	steps := []func(*Tx) error{
		func(tx *Tx) error { return tx.PutMeta("steps", "a") },
		func(*Tx) error { return wrong },
	}
	if err := db.migrate(1, steps); !errors.Is(err, wrong) {
		t.Errorf("%v", err)
	}
	expect(t, db, map[string]string{schemaKey: "1", "steps": ""})
	if err := db.migrate(1, nil); err != nil {
		t.Errorf("with nothing to do: %v", err)
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
