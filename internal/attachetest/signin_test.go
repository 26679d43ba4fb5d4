package attachetest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/access/accesstest"
)

// browser keeps cookies and goes where it is sent. What lies behind the public address it finds
// where attache listens.
type browser struct {
	http.Client
	a *Attache
}

func (a *Attache) browser() *browser {
	a.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	b := &browser{a: a}
	b.Client = http.Client{Jar: jar, Transport: b}
	return b
}

// RoundTrip sends a request to the public address to where attache listens.
func (b *browser) RoundTrip(r *http.Request) (*http.Response, error) {
	if at, err := url.Parse(b.a.URL()); err == nil && r.URL.Host == "127.0.0.1:8080" {
		r = r.Clone(r.Context())
		r.URL.Host, r.Host = at.Host, at.Host
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Get returns what is shown in the end.
func (b *browser) Get(path string) Answer {
	b.a.t.Helper()
	res, err := b.Client.Get("http://127.0.0.1:8080" + path)
	if err != nil {
		b.a.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.a.t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(text)}
}

// oidc returns settings by which an issuer signs people in.
func oidc(t *testing.T, issuer *accesstest.Issuer) string {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(issuer.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "access: {oidc: {issuer: '" + issuer.URL + "', client_id: " + issuer.ClientID + ", client_secret_file: " + secret + "}}"
}

// TestSignIn_PagesOfAnAudience signs somebody in and out, and shows that the issuer hinders nobody
// else where it is away.
func TestSignIn_PagesOfAnAudience(t *testing.T) {
	t.Parallel()
	issuer := accesstest.NewIssuer(t, "attache", "a-client-secret")
	issuer.SignsIn(map[string]any{"groups": []string{"desk"}})
	a := Start(t, files(Settings(t, nil, "audiences: [{name: desk}]", oidc(t, issuer)), `
events:
  - {id: open, title: Open talks, kind: visit, when: 2099-03-01}
  - {id: closed, title: Closed talks, kind: visit, when: 2099-03-01, audience: desk}
`))
	ann := a.browser()
	if page := ann.Get("/events/closed"); page.Status != 404 || !strings.Contains(page.Body, `href="/sign-in?to=%2Fevents%2Fclosed"`) {
		t.Fatalf("before: %d %s", page.Status, page.Body)
	}
	if page := ann.Get("/sign-in?to=/events/closed"); page.Status != 200 || !strings.Contains(page.Body, "Closed talks") || !strings.Contains(page.Body, `href="/sign-out"`) ||
		page.Header.Get("Cache-Control") == "" || strings.Contains(page.Header.Get("Cache-Control"), "public") {
		t.Fatalf("signed in: %d %v %s", page.Status, page.Header, page.Body)
	}
	public := a.Get("/")
	if strings.Contains(public.Body, "Closed") || !strings.Contains(public.Body, "/sign-in?to=%2F") || strings.Contains(public.Body, "/sign-out") {
		t.Errorf("others see %s", public.Body)
	}
	ready := func() string {
		for _, c := range a.Health().Checks {
			if c.Name == "sign-in" {
				return c.Words
			}
		}
		return ""
	}
	a.WaitFor("the issuer", func() bool { return ready() == "the issuer answers" })
	issuer.Close()
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("that it is away", func() bool { return strings.HasPrefix(ready(), "nobody can sign in: ") })
	a.Restart()
	if page := ann.Get("/"); !strings.Contains(page.Body, "Closed talks") {
		t.Error("a session ends with attache, or with the issuer")
	}
	if bob := a.browser().Get("/sign-in"); bob.Status != 503 || a.Get("/").Status != 200 || !a.Health().Ready {
		t.Errorf("without the issuer: %d %s", bob.Status, bob.Body)
	}
	if page := ann.Get("/sign-out"); strings.Contains(page.Body, "Closed talks") || !strings.Contains(page.Body, "Open talks") {
		t.Errorf("signed out: %s", page.Body)
	}
	if strings.Contains(a.Log(), issuer.Secret) {
		t.Error("the log tells the secret of the client")
	}
}

// TestLog_TitlesWhereWanted shows that the log has the title of an event only where that is asked for.
func TestLog_TitlesWhereWanted(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{"": false, "log: {titles: true}": true} {
		a := Start(t, files(Settings(t, nil, line), visit("2099-02-03")))
		a.Write("events/a.yaml", visit("2099-02-05"))
		a.WaitFor("the revision", func() bool { return strings.Contains(a.Log(), "event revised") })
		if got := strings.Contains(a.Log(), "Beijing"); got != want {
			t.Errorf("with %q the log has the title: %v", line, got)
		}
	}
}
