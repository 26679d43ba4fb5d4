package config

import (
	"strings"
	"testing"
	"time"
)

func TestCluster(t *testing.T) {
	c := load(t, `cluster: {etcd: ["https://a.example.org:2379/", "http://127.0.0.1:2379"], name: desk-1, prefix: calendars/desk, user: desk,
  password_file: /etc/attache/etcd-password, ca_file: ca.pem, cert_file: c.pem, key_file: k.pem, lease: 20s}
`).Cluster
	if name, err := c.Machine(); name != "desk-1" || err != nil {
		t.Errorf("this machine is %q, %v", name, err)
	}
	if got := strings.Join(c.Etcd, " "); got != "https://a.example.org:2379 http://127.0.0.1:2379" || c.Lease != 20*time.Second ||
		c.Prefix != "calendars/desk" || c.CAFile != "ca.pem" {
		t.Errorf("%+v", c)
	}
	c = load(t, "cluster: {folder: shared}\n").Cluster
	if name, err := c.Machine(); name == "" || err != nil || c.Lease != 10*time.Second || c.Prefix != "attache" || c.Folder != "shared" {
		t.Errorf("the defaults are %+v, %q, %v", c, name, err)
	}
	if c := load(t, "timezone: UTC\n").Cluster; c != nil {
		t.Errorf("without the block there is %+v", c)
	}
}

func TestCluster_Wrong(t *testing.T) {
	for settings, want := range map[string]string{
		"cluster: {}\n": "attache.yaml:1:10: cluster has no place where its machines meet: add etcd, or folder",
		"cluster: {etcd: [\"http://127.0.0.1:2379\"], folder: x}\n": "cluster has etcd and folder: leave one of them out",
		"cluster: {etcd: []}\n":                                                       "etcd is empty: name an address",
		"cluster: {etcd: [127.0.0.1]}\n":                                              `"127.0.0.1" is no address of etcd: write it as https://etcd1.example.org:2379`,
		"cluster: {etcd: [\"https://u:secret@a.example.org:2379\"]}\n":                "attache.yaml:1:18: the address of etcd has a user in it",
		"cluster: {etcd: [\"https://a.example.org\"]}\n":                              "is no address of etcd",
		"cluster: {etcd: [\"http://127.0.0.1:2379\"], lease: 1s}\n":                   "lease has to be whole seconds, 2s at least",
		"cluster: {etcd: [\"http://127.0.0.1:2379\"], cert_file: c.pem}\n":            "cluster has cert_file without key_file: add it",
		"cluster: {etcd: [\"http://127.0.0.1:2379\"], password_file: /no/such}\n":     "cluster has password_file without user: add it",
		"cluster: {etcd: [\"http://127.0.0.1:2379\"], replicas: 2}\n":                 "replicas",
		"cluster: {etcd: [\"http://etcd.example.org:2379\"], name: a, lease: 3s}\n\n": "etcd is not reached by https",
	} {
		write(t, map[string]string{"attache.yaml": settings})
		got := ""
		if c, err := Load("attache.yaml"); err != nil {
			got = err.Error()
		} else {
			got = c.Warnings.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s%s\nwant\n%s", settings, got, want)
		}
	}
}
