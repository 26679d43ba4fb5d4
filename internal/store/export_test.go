package store

import "strconv"

// What tests of the package from outside need of its inside.
var (
	OpenBolt   = openBolt
	CheckPages = checkPages
)

// PutSchema says that db has the layout n.
func PutSchema(db *DB, n int) error {
	return db.Update(func(tx *Tx) error { return tx.putOwn(schemaKey, strconv.Itoa(n)) })
}
