package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Secret is text that must not be shown. However it is printed, marshalled or
// logged, also as a part of something else, it gives ***; only Reveal gives the
// text. The zero Secret is none.
type Secret struct {
	text *string // a pointer, so that printing a struct around it shows no text either
}

// NewSecret makes a Secret of text, none of "".
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text, for the one who has to present it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == nil }

const hidden = "***"

// String returns ***.
func (s Secret) String() string { return hidden }

// GoString returns ***.
func (s Secret) GoString() string { return hidden }

// Format writes *** whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText returns ***, for JSON and YAML too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue returns ***.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// SlackToken reads the bot token: from slack.token_file, else
// $SLACK_BOT_TOKEN, else the systemd credential slack-bot-token in
// $CREDENTIALS_DIRECTORY. env looks up a variable, as os.Getenv does. No token
// is no error; a file that is named and has none is one, of type [Errors], with the
// place of the key. A warning says that others can read the file.
func (c *Config) SlackToken(env func(string) string) (Secret, Errors, error) {
	return c.token("slack.token_file", c.Slack.TokenFile, "SLACK_BOT_TOKEN", "slack-bot-token", env)
}

// SlackAppToken reads the app token as SlackToken does the bot token: from
// slack.app_token_file, $SLACK_APP_TOKEN or the credential slack-app-token.
func (c *Config) SlackAppToken(env func(string) string) (Secret, Errors, error) {
	return c.token("slack.app_token_file", c.Slack.AppTokenFile, "SLACK_APP_TOKEN", "slack-app-token", env)
}

func (c *Config) token(key, file, variable, credential string, env func(string) string) (Secret, Errors, error) {
	if file != "" {
		s, warnings, err := tokenFile(file)
		if errors.Is(err, fs.ErrPermission) && env("CREDENTIALS_DIRECTORY") != "" {
			s, err = handedOver(file, credential, err, env)
		}
		if err == nil {
			return s, warnings, nil
		}
		named := secretFile{key: key, path: file, at: place{src: newFileText(c.File, nil)}}
		if i := slices.IndexFunc(c.secrets, func(f secretFile) bool { return f.key == key && f.path == file }); i >= 0 {
			named = c.secrets[i]
		}
		return s, warnings, Errors{named.error(err)}
	}
	if text := strings.TrimSpace(env(variable)); text != "" {
		s, err := newToken("$"+variable, text)
		return s, nil, err
	}
	s, err := credentialToken(credential, env)
	return s, nil, err // systemd sees to who can read it
}

// secretsFolder is the folder whose files the unit of the service hands over, each as the
// credential secrets_NAME.
const secretsFolder = "/etc/attache/secrets"

// readSecret returns the secret that the file path holds, or that systemd handed over from it.
func readSecret(path string, env func(string) string) (Secret, error) {
	s, _, err := tokenFile(path)
	if errors.Is(err, fs.ErrPermission) && env("CREDENTIALS_DIRECTORY") != "" {
		return handedOver(path, "", err, env)
	}
	return s, err
}

// handedOver returns what systemd hands over in place of file, which the user of the service
// may not read, as refused says: from the folder of secrets, or as credential, where it has
// one. Where there is none, the error says what to do.
func handedOver(file, credential string, refused error, env func(string) string) (Secret, error) {
	place := filepath.Join(secretsFolder, filepath.Base(file))
	var names []string
	if file == place {
		names = append(names, "secrets_"+filepath.Base(file))
	}
	if credential != "" {
		names = append(names, credential)
		if file != place {
			place = "/etc/attache/" + credential
		}
	}
	for _, name := range names {
		if s, err := credentialToken(name, env); err != nil || !s.IsZero() {
			return s, err
		}
	}
	elsewhere := ""
	if file != place {
		elsewhere = fmt.Sprintf("put the secret into %s, name that file, and ", place)
	}
	return Secret{}, fmt.Errorf("%w: %srestart attache: systemd hands it to the service when it starts", refused, elsewhere)
}

// credentialToken returns the token that systemd hands over as a credential; the zero one
// where there is none.
func credentialToken(name string, env func(string) string) (Secret, error) {
	folder := env("CREDENTIALS_DIRECTORY")
	if folder == "" {
		return Secret{}, nil
	}
	path := filepath.Join(folder, name)
	data, err := readFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist), err == nil && strings.TrimSpace(string(data)) == "":
		return Secret{}, nil // a service has an empty one where there is no Slack
	case err != nil:
		return Secret{}, fmt.Errorf("reading the credential %s: %w", path, err)
	}
	return newToken(path, strings.TrimSpace(string(data)))
}

