package access

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/access/accesstest"
	"attache/internal/calendar"
)

// site is a guard with a page behind it that says which audiences who asks is of.
type site struct {
	*Guard
	*httptest.Server
	settings Settings
	issuer   *accesstest.Issuer
	links    map[string]calendar.Sight
	log      *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func newSite(t *testing.T) *site {
	s := &site{issuer: accesstest.NewIssuer(t, "attache", "client-secret"), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), log: new(bytes.Buffer),
		links: map[string]calendar.Sight{"id.secret": calendar.SightOf("inner")}}
	s.issuer.Now = s.clock
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.Handle(w, r) {
			_, _ = fmt.Fprint(w, r.URL, " ", strings.Join(s.Reader(r).Names(), ","))
		}
	}))
	t.Cleanup(s.Close)
	s.settings = Settings{PublicURL: s.URL, Guarded: true, OIDC: &OIDC{Issuer: s.issuer.URL, ClientID: "attache", Secret: "client-secret", GroupsClaim: "groups", Back: s.URL + BackPath}}
	s.Guard = s.guard("the key of this installation")
	return s
}

func (s *site) guard(key string) *Guard {
	return New(Config{
		Link: func(id, secret string) (calendar.Sight, bool) { sight, ok := s.links[id+"."+secret]; return sight, ok },
		Group: func(user string, groups []string) (out []string) {
			for _, name := range append([]string{user}, groups...) {
				if to := map[string]string{"ann@example.org": "desk", "diplomats": "desk", "chiefs": "chiefs"}[name]; to != "" {
					out = append(out, to)
				}
			}
			return out
		},
		Settings: func() Settings { return s.settings }, Cookie: "attache-1", Key: []byte(key), Now: s.clock,
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// browser keeps cookies and goes where it is sent.
func browser(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// get returns the status and the text of a page, and where it was in the end.
func get(t *testing.T, c *http.Client, address string) (status int, body, at string) {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Request.URL.String()
}

func TestSignIn_AudiencesOfUsersAndGroups(t *testing.T) {
	for name, c := range map[string]struct {
		claim  string
		claims map[string]any
		want   string // audiences, or words of the page that says there are none
	}{
		"groups":                   {"groups", map[string]any{"groups": []string{"x", "diplomats", "chiefs"}}, "everybody,chiefs,desk"},
		"one group":                {"groups", map[string]any{"groups": "chiefs"}, "everybody,chiefs"},
		"a user by a true address": {"groups", map[string]any{"email": "ann@example.org", "email_verified": true}, "everybody,desk"},
		"an address as text":       {"groups", map[string]any{"email": "ann@example.org", "email_verified": "true"}, "everybody,desk"},
		"an address not verified":  {"groups", map[string]any{"email": "ann@example.org", "email_verified": false}, "signed in as id-of-somebody, and among no audience"},
		"an address of which nobody says so": {"groups", map[string]any{"email": "ann@example.org", "preferred_username": "ann@example.org"},
			"signed in as id-of-somebody, and among no audience"},
		"an id":                {"groups", map[string]any{"sub": "ann@example.org"}, "everybody,desk"},
		"groups within":        {"realm_access.roles", map[string]any{"realm_access": map[string]any{"roles": []string{"chiefs"}}}, "everybody,chiefs"},
		"a name with dots":     {"https://example.org/groups", map[string]any{"https://example.org/groups": []string{"chiefs"}}, "everybody,chiefs"},
		"groups of no use":     {"groups", map[string]any{"groups": []any{"other", 1, nil, map[string]any{}}}, "names these groups: other"},
		"no groups":            {"groups", nil, "you see what everybody sees"},
		"groups that are none": {"groups", map[string]any{"groups": map[string]any{"chiefs": true}}, "you see what everybody sees"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.settings.OIDC.GroupsClaim = c.claim
			s.issuer.SignsIn(c.claims)
			who := browser(t)
			status, body, at := get(t, who, s.URL+"/sign-in?to=%2Fevents%2Fx%3Ftz%3DUTC")
			if status != 200 || !strings.Contains(body, c.want) {
				t.Errorf("%d %s at %s, want %s", status, body, at, c.want)
			}
			if strings.HasPrefix(c.want, "everybody") && at != s.URL+"/events/x?tz=UTC" {
				t.Errorf("it leads back to %s", at)
			}
		})
	}
}

func TestSignIn_WhatIsAsked(t *testing.T) {
	s := newSite(t)
	get(t, browser(t), s.URL+SignInPath)
	q := s.issuer.Asked()
	if q.Get("scope") != "openid email groups" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("nonce")) < 20 || len(q.Get("state")) < 20 {
		t.Errorf("the issuer is asked %v", q)
	}
}

func TestSession_EndsAndIsLeft(t *testing.T) {
	s := newSite(t)
	s.issuer.SignsIn(map[string]any{"groups": []string{"diplomats"}})
	who := browser(t)
	signedIn := func() bool { _, body, _ := get(t, who, s.URL+"/"); return strings.HasSuffix(body, ",desk") }
	get(t, who, s.URL+SignInPath)
	if !signedIn() {
		t.Fatal("nobody is signed in")
	}
	s.issuer.Close()
	if s.pass(sessionFor - time.Second); !signedIn() {
		t.Error("a session ends before its time, or with the issuer")
	}
	if s.pass(time.Second); signedIn() {
		t.Error("a session does not end")
	}
	s.pass(-sessionFor)
	if !signedIn() {
		t.Fatal("the cookie is lost")
	}
	r, _ := http.NewRequest(http.MethodGet, s.URL+signOutPath, nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if resp, err := who.Do(r); err != nil || resp.Body.Close() != nil || !signedIn() {
		t.Error("another site signs people out")
	}
	if get(t, who, s.URL+signOutPath); signedIn() {
		t.Error("nobody can sign out")
	}
}

func TestSession_OfOthers(t *testing.T) {
	s := newSite(t)
	s.issuer.SignsIn(map[string]any{"groups": []string{"diplomats"}})
	who := browser(t)
	get(t, who, s.URL+SignInPath)
	at, _ := url.Parse(s.URL)
	cookies := who.Jar.Cookies(at)
	i := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return c.Name == s.sessionCookie() })
	if i < 0 {
		t.Fatal("there is no session")
	}
	good := cookies[i].Value
	sees := func(g *Guard, value string) bool {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: g.sessionCookie(), Value: value})
		return g.Reader(r) != calendar.Sight{}
	}
	if !sees(s.Guard, good) {
		t.Fatal("a session of this installation shows nothing")
	}
	if sees(s.guard("the key of another"), good) {
		t.Error("a session of another installation holds")
	}
	for i := range good {
		for _, c := range []byte{'A', 'B'} {
			if wrong := good[:i] + string(c) + good[i+1:]; wrong != good && sees(s.Guard, wrong) {
				t.Errorf("a session that was changed at %d holds", i)
			}
		}
	}
	for _, wrong := range []string{"", "x", good[:len(good)-4], good + "AAAA", strings.Repeat("A", 4000)} {
		if sees(s.Guard, wrong) {
			t.Errorf("%.20s holds", wrong)
		}
	}
	begun, err := s.seal(*s.settings.OIDC, s.beginCookie(), session{User: "ann@example.org", Until: s.now.Add(time.Hour)})
	if err != nil || sees(s.Guard, begun) {
		t.Error("what was sealed for another cookie holds", err)
	}
	for what, change := range map[string]func(o *OIDC){"secret": func(o *OIDC) { o.Secret = "anew" }, "issuer": func(o *OIDC) { o.Issuer += "/" }, "client": func(o *OIDC) { o.ClientID = "other" }} {
		was := *s.settings.OIDC
		if change(s.settings.OIDC); sees(s.Guard, good) {
			t.Errorf("a session outlives the %s", what)
		}
		*s.settings.OIDC = was
	}
	s.settings.OIDC = nil
	if sees(s.Guard, good) {
		t.Error("a session outlives OpenID Connect")
	}
}

