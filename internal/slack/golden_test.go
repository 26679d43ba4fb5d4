package slack

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got\n%s", file, got)
	}
}

func TestGolden_EachKindOfNotice(t *testing.T) {
	seen := map[notice.Kind]bool{}
	for name, m := range messages(t) {
		seen[m.Kind] = true
		t.Run(name, func(t *testing.T) {
			within(t, post(m))
			golden(t, name+".json", append(payloadJSON(t, post(m)), '\n'))
		})
	}
	for _, k := range notice.Kinds() {
		if !seen[k] {
			t.Errorf("there is none of the kind %s", k)
		}
	}
}

func TestGolden_EachStateOfACard(t *testing.T) {
	for name, m := range cards(t) {
		t.Run(name, func(t *testing.T) {
			p := post(m)
			p.ChannelID, p.TS = "C0TRADE", "1761483600.000100"
			within(t, p)
			golden(t, name+".json", append(payloadJSON(t, p), '\n'))
		})
	}
}

func TestGolden_PlainPost(t *testing.T) {
	p := post(messages(t)["reminder"])
	p.Plain = true
	golden(t, "plain.json", append(payloadJSON(t, p), '\n'))
}

func TestGolden_OnTheConsole(t *testing.T) {
	for name, m := range messages(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // the console shows the time
				var out bytes.Buffer
				if _, err := NewConsole(&out, false, time.Now).Post(context.Background(), post(m)); err != nil {
					t.Fatal(err)
				}
				golden(t, name+".txt", out.Bytes())
			})
		})
	}
}

func TestGolden_ColouredConsole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		if _, err := NewConsole(&out, true, time.Now).Post(context.Background(), post(messages(t)["window"])); err != nil {
			t.Fatal(err)
		}
		golden(t, "colour.txt", out.Bytes())
	})
}

// payloadJSON returns what chat.postMessage is sent for p.
func payloadJSON(t *testing.T, p notice.Post) []byte {
	t.Helper()
	b, err := JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
