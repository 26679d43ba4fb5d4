package store

import (
	"fmt"
	"strconv"
	"strings"
)

// What tests of the package from outside need of its inside.
var (
	OpenBolt   = openBolt
	CheckPages = checkPages
	Buckets    = buckets
)

// PutSchema says that db has the layout n.
func PutSchema(db *DB, n int) error {
	return db.Update(func(tx *Tx) error { return tx.putOwn(schemaKey, strconv.Itoa(n)) })
}

// Dump gives every record of db as a line: bucket, key, content.
func Dump(db *DB) (lines []string, err error) {
	err = db.View(func(tx *Tx) error {
		for _, bucket := range buckets() {
			err := tx.scan(bucket, nil, func(k, content []byte) (bool, error) {
				lines = append(lines, fmt.Sprintf("%s %q %q", bucket, k, content))
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return lines, err
}

// Verify counts the records that r reads and compares their checksums.
func Verify(r Reader) error { return (&Tx{r: r}).verify() }

// Load puts the records that Dump gave into e.
func Load(e Engine, text string) error {
	return e.Update(func(w Writer) error {
		for line := range strings.Lines(text) {
			var bucket, key, content string
			if _, err := fmt.Sscanf(line, "%s %q %q", &bucket, &key, &content); err != nil {
				return fmt.Errorf("%s: %w", line, err)
			}
			if err := w.Put(bucket, []byte(key), seal(bucket, []byte(key), []byte(content))); err != nil {
				return err
			}
		}
		return nil
	})
}
