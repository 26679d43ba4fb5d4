package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"attache/internal/change"
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
	body, err := xml.MarshalIndent(req.atomOf(list), "", " ")
	if err != nil {
		panic(err) // text always has a form in XML
	}
	body = append([]byte(xml.Header), append(body, '\n')...)
	newAnswer(http.StatusOK, atomType, body).send(w, r)
}

func (req request) atomOf(list []change.View) atomFeed {
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
	for _, v := range list {
		e := atomEntry{
			Title: headline(v), ID: "tag:" + domain + ",2025:change/" + strconv.FormatUint(v.Seq, 10),
			Updated: v.At.UTC().Format(time.RFC3339), Author: author(v.By, v.Via),
			Link:    atomLink{"alternate", "text/html", req.absolute(req.base + "/events/" + url.PathEscape(v.Event))},
			Content: atomText{"text", req.changeText(v)},
		}
		if e.Author == "" {
			e.Author = "attache"
		}
		f.Entries = append(f.Entries, e)
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	return f
}

// headline returns in a line what a change did: "Slipped, confirmed: Talks".
func headline(v change.View) string {
	var types []string
	for _, m := range v.Changes {
		types = append(types, string(m.Type))
	}
	if len(types) == 0 {
		types = []string{"edited"}
	}
	return prose.Capital(strings.Join(types, ", ")) + ": " + v.Title
}

// changeText tells of a change in lines.
func (req request) changeText(v change.View) string {
	var lines []string
	for _, m := range v.Changes {
		if m.Old == "" {
			lines = append(lines, prose.Capital(m.New))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s → %s", prose.Capital(m.Field), m.Old, m.New))
	}
	if also := otherFields(v); len(also) > 0 {
		lines = append(lines, "Also changed: "+strings.Join(also, ", "))
	}
	for _, l := range v.Follows {
		lines = append(lines, fmt.Sprintf("This also moved %s, which was %s", l.Title, l.Was))
	}
	if v.Reason != "" {
		lines = append(lines, "Why: "+v.Reason)
	}
	return strings.Join(lines, "\n")
}