// Secrets returns the secrets that the configuration names, as far as they can be read.
func (c *Config) Secrets(env func(string) string) []Secret {
	bot, _, _ := c.SlackToken(env)    // whoever needs one tells of the error
	app, _, _ := c.SlackAppToken(env) // as above
	out := []Secret{bot, app}
	if c.Heartbeat.On() {
		one, _ := c.Heartbeat.Address(env) // as above
		out = append(out, one)
	}
	if c.Access != nil && c.Access.OIDC != nil {
		one, _ := c.Access.OIDC.Secret(env) // as above
		out = append(out, one)
	}
	if c.Cluster != nil {
		one, _ := c.Cluster.Password(env) // as above
		out = append(out, one)
	}
	for _, f := range c.Follow {
		if f.File == "" {
			one, _ := f.Address(env) // as above
			out = append(out, one)
		}
	}
	return slices.DeleteFunc(out, func(s Secret) bool { return len(s.Reveal()) < shortestSecret })
}

// slackToken is how every token of Slack looks.
var slackToken = regexp.MustCompile(`\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{6,}`)

// Hide returns text with *** in place of the secrets, and of what looks like a token of Slack.
func Hide(text string, secrets []Secret) string {
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s.Reveal(), hidden)
	}
	return slackToken.ReplaceAllString(text, hidden)
}

// secretFile is a file with a secret that attache.yaml names.
type secretFile struct {
	key  string // slack.token_file
	path string
	at   place
}

// error returns err at the place of the key that it follows from. The message of a
// warning has a place already, that of the file which the key names.
func (f secretFile) error(err error) *Error {
	e := f.at.error("%s: %s", f.key, oneLine(err.Error()))
	e.cause = err
	return e
}

// exposed warns of secrets that everybody can read. Of tokens it is said when they are
// read.
func (l *loader) exposed() {
	for _, f := range l.cfg.secrets {
		if info, err := os.Stat(f.path); err == nil && info.Mode()&0o007 != 0 && !strings.HasPrefix(f.key, "slack.") {
			l.found.warns = append(l.found.warns, f.error(readable(f.path)))
		}
	}
}

// readable reports that everybody can read a secret.
func readable(path string) *Error {
	return &Error{File: path, Message: fmt.Sprintf("everybody on this machine can read the secret in it: chmod 600 %s", path)}
}

// secrets finds what is wrong with the secrets that files of their own hold. Whoever
// checks may be somebody else than who serves: that they can't read one is a warning.
func (l *loader) secrets() {
	for _, f := range l.cfg.secrets {
		_, warnings, err := tokenFile(f.path)
		switch {
		case err == nil:
			for _, w := range warnings {
				l.found.warns = append(l.found.warns, f.error(w))
			}
		case errors.Is(err, fs.ErrPermission):
			l.found.warns = append(l.found.warns, f.error(err))
		default:
			l.found.errs = append(l.found.errs, f.error(err))
		}
	}
}

// address returns an address that may be secret: url, or what the file holds.
func address(url, file string, env func(string) string) (Secret, error) {
	if file == "" {
		return NewSecret(url), nil
	}
	s, err := readSecret(file, env)
	if err != nil {
		return Secret{}, fmt.Errorf("url_file: %s", withheld(err.Error(), file)) // it may be the address itself
	}
	return s, nil
}

func tokenFile(path string) (Secret, Errors, error) {
	data, err := readFile(path)
	if err != nil {
		return Secret{}, nil, fmt.Errorf("reading the token file %s: %w", path, cause(err))
	}
	s, err := newToken(path, strings.TrimSpace(string(data)))
	if err != nil {
		return Secret{}, nil, err
	}
	var warnings Errors
	if info, err := os.Stat(path); err == nil && info.Mode()&0o007 != 0 {
		warnings = Errors{readable(path)}
	}
	return s, warnings, nil
}

// cause returns why a file could not be read, without its name.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// newToken refuses what can be no token, without repeating any of it.
func newToken(from, text string) (Secret, error) {
	switch {
	case text == "":
		return Secret{}, fmt.Errorf("%s holds no token: it is empty", from)
	case len(text) > 4096 || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }):
		return Secret{}, fmt.Errorf("%s holds no token: a token is one word", from)
	}
	return NewSecret(text), nil
}
