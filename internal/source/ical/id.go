package ical

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	goical "github.com/emersion/go-ical"

	"attache/internal/event"
	"attache/internal/prose"
)

// Key names an entry of a calendar. The zero Key is of one that has no UID.
type Key struct {
	UID        string
	Occurrence string // the RECURRENCE-ID of one of a series, as it stands, or ""
}

// key returns what the calendar knows e by.
func (e vevent) key() Key {
	if e.unnamed {
		return Key{}
	}
	return Key{e.uid, cmp.Or(valueOf(e.Component, goical.PropRecurrenceID), e.part)}
}

// title returns what e is called, in one line.
func (e vevent) title() string {
	if e.own != nil {
		return e.own.title
	}
	return cmp.Or(prose.CleanLine(text(e.Component, goical.PropSummary)), untitled)
}

const untitled = "Untitled"

// identified returns got, which was read of an entry with a UID, with its id. That stays when the title or the
// date changes: it is made of the UID where the calendar is followed, and of the title where
// a person takes the event over.
func (p *parser) identified(uid string, ours bool, got event.Event) event.Event {
	name, own := Slug(got.Title), uid
	if ours {
		name, _, _ = strings.Cut(uid, "@") // the id that it has there
	}
	if p.options.Prefix != "" {
		if got.Foreign.Occurrence != "" {
			uid += "-" + got.Foreign.Occurrence
		}
		local, _, _ := strings.Cut(uid, "@")
		if name = Slug(local); name != local || len(name) > maxSlug {
			name = Slug(local) + "-" + shortHash(uid)
		}
		name = p.options.Prefix + "-" + name
	}
	if event.CheckID(name) != nil {
		name = "event-" + shortHash(own)
	}
	base := name
	for n := 2; p.ids[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	p.ids[name] = true
	got.ID = name
	return got
}

// maxSlug is the greatest length of the part of an id that is made of a text.
const maxSlug = 60

// Slug makes an id of a text: lower-case letters and digits, and hyphens between words.
func Slug(s string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(r)
		} else if r != '\'' && r != '’' {
			hyphen = true
		}
		if b.Len() >= maxSlug {
			break
		}
	}
	return b.String()
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}
