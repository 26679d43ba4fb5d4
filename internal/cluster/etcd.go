package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"attache/internal/store"
)

// EtcdConfig says where etcd is and how it is spoken to.
type EtcdConfig struct {
	Endpoints []string      // https://host:2379
	Prefix    string        // of all keys; "" is attache/
	Name      string        // of this machine, for who asks which one leads
	User      string        // "" is none
	Password  string        // of the user
	CAFile    string        // who signed the certificates of etcd; "" is whom the machine trusts
	CertFile  string        // of this client; "" is none
	KeyFile   string        // of this client
	Lease     time.Duration // how long a machine leads that is not heard of; 0 is 10 s; whole seconds
}

// Etcd is a log in etcd. Under its prefix there are:
//
//	lead                      the machine that leads; the key goes with its lease
//	entry/SEQ                 0 and the entry, or 1 and where its parts are
//	part/SEQ/EPOCH/N          a part of an entry, which counts only once the entry is there
//	snapshot                  which snapshot is the newest
//	piece/SEQ/EPOCH/N         a part of a snapshot
//
// Numbers have 16 hexadecimal digits. The epoch of a term is the revision in which its key was
// made. Whatever a term writes, it writes in a transaction that asks for that revision: so etcd
// itself refuses who does not lead any more.
type Etcd struct {
	config clientv3.Config
	prefix string
	name   string
	lease  time.Duration

	mu     sync.Mutex
	client *clientv3.Client // nil until it is needed: with a user, making one asks etcd
	closed bool
}

// maxPart is how much goes into one value in bytes: etcd takes requests of up to 1.5 MiB.
const maxPart = 1 << 20

// The default of what a configuration leaves out.
const (
	defaultPrefix = "attache/"
	defaultLease  = 10 * time.Second
)

// NewEtcd returns the log in etcd that c names. Nothing is asked of etcd yet.
func NewEtcd(c EtcdConfig) (*Etcd, error) {
	if c.Prefix == "" {
		c.Prefix = defaultPrefix
	}
	if c.Lease == 0 {
		c.Lease = defaultLease
	}
	if !strings.HasSuffix(c.Prefix, "/") {
		c.Prefix += "/"
	}
	secure, err := c.tls()
	if err != nil {
		return nil, err
	}
	return &Etcd{prefix: c.Prefix, name: c.Name, lease: c.Lease, config: clientv3.Config{
		Endpoints: c.Endpoints, Username: c.User, Password: c.Password, TLS: secure, Logger: zap.NewNop(),
		DialTimeout: c.Lease / 3, DialKeepAliveTime: c.Lease / 3, DialKeepAliveTimeout: c.Lease / 3,
		MaxCallSendMsgSize: 2 * maxPart, // the default is no more
	}}, nil
}

// connected returns the client, and makes it where there is none yet.
func (l *Etcd) connected() (_ *clientv3.Client, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.New("the log is closed")
	}
	if l.client == nil {
		l.client, err = clientv3.New(l.config)
	}
	return l.client, err
}

// ask does one request, which takes a third of the lease at most: without a limit the client waits
// for ever for an etcd that is away.
func ask[T any](ctx context.Context, l *Etcd, what string, fn func(context.Context, *clientv3.Client) (T, error)) (v T, err error) {
	asked, stop := context.WithTimeout(ctx, l.lease/3)
	defer stop()
	c, err := l.connected()
	if err == nil {
		v, err = fn(asked, c)
	}
	switch {
	case err == nil:
		return v, nil
	case ctx.Err() != nil:
		return v, fmt.Errorf("%s: %w", what, context.Cause(ctx))
	case asked.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return v, fmt.Errorf("%s: etcd at %s does not answer: %w", what, strings.Join(l.config.Endpoints, ", "), err)
	case errors.Is(err, rpctypes.ErrAuthFailed), errors.Is(err, rpctypes.ErrPermissionDenied):
		return v, fmt.Errorf("%s: etcd refuses the user %q below %s: %w", what, l.config.Username, l.prefix, err)
	}
	return v, fmt.Errorf("%s: %w", what, err)
}

// get reads what lies under a key.
func (l *Etcd) get(ctx context.Context, what, key string) ([]*mvccpb.KeyValue, int64, error) {
	r, err := ask(ctx, l, what, func(ctx context.Context, c *clientv3.Client) (*clientv3.GetResponse, error) { return c.Get(ctx, key) })
	if err != nil {
		return nil, 0, err
	}
	return r.Kvs, r.Header.Revision, nil
}

