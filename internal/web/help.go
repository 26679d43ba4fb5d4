package web

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// Topic is a page of the reference.
type Topic struct {
	Name  string // in its address, /help/NAME
	Title string // one line
	Text  string // Markdown, whose first line is a heading with the title
}

// helpTopic is a topic as its page shows it.
type helpTopic struct {
	Name, Title string
	Text        template.HTML
}

// helpTopics renders the topics. Markup in their text is left out, as goldmark does unless
// it is told otherwise. Where a topic names another one by its command, it links to it.
func helpTopics(topics []Topic) []helpTopic {
	var named []string
	for _, t := range topics {
		code := "<code>attache help " + t.Name + "</code>"
		named = append(named, code, `<a href="`+t.Name+`">`+code+`</a>`)
	}
	links := strings.NewReplacer(named...)
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	var out []helpTopic
	for _, t := range topics {
		var html bytes.Buffer
		if err := md.Convert([]byte(t.Text), &html); err != nil {
			panic(err) // a buffer takes everything
		}
		out = append(out, helpTopic{t.Name, t.Title, template.HTML(links.Replace(html.String()))})
	}
	return out
}

// helpIndex lists the topics.
func (s *site) helpIndex(w http.ResponseWriter, r *http.Request, req request) {
	p := s.newPage(req, "Help", "help")
	p.Body = s.help
	s.show(w, r, http.StatusOK, "help", p)
}

// helpTopic is the page of one topic.
func (s *site) helpTopic(w http.ResponseWriter, r *http.Request, req request, name string) {
	i := slices.IndexFunc(s.help, func(t helpTopic) bool { return t.Name == name })
	if i < 0 {
		s.notFound(w, r, req)
		return
	}
	p := s.newPage(req, s.help[i].Title, "help")
	p.Body = s.help[i]
	s.show(w, r, http.StatusOK, "topic", p)
}
