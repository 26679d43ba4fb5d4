package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
)

// atomFeed is a feed of changes, RFC 4287. Its ids are made of the name of the
// installation, so that they stay when its address changes.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"` // RFC 3339
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Said    string   `xml:"author>uri,omitempty"` // where they said it
	Link    atomLink `xml:"link"`
	Content atomText `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atom answers with the changes as an Atom feed. It takes the query of the page.
func (s *site) atom(w http.ResponseWriter, r *http.Request, req request) {
	list, _, err := req.made("", changesFed)
	if err != nil {
		s.Log.Error("read the changes", "err", err)
		failed(w, r)
		return
	}
	f, err := req.atomOf(list)
	if err != nil {
		s.Log.Error("read the sources of changes", "err", err)
		failed(w, r)
		return
	}
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		panic(err) // text always has a form in XML
	}
	body = append([]byte(xml.Header), append(body, '\n')...)
	newAnswer(http.StatusOK, atomType, body).send(w, r)
}

func (req request) atomOf(list []change.View) (atomFeed, error) {
	domain := req.cal.Domain()
	q := req.filter.query.Encode()
	self, id := req.base+"/changes.atom", "tag:"+domain+",2025:changes"
	if q != "" {
		self += "?" + q
		sum := sha256.Sum256([]byte(q))
		id += "/" + hex.EncodeToString(sum[:8])
	}
	f := atomFeed{
		Title: siteName(req.cal.Feeds()) + ": changes", ID: id, Author: "attache", Updated: req.cal.Since().UTC().Format(time.RFC3339),
		Links: []atomLink{
			{"self", "application/atom+xml", req.absolute(self)},
			{"alternate", "text/html", req.absolute(req.base + "/changes")},
		},
	}
	added := make(map[int64]int)                  // how many events were added, by the second
	req.From, req.To = civil.Date{}, civil.Date{} // those are days on which changes were made
	for _, e := range req.index.all {
		if req.Match(e) {
			added[e.Created.Unix()]++
		}
	}
	for i, v := range list {
		if v.First() && added[v.At.Unix()] >= manyEntered {
			if i == 0 || !list[i-1].First() || !list[i-1].At.Equal(v.At) {
				f.Entries = append(f.Entries, req.enteredEntry(v.At))
			}
			continue
		}
		e := atomEntry{
			Title: v.Headline(), ID: "tag:" + domain + ",2025:change/" + strconv.FormatUint(v.Seq, 10),
			Updated: v.At.UTC().Format(time.RFC3339), Author: author(v.By, v.Via), Said: v.Link,
			Link:    atomLink{"alternate", "text/html", req.absolute(req.base + "/events/" + url.PathEscape(v.Event))},
			Content: atomText{"text", strings.Join(v.Lines(), "\n")},
		}
		source, err := req.sourceOf(v)
		if err != nil {
			return f, err
		}
		if source != "" {
			e.Content.Text = strings.TrimPrefix(e.Content.Text+"\nSource: "+source, "\n")
		}
		if e.Author == "" {
			e.Author = "attache"
		}
		f.Entries = append(f.Entries, e)
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	return f, nil
}

// mostNamed is how many of the events that were added together an entry names.
const mostNamed = 20

// enteredEntry is the one entry of all events that were added at a moment, as the first
// reading of a calendar does.
func (req request) enteredEntry(at time.Time) atomEntry {
	var titles []string
	for _, e := range req.index.all {
		if e.Created.Equal(at) && req.Match(e) {
			titles = append(titles, e.Title)
		}
	}
	n := len(titles)
	if n > mostNamed {
		titles = append(titles[:mostNamed], fmt.Sprintf("and %d more", n-mostNamed))
	}
	return atomEntry{
		Title: prose.Count(n, "event") + " added", ID: "tag:" + req.cal.Domain() + ",2025:added/" + strconv.FormatInt(at.Unix(), 10),
		Updated: at.UTC().Format(time.RFC3339), Author: "attache", Link: atomLink{"alternate", "text/html", req.absolute(req.base + "/changes")},
		Content: atomText{"text", strings.Join(titles, "\n")},
	}
}

// sourceOf names the source that a change brought: that of a statement or citation which the
// revision before did not have. It is "" where there is none.
func (req request) sourceOf(v change.View) (string, error) {
	if v.Because != nil { // it moved without a word of its own
		return "", nil
	}
	list, err := req.cal.Revisions(v.Event)
	if err != nil {
		return "", err
	}
	var was, is event.Event
	for _, r := range list {
		switch r.Number {
		case v.Revision - 1:
			was = r.Event
		case v.Revision:
			is = r.Event
		}
	}
	name := ""
	for _, c := range is.Sources {
		if !slices.ContainsFunc(was.Sources, func(o event.Citation) bool { return o.Source == c.Source && o.Quote == c.Quote }) {
			name = c.Source
		}
	}
	for _, s := range is.When {
		if s.Source != "" && !slices.ContainsFunc(was.When, func(o event.Statement) bool { return o.Source == s.Source && o.Quote == s.Quote }) {
			name = s.Source
		}
	}
	if name == "" {
		return "", nil
	}
	words, _ := req.source(name)
	return words, nil
}
