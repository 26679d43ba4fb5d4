package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestHelp(t *testing.T) {
	h := New(Config{Calendar: shows(sample(t)), Now: func() time.Time { return october }, PublicURL: func() string { return "https://x.example/below" }, Help: []Topic{
		{"dates", "Dates: how they read", "# Dates: how they read\n\n## One <b>day</b>\n\nSee `attache help feeds`.\n\n| `when` | means |\n|---|---|\n| `2026` | some day |\n\n```sh\nattache check <FILE>\n```\n"},
		{"feeds", "Feeds", "# Feeds\n"},
	}})
	for _, c := range []struct {
		path string
		code int
		has  []string
	}{
		{"/help", 200, []string{`<li><a href="/below/help/dates">Dates: how they read</a></li>`, `<title>Help · `, `<p><a href="/below/help">Help: `}},
		{"/help/dates", 200, []string{
			`<h1 id="dates-how-they-read">Dates: how they read</h1>`, `<a href="feeds"><code>attache help feeds</code></a>`,
			`<td><code>2026</code></td>`, `attache check &lt;FILE&gt;`, `<title>Dates: how they read · `,
		}},
		{"/help/feeds", 200, []string{`<h1 id="feeds">Feeds</h1>`}},
		{"/help/nowhere", 404, []string{"Nothing here"}},
		{"/help/", 404, []string{"Nothing here"}},
	} {
		w := ask(h, "GET", c.path)
		body := w.Body.String()
		if w.Code != c.code {
			t.Errorf("%s is answered with %d, want %d", c.path, w.Code, c.code)
		}
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", c.path, want, body)
			}
		}
		if m := regexp.MustCompile(`<b>day|\sstyle=|align=`).FindString(body); m != "" {
			t.Errorf("%s holds %q", c.path, m)
		}
	}
}

func TestHelp_None(t *testing.T) {
	h := handler(sample(t), october)
	if w := ask(h, "GET", "/help/dates"); w.Code != http.StatusNotFound {
		t.Errorf("without topics a topic is answered with %d", w.Code)
	}
	if body := ask(h, "GET", "/").Body.String(); strings.Contains(body, "/help") {
		t.Error("without topics a page links to them")
	}
}
