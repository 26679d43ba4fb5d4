package slacktest

import (
	"math"
	"strconv"
	"time"
)

const rateLimited = "ratelimited"

// A limit lets burst calls through at once and one more each per.
type limit struct {
	per   time.Duration
	burst int
}

// Limit switches on a rate limit for a method: burst calls at once, then one
// each per. chat.postMessage is counted for each channel by itself, as Slack
// does with one a second; other methods as a whole. What exceeds it gets 429
// with Retry-After and is not carried out. A per of 0 switches it off.
func (s *Server) Limit(method string, per time.Duration, burst int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if per <= 0 {
		delete(s.limits, method)
		return
	}
	s.limits[method] = limit{per, max(burst, 1)}
}

// overLimit counts a call and refuses it when there were too many. Each tally
// is the time at which the calls let through so far are paid for.
func (s *Server) overLimit(c Call) error {
	l, ok := s.limits[c.Method]
	if !ok {
		return nil
	}
	key := c.Method
	if c.Method == postMethod {
		key += " " + s.byNameOrID(c.Channel()).ID
	}
	now := time.Now()
	paid := s.tallies[key]
	if wait := paid.Add(-time.Duration(l.burst-1) * l.per).Sub(now); wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		return refusal{code: rateLimited, retryAfter: strconv.Itoa(max(seconds, 1))}
	}
	if paid.Before(now) {
		paid = now
	}
	s.tallies[key] = paid.Add(l.per)
	return nil
}
