package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxDepth is how deep values may nest. attache's own go eight deep.
const maxDepth = 100

// decode returns the one document of s, nil if there is an error. The errors are
// those of the text and of YAML itself, not of what it says.
func (s *fileText) decode() (*yaml.Node, Errors) {
	if err := s.check(); err != nil {
		return nil, Errors{err}
	}
	return s.decodePart(s.data)
}

// decodePart decodes data, which is the text of s or a part of it.
func (s *fileText) decodePart(data []byte) (*yaml.Node, Errors) {
	type result struct {
		root *yaml.Node
		errs Errors
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r = result{errs: Errors{s.within(s.at(0)).error("the file cannot be read as YAML: %v", p)}}
			}
			done <- r
		}()
		if r.root, r.errs = s.compose(data); r.root == nil && half.Match(data) {
			r.root, r.errs = s.compose(joined(data))
		}
	}()
	// A second for each MiB is several times what decoding takes; only text made
	// to be slow reaches the deadline.
	limit := time.Duration(2+len(data)>>20) * time.Second
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.root, r.errs
	case <-timer.C:
		return nil, Errors{s.at(0).error("reading the file took longer than %v: it is too intricate", limit)}
	}
}

// compose decodes data, as decodePart has it.
func (s *fileText) compose(data []byte) (*yaml.Node, Errors) {
	l, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, s.syntax(err)
	}
	var doc, next yaml.Node
	switch err := l.Load(&doc); {
	case errors.Is(err, io.EOF), err == nil && empty(&doc):
		return nil, Errors{s.at(0).error("the file is empty")}
	case err != nil:
		return nil, s.syntax(err)
	}
	switch err := l.Load(&next); {
	case err == nil:
		at := place{src: s, line: next.Line, column: max(next.Column, 1)}
		return nil, Errors{at.error("a second document begins here: attache reads one in each file")}
	case !errors.Is(err, io.EOF):
		return nil, s.syntax(err)
	}
	return doc.Content[0], nil
}

// half finds a character that JSON writes in two halves, which YAML does not know:
// \ud83d\ude00. Backslashes before it that mean themselves come in twos.
var half = regexp.MustCompile(`(^|[^\\])((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})`)

// joined returns the text of a file with those characters as YAML writes them: \U0001F600.
func joined(data []byte) []byte {
	for again := true; again; {
		next := half.ReplaceAllFunc(data, func(found []byte) []byte {
			m := half.FindSubmatch(found)
			high, _ := strconv.ParseUint(string(m[3]), 16, 32) // four digits
			low, _ := strconv.ParseUint(string(m[4]), 16, 32)  // as above
			return fmt.Appendf(nil, `%s%s\U%08X`, m[1], m[2], utf16.DecodeRune(rune(high), rune(low)))
		})
		again, data = len(next) != len(data), next // one may stand right behind another
	}
	return data
}

func empty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Tag == "!!null"
}

// syntax returns every error that the library found, in plainer words.
func (s *fileText) syntax(err error) Errors {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &several):
		var out Errors
		for _, e := range several.Errors {
			out = append(out, s.syntaxError(e))
		}
		return out
	case errors.As(err, &one):
		return Errors{s.syntaxError(one)}
	}
	return Errors{s.within(s.at(0)).error("the file cannot be read as YAML: %v", err)}
}

func (s *fileText) syntaxError(e *yaml.LoadError) *Error {
	at := place{src: s, line: e.Mark.Line, column: e.Mark.Column}
	opened := place{src: s, line: e.ContextMark.Line, column: e.ContextMark.Column}
	switch {
	case e.Message == "found unexpected end of stream" && opened.line > 0:
		return opened.error("the quotation mark opened here is never closed")
	case at.line == 0 && opened.line > 0:
		at = opened
	case at.line == 0:
		at = s.at(0)
	case at.line > s.lines().count():
		at = s.at(len(s.data))
		if opened.line > 0 {
			at = opened
		}
	}
	return s.within(at).error("%s", s.inPlainWords(e, at, opened))
}

// within returns at as a place of which a message may repeat anything that is in the file.
func (s *fileText) within(at place) place {
	at.written = string(s.data)
	return at
}

// plain says in the words of somebody who writes YAML what the library says in
// those of somebody who parses it.
var plain = map[string]string{
	"mapping values are not allowed in this context": "a key is not expected here: mind the indentation, and put text that contains a colon in quotes",
	"did not find expected key":                      "a key is expected here: mind the indentation",
	"did not find expected '-' indicator":            "an item that begins with - is expected here: mind the indentation",
	"could not find expected ':'":                    "a key is not followed by a colon",
	"found invalid Unicode character escape code":    "this names no character: write the character itself",
	"found unknown escape character":                 `\ has a meaning in "…": write \\, or use '…'`,
	"did not find expected ',' or ']'":               "a comma or ] is missing",
	"did not find expected ',' or '}'":               "a comma or } is missing",
	"did not find expected node content":             "a value is expected here",
}

func (s *fileText) inPlainWords(e *yaml.LoadError, at, opened place) string {
	c := s.character(at)
	switch {
	case e.Message == "found a tab character that violates indentation",
		e.Message == "found character that cannot start any token" && c == '\t':
		return "a tab stands in the indentation: use spaces"
	case e.Message == "found character that cannot start any token":
		return fmt.Sprintf("text that begins with %c has to stand in quotes", c)
	case strings.Contains(e.Message, "exceeded max depth"):
		return fmt.Sprintf("values are nested more than %d deep", maxDepth)
	}
	words, known := plain[e.Message]
	if !known {
		words = e.Message
	}
	if opened.line > 0 && opened.line != at.line {
		words += fmt.Sprintf(" (in what begins on line %d)", opened.line)
	}
	return words
}

// character returns the one at p, or U+FFFD past the end of its line.
func (s *fileText) character(p place) rune {
	rest := s.line(p.line)
	for range p.column - 1 {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return c
}
