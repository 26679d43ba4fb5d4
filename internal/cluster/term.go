package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc/codes"

	"attache/internal/store"
)

// Lead implements [store.Log].
func (l *Etcd) Lead(ctx context.Context) (store.Term, error) {
	for {
		kvs, revision, err := l.get(ctx, "ask who leads", l.key("lead"))
		if err != nil {
			return nil, err
		}
		if len(kvs) > 0 {
			if err := l.change(ctx, "lead", revision+1); err != nil {
				return nil, err
			}
			continue
		}
		t, err := l.tryLead(ctx)
		if t != nil || err != nil {
			return t, err
		}
	}
}

// tryLead returns a term, nil where another machine was faster.
func (l *Etcd) tryLead(ctx context.Context) (store.Term, error) {
	began := time.Now() // of the lease, as far as it is known here
	client, err := l.connected()
	if err != nil {
		return nil, err
	}
	lease, err := ask(ctx, l, "ask for a lease", func(ctx context.Context, c *clientv3.Client) (*clientv3.LeaseGrantResponse, error) {
		return c.Grant(ctx, int64(l.lease/time.Second))
	})
	if err != nil {
		return nil, err
	}
	r, err := ask(ctx, l, "ask for the lead", func(ctx context.Context, c *clientv3.Client) (*clientv3.TxnResponse, error) {
		return c.Txn(ctx).
			If(clientv3.Compare(clientv3.CreateRevision(l.key("lead")), "=", 0)).
			Then(clientv3.OpPut(l.key("lead"), l.name, clientv3.WithLease(lease.ID))).
			Commit()
	})
	if err != nil || !r.Succeeded {
		_ = l.revoke(context.WithoutCancel(ctx), lease.ID) // else it runs out
		return nil, err
	}
	t := &etcdTerm{
		log: l, client: client, lease: lease.ID, epoch: uint64(r.Header.Revision), confirmed: began,
		done: make(chan struct{}),
	}
	go t.keepAlive()
	return t, nil
}

// revoke ends a lease, where it has not ended.
func (l *Etcd) revoke(ctx context.Context, lease clientv3.LeaseID) error {
	_, err := ask(ctx, l, "give up the lead", func(ctx context.Context, c *clientv3.Client) (*clientv3.LeaseRevokeResponse, error) {
		return c.Revoke(ctx, lease)
	})
	if errors.Is(err, rpctypes.ErrLeaseNotFound) {
		return nil
	}
	return err
}

// etcdTerm is a term of an Etcd.
type etcdTerm struct {
	log    *Etcd
	client *clientv3.Client
	lease  clientv3.LeaseID
	epoch  uint64 // the revision in which the key of who leads was made
	once   sync.Once
	done   chan struct{}

	mu        sync.Mutex
	confirmed time.Time // when what was confirmed last was asked for
}

// Epoch implements [store.Term].
func (t *etcdTerm) Epoch() uint64 { return t.epoch }

// Done implements [store.Term].
func (t *etcdTerm) Done() <-chan struct{} { return t.done }

// Fresh implements [store.Term].
func (t *etcdTerm) Fresh() bool { return !t.over() && t.age() < t.log.lease/2 }

// age returns how long ago what was confirmed last was asked for. A monotonic clock may stand
// still while the machine sleeps, and the other may be set: the greater holds.
func (t *etcdTerm) age() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	return max(now.Sub(t.confirmed), now.Round(0).Sub(t.confirmed.Round(0)))
}

func (t *etcdTerm) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (t *etcdTerm) end() { t.once.Do(func() { close(t.done) }) }

// keepAlive keeps the lease, and ends the term where that can't be done for as long as it lasts.
// The client could do so, but would not tell when it asked for what it was granted.
func (t *etcdTerm) keepAlive() {
	every := time.NewTicker(t.log.lease / 5)
	defer every.Stop()
	for {
		select {
		case <-t.done:
			return
		case <-every.C:
		}
		began := time.Now()
		asked, stop := context.WithTimeout(context.Background(), min(t.log.lease/3, t.log.lease-t.age()))
		_, err := t.client.KeepAliveOnce(asked, t.lease)
		stop()
		switch {
		case err == nil:
			t.mu.Lock()
			t.confirmed = began
			t.mu.Unlock()
		case errors.Is(err, rpctypes.ErrLeaseNotFound), t.age() >= t.log.lease:
			t.end()
		}
	}
}

