package change

import (
	"attache/internal/prose"
	"slices"
	"strings"
	"time"
)

// View is what one revision changed, or how something else moved an event, as programs read
// it, from the command line and over HTTP. Its names are a promise.
type View struct {
	Seq      uint64     `json:"seq"` // from 1, in the order in which the revisions were made
	At       time.Time  `json:"at"`  // UTC, whole seconds
	Event    string     `json:"event"`
	Title    string     `json:"title"` // as it was then
	Revision int        `json:"revision"`
	By       string     `json:"by"`             // file and line, or the user
	Via      string     `json:"via"`            // file, cli, slack, import
	User     string     `json:"user,omitempty"` // the id of a person who said it in Slack
	Link     string     `json:"link,omitempty"` // to where they said it
	Reason   string     `json:"reason"`
	Changes  []Change   `json:"changes"`
	Fields   []string   `json:"fields"`  // all that changed; empty for the first revision
	Follows  []Followed `json:"follows"` // events whose date moved because this one's did
	Because  *Cause     `json:"because"` // what moved it, where it was not revised itself; else null
}

// First reports whether the event was unknown before.
func (v View) First() bool { return v.Revision == 1 && v.Because == nil }

// Cause is what moved an event that was not revised, as programs read it: the event that was, or
// the rules of a zone or a calendar, where there is none.
type Cause struct {
	Event string `json:"event"`
	Title string `json:"title"`
}

// Words returns what the cause is: "because of the ruling".
func (c Cause) Words() string {
	if c.Event == "" {
		return "because the rules of its time zone or of a calendar changed"
	}
	return "because of " + prose.Within(c.Title)
}

// Followed is an event that moved because another did, as programs read it.
type Followed struct {
	Event string `json:"event"`
	Title string `json:"title"`
	Was   string `json:"was"` // its date before, in words
	Now   string `json:"now"` // and its date then
}

// Headline returns in a line what v did: "Slipped, confirmed: Talks".
func (v View) Headline() string { return prose.Capital(Words(v.Changes)) + ": " + v.Title }

// Also names the fields that changed besides and are not told of otherwise, as the reason is.
func (v View) Also() []string {
	told := []string{"reason"}
	for _, c := range v.Changes {
		if told = append(told, c.Field); c.Field == "date" {
			told = append(told, "when")
		}
	}
	return slices.DeleteFunc(slices.Clone(v.Fields), func(f string) bool { return slices.Contains(told, f) })
}

// Lines tells of v: what changed, what moved with it, and why.
func (v View) Lines() (out []string) {
	for _, c := range v.Changes {
		out = append(out, c.Line())
	}
	if also := v.Also(); len(also) > 0 {
		out = append(out, "Also changed: "+strings.Join(also, ", "))
	}
	for _, f := range v.Follows {
		out = append(out, "This also moved "+f.Title+": "+NowWas(f.Now, f.Was))
	}
	if v.Because != nil {
		out = append(out, prose.Capital(v.Because.Words()))
	}
	if v.Reason != "" {
		out = append(out, "Why: "+v.Reason)
	}
	return out
}

// Range says which of the changes that were made are asked for.
type Range struct {
	From, To time.Time // when they were made, To excluded; zero is open
	Before   uint64    // only those numbered lower; 0 asks for the newest
	Event    string    // id of the one event that is asked for; "" for all
	Limit    int       // how many at most; below 1 is no limit
	Look     int       // how many are looked through at most, from Before downwards; below 1 is all
}
