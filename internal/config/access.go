package config

import (
	"fmt"
	"net/netip"
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
}

// Peers are who may say who asks.
type Peers struct {
	Prefixes []netip.Prefix
	Unix     bool
}

func (a *Access) check(r *reader, f field, written fieldList) {
	switch {
	case a.Header == "" && a.GroupsHeader == "" && !written.has("from"):
		r.fail(r.resolve(f.v), "access says nothing: add header, and from")
	case a.Header != "" && len(a.From.Prefixes) == 0 && !a.From.Unix:
		r.fail(r.resolve(f.v), "access believes the header of nobody: add from, as in from: [127.0.0.1/32]")
	case a.Header == "" && (a.GroupsHeader != "" || written.has("from")):
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
