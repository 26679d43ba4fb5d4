// Package dispatch sends what the outbox holds, each notice once.
//
// A due notice is claimed, sent and recorded. Claiming writes the state sending
// and the text into the outbox before the first byte leaves; an outbox that
// can't be written therefore sends nothing. What a sender says of an attempt
// decides what becomes of the item:
//
//	pending ──► sending ──► sent ──(sent again once)──► copies are swept away
//	   ▲           ├──► pending   certainly not sent, rate limited, blocked
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
// # Names of channels
//
// A channel can have two names here, its name and its id, and nobody may know before something
// is sent that they are one. While the id of a name with something due is not known, an id to
// which nothing was sent waits; after that, what is told under the one is superseded under the
// other.
//
// # Cards
//
// Where a sink can change what it posted, each event has one card in each channel: the
// message that always shows its current state. It is an item of the outbox of its own,
// of the kind card, which says where the card is, which revision it shows and which one
// it is to show; the transaction that revises an event makes it due.
//
//   - The first notice about an event in a channel is sent as a message of its own and
//     becomes the card. It reads as that notice does until its words no longer hold
//     (tomorrow is another day) or something else is said, and shows the card from then
//     on. So nothing is posted that calls nobody, and the first alert is not two messages.
//     What it said of a change, why and what follows stays on the card in small print.
//   - What is said later is a reply to the card and shown in the channel, too: an edit
//     notifies nobody, and a reply alone only those who follow the thread, so that a
//     reminder would be missed. A change of title or place alone stays in the thread.
//   - A digest is about several events and belongs to no card; it makes none.
//   - To change a message again does no harm. So a change in doubt is repeated until it is
//     sure, and once more some time after that, since the doubtful one may arrive late.
//     It shows what is so when it is sent: the latest revision wins, whatever was
//     answered to an older one. It keeps no notice back, and waits for all of them.
//   - A card whose message is gone, or can't be changed any more, is posted anew under a
//     new key if there is something new to show; else the next notice makes a new one, so
//     that what a person took away does not come back by itself.
//   - A reply whose parent is gone is shown by Slack as a message of its own, without a
//     word. It becomes the card, and the next replies go to it.
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
// A change and what it brought about go out as one message, since they come of one act of a
// person. So do questions of the same kind, what is to be said of one event in several respects,
// and more than a few items that are due at once in a channel. Those that remind of what begins
// within two hours are not among them, unless there are many of these, too.
//
// What was due before a run began is looked for before it is sent, once: an outbox that
// was put back from a copy does not know what was sent after the copy was made.
//
// What arrived is looked for once more a quarter of an hour later, and reported where it
// is not there; nothing is sent again for that, since a person may have deleted it.
//
// An item held because history can't be read keeps nothing else back: a reminder
// that may have arrived is no reason to miss the next one.
package dispatch
