package civil

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDate_Number(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-2_000_000, 4_000_000).Draw(t, "n")
		at := time.Unix(int64(n)*24*60*60, 0)
		d := DateOf(at, time.UTC)
		if got := DateOfNumber(n); got != d {
			t.Fatalf("day %d is %v, want %v", n, got, d)
		}
		if got := d.Number(); got != n {
			t.Fatalf("%v has number %d, want %d", d, got, n)
		}
		odd := Date{d.Year, d.Month + time.Month(rapid.IntRange(-30, 30).Draw(t, "months")), rapid.IntRange(-40, 400).Draw(t, "day")}
		if got, want := DateOfNumber(odd.Number()), DateOf(odd.naive(), time.UTC); got != want {
			t.Fatalf("%v is %v, want %v", odd, got, want)
		}
	})
}

func BenchmarkAddDays(b *testing.B) {
	d := Date{2026, 1, 31}
	for b.Loop() {
		d = d.AddDays(1)
	}
}
