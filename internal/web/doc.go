// Package web shows the calendar over HTTP: the agenda, a page for each event,
// the feeds that calendar programs subscribe to, and how the daemon is.
//
// Invariants:
//   - It only reads. Methods other than GET and HEAD are refused, and nothing
//     that a request carries is shown to anybody but the one who sent it.
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
// Days are counted in the zone of each event, since that is where the day is
// meant; the page as a whole speaks of the zone of the installation.
package web
