package draft

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"attache/internal/event"
	"attache/internal/prose"
)

// Proposal is what an assistant says of a date in a text. It counts only as far as the text
// and package phrase bear it out.
type Proposal struct {
	Quote   string   `json:"quote"`
	Title   string   `json:"title"`
	Kind    string   `json:"kind"`
	Parties []string `json:"parties"`
}

// maxProposals is how many proposals are looked at.
const maxProposals = 500

// Proposals reads the answer of an assistant: a JSON object a line. What is none is returned
// as dropped, with its line.
func Proposals(answer string) (list []Proposal, dropped []Passage) {
	n := 0
	for line := range strings.Lines(answer) {
		n++
		line = strings.TrimSpace(line)
		var p Proposal
		switch {
		case line == "":
			continue
		case len(list) == maxProposals:
			return list, append(dropped, Passage{n, "", fmt.Sprintf("only %d proposals are looked at", maxProposals)})
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil || p.Quote == "" {
			dropped = append(dropped, Passage{n, prose.Clip(prose.CleanLine(line), 60), "it is no JSON object with a quote"})
			continue
		}
		list = append(list, p)
	}
	return list, dropped
}

// assisted adds what proposals say: words of the text for a candidate that is known, or a
// candidate where the reader reads a date in the quote that looks ahead.
func (d *drafting) assisted(t Text) {
	for n, p := range d.Proposed {
		drop := func(why string) {
			d.Dropped = append(d.Dropped, Passage{n + 1, prose.Clip(prose.CleanLine(p.Quote), 60), why})
		}
		quote := strings.Join(strings.Fields(prose.Clean(p.Quote)), " ")
		number := slices.IndexFunc(t.Paragraphs, func(para Paragraph) bool { return quote != "" && strings.Contains(para.Text, quote) })
		switch {
		case utf8.RuneCountInString(quote) > maxQuote:
			drop("the quote is too long")
			continue
		case number < 0:
			drop("the text does not have the quote")
			continue
		}
		para := &t.Paragraphs[number]
		from := strings.Index(para.Text, quote)
		if !d.proposed(p, para, number+1, from, from+len(quote)) {
			drop("no date that looks ahead is read in it")
		}
	}
}

// proposed takes one proposal, whose quote stands in a paragraph from byte to byte, and
// reports whether it has a date ahead.
func (d *drafting) proposed(p Proposal, para *Paragraph, number, from, to int) (any bool) {
	for _, s := range para.sentences(number) {
		if s.to <= from || s.from >= to {
			continue
		}
		text := s.text()
		toks := tokens(text)
		d.floor = 0
		for at := unopened(text, max(0, from-s.from)); at >= 0 && at < min(len(text), to-s.from); {
			f, ok := d.context.Find(text[:min(len(text), to-s.from)], at)
			if !ok || f.Err != nil {
				at = nextWord(text, at)
				continue
			}
			unread, behind := len(d.Unread), len(d.Behind)
			if e, ok := d.candidate(s, toks, f); ok {
				d.told(e, p, text)
				any = true
			}
			d.Unread, d.Behind = d.Unread[:unread], d.Behind[:behind] // they were listed before
			at = nextWord(text, max(f.End-1, at))
		}
	}
	return any
}

// told gives a candidate what a proposal says of it, as far as the sentence has the words.
func (d *drafting) told(e Candidate, p Proposal, sentence string) {
	c := &e
	i := slices.IndexFunc(d.Candidates, func(o Candidate) bool {
		return strings.HasPrefix(o.At, e.At[:strings.Index(e.At, ",")+1]) && slices.ContainsFunc(o.Statements, func(st Statement) bool {
			return slices.Equal(st.Keys, e.Statements[0].Keys) && st.Quote == e.Statements[0].Quote
		})
	})
	if i >= 0 {
		c = &d.Candidates[i]
	}
	words := wordSet(sentence)
	if title := prose.OneLine(prose.CleanLine(p.Title)); title != "" && utf8.RuneCountInString(title) <= maxTitle && within(title, words) {
		c.Title = title
	}
	if k, ok := event.Word(p.Kind, event.Kinds()); ok {
		c.Kind = k
	}
	for _, party := range p.Parties {
		if party = prose.OneLine(prose.CleanLine(party)); party != "" && within(party, words) && !slices.Contains(c.Parties, party) {
			c.Parties = append(c.Parties, party)
		}
	}
	if i < 0 {
		d.add(e)
	}
}

// wordSet returns the words of a text, folded.
func wordSet(text string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range strings.FieldsFunc(prose.Fold(text), notLetter) {
		out[w] = true
	}
	return out
}

// within reports whether a text has words, and all of them are among those.
func within(text string, words map[string]bool) bool {
	list := strings.FieldsFunc(prose.Fold(text), notLetter)
	return len(list) > 0 && !slices.ContainsFunc(list, func(w string) bool { return !words[w] })
}
