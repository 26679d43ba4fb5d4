package web

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/story"
)

//go:embed templates
var templateFiles embed.FS

// parsePages returns each page with the layout around it and the parts that pages
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
	Nav     []navLink
	Home    string // address of the first page
	Base    string // what paths begin with: "" unless the site lives below one
	Style   string // address of the stylesheet
	Script  string
	Icon    string
	Feeds   []subscription
	Made    moment
	Zone    string // that days are counted in, in words
	Past    *pastView
	Banner  Banner
	Reload  verdict
	Help    string // address of the reference; "" where there is none
	NoIndex bool
	Body    any
}

// navLink is an entry of the navigation.
type navLink struct {
	Name, Href string
	Here       bool
}

// pastView says that the calendar is shown as it stood, or will stand, at another time.
type pastView struct {
	At    string // in words
	Ahead bool   // whether that time is yet to come
	Now   string // address of the first page as it is now
	First string // since when attache has known of events, where that is later; "" otherwise
}

// moment is an instant in words.
type moment struct {
	ISO   string // RFC 3339, UTC
	Local string // in the zone of the installation
	UTC   string
}

// verdict is what the last reading of the files came to.
type verdict struct {
	At     moment   // none where they were not read yet
	Errors []string // file:line:column: what is wrong
}

// moment writes t in the zone of the page, and in UTC beside it where that reads
// differently. The zero time is none.
func (req request) moment(t time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	local := t.In(req.loc)
	m := moment{ISO: t.UTC().Format(time.RFC3339), Local: story.At(t, req.loc)}
	switch _, offset := local.Zone(); {
	case offset == 0:
	case civil.DateOf(t, req.loc) == civil.DateOf(t, time.UTC):
		m.UTC = t.UTC().Format("15:04 UTC")
	default:
		m.UTC = civil.Short(civil.DateOf(t, time.UTC)) + t.UTC().Format(", 15:04 UTC")
	}
	return m
}

// basePath returns the path of a public address, without a slash at the end.
func basePath(public string) string {
	u, err := url.Parse(public)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// start reads what is asked. Where that can't be answered it says so.
func (s *site) start(w http.ResponseWriter, r *http.Request) (request, bool) {
	req, err := s.ask(r)
	var wrong refusal
	switch {
	case err == nil:
		return req, true
	case !errors.As(err, &wrong):
		s.Log.Error("read the calendar as it was", "err", err)
		failed(w, r)
	default:
		s.sorry(w, r, req, http.StatusBadRequest, "This address can’t be read", string(wrong))
	}
	return req, false
}

// newPage returns a page with what all pages have.
func (s *site) newPage(req request, title, here string) page {
	feeds := req.cal.Feeds()
	got := s.Readiness()
	if !req.cal.Whole() { // what is wrong in a file can quote what is not for everybody
		got.Errors = nil
	}
	p := page{
		Site: siteName(feeds), Title: title, Here: here, Base: req.base, Home: req.link("/"),
		Feeds: req.subscriptions(feeds), Made: req.moment(req.now),
		Reload: verdict{req.moment(got.ReloadedAt), got.Errors}, Zone: civil.Place(req.loc.String()),
	}
	for _, n := range [][2]string{{"Calendar", "/"}, {"Changes", "/changes"}, {"Subscribe", "/subscribe"}, {"Status", "/status"}} {
		p.Nav = append(p.Nav, navLink{n[0], req.link(n[1]), strings.ToLower(n[0]) == here})
	}
	p.Nav = append(p.Nav, req.door...)
	if req.at != "" {
		p.Past, p.NoIndex = req.pastView(s.Now()), true
	} else {
		p.Banner = got.Banner
	}
	if len(s.help) > 0 {
		p.Help = p.Base + "/help"
	}
	p.Style = p.Base + "/app.css?" + s.assets["/app.css"].version
	p.Script = p.Base + "/app.js?" + s.assets["/app.js"].version
	p.Icon = p.Base + "/icon.svg?" + s.assets["/icon.svg"].version
	return p
}

func (req request) pastView(now time.Time) *pastView {
	v := &pastView{At: req.moment(req.now).Local, Ahead: req.now.After(now), Now: req.base + "/"}
	if since := req.cal.Since(); since.After(req.now) {
		v.First = req.moment(since).Local
	}
	return v
}

// siteName returns the name of the calendar: that of its main feed.
func siteName(feeds []calendar.Feed) string {
	if len(feeds) > 0 && feeds[0].Title != "" {
		return feeds[0].Title
	}
	return "Calendar"
}

// show renders the named page and sends it.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	if a, ok := s.render(w, r, status, name, p); ok {
		a.send(w, r)
	}
}

// render makes the named page. Where that fails it says so to the reader.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) (*answer, bool) {
	var body bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&body, "layout", p); err != nil {
		s.Log.Error("a page could not be made", "page", name, "path", r.URL.Path, "err", err)
		failed(w, r)
		return nil, false
	}
	return newAnswer(status, htmlType, body.Bytes()), true
}

// notFound says that there is nothing at an address, without repeating it.
func (s *site) notFound(w http.ResponseWriter, r *http.Request, req request) {
	s.sorry(w, r, req, http.StatusNotFound, "Nothing here",
		"There is no page at this address. Check how it is spelled: an event keeps its page even after it is taken out of its file.")
}

// sorry says why there is no page at an address, to programs as a problem.
func (s *site) sorry(w http.ResponseWriter, r *http.Request, req request, status int, title, why string) {
	if isOpen(r.URL.Path) {
		problem(w, status, why)
		return
	}
	p := s.newPage(req, title, "")
	p.NoIndex, p.Body = true, why
	s.show(w, r, status, "sorry", p)
}
