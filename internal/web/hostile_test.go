package web

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/when"
)

// hostile is how many requests nobody would send are sent.
var hostile = lengthtest.Of(1000, 5000)

// served lets h answer as the daemon does, and returns its address.
func served(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Server(h)
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

func TestHostile_Requests(t *testing.T) {
	f := sample(t)
	f.list = f.list[:2]
	address := served(t, handler(f, october))
	random := rand.New(rand.NewPCG(1, 2))
	var conn net.Conn
	var answers *bufio.Reader
	for i := range hostile {
		if conn == nil {
			var err error
			if conn, err = net.Dial("tcp", address); err != nil {
				t.Fatalf("after %d requests nobody answers: %v", i, err)
			}
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			answers = bufio.NewReader(conn)
		}
		request := nastyRequest(random)
		if _, err := io.WriteString(conn, request); err != nil {
			conn = nil // it was closed after the request before
			continue
		}
		res, err := http.ReadResponse(answers, &http.Request{Method: strings.SplitN(request, " ", 2)[0]})
		if err != nil {
			conn.Close()
			conn = nil
			continue
		}
		body, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || res.Close {
			conn.Close()
			conn = nil
		}
		if fault := faultIn(res, string(body)); fault != "" {
			t.Fatalf("%s\n%.500q", fault, request)
		}
	}
	if w := ask(handler(f, october), "GET", "/"); w.Code != http.StatusOK {
		t.Errorf("afterwards the page answers %d", w.Code)
	}
}

// faultIn says what is wrong with an answer to what should have done nothing.
func faultIn(res *http.Response, body string) string {
	switch {
	case res.StatusCode >= 500:
		return "answered with " + res.Status
	case strings.Contains(body, "zqmarker"):
		return "the answer repeats what was asked"
	case res.Header.Get("Injected") != "":
		return "a field of the request came back as one of the answer"
	}
	for name, values := range res.Header {
		if strings.Contains(name+strings.Join(values, ""), "zqmarker") {
			return "field " + name + " repeats what was asked"
		}
	}
	return ""
}

// nastyRequest makes a request of parts that each have broken some server.
func nastyRequest(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	mean := func() string {
		return pick("zqmarker", "<script>zqmarker</script>", "%0d%0aInjected:%20zqmarker", "%00zqmarker", "..%2f..%2fzqmarker", "%ff%fezqmarker",
			"'\"><zqmarker", "{{zqmarker}}", strings.Repeat("zqmarker", 1+r.IntN(200)), "%E2%80%AEzqmarker", "zqmarker;zqmarker", "%zzqmarker",
			"2025-13-45zqmarker", "99999999999zqmarker", "%252e%252e", "javascript:zqmarker", "http://zqmarker/")
	}
	path := pick("/", "/", "/events/"+mean(), "/feeds/"+mean()+".ics", "/feed.ics", "/changes", "/changes.atom", "/events.csv", "/events.json", "/subscribe", "/status", "/api/v1/events",
		"/api/v1/events/"+mean()+"/why", "/api/v1/changes", "/api/openapi.json", "/f/"+mean()+"/"+mean()+".ics", "/"+mean(), "//"+mean(), "/app.css", "/livez", "*", mean())
	var query []string
	for range r.IntN(5) {
		name := pick("topic", "party", "kind", "certainty", "status", "q", "from", "to", "at", "tz", "view", "on", "scale", "group", "past", "list", "before", "limit", "offset", "windows", "alarms", "cancelled", mean())
		query = append(query, name+"="+mean())
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, pick("&", "&", ";", "&&"))
	}
	path = strings.ReplaceAll(path, " ", "%20")
	head := []string{pick("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "zqmarker") + " " + path + " HTTP/1.1", "Host: " + pick("127.0.0.1", "zqmarker.example", "a@b")}
	for range r.IntN(4) {
		head = append(head, pick("If-None-Match", "If-Modified-Since", "Accept-Encoding", "User-Agent", "Referer", "X-Forwarded-Host", "Cookie", "Range", "Accept", "If-Match", "Origin", "X-Zqmarker")+": "+
			pick("zqmarker", `W/"zqmarker", *`, "gzip;q=zqmarker", strings.Repeat("zqmarker,", r.IntN(300)), "bytes=0-zqmarker", "\"", "Sun, 99 Zqm 2025"))
	}
	return strings.Join(head, "\r\n") + "\r\n\r\n"
}

func TestHostile_Methods(t *testing.T) {
	h := handler(sample(t), october)
	for _, method := range []string{"TRACE", "POST", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"} {
		for _, path := range []string{"/", "/feeds/all.ics", "/api/v1/events", "/changes.atom"} {
			if w := ask(h, method, path, "X-Secret", "zqmarker"); w.Code != http.StatusMethodNotAllowed || strings.Contains(w.Body.String(), "zqmarker") {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
}

func TestHostile_HeaderOf4MiB(t *testing.T) {
	conn, err := net.Dial("tcp", served(t, handler(sample(t), october)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	go func() {
		_, _ = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 4<<20))
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return // it was cut off, which refuses it as well
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("it is answered with %s", res.Status)
	}
}

// FuzzQuery asks for pages with any query: none fails, and none gives back what only the
// query holds.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"", "topic=tariffs", "q=%3Cscript%3E", "at=2025-10-26&tz=Asia/Seoul", "from=2025-11-01&to=x", "offset=2&list=past", "view=month&on=9999-12-31", "view=week&on=1000-01-01", "view=timeline&scale=year&group=topic&past=shown&on=2025-01-01", "view=print&from=2025-01-01", "tz=%2B08:00", "at=0001-01-01", "at=9999-12-31T23:59:59Z", "limit=1&offset=3", "q=%ff&topic=a;b"} {
		f.Add(q)
	}
	cal := sample(f)
	h := handler(cal, october)
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/", "/changes", "/changes.atom", "/events.csv", "/api/v1/events", "/api/v1/changes", "/events/us-tariffs-100"} {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = query
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s?%s: %d", path, query, w.Code)
			}
			values, _ := url.ParseQuery(query)
			for _, list := range values {
				for _, v := range list {
					if strings.ContainsAny(v, "<>\"") && len(v) > 3 && strings.Contains(w.Body.String(), v) && !strings.Contains(ask(h, "GET", path).Body.String(), v) {
						t.Fatalf("%s gives back %q", path, v)
					}
				}
			}
		}
	})
}

