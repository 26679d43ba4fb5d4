package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"attache/internal/event"
)

// Access says by what it is known who asks for pages, besides personal links.
type Access struct {
	// The header in which a reverse proxy names the user, as in X-Forwarded-User
	Header string `yaml:"header" as:"header"`
	// The header in which it names their groups, between commas
	GroupsHeader string `yaml:"groups_header" as:"header"`
	// The peers whose headers are believed: addresses, networks such as 10.0.0.0/8, or unix for a socket in a folder
	From Peers `yaml:"from" as:"peers"`
	// An issuer of OpenID Connect that signs people in. It sends them back to /sign-in/done, behind public_url
	OIDC *OIDC `yaml:"oidc"` // nil is none
}

// OIDC says who signs people in.
type OIDC struct {
	// What it calls itself, to the letter, as in https://sso.example.org/realms/desk
	Issuer string `yaml:"issuer" as:"address" required:"add what it calls itself, as in https://sso.example.org/realms/desk"`
	// What it calls attache
	ClientID string `yaml:"client_id" required:"add what the issuer calls attache"`
	// A file that only you can read, with the secret of that client. Left out, it has none
	ClientSecretFile string `yaml:"client_secret_file" as:"secret file"`
	// What in its tokens names the groups of a user; with dots, as in realm_access.roles, what lies in what
	GroupsClaim string `yaml:"groups_claim" default:"groups"`
}

func (o *OIDC) check(r *reader, f field, written fieldList) {
	if u, err := url.Parse(o.Issuer); err == nil && u.Scheme == "http" && !local(net.JoinHostPort(u.Hostname(), "80")) {
		r.found.warn(r.at(written.get("issuer").v), "the issuer is not reached by https: whoever stands between can sign in as anybody")
	}
}

// Secret returns the secret of the client, none where there is none.
func (o *OIDC) Secret(env func(string) string) (Secret, error) {
	if o.ClientSecretFile == "" {
		return Secret{}, nil
	}
	return readSecret(o.ClientSecretFile, env)
}

// Peers are who may say who asks.
type Peers struct {
	Prefixes []netip.Prefix
	Unix     bool
}

func (a *Access) check(r *reader, f field, written fieldList) {
	byHeader := a.GroupsHeader != "" || written.has("from")
	switch {
	case a.Header == "" && !byHeader && !written.has("oidc"):
		r.fail(r.resolve(f.v), "access says nothing: add header and from, or oidc")
	case a.Header != "" && len(a.From.Prefixes) == 0 && !a.From.Unix:
		r.fail(r.resolve(f.v), "access believes the header of nobody: add from, as in from: [127.0.0.1/32]")
	case a.Header == "" && byHeader:
		r.fail(r.resolve(f.v), "access has no header that names the user")
	}
}

// header reads the name of a header field.
func (r *reader) header(f field) string {
	return parsedText(r, f, func(s string) (string, error) {
		if s == "" || strings.ContainsFunc(s, func(c rune) bool {
			return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
		}) {
			return "", fmt.Errorf("%s is no name of a header: write it as X-Forwarded-User", quoted(s))
		}
		return s, nil
	})
}

// peers reads addresses, networks and unix.
func (r *reader) peers(f field) (out Peers) {
	for _, item := range r.list(f) {
		text := r.phrase(item)
		if text == "unix" {
			out.Unix = true
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(text); err == nil {
				p = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil {
			r.fail(item.v, "%s is no address: write it as 127.0.0.1, 10.0.0.0/8, or unix for a socket", quoted(text))
			continue
		}
		out.Prefixes = append(out.Prefixes, p.Masked())
	}
	return out
}

// AudiencesOf returns the audiences that a user is among, who is of some groups: those that name
// the user or one of the groups, and those that are called as a group is.
func (c *Config) AudiencesOf(user string, groups []string) []string {
	var out []string
	for _, a := range c.Audiences {
		if slices.Contains(a.Users, user) || slices.ContainsFunc(a.Groups, func(g string) bool { return slices.Contains(groups, g) }) ||
			len(a.Groups) == 0 && slices.Contains(groups, a.Name) {
			out = append(out, a.Name)
		}
	}
	for _, f := range c.Feeds {
		if f.Private && len(f.Audiences) == 0 && slices.Contains(groups, f.Name) && f.Name != event.Everybody {
			out = append(out, f.Name)
		}
	}
	return out
}