// fenced is a transaction that is done only while this term holds.
func (t *etcdTerm) fenced(ctx context.Context, more ...clientv3.Cmp) clientv3.Txn {
	mine := clientv3.Compare(clientv3.CreateRevision(t.log.key("lead")), "=", int64(t.epoch))
	return t.client.Txn(ctx).If(append(more, mine)...)
}

// bounded returns a context that ends with the term.
func (t *etcdTerm) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	out, stop := context.WithCancel(ctx)
	go func() {
		select {
		case <-t.done:
			stop()
		case <-out.Done():
		}
	}()
	return out, stop
}

// Append implements [store.Term].
func (t *etcdTerm) Append(ctx context.Context, seq uint64, entry []byte) error {
	if t.over() {
		return store.ErrDeposed
	}
	value := append([]byte{inline}, entry...)
	if len(entry) > maxPart {
		parts, err := t.parts(ctx, "part", seq, entry)
		if err != nil {
			return err
		}
		value = binary.BigEndian.AppendUint64([]byte{inParts}, t.epoch)
		value = binary.BigEndian.AppendUint64(value, parts)
	}
	return t.settled(ctx, seq, value)
}

// retry is how long to wait before etcd is asked again, at first; it doubles.
const retry = 20 * time.Millisecond

// settled writes an entry until it is known to be there or not. An answer that was lost leaves
// both open, and reading would not settle it: what was asked for may still be on its way. So the
// same is asked for again, which is done once at most, for as long as the term lasts.
func (t *etcdTerm) settled(ctx context.Context, seq uint64, value []byte) error {
	key := t.log.key("entry", seq)
	bounded, stop := t.bounded(ctx)
	defer stop()
	unsure := false
	for pause := retry; ; pause = min(2*pause, t.log.lease/10) {
		asked, stop := context.WithTimeout(bounded, t.log.lease/3)
		r, err := t.fenced(asked, clientv3.Compare(clientv3.CreateRevision(key), "=", 0)).
			Then(clientv3.OpPut(key, string(value))).
			Else(clientv3.OpGet(key), clientv3.OpGet(t.log.key("lead"))).
			Commit()
		stop()
		switch {
		case err == nil && r.Succeeded:
			return nil
		case err == nil:
			return t.lost(seq, value, r)
		case refused(err) && !unsure:
			return fmt.Errorf("write entry %d: %w", seq, explained(err))
		}
		unsure = true
		select {
		case <-bounded.Done():
			t.end()
			return fmt.Errorf("write entry %d: %w: %w: %w", seq, errUnsure, err, store.ErrDeposed)
		case <-time.After(pause):
		}
	}
}

// lost says what it means that an entry was not written: an answer to the same question may have
// been lost, else another machine leads.
func (t *etcdTerm) lost(seq uint64, value []byte, r *clientv3.TxnResponse) error {
	there := r.Responses[0].GetResponseRange().Kvs
	if len(there) > 0 && string(there[0].Value) == string(value) {
		return nil
	}
	t.end()
	if len(there) > 0 {
		return fmt.Errorf("entry %d is there already: %w", seq, store.ErrDeposed)
	}
	name := "nobody"
	if lead := r.Responses[1].GetResponseRange().Kvs; len(lead) > 0 {
		name = string(lead[0].Value)
	}
	return fmt.Errorf("%s leads: %w", name, store.ErrDeposed)
}

// refused reports whether etcd said that it did not do what it was asked for.
func refused(err error) bool {
	if errors.Is(err, rpctypes.ErrNoSpace) || errors.Is(err, rpctypes.ErrRequestTooLarge) || errors.Is(err, rpctypes.ErrTooManyRequests) {
		return true
	}
	var e rpctypes.EtcdError
	return errors.As(err, &e) && (e.Code() == codes.PermissionDenied || e.Code() == codes.InvalidArgument || e.Code() == codes.Unauthenticated)
}

// explained says what a person can do about an error.
func explained(err error) error {
	if errors.Is(err, rpctypes.ErrNoSpace) {
		return fmt.Errorf("etcd is full: free room there with etcdctl compact, defrag and alarm disarm, or give it a larger --quota-backend-bytes: %w", err)
	}
	return err
}

