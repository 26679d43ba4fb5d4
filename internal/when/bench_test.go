package when

import (
	"testing"

	"attache/internal/civil"
)

// benchWindows is how many windows a benchmark goes through at a time: those of a
// full page.
const benchWindows = 10_000

// days returns as many windows of one day in a zone, each worked out by itself as
// those of separate events are.
func days(n int, zone string) []Window {
	list := make([]Window, n)
	for i := range list {
		day := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(i % 700)
		list[i], _ = Unknown(zone).Intersect(Expr{Form: On, A: Point{Period: civil.Day(day)}}.Window(zone, "s"))
	}
	return list
}

// BenchmarkInstants measures what a page asks of the window of each event: when
// it starts and ends, and its zone.
func BenchmarkInstants(b *testing.B) {
	for _, zone := range []string{"America/New_York", "Asia/Shanghai"} {
		list := days(benchWindows, zone)
		b.Run(zone, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, w := range list {
					w.Start()
					w.End()
					w.Location()
				}
			}
		})
	}
}

// BenchmarkWindow measures how a window is worked out, before anybody asks for
// its instants.
func BenchmarkWindow(b *testing.B) {
	for _, zone := range []string{"America/New_York", "Asia/Shanghai"} {
		b.Run(zone, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				days(benchWindows, zone)
			}
		})
	}
}
