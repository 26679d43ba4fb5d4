package cluster_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/cluster"
)

// authority signs certificates for a test.
type authority struct {
	folder string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

// newAuthority makes one, with its own certificate in NAME.pem in the folder.
func newAuthority(t *testing.T, folder, name string) *authority {
	t.Helper()
	a := &authority{folder: folder}
	a.cert, a.key = a.sign(t, name, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// sign puts a certificate into NAME.pem and its key into NAME.key.
func (a *authority) sign(t *testing.T, name string, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	by, with := a.cert, a.key
	if by == nil {
		by, with = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, with)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(a.folder, name+".pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(filepath.Join(a.folder, name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	made, err := x509.ParseCertificate(der)
	must(t, err)
	return made, key
}

// TestEtcd_TLS has etcd ask for a certificate, and shows who gets in.
func TestEtcd_TLS(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("etcd")
	if err != nil {
		t.Skip("there is no etcd on this machine: apt-get install etcd-server")
	}
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	ca := newAuthority(t, folder, "ca")
	newAuthority(t, folder, "other")
	usage := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	ca.sign(t, "server", &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: usage})
	ca.sign(t, "client", &x509.Certificate{ExtKeyUsage: usage})
	ports := freePorts(t, 2)
	url, peer := "https://"+ports[0], "http://"+ports[1]
	n := &node{url: url, args: []string{
		program, "--name", "n", "--data-dir", in("data"), "--listen-client-urls", url, "--advertise-client-urls", url,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "n=" + peer, "--logger", "zap", "--log-level", "error",
		"--cert-file", in("server.pem"), "--key-file", in("server.key"), "--trusted-ca-file", in("ca.pem"), "--client-cert-auth",
	}}
	n.start(t)
	t.Cleanup(n.kill)
	reach := func(c cluster.EtcdConfig) *cluster.Etcd {
		t.Helper()
		c.Endpoints, c.Lease = []string{url}, short
		l, err := cluster.NewEtcd(c)
		must(t, err)
		t.Cleanup(func() { _ = l.Close() }) // the test is over
		return l
	}
	l := reach(cluster.EtcdConfig{CAFile: in("ca.pem"), CertFile: in("client.pem"), KeyFile: in("client.key")})
	answers(t, l)
	term := lead(t, l)
	must(t, term.Append(t.Context(), 1, []byte("one")))
	has(t, l, "one")
	must(t, term.Resign(t.Context()))
	for name, c := range map[string]cluster.EtcdConfig{
		"without a certificate":       {CAFile: in("ca.pem")},
		"with one of another":         {CAFile: in("ca.pem"), CertFile: in("other.pem"), KeyFile: in("other.key")},
		"that trusts somebody else":   {CAFile: in("other.pem"), CertFile: in("client.pem"), KeyFile: in("client.key")},
		"that trusts only the system": {CertFile: in("client.pem"), KeyFile: in("client.key")},
	} {
		ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if _, err := reach(c).Leader(ctx); err == nil {
			t.Errorf("a client %s gets in", name)
		}
		stop()
	}
	for name, c := range map[string]cluster.EtcdConfig{
		"no such file":   {CAFile: in("missing.pem")},
		"no certificate": {CAFile: in("ca.key")},
		"no key":         {CAFile: in("ca.pem"), CertFile: in("client.pem")},
	} {
		if _, err := cluster.NewEtcd(c); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
