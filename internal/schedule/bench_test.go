package schedule

import (
	"context"
	"fmt"
	"sort"
	"testing"
	"time"
)

// stored is a sorted index of due instants, as the store keeps one.
type stored []int64

func (s stored) after(t time.Time) (time.Time, bool) {
	i := sort.Search(len(s), func(i int) bool { return s[i] > t.Unix() })
	return time.Unix(s[i], 0), true
}

func benchLoop(n int) *Loop {
	begin := time.Now().Add(time.Hour)
	index := make(stored, n)
	for i := range index {
		index[i] = begin.Unix() + int64(i)
	}
	return New(Config{Next: func() (time.Time, bool) { return index.after(begin) }})
}

// BenchmarkPass is the cost of a tick at which nothing is due: it must not
// grow with what is stored.
func BenchmarkPass(b *testing.B) {
	for _, n := range []int{10, 1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", n), func(b *testing.B) {
			l := benchLoop(n)
			for b.Loop() {
				l.pass(context.Background())
			}
		})
	}
}
