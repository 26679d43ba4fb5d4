package attachetest

import (
	"strings"
	"testing"
	"time"
)

func TestEdit_TellsWhatMovedWithIt(t *testing.T) {
	t.Parallel()
	leaning := func(date string) string {
		return visit(date) + "  - {id: talks, title: Talks after it, kind: talks, zone: Asia/Shanghai, when: {after: \"event:visit\"}}\n"
	}
	a := Start(t, files(Settings(t, nil), leaning("2026-02-03")), At(time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC)))
	a.Write("events/a.yaml", leaning("2026-02-10"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/changes":                     `This also moved <a href="/events/talks">Talks after it</a>: now on or after 11 Feb 2026 (was on or after 4 Feb 2026).`,
		"/events/visit":                `This also moved <a href="/events/talks">Talks after it</a>: now on or after 11 Feb 2026 (was on or after 4 Feb 2026).`,
		"/changes.atom":                "This also moved Talks after it: now on or after 11 Feb 2026 (was on or after 4 Feb 2026)",
		"/changes.atom?kind=talks":     "This also moved Talks after it: now",
		"/api/v1/changes":              `"follows":[{"event":"talks","title":"Talks after it","was":"on or after 4 Feb 2026","now":"on or after 11 Feb 2026"}]`,
		"/events/talks":                `<del>on or after 4 Feb 2026</del> <span aria-hidden="true">→</span><span class="vh"> became </span> <ins>on or after 11 Feb 2026</ins></p><p class="move">Because of <a href="/events/visit">`,
		"/api/v1/events/talks/changes": `"because":{"event":"visit","title":"`,
	} {
		if body := a.Get(path).Body; !strings.Contains(body, want) {
			t.Errorf("%s has no %q:\n%.2000s", path, want, body)
		}
	}
}
