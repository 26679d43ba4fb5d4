package slacktest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A stamp is a message's ts in microseconds since 1970. Slack writes it as a
// string, seconds.micros with six digits, and means it as an identity.
type stamp int64

func (t stamp) String() string { return fmt.Sprintf("%d.%06d", t/1e6, t%1e6) }

// parseStamp reads a ts; the fraction may be short or missing, as in "0".
func parseStamp(s string) (stamp, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if whole == "" || len(fraction) > 6 {
		return 0, false
	}
	fraction += strings.Repeat("0", 6-len(fraction))
	micros, err := strconv.ParseUint(whole+fraction, 10, 63)
	return stamp(micros), err == nil
}

// A clock is the server's own: the machine's plus a skew, never giving one
// stamp twice nor an earlier one after a later.
type clock struct {
	skew time.Duration
	last stamp
}

func (c *clock) now() time.Time { return time.Now().Add(c.skew) }

func (c *clock) stamp() stamp {
	c.last = max(stamp(c.now().UnixMicro()), c.last+1)
	return c.last
}

// SetSkew sets how far Slack's clock is ahead of the machine's, or behind when
// negative. Stamps never go back: set it before the first message.
func (s *Server) SetSkew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.skew = d
}

// Now returns the time by Slack's clock, UTC.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now().UTC()
}

// SetLag sets how long a new message stays out of history and replies. People
// see it at once, and its own answer carries its ts.
func (s *Server) SetLag(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = d
}