func TestSignIn_Refused(t *testing.T) {
	with := func(f func(header, claims map[string]any)) func(*site) { return func(s *site) { s.issuer.Alters(f) } }
	claims := func(name string, v any) func(*site) { return with(func(_, c map[string]any) { c[name] = v }) }
	for name, c := range map[string]struct {
		change func(*site)
		status int
		words  string
	}{
		"the issuer says no":     {func(s *site) { s.issuer.Refuses("Ask <b>somebody</b>\n else.") }, 403, "Ask &lt;b&gt;somebody&lt;/b&gt; else."},
		"expired":                {claims("exp", 1772366100), 403, "ended at 2026-03-01T11:55:00Z: do the clocks differ?"},
		"from ahead":             {claims("iat", 1772366400+120), 403, "made at 2026-03-01T12:02:00Z, which is still to come: do the clocks differ?"},
		"not yet":                {claims("nbf", 1772366400+3600), 403, "does not hold"},
		"of another client":      {claims("aud", "other"), 403, "expected audience"},
		"for another client":     {with(func(_, c map[string]any) { c["aud"], c["azp"] = []string{"attache", "other"}, "other" }), 403, "made for another client"},
		"for one of two clients": {claims("aud", []string{"attache", "other"}), 403, "made for another client"},
		"of another issuer":      {claims("iss", "https://elsewhere.example"), 403, "issued by a different provider"},
		"another nonce":          {claims("nonce", "other"), 403, "of another sign-in"},
		"no nonce":               {with(func(_, c map[string]any) { delete(c, "nonce") }), 403, "of another sign-in"},
		"of nobody":              {claims("sub", ""), 403, "names nobody"},
		"alg none":               {with(func(h, _ map[string]any) { h["alg"] = "none" }), 403, "does not hold"},
		"alg HS256":              {with(func(h, _ map[string]any) { h["alg"] = "HS256" }), 403, "does not hold"},
		"another key":            {with(func(h, _ map[string]any) { h["kid"] = "2" }), 403, "does not hold"},
		"a wrong secret":         {func(s *site) { s.issuer.Secret = "anew" }, 503, "can’t be signed in now"},
		"no secret":              {func(s *site) { s.settings.OIDC.Wrong = "reading the token file /x: no such file" }, 503, "can’t be signed in now"},
		"away":                   {func(s *site) { s.issuer.Close() }, 503, "can’t be signed in now"},
		"another name":           {func(s *site) { s.settings.OIDC.Issuer += "/" }, 503, "can’t be signed in now"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c.change(s)
			who := browser(t)
			status, body, _ := get(t, who, s.URL+SignInPath)
			if status != c.status || !strings.Contains(body, c.words) || strings.Contains(body, "client-secret") || strings.Contains(s.log.String(), "client-secret") {
				t.Errorf("%d %s, want %d %s; the log: %s", status, body, c.status, c.words, s.log)
			}
			if _, body, _ := get(t, who, s.URL+"/"); body != "/ everybody" {
				t.Errorf("then the page is %s", body)
			}
		})
	}
}

