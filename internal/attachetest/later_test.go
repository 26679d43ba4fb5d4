package attachetest

import (
	"strings"
	"testing"
)

// TestLater_RenewedLimit has a limit given anew by a later report, as one line: that is one message,
// whatever the event is.
func TestLater_RenewedLimit(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	said := func(kind, reports string) string {
		return `sources:
  first: {title: The notice, published: 2098-01-10}
  second: {title: The second notice, published: 2098-02-10}
events:
  - {id: reply, title: A title, kind: ` + kind + `, zone: Europe/Brussels, when: [` + reports + `]}
`
	}
	other := strings.NewReplacer("reply", "talks", "first", "third", "second", "fourth").Replace
	const first = `{by: 2098-12-31, source: first, quote: by 31 December}`
	const second = `{by: 2099-03-31, source: second, quote: by 31 March}`
	a := Start(t, map[string]string{"attache.yaml": Settings(t, s), "events/a.yaml": said("deadline", first), "events/b.yaml": other(said("talks", first))})
	a.Write("events/a.yaml", said("deadline", first+", "+second))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the message of the deadline", func() bool { return len(s.Messages("trade-desk")) > 0 })
	a.Write("events/b.yaml", other(said("talks", first+", "+second)))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the message of the talks", func() bool { return len(s.Messages("trade-desk")) > 1 })
	a.WaitFor("nothing to do", func() bool { return !a.due() })
	var told []string
	for _, m := range s.Messages("trade-desk") {
		told = append(told, m.Shown())
	}
	if all := strings.Join(told, "\n\n"); len(told) != 2 || !strings.HasPrefix(told[0], "Slipped: A title") || !strings.HasPrefix(told[1], "Slipped: A title") || strings.Contains(all, "ontradiction") {
		t.Errorf("%d messages:\n%s", len(told), all)
	}
}
