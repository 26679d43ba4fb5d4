package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/story"
	"attache/internal/when"
)

// described returns the document of the API as it is served.
func described(t *testing.T) any {
	t.Helper()
	w := ask(handler(sample(t), october), "GET", "/api/openapi.json")
	doc, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// matches reports whether an answer is one that the document names for its path.
func matches(t *testing.T, doc any, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	status, _, _ := strings.Cut(w.Result().Status, " ")
	kind := w.Header().Get("Content-Type")
	at := "openapi.json#/paths/" + escape.Replace(path) + "/get/responses/" + status + "/content/" + escape.Replace(kind) + "/schema"
	if w.Code >= 400 {
		at = "openapi.json#/components/responses/Problem/content/" + escape.Replace(kind) + "/schema"
	}
	schema, err := c.Compile(at)
	if err != nil {
		t.Errorf("%s: the document has no answer %s as %s: %v", path, status, kind, err)
		return
	}
	got, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if err := schema.Validate(got); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

func TestAPI_AnswersMatchDocument(t *testing.T) {
	f := sample(t)
	e := f.list[0].Event
	e.Zone, e.When = "Asia/Seoul", []event.Statement{
		{Expr: when.Expr{Form: when.At, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1}), Timed: true, Clock: civil.Clock{Hour: 9}}}},
		{Expr: expr(t, when.On, "2025-11-05"), Quote: "on the fifth"},
	}
	e.ID = "contradicted"
	f.add(e)
	h, doc := handler(f, october), described(t)
	for _, query := range []string{"", "?topic=tariffs", "?topic=nothing", "?limit=2", "?q=tariffs&kind=deadline", "?from=2025-11-01&to=2025-11-02", "?at=2025-10-26", "?at=nonsense", "?limit=0", "?before=x", "?offset=9999"} {
		for path := range apiRoutes() {
			for _, id := range []string{"us-tariffs-100", "contradicted", "beijing-visit", "rare-earth-controls", "nobody"} {
				w := ask(h, "GET", strings.ReplaceAll(path, "{id}", id)+query)
				if want := http.StatusNotFound; id == "nobody" && query == "" && strings.Contains(path, "{id}") && w.Code != want {
					t.Errorf("%s of nobody: %d", path, w.Code)
				}
				matches(t, doc, path, w)
			}
		}
	}
}

func TestAPI_DocumentNamesEveryRoute(t *testing.T) {
	doc := described(t).(map[string]any)
	if doc["openapi"] != "3.1.0" {
		t.Errorf("it is OpenAPI %v", doc["openapi"])
	}
	paths := slices.Sorted(maps.Keys(doc["paths"].(map[string]any)))
	if want := slices.Sorted(maps.Keys(apiRoutes())); !slices.Equal(paths, want) {
		t.Errorf("it names\n%s\nand there are\n%s", paths, want)
	}
	for _, strange := range []string{"/api", "/api/", "/feeds/", "/feeds/all", "/feeds/all.ics/", "/api/v1", "/api/v1/events/", "/api/v1/events//why", "/api/v1/events/us-tariffs-100/", "/api/v1/events/us-tariffs-100/who", "/api/v2/events"} {
		w := ask(handler(sample(t), october), "GET", strange)
		if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d as %s", strange, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestAPI_ObjectsOfCommands(t *testing.T) {
	f := sample(t)
	h := handler(f, october)
	seen, total := map[string]bool{}, 0
	for next := "/api/v1/events?limit=2"; next != ""; {
		var got struct {
			Events []story.View
			Next   *string
			Total  int
		}
		if err := json.Unmarshal(ask(h, "GET", next).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for _, v := range got.Events {
			seen[v.ID] = true
			i := slices.IndexFunc(f.list, func(e agenda.Entry) bool { return e.ID == v.ID })
			if want := (story.Reader{Now: october, Sources: f.Sources()}).View(f.list[i]); !reflect.DeepEqual(v, want) {
				t.Errorf("%s: %+v, want %+v", v.ID, v, want)
			}
		}
		next, total = "", got.Total
		if got.Next != nil {
			u, err := url.Parse(*got.Next)
			if err != nil {
				t.Fatal(err)
			}
			next = u.RequestURI()
		}
	}
	if len(seen) != len(f.list) || total != len(f.list) {
		t.Errorf("pages give %d of %d events, and say %d", len(seen), len(f.list), total)
	}
	var changes struct{ Changes []change.View }
	if err := json.Unmarshal(ask(h, "GET", "/api/v1/events/beijing-visit/changes").Body.Bytes(), &changes); err != nil {
		t.Fatal(err)
	}
	if len(changes.Changes) != 1 || !reflect.DeepEqual(changes.Changes[0].Changes, []change.Change{{Type: "added", Field: "date", New: "some day from 1 Jan to 16 Feb 2026"}}) {
		t.Errorf("changes: %+v", changes.Changes)
	}
}

func TestAPI_RepeatsNothingAsked(t *testing.T) {
	h := handler(sample(t), october)
	for _, target := range []string{"/api/v1/events?topic=marker&limit=1", "/api/v1/events?q=marker", "/api/v1/events?from=marker", "/api/v1/events/marker", "/api/marker", "/api/v1/changes?before=marker&q=marker", "/api/v1/events?limit=1&marker=marker&tz=marker"} {
		if body := ask(h, "GET", target).Body.String(); strings.Contains(body, "marker") {
			t.Errorf("%s repeats what was asked: %s", target, body)
		}
	}
}
