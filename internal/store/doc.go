// Package store keeps what attache knows in one file.
//
// The file is a bbolt database. One act of a person is one transaction: a revision, the
// notices that follow from it and the feeds are recorded together or not at all.
//
// # Layout
//
//	bucket        key                          value
//	meta          name                         text; store.… is the store's own: schema,
//	                                           install, owner, number of the last change, sums of buckets,
//	                                           place in the log
//	events        id                           number of the current revision, when it was created
//	revisions     id 0x00 number (4 bytes)     a whole revision; only ever appended
//	changes       sequence (8 bytes)           which event got which revision, or was moved by other rules
//	bases         id                           what the event's file said last
//	left          id                           the same of an event that has left its file
//	answered      id                           nothing: the events of which something is said that no file says
//	presses       name of an act of a person   what it did, for a day: it may be reported again
//	handled       id 0x00 channel              who in a channel has got what it was told of an event, or put it off
//	sources       key                          a source
//	outbox        item key                     a notice for one channel, and how far it has come;
//	                                           or the card of an event there, and what it shows
//	due           instant (8 bytes) item key   nothing: an index of outbox by when something is to be done
//	sending       item key                     nothing: an index of outbox by what is on its way
//	told          id 0x00 item key             nothing: an index of outbox by event
//	windows       id 0x00 number (4 bytes)     when a revision could be, as last worked out
//	publications  id                           SEQUENCE and DTSTAMP of what was published
//	feeds         name 0x00 m, p or g          a feed: its head, its text, its gzip
//	channels      name                         the receiver's id of a channel
//	tokens        id                           what opens a private feed: the SHA-256 of its secret
//	followed      name 0x00 m or b             a calendar of somebody else as it was last fetched: its head, its body
//	changing      item key                     nothing: an index of outbox by what waits to tell of a change
//	moves         id 0x00 sequence (8 bytes)   from when to when a change moved an event that was not revised
//	led           sequence (8 bytes) id        nothing: an index of moves by their changes
//	unsaid        id 0x00 channel              when an event could be as the channel was last told, where it moved
//	                                           since by too little to be told
//	heard         key of an act                what a person did elsewhere, until it is worked off
//
// Numbers in keys are big-endian, instants there are Unix nanoseconds with the sign
// bit turned, so that keys sort by time. Values are JSON of structs that nobody else
// sees, so that the domain can change without the file; golden files hold every
// shape there ever was. Civil dates stay text, instants are UTC.
//
// bbolt does not protect values, so every record begins with the version of its
// form and a checksum over bucket, key and content: a flipped bit, and a record that
// lies under another key, are damage that is named. No checksum of a record tells that
// it is gone, so every update also keeps for each bucket how many records there are
// and what their checksums add up to; both are compared with the records when the
// store is opened. The indexes are functions of the records; [DB.Check] makes them
// anew and compares.
//
// # Schemas
//
// The records say which schema they have; [Open] brings older ones on in one update,
// once a copy lies beside the database as NAME.schema-N, and refuses newer ones. What is
// opened for reading only, or with [Scratch], stays as it is: a private copy is brought on.
//
//   - 1: the first.
//   - 2: what is decided about an item of the outbox stands in fields. Schema 1 had it in
//     the beginning of the last error and in the history. That was cut at 40 entries, so
//     that after 19 failed tries nobody knew any more that a notice might have arrived, and
//     its copies were not looked for. Where a history was cut, the item counts as in doubt.
//   - 3: what a revision moved along is kept with it. Schema 2 had it in the notices alone, so
//     that the history lacked what nobody was told of; and it had no index of the changes that
//     wait to be told.
//   - 4: a move has its place in the history of the event that moved. Schema 3 had it, with a
//     revision, only for the event that moved it, and without where it went.
//
// # Files
//
// A database is first made under another name and then moved into its place, so that
// an empty file is never one of ours: bbolt would take it for a fresh one, and all
// that was ever sent would be sent again. Beside it lies a mark with the name of the
// installation, which tells a first start from a database that is gone, and a file
// that is locked for as long as the database is open, so that two first starts do not
// each make one.
//
// # The log
//
// Where several machines have one installation, the one that leads adds every update to a [Log]
// before it is durable in its own file, as one entry: what was put and deleted, and what the
// buckets came to. What is durable is what is in the log; a file that is behind it, as after a
// kill between the two, takes the rest from there when it is opened. The others apply the entries
// in order, see [Follow]: each names the one before it, and what the buckets come to is compared,
// so that no two machines can hold something else under one number. Indexes are not in the log but made
// anew from the records, and feeds by the calendar. Without a log none of this is done.
//
// A database belongs to the configuration that it was made for, see [Owner]: another one
// would withdraw all its events, and tell everybody. [Open] asks for no name, since
// whoever only copies or compacts has none; the daemon and its commands call [DB.Foreign].
package store
