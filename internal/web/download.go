package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/story"
	"attache/internal/when"
)

// The addresses under which what is chosen can be taken along, besides its feed.
const (
	csvPath  = "/events.csv"
	jsonPath = "/events.json"
)

// downloads leads to what is chosen in other forms.
func (req request) downloads() []navLink {
	paper := req
	paper.look = look{view: "print"}
	return []navLink{
		{Name: "Table (CSV)", Href: req.link(csvPath, req.filter.query)},
		{Name: "Data (JSON)", Href: req.link(jsonPath, req.filter.query)},
		{Name: "Calendar file (.ics)", Href: req.feed()},
		{Name: "List to print", Href: paper.here()},
	}
}

// offer has a browser keep the answer in a file.
func offer(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// eventsJSON answers with all events that are chosen, as the API has them.
func (req request) eventsJSON(w http.ResponseWriter, r *http.Request) {
	v := eventsView{Events: []story.View{}}
	for _, e := range req.chosen() {
		v.Events = append(v.Events, req.data(e))
	}
	v.Total = len(v.Events)
	offer(w, "events.json")
	req.json(w, r, v)
}

const csvType = "text/csv; charset=utf-8"

// eventsCSV answers with all events that are chosen, a line each. Columns have the names
// that the API gives them.
func (req request) eventsCSV(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	table := csv.NewWriter(&body)
	table.UseCRLF = true
	line := func(cells ...string) {
		for i, c := range cells {
			cells[i] = plainCell(c)
		}
		_ = table.Write(cells) // a buffer takes everything
	}
	line("id", "title", "kind", "certainty", "status", "date", "last_safe_day", "earliest", "latest", "ends_latest", "precision", "zone", "place", "parties", "people", "topics", "note", "link")
	for _, e := range req.chosen() {
		v := e.View(req.now)
		line(v.ID, v.Title, v.Kind, v.Certainty, v.Status, v.Date, v.LastSafeDay, orNone(v.Earliest), orNone(v.Latest), orNone(v.EndsLatest), v.Precision, v.Zone, v.Place,
			strings.Join(v.Parties, "; "), strings.Join(v.People, "; "), strings.Join(v.Topics, "; "), e.Note, req.absolute(req.base+"/events/"+url.PathEscape(e.ID)))
	}
	table.Flush()
	offer(w, "events.csv")
	newAnswer(http.StatusOK, csvType, body.Bytes()).send(w, r)
}

func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// plainCell returns text that no table program takes for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}

// paper is a list to print.
type paper struct {
	Name   string // the days that it holds
	Months []paperMonth
	Left   int // how many there is no room for
}

type paperMonth struct {
	Name string
	Rows []paperRow
}

// paperRow is an event in a line.
type paperRow struct{ Date, Title, Href, Kind, Place, Stands string }

// mostPrinted is how many events a list to print holds.
const mostPrinted = 400

// print lists what is chosen in order. Unless days are chosen it begins with what is not over.
func (req request) print(parts sections, inOrder []*agenda.Entry) *paper {
	p := &paper{Name: "What comes"}
	list := inOrder
	switch from, to := civil.Short(req.From), civil.Short(req.To); {
	case req.From.IsZero() && req.To.IsZero():
		list = append(dated(parts.coming), parts.undated...)
	case req.To.IsZero():
		p.Name = "From " + from + " on"
	case req.From.IsZero():
		p.Name = "Until " + to
	default:
		p.Name = "From " + from + " to " + to
	}
	if p.Left = len(list) - mostPrinted; p.Left > 0 {
		list = list[:mostPrinted]
	}
	p.Left = max(p.Left, 0)
	for _, e := range list {
		name := "No date yet"
		if e.Window.Precision != when.None {
			name = monthName(firstDay(e))
		}
		if n := len(p.Months); n == 0 || p.Months[n-1].Name != name {
			p.Months = append(p.Months, paperMonth{Name: name})
		}
		m := &p.Months[len(p.Months)-1]
		stands := badges(e, req.phase(e))
		row := paperRow{Date: req.date(e), Title: e.Title, Href: req.event(e.ID), Kind: string(e.Kind), Place: e.Place}
		for i, b := range stands {
			if i > 0 {
				row.Stands += ", "
			}
			row.Stands += b.Text
		}
		m.Rows = append(m.Rows, row)
	}
	return p
}
