// Package daemon is the process: it reads the files, opens the store and its address, and
// drives the calendar by the clock until it is told to stop. What a date is, what follows
// and what is told is decided in package calendar; here are goroutines, sockets and
// signals, and who waits for them.
//
// A reading of the files is one act. Everything that can fail is done first, then one
// transaction records what changed, then one new state (settings, senders, view and
// verdict) takes the place of the old. A reading that fails changes nothing but the
// verdict: the last good state stays.
//
// Who holds which lock: changing is held by whoever changes the calendar, one at a time;
// no request waits for it. committing is held for the moment in which a reading becomes
// durable; only sending waits for it. Every goroutine is started by Start, in running,
// and Stop waits for it.
//
// There is no package state: two daemons run in one process.
//
//	d, err := daemon.New(daemon.Options{ConfigPath: path, Env: os.Getenv, Out: os.Stdout, Log: log, Now: time.Now})
//	if err == nil {
//		err = d.Start(ctx)
//	}
//	…
//	err = d.Stop(ctx)
package daemon
