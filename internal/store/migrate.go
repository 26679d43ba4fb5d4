package store

import (
	"errors"
	"fmt"
	"strconv"
)

// steps lists what makes each schema of the one before it, from the first on.
func steps() []func(*Tx) error { return []func(*Tx) error{typedOutbox, changesApart, movesApart} }

// upgrade takes the steps that lead on from the schema of the database, in one update.
func (db *DB) upgrade(steps []func(*Tx) error) error {
	from, to := db.schema, len(steps)+1
	if from >= to {
		return nil
	}
	err := db.Update(func(tx *Tx) error {
		for n := from; n < to; n++ {
			if err := steps[n-1](tx); err != nil {
				return fmt.Errorf("to schema %d: %w", n+1, err)
			}
		}
		return tx.putOwn(schemaKey, strconv.Itoa(to))
	})
	if err != nil {
		return fmt.Errorf("bring %s on from schema %d: %w", db.path, from, err)
	}
	db.schema = to
	return nil
}

// keepOlder keeps a copy of a database of an older schema beside it, as it is.
func (db *DB) keepOlder() error {
	if db.schema >= schema {
		return nil
	}
	aside := fmt.Sprintf("%s.schema-%d", db.path, db.schema)
	f, err := newFile(aside)
	if err == nil {
		err = errors.Join(db.bolt.copyTo(f, func(*boltTx) error { return nil }), f.Close())
	}
	if err != nil {
		return fmt.Errorf("keep a copy of %s as it was in schema %d: %w", db.path, db.schema, err)
	}
	return nil
}