// put writes something that may be written again without harm, and asks again where no answer
// comes, until the term is over.
func (t *etcdTerm) put(ctx context.Context, ops ...clientv3.Op) (*clientv3.TxnResponse, error) {
	bounded, stop := t.bounded(ctx)
	defer stop()
	for pause := retry; ; pause = min(2*pause, t.log.lease/10) {
		asked, stop := context.WithTimeout(bounded, t.log.lease/3)
		r, err := t.fenced(asked).Then(ops...).Commit()
		stop()
		switch {
		case err == nil && !r.Succeeded:
			t.end()
			return nil, store.ErrDeposed
		case err == nil:
			return r, nil
		case refused(err):
			return nil, explained(err)
		}
		select {
		case <-bounded.Done():
			if t.over() {
				return nil, fmt.Errorf("%w: %w", err, store.ErrDeposed)
			}
			return nil, err
		case <-time.After(pause):
		}
	}
}

// parts writes what is too large for one value, and returns in how many parts.
func (t *etcdTerm) parts(ctx context.Context, kind string, seq uint64, whole []byte) (n uint64, err error) {
	for ; len(whole) > 0; n++ {
		size := min(maxPart, len(whole))
		if _, err := t.put(ctx, clientv3.OpPut(t.log.key(kind, seq, t.epoch, n), string(whole[:size]))); err != nil {
			return 0, fmt.Errorf("write a part of entry %d: %w", seq, err)
		}
		whole = whole[size:]
	}
	return n, nil
}

// Keep implements [store.Term].
func (t *etcdTerm) Keep(ctx context.Context, seq uint64, snapshot io.Reader) error {
	was, err := t.log.newest(ctx)
	switch {
	case err != nil:
		return err
	case was.Seq >= seq:
		_, err := t.put(ctx) // the newer one stays, and who does not lead is told so
		return err
	}
	at := snapshotAt{Seq: seq, Epoch: t.epoch}
	wrote, there := sha256.New(), sha256.New()
	err = t.writePieces(ctx, &at, io.TeeReader(snapshot, wrote))
	if err == nil { // what it holds is removed next
		err = t.log.pieces(ctx, at, there)
	}
	if err == nil && !bytes.Equal(wrote.Sum(nil), there.Sum(nil)) {
		err = errors.New("it is not there as it was written")
	}
	var says []byte
	if err == nil {
		says, err = json.Marshal(at)
	}
	if err == nil {
		_, err = t.put(ctx, clientv3.OpPut(t.log.key("snapshot"), string(says)))
	}
	if err != nil {
		return fmt.Errorf("write the snapshot: %w", err)
	}
	return t.cut(ctx, at)
}

// writePieces writes a snapshot in parts, and notes how many there are.
func (t *etcdTerm) writePieces(ctx context.Context, at *snapshotAt, snapshot io.Reader) error {
	piece := make([]byte, maxPart)
	for {
		n, err := io.ReadFull(snapshot, piece)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if n > 0 {
			if _, failed := t.put(ctx, clientv3.OpPut(t.log.key("piece", at.Seq, at.Epoch, at.Parts), string(piece[:n]))); failed != nil {
				return failed
			}
			at.Parts++
		}
		if err != nil { // the end
			return nil
		}
	}
}

// cut removes what the newest snapshot holds, and what terms before left of theirs.
func (t *etcdTerm) cut(ctx context.Context, at snapshotAt) error {
	l := t.log
	mine := l.key("piece", at.Seq, at.Epoch)
	between := func(from, to string) clientv3.Op { return clientv3.OpDelete(from, clientv3.WithRange(to)) }
	r, err := t.put(ctx,
		between(l.prefix+"entry/", l.key("entry", at.Seq+1)),
		between(l.prefix+"part/", l.key("part", at.Seq+1)),
		between(l.prefix+"piece/", mine), between(mine+"0", l.prefix+"piece0"),
	)
	if err != nil {
		return fmt.Errorf("cut the log: %w", err)
	}
	// What was removed takes room until etcd drops its history. Where that is not allowed, or was
	// done meanwhile, etcd does so by itself.
	_, _ = ask(ctx, l, "compact", func(ctx context.Context, c *clientv3.Client) (*clientv3.CompactResponse, error) {
		return c.Compact(ctx, r.Header.Revision, clientv3.WithCompactPhysical())
	})
	return nil
}

// Resign implements [store.Term].
func (t *etcdTerm) Resign(ctx context.Context) error {
	if t.over() {
		return nil // the lease runs out, if it has not yet
	}
	t.end()
	if err := t.log.revoke(ctx, t.lease); err != nil {
		return fmt.Errorf("%w; it ends by itself in %s", err, t.log.lease)
	}
	return nil
}
