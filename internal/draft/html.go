package draft

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"attache/internal/civil"
	"attache/internal/prose"
)

// HTML reads a page in UTF-8: the text of its article, or of its main part, or all of it,
// without what is no text of it. What it links to or would run is left alone.
func HTML(page string) Text {
	p := pageReader{builder: builder{line: 1}}
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(MaxBytes + 1)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break // the end: a tokenizer of a string has no other error but that of its bound
		}
		lines := strings.Count(string(z.Raw()), "\n")
		switch kind {
		case html.TextToken:
			p.words(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(z.Token(), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.finish(atom.Lookup(name))
		}
		p.line += lines
	}
	return p.page()
}

// area is a part of a page in which the text of an article is looked for.
type area int

const (
	elsewhere area = iota
	inMain
	inArticle
)

// pageReader gathers the text of a page, by the area in which it stands.
type pageReader struct {
	builder
	open  []element
	areas []part // one for each article and main part, and one for all

	meta   map[string]string // what the head says, by the name of the property
	data   strings.Builder   // of JSON-LD
	title  strings.Builder
	script bool // whether text is JSON-LD
	naming bool // whether text is the title
}

// part is the text of one area.
type part struct {
	area  area
	from  int // of its paragraphs
	to    int
	bytes int
}

// element is one that is open.
type element struct {
	name atom.Atom
	skip bool
	part int // of its own, from 1; 0 for none
}

// depth is how many open elements are looked at for the one that an end tag ends.
const depth = 64

// The elements whose text is none of an article, those of which the end matters, those that
// have none, and those that part no words.
var (
	skipped = []atom.Atom{atom.Script, atom.Style, atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Noscript, atom.Template, atom.Iframe, atom.Svg, atom.Button, atom.Select,
		atom.Textarea, atom.Object, atom.Canvas, atom.Video, atom.Audio, atom.Math, atom.Dialog, atom.Menu}
	holding = []atom.Atom{atom.Article, atom.Main, atom.Div, atom.Section, atom.Ul, atom.Ol, atom.Header, atom.Body, atom.Table, atom.Figure, atom.Details, atom.Head}
	void    = []atom.Atom{atom.Br, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Wbr, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Track}
	inline  = []atom.Atom{atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Span, atom.Abbr, atom.Time, atom.Small, atom.Sub, atom.Sup, atom.Q, atom.Cite, atom.Code, atom.U, atom.S,
		atom.Mark, atom.Font, atom.Img, atom.Wbr, atom.Ins, atom.Del, atom.Dfn, atom.Kbd, atom.Label, atom.Td, atom.Th, atom.Bdi, atom.Bdo, atom.Data, atom.Meta, atom.Link}
)

// start takes the begin of an element.
func (p *pageReader) start(t html.Token, closed bool) {
	switch t.DataAtom {
	case atom.Meta:
		p.told(cmpOr(attr(t, "property"), attr(t, "name"), attr(t, "itemprop")), attr(t, "content"))
	case atom.Link:
		if attr(t, "rel") == "canonical" {
			p.told("canonical", attr(t, "href"))
		}
	case atom.Time:
		if !p.skipping() {
			p.told("time", attr(t, "datetime"))
		}
	case atom.Script:
		p.script = strings.EqualFold(strings.TrimSpace(attr(t, "type")), "application/ld+json")
	case atom.Title:
		p.naming = p.title.Len() == 0
	case atom.Td, atom.Th:
		p.text(" ")
	case atom.Br:
		p.lineEnd()
	}
	if !slices.Contains(inline, t.DataAtom) {
		p.paragraphEnd(t.DataAtom)
	}
	if closed || slices.Contains(void, t.DataAtom) {
		return
	}
	skip := slices.Contains(skipped, t.DataAtom) || unseen(t)
	if !skip && !slices.Contains(holding, t.DataAtom) {
		return
	}
	e := element{name: t.DataAtom, skip: skip || p.skipping()}
	if a := areaOf(t.DataAtom); a != elsewhere && !e.skip {
		p.areas = append(p.areas, part{area: a, from: len(p.out), to: -1})
		e.part = len(p.areas)
	}
	p.open = append(p.open, e)
}

func areaOf(a atom.Atom) area {
	switch a {
	case atom.Article:
		return inArticle
	case atom.Main:
		return inMain
	}
	return elsewhere
}

// unseen reports whether a reader of the page does not see an element, or sees in it what
// others say of the article.
func unseen(t html.Token) bool {
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return a.Val == "true"
		case "role":
			return a.Val == "navigation" || a.Val == "complementary" || a.Val == "contentinfo" || a.Val == "search"
		case "style":
			return strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none")
		case "id", "class":
			for _, w := range strings.Fields(strings.ToLower(a.Val)) {
				if w == "comments" || w == "comment-list" || w == "comment" || w == "disqus_thread" || w == "related" || w == "breadcrumbs" {
					return true
				}
			}
		}
	}
	return false
}

// finish takes the end of an element, and of those within it that have none.
func (p *pageReader) finish(name atom.Atom) {
	p.script, p.naming = p.script && name != atom.Script, p.naming && name != atom.Title
	if !slices.Contains(inline, name) {
		p.paragraphEnd(name)
	}
	for i := len(p.open) - 1; i >= max(0, len(p.open)-depth); i-- {
		if p.open[i].name != name {
			continue
		}
		for _, e := range p.open[i:] {
			p.closePart(e.part)
		}
		p.open = p.open[:i]
		return
	}
}

