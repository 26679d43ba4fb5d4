package store

import (
	"encoding/json"
	"strings"
	"time"

	"attache/internal/notice"
)

// typedOutbox makes schema 2: what is decided about an item of the outbox stands in fields.
// In schema 1 it was read out of the last error, which began with the result of the attempt,
// and of the history, which was cut at 40 entries.
func typedOutbox(tx *Tx) error {
	return tx.scan(outboxBucket, nil, func(key, content []byte) (bool, error) {
		var s storedItem
		if err := json.Unmarshal(content, &s); err != nil {
			return false, tx.damaged(outboxBucket, key, err)
		}
		s.readHistory()
		return true, tx.put(outboxBucket, key, s)
	})
}

// readHistory fills in the fields of an item of schema 1 that schema 2 added.
func (s *storedItem) readHistory() {
	const most = 40 // the longest history of schema 1
	s.Result = resultIn(s.LastError)
	for _, a := range s.History {
		switch a.State {
		case notice.Sending:
			s.Claimed, s.Resent = a.At, s.Resent || !s.Doubt.IsZero()
		case notice.Unknown:
			s.question(a.At)
		case notice.Pending:
			if resultIn(a.Note) == notice.InDoubt { // the change of a card
				s.question(a.At)
			}
		case notice.Sent:
			s.Doubt, s.Resent, s.Refused = time.Time{}, false, false
		}
		s.Refused = s.Refused || resultIn(a.Note) == notice.Refused
	}
	if s.State == notice.Unknown {
		s.question(s.NextTry)
	}
	if len(s.History) >= most && s.Attempts > 0 && s.State != notice.Sent { // what was cut may have told of doubt
		s.question(s.FirstAttempt)
		s.Resent = s.Resent || s.Attempts > 1
	}
}

func (s *storedItem) question(at time.Time) {
	if s.Doubt.IsZero() {
		s.Doubt = at
	}
}

// resultIn returns the result with which an error or a note of schema 1 begins, "" where
// it begins with none.
func resultIn(words string) notice.Result {
	head, _, ok := strings.Cut(words, ": ")
	switch r := notice.Result(head); r {
	case notice.NotSent, notice.Limited, notice.Refused, notice.ChannelDown, notice.SinkDown, notice.Gone, notice.InDoubt, notice.Unreadable:
		if ok {
			return r
		}
	}
	return ""
}
