package access

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/calendar"
)

// guarded returns a guard that knows the link id.secret of the desk, and the user ann of it.
func guarded(s Settings, log *strings.Builder) *Guard {
	s.Guarded = true
	return New(Config{
		Link: func(id, secret string) (calendar.Sight, bool) {
			return calendar.SightOf("desk"), id == "id" && secret == "secret"
		},
		Group: func(user string, groups []string) (out []string) {
			if user == "ann" {
				out = append(out, "desk")
			}
			return append(out, groups...)
		},
		Settings: func() Settings { return s }, Cookie: "attache-1", Log: slog.New(slog.NewTextHandler(log, nil)),
	})
}

func TestReader_HeadersOfPeers(t *testing.T) {
	from := func(list ...string) (out []netip.Prefix) {
		for _, p := range list {
			out = append(out, netip.MustParsePrefix(p))
		}
		return out
	}
	const public = "everybody"
	for _, c := range []struct {
		name, peer string
		from       []netip.Prefix
		unix       bool
		header     http.Header
		want       string
	}{
		{"a peer that is named", "127.0.0.1:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, "everybody,desk"},
		{"groups of several lines", "127.0.0.1:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"bob"}, "X-Groups": {"a, b", ",c"}}, "everybody,a,b,c"},
		{"groups without a user", "127.0.0.1:5", from("127.0.0.1/32"), false, http.Header{"X-Groups": {"a"}}, public},
		{"an IPv4 address in IPv6", "[::ffff:127.0.0.1]:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, "everybody,desk"},
		{"a network", "10.1.2.3:5", from("10.0.0.0/8"), false, http.Header{"X-User": {"ann"}}, "everybody,desk"},
		{"another peer", "10.0.0.2:5", from("127.0.0.1/32", "10.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, public},
		{"another peer in IPv6", "[::ffff:10.0.0.2]:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, public},
		{"the machine itself, which is not named", "[::1]:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, public},
		{"one who says to be asked for another", "10.0.0.2:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}, "X-Forwarded-For": {"127.0.0.1"}, "Forwarded": {"for=127.0.0.1"}, "X-Real-Ip": {"127.0.0.1"}}, public},
		{"a socket", "@", nil, true, http.Header{"X-User": {"ann"}}, "everybody,desk"},
		{"a socket with no name", "", nil, true, http.Header{"X-User": {"ann"}}, "everybody,desk"},
		{"a socket that is not named", "@", from("127.0.0.1/32", "0.0.0.0/0"), false, http.Header{"X-User": {"ann"}}, public},
		{"a peer where only a socket is named", "127.0.0.1:5", nil, true, http.Header{"X-User": {"ann"}}, public},
		{"two users", "127.0.0.1:5", from("127.0.0.1/32"), false, http.Header{"X-User": {"bob", "ann"}}, public},
		{"no user", "127.0.0.1:5", from("127.0.0.1/32"), false, http.Header{"X-User": {" "}}, public},
		{"a peer that can't be read", "127.0.0.1", from("127.0.0.1/32"), false, http.Header{"X-User": {"ann"}}, public},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log strings.Builder
			g := guarded(Settings{Header: "X-User", GroupsHeader: "X-Groups", From: c.from, FromUnix: c.unix}, &log)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.Header = c.peer, c.header
			for range 3 {
				if got := strings.Join(g.Reader(r).Names(), ","); got != c.want {
					t.Errorf("they see %s, want %s", got, c.want)
				}
			}
			if said := strings.Count(log.String(), "it is ignored"); said > 1 || said == 1 && (c.want != public || !strings.Contains(log.String(), "X-User")) {
				t.Errorf("the log: %s", log.String())
			}
		})
	}
}

func TestReader_LinksInCookiesAndTokens(t *testing.T) {
	g := guarded(Settings{}, new(strings.Builder))
	for _, c := range []struct {
		header, value string
		sees, forgets bool
	}{
		{"Cookie", "attache-1-link=id.secret", true, false},
		{"Authorization", "Bearer id.secret", true, false},
		{"Authorization", "bearer  id.secret", true, false},
		{"Cookie", "attache-2-link=id.secret", false, false}, // of another installation on the host
		{"Cookie", "attache-1-link=id.secrets", false, true},
		{"Cookie", "attache-1-link=id.", false, true},
		{"Cookie", "attache-1-link=id.secret.x", false, true},
		{"Cookie", "attache-1-link=", false, true},
		{"Authorization", "Bearer id.Secret", false, false},
		{"Authorization", "Basic id.secret", false, false},
		{"Authorization", "Bearer", false, false},
	} {
		r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		r.Header.Set(c.header, c.value)
		if got := len(g.Reader(r).Names()) > 1; got != c.sees {
			t.Errorf("%s %s: %v", c.header, c.value, got)
		}
		if handled, set := g.Handle(w, r), w.Header().Get("Set-Cookie"); handled || strings.Contains(set, "attache-1-link=; ") != c.forgets {
			t.Errorf("%s %s: handled %v, %s", c.header, c.value, handled, set)
		}
	}
}

func TestHandle_LinkLeavesTheAddress(t *testing.T) {
	for public, want := range map[string]string{
		"http://127.0.0.1:8080":        "/ attache-1-link=id.secret; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax",
		"https://c.example/attache":    "/attache/ attache-1-link=id.secret; Path=/attache/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax",
		"https://calendar.example.org": "/ attache-1-link=id.secret; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax",
	} {
		w := httptest.NewRecorder()
		g := guarded(Settings{PublicURL: public}, new(strings.Builder))
		if !g.Handle(w, httptest.NewRequest(http.MethodGet, "/a/id.secret", nil)) || w.Code != 303 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", public, w.Code, w.Header())
		}
		if got := w.Header().Get("Location") + " " + w.Header().Get("Set-Cookie"); got != want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %s, want %s", public, got, want)
		}
	}
	for _, wrong := range []string{"/a/", "/a/id", "/a/id.wrong", "/a/other.secret", "/a/id.secret/x", "/a/" + strings.Repeat("x", 9000)} {
		w := httptest.NewRecorder()
		if !guarded(Settings{}, new(strings.Builder)).Handle(w, httptest.NewRequest(http.MethodGet, wrong, nil)) || w.Code != 404 || w.Header().Get("Set-Cookie") != "" || w.Body.String() != "There is nothing at this address.\n" {
			t.Errorf("%.20s: %d %v %s", wrong, w.Code, w.Header(), w.Body)
		}
	}
}

// TestSlow_ManyWrongLinks tries 10,000 links in a minute: the first cost nothing, each more waits
// while there is room, and what is kept of it is bounded.
func TestSlow_ManyWrongLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := guarded(Settings{}, new(strings.Builder))
		try := func(peer string, ctx context.Context) time.Duration {
			r, began := httptest.NewRequest(http.MethodGet, "/a/id.wrong", nil).WithContext(ctx), time.Now()
			r.RemoteAddr = peer
			g.Handle(httptest.NewRecorder(), r)
			return time.Since(began)
		}
		for i := range freeWrong {
			if took := try("10.0.0.1:1", t.Context()); took != 0 {
				t.Errorf("wrong link %d costs %s", i+1, took)
			}
		}
		for _, header := range [][2]string{{"Cookie", "attache-1-link=id.wrong"}, {"Authorization", "Bearer id.wrong"}} {
			r, began := httptest.NewRequest(http.MethodGet, "/", nil), time.Now()
			r.RemoteAddr = "10.0.0.1:4"
			r.Header.Set(header[0], header[1])
			if g.Handle(httptest.NewRecorder(), r); time.Since(began) != slow {
				t.Errorf("one more in %s costs %s", header[0], time.Since(began))
			}
		}
		if took := try("10.0.0.1:2", t.Context()); took != slow {
			t.Errorf("one more costs %s", took)
		}
		if took := try("10.0.0.2:1", t.Context()); took != 0 {
			t.Errorf("that of another peer costs %s", took)
		}
		waited := make(chan time.Duration, 10_000)
		for range cap(waited) {
			go func() { waited <- try("10.0.0.1:3", t.Context()) }()
		}
		long := 0
		for range cap(waited) {
			if <-waited >= slow {
				long++
			}
		}
		if long != mostWaiting {
			t.Errorf("%d wait at a time, want %d", long, mostWaiting)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if took := try("10.0.0.1:1", gone); took != 0 {
			t.Errorf("one who went away is waited for %s", took)
		}
		for i := range 3 * mostPeers {
			try(fmt.Sprintf("10.%d.%d.%d:1", 1+i>>16, i>>8&255, i&255), t.Context())
		}
		if n := len(g.wrong.peers); n > mostPeers {
			t.Errorf("%d peers are counted", n)
		}
		time.Sleep(countedFor + time.Second)
		if took := try("10.0.0.1:1", t.Context()); took != 0 {
			t.Errorf("a minute later one costs %s", took)
		}
	})
}

func TestKnownHost(t *testing.T) {
	public := Settings{PublicURL: "https://calendar.example.org", Listens: "127.0.0.1"}
	for _, c := range []struct {
		host     string
		settings Settings
		guarded  bool
		want     bool
	}{
		{"calendar.example.org", public, true, true},
		{"Calendar.Example.ORG.", public, true, true},
		{"calendar.example.org:8080", public, true, true},
		{"127.0.0.1:8080", public, true, true},
		{"[::1]:8080", public, true, true},
		{"localhost:8080", public, true, true},
		{"desk.localhost", public, true, true},
		{"attache", public, true, true},
		{"evil.example", public, true, false},
		{"evil.example:8080", public, false, false}, // by which this machine is asked, though nothing is hidden
		{"calendar.example.org.evil.example", public, true, false},
		{"evil.example", Settings{Listens: "0.0.0.0"}, false, true},
		{"evil.example", Settings{Listens: "0.0.0.0"}, true, false},
		{"", public, true, true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = c.host
		c.settings.Guarded = c.guarded
		g := New(Config{Settings: func() Settings { return c.settings }})
		if got := g.KnownHost(r); got != c.want {
			t.Errorf("%q is known: %v", c.host, got)
		}
	}
}