func (p *pageReader) closePart(n int) {
	if n > 0 {
		p.areas[n-1].to = len(p.out)
	}
}

// skipping reports whether what comes is no text of an article.
func (p *pageReader) skipping() bool { return len(p.open) > 0 && p.open[len(p.open)-1].skip }

// words takes text.
func (p *pageReader) words(s string) {
	switch {
	case p.script:
		p.data.WriteString(s)
	case p.naming:
		p.title.WriteString(s)
	case !p.skipping():
		p.text(prose.Clean(s))
	}
}

// text adds to the paragraph that is open.
func (p *pageReader) text(s string) {
	if p.part.Len() == 0 {
		if s = strings.TrimLeft(s, " \t\n\u00a0"); s == "" {
			return
		}
		p.from = p.line
	}
	p.part.WriteString(s)
}

// lineEnd ends a line within a paragraph, which is one of its own where it is one of a diary.
func (p *pageReader) lineEnd() { p.text("\n") }

// paragraphEnd ends the paragraph before or behind an element.
func (p *pageReader) paragraphEnd(name atom.Atom) {
	if name == atom.Br || p.part.Len() == 0 {
		return
	}
	lines := builder{line: p.from}
	for line := range strings.Lines(p.part.String()) {
		if name == atom.Pre || strings.TrimSpace(line) != "" {
			lines.add(line)
		}
		lines.line++
	}
	lines.end()
	p.out = append(p.out, lines.out...)
	p.part.Reset()
}

// told keeps what a page says of itself; what it says first holds.
func (p *pageReader) told(name, value string) {
	name = strings.ToLower(name)
	if p.meta == nil {
		p.meta = make(map[string]string)
	}
	if _, known := p.meta[name]; !known && name != "" && value != "" && len(value) < 1000 {
		p.meta[name] = prose.CleanLine(value)
	}
}

// page returns the text of the page: that of the longest article, else of its main part.
func (p *pageReader) page() Text {
	p.paragraphEnd(0)
	for i := range p.areas {
		if p.areas[i].to < 0 {
			p.areas[i].to = len(p.out)
		}
	}
	t := Text{Paragraphs: p.chosen(), Publisher: p.meta["og:site_name"]}
	t.Title = strings.Join(strings.Fields(prose.CleanLine(cmpOr(p.meta["og:title"], p.title.String()))), " ")
	t.URL = cmpOr(p.meta["canonical"], p.meta["og:url"])
	p.dateline(&t)
	return t
}

// chosen returns the paragraphs of the article. A page of many short articles, which is one of
// headlines, is taken as a whole.
func (p *pageReader) chosen() []Paragraph {
	sums := make([]int, len(p.out)+1)
	for i, para := range p.out {
		sums[i+1] = sums[i] + len(para.Text)
	}
	var best part
	for _, a := range p.areas {
		if a.bytes = sums[a.to] - sums[a.from]; a.bytes > 0 && (best.bytes == 0 || a.area > best.area && 3*a.bytes > best.bytes || a.area == best.area && a.bytes > best.bytes) {
			best = a
		}
	}
	if best.bytes == 0 {
		return p.out
	}
	return p.out[best.from:best.to]
}

// dateline takes the day of publication from what the page says of itself, else from its
// first lines.
func (p *pageReader) dateline(t *Text) {
	ld := strings.TrimSpace(p.data.String())
	for _, from := range []struct{ value, tells string }{
		{p.meta["article:published_time"], "article:published_time of the page"},
		{p.meta["og:article:published_time"], "article:published_time of the page"},
		{published(ld), "datePublished of the page"},
		{p.meta["datepublished"], "datePublished of the page"},
		{p.meta["dc.date.issued"], "dc.date.issued of the page"},
		{p.meta["time"], "the first <time> of the page"},
	} {
		if d, ok := dayOf(from.value); ok {
			t.Published, t.Tells = d, from.tells
			return
		}
	}
	t.firstLines(t.Paragraphs[:min(headLines, len(t.Paragraphs))])
}

// dayOf reads the day of 2025-10-26 or 2025-10-26T14:00:00+08:00, as it stands there.
func dayOf(s string) (civil.Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) < len("2025-10-26") {
		return civil.Date{}, false
	}
	d, err := civil.ParseDate(s[:len("2025-10-26")])
	return d, err == nil
}

// published returns the first datePublished in JSON-LD, of which a page can have several texts.
func published(ld string) string {
	dec := json.NewDecoder(strings.NewReader(ld))
	for {
		t, err := dec.Token()
		if err != nil {
			return "" // io.EOF, or what is no JSON: then nothing is told
		}
		if t != "datePublished" {
			continue
		}
		if t, err = dec.Token(); err != nil && err != io.EOF {
			return ""
		}
		if s, ok := t.(string); ok {
			if _, ok := dayOf(s); ok {
				return s
			}
		}
	}
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// cmpOr returns the first text that is more than blanks.
func cmpOr(texts ...string) string {
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}
