package draft

import (
	"slices"
	"strings"

	"attache/internal/event"
	"attache/internal/phrase"
)

// How many words are looked at on either side of a date.
const (
	reachLeft  = 40
	reachRight = 25
)

// side says on which side of the dateline the words around a date look.
type side int

const (
	unsaid side = iota
	ahead
	back
	doubtful // the words can be meant either way
)

// The words that show where a sentence looks.
var (
	modals    = set("will shall may might could can should must would won't cannot we'll they'll he'll she'll it'll i'll")
	scheduled = set("scheduled expected expect due planned slated set anticipated postponed rescheduled delayed adjourned extended tentatively proposed poised bound supposed " +
		"deadline upcoming forthcoming likely unlikely plans plan intends hopes expects aims wants needs tbc hopefully")
	presents = set("begins starts opens closes ends expires meets holds hosts travels visits arrives convenes votes takes enters comes resumes reports releases publishes is are " +
		"launches gathers runs continues lapses falls addresses attends delivers speaks sits hears considers decides returns leaves departs chairs celebrates marks applies " +
		"becomes remains starting beginning commencing")
	pasts = set("said told was were had did met went came took held made gave began left saw spoke won lost fell rose became got sent brought wrote struck found kept knew " +
		"felt ran sat stood thought drew fought broke chose rejected shot grew led hit quit swore withdrew understood heard paid built bought sold taught caught sought spent did're weren't wasn't didn't")
	planning = set("agreed decided threatened planned vowed pledged promised asked ordered offered scheduled expected set due supposed slated proposed wanted hoped intended " +
		"invited urged called told required requested instructed directed warned aimed prepared committed sworn bound likely unlikely plans plan intends hopes expects aims wants needs agree agrees obliged able ready")
	notPast    = set("need speed united proceed succeed feed indeed hundred exceed embed seed breed agreed-upon shed bed red fed wed led-by sacred naked wicked kindred unprecedented so-called speed-up limited related detailed united interested")
	infinitive = set("the a an his her its their our this that these those which whom all each any both some next last early late mid")
)

// looks returns where the words around the tokens from i to j look, and the number of the one
// that shows it, -1 for none.
func looks(toks []token, i, j int) (side, int) {
	if leads(toks, i) {
		if s, at := rightward(toks, j); s != unsaid {
			return s, at
		}
	}
	if s, at := leftward(toks, i); s != unsaid {
		return s, at
	}
	return rightward(toks, j)
}

// leads reports whether the date begins its clause, as in "On Thursday the ministers meet".
func leads(toks []token, i int) bool {
	return i == 0 || toks[i-1].stop || toks[i-1].low == "that" || toks[i-1].low == "and" || toks[i-1].low == "but"
}

// leftward looks for the nearest verb before a date.
func leftward(toks []token, i int) (side, int) {
	for k := i - 1; k >= max(0, i-reachLeft) && !(toks[k].hard && k < i-1); k-- {
		w := toks[k].low
		before := ""
		if k > 0 {
			before = toks[k-1].low
		}
		switch {
		case modals[w]:
			return ahead, k
		case scheduled[w]:
			if lapsed(toks, k) {
				return doubtful, k
			}
			return ahead, k
		case w == "to" && k+1 < i && toks[k+1].low != theMonth && !infinitive[toks[k+1].low] && !toks[k+1].upper && !pastForm(toks[k+1].low):
			return governed(toks, k)
		case pastForm(w):
			if before == "be" { // will be held, to be held
				continue
			}
			if before == "to" && w == "set" {
				return ahead, k
			}
			return back, k
		case presents[w] && before != "to" && before != "the":
			return ahead, k
		}
	}
	return unsaid, -1
}

// lapsed reports whether what was planned by the word at k may not be so any more: it was due.
func lapsed(toks []token, k int) bool {
	return k > 0 && (toks[k-1].low == "was" || toks[k-1].low == "were") || k > 1 && toks[k-1].low == "been" && toks[k-2].low == "had"
}

// governed says where the infinitive behind the "to" at k looks: what somebody agreed or is
// expected to do lies ahead, and what they came to do can be over.
func governed(toks []token, k int) (side, int) {
	for g := k - 1; g >= max(0, k-6) && !toks[g].stop; g-- {
		switch w := toks[g].low; {
		case planning[w], scheduled[w], modals[w], presents[w]:
			if scheduled[w] && lapsed(toks, g) {
				return doubtful, g
			}
			return ahead, g
		case w == "used" || w == "failed" || w == "managed" || w == "had":
			return back, g
		case pastForm(w):
			return doubtful, g
		}
	}
	return ahead, k
}

// rightward looks for the next verb behind a date, in its clause.
func rightward(toks []token, j int) (side, int) {
	for k := j; k < min(len(toks), j+reachRight); k++ {
		w := toks[k].low
		switch {
		case modals[w], scheduled[w]:
			return ahead, k
		case presents[w]:
			if (w == "is" || w == "are") && k+1 < len(toks) && pastForm(toks[k+1].low) && !scheduled[toks[k+1].low] {
				return ahead, k
			}
			return ahead, k
		case pastForm(w):
			return back, k
		}
		if toks[k].hard {
			break
		}
	}
	return unsaid, -1
}

// pastForm reports whether a word is a verb of the past, or can be one.
func pastForm(w string) bool {
	return pasts[w] || len(w) > 4 && strings.HasSuffix(w, "ed") && !notPast[w] && !strings.HasSuffix(w, "eed") && !strings.Contains(w, "-")
}

