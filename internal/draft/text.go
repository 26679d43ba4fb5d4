package draft

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/prose"
)

// MaxBytes is how large a text may be.
const MaxBytes = 5 << 20

// Text is an article: its paragraphs, and what it says of itself.
type Text struct {
	Paragraphs []Paragraph
	Title      string
	Publisher  string
	URL        string
	Published  civil.Date // its dateline; zero where it tells none
	Tells      string     // what told the dateline, in words; without one, what is known of it
}

// Paragraph is a part of a text whose sentences belong together.
type Paragraph struct {
	Text string // its white space joined
	Line int    // of the source, from 1
}

// Plain reads a text without markup. An empty line parts paragraphs, and so do the lines of a
// diary, which stand by themselves.
func Plain(text string) Text {
	b := builder{line: 1}
	for line := range strings.Lines(prose.Clean(text)) {
		if len(b.head) < headLines && strings.TrimSpace(line) != "" {
			b.head = append(b.head, Paragraph{strings.TrimSpace(line), b.line})
		}
		b.add(line)
		b.line++
	}
	b.end()
	t := Text{Paragraphs: b.out}
	t.firstLines(b.head)
	return t
}

// builder gathers lines into paragraphs.
type builder struct {
	out  []Paragraph
	part strings.Builder
	from int         // the line on which part begins
	line int         // of the source
	head []Paragraph // the first lines
}

// add adds a line, which ends the paragraph where it is empty or stands by itself.
func (b *builder) add(line string) {
	line = strings.Join(strings.Fields(line), " ")
	alone := line == "" || isHead(line) || isItem(line)
	if alone {
		b.end()
	}
	if line == "" {
		return
	}
	if b.part.Len() == 0 {
		b.from = b.line
	} else {
		b.part.WriteByte(' ')
	}
	b.part.WriteString(line)
	if isHead(line) {
		b.end()
	}
}

// end ends the paragraph.
func (b *builder) end() {
	if b.part.Len() > 0 {
		b.out = append(b.out, Paragraph{b.part.String(), b.from})
		b.part.Reset()
	}
}

// sentence is a part of a paragraph, from byte to byte.
type sentence struct {
	in       *Paragraph
	number   int // of the paragraph, from 1
	from, to int
}

func (s sentence) text() string { return s.in.Text[s.from:s.to] }

// sentences returns the sentences of a paragraph.
func (p *Paragraph) sentences(number int) (out []sentence) {
	from := 0
	for i := 0; i < len(p.Text); i++ {
		if c := p.Text[i]; c != '.' && c != '!' && c != '?' {
			continue
		}
		end := i + 1
		for end < len(p.Text) {
			r, n := utf8.DecodeRuneInString(p.Text[end:])
			if !strings.ContainsRune(closing, r) {
				break
			}
			end += n
		}
		if end+1 >= len(p.Text) || p.Text[end] != ' ' || !begins(p.Text[end+1:]) || p.Text[i] == '.' && end == i+1 && shortened(p.Text[from:i], p.Text[end+1:]) {
			continue
		}
		out = append(out, sentence{p, number, from, end})
		from, i = end+1, end
	}
	if from < len(p.Text) {
		out = append(out, sentence{p, number, from, len(p.Text)})
	}
	return out
}

// The marks that stand around words.
const (
	opening = `"'“‘«([`
	closing = `"'”’»)]`
)

// begins reports whether a sentence can begin so.
func begins(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, opening))
	return unicode.IsUpper(r) || unicode.IsDigit(r) || !unicode.IsLower(r) && unicode.IsLetter(r)
}

// abbreviations are the words behind which a full stop ends no sentence.
var abbreviations = set("mr mrs ms dr prof gen sen rep gov lt col maj sgt capt adm st no nos vol art para sec dept vs etc jr sr inc ltd co corp " +
	"jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun approx ca cf al fig")

// longestShort is how many bytes are looked at for an abbreviation.
const longestShort = 16

// shortened reports whether the last word of before is an abbreviation, with behind behind its
// full stop: Nov. 1, U.S. President.
func shortened(before, behind string) bool {
	before = before[max(0, len(before)-longestShort):]
	word := before[strings.LastIndexAny(before, " (“\"")+1:]
	if abbreviations[strings.ToLower(word)] {
		return true
	}
	if word == "a.m" || word == "p.m" {
		return !begins(behind) || strings.HasPrefix(behind, "E") || strings.HasPrefix(behind, "G") // a zone
	}
	r, n := utf8.DecodeRuneInString(word)
	return n == len(word) && unicode.IsUpper(r) || strings.Contains(word, ".") && len(word) <= 5
}

// set returns the words of a list.
func set(words string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// token is a word of a sentence without the marks around it.
type token struct {
	at, end     int    // its bytes in the sentence
	low         string // in small letters
	stop        bool   // whether a mark behind it parts it from what follows: a comma, a colon, a dash
	hard        bool   // whether that mark begins another clause: a colon, a semicolon, a dash
	upper       bool   // whether it begins with a capital
	parenthesis int    // how many brackets are open around it
}

// tokens returns the words of a sentence.
func tokens(s string) []token {
	var out []token
	depth := 0
	for from := 0; from < len(s); {
		end := strings.IndexByte(s[from:], ' ')
		if end < 0 {
			end = len(s) - from
		}
		word := s[from : from+end]
		depth += strings.Count(word, "(")
		core := strings.TrimLeft(word, opening+"*•")
		at := from + len(word) - len(core)
		bare := strings.TrimRight(core, closing+".,;:!?…")
		switch mark := core[len(bare):]; {
		case bare == "" || bare == "-" || bare == "–" || bare == "—":
			if len(out) > 0 {
				out[len(out)-1].stop, out[len(out)-1].hard = true, true
			}
		default:
			r, _ := utf8.DecodeRuneInString(bare)
			low := strings.ToLower(bare)
			if bare == "May" && len(out) > 0 {
				low = theMonth // and not the verb
			}
			out = append(out, token{
				at: at, end: at + len(bare), low: low, upper: unicode.IsUpper(r), parenthesis: depth,
				stop: strings.ContainsAny(mark, ",;:!?"), hard: strings.ContainsAny(mark, ";:"),
			})
		}
		depth = max(depth-strings.Count(word, ")"), 0)
		from += end + 1
	}
	for i := range out {
		if next := i + 1; out[i].stop && !out[i].hard && next < len(out) && withinDate(out[i].low, out[next].low) {
			out[i].stop = false
		}
	}
	return out
}

// theMonth is the token of the month May.
const theMonth = "may."

// withinDate reports whether a comma between two words is one of a date: May 29, 2026.
func withinDate(a, b string) bool {
	return dayNumber.MatchString(a) && len(b) == 4 && yearIn(b) != 0 || weekdays[a] && (dayNumber.MatchString(b) || months[b] || b == theMonth)
}
