package slack

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// eventType names the metadata of our messages.
const eventType = "attache_alert"

// payload is what chat.postMessage is given, and with a ts what chat.update is.
type payload struct {
	Channel     string                `json:"channel"`
	TS          string                `json:"ts,omitempty"`
	ThreadTS    string                `json:"thread_ts,omitempty"`
	Broadcast   bool                  `json:"reply_broadcast,omitempty"`
	Text        string                `json:"text"`
	Blocks      []slackgo.Block       `json:"blocks,omitempty"`
	Metadata    slackgo.SlackMetadata `json:"metadata"`
	UnfurlLinks bool                  `json:"unfurl_links"`
	UnfurlMedia bool                  `json:"unfurl_media"`
}

// newPayload returns the payload of p, posted by an installation.
func newPayload(p notice.Post, install string) payload {
	blocks, text := Blocks(p)
	channel := p.ChannelID
	if channel == "" {
		channel = p.Channel
	}
	return payload{Channel: channel, TS: p.TS, ThreadTS: p.Thread, Broadcast: p.Broadcast, Text: text, Blocks: blocks, Metadata: metadata(p, install)}
}

// options returns the payload as slack-go wants it. Its text is escaped already.
func (p payload) options() []slackgo.MsgOption {
	o := []slackgo.MsgOption{slackgo.MsgOptionText(p.Text, false), slackgo.MsgOptionMetadata(p.Metadata)}
	if p.TS == "" { // chat.update knows nothing of them
		o = append(o, slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
	}
	if len(p.Blocks) > 0 {
		o = append(o, slackgo.MsgOptionBlocks(p.Blocks...))
	}
	if p.ThreadTS != "" {
		o = append(o, slackgo.MsgOptionTS(p.ThreadTS))
		if p.Broadcast {
			o = append(o, slackgo.MsgOptionBroadcast())
		}
	}
	return o
}

// metadata returns what a post is found again by: k its key, e the event and i
// the installation, all opaque, and r the revision of the event; of a digest, n is how
// many notices it tells and m the beginnings of their keys. Anybody in the
// workspace can read it.
func metadata(p notice.Post, install string) slackgo.SlackMetadata {
	m := map[string]any{"k": p.Key, "r": p.Revision}
	if len(p.Members) > 0 {
		m["n"], m["m"] = len(p.Members), short(p.Members)
	}
	if p.Event != "" {
		m["e"] = opaque(install, p.Event)
	}
	if install != "" {
		m["i"] = install
	}
	return slackgo.SlackMetadata{EventType: eventType, EventPayload: m}
}

// shortKey is how much of a member's key stands in the metadata of a digest: 50 bits, in
// which two notices of one channel and day are as good as never the same.
const shortKey = 10

// short returns the beginnings of keys, joined by commas.
func short(keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k[:min(len(k), shortKey)]
	}
	return strings.Join(out, ",")
}

// opaque returns a name that tells nothing of the event, is the same in every
// message about it, and differs between installations.
func opaque(install, id string) string {
	sum := sha256.Sum256([]byte(install + "\x00event\x00" + id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:20]
}

// JSON returns what chat.postMessage is sent for p: channel, text, blocks,
// metadata and the flags that keep links from unfolding, indented. Only the
// name of the installation is left out of the metadata.
func JSON(p notice.Post) ([]byte, error) {
	b, err := json.MarshalIndent(newPayload(p, ""), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("message of %q as JSON: %w", p.Key, err)
	}
	return readable(b), nil
}

// readable undoes the \u003c, \u003e and \u0026 that encoding/json writes for <,
// > and &. The same text results from reading it.
func readable(b []byte) []byte {
	var out bytes.Buffer
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out.WriteByte(b[i])
			continue
		}
		switch {
		case bytes.HasPrefix(b[i:], []byte(`\u003c`)):
			out.WriteByte('<')
			i += 5
		case bytes.HasPrefix(b[i:], []byte(`\u003e`)):
			out.WriteByte('>')
			i += 5
		case bytes.HasPrefix(b[i:], []byte(`\u0026`)):
			out.WriteByte('&')
			i += 5
		default: // an escape of two characters stays whole
			out.Write(b[i : i+2])
			i++
		}
	}
	return out.Bytes()
}
