package access

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"attache/internal/prose"
)

// Where people sign in and out.
const (
	SignInPath  = "/sign-in"
	BackPath    = "/sign-in/done"
	signOutPath = "/sign-out"
)

// Bounds of a sign-in.
const (
	beginsFor  = 10 * time.Minute // how long one may take
	sessionFor = 12 * time.Hour   // how long it holds
	mostTo     = 1 << 10          // octets of the address that it leads back to
	mostCookie = 3800             // octets that browsers keep
	mostSaid   = 200              // octets of what an issuer says
)

// Doors returns where who asks can sign in, and where they can sign out, as paths of the site; ""
// where they can't. Whom a proxy names signs in and out there.
func (g *Guard) Doors(r *http.Request) (in, out string) {
	s := g.Settings()
	if _, ok := g.byCookie(r); ok {
		return "", signOutPath
	}
	if _, ok := g.session(r, s); ok {
		return "", signOutPath
	}
	if _, _, ok := g.proxied(r, s); ok || s.OIDC == nil {
		return "", ""
	}
	return SignInPath, ""
}

// signIn sends whoever asks to the issuer.
func (g *Guard) signIn(w http.ResponseWriter, r *http.Request, o OIDC) {
	p, a, err := g.issuer.ask(r.Context(), o, g.Now(), false)
	if err != nil {
		g.unreachable(w, err)
		return
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: local(r.URL.Query().Get("to")), Until: g.Now().Add(beginsFor)}
	if !g.hand(w, o, g.beginCookie(), b, beginsFor) {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, o.client(p, a).AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), http.StatusSeeOther)
}

// back signs in whoever the issuer sends back.
func (g *Guard) back(w http.ResponseWriter, r *http.Request, o OIDC) {
	q := r.URL.Query()
	var b begun
	if !g.read(r, o, g.beginCookie(), &b) || g.Now().After(b.Until) || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(b.State)) != 1 {
		g.Slow(r)
		g.say(w, http.StatusBadRequest, "This sign-in was not begun in this browser, or too long ago.")
		return
	}
	g.forget(w, g.beginCookie())
	if !g.used.first(b.State, g.Now(), b.Until) {
		g.say(w, http.StatusBadRequest, "This sign-in is used already.")
		return
	}
	if said := q.Get("error"); said != "" {
		g.say(w, http.StatusForbidden, "The issuer did not sign you in: "+clip(cmp.Or(q.Get("error_description"), said)))
		return
	}
	user, groups, err := g.exchange(r.Context(), o, b, q.Get("code"))
	var words refusal
	switch {
	case errors.As(err, &words):
		g.Slow(r)
		g.Log.Warn("a sign-in was refused", "why", clip(words.Error()))
		g.say(w, http.StatusForbidden, clip(words.Error()))
	case err != nil:
		g.unreachable(w, err)
	default:
		g.begin(w, r, o, b, user, groups)
	}
}

// begin begins the session of a user who signed in.
func (g *Guard) begin(w http.ResponseWriter, r *http.Request, o OIDC, b begun, user string, groups []string) {
	s := session{User: user, Until: g.Now().Add(sessionFor)}
	for _, name := range groups { // a cookie has no room for all that somebody may be of
		if len(g.Group("", []string{name})) > 0 {
			s.Groups = append(s.Groups, name)
		}
	}
	if !g.hand(w, o, g.sessionCookie(), s, sessionFor) {
		return
	}
	g.forget(w, g.linkCookie()) // who signs in wants to see what they may, not what a link shows
	if len(g.Group(user, groups)) == 0 {
		words := "You are signed in as " + user + ", and among no audience here: you see what everybody sees."
		if len(groups) > 0 {
			words += " The issuer names these groups: " + clip(strings.Join(groups, ", ")) + "."
		}
		g.sayAnd(w, http.StatusOK, words, "/", "Go on")
		return
	}
	base, _ := g.base()
	http.Redirect(w, r, base+b.To, http.StatusSeeOther)
}

// signOut has the browser forget who reads. Another site can't have it do so.
func (g *Guard) signOut(w http.ResponseWriter, r *http.Request) {
	if from := r.Header.Get("Sec-Fetch-Site"); r.Method == http.MethodGet && (from == "" || from == "same-origin" || from == "none") && r.Header.Get("Sec-Purpose") == "" {
		g.forget(w, g.sessionCookie())
		g.forget(w, g.linkCookie())
	}
	g.home(w, r)
}

// session returns who signed in, of those who bring the cookie of it.
func (g *Guard) session(r *http.Request, s Settings) (session, bool) {
	var got session
	if s.OIDC == nil || !g.read(r, *s.OIDC, g.sessionCookie(), &got) || !g.Now().Before(got.Until) {
		return session{}, false
	}
	return got, true
}

func (g *Guard) beginCookie() string   { return g.Cookie + "-sign-in" }
func (g *Guard) sessionCookie() string { return g.Cookie + "-session" }

// hand gives a browser a sealed value to keep, and reports whether that could be done; if not it
// said so.
func (g *Guard) hand(w http.ResponseWriter, o OIDC, name string, v any, long time.Duration) bool {
	text, err := g.seal(o, name, v)
	if err == nil && len(text) > mostCookie {
		err = errors.New("somebody is of more groups that lead to an audience than a cookie has room for")
	}
	if err != nil {
		g.unreachable(w, err)
		return false
	}
	g.remember(w, name, text, long)
	return true
}

// local returns an address of the site to lead back to: the first page where it is none.
func local(to string) string {
	if len(to) > mostTo || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, SignInPath) || strings.HasPrefix(to, signOutPath) ||
		strings.ContainsFunc(to, func(c rune) bool { return c <= ' ' || c == '\\' || c == 0x7f }) {
		return "/"
	}
	return to
}

// clip returns what somebody else says in one line that is not too long.
func clip(s string) string { return prose.Clip(prose.OneLine(prose.Clean(s)), mostSaid) }

// unreachable says that nobody can be signed in now, and in the log why.
func (g *Guard) unreachable(w http.ResponseWriter, err error) {
	g.Log.Error("somebody could not be signed in", "err", prose.OneLine(err.Error()))
	w.Header().Set("Retry-After", "60")
	g.say(w, http.StatusServiceUnavailable, "You can’t be signed in now; attache doctor says why. What everybody may see is there all the same.")
}

var answer = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>Sign in</title></head>
<body><main><p>{{.Words}}</p><p><a href="{{.Href}}">{{.Link}}</a>{{if .Home}} · <a href="{{.Home}}">Calendar</a>{{end}}</p></main></body></html>
`))

// say answers in words, and leads to where one can sign in again.
func (g *Guard) say(w http.ResponseWriter, status int, words string) {
	g.sayAnd(w, status, words, SignInPath, "Sign in again")
}

func (g *Guard) sayAnd(w http.ResponseWriter, status int, words, to, link string) {
	base, _ := g.base()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	v := struct{ Words, Href, Link, Home string }{Words: words, Href: base + to, Link: link}
	if to != "/" {
		v.Home = base + "/"
	}
	_ = answer.Execute(w, v) // a client that went away is no error of ours
}

// used remembers which sign-ins were taken, for as long as they could be again.
type used struct {
	mu     sync.Mutex
	states map[string]time.Time
}

// first reports whether a state is new.
func (u *used) first(state string, now, until time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.states == nil {
		u.states = make(map[string]time.Time)
	}
	for s, ends := range u.states {
		if now.After(ends) || len(u.states) >= mostPeers { // the issuer takes no code twice, either
			delete(u.states, s)
		}
	}
	_, known := u.states[state]
	u.states[state] = until
	return !known
}
