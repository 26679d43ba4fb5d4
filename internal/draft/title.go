package draft

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/event"
	"attache/internal/prose"
)

// Bounds of a title and of a quote, in characters, and of an id in words.
const (
	maxTitle = 90
	maxQuote = 300
	idWords  = 5
)

// quoteOf returns the words of text around bytes from to to: all of it where that is short
// enough, else as many whole words as fit, more of them before than behind.
func quoteOf(text string, from, to int) string {
	if utf8.RuneCountInString(text) <= maxQuote {
		return text
	}
	room := maxQuote - utf8.RuneCountInString(text[from:to])
	begin := backward(text, from, room*3/4)
	end := forward(text, to, room-utf8.RuneCountInString(text[begin:from]))
	return strings.TrimSpace(text[begin:end])
}

// backward returns where the words begin that stand before at and have at most n characters.
func backward(text string, at, n int) int {
	begin := at
	for i := at; i > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		if i -= size; i == 0 || text[i-1] == ' ' {
			begin = i
		}
	}
	return begin
}

// forward returns where the words end that stand behind at and have at most n characters.
func forward(text string, at, n int) int {
	end := at
	for i := at; i < len(text) && n > 0; n-- {
		_, size := utf8.DecodeRuneInString(text[i:])
		if i += size; i == len(text) || text[i] == ' ' {
			end = i
		}
	}
	return end
}

// The words with which a title neither begins nor ends, and those that carry no meaning of it.
var (
	loose = set("the a an of in on at by to for from with and or but that which who whom as is are was were be been has have had its his her their this these those it he she they we " +
		"will would shall may might could can should must also then when where while until before after ahead said says about over under into than so if unless during between later earlier")
	trailing = set("the a an of in on at by to for from with and or but that which who whom as is are was were be been has have had its his her their this will would shall may might could can " +
		"should must also then when where while until before after ahead over under into than not so if unless during between scheduled set due planned said says due: starting beginning until through no later earlier takes taking place held")
	nounsOfEvents = map[string]event.Kind{
		"meeting": event.Meeting, "meetings": event.Meeting, "session": event.Other, "summit": event.Summit, "visit": event.Visit, "trip": event.Visit, "tour": event.Visit,
		"talks": event.Talks, "negotiations": event.Talks, "consultations": event.Talks, "deadline": event.Deadline, "hearing": event.Other, "conference": event.Other,
		"announcement": event.Announcement, "holiday": event.Holiday, "election": event.Other, "elections": event.Other, "vote": event.Other, "referendum": event.Other,
		"ceremony": event.Other, "forum": event.Other, "round": event.Other, "call": event.Other, "workshop": event.Other, "consultation": event.Other,
	}
)

// titleFor returns words of a sentence that name what takes place at the tokens from i to j:
// those of its clause before the date, or those behind it where the date comes first.
func titleFor(text string, toks []token, i, j, floor int) string {
	if to, ok := nounBehind(toks, j); ok {
		for to < len(toks) && to-j < 10 && !toks[to-1].stop && !verbal(toks[to].low) {
			to++
		}
		return cutTitle(text, toks, j, to)
	}
	if k, _ := anchored(toks, i, floor); k >= 0 {
		return cutTitle(text, toks, shorter(text, toks, k+1, i), i)
	}
	from := segment(toks, i, i)
	if from == i && i > 0 && !toks[i-1].hard { // a comma before the date parts nothing
		from = segment(toks, i-1, i)
	}
	for n := 0; n < 2 && from > 0 && from < i && verbal(toks[from].low) && !toks[from-1].hard; n++ { // the subject stands before a comma
		from = segment(toks, from-1, i)
		if from > 0 && !toks[from-1].hard && noVerb(toks, from) {
			from = segment(toks, from-1, i)
		}
	}
	if from > 0 && from < i && relative(toks[from].low) && !toks[from-1].hard {
		from = segment(toks, from-1, i)
	}
	from = shorter(text, toks, from, i)
	if content(toks[from:i]) >= 2 {
		return cutTitle(text, toks, from, i)
	}
	to := j
	for to < len(toks) && to-j < reachRight {
		to++
		if toks[to-1].stop {
			break
		}
	}
	if right := cutTitle(text, toks, j, to); content(toks[j:to]) >= 1 && right != "" {
		return right
	}
	if from == i { // behind a colon
		for from > 0 && i-from < reachRight {
			from--
		}
	}
	return cutTitle(text, toks, from, i)
}

