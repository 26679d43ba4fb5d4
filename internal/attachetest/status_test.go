package attachetest

import (
	"strings"
	"testing"
)

func measure(lines ...string) string {
	return "events:\n  - id: curbs\n    title: Export curbs\n    kind: measure\n    when: tbd\n    " + strings.Join(lines, "\n    ") + "\n"
}

func TestReload_StatusThatCannotFollow(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), measure("status: averted", "reason: both sides agreed")))
	shows := func(status string) func() bool {
		return func() bool { return strings.Contains(a.Get("/events/curbs").Body, status) }
	}
	a.Write("events/a.yaml", measure("note: x", "status: in force", "reason: it came after all"))
	a.WaitFor("the new status", shows("in force"))
	a.WaitFor("the warning", func() bool {
		return strings.Contains(a.Log(), `a.yaml:7:13: event \"curbs\": in force cannot follow averted: if averted was a mistake, set it to open first`)
	})
	a.Write("events/a.yaml", measure("status: deferred"))
	a.WaitFor("the next status", shows("deferred"))
	a.WaitFor("the warning", func() bool {
		return strings.Contains(a.Log(), `a.yaml:6:13: event \"curbs\": the status goes from in force to deferred without a reason`)
	})
}
