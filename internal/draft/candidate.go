package draft

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/phrase"
)

// candidate makes an event of a phrase in a sentence. It is false where the phrase looks back
// or could not be read, which is listed instead.
func (d *drafting) candidate(s sentence, toks []token, f phrase.Found) (Candidate, bool) {
	text := s.text()
	words := text[f.At:f.End]
	i, j := span(toks, f)
	if f.Err != nil {
		other, ok := d.eitherWay(text, f)
		if !ok {
			d.Unread = append(d.Unread, Passage{s.in.Line, words, f.Err.Error()})
			return Candidate{}, false
		}
		f, words = other, text[other.At:other.End]
		i, j = span(toks, f)
	}
	if slices.ContainsFunc(toks[max(0, i-4):i], func(t token) bool { return movedTo[t.low] }) {
		f, words, i = d.moved(text, toks, f, i)
	}
	if f.Dated && f.First == d.context.Dateline && f.First == f.Last && (s.number <= headLines || len(toks) <= 8) {
		return Candidate{}, false // the dateline itself
	}
	w := d.weigh(toks, i, j, words, f)
	if w.side != back && calledOff(toks, i, j, words) {
		d.Unread = append(d.Unread, Passage{s.in.Line, words, "its sentence says that this is called off or moved: " + quoteOf(text, f.At, f.End)})
		return Candidate{}, false
	}
	if w.side == back {
		d.behind(s.in.Line, words, "in: "+quoteOf(text, f.At, f.End))
		return Candidate{}, false
	}
	keys, ok := keysOf(words, w.reading, w.tense, d.context)
	if !ok {
		d.Unread = append(d.Unread, Passage{s.in.Line, words, "it can be read in two ways: say which day is meant"})
		return Candidate{}, false
	}
	e := Candidate{
		Title: titleFor(text, toks, i, j, d.floor), Certainty: event.Possible, If: conditionNear(text, toks, i, j),
		Statements: []Statement{{Keys: keys, Quote: quoteOf(text, f.At, f.End)}},
		At:         at0(s.number, s.in.Text, s.from+f.At, s.from+f.End), Unsure: w.unsure, Why: w.why,
		first: w.reading.First, last: w.reading.Last, clause: lowWords(toks, i-reachRight, j+reachRight),
	}
	own := d.own(toks, i)
	if own > 0 && !strings.Contains(strings.ToLower(text[toks[own].at:f.End]), e.Why) {
		e.Why = ""
	}
	if c, at, ok := certaintyNear(toks[own:], i-own, j-own); ok {
		e.Certainty = c
		if e.Why == "" {
			e.Why = cueAt(text, toks[own:], at)
		}
	}
	if e.Why == "" {
		e.Why = words
	}
	e.Kind = kindOf(e.Title)
	if e.Title == "" {
		d.Unread = append(d.Unread, Passage{s.in.Line, words, "no words beside it say what takes place"})
	}
	return e, e.Title != ""
}

// leaning adds what takes place before or after the candidate n, whose date is that of the
// phrase f: a meeting before the summit on 3 March.
func (d *drafting) leaning(s sentence, toks []token, f phrase.Found, n int) {
	i, _ := span(toks, f)
	k, how := anchored(toks, i, d.floor)
	if k < 0 {
		return
	}
	if toks[k-1].low == "ahead" || toks[k-1].low == "prior" {
		k--
	}
	from := k
	for from > 0 && !toks[from-1].stop && k-from < reachRight {
		from--
	}
	cue, at := leftward(toks, k)
	title := cutTitle(s.text(), toks, shorter(s.text(), toks, from, k), k)
	if cue != ahead || at < from || content(toks[from:k]) < 3 || title == "" {
		return
	}
	e := Candidate{
		Title: title, Kind: kindOf(title), Certainty: event.Possible, Why: cueOf(toks, at), leans: n + 1, line: s.in.Line,
		Statements: []Statement{{Keys: []Key{{how, ""}}, Quote: quoteOf(s.text(), toks[from].at, f.End)}},
		At:         at0(s.number, s.in.Text, s.from+toks[from].at, s.from+toks[k-1].end), clause: lowWords(toks, from, k),
	}
	if c, _, ok := certaintyNear(toks[:k], k, k); ok {
		e.Certainty = c
	}
	d.add(e)
}

