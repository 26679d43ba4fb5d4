package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/phrase"
)

// names are words that are no date in the name of a day or a person: Black Friday, Theresa May.
var names = set("black super good ash palm maundy easter cyber bloody holy theresa brian casual giving")

// plausible reports whether a phrase that was found is meant as a date: months begin with a
// capital, and a month, a year, a season or a quarter alone has to be shown to be one.
func plausible(text string, f phrase.Found) bool {
	words := strings.Fields(text[f.At:f.End])
	monthly := false
	if strings.EqualFold(words[0], "may") && f.Err != nil {
		return false
	}
	for i, w := range words {
		core := strings.Trim(w, ".,")
		low := strings.ToLower(core)
		if months[low] && low != "sun" && low != "sat" {
			monthly = true
			if r, _ := utf8.DecodeRuneInString(core); unicode.IsLower(r) && (low == "may" || low == "march" || low == "august" || low == "mar" || low == "dec" || low == "jan") {
				return false
			}
			if low == "may" && i+1 == len(words) && strings.HasPrefix(text[f.End:], " ") && modalFollows(text[f.End:]) {
				return false
			}
		}
	}
	if len(words) > 1 {
		return true
	}
	before := strings.ToLower(lastWord(text[max(0, f.At-24):f.At]))
	switch low := strings.ToLower(strings.Trim(words[0], ".,")); {
	case names[before]:
		return false
	case monthly: // its June deadline; no March on Washington, no April Smith
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[f.End:], " "))
		return f.At > 0 && low != "may" && unicode.IsLower(r) && !strings.HasPrefix(text[f.End:], " on ")
	case yearIn(low) != 0 && len(low) == 4: // the 2026 budget
		return false
	}
	return true
}

// modalFollows reports whether "May" stands before a verb: May the talks …; He says May be.
func modalFollows(behind string) bool {
	w, _, _ := strings.Cut(strings.TrimLeft(behind, " "), " ")
	return w == "be" || w == "not" || w == "have" || w == "also" || w == "the"
}

// lastWord returns the last word of s.
func lastWord(s string) string {
	s = strings.TrimRight(s, " "+opening)
	return s[strings.LastIndexByte(s, ' ')+1:]
}

// parts returns the phrases that a found one joins with a comma, where each can be read by
// itself and both say together what it says: early next year, ahead of 17 February.
func parts(text string, f phrase.Found, c phrase.Context) []phrase.Found {
	cut := strings.Index(f.Says, ", ")
	comma := strings.IndexByte(text[f.At:f.End], ',')
	if f.Err != nil || cut < 0 || comma < 0 {
		return []phrase.Found{f}
	}
	at := f.At + comma + 1
	at += len(text[at:f.End]) - len(strings.TrimLeft(text[at:f.End], " "))
	a, okA := c.Find(text[:f.At+comma], f.At)
	b, okB := c.Find(text[:f.End], at)
	if !okA || !okB || a.End != f.At+comma || b.End != f.End || a.Err != nil || b.Err != nil {
		return []phrase.Found{f}
	}
	first, last, ok := meet(a.First, a.Last, b.First, b.Last)
	if !ok || first != f.First || last != f.Last {
		return []phrase.Found{f}
	}
	return []phrase.Found{a, b}
}

// keysOf returns how a file has to write a phrase so that it is read as want. The words alone
// are best; where they leave the tense open it is added; and of the weekday of the dateline, of
// which both weeks are options, the day is written.
func keysOf(words string, want phrase.Reading, tense phrase.Tense, c phrase.Context) ([]Key, bool) {
	for _, t := range []phrase.Tense{phrase.Unsaid, tense} {
		c.Tense = t
		if r, err := phrase.Read(words, c); err == nil && same(r, want) {
			keys := []Key{{"phrase", words}}
			if t != phrase.Unsaid {
				keys = append(keys, Key{"tense", string(t)})
			}
			return keys, true
		}
	}
	if len(want.Options) == 1 {
		return []Key{dayKey(want)}, true
	}
	return nil, false
}

// same reports whether two readings allow the same.
func same(a, b phrase.Reading) bool { return a.Expr() == b.Expr() }

// dayKey writes a reading of one day, or of an hour of it.
func dayKey(r phrase.Reading) Key {
	if r.Timed {
		return Key{"at", strings.TrimSpace(r.First.String() + " " + r.Clock.String() + " " + r.Zone)}
	}
	return Key{"on", r.First.String()}
}

// sameDay returns a reading of the weekday of the dateline, which news means by it, and false
// where f is no such day.
func sameDay(f phrase.Found, d civil.Date) (phrase.Found, bool) {
	day := phrase.Days{First: d, Last: d}
	if f.Midnight || len(f.Options) != 2 || !slices.Contains(f.Options, day) || f.Options[1].First.Sub(f.Options[0].First) != 7 || f.Tense != phrase.Unsaid {
		return f, false
	}
	f.First, f.Last, f.Options = d, d, []phrase.Days{day}
	return f, true
}
