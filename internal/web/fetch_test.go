package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyMachinesOnTheInternetAreFetchedFrom(t *testing.T) {
	for _, s := range []string{
		"127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "100.127.255.255", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:db8::1", "2001::1",
	} {
		if global(netip.MustParseAddr(s)) {
			t.Errorf("%s may be fetched from", s)
		}
	}
	for _, s := range []string{"8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if !global(netip.MustParseAddr(s)) {
			t.Errorf("%s may not be fetched from", s)
		}
	}
}

func TestAddressesThatAreNotFetched(t *testing.T) {
	for raw, want := range map[string]string{
		"http://example.org/a.ics?token=secret": "only https",
		"file:///etc/passwd":                    "begins with https",
		"ftp://example.org/a":                   "begins with https",
		"calendar.ics":                          "begins with https",
		"https://":                              "begins with https",
		"https://127.0.0.1/a?token=secret":      "this machine",
		"https://[::1]/a":                       "this machine",
		"https://localhost:1/a":                 "this machine",
	} {
		_, err := Fetcher{}.Get(context.Background(), raw, Validators{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q and no secret", raw, err, want)
		}
	}
}

func TestARedirectIntoTheMachineIsNotFollowed(t *testing.T) {
	f := Fetcher{}
	req := httptest.NewRequest(http.MethodGet, "http://example.org/a", nil)
	if err := f.client().CheckRedirect(req, make([]*http.Request, 1)); err == nil {
		t.Error("https passed on to http is followed")
	}
	if err := f.allow("127.0.0.1:443"); err == nil {
		t.Error("a name that leads to this machine is dialled")
	}
}

func TestFetchingTellsWhatStandsInTheWay(t *testing.T) {
	big := bytes.Repeat([]byte("BEGIN:VEVENT\r\n"), 1<<20)
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("hello"))
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(big)
		_ = z.Close()
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	f := Fetcher{Local: true}
	got, err := f.Get(context.Background(), s.URL+"/ok", Validators{})
	if err != nil || string(got.Body) != "hello" || got.ETag != `"v1"` {
		t.Fatalf("%+v, %v", got, err)
	}
	again, err := f.Get(context.Background(), s.URL+"/ok", got.Validators)
	if err != nil || !again.Unchanged || again.Validators != got.Validators {
		t.Fatalf("a copy that still holds: %+v, %v", again, err)
	}
	for path, want := range map[string]string{"/loop": "more than 3 times", "/bomb": "larger than 4 MiB", "/none": "404"} {
		if _, err := f.Get(context.Background(), s.URL+path+"?key=secret-1", Validators{}); err == nil ||
			!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
