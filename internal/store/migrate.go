package store

import (
	"fmt"
	"strconv"
)

// steps lists what makes each schema of the one before it, from the first on.
// There is only one schema so far.
func steps() []func(*Tx) error { return nil }

// migrate takes the steps that lead on from the schema found, in one update. A
// copy of the database as it was is kept beside it before.
func (db *DB) migrate(found int, steps []func(*Tx) error) error {
	if found > len(steps) {
		return nil
	}
	if c, ok := db.engine.(copier); ok {
		if err := c.copyTo(fmt.Sprintf("%s.schema-%d", db.path, found), func(Reader) error { return nil }); err != nil {
			return fmt.Errorf("keeping a copy: %w", err)
		}
	}
	return db.Update(func(tx *Tx) error {
		for n := found; n <= len(steps); n++ {
			if err := steps[n-1](tx); err != nil {
				return fmt.Errorf("to schema %d: %w", n+1, err)
			}
		}
		return tx.putOwn(schemaKey, strconv.Itoa(len(steps)+1))
	})
}
