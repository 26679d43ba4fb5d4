package draft

import (
	"strings"

	"attache/internal/event"
	"attache/internal/prose"
)

// known are the events of the calendar, by the words that name them.
type known struct {
	events []knownEvent
	by     map[string][]int // events by the words of the names and the topics
}

type knownEvent struct {
	id    string
	names []string // parties and people, folded: the words of any of them name it
	about map[string]bool
	title []string
}

// otherNames are what reports call the countries that calendars name shortly.
var otherNames = map[string]string{
	"us": "us u.s united-states american washington", "usa": "us u.s united-states american washington", "united states": "us u.s united-states american washington",
	"china": "china chinese beijing", "russia": "russia russian moscow kremlin", "ukraine": "ukraine ukrainian kyiv", "iran": "iran iranian tehran",
	"eu": "eu european-union brussels", "european union": "eu european-union brussels", "uk": "uk u.k britain british london", "united kingdom": "uk u.k britain british london",
	"japan": "japan japanese tokyo", "south korea": "south-korea seoul", "north korea": "north-korea pyongyang", "india": "india indian delhi",
	"france": "france french paris", "germany": "germany german berlin", "israel": "israel israeli", "turkey": "turkey turkish ankara", "türkiye": "turkey turkish ankara türkiye",
}

func newKnown(events []event.Event) known {
	k := known{by: make(map[string][]int)}
	for _, e := range events {
		one := knownEvent{id: e.ID, about: make(map[string]bool), title: stems(nouns(e.Title))}
		for _, p := range e.Parties {
			name := prose.Fold(p)
			if other, ok := otherNames[name]; ok {
				name = other
			} else {
				name = strings.ReplaceAll(name, " ", "-")
			}
			one.names = append(one.names, name)
		}
		for _, p := range e.People {
			one.names = append(one.names, personNames(p))
		}
		for _, t := range append([]string{e.Title, e.Place}, e.Topics...) {
			for _, w := range stems(nouns(t)) {
				one.about[w] = true
			}
		}
		for i := range one.names {
			for _, n := range strings.Fields(one.names[i]) {
				delete(one.about, stem(n))
			}
		}
		k.events = append(k.events, one)
		for w := range one.about {
			k.by[w] = append(k.by[w], len(k.events)-1)
		}
	}
	return k
}

// personNames returns the names by which a report calls a person: the last, and in languages
// that put it first the first of two short ones.
func personNames(p string) string {
	words := strings.Fields(prose.Fold(p))
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	if len(words) == 2 && len(words[0]) <= 4 {
		return last + " " + words[0]
	}
	return last
}

// match returns the id of the event that a candidate may be, "" for none: one that shares two
// parties or people with its words and what it is about, or whose whole title stands there.
func (k known) match(c *Candidate) string {
	words := make(map[string]bool)
	for n, w := range c.clause {
		w = strings.TrimSuffix(strings.TrimSuffix(prose.Fold(w), "'s"), "s'")
		words[stem(w)], words[w] = true, true
		if n > 0 {
			words[prose.Fold(c.clause[n-1])+"-"+w] = true
		}
	}
	title := make(map[string]bool)
	for _, w := range stems(nouns(c.Title)) {
		title[w] = true
	}
	best, id := 0, ""
	seen := make(map[int]bool)
	for w := range words {
		for _, i := range k.by[w] {
			if seen[i] {
				continue
			}
			seen[i] = true
			if score := k.events[i].score(words, title); score > best || score == best && score > 0 && k.events[i].id < id {
				best, id = score, k.events[i].id
			}
		}
	}
	return id
}

// score says how much of an event the words of a candidate have, 0 for too little.
func (e knownEvent) score(words, title map[string]bool) int {
	names, about, whole := 0, 0, len(e.title) > 0
	for _, n := range e.names {
		for _, w := range strings.Fields(n) {
			if words[w] {
				names++
				break
			}
		}
	}
	for w := range e.about {
		if title[w] {
			about += 2
		} else if words[w] {
			about++
		}
	}
	for _, w := range e.title {
		whole = whole && title[w]
	}
	if names >= 2 && about > 0 || whole && len(e.title) > 1 {
		return 4*names + about
	}
	return 0
}

// stems returns words without the endings that a verb or a plural has.
func stems(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = stem(w)
	}
	return out
}

func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) > 3 {
			w = rest
			break
		}
	}
	if len(w) > 4 {
		w = strings.TrimSuffix(w, "e")
	}
	return w
}
