// Package slack carries notices to Slack, and draws on a console what Slack
// would show.
//
// [Slack] posts, changes posts in place, looks them up again and deletes them. It decides nothing: it
// makes one attempt and says in a [notice.SendError] what is known of it.
// Whether to wait, look, repeat or give up is the outbox's business.
//
// What delivery rests on:
//
//   - One attempt is one HTTP request. Nothing repeats a request by itself: no
//     retries, no redirects, and no Idempotency-Key header, which Slack ignores
//     while net/http takes it as leave to send a POST again.
//   - A post succeeded only if Slack named its channel and ts. An attempt
//     certainly failed only if no byte of it can have left, or Slack gave a
//     reason that says so. All else is in doubt, unknown reasons too.
//   - A post carries its key as metadata, the same at every attempt, so that it
//     is found again. Metadata is readable by every member and app of the
//     workspace: it holds opaque names and a revision number, no words.
//   - A change gives the whole message again, since Slack takes the blocks away where it
//     is given text alone. A reply that stands by itself because its parent is gone is
//     told by the message that Slack answers with, and by nothing else.
//   - Instants in receipts and errors are by Slack's clock, from the Date
//     header, since looking up goes by Slack's clock too.
//   - The token appears in no error and no log line.
//
// What people press, fill in and write comes over a [Socket], which is kept up for as long as it
// runs, to a [Listener]. That gives each act one effect, and whoever did it an answer: see there
// for the order. What an act means is for a [Desk] to say. Where nobody listens nothing can be
// pressed. Payloads are read as far as they have the shape that they should have, and what is
// missing in one is as if it were empty.
//
// What a message looks like is decided by [Blocks], a function of the message
// alone. Text from elsewhere is cleaned of control characters, cut, and only
// then escaped, so that no cut goes through an entity; tokens such as links are
// put together of parts that have been cut already. Mentions and links come
// from the message's own fields and never from its text: & < > are escaped,
// and text objects are verbatim, so that Slack links no bare names or
// addresses. The marks * _ ~ ` have no escape in mrkdwn. They are left as they
// are, because a zero-width character beside them would change what people
// copy and search for: the headline is a header, which is plain text and shows
// them as written; elsewhere a stray pair may show a word bold or struck. Bold
// and strike of our own are left off where the words hold such a mark, and a
// code fence, which could swallow what follows it, is broken up.
package slack
