package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestGlobal(t *testing.T) {
	for want, list := range map[bool][]string{
		false: {
			"127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
			"100.64.0.1", "100.127.255.255", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1",
			"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
			"::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:db8::1", "2001::1",
		},
		true: {"8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"},
	} {
		for _, ip := range list {
			if got := global(netip.MustParseAddr(ip)); got != want {
				t.Errorf("global(%s) = %v", ip, got)
			}
		}
	}
}

func TestGet(t *testing.T) {
	s := testServer(t)
	const reading, has = "hello", `"v1"`
	for name, c := range map[string]struct {
		path string
		have Validators
		want Response
	}{
		"a first copy":         {"/text", Validators{}, Response{Body: []byte(reading), Validators: Validators{ETag: has}}},
		"a copy that is old":   {"/text", Validators{ETag: `"v0"`}, Response{Body: []byte(reading), Validators: Validators{ETag: has}}},
		"a copy that is known": {"/text", Validators{ETag: has}, Response{Unchanged: true, Validators: Validators{ETag: has}}},
		"one redirect":         {"/moved", Validators{}, Response{Body: []byte(reading), Validators: Validators{ETag: has}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Client{Local: true}.Get(t.Context(), s.URL+c.path, c.have)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestGet_Refused(t *testing.T) {
	s := testServer(t)
	local := Client{Local: true}
	for name, c := range map[string]struct {
		client  Client
		address string
		want    string // in the error
	}{
		"http":                {Client{}, "http://example.org/a.ics", "only https"},
		"a file":              {Client{}, "file:///etc/passwd", "begins with https"},
		"ftp":                 {Client{}, "ftp://example.org/a", "begins with https"},
		"a name":              {Client{}, "calendar.ics", "begins with https"},
		"no host":             {Client{}, "https://", "begins with https"},
		"no address":          {Client{}, "https://[", "is no address"},
		"this machine":        {Client{}, "https://127.0.0.1/a", "this machine"},
		"this machine, IPv6":  {Client{}, "https://[::1]/a", "this machine"},
		"this machine's name": {Client{}, "webcal://localhost:1/a", "this machine"},
		"a redirect loop":     {local, s.URL + "/loop", "more than 3 times"},
		"a gzip bomb":         {local, s.URL + "/bomb", "larger than 4 MiB"},
		"not found":           {local, s.URL + "/none", "404"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.client.Get(t.Context(), c.address+"?token=secret", Validators{})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v, want %q and no secret", err, c.want)
			}
		})
	}
}

func TestGet_TooSlow(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := (Client{Local: true}).Get(ctx, testServer(t).URL+"/text", Validators{}); err == nil || !strings.Contains(err.Error(), "no whole answer") {
		t.Error(err)
	}
}

func TestHTTPClient_RefusedRedirect(t *testing.T) {
	req := httptest.NewRequest(http.MethodGet, "http://example.org/a", nil)
	if err := (Client{}).httpClient().CheckRedirect(req, make([]*http.Request, 1)); err == nil {
		t.Error("https passed on to http is followed")
	}
}

func TestAllow(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1:443": false, "socket": false, "8.8.8.8:443": true} {
		if err := (Client{}).allow(address); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// testServer serves a text, a redirect to it, one to itself, and far more than it says.
func testServer(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/text", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("hello")) // a client that is gone sees nothing of it
	})
	mux.Handle("/moved", http.RedirectHandler("/text", http.StatusFound))
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusFound))
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(bytes.Repeat([]byte("BEGIN:VEVENT\r\n"), 1<<20)) // the client stops reading
		_ = z.Close()
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}
