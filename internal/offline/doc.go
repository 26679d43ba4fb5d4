// Package offline is a calendar whose daemon does not run: it answers commands from the
// files and the database, and backs up, restores and compacts the database, through the
// daemon where one does run after all.
//
// Questions about dates are answered by rehearsing a reading of the files on a copy of the
// database, so that they say what the daemon would; questions about what was recorded,
// changes and notices, are answered from the database itself.
package offline
