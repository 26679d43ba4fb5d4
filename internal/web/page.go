package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"attache/internal/when"
)

//go:embed templates
var templateFiles embed.FS

// parsePages gives each page with the layout around it and the parts that pages
// share, by the name of its file.
func parsePages() map[string]*template.Template {
	files, err := templateFiles.ReadDir("templates/pages")
	if err != nil {
		panic(err) // it is part of the program
	}
	shared := template.Must(template.ParseFS(templateFiles, "templates/*.html"))
	out := make(map[string]*template.Template, len(files))
	for _, f := range files {
		page := template.Must(shared.Clone())
		template.Must(page.ParseFS(templateFiles, path.Join("templates/pages", f.Name())))
		out[strings.TrimSuffix(f.Name(), ".html")] = page
	}
	return out
}

// page is what every page has, and in Body what only one has.
type page struct {
	Site    string // name of the calendar
	Title   string // of the page; "" on the first one
	Here    string // which entry of the navigation it is
	Base    string // what paths begin with: "" unless the site lives below one
	Style   string // address of the stylesheet
	Icon    string
	Feeds   []subscription
	Made    moment
	Reload  verdict
	NoIndex bool
	Body    any
}

// moment is an instant in words.
type moment struct {
	ISO   string // RFC 3339, UTC
	Local string // in the zone of the installation
	UTC   string
}

// verdict is what the last reading of the files came to.
type verdict struct {
	At     moment
	Known  bool     // whether they were read at all
	Errors []string // file:line:column: what is wrong
}

// momentOf writes t in loc, and in UTC beside it where that reads differently.
func momentOf(t time.Time, loc *time.Location) moment {
	local := t.In(loc)
	m := moment{
		ISO:   t.UTC().Format(time.RFC3339),
		Local: when.Long(when.DateOf(t, loc)) + ", " + local.Format("15:04") + " " + when.Place(loc.String()),
	}
	switch _, offset := local.Zone(); {
	case offset == 0:
	case when.DateOf(t, loc) == when.DateOf(t, time.UTC):
		m.UTC = t.UTC().Format("15:04 UTC")
	default:
		m.UTC = when.Short(when.DateOf(t, time.UTC)) + t.UTC().Format(", 15:04 UTC")
	}
	return m
}

// basePath gives the path of a public address, without a slash at the end.
func basePath(public string) string {
	u, err := url.Parse(public)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// newPage gives a page with what all pages have. loc is the installation's zone.
func (s *site) newPage(title, here string, now time.Time, loc *time.Location) page {
	public := s.publicURL()
	feeds := s.cal.Feeds()
	got := s.cal.Readiness()
	p := page{
		Site: s.name(feeds), Title: title, Here: here, Base: basePath(public),
		Feeds: subscriptions(public, feeds), Made: momentOf(now, loc),
		Reload: verdict{Errors: got.Errors},
	}
	if !got.ReloadedAt.IsZero() {
		p.Reload.Known, p.Reload.At = true, momentOf(got.ReloadedAt, loc)
	}
	p.Style = p.Base + "/app.css?" + s.static["/app.css"].version
	p.Icon = p.Base + "/icon.svg?" + s.static["/icon.svg"].version
	return p
}

// name gives the name of the calendar: the one it was given, or its main feed's.
func (s *site) name(feeds []FeedName) string {
	switch {
	case s.title != "":
		return s.title
	case len(feeds) > 0 && feeds[0].Title != "":
		return feeds[0].Title
	}
	return "Calendar"
}

// show renders the named page and sends it.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	var body bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&body, "layout", p); err != nil {
		s.log.Error("a page could not be made", "page", name, "path", r.URL.Path, "err", err)
		failed(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache") // it speaks of now
	h.Set("Vary", "Accept-Encoding")
	out := body.Bytes()
	if wantsGzip(r.Header["Accept-Encoding"]) {
		out = compressed(out)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(out)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(out)
	}
}

func compressed(body []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// notFound says that there is nothing at an address, without repeating it.
func (s *site) notFound(w http.ResponseWriter, r *http.Request) {
	p := s.newPage("Nothing here", "", s.now(), s.cal.Zone())
	p.NoIndex = true
	s.show(w, r, http.StatusNotFound, "notfound", p)
}
