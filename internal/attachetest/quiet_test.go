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
	clock := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	a := Start(t, files, At(clock("2026-02-16T12:00:00Z")))
	a.Stop()
	At(clock("2026-02-17T22:00:00Z"))(a)
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("it is put off", func() bool {
		at, ok, err := a.d.NextDue()
		return err == nil && ok && at.Equal(clock("2026-02-18T06:00:00Z"))
	})
	if strings.Contains(a.out.String(), "The talks") {
		t.Errorf("told at night:\n%s", a.out.String())
	}
}
