// Package access says who asks, and so what they may see.
//
// Who asks is nobody, the public, unless one of these says otherwise:
//
//   - a personal link, whose secret a browser keeps in a cookie from then on, and a program
//     sends as a bearer token;
//   - the headers of a reverse proxy, which count only where one of the peers that are named
//     sends them;
//   - an issuer of OpenID Connect signs them in, which a browser keeps in a sealed cookie.
//
// An address proves nothing: whoever asks from the machine itself may be a proxy that passes on
// what the internet asks. What is shown to whom is decided in package calendar.
package access

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"attache/internal/calendar"
)

// Config says how it is known who asks.
type Config struct {
	// Link returns what a personal link shows, and false where there is none of that id and
	// secret, in the same time.
	Link func(id, secret string) (calendar.Sight, bool)
	// Group returns the audiences of a user and of the groups that a proxy says that
	// they are of.
	Group func(user string, groups []string) []string
	// Settings gives what the configuration says. It is called for each request.
	Settings func() Settings
	// Key is what sessions are sealed with: at least 16 octets that nobody else knows.
	Key []byte
	// Cookie is what the cookies of this installation begin with, so that two of them on one
	// host do not take each other's.
	Cookie string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log takes what goes wrong; nil is none.
	Log *slog.Logger
}

// Settings is what the configuration says of who asks.
type Settings struct {
	PublicURL    string
	Guarded      bool           // something is not for everybody, or Access says who asks
	Listens      string         // the host that is listened on; "" where that is a socket
	Header       string         // that names the user; "" is none
	GroupsHeader string         // that names their groups, between commas; "" is none
	From         []netip.Prefix // the peers of which these headers are believed
	FromUnix     bool           // a peer on a socket in a folder is one
	OIDC         *OIDC          // signs people in; nil is nobody
}

// Guard says who asks. Its methods may be called from any goroutine.
type Guard struct {
	Config
	wrong  wrong
	forged sync.Once
	issuer issuer
	used   used
}

// New returns a guard.
func New(c Config) *Guard {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	g := &Guard{Config: c}
	g.wrong.limit = make(chan struct{}, mostWaiting)
	return g
}

// Reader returns what who asks may see.
func (g *Guard) Reader(r *http.Request) calendar.Sight {
	s := g.Settings()
	if sight, ok := g.linked(r); ok {
		return sight
	}
	if user, groups, ok := g.proxied(r, s); ok {
		return calendar.SightOf(g.Group(user, groups)...)
	}
	if who, ok := g.session(r, s); ok {
		return calendar.SightOf(g.Group(who.User, who.Groups)...)
	}
	return calendar.Sight{}
}

// Guarded reports whether an answer depends on who asks.
func (g *Guard) Guarded() bool { return g.Settings().Guarded }

// Vary names the fields of a request by which it is known who asks.
func (g *Guard) Vary() []string {
	out := []string{"Cookie", "Authorization"}
	s := g.Settings()
	for _, name := range []string{s.Header, s.GroupsHeader} {
		if name != "" {
			out = append(out, http.CanonicalHeaderKey(name))
		}
	}
	return out
}

// linked returns what the personal link shows that a request brings, in a cookie or as a
// bearer token.
func (g *Guard) linked(r *http.Request) (calendar.Sight, bool) {
	if sight, ok := g.byCookie(r); ok {
		return sight, true
	}
	if token, ok := bearer(r); ok {
		return g.open(token)
	}
	return calendar.Sight{}, false
}

// byCookie returns what the link shows that a browser keeps.
func (g *Guard) byCookie(r *http.Request) (calendar.Sight, bool) {
	c, err := r.Cookie(g.linkCookie())
	if err != nil {
		return calendar.Sight{}, false
	}
	return g.open(c.Value)
}

// bearer returns the token that a program sends.
func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

func (g *Guard) linkCookie() string { return g.Cookie + "-link" }

// open returns what a personal link shows.
func (g *Guard) open(token string) (calendar.Sight, bool) {
	id, secret, _ := strings.Cut(token, ".")
	return g.Link(id, secret)
}

