package web

import (
	"attache/internal/calendar"
	"net/http"
	"testing"
	"time"
)

func TestFeed_AsKept(t *testing.T) {
	f := sample(t)
	h := handler(f, october)
	tests := []struct {
		name, method, encoding string
		body, etag, coding     string
	}{
		{"plain", "GET", "", string(f.feeds["all"].Plain), `"plain"`, ""},
		{"gzip", "GET", "gzip, deflate, br", "gzip of it", `"gzip"`, "gzip"},
		{"head", "HEAD", "", "", `"plain"`, ""},
		{"head of gzip", "HEAD", "gzip", "", `"gzip"`, "gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(h, tt.method, "/feeds/all.ics", "Accept-Encoding", tt.encoding, "Range", "bytes=0-3", "Accept", "text/html")
			if w.Code != 200 || w.Body.String() != tt.body {
				t.Errorf("%d %q, want %q", w.Code, w.Body, tt.body)
			}
			length := "32"
			if tt.coding != "" {
				length = "10"
			}
			for name, want := range map[string]string{
				"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `inline; filename="all.ics"`,
				"ETag": tt.etag, "Content-Encoding": tt.coding, "Content-Length": length, "Vary": "Accept-Encoding",
				"Last-Modified": "Sun, 26 Oct 2025 16:00:00 GMT", "Cache-Control": "public, max-age=300",
				"X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff", "Set-Cookie": "", "Content-Range": "",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestFeed_Unchanged(t *testing.T) {
	const (
		same  = "Sun, 26 Oct 2025 16:00:00 GMT"
		later = "Mon, 27 Oct 2025 16:00:00 GMT"
		older = "Sun, 26 Oct 2025 15:59:59 GMT"
	)
	tests := []struct {
		name    string
		headers []string
		want    int
	}{
		{"no condition", nil, 200},
		{"exact tag", []string{"If-None-Match", `"plain"`}, 304},
		{"weak tag", []string{"If-None-Match", `W/"plain"`}, 304},
		{"any tag", []string{"If-None-Match", `*`}, 304},
		{"in a list", []string{"If-None-Match", `"a", W/"b,c" ,"plain"`}, 304},
		{"in a second field", []string{"If-None-Match", `"a"`, "If-None-Match", `"plain"`}, 304},
		{"another tag", []string{"If-None-Match", `"other"`}, 200},
		{"tag of the other encoding", []string{"If-None-Match", `"gzip"`}, 200},
		{"tag of this encoding", []string{"If-None-Match", `"gzip"`, "Accept-Encoding", "gzip"}, 304},
		{"part of a tag", []string{"If-None-Match", `"plai"`}, 200},
		{"no tag at all", []string{"If-None-Match", `plain`}, 200},
		{"a tag without its end", []string{"If-None-Match", `"plain`}, 200},
		{"empty", []string{"If-None-Match", ``}, 200},
		{"same date", []string{"If-Modified-Since", same}, 304},
		{"later date", []string{"If-Modified-Since", later}, 304},
		{"older date", []string{"If-Modified-Since", older}, 200},
		{"no date at all", []string{"If-Modified-Since", "yesterday"}, 200},
		{"another tag beats the date", []string{"If-None-Match", `"other"`, "If-Modified-Since", later}, 200},
		{"the tag beats an older date", []string{"If-None-Match", `"plain"`, "If-Modified-Since", older}, 304},
	}
	h := handler(sample(t), october)
	for _, tt := range tests {
		for _, method := range []string{"GET", "HEAD"} {
			w := ask(h, method, "/feeds/all.ics", tt.headers...)
			if w.Code != tt.want {
				t.Errorf("%s %s: %d, want %d", method, tt.name, w.Code, tt.want)
			}
			if w.Code == 304 && w.Body.Len() > 0 {
				t.Errorf("%s: 304 with a body", tt.name)
			}
			for _, name := range []string{"ETag", "Cache-Control", "Vary", "Last-Modified"} {
				if w.Header().Get(name) == "" {
					t.Errorf("%s %s: no %s", method, tt.name, name)
				}
			}
		}
	}
}

func TestFeed_WantsGzip(t *testing.T) {
	tests := []struct {
		fields []string
		want   bool
	}{
		{nil, false}, {[]string{""}, false}, {[]string{"identity"}, false}, {[]string{"br"}, false},
		{[]string{"gzip"}, true}, {[]string{"GZIP"}, true}, {[]string{"x-gzip"}, true}, {[]string{"br", "gzip"}, true},
		{[]string{"gzip;q=0"}, false}, {[]string{"gzip; q=0.000"}, false}, {[]string{"gzip;q=0.001"}, true},
		{[]string{"*"}, true}, {[]string{"*;q=0"}, false}, {[]string{"gzip;q=0, *"}, false}, {[]string{"identity;q=0, gzip"}, true},
		{[]string{"gzip;q=0.5, identity"}, false}, {[]string{"gzip, identity;q=0.5"}, true},
		{[]string{"gzip;q=2"}, false}, {[]string{"gzip;q=NaN"}, false}, {[]string{"gzip;q="}, false}, {[]string{";;,,=,"}, false},
	}
	for _, tt := range tests {
		if got := wantsGzip(tt.fields); got != tt.want {
			t.Errorf("%q: %v", tt.fields, got)
		}
	}
}

func TestFeed_NotThere(t *testing.T) {
	h := handler(sample(t), october)
	for _, path := range []string{"/feeds/none.ics", "/feeds/all", "/feeds/.ics", "/feeds/", "/feeds/all.ics/", "/feeds/x/all.ics", "//feeds/all.ics", "/feeds/ALL.ics"} {
		w := ask(h, "GET", path)
		if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") == "text/calendar; charset=utf-8" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestFeed_Unavailable(t *testing.T) {
	f := sample(t)
	f.feeds["broken"] = calendar.Published{}
	f.feeds["all"] = calendar.Published{}
	h := New(Config{Calendar: shows(f)})
	for _, path := range []string{"/feeds/broken.ics", "/feed.ics?kind=visit"} {
		w := ask(h, "GET", path)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Content-Type") == "text/calendar; charset=utf-8" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestFeed_PreconditionFailed(t *testing.T) {
	h := handler(sample(t), october)
	for _, tt := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"the tag", []string{"If-Match", `"plain"`}, 200},
		{"any tag", []string{"If-Match", `*`}, 200},
		{"another tag", []string{"If-Match", `"other"`}, 412},
		{"the tag, weak", []string{"If-Match", `W/"plain"`}, 412},
		{"not changed since", []string{"If-Unmodified-Since", "Sun, 26 Oct 2025 16:00:00 GMT"}, 200},
		{"changed since", []string{"If-Unmodified-Since", "Sun, 26 Oct 2025 15:59:59 GMT"}, 412},
		{"a date that is none", []string{"If-Unmodified-Since", "yesterday"}, 200},
		{"the tag decides", []string{"If-Match", `"plain"`, "If-Unmodified-Since", "Sun, 26 Oct 2025 15:59:59 GMT"}, 200},
		{"it is the one, and known already", []string{"If-Match", `"plain"`, "If-None-Match", `"plain"`}, 304},
		{"two dates", []string{"If-Modified-Since", "Mon, 27 Oct 2025 16:00:00 GMT", "If-Modified-Since", "Mon, 27 Oct 2025 16:00:00 GMT"}, 200},
	} {
		if w := ask(h, "GET", "/feeds/all.ics", tt.headers...); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
	}
}

func TestFeedStats_ClientKind(t *testing.T) {
	for agent, want := range map[string]string{
		"Google-Calendar-Importer": "google", "Microsoft Office/16.0 (Windows NT 10.0; Outlook)": "outlook", "Microsoft.Exchange/15.20": "outlook",
		"macOS/14.0 (23A344) dataaccessd/1.0": "apple", "iOS/17.1 (21B74) dataaccessd/1.0": "apple",
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.3.1": "thunderbird",
		"ICSx5/2.2.4 (ical4j) okhttp/4.12":                                             "davx5", "Nextcloud-CalendarSubscription": "nextcloud", "vdirsyncer/0.19.0": "vdirsyncer",
		"Evolution/3.46": "gnome", "curl/7.88.1": "script", "Mozilla/5.0 (Windows NT 10.0) Chrome/120": "browser", "": "other", "x": "other",
	} {
		if kind := clientKind(agent); kind != want {
			t.Errorf("%q is %s, want %s", agent, kind, want)
		}
	}
}

func TestFeed_WithoutGzipOrDate(t *testing.T) {
	f := sample(t)
	f.feeds["bare"] = calendar.Published{Plain: []byte("x"), ETag: `"x"`}
	f.feeds["a\"\r\nb"] = calendar.Published{Plain: []byte("x"), ETag: `"x"`}
	h := handler(f, october)
	w := ask(h, "GET", "/feeds/bare.ics", "Accept-Encoding", "gzip", "If-Modified-Since", october.Format(http.TimeFormat))
	if w.Code != 200 || w.Body.String() != "x" || w.Header().Get("Last-Modified") != "" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	w = ask(h, "GET", "/feeds/a%22%0D%0Ab.ics")
	if got := w.Header().Get("Content-Disposition"); got != `inline; filename="calendar.ics"` {
		t.Errorf("the name of the feed reached a header: %q", got)
	}
}

func FuzzPreconditions(f *testing.F) {
	f.Add(`"a", W/"plain"`, "gzip;q=0.5, *", "Sun, 26 Oct 2025 16:00:00 GMT")
	f.Add(`W/`, ";q", "x")
	f.Fuzz(func(t *testing.T, match, encoding, since string) {
		h := http.Header{"If-None-Match": {match}, "If-Modified-Since": {since}}
		if unchanged(h, `"plain"`, time.Time{}) && match == "" {
			t.Error("an empty list matches")
		}
		wantsGzip([]string{encoding})
	})
}
