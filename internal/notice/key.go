package notice

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// keyLength is how many characters of a digest make a key: 130 bits.
const keyLength = 26

// key makes an opaque key of its parts, in the letters a–z and 2–7.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:keyLength]
}

// ItemKey returns the key of the notice with the key noticeKey in one channel of
// one installation. It is what Slack keeps as metadata, so it gives nothing away.
func ItemKey(install, noticeKey, channel string) string { return key(install, noticeKey, channel) }

// OpaqueEvent names an event without telling which it is: anyone in a workspace may read
// what goes along with a message.
func OpaqueEvent(id string) string {
	if id == "" {
		return ""
	}
	return key("event", id, "")
}

// DigestKey returns the key of one message that stands for several items.
func DigestKey(members []string) string { return key(append([]string{"digest"}, members...)...) }

// RecurringKey returns the key of the digest called name that was due at the
// instant at, written in RFC 3339.
func RecurringKey(name, at string) string { return key("recurring", name, at) }
