package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC is an issuer that signs people in, by OpenID Connect. It compares.
type OIDC struct {
	Issuer      string
	ClientID    string
	Secret      string // of the client; "" is none
	Wrong       string // why there is no secret though one is named; "" otherwise
	GroupsClaim string // what of a token names the groups; with dots, what lies in what
	Back        string // where the issuer sends people back to
}

// Bounds of what an issuer is asked.
const (
	issuerTimeout = 10 * time.Second
	mostOfIssuer  = 1 << 20         // octets of an answer
	issuerRest    = 5 * time.Second // after it failed, until it is asked again
	skew          = time.Minute     // by which two clocks may differ
)

// issuer is what is known of one. What it said of itself is kept: that it is away hinders those
// who sign in then, and nobody else.
type issuer struct {
	asking   sync.Mutex // held by whoever asks it
	mu       sync.Mutex // of what follows
	of       OIDC
	provider *oidc.Provider
	about    about
	err      error // of the last time that it was asked
	failed   time.Time
}

// about is what the document of an issuer says that is not for the library.
type about struct {
	Scopes []string `json:"scopes_supported"`
	Auth   []string `json:"token_endpoint_auth_methods_supported"`
}

// limitedTransport reads no more of an answer than it may hold.
type limitedTransport struct{ http.RoundTripper }

// RoundTrip asks.
func (t limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, mostOfIssuer), resp.Body}
	}
	return resp, err
}

// asking returns a context in which an issuer is asked, whoever waits for it and gives up.
func asking(ctx context.Context) context.Context {
	return oidc.ClientContext(context.WithoutCancel(ctx), &http.Client{Timeout: issuerTimeout, Transport: limitedTransport{http.DefaultTransport}})
}

// Discover asks an issuer what it is, and returns why it can sign nobody in.
func Discover(ctx context.Context, o OIDC) error {
	_, _, err := discover(ctx, o)
	return err
}

func discover(ctx context.Context, o OIDC) (*oidc.Provider, about, error) {
	var a about
	if o.Wrong != "" {
		return nil, a, errors.New(o.Wrong)
	}
	p, err := oidc.NewProvider(asking(ctx), o.Issuer)
	if err == nil {
		err = p.Claims(&a)
	}
	var other *oidc.IssuerMismatchError
	switch {
	case errors.As(err, &other):
		err = fmt.Errorf("it calls itself %s: write that as issuer, to the letter", other.Discovered)
	case err == nil && (p.Endpoint().AuthURL == "" || p.Endpoint().TokenURL == ""):
		err = errors.New("its document names no place to sign in at")
	}
	if err != nil {
		return nil, a, fmt.Errorf("the issuer %s: %w", o.Issuer, err)
	}
	return p, a, nil
}

// ask returns what is known of the issuer of o. It is asked where nothing is, or where anew says
// so; who knows enough does not wait for that.
func (x *issuer) ask(ctx context.Context, o OIDC, now time.Time, anew bool) (*oidc.Provider, about, error) {
	if p, a, err, enough := x.known(o, now); enough && !anew {
		return p, a, err
	}
	x.asking.Lock()
	defer x.asking.Unlock()
	if p, a, err, enough := x.known(o, now); enough && !anew { // somebody else asked meanwhile
		return p, a, err
	}
	p, a, err := discover(ctx, o)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err, x.failed = err, now; err == nil {
		x.provider, x.about = p, a
	}
	return p, a, err
}

// known returns what is known of the issuer of o, and whether that is enough: it answered once,
// or failed just now.
func (x *issuer) known(o OIDC, now time.Time) (p *oidc.Provider, a about, err error, enough bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.of != o:
		x.of, x.provider, x.err = o, nil, nil
		return nil, about{}, nil, false
	case x.provider != nil:
		return x.provider, x.about, nil, true
	}
	return nil, about{}, x.err, x.err != nil && now.Sub(x.failed).Abs() < issuerRest
}

// AskIssuer asks the issuer that the settings name what it is, and returns why it can sign nobody
// in. on reports whether they name one.
func (g *Guard) AskIssuer(ctx context.Context) (on bool, err error) {
	o := g.Settings().OIDC
	if o == nil {
		return false, nil
	}
	_, _, err = g.issuer.ask(ctx, *o, g.Now(), true)
	return true, err
}