// segment returns where the words begin that stand with the one at from between two commas.
func segment(toks []token, from, i int) int {
	for from > 0 && !toks[from-1].stop && i-from < reachLeft {
		from--
	}
	return from
}

// noVerb reports whether there is no verb from the token at from up to a comma: the words name
// once more what stands before them.
func noVerb(toks []token, from int) bool {
	for k := from; k < len(toks); k++ {
		if verbal(toks[k].low) {
			return false
		}
		if toks[k].stop {
			break
		}
	}
	return true
}

func relative(w string) bool { return w == "which" || w == "who" || w == "where" }

// verbal reports whether a clause that begins with a word lacks its subject.
func verbal(w string) bool {
	return modals[w] || beings[w] || w == "be" || scheduled[w] || pastForm(w) || presents[w] && w != "reports" || w == "has" || w == "have"
}

// shorter returns where a title begins that ends before token i: at the noun that names the
// event, where all the words from from on are too many.
func shorter(text string, toks []token, from, i int) int {
	for k := from; k < i; k++ { // he said that …
		w := toks[k].low
		that := w == "that" && k > from && (pastForm(toks[k-1].low) || toks[k-1].low == "says" || toks[k-1].low == "confident")
		if (that || w == "said" || w == "says" || w == "if" || w == "unless") && content(toks[k+1:i]) >= 2 {
			from = k + 1
			for from < i-1 && (toks[from].low == "on" || isDay(toks[from].low)) { // he said on Oct. 10
				from++
			}
		}
	}
	if from >= i || !relative(toks[from].low) && utf8.RuneCountInString(text[toks[from].at:toks[i-1].end]) <= maxTitle {
		return from
	}
	for k := i - 1; k > from; k-- {
		if _, ok := nounsOfEvents[toks[k].low]; !ok {
			continue
		}
		return chain(toks, from, phraseStart(toks, from, k))
	}
	for from < i-1 && (utf8.RuneCountInString(text[toks[from].at:toks[i-1].end]) > maxTitle || loose[toks[from].low]) {
		from++
	}
	return from
}

// isDay reports whether a word is a part of a date.
func isDay(w string) bool {
	return dayNumber.MatchString(w) || months[w] || weekdays[w] || w == theMonth
}

// nounBehind returns where the noun ends to which a date right before it belongs: a November 12 |
// deadline.
func nounBehind(toks []token, j int) (int, bool) {
	for k := j; k < min(len(toks), j+3) && j > 0 && !toks[j-1].stop && !loose[toks[k].low]; k++ {
		if _, ok := nounsOfEvents[toks[k].low]; ok {
			return k + 1, true
		}
		if toks[k].stop {
			break
		}
	}
	return 0, false
}

// phraseStart returns where the words begin that belong to the noun at k.
func phraseStart(toks []token, from, k int) int {
	for k > from && !loose[toks[k-1].low] && !toks[k-1].stop {
		k--
	}
	return k
}

// chain returns where the words begin that the ones at begin complete: Xi's visit to the
// United States for the | G20 summit.
func chain(toks []token, from, begin int) int {
	for k := begin - 1; k >= max(from, begin-8); k-- {
		if _, ok := nounsOfEvents[toks[k].low]; ok {
			return phraseStart(toks, from, k)
		}
		if toks[k].stop || pastForm(toks[k].low) || modals[toks[k].low] || before[toks[k].low] != "" {
			break
		}
	}
	return begin
}

// before are the words of which what follows is another thing, with a date of its own.
var before = map[string]string{"before": "before", "after": "after", "following": "after"}

