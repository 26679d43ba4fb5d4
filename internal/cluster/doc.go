// Package cluster keeps the log of an installation where its machines can reach it, and says
// which of them leads.
//
// A log is a [store.Log]: entries with numbers, and the newest snapshot. What makes one is the
// fence: an entry is taken only from the machine that leads, and each number only once. So there
// are never two machines that record, however long one of them slept or was cut off: what it
// adds afterwards is refused.
//
// No clock of one machine is compared with that of another. A lease is counted by whoever keeps
// the log; the machine that leads only measures, by its own monotonic clock, how long ago it
// began to ask for what was confirmed last.
package cluster