// client returns how the issuer is spoken to as what attache is to it.
func (o OIDC) client(p *oidc.Provider, a about) *oauth2.Config {
	at := p.Endpoint()
	at.AuthStyle = oauth2.AuthStyleInHeader // which holds where the document says nothing
	if o.Secret == "" || len(a.Auth) > 0 && !slices.Contains(a.Auth, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	scopes := []string{oidc.ScopeOpenID}
	for _, s := range []string{"profile", "email", "groups"} { // an issuer refuses what it does not know
		if slices.Contains(a.Scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.Secret, Endpoint: at, RedirectURL: o.Back, Scopes: scopes}
}

// refusal is why somebody is not signed in, in words for them.
type refusal string

// Error returns the words.
func (r refusal) Error() string { return string(r) }

// exchange returns who signed in, by the code that the issuer sent them back with.
func (g *Guard) exchange(ctx context.Context, o OIDC, b begun, code string) (user string, groups []string, err error) {
	p, a, err := g.issuer.ask(ctx, o, g.Now(), false)
	if err != nil {
		return "", nil, err
	}
	ctx = asking(ctx)
	token, err := o.client(p, a).Exchange(ctx, code, oauth2.VerifierOption(b.Verifier))
	var said *oauth2.RetrieveError
	switch {
	case errors.As(err, &said) && said.ErrorCode == "invalid_grant":
		return "", nil, refusal("The issuer does not take the code any more: it is used, or too old.")
	case errors.As(err, &said):
		return "", nil, fmt.Errorf("the issuer %s does not take attache for its client: %s", o.Issuer, strings.TrimSpace(said.ErrorCode+" "+said.ErrorDescription))
	case err != nil:
		return "", nil, fmt.Errorf("the issuer %s: %w", o.Issuer, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", nil, refusal("The issuer gave no ID token.")
	}
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: o.ClientID, Now: func() time.Time { return g.Now().Add(-skew) }}).Verify(ctx, raw)
	var old *oidc.TokenExpiredError
	switch {
	case errors.As(err, &old):
		return "", nil, refusal("The token of the issuer ended at " + old.Expiry.UTC().Format(time.RFC3339) + ": do the clocks differ?")
	case err != nil:
		return "", nil, refusal("The token of the issuer does not hold: " + err.Error())
	case id.Nonce != b.Nonce:
		return "", nil, refusal("The token of the issuer is of another sign-in.")
	case id.IssuedAt.After(g.Now().Add(skew)):
		return "", nil, refusal("The token of the issuer was made at " + id.IssuedAt.UTC().Format(time.RFC3339) + ", which is still to come: do the clocks differ?")
	}
	return claimed(id, o)
}

// claimed returns whom a token names. A user is called by an email address that the issuer
// verified, else by the id that it gives them: anything else somebody may have chosen.
func claimed(id *oidc.IDToken, o OIDC) (user string, groups []string, err error) {
	var all map[string]any
	if err := id.Claims(&all); err != nil {
		return "", nil, refusal("The token of the issuer can’t be read: " + err.Error())
	}
	if azp, ok := all["azp"].(string); ok && azp != o.ClientID || !ok && len(id.Audience) > 1 {
		return "", nil, refusal("The token of the issuer was made for another client.")
	}
	user = id.Subject
	if email, ok := all["email"].(string); ok && email != "" && fmt.Sprint(all["email_verified"]) == "true" {
		user = email
	}
	switch list := claim(all, o.GroupsClaim).(type) {
	case string:
		groups = []string{list}
	case []any:
		for _, x := range list {
			if name, ok := x.(string); ok {
				groups = append(groups, name)
			}
		}
	}
	if user == "" {
		return "", nil, refusal("The token of the issuer names nobody.")
	}
	return user, groups, nil
}

// claim returns what a token says under a name: realm_access.roles is what realm_access says of
// roles, unless something is called so.
func claim(all map[string]any, name string) any {
	if v, ok := all[name]; ok {
		return v
	}
	first, rest, nested := strings.Cut(name, ".")
	if inner, ok := all[first].(map[string]any); ok && nested {
		return claim(inner, rest)
	}
	return nil
}

// begun is a sign-in that was begun. It stands sealed in a cookie of whoever began it.
type begun struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	To       string    `json:"t"` // the page that they came from
	Until    time.Time `json:"u"`
}

// session is who signed in. It stands sealed in a cookie.
type session struct {
	User   string    `json:"u"`
	Groups []string  `json:"g"` // those of them that lead to an audience
	Until  time.Time `json:"t"`
}

// read takes a sealed value out of a cookie, and reports whether it is one that was made here.
func (g *Guard) read(r *http.Request, o OIDC, name string, to any) bool {
	c, err := r.Cookie(name)
	if err != nil {
		return false
	}
	text, ok := g.unseal(o, name, c.Value)
	return ok && json.Unmarshal(text, to) == nil
}
