package draft

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/phrase"
	"attache/internal/prose"
)

// Options say how a text is read.
type Options struct {
	Published civil.Date    // the dateline; the zero Date is that of the text
	Tense     phrase.Tense  // of every date that does not show its own; Unsaid leaves it to the words around it
	Known     []event.Event // of the calendar: a date of one of them is no new event
	Proposed  []Proposal    // by an assistant
}

// Draft is what was found in a text.
type Draft struct {
	Published  civil.Date
	Tells      string // what told it, in words
	Candidates []Candidate
	Behind     []Passage // that look back
	Unread     []Passage // that are dates and could not be read
	Dropped    []Passage // proposals that the text does not bear out, by their number
}

// Candidate is an event that the text may speak of.
type Candidate struct {
	ID         string
	Title      string // words of its sentence
	Kind       event.Kind
	Certainty  event.Certainty
	If         string // the words of its condition, "" for none
	Place      string
	Parties    []string // only what an assistant proposed, and the text has
	Statements []Statement
	Quotes     []string // other words of the text that speak of it
	At         string   // where it stands: para 4, 120–141
	Why        string   // the words that show that it looks ahead
	Unsure     string   // both readings, where the words do not show which is meant; else ""
	Perhaps    string   // id of the event of the calendar that it may be, "" for a new one

	first, last civil.Date // what its statements allow together; zero where open
	head        bool       // whether the head of a diary gives its day
	clause      []string   // the words around it, in small letters
	leans       int        // the candidate on which its date leans, from 1; 0 for none
	line        int
	nouns       []string // of its title, without their endings
}

// Statement is one date with the words that give it.
type Statement struct {
	Keys  []Key // as when in a file has them: phrase, and tense where its own words leave it open
	Quote string
}

// Key is a key of a statement with its value.
type Key struct{ Name, Value string }

// Passage is a place in the text with what is to be said of it.
type Passage struct {
	Line  int
	Words string
	Says  string
}

// Bounds of what is drafted and listed: who has more gives a part of the text.
const (
	maxCandidates = 1000
	maxListed     = 200
)

// ErrNoDateline says that a text does not tell on which day it was published.
var ErrNoDateline = errors.New("the text does not say on which day it was published")

// Read finds the dates ahead in a text. The error is an [ErrNoDateline], or that there are more
// than a person would look at.
func Read(t Text, o Options) (Draft, error) {
	d := drafting{Draft: Draft{Published: o.Published, Tells: "what you gave"}, Options: o}
	if d.Draft.Published.IsZero() {
		d.Draft.Published, d.Tells = t.Published, t.Tells
	}
	if d.Draft.Published.IsZero() {
		if t.Tells != "" {
			return Draft{}, fmt.Errorf("%w: %s", ErrNoDateline, t.Tells)
		}
		return Draft{}, ErrNoDateline
	}
	d.context = phrase.Context{Dateline: d.Draft.Published}
	if _, err := phrase.Read("today", d.context); err != nil {
		return Draft{}, err
	}
	heads := 0
	for i := range t.Paragraphs {
		if isHead(t.Paragraphs[i].Text) {
			heads++
		}
	}
	d.lists = heads > 1
	var under diary
	for i := range t.Paragraphs {
		p := &t.Paragraphs[i]
		if isHead(p.Text) {
			if next, ok := headed(p, d.context); ok {
				under = next
				under.lists = d.lists
				continue
			}
		}
		if e, ok := under.item(p, i+1, d.context); ok {
			d.listed(e, p)
			continue
		}
		for _, s := range p.sentences(i + 1) {
			d.sentence(s)
		}
		if len(d.Candidates) > maxCandidates {
			return Draft{}, fmt.Errorf("it has more than %d dates ahead: draft from a part of it", maxCandidates)
		}
	}
	d.assisted(t)
	d.finish()
	return d.Draft, nil
}

// drafting is the work on one text.
type drafting struct {
	Draft
	Options
	context phrase.Context
	lists   bool
	floor   int                     // the tokens of the sentence at hand up to here belong to dates before the one at hand
	same    map[[2]civil.Date][]int // candidates by their days
}

// listed adds an item of a diary.
func (d *drafting) listed(e Candidate, p *Paragraph) {
	if e.last.Before(d.Draft.Published) {
		d.behind(p.Line, e.Why+": "+e.Title, "its day is behind the dateline")
		return
	}
	e.Certainty = event.Possible
	e.Kind = kindOf(e.Title)
	toks := tokens(p.Text)
	if c, _, ok := certaintyNear(toks, len(toks), len(toks)); ok {
		e.Certainty = c
	}
	e.clause = lowWords(toks, 0, len(toks))
	d.add(e)
}

// behind lists a date that looks back.
func (d *drafting) behind(line int, words, says string) {
	d.Behind = append(d.Behind, Passage{line, words, says})
}

