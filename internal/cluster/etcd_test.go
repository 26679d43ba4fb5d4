package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"attache/internal/cluster"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// node is a real etcd on the loopback, with its data in a folder of the test.
type node struct {
	url  string
	args []string
	cmd  *exec.Cmd
	out  *bytes.Buffer
}

// etcds starts a cluster of etcd, which ends with the test. The test is skipped where there is
// no etcd on the machine.
func etcds(t testing.TB, count int, flags ...string) []*node {
	t.Helper()
	program, err := exec.LookPath("etcd")
	if err != nil {
		t.Skip("there is no etcd on this machine: apt-get install etcd-server")
	}
	folder := t.TempDir()
	ports := freePorts(t, 2*count)
	var members []string
	for i := range count {
		members = append(members, fmt.Sprintf("n%d=http://%s", i, ports[2*i+1]))
	}
	nodes := make([]*node, count)
	for i := range nodes {
		client, peer := "http://"+ports[2*i], "http://"+ports[2*i+1]
		nodes[i] = &node{url: client, args: append([]string{
			program, "--name", fmt.Sprint("n", i), "--data-dir", filepath.Join(folder, fmt.Sprint(i)),
			"--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
			"--initial-cluster", strings.Join(members, ","), "--logger", "zap", "--log-level", "warn",
		}, flags...)}
		nodes[i].start(t)
		t.Cleanup(nodes[i].kill)
	}
	answers(t, log(t, nodes, "probe", 0))
	return nodes
}

// answers waits until etcd does.
func answers(t testing.TB, l *cluster.Etcd) {
	t.Helper()
	for {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		_, err := l.Leader(ctx)
		stop()
		if err == nil {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

// freePorts returns addresses that nobody listens at. Their ports are none of those that the system
// gives to who asks for any, so nobody else gets them before etcd does.
func freePorts(t testing.TB, n int) (out []string) {
	t.Helper()
	for len(out) < n && t.Context().Err() == nil {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 15000+rand.IntN(15000)))
		if err != nil {
			continue
		}
		defer l.Close()
		out = append(out, l.Addr().String())
	}
	return out
}

func (n *node) start(t testing.TB) {
	t.Helper()
	n.out = new(bytes.Buffer)
	n.cmd = exec.Command(n.args[0], n.args[1:]...)
	n.cmd.Stdout, n.cmd.Stderr = n.out, n.out
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, n.cmd.Start())
}

func (n *node) kill() {
	_ = n.cmd.Process.Kill() // it may have ended
	_ = n.cmd.Wait()         // it was killed
}

// prefixes gives each log of a test binary keys of its own.
var prefixes atomic.Int64

// log returns the log in a cluster for one more machine; a prefix of 0 is a new one.
func log(t testing.TB, nodes []*node, name string, prefix int64) *cluster.Etcd {
	t.Helper()
	var endpoints []string
	for _, n := range nodes {
		endpoints = append(endpoints, n.url)
	}
	return logAt(t, endpoints, name, prefix, long)
}

// How long a machine leads that is not heard of: long where it is not to lose the lead however slow
// all is, short where that is waited for.
const (
	long  = 30 * time.Second
	short = 3 * time.Second
)

func logAt(t testing.TB, endpoints []string, name string, prefix int64, lease time.Duration) *cluster.Etcd {
	t.Helper()
	if prefix == 0 {
		prefix = prefixes.Add(1)
	}
	l, err := cluster.NewEtcd(cluster.EtcdConfig{Endpoints: endpoints, Prefix: fmt.Sprint("test", prefix), Name: name, Lease: lease})
	must(t, err)
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestEtcd_Contract(t *testing.T) {
	nodes := etcds(t, 1)
	storetest.Log(t, func(t *testing.T) storetest.Machines {
		prefix := prefixes.Add(1)
		return storetest.Machines{Open: func(t *testing.T) store.Log { return log(t, nodes, t.Name(), prefix) }}
	})
	t.Run("engine", func(t *testing.T) { storetest.Engine(t, log(t, nodes, "one", 0)) })
}
