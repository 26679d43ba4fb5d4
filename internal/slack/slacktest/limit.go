package slacktest

import (
	"math"
	"strconv"
	"time"
)

const rateLimited = "ratelimited"

// Limit switches on a rate limit for chat.postMessage: one each per in a channel, as Slack
// has with one a second. What exceeds it gets 429 with Retry-After and is not carried out.
func (s *Server) Limit(per time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = per
}

// overLimit counts a call and refuses it when there were too many.
func (s *Server) overLimit(c Call) error {
	if s.limit == 0 || c.Method != postMethod {
		return nil
	}
	id, now := s.byNameOrID(c.Channel()).ID, time.Now()
	if wait := s.next[id].Sub(now); wait > 0 {
		return refusal{code: rateLimited, retryAfter: strconv.Itoa(int(math.Ceil(wait.Seconds())))}
	}
	s.next[id] = now.Add(s.limit)
	return nil
}