// sentence drafts from one sentence.
func (d *drafting) sentence(s sentence) {
	text := s.text()
	var toks []token
	var last *Candidate // of the phrase before, and where that ended
	lastEnd := 0
	var bounds []phrase.Found
	for at := unopened(text, 0); at >= 0 && at < len(text); {
		f, ok := d.context.Find(text, at)
		if !ok || !plausible(text, f) {
			at = nextWord(text, at)
			continue
		}
		if toks == nil {
			toks, d.floor = tokens(text), 0
		}
		for _, f := range parts(text, f, d.context) {
			e, ok := d.candidate(s, toks, f)
			if !ok {
				last = nil
				_, d.floor = span(toks, f)
				continue
			}
			bounds = append(bounds, f)
			if last != nil && joined(text[lastEnd:f.At]) && last.take(e) {
				lastEnd = f.End
				continue
			}
			n := d.add(e)
			d.leaning(s, toks, f, n)
			_, d.floor = span(toks, f)
			last, lastEnd = &d.Candidates[n], f.End
			if last.At != e.At { // it was known already
				last = nil
			}
		}
		at = nextWord(text, max(f.End-1, at))
	}
	for _, f := range bounds {
		d.feast(s, toks, f)
	}
}

// nextWord returns where the word behind the one at at begins, -1 at the end.
func nextWord(text string, at int) int {
	i := strings.IndexByte(text[at:], ' ')
	if i < 0 {
		return -1
	}
	return unopened(text, at+i+1)
}

// unopened returns where the word begins before which the opening marks at at stand.
func unopened(text string, at int) int {
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if r != ' ' && !strings.ContainsRune(opening+"*•–—-", r) {
			break
		}
		at += n
	}
	return at
}

// joined reports whether what stands between two phrases lets them speak of one thing.
func joined(between string) bool {
	switch strings.Trim(between, " ,–—()") {
	case "", "and", "but", "i.e", "that is", "probably", "likely", "possibly", "perhaps", "most likely":
		return true
	}
	return false
}

// take adds the date of another candidate of the same sentence, where both can hold.
func (c *Candidate) take(o Candidate) bool {
	first, last, ok := meet(c.first, c.last, o.first, o.last)
	if !ok || c.Unsure != "" || o.Unsure != "" {
		return false
	}
	c.first, c.last = first, last
	c.Statements = append(c.Statements, o.Statements...)
	c.At = widened(c.At, o.At)
	c.If = cmp.Or(c.If, o.If)
	return true
}

// widened returns the place from the begin of one to the end of another in the same paragraph.
func widened(a, b string) string {
	from, _, _ := strings.Cut(a, "–")
	_, to, _ := strings.Cut(b, "–")
	return from + "–" + to
}

// meet returns what two windows have in common; an open end is the zero Date.
func meet(first, last, oFirst, oLast civil.Date) (f, l civil.Date, ok bool) {
	f, l = first, last
	if f.IsZero() || !oFirst.IsZero() && oFirst.After(f) {
		f = oFirst
	}
	if l.IsZero() || !oLast.IsZero() && oLast.Before(l) {
		l = oLast
	}
	return f, l, f.IsZero() || l.IsZero() || !l.Before(f)
}

// add adds a candidate, or its words to the one of the same days and nouns, and returns its number.
func (d *drafting) add(e Candidate) int {
	days := [2]civil.Date{e.first, e.last}
	e.nouns = telling(e.Title)
	same := d.same[days]
	for _, i := range same[max(0, len(same)-maxAlike):] {
		if c := &d.Candidates[i]; e.leans == 0 && alike(c.nouns, e.nouns) && (c.Place == e.Place || !c.head) {
			for _, st := range e.Statements {
				if !slices.ContainsFunc(c.Statements, func(o Statement) bool { return o.Quote == st.Quote }) {
					c.Statements = append(c.Statements, st)
				}
			}
			return i
		}
	}
	if d.same == nil {
		d.same = make(map[[2]civil.Date][]int)
	}
	if e.leans == 0 {
		d.same[days] = append(same, len(d.Candidates))
	}
	d.Candidates = append(d.Candidates, e)
	return len(d.Candidates) - 1
}

// maxAlike is how many candidates of the same days a new one is compared with.
const maxAlike = 16

// alike reports whether two titles may name one event: the nouns of the shorter one are all
// among those of the other, and there are at least two.
func alike(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) > 1 && !slices.ContainsFunc(a, func(w string) bool { return !slices.Contains(b, w) })
}

// finish names the candidates, and those that the calendar has.
func (d *drafting) finish() {
	taken := make(map[string]bool, len(d.Known))
	for _, e := range d.Known {
		taken[e.ID] = true
	}
	known := newKnown(d.Known)
	for i := range d.Candidates {
		c := &d.Candidates[i]
		c.Perhaps = known.match(c)
		c.ID = name(c.Title, taken)
		taken[c.ID] = true
	}
	d.Candidates = slices.DeleteFunc(d.lean(), func(c Candidate) bool { return len(c.Statements) == 0 })
	d.Behind, d.Unread = first(d.Behind), first(d.Unread)
}

// first returns the head of a list that is too long to be read.
func first(list []Passage) []Passage {
	if more := len(list) - maxListed; more > 0 {
		return append(list[:maxListed:maxListed], Passage{Line: list[maxListed].Line, Words: prose.Ellipsis, Says: fmt.Sprintf("and %d more from here on", more)})
	}
	return list
}

// at0 writes the place of bytes from to to in a paragraph, in characters from 1.
func at0(number int, text string, from, to int) string {
	return fmt.Sprintf("para %d, %d–%d", number, utf8.RuneCountInString(text[:from])+1, utf8.RuneCountInString(text[:to]))
}
