// Package web shows the calendar over HTTP: the agenda, a page for each event,
// the feeds that calendar programs subscribe to, and how the daemon is.
//
// How a page comes about: site.go finds who answers an address. request.go reads what is
// asked, which is the calendar as it is or was, the instant, the zone and, in filter.go, the
// events; all of it goes through query.go, which refuses what it can't read. A function named for the page, in a file named for it, makes a struct of words
// and links from the entries, and page.go puts that into the template of the same name.
// answer.go sends it, compressed where that is wanted, or says that nothing has changed.
// Feeds skip all of this: feed.go sends the octets that are kept.
//
// Invariants:
//   - It only reads. Methods other than GET, HEAD and OPTIONS are refused, and nothing
//     that a request carries is shown to anybody but the one who sent it.
//   - What was asked is answered, or refused with what may be asked: nothing is left out in
//     silence. Errors are pages for people, and problem documents at the addresses that
//     programs ask: feeds and the API, which scripts of other sites may read too.
//   - A feed request renders nothing: the octets that are kept are written as
//     they are, the same for every client.
//   - Pages are rendered whole before the first octet goes out, so that an error
//     on the way is an error page and never half a page.
//   - Pages work without scripts and load nothing from elsewhere, and there is
//     no inline style, so that the Content-Security-Policy has no exception.
//   - Text from files, sources and requests goes through html/template. A source
//     is linked only where its address is plain http or https.
//
// What /metrics shows is written by client_golang, since those who read it are exact
// about its format and its names. Labels take few values, whatever is asked for: names of
// feeds and channels that the configuration has, and words of our own.
//
// Days:
//   - A date that names no hour is a day of the place where it was meant, and is shown
//     as that, whatever zone the reader chose. Only instants are shown in that zone, and
//     name it.
//   - Today, and how many days away something is, are those of the zone of the page: the
//     one that was chosen, or the installation's. Otherwise two events of one day would
//     be a different number of days away.
//
// The first page is an agenda, and in view.go, grid.go, timeline.go and download.go the same
// events as a month, a week, a timeline and a list to print: each is a way to look at one day,
// and leads to the days before and after. news.go knows what changed lately.
//
// What is asked stands in the address, so that it can be kept and sent on, and the feed
// of what is shown takes the same query. The first page looks at every event, so it is
// kept for a minute by what was asked, within a bound; all that needs sorting is sorted
// once a day and not once a page.
package web
