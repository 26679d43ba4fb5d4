package notice

import (
	"fmt"
	"testing"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
)

// BenchmarkPlan plans 10,000 events of all sorts of date.
func BenchmarkPlan(b *testing.B) {
	const n = 10_000
	dates := []string{"2026-03-20", "2026-03-20 09:00", "between 2026-03-20 and 2026-05-20", "from 2026-03-20 to 2026-03-24", "tbd"}
	var list []agenda.Entry
	for i := range n {
		e := entry(b, event.Kinds()[i%len(event.Kinds())], "America/New_York", dates[i%len(dates)])
		e.ID = fmt.Sprintf("event-%05d", i)
		list = append(list, e)
	}
	r := rules(b)
	r.RecheckUnsettled, r.Quiet = Lead{30, Days}, &Quiet{From: civil.Clock{Hour: 20}, To: civil.Clock{Hour: 7}, Weekends: true, Zone: "Europe/Brussels", Location: in("Europe/Brussels")}
	for b.Loop() {
		for _, e := range list {
			if len(Plan(e, r, Context{})) == 0 && e.Window.Settled() {
				b.Fatal("nothing is planned")
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}
