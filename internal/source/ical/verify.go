package ical

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	goical "github.com/emersion/go-ical"
)

// Verify reads VEVENTs back as a calendar program would, each folded and with the UID of
// the same place in uids, and returns what is wrong with the first that does not come back.
func Verify(events []byte, uids []string) error {
	const head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:attache\r\n"
	return guard(func() error {
		in := io.MultiReader(strings.NewReader(head), bytes.NewReader(events), strings.NewReader("END:VCALENDAR\r\n"))
		cal, err := goical.NewDecoder(in).Decode()
		if err != nil {
			return fmt.Errorf("it can't be read back: %w", err)
		}
		read := cal.Events()
		if len(read) != len(uids) {
			return fmt.Errorf("%d entries were read back of %d", len(read), len(uids))
		}
		for i, e := range read {
			if err := verifyEvent(e, uids[i]); err != nil {
				return fmt.Errorf("entry %q: %w", uids[i], err)
			}
		}
		return nil
	})
}

// verifyEvent returns what readers would stumble over in e.
func verifyEvent(e goical.Event, uid string) error {
	if got, err := e.Props.Text(goical.PropUID); err != nil || got != uid {
		return fmt.Errorf("it is read back with the UID %q: %w", got, err)
	}
	for _, name := range []string{goical.PropSummary, goical.PropDescription, goical.PropLocation} {
		if _, err := e.Props.Text(name); err != nil {
			return fmt.Errorf("its %s can't be read back: %w", name, err)
		}
	}
	from, err := e.DateTimeStart(nil)
	if err != nil {
		return fmt.Errorf("its beginning can't be read back: %w", err)
	}
	to, err := e.DateTimeEnd(nil)
	if err != nil {
		return fmt.Errorf("its end can't be read back: %w", err)
	}
	moment := e.Props.Get(goical.PropDateTimeEnd) == nil && e.Props.Get(goical.PropDuration) == nil
	if to.Before(from) || !moment && !to.After(from) {
		return fmt.Errorf("it is read back as ending when it begins or before")
	}
	return nil
}

// urlCharacters are those that an address may have, RFC 3986 §2.
const urlCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%"

// IsLink reports whether s can stand in a URL property: an absolute http or https
// address with a host.
func IsLink(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && !strings.ContainsRune("/?#:@", rune(rest[0])) && strings.Trim(rest, urlCharacters) == ""
}
