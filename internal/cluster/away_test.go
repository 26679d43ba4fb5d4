package cluster_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"attache/internal/cluster"
	"attache/internal/store"
)

// TestEtcd_Away asks an etcd that is not there: whoever asks is told so, and may ask again.
func TestEtcd_Away(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]cluster.EtcdConfig{
		"without a user": {},
		"as a user":      {User: "desk", Password: "secret"}, // who asks etcd for a token first
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.Endpoints, c.Lease = []string{"http://127.0.0.1:9"}, 3*time.Second
			l, err := cluster.NewEtcd(c)
			must(t, err)
			defer l.Close()
			_, lead := l.Lead(t.Context())
			_, leader := l.Leader(t.Context())
			_, size := l.Size(t.Context())
			_, _, snapshot := l.Snapshot(t.Context())
			read := l.Read(t.Context(), 1, func(uint64, []byte) error { return nil })
			for what, err := range map[string]error{
				"Lead": lead, "Leader": leader, "Size": size, "Snapshot": snapshot, "Read": read, "Wait": l.Wait(t.Context(), 1),
			} {
				if err == nil || !strings.Contains(err.Error(), "127.0.0.1:9 does not answer") || errors.Is(err, store.ErrCut) {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

// TestEtcd_User has an etcd that asks who it is: a user who may write below the prefix is enough.
func TestEtcd_User(t *testing.T) {
	t.Parallel()
	nodes := etcds(t, 1)
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{nodes[0].url}})
	must(t, err)
	defer client.Close()
	ctx := t.Context()
	for _, err := range []error{
		second(client.RoleAdd(ctx, "root")), second(client.UserAdd(ctx, "root", "rootpass")), second(client.UserGrantRole(ctx, "root", "root")),
		second(client.RoleAdd(ctx, "desk")), second(client.UserAdd(ctx, "desk", "secret")), second(client.UserGrantRole(ctx, "desk", "desk")),
		second(client.RoleGrantPermission(ctx, "desk", "attache/", clientv3.GetPrefixRangeEnd("attache/"), clientv3.PermissionType(clientv3.PermReadWrite))),
		second(client.AuthEnable(ctx)),
	} {
		must(t, err)
	}
	as := func(prefix, password string) *cluster.Etcd {
		l, err := cluster.NewEtcd(cluster.EtcdConfig{Endpoints: []string{nodes[0].url}, Prefix: prefix, User: "desk", Password: password})
		must(t, err)
		t.Cleanup(func() { must(t, l.Close()) })
		return l
	}
	term, err := as("attache", "secret").Lead(ctx)
	must(t, err)
	must(t, term.Append(ctx, 1, []byte("one")))
	must(t, term.Keep(ctx, 1, bytes.NewReader([]byte("all"))))
	must(t, term.Resign(ctx))
	for _, l := range []*cluster.Etcd{as("attache", "wrong"), as("other", "secret")} {
		if _, err := l.Lead(ctx); err == nil || !strings.Contains(err.Error(), `refuses the user "desk"`) || strings.Contains(err.Error(), "secret") {
			t.Errorf("who may not: %v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