// both does two readings of one revision.
func (l *Etcd) both(ctx context.Context, what string, ops ...clientv3.Op) (*clientv3.TxnResponse, error) {
	return ask(ctx, l, what, func(ctx context.Context, c *clientv3.Client) (*clientv3.TxnResponse, error) {
		return c.Txn(ctx).Then(ops...).Commit()
	})
}

// tls returns how the connection is protected, nil where nothing is said of it.
func (c EtcdConfig) tls() (*tls.Config, error) {
	if c.CAFile == "" && c.CertFile == "" {
		return nil, nil
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read who signed the certificates of etcd: %w", err)
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s has no certificate", c.CAFile)
		}
	}
	if c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the certificate for etcd: %w", err)
		}
		out.Certificates = []tls.Certificate{pair}
	}
	return out, nil
}

func (l *Etcd) key(parts ...any) string {
	out := l.prefix
	for i, p := range parts {
		if i > 0 {
			out += "/"
		}
		if n, ok := p.(uint64); ok {
			p = fmt.Sprintf("%016x", n)
		}
		out += fmt.Sprint(p)
	}
	return out
}

// snapshotAt says where the newest snapshot is.
type snapshotAt struct {
	Seq   uint64 `json:"seq"`
	Epoch uint64 `json:"epoch"`
	Parts uint64 `json:"parts"`
}

func readSnapshotAt(kvs []*mvccpb.KeyValue) (at snapshotAt, err error) {
	if len(kvs) == 0 {
		return at, nil
	}
	if err := json.Unmarshal(kvs[0].Value, &at); err != nil {
		return at, &store.DamagedError{Path: "the log", What: string(kvs[0].Key), Err: err}
	}
	return at, nil
}

// page is how many entries are asked for at once: each is of up to maxPart.
const page = 32

// Read implements [store.Log].
func (l *Etcd) Read(ctx context.Context, from uint64, fn func(uint64, []byte) error) error {
	for seq := from; ; {
		// Both of one revision: what is cut meanwhile is not taken for a gap.
		r, err := l.both(ctx, fmt.Sprintf("read entry %d", seq),
			clientv3.OpGet(l.key("snapshot")),
			clientv3.OpGet(l.key("entry", seq), clientv3.WithRange(l.prefix+"entry0"), clientv3.WithLimit(page)),
		)
		if err != nil {
			return err
		}
		at, err := readSnapshotAt(r.Responses[0].GetResponseRange().Kvs)
		if err != nil {
			return err
		}
		if seq <= at.Seq {
			return cut(seq, at.Seq)
		}
		kvs := r.Responses[1].GetResponseRange().Kvs
		if len(kvs) == 0 {
			return nil
		}
		for _, kv := range kvs {
			if string(kv.Key) != l.key("entry", seq) {
				return &store.DamagedError{Path: "the log", What: fmt.Sprintf("entry %d", seq), Err: errors.New("it is missing")}
			}
			entry, err := l.whole(ctx, seq, kv.Value)
			if err != nil {
				return err
			}
			if err := fn(seq, entry); err != nil {
				return err
			}
			seq++
		}
	}
}

// The first byte of what lies under an entry.
const (
	inline  = 0 // the entry follows
	inParts = 1 // epoch and number of its parts follow, in 8 bytes each
)

// whole returns the entry that lies under a key as value.
func (l *Etcd) whole(ctx context.Context, seq uint64, value []byte) ([]byte, error) {
	switch {
	case len(value) > 0 && value[0] == inline:
		return value[1:], nil
	case len(value) != 17 || value[0] != inParts:
		return nil, nil // which is no entry, as its reader says
	}
	epoch, parts := binary.BigEndian.Uint64(value[1:]), binary.BigEndian.Uint64(value[9:])
	var out []byte
	for n := range parts {
		b, err := l.part(ctx, l.key("part", seq, epoch, n))
		if errors.Is(err, errMissing) {
			at, atErr := l.newest(ctx)
			switch {
			case atErr != nil:
				return nil, atErr
			case seq <= at.Seq:
				return nil, cut(seq, at.Seq)
			}
			return nil, &store.DamagedError{Path: "the log", What: fmt.Sprintf("entry %d", seq), Err: errMissing}
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", seq, err)
		}
		out = append(out, b...)
	}
	return out, nil
}