// own returns where the words begin that are said of the very thing whose date stands at i: what is
// said of a meeting before the summit on 3 March is not said of the summit.
func (d *drafting) own(toks []token, i int) int {
	k, _ := anchored(toks, i, d.floor)
	return k + 1
}

// feast adds the feast by which the phrase f bounds something, where its day stands beside it:
// ahead of the Lunar New Year on 17 February.
func (d *drafting) feast(s sentence, toks []token, f phrase.Found) {
	text := s.text()
	cut := strings.LastIndex(text[f.At:f.End], " on ")
	_, how := span(toks, f)
	for how > 0 && toks[how-1].at >= f.At && before[toks[how-1].low] == "" && toks[how-1].low != "of" {
		how--
	}
	if cut < 0 || how == 0 || toks[how-1].at < f.At || toks[how].at >= f.At+cut {
		return
	}
	at := f.At + cut + 1
	name := text[toks[how].at : f.At+cut]
	c := tensed(d.context, phrase.Future)
	day, errDay := phrase.Read(text[at:f.End], c)
	of, errOf := phrase.Read(name, c)
	if errDay != nil || errOf != nil || day.First.IsZero() || !same(day, of) || isDay(toks[how].low) {
		return
	}
	keys, ok := keysOf(text[at:f.End], day, phrase.Future, d.context)
	title := cutTitle(text, toks, how, slices.IndexFunc(toks, func(t token) bool { return t.at >= at }))
	if !ok || title == "" {
		return
	}
	d.add(Candidate{
		Title: title, Kind: event.Holiday, Certainty: event.Confirmed, Why: name, first: day.First, last: day.Last, clause: lowWords(toks, how, how+reachRight),
		Statements: []Statement{{Keys: keys, Quote: quoteOf(text, f.At, f.End)}}, At: at0(s.number, s.in.Text, s.from+toks[how].at, s.from+f.End),
	})
}

// lean writes the id of the event on which a candidate leans. One of the calendar that is no
// part of the draft can't be named in it, and is listed.
func (d *drafting) lean() []Candidate {
	for i := range d.Candidates {
		c := &d.Candidates[i]
		if c.leans == 0 {
			continue
		}
		on, key := d.Candidates[c.leans-1], &c.Statements[0].Keys[0]
		key.Value = "event:" + on.ID
		if on.Perhaps != "" {
			key.Value = "event:" + on.Perhaps
			if c.Perhaps == "" {
				d.Unread = append(d.Unread, Passage{c.line, c.Title, "if it is new, add it with {" + key.Name + ": " + key.Value + "}"})
				c.Statements = nil
			}
		}
	}
	return d.Candidates
}

// span returns the tokens of a phrase, from i up to j.
func span(toks []token, f phrase.Found) (i, j int) {
	for i < len(toks) && toks[i].end <= f.At {
		i++
	}
	for j = i; j < len(toks) && toks[j].at < f.End; j++ {
	}
	return i, j
}

// weighed is what a phrase in its sentence comes to.
type weighed struct {
	side    side
	reading phrase.Reading
	tense   phrase.Tense // that the sentence shows
	why     string       // the words that show that it looks ahead
	unsure  string       // both readings, where nothing shows which is meant
}

// weigh decides where a phrase looks: by the tense that the caller gave, by its own words, by
// its year, and else by the verb that is nearest.
func (d *drafting) weigh(toks []token, i, j int, words string, f phrase.Found) weighed {
	day := d.context.Dateline
	cue, at := looks(toks, i, j)
	if _, named := nounBehind(toks, j); named { // a November 12 deadline: no verb governs it
		cue, at = unsaid, -1
	}
	why := ""
	if at >= 0 {
		why = cueOf(toks, at)
	}
	switch {
	case f.Tense == phrase.Past || f.Tense == phrase.Unsaid && d.Tense == phrase.Past && !f.Dated:
		return weighed{side: back}
	case !f.Last.IsZero() && f.Last.Before(day) && f.Dated:
		return weighed{side: back}
	case f.Dated && !f.First.IsZero() && f.First.After(day), f.Dated && f.First.IsZero(), f.Tense == phrase.Future:
		if cue != ahead {
			why = ""
		}
		return weighed{side: ahead, reading: f.Reading, tense: f.Tense, why: why}
	case cue == unsaid || cue == doubtful:
		if limited(words) {
			cue, why = ahead, firstOf(words)
		}
	case cue == back && limited(words) && !leads(toks, i):
		cue, why = ahead, firstOf(words)
	}
	if d.Tense == phrase.Future {
		cue = ahead
	}
	return d.byCue(cue, why, words, f)
}

