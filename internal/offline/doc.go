// Package offline is a calendar whose daemon does not run: it answers commands from the
// files and the database, and backs up, restores and compacts the database, through the
// daemon where one does run after all.
//
// Questions about dates are answered by rehearsing a reading of the files on a copy of the
// database, so that they say what the daemon would; questions about what was recorded,
// changes and notices, are answered from the database itself.
//
//	c := &offline.Calendar{Folder: folder, Path: path, Load: load, Now: now, Warn: warn}
//	defer c.Close()
//	list, err := c.List(ctx, calendar.Query{Now: now})
//
// Invariants:
//   - No answer writes to the database; retrying and dropping a notice do, and only while
//     no daemon has it.
//   - A backup gets its name only once it was opened, checked and compared.
//   - No answer tells of what only the database of another configuration holds.
//   - While a daemon has the database and does not answer, every error is store.ErrLocked.
package offline