// calledOff reports whether the words right behind the date at i to j say that it does not take
// place, or those before it that it is the day from which something was moved.
func calledOff(toks []token, i, j int, words string) bool {
	for k := j; k < min(len(toks), j+5) && !(k > j && toks[k-1].hard); k++ {
		if off[toks[k].low] && k > 0 && (beings[toks[k-1].low] || toks[k-1].low == "has" || toks[k-1].low == "have" || toks[k-1].low == "but") {
			return true
		}
	}
	for k := i - 1; k > max(0, i-9) && !toks[k].stop; k-- {
		if dropped[toks[k].low] && toks[k-1].low != "be" && toks[k-1].low != "not" {
			return true
		}
	}
	return i > 0 && off[toks[i-1].low] && strings.HasPrefix(strings.ToLower(words), "from ")
}

var dropped = set("cancelled canceled scrapped shelved")

var off = set("cancelled canceled postponed scrapped shelved moved rescheduled delayed called adjourned dropped")

// limits are words of a phrase behind which a date mostly lies ahead.
var limits = []string{"by ", "until ", "till ", "no later than ", "not later than ", "through ", "on or before ", "effective ", "no earlier than ", "not before "}

// limited reports whether a phrase bounds what is yet to be.
func limited(words string) bool {
	low := strings.ToLower(words)
	return slices.ContainsFunc(limits, func(l string) bool { return strings.HasPrefix(low, l) })
}

// certainties are the words that say how sure something is.
var certainties = map[string]event.Certainty{
	"may": event.Possible, "might": event.Possible, "could": event.Possible, "possibly": event.Possible, "perhaps": event.Possible, "threatened": event.Possible,
	"expected": event.Likely, "expect": event.Likely, "anticipated": event.Likely, "likely": event.Likely, "expects": event.Likely, "probably": event.Likely,
	"will": event.Planned, "shall": event.Planned, "scheduled": event.Planned, "planned": event.Planned, "slated": event.Planned, "due": event.Planned, "plans": event.Planned,
	"set": event.Planned, "must": event.Planned,
	"confirmed": event.Confirmed, "announced": event.Confirmed, "confirms": event.Confirmed, "announces": event.Confirmed,
	"rumoured": event.Rumoured, "rumored": event.Rumoured, "reportedly": event.Rumoured,
	"unlikely": event.Possible, "tentatively": event.Possible, "unconfirmed": event.Possible, "proposed": event.Possible,
}

// certaintyNear returns what the nearest such word before the tokens from i to j says, or else
// behind them, and where it stands. What will be is confirmed where the sentence says so too.
func certaintyNear(toks []token, i, j int) (event.Certainty, int, bool) {
	at := -1
	for k := i - 1; k >= max(0, i-reachLeft) && at < 0; k-- {
		if said(toks, k) {
			at = k
		}
	}
	for k := j; k < min(len(toks), j+reachRight) && at < 0; k++ {
		if said(toks, k) {
			at = k
		}
	}
	if at < 0 {
		return "", -1, false
	}
	c := certainties[toks[at].low]
	for k := max(0, at-reachLeft); c == event.Planned && k < min(len(toks), j+reachRight); k++ {
		if certainties[toks[k].low] == event.Confirmed && said(toks, k) {
			return event.Confirmed, k, true
		}
	}
	return c, at, true
}

// said reports whether the token at k says how sure something is, and is not denied.
func said(toks []token, k int) bool {
	w := toks[k].low
	c, ok := certainties[w]
	if !ok || (w == "may" && toks[k].upper && k > 0) || w == "set" && (k == 0 || !beings[toks[k-1].low]) {
		return false
	}
	if c == event.Confirmed {
		for _, t := range toks[max(0, k-4):k] {
			if denials[t.low] {
				return false
			}
		}
	}
	return true
}

var (
	denials = set("not no never yet nor neither hasn't haven't isn't wasn't didn't to be")
	beings  = set("is are was were been being")
)

// notConditions are the words around an "if" that sets no condition.
var (
	beforeIf = set("as even see ask asked asks asking know knew wonder wondered unclear doubt decide sure")
	behindIf = set("any necessary needed possible not so only applicable appropriate anything ever")
)

// conditionNear returns the words of the condition in a sentence, without the "if" in front, and
// "" where there is none, or where the date at i to j stands in it.
func conditionNear(text string, toks []token, i, j int) string {
	for k := max(0, i-reachLeft); k < min(len(toks), j+reachRight); k++ {
		w := toks[k].low
		unless := w == "unless" || w == "provided" && k+1 < len(toks) && toks[k+1].low == "that"
		if w != "if" && !unless || k > 0 && beforeIf[toks[k-1].low] || k+1 >= len(toks) || behindIf[toks[k+1].low] {
			continue
		}
		from := k + 1
		if unless {
			from = k
		}
		to := from
		for to < len(toks)-1 && !toks[to].stop && to-from < reachLeft && toks[to+1].parenthesis >= toks[k].parenthesis {
			to++
		}
		if i <= to && j > k || to == from && !unless {
			continue
		}
		return text[toks[from].at:toks[to].end]
	}
	return ""
}

// tensed is a context with a tense.
func tensed(c phrase.Context, t phrase.Tense) phrase.Context {
	c.Tense = t
	return c
}