// byCue reads a phrase that shows no side by itself.
func (d *drafting) byCue(cue side, why, words string, f phrase.Found) weighed {
	day := d.context.Dateline
	if same, ok := sameDay(f, day); ok {
		if cue == back {
			return weighed{side: back}
		}
		return weighed{side: ahead, reading: same.Reading, why: why}
	}
	past, errPast := phrase.Read(words, tensed(d.context, phrase.Past))
	future, errFuture := phrase.Read(words, tensed(d.context, phrase.Future))
	switch {
	case errFuture != nil && errPast != nil:
		return weighed{side: ahead, reading: f.Reading, why: why}
	case errFuture != nil || !future.Last.IsZero() && future.Last.Before(day):
		return weighed{side: back}
	case errPast != nil || past.First == future.First && past.Last == future.Last:
		if cue == back && !future.First.IsZero() && !future.First.After(day) {
			return weighed{side: back}
		}
		if cue == back {
			return d.unsure(words, past, future, errPast)
		}
		return weighed{side: ahead, reading: future, tense: phrase.Future, why: why}
	}
	toPast, toFuture := day.Sub(edge(past.Last, past.First)), edge(future.First, future.Last).Sub(day)
	switch {
	case cue == back && toPast <= 2*max(toFuture, 7):
		return weighed{side: back}
	case cue == unsaid && toPast <= toFuture/4:
		return weighed{side: back}
	case cue == ahead && toFuture <= farAhead, cue == unsaid && toFuture <= toPast/4:
		return weighed{side: ahead, reading: future, tense: phrase.Future, why: why}
	}
	return d.unsure(words, past, future, nil)
}

// farAhead is how many days ahead a date without its year can lie: a report of what is further
// off gives the year.
const farAhead = 300

// edge returns a day, or the other where it is open.
func edge(a, b civil.Date) civil.Date {
	if a.IsZero() {
		return b
	}
	return a
}

// unsure keeps a date of which the words do not show where it looks, with both readings.
func (d *drafting) unsure(words string, past, future phrase.Reading, errPast error) weighed {
	both := fmt.Sprintf("%q is %s if it looks ahead", words, future.Expr())
	if errPast == nil {
		both += fmt.Sprintf(", %s if it looks back", past.Expr())
	}
	return weighed{side: doubtful, reading: future, tense: phrase.Future, unsure: both}
}

// firstOf returns the first word of a phrase.
func firstOf(words string) string {
	w, _, _ := strings.Cut(words, " ")
	return strings.ToLower(w)
}

// cueOf returns the word that shows where a sentence looks, with the preposition behind it.
func cueOf(toks []token, at int) string {
	why := toks[at].low
	if at+1 < len(toks) && cuePrepositions[toks[at+1].low] && !toks[at].stop {
		why += " " + toks[at+1].low
	}
	return why
}

var cuePrepositions = set("for to until be")

// cueAt returns the word at a token as it stands in the sentence.
func cueAt(text string, toks []token, at int) string { return text[toks[at].at:toks[at].end] }

// eitherWay returns a phrase that can be read once it is known where it looks.
func (d *drafting) eitherWay(text string, f phrase.Found) (phrase.Found, bool) {
	for _, t := range []phrase.Tense{phrase.Future, phrase.Past} {
		if other, ok := tensed(d.context, t).Find(text, f.At); ok && other.Err == nil && plausible(text, other) {
			return other, true
		}
	}
	return f, false
}

// movedTo are the words behind which "to" and "until" name the new day, and no end.
var movedTo = set("continued postponed moved rescheduled adjourned deferred delayed shifted pushed back forward")

// moved returns the day to which something was moved, with its words and its first token.
func (d *drafting) moved(text string, toks []token, f phrase.Found, i int) (phrase.Found, string, int) {
	for k := i; k+1 < len(toks) && toks[k].at < f.End; k++ {
		if low := toks[k].low; low != "to" && low != "until" {
			continue
		}
		if day, ok := d.context.Find(text, toks[k+1].at); ok && day.Err == nil && day.End == f.End {
			return day, text[day.At:day.End], k + 1
		}
	}
	return f, text[f.At:f.End], i
}