func TestSignIn_CodesAndStates(t *testing.T) {
	s := newSite(t)
	s.issuer.SignsIn(map[string]any{"groups": []string{"diplomats"}})
	who := browser(t)
	var back string // where the issuer sent who last
	who.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == BackPath {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	begin := func() { back = ""; get(t, who, s.URL+SignInPath) }
	refused := func(when string, c *http.Client, address string) {
		t.Helper()
		if status, body, _ := get(t, c, address); status != 400 || !strings.Contains(body, "Sign in again") {
			t.Errorf("%s: %d %s", when, status, body)
		}
	}
	begin()
	refused("in another browser", browser(t), back)
	refused("a foreign state", who, s.URL+BackPath+"?code=x&state=foreign")
	refused("no state", who, s.URL+BackPath+"?code=x")
	at, _ := url.Parse(s.URL)
	kept := who.Jar.Cookies(at)
	if status, body, _ := get(t, who, back); status != 200 || body != "/ everybody,desk" {
		t.Fatalf("after that the right one is %d %s", status, body)
	}
	refused("the same address again", who, back)
	again := browser(t)
	again.Jar.SetCookies(at, kept)
	refused("the same address with the cookie of before", again, back)
	begin()
	s.pass(beginsFor + time.Second)
	refused("too late", who, back)
	begin()
	wrong := strings.Replace(back, "code=", "code=x", 1)
	if status, body, _ := get(t, who, wrong); status != 403 || !strings.Contains(body, "used, or too old") {
		t.Errorf("a wrong code: %d %s", status, body)
	}
}

func TestLocal(t *testing.T) {
	for to, want := range map[string]string{
		"/events/x?a=b": "/events/x?a=b", "": "/", "x": "/", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "/\t/evil.example": "/",
		"/sign-in": "/", "/sign-out": "/", "/" + strings.Repeat("a", mostTo): "/",
	} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestIssuer_Away(t *testing.T) {
	s := newSite(t)
	if on, err := s.AskIssuer(t.Context()); !on || err != nil {
		t.Fatal(on, err)
	}
	s.issuer.Close()
	if on, err := s.AskIssuer(t.Context()); !on || err == nil || !strings.Contains(err.Error(), s.issuer.URL) {
		t.Error(on, err)
	}
	s.settings.OIDC = nil
	if on, err := s.AskIssuer(t.Context()); on || err != nil {
		t.Error(on, err)
	}
}

// TestDiscover_OfOthers reads documents as Dex and Keycloak give them.
func TestDiscover_OfOthers(t *testing.T) {
	for name, want := range map[string]string{
		"dex":      "openid profile email groups, true",
		"keycloak": "openid profile email, true",
		"post":     "openid, false",
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var issuer string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(bytes.ReplaceAll(text, []byte("https://issuer.example"), []byte(issuer)))
		}))
		defer server.Close()
		issuer = server.URL
		o := OIDC{Issuer: issuer + map[string]string{"keycloak": "/realms/desk", "dex": "/dex"}[name], ClientID: "attache", Secret: "s"}
		p, a, err := discover(t.Context(), o)
		if err != nil {
			t.Fatal(name, err)
		}
		c := o.client(p, a)
		if got := fmt.Sprintf("%s, %v", strings.Join(c.Scopes, " "), c.Endpoint.AuthStyle == 2); got != want || !strings.HasPrefix(c.Endpoint.TokenURL, o.Issuer) {
			t.Errorf("%s: %s at %s, want %s", name, got, c.Endpoint.TokenURL, want)
		}
	}
}
