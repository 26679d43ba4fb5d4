package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/schedule"
)

// string reads a text of the sort that as names, one line of it where it names none.
func (r *reader) string(f field, as string) string {
	switch as {
	case "text":
		r.swallowed(f)
		return r.text(f, maxText)
	case "id":
		return r.id(f)
	case "zone":
		return r.zoneName(f)
	case "named zone":
		return r.namedZone(f)
	case "address":
		return r.address(f)
	case "calendar address":
		return r.calendarAddress(f)
	case "listen":
		return parsedText(r, f, ParseListen)
	case "channel":
		return r.channel(f)
	case "header":
		return r.header(f)
	case "cron":
		return r.cron(f)
	case "file":
		return r.path(f)
	case "folder":
		return r.phrase(f)
	case "secret file":
		return r.secretFile(f)
	case "calendar":
		r.event.calendar = r.resolve(f.v).Value // even where there is none such, so that this is said once
		return r.calendarName(f)
	case "statement id":
		return r.statementID(f)
	case "event", "source", "statement", "audience":
		return r.reference(f, target(as))
	case "audience of the file":
		r.audience = r.reference(f, toAudience)
		return r.audience
	}
	r.swallowed(f)
	return r.phrase(f)
}

// strings reads a list of texts.
func (r *reader) strings(f field, k key) []string {
	if k.tag("as") == "patterns" {
		return r.patterns(f)
	}
	if k.tag("as") == "audiences" {
		return r.audiences(f)
	}
	if k.tag("as") == "endpoints" {
		return r.endpoints(f)
	}
	return r.phrases(f)
}

// namedZone reads a zone that has a name in the zone database, since only those
// have clock changes.
func (r *reader) namedZone(f field) string {
	name := r.zoneName(f)
	if name != "" && name != "UTC" && !strings.Contains(name, "/") {
		r.fail(f.v, "%s has to be a named zone such as Asia/Shanghai, not %s", f.key, quoted(name))
		return ""
	}
	return name
}

// parsed reads f by parse, whose error says what is wrong with the text.
func parsed[T any](r *reader, f field, parse func(string) (T, error)) (x T, ok bool) {
	n := r.scalar(f)
	if n == nil {
		return x, false
	}
	read, err := parse(n.Value)
	if err != nil {
		r.found.fail(r.at(n).cured(n.Value, err.Error(), takenBy(parse)), "%s", oneLine(err.Error()))
		return x, false
	}
	return read, true
}

// takenBy reports of a text whether parse reads it.
func takenBy[T any](parse func(string) (T, error)) func(string) bool {
	return func(text string) bool {
		_, err := parse(text)
		return err == nil
	}
}

// parsedText does so for a text, "" where there is none. check returns the text as it is kept.
func parsedText(r *reader, f field, check func(string) (string, error)) string {
	s, _ := parsed(r, f, check)
	return s
}

// behind refuses a key with nothing behind it; what says what to write.
func (r *reader) behind(f field, what string) {
	if r.null(f.v) {
		r.fail(f.k, "%s has nothing behind it%s", f.key, what)
	}
}

// ParseListen reads an address to serve on: host:port with a port as a number, or
// unix: and an absolute path.
func ParseListen(text string) (string, error) {
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		if !filepath.IsAbs(path) {
			return "", errors.New("listen: the socket needs an absolute path, as in unix:/run/attache/http.sock")
		}
		return text, nil
	}
	host, port, err := net.SplitHostPort(text)
	number, err2 := strconv.ParseUint(port, 10, 16)
	if err != nil || err2 != nil || strings.ContainsAny(host, "/ ") {
		return "", fmt.Errorf("listen is host:port or unix:/path, not %s", quoted(text))
	}
	return net.JoinHostPort(host, strconv.FormatUint(number, 10)), nil
}

// checkURL reports whether s is an absolute address of http or https.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		var wrong *url.Error
		if errors.As(err, &wrong) {
			err = wrong.Err
		}
		return fmt.Errorf("%s is no address (%w): %w", quoted(s), err, errNoURL)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return fmt.Errorf("%s is no address: %w", quoted(s), errNoURL)
	case strings.ContainsAny(s, " \t\r\n"):
		return fmt.Errorf("%s has a blank in it: write %%20", quoted(s))
	case u.User != nil:
		return fmt.Errorf("the address holds a user name: leave it out")
	}
	return nil
}

// calendarAddress reads an address, which may be secret: it is not repeated.
func (r *reader) calendarAddress(f field) string {
	return parsedText(r, f, func(s string) (string, error) {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "webcal" {
			return "", fmt.Errorf("%s is no address: write it as https://example.org/calendar.ics", f.key)
		}
		return s, nil
	})
}

func (r *reader) patterns(f field) []string {
	out := []string{}
	r.cfg.patterns = nil
	for _, item := range r.list(f) {
		p := r.phrase(item)
		switch _, err := filepath.Match(p, ""); {
		case err != nil:
			r.fail(item.v, "%s is no pattern of file names: a bracket is not closed", quoted(p))
		case p == "":
			r.fail(item.v, "an item of events is empty: write a pattern such as events/*.yaml")
		default:
			out = append(out, p)
			if f.k != nil {
				r.cfg.patterns = append(r.cfg.patterns, r.at(item.v))
			}
		}
	}
	return out
}

// path reads the path of a file, relative to the folder of attache.yaml. A token
// that was written in its place must not be repeated in a message.
func (r *reader) path(f field) string {
	p := r.phrase(f)
	switch {
	case strings.HasPrefix(p, "xoxb-"), strings.HasPrefix(p, "xapp-"), strings.HasPrefix(p, "xoxp-"):
		at := r.at(f.v)
		r.found.errs = append(r.found.errs, &Error{
			File: at.src.name, Line: at.line, Column: at.column,
			Message: f.key + " holds a token: put the token into a file of its own, and its path here",
		})
		return ""
	case p == "", filepath.IsAbs(p):
		return p
	}
	return filepath.Join(filepath.Dir(r.src.name), p)
}

