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

// Tier switches on a rate limit for a method: n calls a minute, as Slack has for all
// methods but chat.postMessage. What exceeds it gets 429 with Retry-After and is not
// carried out.
func (s *Server) Tier(method string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tiers[method] = &tier{most: n}
}

// Early returns how many calls came before the time that an earlier answer had told to
// wait for.
func (s *Server) Early() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.early
}

// tier counts the calls of a method.
type tier struct {
	most int
	made []time.Time // those of the last minute
}

// wait counts a call at now and returns how long it has to wait, 0 where it is taken.
func (t *tier) wait(now time.Time) time.Duration {
	for len(t.made) > 0 && now.Sub(t.made[0]) >= time.Minute {
		t.made = t.made[1:]
	}
	if len(t.made) < t.most {
		t.made = append(t.made, now)
		return 0
	}
	return t.made[0].Add(time.Minute).Sub(now)
}

// overLimit counts a call and refuses it when there were too many.
func (s *Server) overLimit(c Call) error {
	now, name, wait := time.Now(), c.Method, time.Duration(0)
	if t := s.tiers[c.Method]; t != nil {
		wait = t.wait(now)
	}
	if s.limit > 0 && c.Method == postMethod {
		id := s.byNameOrID(c.Channel()).ID
		name += id
		if wait = s.next[id].Sub(now); wait <= 0 {
			s.next[id] = now.Add(s.limit)
		}
	}
	if now.Before(s.told[name]) {
		s.early++
	}
	if wait <= 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	s.told[name] = now.Add(time.Duration(seconds) * time.Second)
	return refusal{code: rateLimited, retryAfter: strconv.Itoa(seconds)}
}
