// Package accesstest has an issuer of OpenID Connect for tests: it signs in whoever asks, at once.
package accesstest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Issuer is an issuer on this machine. Its fields may be set between requests.
type Issuer struct {
	*httptest.Server
	ClientID, Secret string
	Now              func() time.Time

	mu     sync.Mutex
	claims map[string]any
	alter  func(header, claims map[string]any)
	codes  map[string]url.Values // what was asked for, by code; each is given out once
	refuse string
	asked  url.Values
}

// key is made once: that takes long.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // a test can do nothing about it
	}
	return k
})

// NewIssuer starts an issuer that knows one client.
func NewIssuer(t testing.TB, clientID, secret string) *Issuer {
	i := &Issuer{ClientID: clientID, Secret: secret, Now: time.Now, codes: make(map[string]url.Values)}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "email", "groups"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) {
		public := key().PublicKey
		answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": b64(public.N.Bytes()), "e": b64(big.NewInt(int64(public.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("/auth", i.auth)
	mux.HandleFunc("/token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// SignsIn says whom the next tokens name.
func (i *Issuer) SignsIn(claims map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.claims = claims
}

// Alters changes the next tokens before they are signed. Where the header says alg: none they
// are not.
func (i *Issuer) Alters(f func(header, claims map[string]any)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.alter = f
}

// Refuses has people sent back with an error; "" signs them in.
func (i *Issuer) Refuses(why string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refuse = why
}

// Asked returns what the last one was sent with who was to be signed in.
func (i *Issuer) Asked() url.Values {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

// auth signs in whoever comes, and sends them back.
func (i *Issuer) auth(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := r.URL.Query()
	i.asked = q
	back := url.Values{"state": {q.Get("state")}}
	if i.refuse != "" {
		back.Set("error", "access_denied")
		back.Set("error_description", i.refuse)
	} else {
		code := rand.Text()
		i.codes[code] = q
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// token gives a token for a code, once, to the client that it was given to.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	if id != i.ClientID || secret != i.Secret {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	asked, known := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || asked.Get("code_challenge") != b64(sum[:]) || asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != r.FormValue("redirect_uri") {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	now := i.Now()
	header := map[string]any{"alg": "RS256", "kid": "1"}
	claims := map[string]any{"iss": i.URL, "aud": i.ClientID, "sub": "id-of-somebody", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": asked.Get("nonce")}
	for name, v := range i.claims {
		claims[name] = v
	}
	if i.alter != nil {
		i.alter(header, claims)
	}
	answer(w, http.StatusOK, map[string]string{"access_token": "unused", "token_type": "Bearer", "id_token": signed(header, claims)})
}

// signed returns a token.
func signed(header, claims map[string]any) string {
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // a test can do nothing about it
		}
		return b64(text)
	}
	text := part(header) + "." + part(claims)
	if header["alg"] == "none" {
		return text + "."
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key(), crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // a test can do nothing about it
	}
	return text + "." + b64(signature)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that went away is no error of ours
}
