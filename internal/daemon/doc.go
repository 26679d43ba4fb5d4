// Package daemon joins the rooms of attache into one program: it reads the
// configuration, keeps the store in step with it, plans what has to be said,
// publishes the feeds and pages, and drives all of it by the clock.
//
// It is the only package that knows all adapters; they know the domain and not
// each other. A reading of the files is one act: everything that can fail is
// done first, then one transaction records the revisions with the notices that
// follow from them and the feeds, then the new state is shown. A reading that
// fails changes nothing: the last good state stays, and the verdict says so.
//
// There is no package state: two daemons run in one process.
package daemon