// FuzzEvent shows an event of any text: none of it becomes markup.
func FuzzEvent(f *testing.F) {
	for _, s := range []string{"Talks", "<b>", `"onload=alert(1) x="`, "{{.}}", "]]>", "</script><script>", "\x00\xff", "&lt;", "javascript:alert(1)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &fake{zone: time.UTC, history: map[string][]event.Revision{}, sources: map[string]event.Source{"s": {Key: "s", Title: text, URL: text}}}
		e := event.Event{
			ID: "one", Title: text, Kind: event.Kind(text), Zone: "UTC", Certainty: event.Possible, Status: event.Open, Place: text, Note: text,
			Parties: []string{text}, Topics: []string{text}, People: []string{text}, Reason: text, Origin: event.Position{File: text, Line: 1},
			When: []event.Statement{{ID: text, Expr: when.Expr{Form: when.On, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1})}}, Source: "s", Quote: text, Phrase: text}},
		}
		c.add(e)
		safe := e
		h := handler(c, october)
		plain := &fake{zone: time.UTC, history: map[string][]event.Revision{}, sources: map[string]event.Source{"s": {Key: "s", Title: "x", URL: "x"}}}
		safe.Title, safe.Kind, safe.Place, safe.Note, safe.Reason, safe.Origin.File = "x", "x", "x", "x", "x", "x"
		safe.Parties, safe.Topics, safe.People = []string{"x"}, []string{"x"}, []string{"x"}
		safe.When = []event.Statement{{ID: "x", Expr: e.When[0].Expr, Source: "s", Quote: "x", Phrase: "x"}}
		plain.add(safe)
		for _, path := range []string{"/", "/events/one", "/changes"} {
			got, want := ask(h, "GET", path).Body.String(), ask(handler(plain, october), "GET", path).Body.String()
			// Text that is empty can take elements away, but no text brings any.
			if text != "" && strings.TrimSpace(text) != "" && elements(got) > elements(want)+2 {
				t.Errorf("%s has %d elements with %q, and %d with plain text", path, elements(got), text, elements(want))
			}
			if strings.Contains(got, "<script>") || strings.Contains(got, `href="javascript:`) {
				t.Errorf("%s: %q became markup", path, text)
			}
		}
	})
}

func elements(page string) int { return strings.Count(page, "<") }

// What is long, foreign, far off or not there is shown as well as anything else.
func TestPages_LongForeignAndEmpty(t *testing.T) {
	f := sample(t)
	titles := []string{strings.Repeat("A title without end ", 15), "مفاوضات حول التعريفات الجمركية", "中美經貿磋商第五輪會談", "Переговоры о пошлинах"}
	for i, title := range titles {
		e := f.list[3].Event
		e.ID, e.Title, e.Note, e.Topics = fmt.Sprint("foreign-", i), title, strings.Repeat("A word on it. ", 500), []string{"foreign"}
		f.add(e)
	}
	far := f.list[3].Event
	far.ID, far.Topics, far.When = "far", []string{"far"}, said(expr(t, when.Between, "2026-01-01", "2056-01-01"), "", 1)
	f.add(far)
	h := handler(f, october)
	for _, tt := range []struct {
		path string
		most int // octets of the page
		want []string
	}{
		{"/?topic=foreign", 40 << 10, titles},
		{"/?view=month&on=2025-10-01&topic=foreign", 40 << 10, append(titles[1:3:3], "more")},
		{"/?view=week&on=2025-10-30&topic=foreign", 40 << 10, titles[1:]},
		{"/?view=timeline&topic=foreign", 40 << 10, titles[1:]},
		{"/?view=print&topic=foreign", 60 << 10, titles},
		{"/events/foreign-0", 40 << 10, []string{strings.Repeat("A word on it. ", 499)}},
		{"/?topic=far", 40 << 10, []string{"Some day from"}},
		{"/?view=timeline&scale=year&on=2040-01-01&topic=far", 40 << 10, []string{"Some day from 1 Jan 2026 to 1 Jan 2056"}},
		{"/?view=month&on=2040-02-01&topic=far", 40 << 10, []string{"February 2040", far.Title}},
		{"/?view=month&on=2090-02-01", 40 << 10, []string{"February 2090"}},
		{"/?view=timeline&scale=year&on=2090-01-01", 40 << 10, []string{"2090"}},
		{"/?from=2090-01-01&to=2090-12-31", 40 << 10, []string{"No events"}},
		{"/changes?from=1990-01-01&to=1990-12-31", 40 << 10, []string{"There are no changes."}},
	} {
		w := ask(h, "GET", tt.path)
		body := html.UnescapeString(w.Body.String())
		if w.Code != 200 || len(body) > tt.most {
			t.Errorf("%s: %d, %d octets", tt.path, w.Code, len(body))
		}
		for _, want := range tt.want {
			if !strings.Contains(body, strings.TrimSpace(want)) {
				t.Errorf("%s: no %q", tt.path, want)
			}
		}
	}
}
