// Package dispatch sends what the outbox holds, each notice once.
//
// A due notice is claimed, sent and recorded. Claiming writes the state sending
// and the text into the outbox before the first byte leaves; an outbox that
// can't be written therefore sends nothing. What a sender says of an attempt
// decides what becomes of the item:
//
//	pending ──► sending ──► sent ──(sent again once)──► copies are swept away
//	   ▲           ├──► pending   certainly not sent, rate limited, parked
//	   │           ├──► dead      refused twice, expired, dropped
//	   │           └──► unknown   it may have arrived
//	   └─ not found ─────┴──► sent, where the channel's history has its key
//
// # Invariants
//
//   - Nothing in doubt is sent again before it was looked for in the channel's
//     history under its key, twice; every attempt has the same key and text.
//   - Every item ends sent, superseded or dead with a reason.
//   - A channel has one worker. Items of one event leave in the order in which
//     they were due: what is being retried or in doubt keeps the later ones back.
//   - The outbox is the truth. In memory are only how fast a channel may be used,
//     what it waits for, and which items are being retried; Recover brings back
//     what of that matters.
//
// # Decisions
//
// Workers are goroutines that live for one pass over what is due in their
// channel, so that an idle dispatcher has none. A pass ends at the first result
// that leaves its item unfinished, and a new scan decides what is next: order
// then needs no bookkeeping beyond the items that are open.
//
// Waits are measured on the monotonic clock, so that a step of the wall clock
// neither shortens the pause a receiver asked for nor stretches it. The instant
// from which history is read is told by the receiver's clock, as ours may be
// hours off; while that is unknown, it is put early rather than late.
//
// An item held because history can't be read keeps nothing else back: a reminder
// that may have arrived is no reason to miss the next one.
package dispatch
