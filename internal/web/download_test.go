package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// What is chosen can be taken along, all of it, in the words of the API.
func TestDownload(t *testing.T) {
	f := sample(t)
	e := f.list[3].Event
	e.ID, e.Title, e.Note, e.Topics = "formula", "=1+1", "two\nlines, and \"quotes\"", []string{"odd"}
	f.add(e)
	h := handler(f, october)
	w := ask(h, "GET", "/events.csv")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != 9 || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || w.Header().Get("Content-Disposition") != `attachment; filename="events.csv"` {
		t.Errorf("%d rows, %v, %v", len(rows), err, w.Header())
	}
	odd, err := csv.NewReader(ask(h, "GET", "/events.csv?topic=odd").Body).ReadAll()
	if err != nil || len(odd) != 2 || odd[1][2] != "'=1+1" || odd[1][20] != e.Note || odd[1][21] != "https://dates.example.org/events/formula" {
		t.Errorf("%v, %v", odd, err)
	}
	var v eventsView
	w = ask(h, "GET", "/events.json?kind=visit&at=2025-10-27")
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || v.Total != 3 || len(v.Events) != 3 || w.Header().Get("Content-Disposition") == "" {
		t.Errorf("%d events, %v", v.Total, err)
	}
	for _, path := range []string{csvPath, jsonPath} {
		if w := ask(h, "GET", path+"?kind=x"); w.Code != 400 || w.Header().Get("Content-Disposition") != "" || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	body := ask(h, "GET", "/?topic=tariffs").Body.String()
	for _, want := range []string{`href="/events.csv?topic=tariffs"`, `href="/events.json?topic=tariffs"`, `href="/feed.ics?topic=tariffs"`, `href="/?topic=tariffs&amp;view=print"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

func TestPrint(t *testing.T) {
	h := handler(sample(t), october)
	for path, want := range map[string][]string{
		"/?view=print": {"What comes", "<h3 class=\"span\">January 2026</h3>", "No date yet", "Trump travels to Beijing"},
		"/?view=print&from=2025-10-26&to=2025-10-31":    {"From 26 Oct 2025 to 31 Oct 2025", "framework” announced"},
		"/?view=print&from=2031-01-01":                  {"From 1 Jan 2031 on", "No events."},
		"/?view=print&to=2025-10-26&kind=measure,visit": {"Until 26 Oct 2025"},
	} {
		body := ask(h, "GET", path).Body.String()
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s has no %q", path, s)
			}
		}
	}
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	for i := range mostPrinted + 7 {
		f.add(event.Event{ID: fmt.Sprint("e", i), Title: "One of many", Kind: event.Talks, Zone: "UTC", Certainty: event.Possible, Status: event.Open,
			When: []event.Statement{{Expr: when.Expr{Form: when.On, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1}.AddDays(i))}}}}})
	}
	if body := ask(handler(f, october), "GET", "/?view=print").Body.String(); !strings.Contains(body, "7 more are left out: choose fewer days.") {
		t.Error("it does not say what it leaves out")
	}
}

// The page of changes takes the choices of the first page.
func TestChanges_Form(t *testing.T) {
	body := ask(handler(changedLately(t), october), "GET", "/changes?topic=visits&from=2025-10-26").Body.String()
	for _, want := range []string{`action="/changes"`, `value="visits" checked`, `name="from" value="2025-10-26"`, `<a href="/changes">Clear</a>`, "A meeting that moved"} {
		if !strings.Contains(body, want) {
			t.Errorf("it has no %s", want)
		}
	}
	if strings.Contains(body, `name="on"`) || strings.Contains(body, "Asia tour</a></h3>") {
		t.Error("it offers or shows what it should not")
	}
}

// Events that are added together are one entry, whatever their number and whatever days of
// changes are asked for; what changes afterwards is one each, with its source.
func TestAtom_AddedTogether(t *testing.T) {
	h := handler(changedLately(t), october)
	for path, want := range map[string][]string{
		"/changes.atom":                 {"<title>8 events added</title>", "<title>Slipped: A meeting that moved</title>", "Source: US–China talks"},
		"/changes.atom?from=2025-10-01": {"<title>8 events added</title>"},
		"/changes.atom?topic=visits":    {"<title>Added: A meeting that moved</title>"},
	} {
		body := ask(h, "GET", path).Body.String()
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s has no %q", path, s)
			}
		}
		if n := strings.Count(body, "<entry>"); n != 2 {
			t.Errorf("%s has %d entries", path, n)
		}
	}
}
