package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Log keeps the updates of one installation in order where other machines can read them, and
// knows which machine may add to it. It does not look into what it keeps.
type Log interface {
	// Lead waits until nobody else leads, and returns the time for which this machine does.
	Lead(ctx context.Context) (Term, error)

	// Read calls fn with every entry from the number from on, in order and without a gap, until
	// there are no more or fn fails. The error wraps ErrCut where the log does not go back to from.
	Read(ctx context.Context, from uint64, fn func(seq uint64, entry []byte) error) error

	// Snapshot returns the newest snapshot and the number of the last entry that it holds, 0 and
	// nil where there is none yet. The caller closes it.
	Snapshot(ctx context.Context) (seq uint64, body io.ReadCloser, err error)

	// Wait returns once the log has something behind the entry after: an entry or a snapshot.
	Wait(ctx context.Context, after uint64) error

	// Size returns how many bytes the log takes.
	Size(ctx context.Context) (int64, error)

	// Close ends the use of the log. A machine that leads resigns before.
	Close() error
}

// Term is the time for which a machine leads: only it adds to the log.
type Term interface {
	// Epoch numbers the term: that of a later one is greater.
	Epoch() uint64

	// Append adds the entry seq, durably. It returns nil only once the entry is there, and an
	// error that wraps ErrDeposed where this machine does not lead any more or the number is
	// taken. An answer that does not come is asked for until the lease is over: then the term
	// ends, and whether the entry is there is known to who reads the log. After any other error
	// the entry is not there.
	Append(ctx context.Context, seq uint64, entry []byte) error

	// Keep adds a snapshot, which holds the entries up to seq, and takes them out of the log.
	Keep(ctx context.Context, seq uint64, snapshot io.Reader) error

	// Fresh reports whether the lead was confirmed so lately that what takes a while may be begun.
	Fresh() bool

	// Done is closed once the lead is lost.
	Done() <-chan struct{}

	// Resign ends the term, so that others need not wait for the end of the lease.
	Resign(ctx context.Context) error
}

// ErrDeposed says that another machine leads, or may do so by now. Nothing more is recorded
// here until this one leads again.
var ErrDeposed = errors.New("this machine does not lead any more")

// ErrCut says that the log does not go back that far: a snapshot holds what was there.
var ErrCut = errors.New("the log was cut")

// ErrEmpty says that nothing is in the log yet.
var ErrEmpty = errors.New("the log is empty: no attache has led yet")

// ErrFollows says that this machine follows another one, which alone records.
var ErrFollows = errors.New("this machine stands by: another one records")

// ErrDiverged says that a database holds what is not in the log that it is to follow.
var ErrDiverged = errors.New("the database holds what the log does not")

// OlderLogError says that an older version of attache writes the log.
type OlderLogError struct {
	Found int // the schema of what is in the log
	Known int // the schema of this version
}

// Error returns in one line which versions meet.
func (e *OlderLogError) Error() string {
	return fmt.Sprintf("an older attache writes the log (schema %d, this one has %d): update that machine too, its attache brings the log on when it leads",
		e.Found, e.Known)
}
