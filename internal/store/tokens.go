package store

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"time"
)

// FeedToken is the secret part of the address of a private feed, or of a personal link, as it is
// kept: the secret itself is not.
type FeedToken struct {
	ID      string            // stands in the address before the secret
	Feed    string            // name of the feed that it opens
	Note    string            // who has it, in a person's words
	Sum     [sha256.Size]byte // SHA-256 of the secret
	Created time.Time         // UTC
	Used    time.Time         // UTC, when it was last used; zero is never

	Name       string   // of a personal link, which opens no feed: whose it is
	Audiences  []string // that it shows
	Everything bool     // it shows all there is
}

// Opens reports whether secret is that of t, in a time that does not tell how much of it is
// right.
func (t FeedToken) Opens(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sum[:], t.Sum[:]) == 1
}

type storedToken struct {
	Feed    string    `json:"feed"`
	Note    string    `json:"note,omitempty"`
	Sum     []byte    `json:"sum"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`

	Name       string   `json:"name,omitempty"`
	Audiences  []string `json:"audiences,omitempty"`
	Everything bool     `json:"everything,omitempty"`
}

// Tokens calls fn with every token, in the order of their ids.
func (tx *Tx) Tokens(fn func(FeedToken) error) error {
	return each(tx, tokenBucket, nil, func(k []byte, s storedToken) error {
		t := FeedToken{ID: string(k), Feed: s.Feed, Note: s.Note, Created: s.Created, Used: s.Used, Name: s.Name, Audiences: s.Audiences, Everything: s.Everything}
		if copy(t.Sum[:], s.Sum) != len(t.Sum) || len(s.Sum) != len(t.Sum) {
			return tx.damaged(tokenBucket, k, fmt.Errorf("it has a sum of %d bytes", len(s.Sum)))
		}
		return fn(t)
	})
}

// allTokens returns every token, in the order of their ids.
func (tx *Tx) allTokens() (list []FeedToken, err error) {
	err = tx.Tokens(func(t FeedToken) error { list = append(list, t); return nil })
	return list, err
}

// PutToken records t in the place of what has its id.
func (tx *Tx) PutToken(t FeedToken) error {
	return tx.put(tokenBucket, []byte(t.ID), storedToken{t.Feed, t.Note, t.Sum[:], t.Created.UTC(), t.Used.UTC(), t.Name, t.Audiences, t.Everything})
}

// DeleteToken removes the token id, if there is one.
func (tx *Tx) DeleteToken(id string) error { return tx.remove(tokenBucket, []byte(id)) }