// secretFile reads the path of a file with a secret, which is read later.
func (r *reader) secretFile(f field) string {
	p := r.path(f)
	if p != "" {
		r.cfg.secrets = append(r.cfg.secrets, secretFile{f.in + "." + f.key, p, r.at(f.v)})
	}
	return p
}

// channel reads the name or id of a channel.
func (r *reader) channel(f field) string {
	r.behind(f, `: write "#name" in quotes, since # begins a comment`)
	return parsedText(r, f, func(s string) (string, error) {
		if s == "" || s == "#" || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == ',' }) {
			return "", fmt.Errorf(`%s is no channel: write one name such as "#trade-desk", or an id`, quoted(s))
		}
		return s, nil
	})
}

// cron reads a recurring time.
func (r *reader) cron(f field) string {
	r.behind(f, `: write five fields, as in "0 8 * * MON"`)
	return parsedText(r, f, func(s string) (string, error) {
		_, err := schedule.Parse(s, location(r.cfg.Timezone))
		return s, err
	})
}

// maxDuration keeps sums of durations far from overflowing.
const maxDuration = 366 * 24 * time.Hour

// underKey returns parse with an error that begins with the key of f.
func underKey[T any](f field, parse func(string) (T, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		x, err := parse(s)
		if err != nil {
			err = fmt.Errorf("%s: %w", f.key, err)
		}
		return x, err
	}
}

// parseDuration reads elapsed time: 30s, 2m, 24h, 7d or 1w.
func parseDuration(text string) (time.Duration, error) {
	units := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	digits := strings.TrimRight(text, "smhdw")
	unit, known := units[text[len(digits):]]
	n, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case err != nil || !known:
		return 0, fmt.Errorf("%s is no length of time: write it as 30s, 2m, 24h or 7d", quoted(text))
	case time.Duration(n) > maxDuration/unit:
		return 0, fmt.Errorf("%s is longer than a year", quoted(text))
	}
	return time.Duration(n) * unit, nil
}

// leadOrNever reads a lead; never is the zero lead.
func (r *reader) leadOrNever(f field) (notice.Lead, bool) {
	return parsed(r, f, func(s string) (notice.Lead, error) {
		if s == "never" {
			return notice.Lead{}, nil
		}
		l, err := notice.ParseLead(s)
		if err != nil || l.N == 0 {
			err = fmt.Errorf("%s is never or a time such as 30d, not %s", f.key, quoted(s))
		}
		return l, err
	})
}

// ladder reads a list of leads into to: [] is one with no rung.
func (r *reader) ladder(f field, to *[]notice.Lead) bool {
	if r.null(f.v) {
		return false
	}
	*to = []notice.Lead{}
	for _, item := range r.list(f) {
		l, ok := r.lead(item)
		switch {
		case !ok:
		case slices.Contains(*to, l):
			r.fail(item.v, "%s has %s twice", f.key, l)
		default:
			*to = append(*to, l)
		}
	}
	return true
}

func (r *reader) lead(f field) (notice.Lead, bool) {
	if r.null(f.v) {
		r.fail(f.v, "an item of %s is empty", f.key)
	}
	return parsed(r, f, notice.ParseLead)
}

// setNumber reads a whole number between those that k gives under range.
func (r *reader) setNumber(f field, v reflect.Value, k key) bool {
	n := r.scalar(f)
	if n == nil {
		return false
	}
	from, to, _ := strings.Cut(k.tag("range"), " ")
	least, _ := strconv.Atoi(from) // a test reads every range
	most, _ := strconv.Atoi(to)
	i, err := strconv.Atoi(n.Value)
	if err != nil || i < least || i > most {
		r.fail(n, "%s is a whole number from %d to %d, not %s", f.key, least, most, quoted(n.Value))
		return false
	}
	v.SetInt(int64(i))
	return true
}

// id reads a slug and returns "" where it is none.
func (r *reader) id(f field) string {
	r.behind(f, "")
	return parsedText(r, f, func(s string) (string, error) { return s, event.CheckID(s) })
}

// zoneName reads a zone and returns its IANA name; offsets and AoE stay as they are. Each
// is looked up once in a file: that opens the zone database.
func (r *reader) zoneName(f field) string {
	return parsedText(r, f, func(s string) (string, error) {
		if name, ok := r.zones[s]; ok {
			return name, nil
		}
		loc, err := civil.Zone(s)
		switch {
		case err != nil:
			return "", err
		case halfYear(s):
			return "", fmt.Errorf("%s is the zone of half a year: write %s", s, loc)
		}
		r.zones[s] = loc.String()
		return r.zones[s], nil
	})
}

// address reads an absolute URL of http or https.
func (r *reader) address(f field) string {
	return parsedText(r, f, underKey(f, func(s string) (string, error) {
		if s == "" {
			return "", nil
		}
		return s, checkURL(s)
	}))
}

var errNoURL = errors.New("write an address as https://example.com/")

// unique refuses a second item of a list with the name that the first has.
func (r *reader) unique(item field, name string, written fieldList) {
	n := written.get("name").v
	if n == nil || name == "" {
		return
	}
	_, noun, _ := strings.Cut(item.key, " ") // of "a feed"
	if line, twice := r.names[noun+" "+name]; twice {
		r.fail(n, "two %ss are named %q: the first is on line %d", noun, name, line)
	}
	if r.names == nil {
		r.names = map[string]int{}
	}
	r.names[noun+" "+name] = n.Line
}
