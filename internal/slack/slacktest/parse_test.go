package slacktest

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestStamp_AllForms(t *testing.T) {
	tests := map[string]stamp{
		"0": 0, "1512085861": 1512085861000000, "1512085861.000543": 1512085861000543, "1512085861.5": 1512085861500000,
	}
	for text, want := range tests {
		if got, ok := parseStamp(text); !ok || got != want {
			t.Errorf("%q is %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", ".5", "-1", "1.0000001", "1.2.3", "now", "1e9", "99999999999999999999"} {
		if got, ok := parseStamp(text); ok {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}

func FuzzStamp(f *testing.F) {
	for _, seed := range []string{"0", "1512085861.000543", "1.", ".1", "1.0000001", "+1", "9223372036854.775807"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseStamp(text)
		if !ok {
			return
		}
		if again, ok := parseStamp(at.String()); !ok || again != at {
			t.Errorf("%q is written %s and read %d", text, at, again)
		}
	})
}

func FuzzBlocks(f *testing.F) {
	for _, seed := range []string{
		"", "[]", "null", "[null]", "{}", `[{"type":"header","text":{"type":"plain_text","text":"x"}}]`,
		`[{"type":"section","text":{"type":"mrkdwn","text":"<!here> &amp; <http://a|b>"},"accessory":null}]`,
		`[{"type":"context","elements":[{"type":"mrkdwn","text":"<@U1>"},null]}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		blocks, read, err := readBlocks(text)
		if err != nil || blocks == nil {
			return
		}
		var list []json.RawMessage
		if json.Unmarshal(blocks, &list) != nil || len(list) == 0 || len(list) > maxBlocks {
			t.Fatalf("%q passed as blocks", text)
		}
		m := message{Message: Message{Blocks: blocks, blocks: read}}
		m.scan()
		m.Shown()
		for _, mention := range m.Mentions {
			if !strings.HasPrefix(mention, "<") {
				t.Errorf("mention %q", mention)
			}
		}
	})
}
