package config

import (
	"attache/internal/agenda"
	"attache/internal/event"
)

// Audience is a group of readers, and the events that are for them alone.
type Audience struct {
	// What events, feeds, routes and links call it
	Name string `yaml:"name" as:"id" required:"add one such as desk"`
	// Which events are for it that do not say so themselves; left out, none
	Match *agenda.Filter `yaml:"match"`
	// The groups whose members are of it, as the proxy or the issuer under access names them; left out, the group of its own name
	Groups []string `yaml:"groups"`
	// The users who are of it, as the proxy or the issuer names them
	Users []string `yaml:"users"`
}

func (a *Audience) check(r *reader, f field, _ fieldList) {
	if a.Name == event.Everybody {
		r.fail(f.v, "everybody is the audience of what is not narrowed: choose another name")
		return
	}
	r.all.audience(a.Name, r.at(f.v), r.found)
}

// audience notes that there is an audience of that name.
func (c *collected) audience(name string, at place, found *findings) {
	if name == "" {
		return
	}
	if first, twice := c.audiences[name]; twice {
		found.fail(at, "two audiences have the name %q: the first is at %s; a private feed is one of its own unless it says audiences", name, first)
		return
	}
	c.audiences[name] = at
}

// audiences reads a list of names of audiences.
func (r *reader) audiences(f field) []string {
	var out []string
	for _, item := range r.list(f) {
		if name := r.reference(item, toAudience); name != "" {
			out = append(out, name)
		}
	}
	return out
}
