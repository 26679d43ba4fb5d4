package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/notice"
)

// reminded returns what reminders there are, with the channel and the instant of each, and
// fails where a channel has one twice.
func (w *world) reminded() map[string]string {
	w.t.Helper()
	out := make(map[string]string)
	for _, it := range w.told {
		if it.Notice.Kind != notice.Reminder {
			continue
		}
		k := it.Channel + " " + it.Notice.Lead
		if _, twice := out[k]; twice {
			w.t.Errorf("%s has its reminder of %s twice", it.Channel, it.Notice.Lead)
		}
		out[k] = it.SentAt.Format("2 Jan 15:04")
	}
	return out
}

func TestPlan_MorningOfTheReceivers(t *testing.T) {
	w := newWorld(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), made(t, "talks", event.Meeting, "2026-03-20 18:00"))
	w.s.Rules.Routes = []notice.Route{{To: "#desk"}, {To: "#beijing", Timezone: "Asia/Shanghai"}, {To: "#beijing"}}
	w.read()
	w.pass(30 * 24 * time.Hour)
	want := map[string]string{"#desk 7d": "13 Mar 09:00", "#desk 1d": "19 Mar 09:00", "#beijing 7d": "14 Mar 01:00", "#beijing 1d": "20 Mar 01:00"}
	if got := w.reminded(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// TestPlan_DeskMoves lets the desk move to another zone while reminders have gone out by the
// mornings of the first.
func TestPlan_DeskMoves(t *testing.T) {
	zones := []string{"Pacific/Auckland", "Asia/Shanghai", "UTC", "America/New_York", "Pacific/Pago_Pago"}
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for hour := 0; hour < 48; hour += lengthtest.Of(7, 1) {
		for i, zone := range zones {
			w := newWorld(t, start, made(t, "talks", event.Meeting, "2026-03-20 18:00"))
			w.pass(time.Date(2026, 3, 12, hour, 30, 0, 0, time.UTC).Sub(w.now))
			w.s.Rules.Location, _ = civil.Zone(zone)
			w.read()
			w.pass(24 * time.Hour)
			w.s.Rules.Location, _ = civil.Zone(zones[(i+2)%len(zones)])
			w.read()
			w.pass(10 * 24 * time.Hour)
			if got := w.reminded(); len(got) != 2 {
				t.Errorf("moved to %s at %d:30: told %v", zone, hour, got)
			}
		}
	}
}