// anchored returns the token behind which the words stand that the date at i belongs to, where
// its clause only leans on them: he travels before | the summit on 3 March. It is -1 for none.
// The tokens up to floor belong to a date before it.
func anchored(toks []token, i, floor int) (k int, how string) {
	for k = i - 1; k > max(0, i-14) && k >= floor && !toks[k].stop; k-- {
		w, behind := toks[k].low, toks[k-1].low
		switch {
		case before[w] != "" && behind != "day" && behind != "days" && behind != "week" && behind != "weeks":
			how = before[w]
		case w == "of" && behind == "ahead", w == "to" && behind == "prior":
			how = "before"
		}
		if how == "" {
			continue
		}
		if content(toks[k+1:i]) == 0 || isDay(toks[k+1].low) {
			break // before a date of its own
		}
		return k, how
	}
	return -1, ""
}

// content counts the words that carry meaning.
func content(toks []token) (n int) {
	for _, t := range toks {
		if !loose[t.low] {
			n++
		}
	}
	return n
}

// cutTitle returns the words from one token to another without the loose ones at either end.
func cutTitle(text string, toks []token, from, to int) string {
	a, b := from, to
	for b > a && trailing[toks[b-1].low] {
		b--
	}
	for a < b && (loose[toks[a].low] || trailing[toks[a].low] && toks[a].low != "no" && toks[a].low != "not") {
		a++
	}
	if content(toks[a:b]) < 2 { // she will be sworn in: too little is left
		for a = from; a < to && articles[toks[a].low]; a++ {
		}
		for b = to; b > a && prepositions[toks[b-1].low]; b-- {
		}
	}
	if a >= b {
		return ""
	}
	return titleOf(text[toks[a].at:toks[b-1].end])
}

var prepositions = set("on in at by for to from of until before after and or the a an")

var articles = set("the a an")

// titleOf returns the first words of s as a title.
func titleOf(s string) string {
	s = strings.TrimRight(s[:forward(s, 0, maxTitle)], " ,;:–—-"+opening)
	if strings.Count(s, "(") > strings.Count(s, ")") {
		s = strings.TrimRight(s[:strings.LastIndexByte(s, '(')], " ")
	}
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return "" // it names nothing
	}
	return prose.Capital(strings.TrimSuffix(s, "."))
}

// kindOf returns the kind that the last such noun of a title names: in a visit for a summit, it is
// the visit.
func kindOf(title string) event.Kind {
	kind := event.Other
	words := strings.FieldsFunc(strings.ToLower(title), notLetter)
	for i, w := range words {
		if k, ok := nounsOfEvents[w]; ok && k != event.Other {
			kind = k
			if i+1 < len(words) && prepositions[words[i+1]] {
				break
			}
		} else if k, ok := verbsOfEvents[w]; ok && kind == event.Other {
			kind = k
		}
	}
	return kind
}

// verbsOfEvents are verbs that name what takes place.
var verbsOfEvents = map[string]event.Kind{
	"meet": event.Meeting, "meets": event.Meeting, "visits": event.Visit, "travel": event.Visit, "travels": event.Visit, "announce": event.Announcement,
}

func notLetter(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f) }

// nouns returns the words of a title that carry meaning, folded.
func nouns(title string) (out []string) {
	for _, w := range strings.FieldsFunc(prose.Fold(title), notLetter) {
		if !loose[w] && len(w) > 1 {
			out = append(out, w)
		}
	}
	return out
}

// dull reports whether a word says how sure something is, or when, and not what it is.
func dull(w string) bool {
	return modals[w] || scheduled[w] || planning[w] || pasts[w] || certainties[w] != ""
}

// telling returns the words of a title that say what it is, without their endings.
func telling(title string) []string {
	return stems(slices.DeleteFunc(nouns(title), dull))
}

// name returns an id for a title that is not taken.
func name(title string, taken map[string]bool) string {
	var words []string
	for _, w := range nouns(title) {
		plain := w
		w = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, w)
		if w != "" && len(words) < idWords && len(w) <= 24 && !dull(plain) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	id := strings.Join(words, "-")
	if event.CheckID(id) != nil {
		id = "event"
	}
	for n, base := 2, id; taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	return id
}

// lowWords returns the words of tokens from one to another, in small letters.
func lowWords(toks []token, from, to int) (out []string) {
	for _, t := range toks[max(0, from):min(len(toks), to)] {
		out = append(out, t.low)
	}
	return out
}
