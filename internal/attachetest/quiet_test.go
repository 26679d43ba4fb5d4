package attachetest

import (
	"strings"
	"testing"
	"time"
)

// TestQuiet_LateAfterAStart lets attache be down when a reminder falls due, and start in the
// middle of the night.
func TestQuiet_LateAfterAStart(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"attache.yaml": "timezone: Europe/Brussels\nevents: [a.yaml]\nremind: {meeting: [1d]}\n" +
			"quiet_hours: {from: \"20:00\", to: \"07:00\", timezone: Europe/Brussels}\n",
		"a.yaml": "events:\n  - {id: talks, title: The talks, kind: meeting, when: 2026-02-18 18:00, zone: Europe/Brussels}\n",
	}
	a := Start(t, files, At(instant("2026-02-16T12:00:00Z")))
	a.Stop()
	At(instant("2026-02-17T22:00:00Z"))(a)
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("it is put off", func() bool {
		at, ok, err := a.d.NextDue()
		return err == nil && ok && at.Equal(instant("2026-02-18T06:00:00Z"))
	})
	if strings.Contains(a.out.String(), "The talks") {
		t.Errorf("told at night:\n%s", a.out.String())
	}
}

func TestMissed_WhileItDidNotRun(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"attache.yaml": "timezone: Europe/Brussels\nevents: [a.yaml]\n",
		"a.yaml":       "events:\n  - {id: talks, title: The talks, kind: meeting, remind: [2h, 0m], when: 2026-02-18 14:00, zone: Europe/Brussels}\n",
	}
	a := Start(t, files, At(instant("2026-02-18T09:00:00Z")))
	a.Stop()
	At(instant("2026-02-18T15:00:00Z"))(a)
	for range 2 { // said once
		if err := a.Run(); err != nil {
			t.Fatal(err)
		}
		a.WaitFor("it is told", func() bool { return strings.Contains(a.Log(), "notice sent") })
		a.Stop()
	}
	if got := strings.Count(a.out.String(), "Passed at 14:00, while attache was not running: The talks"); got != 1 || strings.Count(a.out.String(), "──") != 1 {
		t.Errorf("told:\n%s", a.out.String())
	}
}

func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}