var errMissing = errors.New("a part of it is missing")

func (l *Etcd) part(ctx context.Context, key string) ([]byte, error) {
	kvs, _, err := l.get(ctx, "read a part", key)
	switch {
	case err != nil:
		return nil, err
	case len(kvs) == 0:
		return nil, errMissing
	}
	return kvs[0].Value, nil
}

// newest says where the newest snapshot is.
func (l *Etcd) newest(ctx context.Context) (snapshotAt, error) {
	kvs, _, err := l.get(ctx, "look for the newest snapshot", l.key("snapshot"))
	if err != nil {
		return snapshotAt{}, err
	}
	return readSnapshotAt(kvs)
}

// Snapshot implements [store.Log]. Where a newer one takes its place while it is read, reading
// it fails.
func (l *Etcd) Snapshot(ctx context.Context) (uint64, io.ReadCloser, error) {
	at, err := l.newest(ctx)
	if err != nil || at.Seq == 0 {
		return 0, nil, err
	}
	reading, stop := context.WithCancel(ctx)
	out, in := io.Pipe()
	go func() { _ = in.CloseWithError(l.pieces(reading, at, in)) }() // it never fails
	return at.Seq, &piecesReader{out, stop}, nil
}

// piecesReader ends what fills its pipe when it is closed.
type piecesReader struct {
	*io.PipeReader
	stop context.CancelFunc
}

func (r *piecesReader) Close() error {
	r.stop()
	return r.PipeReader.Close()
}

// pieces writes the snapshot at into w.
func (l *Etcd) pieces(ctx context.Context, at snapshotAt, w io.Writer) error {
	for n := range at.Parts {
		b, err := l.part(ctx, l.key("piece", at.Seq, at.Epoch, n))
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			return fmt.Errorf("read the snapshot up to entry %d: %w", at.Seq, err)
		}
	}
	return nil
}

// Wait implements [store.Log].
func (l *Etcd) Wait(ctx context.Context, after uint64) error {
	for {
		r, err := l.both(ctx, "look for a new entry",
			clientv3.OpGet(l.key("snapshot")), clientv3.OpGet(l.key("entry", after+1), clientv3.WithCountOnly()))
		if err != nil {
			return err
		}
		at, err := readSnapshotAt(r.Responses[0].GetResponseRange().Kvs)
		if err != nil || at.Seq > after || r.Responses[1].GetResponseRange().Count > 0 {
			return err
		}
		if err := l.change(ctx, "", r.Header.Revision+1); err != nil {
			return err
		}
	}
}

// change waits until something changes under a key of the log, "" is any, from a revision on, or
// until the time of a lease is over: a connection that is dead tells nothing.
func (l *Etcd) change(ctx context.Context, key string, revision int64) error {
	waiting, stop := context.WithTimeout(clientv3.WithRequireLeader(ctx), l.lease)
	defer stop()
	c, err := l.connected()
	if err != nil {
		return err
	}
	r, open := <-c.Watch(waiting, l.prefix+key, clientv3.WithPrefix(), clientv3.WithRev(revision))
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if open && r.Err() != nil && r.CompactRevision == 0 { // where it was compacted it is looked for again
		return fmt.Errorf("wait for a change: %w", r.Err())
	}
	return nil
}

// Size implements [store.Log]: it is what all of etcd has in use, which its quota is about.
func (l *Etcd) Size(ctx context.Context) (int64, error) {
	var err error
	for _, endpoint := range l.config.Endpoints {
		r, failed := ask(ctx, l, "measure the log", func(ctx context.Context, c *clientv3.Client) (*clientv3.StatusResponse, error) {
			return c.Status(ctx, endpoint)
		})
		if failed == nil {
			return r.DbSizeInUse, nil
		}
		err = failed
	}
	return 0, err
}

// Leader returns the name of the machine that leads, "" where none does.
func (l *Etcd) Leader(ctx context.Context) (string, error) {
	kvs, _, err := l.get(ctx, "ask who leads", l.key("lead"))
	if err != nil || len(kvs) == 0 {
		return "", err
	}
	return string(kvs[0].Value), nil
}

// Close implements [store.Log].
func (l *Etcd) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.client == nil {
		return nil
	}
	if err := l.client.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("leave etcd: %w", err)
	}
	return nil
}
