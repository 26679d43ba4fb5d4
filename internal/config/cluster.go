package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Cluster says where the machines meet that keep this calendar together.
type Cluster struct {
	// Where etcd is, as in [https://etcd1.example.org:2379]. It elects the machine that leads, and another one takes over by itself
	Etcd []string `yaml:"etcd" as:"endpoints"`
	// In place of etcd, a folder that all machines see, relative to this file. Another machine takes over by attache promote
	Folder string `yaml:"folder" as:"file"`
	// What the keys of this calendar in etcd begin with
	Prefix string `yaml:"prefix" default:"attache"`
	// What the other machines call this one. Left out, it is the name of the host
	Name string `yaml:"name"`
	// How long a machine that is not heard of leads, 2s at least. etcd counts in whole seconds
	Lease time.Duration `yaml:"lease" default:"10s"`
	// Who attache is to etcd
	User string `yaml:"user"`
	// A file that only you can read, with the password of that user
	PasswordFile string `yaml:"password_file" as:"secret file"`
	// Who signed the certificates of etcd. Left out, it is whom the machine trusts
	CAFile string `yaml:"ca_file" as:"file"`
	// The certificate that attache shows to etcd
	CertFile string `yaml:"cert_file" as:"file"`
	// The key of that certificate
	KeyFile string `yaml:"key_file" as:"file"`
}

// shortestLease is the least that etcd grants.
const shortestLease = 2 * time.Second

func (c *Cluster) check(r *reader, f field, written fieldList) {
	at := func(key string) place { return r.at(written.get(key).v) }
	switch {
	case !written.has("etcd") && !written.has("folder"):
		r.fail(r.resolve(f.v), "cluster has no place where its machines meet: add etcd, or folder")
	case written.has("etcd") && written.has("folder"):
		r.found.fail(at("folder"), "cluster has etcd and folder: leave one of them out")
	case written.has("etcd") && len(r.resolve(written.get("etcd").v).Content) == 0:
		r.found.fail(at("etcd"), "etcd is empty: name an address, as in [https://etcd1.example.org:2379]")
	}
	if c.Lease < shortestLease || c.Lease%time.Second != 0 {
		r.found.fail(at("lease"), "lease has to be whole seconds, 2s at least")
	}
	for key, with := range map[string]string{"cert_file": "key_file", "key_file": "cert_file", "password_file": "user", "user": "password_file"} {
		if written.has(key) && !written.has(with) {
			r.found.fail(at(key), "cluster has %s without %s: add it", key, with)
		}
	}
	for _, e := range c.Etcd {
		if u, err := url.Parse(e); err == nil && u.Scheme == "http" && !within(u.Hostname()) {
			r.found.warn(at("etcd"), "etcd is not reached by https: whoever stands between reads the calendar, and can write it")
			break
		}
	}
}

// within reports whether host is this machine, or an address in a network of one's own.
func within(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (a.IsLoopback() || a.IsPrivate())
}

// endpoints reads the addresses of etcd.
func (r *reader) endpoints(f field) (out []string) {
	for _, item := range r.list(f) {
		text := r.phrase(item)
		u, err := url.Parse(text)
		if err == nil && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "") {
			err = errors.New("no address")
		}
		if err == nil && u.User != nil { // the password is not to be shown
			r.fail(item.v, "the address of etcd has a user in it: write user and password_file in its place")
			continue
		}
		if err == nil {
			_, _, err = net.SplitHostPort(u.Host)
		}
		if err != nil {
			r.fail(item.v, "%s is no address of etcd: write it as https://etcd1.example.org:2379", quoted(text))
			continue
		}
		out = append(out, u.Scheme+"://"+u.Host)
	}
	return out
}

// Password returns the password of the user, none where there is none.
func (c *Cluster) Password(env func(string) string) (Secret, error) {
	if c.PasswordFile == "" {
		return Secret{}, nil
	}
	s, err := readSecret(c.PasswordFile, env)
	if err != nil {
		return Secret{}, fmt.Errorf("cluster.password_file: %w", err)
	}
	return s, nil
}

// FilesSum names what the files say of events, wherever their folder lies: machines that keep one
// calendar have the same one where their event files are the same.
func (c *Config) FilesSum() (string, error) {
	h := sha256.New()
	for _, f := range c.Files[min(1, len(c.Files)):] {
		text, err := readFile(f)
		if err != nil {
			return "", fmt.Errorf("compare the files: %w", err)
		}
		name, err := filepath.Rel(filepath.Dir(c.File), f)
		if err != nil {
			name = f
		}
		fmt.Fprintf(h, "%q %x\n", filepath.ToSlash(name), sha256.Sum256(text))
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), nil
}

// Machine returns what the other machines call this one.
func (c *Cluster) Machine() (string, error) {
	if c.Name != "" {
		return c.Name, nil
	}
	name, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("cluster: this machine has no name, add name: %w", err)
	}
	return name, nil
}
