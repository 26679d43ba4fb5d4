package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// seal returns a value as text that nobody else can make or read. It holds for one cookie, one
// installation, and one client of an issuer: a new secret of the client ends every session.
func (g *Guard) seal(o OIDC, name string, v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	box, err := g.box(o)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(box.Seal(nil, nil, text, []byte(name))), nil
}

// unseal returns what was sealed, and false where it was not here.
func (g *Guard) unseal(o OIDC, name, sealed string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return nil, false
	}
	box, err := g.box(o)
	if err != nil {
		return nil, false
	}
	text, err := box.Open(nil, nil, raw, []byte(name))
	return text, err == nil
}

func (g *Guard) box(o OIDC) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, g.Key, nil, strings.Join([]string{"attache sign-in", o.Issuer, o.ClientID, o.Secret}, "\x00"), 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
