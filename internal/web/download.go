package web

import (
	"net/http"
	"net/url"

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
	chosen := req.chosen()
	views := make([]story.View, len(chosen))
	for i, e := range chosen {
		views[i] = story.View{View: e.View(req.now)}
	}
	table := story.Table(views, []string{"note", "link"}, func(i int) []string {
		return []string{chosen[i].Note, req.absolute(req.base + "/events/" + url.PathEscape(chosen[i].ID))}
	})
	offer(w, "events.csv")
	newAnswer(http.StatusOK, csvType, table).send(w, r)
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