// proxied returns whom a proxy says to be asking, and false where none that is believed does.
func (g *Guard) proxied(r *http.Request, s Settings) (user string, groups []string, ok bool) {
	if s.Header == "" {
		return "", nil, false
	}
	users := r.Header.Values(s.Header)
	if len(users) == 0 {
		return "", nil, false
	}
	if !s.believes(r) {
		g.forged.Do(func() {
			g.Log.Warn("a header that says who asks came from a peer that is not named under access.from: it is ignored, and this is said once",
				"header", s.Header, "peer", Peer(r))
		})
		return "", nil, false
	}
	user = strings.TrimSpace(users[0])
	if len(users) > 1 || user == "" { // one who is asked through could have added it
		return "", nil, false
	}
	if s.GroupsHeader != "" {
		for _, line := range r.Header.Values(s.GroupsHeader) {
			for name := range strings.SplitSeq(line, ",") {
				if name = strings.TrimSpace(name); name != "" {
					groups = append(groups, name)
				}
			}
		}
	}
	return user, groups, true
}

// believes reports whether the peer of r is one whose headers count.
func (s Settings) believes(r *http.Request) bool {
	if r.RemoteAddr == "" || r.RemoteAddr == "@" || strings.HasPrefix(r.RemoteAddr, "/") { // a socket in a folder
		return s.FromUnix
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	a := from.Addr().Unmap()
	return slices.ContainsFunc(s.From, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Peer returns the address that a request came from, without its port.
func Peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Handle answers the addresses by which a reader says who they are, and reports whether it did.
// A wrong secret counts, wherever it stands.
func (g *Guard) Handle(w http.ResponseWriter, r *http.Request) bool {
	if token, ok := strings.CutPrefix(r.URL.Path, calendar.LinkPath); ok {
		if _, opens := g.open(token); !opens {
			g.refuse(w, r)
			return true
		}
		g.remember(w, g.linkCookie(), token, 400*24*time.Hour)
		g.forget(w, g.sessionCookie()) // who opens a link wants to see what it shows
		g.home(w, r)
		return true
	}
	g.dropWrong(w, r)
	o := g.Settings().OIDC
	switch path := r.URL.Path; {
	case path == signOutPath:
		g.signOut(w, r)
	case o == nil:
		return false
	case path == SignInPath:
		g.signIn(w, r, *o)
	case path == BackPath:
		g.back(w, r, *o)
	default:
		return false
	}
	return true
}

// dropWrong counts a secret that opens nothing, and has the browser forget it: that of a link
// that was revoked must not slow its reader down for ever.
func (g *Guard) dropWrong(w http.ResponseWriter, r *http.Request) {
	wrong := false
	if _, err := r.Cookie(g.linkCookie()); err == nil {
		if _, ok := g.byCookie(r); !ok {
			wrong = true
			g.forget(w, g.linkCookie())
		}
	}
	if token, ok := bearer(r); ok && !wrong {
		_, opens := g.open(token)
		wrong = !opens
	}
	if wrong {
		g.Slow(r)
	}
}

// remember has a browser keep a cookie for the site alone.
func (g *Guard) remember(w http.ResponseWriter, name, value string, long time.Duration) {
	g.cookie(w, name, value, int(long.Seconds()))
}

// forget has a browser keep a cookie no longer.
func (g *Guard) forget(w http.ResponseWriter, name string) { g.cookie(w, name, "", -1) }

func (g *Guard) cookie(w http.ResponseWriter, name, value string, seconds int) {
	base, secure := g.base()
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: base + "/", MaxAge: seconds, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
	})
}

// base returns what paths begin with, and whether the site is behind https.
func (g *Guard) base() (path string, secure bool) {
	u, err := url.Parse(g.Settings().PublicURL)
	if err != nil {
		return "", false
	}
	return strings.TrimRight(u.EscapedPath(), "/"), u.Scheme == "https"
}

// home leads to the first page, whose address holds no secret.
func (g *Guard) home(w http.ResponseWriter, r *http.Request) {
	base, _ := g.base()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, base+"/", http.StatusSeeOther)
}

// KnownHost reports whether a request names a host by which attache is asked. A page elsewhere
// can have its own name lead to this machine, and a browser would let it read what it is
// answered. An address, or a name with no dot, is none that somebody elsewhere can choose.
func (g *Guard) KnownHost(r *http.Request) bool {
	s := g.Settings()
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if u, err := url.Parse(s.PublicURL); err == nil && strings.EqualFold(u.Hostname(), host) {
		return true
	}
	return !s.Guarded && !loopback(s.Listens)
}

// loopback reports whether a host is this machine alone.
func loopback(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && a.IsLoopback()
}
