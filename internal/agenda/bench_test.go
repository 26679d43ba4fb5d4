package agenda

import (
	"fmt"
	"runtime"
	"testing"
)

// networks are the networks that speed is measured on, each of n events.
var networks = []struct {
	name string
	at   func(i, n int) []string // what is stated of event i
}{
	{"clusters of 10", func(i, _ int) []string { return clustered(i, 10) }},
	{"clusters of 100", func(i, _ int) []string { return clustered(i, 100) }},
	{"one cluster", clustered},
	{"tree", func(i, _ int) []string {
		if i == 0 {
			return []string{"[2026-01-01..2026-03-01]"}
		}
		return []string{fmt.Sprintf("after event:e%d", (i-1)/3)}
	}},
	{"dense", dense},
	{"chain", func(i, n int) []string { return chained(i, n) }},
}

// clustered makes clusters of k events: each leans on one before it, by some days.
func clustered(i, k int) []string {
	if i%k == 0 {
		return []string{"[2026-01-01..2026-03-01]"}
	}
	first := i - i%k
	out := []string{fmt.Sprintf("at least %d days after event:e%d", 1+i%5, first+(i-first)*7/10)}
	if i%3 == 0 {
		out = append(out, "by 2040-12-31")
	}
	return out
}

// dense makes clusters of 100 events in which each leans on eight before it.
func dense(i, _ int) []string {
	if i%100 == 0 {
		return []string{"[2026-01-01..2026-03-01]"}
	}
	var out []string
	for d := 1; d <= 8 && d <= i%100; d++ {
		out = append(out, fmt.Sprintf("at least %d days after event:e%d", d, i-d))
	}
	return out
}

func chained(i, _ int) []string {
	if i == 0 {
		return []string{"2026-01-01"}
	}
	return []string{fmt.Sprintf("not before event:e%d", i-1)}
}

func made(b testing.TB, n int, at func(i, n int) []string) []Input {
	b.Helper()
	in := make([]Input, n)
	for i := range in {
		in[i] = input(b, fmt.Sprint("e", i), at(i, n)...)
	}
	return in
}

// BenchmarkLoad works out all events at once.
func BenchmarkLoad(b *testing.B) {
	for _, s := range networks {
		for _, n := range []int{100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) {
				in := made(b, n, s.at)
				b.ReportAllocs()
				for b.Loop() {
					Solve(in)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
			})
		}
	}
}

// BenchmarkDefer moves one event, there and back.
func BenchmarkDefer(b *testing.B) {
	for _, s := range networks {
		for _, n := range []int{100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) {
				net := Net{}.Apply(made(b, n, s.at), nil)
				edits := [2]Input{input(b, "e0", "[2026-04-01..2026-05-01]"), input(b, "e0", s.at(0, n)...)}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					net = net.Apply(edits[i%2:i%2+1], nil)
				}
			})
		}
	}
}

// BenchmarkDiff tells what one deferral moved.
func BenchmarkDiff(b *testing.B) {
	for _, s := range networks {
		b.Run(fmt.Sprintf("%s/%d", s.name, 10_000), func(b *testing.B) {
			net := Net{}.Apply(made(b, 10_000, s.at), nil)
			next := net.Apply([]Input{input(b, "e0", "[2026-04-01..2026-05-01]")}, nil)
			for b.Loop() {
				Diff(net, next)
			}
		})
	}
}

// BenchmarkMemory says what one event takes once it is worked out.
func BenchmarkMemory(b *testing.B) {
	for _, s := range networks {
		b.Run(s.name, func(b *testing.B) {
			const n = 10_000
			in := made(b, n, s.at)
			var net Net
			for b.Loop() {
				before := heap()
				net = Net{}.Apply(in, nil)
				b.ReportMetric(float64(heap()-before)/n, "B/event")
			}
			runtime.KeepAlive(net)
			runtime.KeepAlive(in)
		})
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
